"""Undoing uploads and taking the undoing back: one's own, and those of others for who may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from obhvat.errors import NotAllowed
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.people.log import looked
from obhvat.store import Store, history, memory


def may_mark(store: Store, viewer: Viewer, batch_ids: Sequence[int]) -> bool:
    """Whether `mark` would do it."""
    return viewer.may("undo") or (viewer.may("upload") and history.are_of(store, batch_ids, viewer.person))


def mark(
    store: Store, viewer: Viewer, batch_ids: Sequence[int], word: Literal["undo", "redo"], at: datetime | None = None
) -> None:
    """Undo batches or take the undoing back, and leave it in the log. Nothing is deleted.

    Who uploads does it with the own files, and takes back no undoing of another person. Raises NotAllowed, and
    UnknownName for a batch that does not exist.
    """
    if not may_mark(store, viewer, batch_ids):
        viewer.must("upload")
        raise NotAllowed(_("Отменят се само своите качвания; чуждите отменя експерт от РУО."))
    looked(store, viewer, word, n=len(batch_ids), place=history.numbers_words(batch_ids))
    history.mark(store, batch_ids, word, viewer.person, at)


def forget_profile(store: Store, viewer: Viewer, signature: str) -> None:
    """Ask again next time how a form is to be understood, whoever sends it. Raises NotAllowed."""
    viewer.must("settle")
    memory.forget_profile(store, signature, viewer.person)
