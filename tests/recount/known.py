"""What was known at a moment, and the days and places a figure is of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import pandas as pd

from recount.files import RawFiles, month_in, month_of, next_month

Place = tuple[str, str]
"""A municipality and a school."""
Rows = dict[Place, tuple[float, float | None, bool]]
"""Place → n, of how many, whether anybody sent data of it."""


@dataclass(frozen=True)
class Span:
    """The days and months of a period, from how it is written: 2023, 2023-I, 2023-S, 2023-10."""

    key: str
    first: date
    last: date
    months: tuple[date, ...]


def span(key: str) -> Span:
    """A year from 15 September is two terms and the summer; the first days of September are the summer's."""
    year, _, part = key.partition("-")
    start = int(year)
    if part.isdigit():
        month = date(start, int(part), 1)
        return Span(key, month.replace(day=15 if month.month == 9 else 1), month_end(month), (month,))
    days = {
        "": (date(start, 9, 15), date(start + 1, 9, 14), (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)),
        "I": (date(start, 9, 15), date(start + 1, 1, 31), (9, 10, 11, 12, 1)),
        "II": (date(start + 1, 2, 1), date(start + 1, 6, 30), (2, 3, 4, 5, 6)),
        "S": (date(start + 1, 7, 1), date(start + 1, 9, 14), (7, 8)),
    }
    first, last, numbers = days[part]
    return Span(key, first, last, tuple(month_in(start, number) for number in numbers))


def month_end(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def months_back(month: date, n: int) -> date:
    index = month.year * 12 + month.month - 1 - n
    return date(index // 12, index % 12 + 1, 1)


def year_start(day: date) -> date:
    """The first day of the school year a day is in."""
    return date(day.year - (day < date(day.year, 9, 15)), 9, 15)


class Known:
    """The rows in force at a moment: of each slice those of the newest file."""

    def __init__(self, raw: RawFiles, as_of: datetime) -> None:
        self.raw, self.as_of = raw, as_of
        self.today = as_of.date()
        self.n_files = bisect_right(raw.at, as_of)

    def in_force(self, table: pd.DataFrame, *slices: str) -> pd.DataFrame:
        rows = table[table["file"] < self.n_files]
        if rows.empty:
            return rows
        newest = rows.groupby([*slices], dropna=False)["file"].transform("max") if slices else rows["file"].max()
        return rows[rows["file"] == newest].reset_index(drop=True)

    def by_months(self, table: pd.DataFrame) -> tuple[pd.DataFrame, dict[date, int]]:
        """The rows in force of files that replace whole months, and which file tells of each month: the newest of those
        that begin before it and end after it, for a file that is silent of a month in between says it was empty."""
        rows = table[table["file"] < self.n_files]
        rows = rows.assign(month=[month_of(day) for day in rows["day"]])
        told: dict[date, int] = {}
        for file, months in rows.groupby("file")["month"]:
            month = months.min()
            while month <= months.max():
                told[month] = max(int(str(file)), told.get(month, 0))
                month = next_month(month)
        return rows[rows["month"].map(told) == rows["file"]], told

    def last_day(self, period: Span) -> date:
        return min(period.last, self.today)

    @cached_property
    def institutions(self) -> pd.DataFrame:
        """The newest register: file, code, municipality, level, opened, closed."""
        return self.in_force(self.raw.institutions)

    @cached_property
    def _institutions(self) -> list[tuple[Place, str, date | None, date | None]]:
        rows = self.institutions
        places = zip(rows["municipality"], rows["code"], strict=True)
        return [*zip(places, rows["level"], rows["opened"], rows["closed"], strict=True)]

    @cached_property
    def municipality_of(self) -> Mapping[str, str]:
        return dict(zip(self.institutions["code"], self.institutions["municipality"], strict=True))

    def closed_by(self, day: date) -> frozenset[str]:
        rows = self.institutions
        return frozenset(c for c, closed in zip(rows["code"], rows["closed"], strict=True) if closed and closed <= day)

    def open_in(self, period: Span, *levels: str) -> list[Place]:
        """Institutions of these levels, or of all, that were open on some day of a period."""
        return [
            place
            for place, level, opened, closed in self._institutions
            if (not levels or level in levels)
            and not (closed and closed <= period.first)
            and not (opened and opened > period.last)
        ]


def added(places: Mapping[Place, bool], counted: Iterable[tuple[Place, float, float]]) -> Rows:
    """What was counted, by place. `places` says of every place whether anybody sent data of it; elsewhere it is as in
    the rest of the municipality, and what nobody can place was sent by somebody."""
    told = {municipality: reports for (municipality, _), reports in places.items()}
    sums: dict[Place, list[float]] = {place: [0, 0] for place in places}
    for place, n, d in counted:
        of_place = sums.setdefault(place, [0, 0])
        of_place[0] += n
        of_place[1] += d
    return {place: (n, d, places.get(place, told.get(place[0], True))) for place, (n, d) in sums.items()}
