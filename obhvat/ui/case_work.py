"""What was done."""

from obhvat.ui.case_tables import Looked


def show_done(looked: Looked) -> None:
    """Work."""


def show_stayed(looked: Looked) -> None:
    """Work."""


def show_signals(looked: Looked) -> None:
    """Work."""
