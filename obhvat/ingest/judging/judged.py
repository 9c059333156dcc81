"""The fourth step: what a checked table would change in the store, and what is doubtful about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from obhvat.ingest.answers import FileAnswers
from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.changes import changes_of
from obhvat.ingest.judging.doubts import Doubt, doubts_of
from obhvat.ingest.judging.losses import losses_of
from obhvat.ingest.judging.poorer import Poorer, poorer_of
from obhvat.ingest.judging.registers import LeftOut, left_out_of
from obhvat.ingest.judging.unlikely import unlikely_of
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.reading.opened import Refused
from obhvat.store.history import Changes


@dataclass(frozen=True)
class Judged:
    """A table that can be committed once its doubts are confirmed."""

    checked: Checked
    doubts: tuple[Doubt, ...]
    changes: Changes | None
    """Against the rows it replaces; None when there are none."""
    left_out: LeftOut
    """What is asked about what a register leaves out; its doubts are among `doubts`."""


def judge(
    tables: Sequence[Checked], staging: Staging, reference: Reference, today: date, told: Mapping[str, FileAnswers]
) -> list[Judged | Refused[Judged]]:
    """The tables of one upload, all together: doubts compare them with one another. `told` is what a person said of
    files, by title, or by "" of all."""
    # Of other schools nothing is asked, and they are many.
    schools: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        schools[table.dataset.name].update(part.school for part in table.slices)
    live_slices = {name: reference.live_slices(name, schools[name]) for name in sorted(schools)}
    changes = changes_of(tables, staging, reference, live_slices)
    doubts = doubts_of(tables, staging, reference, live_slices, today)
    asked = left_out_of(tables, staging, reference, live_slices, told)
    losses = losses_of(tables, staging, reference, live_slices)
    absences = [t for t in tables if t.dataset.name == "absences"]
    poorer = poorer_of(absences, staging, reference, live_slices.get("absences", []))
    unlikely = unlikely_of(tables, staging, reference)
    judged: list[Judged | Refused[Judged]] = []
    for table in tables:
        no = table.file_no
        left_out, beside = asked.get(no, LeftOut()), poorer.get(no, Poorer())
        every = (*doubts[no], *unlikely[no], *([losses[no]] if no in losses else []), *left_out.doubts, *beside.doubts)
        done = Judged(table, every, changes.get(no), left_out)
        judged.append(Refused(done, beside.why_not) if beside.why_not else done)
    return judged
