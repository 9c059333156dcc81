"""The parts of the page of files and their history."""
