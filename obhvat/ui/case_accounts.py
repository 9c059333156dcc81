"""How the cases add up."""

from obhvat.ui.case_tables import Looked


def show(looked: Looked) -> None:
    """The reconciliation."""
