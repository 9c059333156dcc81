"""The parts of the page of the meeting, and its slides."""
