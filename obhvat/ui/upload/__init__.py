"""The parts of the page where files are dropped."""
