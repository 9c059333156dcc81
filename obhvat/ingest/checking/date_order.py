"""Dates of a column as they were meant, in the one form that is read further.

What 10/12/2023 is stands in its column, not in its cell: if one of the others can only be month/day, none is day/month.
A time of another zone is of the day that it was here. So that a row that goes back says the same without its column,
its dates go back as they were understood.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from obhvat.ingest.checking.parts import Part, later_parts, parts_of, stacked
from obhvat.ingest.knowing.known import Known
from obhvat.language import B_, _
from obhvat.texts import counted

HERE = ZoneInfo("Europe/Sofia")
MONTH_FIRST, AS_BESIDE, DAY_FIRST, ZONE, NO_ZONE = "month_first", "as_beside", "day_first", "zone", "no_zone"
"""What may be done to the dates of a column."""

Done = Counter[tuple[int, str, str]]
"""Cells by file, caption of the column and what was done."""

_TIME = B_(r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:ч\.?|[AaPp]\.?[Mm]\.?))?)?")
_SLASHED = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})([./-])(\d{{4}}|\d{{2}})(?: ?г\.?)?{_TIME}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[/.](\d{{1,2}})[/.](\d{{1,2}}){_TIME}")
_TIMED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?")
_HALF_DAY = re.compile(r"[AaPp]\.?[Mm]\.?$")
_MAY_BE_ODD = re.compile(r"\d[/.-]\d{1,2}[/-]\d|\d[/-]\d{1,2}\.\d|\d{4}[/.]\d|\d:\d")


@dataclass
class _Signs:
    """What the dates of a column tell of how they are written."""

    only_day_first: bool = False
    only_month_first: bool = False
    in_half_days: bool = False
    """As Americans write the time."""
    as_beside: bool = False
    """Nothing themselves: the other columns of the file are month/day."""
    midnights: set[bool] = field(default_factory=set)
    """Whether times without a zone are midnights here when they are taken for those of Greenwich."""

    def see(self, texts: Iterable[str]) -> _Signs:
        for text in texts:
            if parts := _slashed(text):
                first, second, _unused = parts
                self.only_day_first |= second <= 12 < first
                self.only_month_first |= first <= 12 < second
                self.in_half_days |= bool(_HALF_DAY.search(text))
            elif (timed := _TIMED.fullmatch(text)) and not timed[3]:
                moment = _moment(timed, "Z")
                self.midnights.add(moment is not None and moment.time() == moment.min.time())
        return self

    @property
    def order(self) -> str | None:
        """MONTH_FIRST, AS_BESIDE or DAY_FIRST; None when the column has both."""
        if self.only_month_first and self.only_day_first:
            return None
        if self.only_month_first or (self.in_half_days and not self.only_day_first):
            return MONTH_FIRST
        return AS_BESIDE if self.as_beside else DAY_FIRST


def settled(tables: Sequence[Known]) -> Generator[Part]:
    """The parts of tables of one form, as `parts_of`, with plain dates; what nobody knows stays as it is."""
    dates = _Dates(tables)
    with contextlib.closing(parts_of(tables)) as parts:
        for part in parts:
            yield dates.plain(part)


def dates_said(done: Done, file_no: int) -> list[str]:
    """What is said of the dates of a file, a sentence a column and kind."""
    if not done:
        return []
    sentences = {
        MONTH_FIRST: _("Датите в „{caption}“ са месец/ден, както личи от някои от тях; прочетени така: {n}."),
        AS_BESIDE: _("Датите в „{caption}“ са месец/ден като в друга колона на файла; прочетени така: {n}."),
        DAY_FIRST: _("В „{caption}“ може да са и месец/ден, но са прочетени като ден/месец: {n}."),
        ZONE: _("Часовете в „{caption}“ са по друг часови пояс; взет е денят по българско време: {n}."),
        NO_ZONE: _("Часовете в „{caption}“ са полунощ у нас, записана по Гринуич; взет е денят у нас: {n}."),
    }
    return [
        sentences[kind].format(caption=caption, n=counted(n, "дата"))
        for (of_file, caption, kind), n in sorted(done.items())
        if of_file == file_no
    ]


class _Dates:
    """The columns of dates of tables of one form."""

    def __init__(self, tables: Sequence[Known]) -> None:
        recognition = tables[0].recognition
        self._tables: Mapping[int, Known] = {t.file_no: t for t in tables}
        self._columns = [
            (n, column.caption)
            for n, column in enumerate(recognition.columns)
            if column.field and recognition.dataset[column.field].type in ("date", "month")
        ]
        self._of_long: dict[tuple[int, int], _Signs] = {}

    def plain(self, part: Part) -> Part:
        written = part
        for column, caption in self._columns:
            numbers, texts = part.coded(column)
            odd = [n for n, text in enumerate(texts) if _MAY_BE_ODD.search(text)]
            if odd:
                part = self._with_plain(part, written, column, caption, np.isin(numbers, odd))
        return part

    def _with_plain(self, part: Part, written: Part, column: int, caption: str, is_odd: np.ndarray) -> Part:
        before, texts = part.coded(column)
        numbers, texts, done = before.copy(), list(texts), Counter(part.dates)
        rows = np.flatnonzero(is_odd)
        of_rows = part.file_nos[rows]
        for file_no in np.unique(of_rows).tolist():
            mine = rows[of_rows == file_no]
            used = np.unique(before[mine]).tolist()
            signs = self._signs(file_no, column, [texts[n].strip() for n in used])
            if signs.order == DAY_FIRST and not signs.only_day_first:
                signs = replace(signs, as_beside=self._is_month_first_beside(file_no, column, written))
            for n in used:
                plain, kind = _plain(texts[n].strip(), signs)
                if plain is not None:
                    cells = mine[before[mine] == n]
                    numbers[cells] = len(texts)
                    texts.append(plain)
                    if kind:
                        done[(file_no, caption, kind)] += len(cells)
        made = pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(texts, pa.string()))
        at = part.cells.column_names.index(f"c{column}")
        return replace(part, cells=part.cells.set_column(at, f"c{column}", made), dates=done)

    def _is_month_first_beside(self, file_no: int, column: int, written: Part) -> bool:
        """Whether another column of a file is month/day and none is day/month."""
        mine = written.file_nos == file_no
        others = []
        for other, _unused in self._columns:
            if other != column:
                numbers, texts = written.coded(other)
                others.append(self._signs(file_no, other, [texts[n].strip() for n in np.unique(numbers[mine])]))
        return any(o.order == MONTH_FIRST for o in others) and not any(o.only_day_first for o in others)

    def _signs(self, file_no: int, column: int, texts: Sequence[str]) -> _Signs:
        """What all dates of a column of a file tell; `texts` are those of a part, and a small file is in one part."""
        known = self._tables[file_no]
        if not known.table.further:
            return _Signs().see(texts)
        if (file_no, column) not in self._of_long:
            signs = _Signs().see(stacked([(file_no, known.table)]).coded(column)[1])
            with contextlib.closing(later_parts(known)) as parts:
                for part in parts:
                    signs.see(text.strip() for text in part.coded(column)[1])
            self._of_long[(file_no, column)] = signs
        return self._of_long[(file_no, column)]


def _slashed(text: str) -> tuple[int, int, str] | None:
    """Two numbers and a year that are not written as Bulgarians write a date; 23-11-06 may begin with its year."""
    found = _SLASHED.fullmatch(text)
    if not found or found[2] == found[4] == "." or (found[2] == "-" and len(found[5]) == 2):
        return None
    return int(found[1]), int(found[3]), found[5]


def _plain(text: str, signs: _Signs) -> tuple[str | None, str]:
    """A date as 12.10.2023, or None when it is so or nobody knows; and what is to be said of it, if anything."""
    if parts := _slashed(text):
        first, second, year = parts
        is_sure = signs.as_beside or signs.only_day_first != signs.only_month_first
        if (signs.order is None and first != second) or (len(year) == 2 and not is_sure):
            return None, ""
        is_month_first = signs.order in (MONTH_FIRST, AS_BESIDE)
        day, month = (second, first) if is_month_first else (first, second)
        is_doubtful = max(day, month) <= 12 and day != month and not signs.only_day_first
        said = signs.order if is_month_first or is_doubtful else None
        return f"{day:02}.{month:02}.{year}", said or ""
    if found := _YEAR_FIRST.fullmatch(text):
        return f"{int(found[3]):02}.{int(found[2]):02}.{found[1]}", ""
    timed = _TIMED.fullmatch(text)
    if timed and (timed[3] or signs.midnights == {True}):
        moment = _moment(timed, timed[3] or "Z")
        return (f"{moment:%d.%m.%Y}", ZONE if timed[3] else NO_ZONE) if moment else (None, "")
    return None, ""


def _moment(timed: re.Match[str], zone: str) -> datetime | None:
    """When it was here."""
    zone = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    try:
        return datetime.fromisoformat(f"{timed[1]}T{timed[2].replace(',', '.')}{zone}").astimezone(HERE)
    except (ValueError, OverflowError):
        return None
