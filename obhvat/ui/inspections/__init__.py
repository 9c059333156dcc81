"""The parts of the page of checks."""
