"""Copies of the store that people ask for, and where they are kept: for who sets the program up."""

from __future__ import annotations

from datetime import datetime

from obhvat.people.log import looked
from obhvat.people.viewer import Viewer
from obhvat.store import Store, copies


def make(store: Store, viewer: Viewer, asked_at: datetime) -> copies.Copy:
    """As `copies.make`; who made it is in the log. Raises NotAllowed."""
    viewer.must("settings")
    looked(store, viewer, "copy")
    return copies.make(store, asked_at)


def choose_folder(store: Store, viewer: Viewer, folder: str) -> None:
    """As `copies.choose_folder`. Raises NotAllowed."""
    viewer.must("settings")
    copies.choose_folder(store, folder)


def choose_daily(store: Store, viewer: Viewer, wanted: bool) -> None:
    """Whether a copy is made every day by itself. Raises NotAllowed."""
    viewer.must("settings")
    copies.choose_daily(store, wanted)
