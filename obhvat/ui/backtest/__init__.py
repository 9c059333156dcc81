"""The parts of the page that tests the rules."""
