"""Fields → typed rows and their faults, in SQL: `check` gives `Checked`."""
