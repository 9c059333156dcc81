"""Bytes → text or workbook → grid → tables: `open_file` gives `Opened`."""
