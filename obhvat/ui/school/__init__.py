"""The parts of a school's page."""
