"""A month's file without excused absences, as the АСП gets it, beside the school's own, which has them.

The fuller file stays unless a person says otherwise; where the two say different things of a child, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from obhvat.datasets import Field, Value
from obhvat.ingest.answers import NO_ANSWERS, FileAnswers, Question
from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.doubts import Doubt
from obhvat.ingest.knowing.reference import Reference
from obhvat.store.history import SlicePart
from obhvat.texts import counted, number

POORER = "poorer"
"""What a person's answer is given for."""
_KEEP, _REPLACE = Value("keep", "остава по-пълният"), Value("replace", "този, без извинените")

_STAGED = """
select pupil, sum(excused) as excused, sum(unexcused) as unexcused, count(excused) as n
from staged_absences
where file_no = $file_no and school = $school and month = $month
group by pupil
"""
_STORED = """
select pupil, sum(excused) as excused, sum(unexcused) as unexcused, count(excused) as n
from absences
where slice_id = $slice_id
group by pupil
"""
# Most files and slices are of one kind: only where the kinds differ are rows compared.
_RICH_FILES = "select file_no, count(excused) > 0 from staged_absences group by file_no"
_RICH_SLICES = """
select slice_id, count(excused) > 0
from absences
where slice_id in (select unnest($slices::integer[]))
group by slice_id
"""
_FILE = "select file_name from batches where batch_id = $batch_id"


@dataclass(frozen=True)
class Poorer:
    """What is said of a file of absences beside another of the same month that has more or less in it."""

    why_not: str | None = None
    """Why it is not recorded as long as nobody says that it should be."""
    questions: tuple[Question, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    settled: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class _Month:
    """A school's month in a file."""

    title: str
    rows: pd.DataFrame

    @property
    def is_rich(self) -> bool:
        return bool(self.rows["n"].sum())


def poorer_of(
    tables: Sequence[Checked],
    staging: Staging,
    reference: Reference,
    live: pd.DataFrame | None,
    told: Mapping[str, FileAnswers],
) -> dict[int, Poorer]:
    """By file of absences: what is said of it beside the file of the same month that stands in the store, or in the
    drop. `live` are the slices of the store."""
    of_drop: dict[tuple[str, object], list[Checked]] = {}
    for table in tables:
        for part in table.slices:
            of_drop.setdefault((part.school, part.period), []).append(table)
    stored = {}
    if live is not None and len(live):
        columns = live[["school", "period", "slice_id", "batch_id"]].itertuples(index=False, name=None)
        stored = {(school, period.date()): (slice_id, batch_id) for school, period, slice_id, batch_id in columns}
    rich_files = dict(staging.read(_RICH_FILES).itertuples(index=False, name=None)) if tables else {}
    replaced = {slice_id for place, (slice_id, _) in stored.items() if place in of_drop}
    rich_slices = (
        dict(reference.store.rows(_RICH_SLICES, {"slices": sorted(replaced)})) if replaced and reference.store else {}
    )
    said = {}
    for table in tables:
        for part in table.slices:
            if not part.n_rows or table.file_no in said:
                continue
            place, is_rich = (part.school, part.period), rich_files[table.file_no]
            others = [
                _staged(t, part, staging)
                for t in of_drop[place]
                if t is not table and rich_files.get(t.file_no, is_rich) != is_rich
            ]
            if place in stored and rich_slices.get(stored[place][0], is_rich) != is_rich:
                others.append(_stored(*stored[place], reference))
            if not others:
                continue
            here = _staged(table, part, staging)
            title = table.known.recognised.opened.title
            answers = {**told.get("", NO_ANSWERS).given, **told.get(title, NO_ANSWERS).given}
            if judged := _judged(here, others, answers.get(POORER)):
                said[table.file_no] = judged
    return said


def _staged(table: Checked, part: SlicePart, staging: Staging) -> _Month:
    asked = {"file_no": table.file_no, "school": part.school, "month": part.period}
    return _Month(table.known.recognised.opened.title, staging.read(_STAGED, asked))


def _stored(slice_id: int, batch_id: int, reference: Reference) -> _Month:
    assert reference.store is not None
    [(title,)] = reference.store.rows(_FILE, {"batch_id": int(batch_id)})
    return _Month(title, reference.store.read(_STORED, {"slice_id": int(slice_id)}))


def _judged(here: _Month, others: Sequence[_Month], answer: str | None) -> Poorer | None:
    if here.is_rich:
        poor = next((other for other in others if len(other.rows) and not other.is_rich), None)
        words = _difference(poor, here) if poor else ""
        return Poorer(doubts=(Doubt("against_poorer", f"{words} Проверете кой файл е верен."),)) if words else None
    rich = next((other for other in others if other.is_rich), None)
    if rich is None:
        return None
    with_excused = rich.rows[rich.rows["excused"] > 0]
    lost = f"{number(float(with_excused['excused'].sum()), 1)} извинени на {counted(len(with_excused), 'дете')}"
    differ = _difference(here, rich) or "Неизвинените на децата в него са същите."
    text = f"Във файла няма извинени отсъствия, а в „{rich.title}“ за същия месец са {lost}. {differ}"
    field = Field(POORER, "Кой файл за месеца остава", "enum", values=(_KEEP, _REPLACE))
    question = Question(field, answer or _KEEP.code, answer == _REPLACE.code)
    if answer == _REPLACE.code:
        return Poorer(None, (question,), settled=(Doubt(POORER, f"{text} Избрано е да остане този файл."),))
    return Poorer(f"{text} Остава по-пълният файл, освен ако изберете друго.", (question,))


def _difference(poor: _Month, rich: _Month) -> str:
    """Where the two say different things of the children of the poorer, which need not tell of all."""
    both = poor.rows.merge(rich.rows, on="pupil", how="left", suffixes=("_poor", "_rich"))
    unlike = both[both["unexcused_poor"] != both["unexcused_rich"].fillna(0)]
    if unlike.empty:
        return ""
    there, here = (number(float(unlike[f"unexcused_{which}"].sum()), 1) for which in ("rich", "poor"))
    return (
        f"При {counted(len(unlike), 'дете')} неизвинените са различни: {here} в „{poor.title}“ и {there} в "
        f"„{rich.title}“."
    )
