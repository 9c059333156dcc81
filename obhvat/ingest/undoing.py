"""Undoing uploads and taking the undoing back: one's own, and those of others for who may.

A person may have several roles. The own uploads are those of the place that they act for now: what they brought for
another school, or for the oblast, is not this school's to undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import pandas as pd

from obhvat.errors import NotAllowed
from obhvat.ingest.knowing.reference import registered
from obhvat.ingest.knowing.senders import are_own
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.people.log import looked
from obhvat.store import Store, history, memory


def own(store: Store, viewer: Viewer) -> pd.DataFrame:
    """The rows of `history.history` that a viewer brought for the place they act for, the newest first."""
    every = history.history(store)
    brought = every[every["committed_by"] == viewer.person]
    return brought[[*_of_place(store, viewer, brought["batch_id"]).values()]]


def may_mark(store: Store, viewer: Viewer, batch_ids: Sequence[int]) -> bool:
    """Whether `mark` would do it."""
    return viewer.may("undo") or (
        viewer.may("upload")
        and history.are_of(store, batch_ids, viewer.person)
        and all(_of_place(store, viewer, batch_ids).values())
    )


def _of_place(store: Store, viewer: Viewer, batch_ids: Iterable[int]) -> Mapping[int, bool]:
    """By batch, whether all that it replaced is of the viewer's place."""
    schools = registered(store, store.now())
    return {batch_id: are_own(viewer, parts, schools) for batch_id, parts in history.parts_of(store, batch_ids).items()}


def mark(
    store: Store, viewer: Viewer, batch_ids: Sequence[int], word: Literal["undo", "redo"], at: datetime | None = None
) -> None:
    """Undo batches or take the undoing back, and leave it in the log. Nothing is deleted.

    Who uploads does it with the files of `own`, and takes back no undoing of another person. Raises NotAllowed, and
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
