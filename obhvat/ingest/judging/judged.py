"""The fourth step: what a checked table would change in the store, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.changes import changes_of
from obhvat.ingest.judging.doubts import Doubt, doubts_of
from obhvat.ingest.knowing.reference import Reference
from obhvat.store.history import Changes


@dataclass(frozen=True)
class Judged:
    """A table that can be committed once its doubts are confirmed."""

    checked: Checked
    doubts: tuple[Doubt, ...]
    changes: Changes | None
    """Against the rows it replaces; None when there are none."""


def judge(tables: Sequence[Checked], staging: Staging, reference: Reference, today: date) -> list[Judged]:
    """The tables of one upload, all together: doubts compare them with one another."""
    live_slices = {name: reference.live_slices(name) for name in sorted({t.dataset.name for t in tables})}
    changes = changes_of(tables, staging, reference, live_slices)
    doubts = doubts_of(tables, staging, reference, live_slices, today)
    return [Judged(t, doubts[t.file_no], changes.get(t.file_no)) for t in tables]
