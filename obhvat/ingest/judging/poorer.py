"""A month's file without excused absences, as the АСП gets it, beside the school's own, which has them.

It is a confirmation: the fuller file stays, and where the two say different things of a child, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.doubts import Doubt
from obhvat.ingest.knowing.reference import LiveSlice, Reference
from obhvat.language import _
from obhvat.store.history import SlicePart
from obhvat.texts import counted, number

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
# What a file knows of excused absences: nothing (0), that there are none (1), whose they are (2). Most files and slices
# know equally much: only where they do not are rows compared.
_KNOWS = "if(count(excused) = 0, 0, if(sum(excused) = 0, 1, 2))"
_OF_FILES = f"select file_no, {_KNOWS} from staged_absences group by file_no"
_OF_SLICES = f"""
select slice_id, {_KNOWS}
from absences
where slice_id in (select unnest($slices::integer[]))
group by slice_id
"""
_FILE = "select file_name from batches where batch_id = $batch_id"


@dataclass(frozen=True)
class Poorer:
    """What is said of a file of absences beside another of the same month that has more or less in it."""

    why_not: str | None = None
    """Why it is not recorded."""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class _Month:
    """A school's month in a file."""

    title: str
    rows: pd.DataFrame
    knows: int
    is_stored: bool = False


def poorer_of(
    tables: Sequence[Checked],
    staging: Staging,
    reference: Reference,
    live: Sequence[LiveSlice],
) -> dict[int, Poorer]:
    """By file of absences: what is said of it beside the file of the same month that stands in the store, or in the
    drop. `live` are the slices of the store."""
    of_drop: dict[tuple[str, object], list[Checked]] = {}
    for table in tables:
        for part in table.slices:
            of_drop.setdefault((part.school, part.period), []).append(table)
    stored = {(part.school, part.period): (part.slice_id, part.batch_id) for part in live}
    replaced = {slice_id for place, (slice_id, _unused) in stored.items() if place in of_drop}
    if not replaced and all(len(of_place) == 1 for of_place in of_drop.values()):
        return {}
    of_files = dict(staging.rows(_OF_FILES))
    of_slices = (
        dict(reference.store.rows(_OF_SLICES, {"slices": sorted(replaced)})) if replaced and reference.store else {}
    )
    said = {}
    for table in tables:
        for part in table.slices:
            if not part.n_rows or table.file_no in said:
                continue
            place, knows = (part.school, part.period), of_files[table.file_no]
            others = [
                _staged(t, part, staging, of_files[t.file_no])
                for t in of_drop[place]
                if t is not table and of_files.get(t.file_no, knows) != knows
            ]
            if place in stored and (known := of_slices.get(stored[place][0], knows)) != knows:
                others.append(_stored(*stored[place], reference, known))
            if others and (judged := _judged(_staged(table, part, staging, knows), others)):
                said[table.file_no] = judged
    return said


def _staged(table: Checked, part: SlicePart, staging: Staging, knows: int) -> _Month:
    asked = {"file_no": table.file_no, "school": part.school, "month": part.period}
    return _Month(table.known.recognised.opened.title, staging.read(_STAGED, asked), knows)


def _stored(slice_id: int, batch_id: int, reference: Reference, knows: int) -> _Month:
    assert reference.store is not None
    [(title,)] = reference.store.rows(_FILE, {"batch_id": batch_id})
    return _Month(title, reference.store.read(_STORED, {"slice_id": slice_id}), knows, is_stored=True)


def _judged(here: _Month, others: Sequence[_Month]) -> Poorer | None:
    rich = max(others, key=lambda other: other.knows)
    if rich.knows < here.knows:
        poor = next((other for other in others if len(other.rows)), None)
        if poor is None or not _difference(poor, here):
            return None
        return Poorer(doubts=(Doubt("against_poorer", partial(_against_poorer, poor, here)),))
    if here.knows:
        return Poorer(doubts=(Doubt("excused_gone", partial(_excused_gone, rich)),))
    with_excused = rich.rows[rich.rows["excused"] > 0]
    text = _("Във файла няма извинени отсъствия, а в „{title}“ за същия месец е казано, че няма.")
    if len(with_excused):
        text = _("Във файла няма извинени отсъствия, а в „{title}“ за същия месец са {there}.")
    text = text.format(title=rich.title, there=_excused(with_excused))
    differ = _difference(here, rich)
    if not differ:
        return Poorer(
            _("{text} Неизвинените на децата в него са същите: файлът ги потвърждава и не го заменя.").format(text=text)
        )
    way = (
        _("Остава по-пълният файл. Ако не е верен, поискайте поправен или първо го отменете на страница „Данни“.")
        if rich.is_stored
        else _("Остава по-пълният файл. Ако не е верен, поискайте поправен или първо го премахнете от качването.")
    )
    return Poorer(f"{text} {differ} {way}")


def _against_poorer(poor: _Month, here: _Month) -> str:
    return _("{words} Проверете кой файл е верен.").format(words=_difference(poor, here))


def _excused_gone(rich: _Month) -> str:
    return _(
        "Всички извинени във файла са нула, а в „{title}“ за същия месец са {there}. Потвърдете само ако наистина няма."
    ).format(title=rich.title, there=_excused(rich.rows[rich.rows["excused"] > 0]))


def _excused(rows: pd.DataFrame) -> str:
    return _("{hours} извинени на {children}").format(
        hours=number(float(rows["excused"].sum()), 1), children=counted(len(rows), "дете")
    )


def _difference(poor: _Month, rich: _Month) -> str:
    """Where the two say different things of the children of the poorer, which need not tell of all."""
    both = poor.rows.merge(rich.rows, on="pupil", how="left", suffixes=("_poor", "_rich"))
    unlike = both[both["unexcused_poor"] != both["unexcused_rich"].fillna(0)]
    if unlike.empty:
        return ""
    there, here = (number(float(unlike[f"unexcused_{which}"].sum()), 1) for which in ("rich", "poor"))
    return _("При {children} неизвинените са различни: {here} в „{poor}“ и {there} в „{rich}“.").format(
        children=counted(len(unlike), "дете"), here=here, poor=poor.title, there=there, rich=rich.title
    )
