"""The national file of absences that an invented institution sends every month, with the faults real ones have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from obhvat.demo.oblast import Child, Institution, SchoolClass
from obhvat.ingest import Source
from obhvat.periods import school_days, school_year_of_month

_LESSONS_A_DAY = 6
# How much is missed in a month; September is always low (domain.md §3.2, Shumen: 49 pupils, then 450).
_SEASON = {9: 0.35, 10: 0.95, 11: 1.15, 12: 0.9, 1: 1.05, 2: 1.1, 3: 1.2, 4: 0.85, 5: 1.25, 6: 0.6}
# Unexcused hours a pupil a month, before season; a little better in the second year.
_MEAN_UNEXCUSED = {2022: 0.72, 2023: 0.62}

Doubled = tuple[str, str, date]
"""The school, the class and the month of subgroups that are entered twice."""
Leaving = Mapping[str, tuple[date, bool]]
"""Identifier → (when, whether the school wrote it down) for children who leave during the year."""


def absence_file(
    institution: Institution,
    classes: Sequence[SchoolClass],
    month: date,
    leaving: Leaving,
    numbers: np.random.Generator,
    doubled: Doubled | None = None,
) -> Source:
    """One institution's month of its classes: windows-1251, „|“, 16 fields, no header, CRLF."""
    lines = _absence_lines(institution, classes, month, leaving, numbers, doubled)
    name = f"{institution.code}_{school_year_of_month(month)}_{month.month}_File.txt"
    return Source(name, ("\r\n".join(lines) + "\r\n").encode("windows-1251") if lines else b"")


def _absence_lines(
    i: Institution,
    classes: Sequence[SchoolClass],
    month: date,
    leaving: Leaving,
    numbers: np.random.Generator,
    doubled: Doubled | None,
) -> list[str]:
    year = school_year_of_month(month)
    places = [(c, child) for c in classes for child in c.children]
    count = len(places)
    leaning = np.array([child.leaning for _, child in places])
    if i.is_school:
        older = 0.45 + 0.11 * np.array([c.grade for c, _ in places])
        mean = _MEAN_UNEXCUSED[year] * _SEASON[month.month] * i.diligence * older * leaning
        unexcused = numbers.poisson(2 * mean) / 2
        excused = np.round(numbers.gamma(1.4, 7, count)) * (numbers.random(count) < 0.28)
        limit = school_days(month) * _LESSONS_A_DAY
    else:
        unexcused = numbers.poisson(0.3 * leaning * i.diligence * _SEASON[month.month]) * 1.0
        excused = numbers.poisson(1.6, count) * (numbers.random(count) < 0.5)
        limit = school_days(month)
    if i.writes_nobody:
        unexcused = unexcused * 0
    unexcused = np.floor(np.minimum(unexcused, limit / 2) * 2) / 2
    excused = np.floor(np.minimum(excused, limit / 2))
    # Schools need only send children with unexcused absences; some send all (domain.md §4.1).
    all_sent = i.writes_nobody or numbers.random() < 0.1
    written = (unexcused > 0) | ((excused > 0) & all_sent)
    lines = []
    # Plain numbers are written three times as fast as numpy's.
    excused, unexcused = excused.tolist(), unexcused.tolist()
    for n in np.flatnonzero(written).tolist():
        c, child = places[n]
        gone = leaving.get(child.identifier)
        if gone and gone[0] < month:
            continue
        for group in ("1", "2") if (i.code, c.name, month) == doubled else ("",):
            lines.append(absence_line(i, c, child, month, excused[n], unexcused[n], group, gone))
    return lines


def absence_line(
    i: Institution,
    c: SchoolClass,
    child: Child,
    month: date,
    excused: float,
    unexcused: float,
    group: str = "",
    gone: tuple[date, bool] | None = None,
) -> str:
    """A child's month, as the national writer prints it."""
    left = ""
    if gone and gone[1] and gone[0].replace(day=1) == month:
        # The national writer prints minutes where the month belongs.
        left = f"{gone[0].day:02}.37.{gone[0].year}"
    hours = f"{excused:.2f}|{unexcused:.2f}".replace(".", i.decimal)
    # Excel took the zeros in front of some identifiers.
    identifier = child.identifier.lstrip("0") if i.decimal == "," else child.identifier
    return (
        f"{i.code}|{school_year_of_month(month)}|{month.month:02}||{identifier}|{'|'.join(child.names)}|{c.grade:02}|{c.code}|{group}"
        f"|{c.name}|1|{left}|{hours}"
    )


def with_field(line: str, field: int, value: str) -> str:
    """A line of the file with another value in one of its fields."""
    fields = line.split("|")
    fields[field] = value
    return "|".join(fields)
