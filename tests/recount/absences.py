"""Absences by the national files, children by the lists, submissions by both the files and the report of РУО."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import numpy as np
import pandas as pd

from recount.files import month_in, next_month, year_of
from recount.known import Known, Place, Rows, Span, month_end, span, year_start

UNITS = {"school": "hours", "kindergarten": "days"}
NOWHERE = -1
IsOver = Callable[[np.ndarray], np.ndarray]
# Metric of months together → the level that sends them, and what is added up.
AMOUNTS = {
    "unexcused_per_pupil": ("school", "unexcused"),
    "excused_per_pupil": ("school", "excused"),
    "unexcused_days_per_child": ("kindergarten", "unexcused"),
}


def first_list_day(day: date) -> date:
    """From when on lists are of the school year of a day."""
    return year_start(day).replace(day=1)


def month_span(month: date) -> Span:
    return span(f"{month:%Y-%m}")


@dataclass(frozen=True)
class SchoolMonths:
    """How many months of schools were sent, of how many that were due, and how many schools sent all of theirs."""

    sent: int
    due: int
    complete: int


@dataclass(frozen=True)
class Lists:
    """The lists on a day, by number of child: the number of the school whose list it is on, and the list's row."""

    school: np.ndarray
    row: np.ndarray

    @property
    def listed(self) -> np.ndarray:
        return self.school != NOWHERE


class Absences:
    """What was known at a moment. Children (by unit), schools and months are numbered; hours are children × months."""

    def __init__(self, known: Known) -> None:
        self.known = known
        sent = known.in_force(known.raw.sent, "school", "month")
        self.lists = self._numbered(known.in_force(known.raw.lists, "school", "day"))
        self.lines = self._numbered(known.raw.lines[known.raw.lines["file"].isin(sent["file"])])
        first = sent["month"].min() if len(sent) else month_in(known.today.year, 9)
        self.months = [first]
        while self.months[-1] < known.today:
            self.months.append(next_month(self.months[-1]))
        self.month_no = {month: n for n, month in enumerate(self.months)}
        self.schools = sorted({*known.institutions["code"], *sent["school"], *self.lists["school"]})
        self.school_no = {school: n for n, school in enumerate(self.schools)}
        self.sent = np.zeros((len(self.schools), len(self.months)), bool)
        for school, month in sent[["school", "month"]].itertuples(index=False, name=None):
            self.sent[self.school_no[school], self.month_no[month]] = True
        for rows in (self.lines, self.lists):
            rows["school_no"] = rows["school"].map(self.school_no).to_numpy(int)
        self.lines["month_no"] = self.lines["month"].map(self.month_no).to_numpy(int)
        self.excused, self.unexcused = self._hours("excused"), self._hours("unexcused")
        self.last_school = self._last_school()
        self.on, self.has_list = cache(self._on), cache(self._has_list)
        self.place, self.sizes = cache(self._place), cache(self._sizes)

    def _numbered(self, rows: pd.DataFrame) -> pd.DataFrame:
        numbers, unit = self.known.raw.child_no, rows.get("unit")
        of_unit = unit if unit is not None else np.where(rows["grade"] >= 1, "hours", "days")
        keys = zip(rows["child"], of_unit, strict=True)
        return rows.assign(child_no=np.fromiter((numbers[key] for key in keys), int, len(rows)), unit=of_unit)

    @cached_property
    def unit(self) -> np.ndarray:
        return np.array([unit for _, unit in self.known.raw.child_no])

    def _hours(self, column: str) -> np.ndarray:
        hours = np.zeros((len(self.known.raw.child_no), len(self.months)))
        np.add.at(hours, (self.lines["child_no"], self.lines["month_no"]), self.lines[column])
        return hours

    @cached_property
    def is_told(self) -> np.ndarray:
        """Whether a line tells of a child in a month."""
        return self.last_school != NOWHERE

    def _last_school(self) -> np.ndarray:
        """Of each child and month the school that told of it, and of several the one of the highest code."""
        last = np.full((len(self.known.raw.child_no), len(self.months)), NOWHERE)
        rows = self.lines.sort_values("school_no", kind="stable")
        last[rows["child_no"], rows["month_no"]] = rows["school_no"]
        return last

    def _on(self, day: date) -> Lists:
        """Whose newest list of the school year each child is on; a newer list of another school goes first, and
        lists of schools that have closed say nothing."""
        lists = self.lists
        rows = lists[
            (lists["day"] >= first_list_day(day))
            & (lists["day"] <= day)
            & ~lists["school"].isin(self.known.closed_by(day))
        ]
        newest = rows.groupby("school")["day"].transform("max") if len(rows) else rows["day"]
        rows = rows[rows["day"] == newest].sort_values(["day", "school_no"], kind="stable")
        school, row = (np.full(len(self.known.raw.child_no), NOWHERE) for _ in range(2))
        school[rows["child_no"]] = rows["school_no"]
        row[rows["child_no"]] = rows.index
        return Lists(school, row)

    def _place(self, month: date) -> np.ndarray:
        """The school where each child was last at a month's end: by the lists, if it sent the month or no other tells
        of the child; else by the files of the year."""
        place = np.full(len(self.known.raw.child_no), NOWHERE)
        for n in self.year_months(month):
            place = np.where(self.is_told[:, n], self.last_school[:, n], place)
        n, lists = self.month_no[month], self.on(month_end(month))
        is_there = lists.listed & (self.sent[lists.school, n] | ~self.is_told[:, n])
        return np.where(is_there, lists.school, place)

    def year_months(self, month: date) -> list[int]:
        """The numbers of a school year's months up to one of them."""
        return [n for n, other in enumerate(self.months) if year_of(other) == year_of(month) and other <= month]

    def _has_list(self, day: date) -> np.ndarray:
        """Whether a list of each school is known on a day, of this school year."""
        days = self.lists[(self.lists["day"] >= first_list_day(day)) & (self.lists["day"] <= day)]
        return np.isin(np.arange(len(self.schools)), days["school_no"])

    def _sizes(self, day: date, unit: str) -> np.ndarray:
        """How many children of a unit are on each school's list; not a number where there is none."""
        lists = self.on(day)
        chosen = lists.listed & (self.unit == unit)
        sizes = np.bincount(lists.school[chosen], minlength=len(self.schools)).astype(float)
        sizes[~self.has_list(day)] = np.nan
        return sizes

    def ended(self, period: Span) -> list[date]:
        """The months of a period that were over on its day."""
        last = self.known.last_day(period)
        return [month for month in period.months if month in self.month_no and month_end(month) <= last]

    def newest(self, period: Span, schools: Iterable[str], table: np.ndarray) -> date | None:
        """The oblast's month: the newest of a period of which one of the schools has something in a table."""
        rows = [self.school_no[school] for school in schools]
        months = [month for month in self.ended(period) if table[rows, self.month_no[month]].any()]
        return max(months, default=None)

    @cached_property
    def marks(self) -> pd.DataFrame:
        return self.known.in_force(self.known.raw.marks, "school", "month")

    def _marked(self, column: str) -> np.ndarray:
        table = np.zeros_like(self.sent)
        for school, month, is_marked in self.marks[["school", "month", column]].itertuples(index=False, name=None):
            if is_marked and school in self.school_no and month in self.month_no:
                table[self.school_no[school], self.month_no[month]] = True
        return table

    @cached_property
    def submitted(self) -> np.ndarray:
        """Schools × months: sent as a file or marked as submitted."""
        return self.sent | self._marked("submitted")

    @cached_property
    def signed(self) -> np.ndarray:
        return self._marked("signed")

    # --- metrics

    def answers(self, period: Span) -> dict[str, Rows]:
        """Metric → its rows."""
        return {
            "pupils_over_threshold": self.over_threshold(period, "school", lambda hours: hours >= 5),
            "children_over_threshold": self.over_threshold(period, "kindergarten", lambda days: days > 3),
            **{metric: self._amounts(period, *of) for metric, of in AMOUNTS.items()},
            "submissions": self._submissions(period, "school"),
            "kindergarten_submissions": self._submissions(period, "kindergarten"),
            "submissions_unsigned": self._unsigned(period),
            "submissions_every_month": self._every_month(period),
        }

    def over_threshold(self, period: Span, level: str, is_over: IsOver) -> Rows:
        places = self.known.open_in(period, level)
        month = self.newest(period, (school for _, school in places), self.sent)
        if month is None:
            return dict.fromkeys(places, (0, 0, False))
        return self._rows(self.known.open_in(month_span(month), level), *self.over(month, UNITS[level], is_over))

    def over(self, month: date, unit: str, is_over: IsOver) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """School by school: children over a threshold in a month, of how many on the lists, whether it sent."""
        n = self.month_no[month]
        chosen = self.is_told[:, n] & (self.unit == unit) & is_over(self.unexcused[:, n])
        over = np.bincount(self.place(month)[chosen], minlength=len(self.schools))
        return over, self.sizes(month_end(month), unit), self.sent[:, self.month_no[month]]

    def _rows(self, places: Iterable[Place], n: np.ndarray, d: np.ndarray, reports: np.ndarray) -> Rows:
        rows = {}
        for place in places:
            s = self.school_no[place[1]]
            rows[place] = (float(n[s]), None if np.isnan(d[s]) else float(d[s]), bool(reports[s]))
        return rows

    def _amounts(self, period: Span, level: str, column: str) -> Rows:
        """Hours or days of the months together, by the school that sent them."""
        unit, months = UNITS[level], [self.month_no[month] for month in self.ended(period)]
        lines = self.lines[self.lines["month_no"].isin(months) & (self.lines["unit"] == unit)]
        sums = np.bincount(lines["school_no"], lines[column], minlength=len(self.schools))
        sent = self.sent[:, months].any(axis=1)
        return self._rows(
            self.known.open_in(period, level), sums, self.sizes(self.known.last_day(period), unit), np.asarray(sent)
        )

    def school_months(self, period: Span, level: str) -> SchoolMonths:
        """A month that anybody sent is due of every school that was open in it."""
        schools = [self.school_no[school] for _, school in self.known.open_in(period, level)]
        sent, due = np.zeros(len(self.schools), int), np.zeros(len(self.schools), int)
        for month in self.ended(period):
            n = self.month_no[month]
            if self.sent[schools, n].any():
                there = [self.school_no[school] for _, school in self.known.open_in(month_span(month), level)]
                due[there] += 1
                sent[there] += self.sent[there, n]
        return SchoolMonths(int(sent.sum()), int(due.sum()), int(((due > 0) & (sent == due)).sum()))

    def _submissions(self, period: Span, *levels: str) -> Rows:
        places = self.known.open_in(period, *levels)
        month = self.newest(period, (school for _, school in places), self.submitted)
        if month is None:
            return dict.fromkeys(places, (0, 1, False))
        there = self.known.open_in(month_span(month), *levels)
        return {p: (float(self.submitted[self.school_no[p[1]], self.month_no[month]]), 1, True) for p in there}

    def _unsigned(self, period: Span) -> Rows:
        """Submitted and not signed."""
        places = self.known.open_in(period)
        month = self.newest(period, (school for _, school in places), self.submitted)
        if month is None:
            return dict.fromkeys(places, (0, 1, False))
        unsigned = self.submitted[:, self.month_no[month]] & ~self.signed[:, self.month_no[month]]
        there = self.known.open_in(month_span(month))
        return {place: (float(unsigned[self.school_no[place[1]]]), 1, True) for place in there}

    def _every_month(self, period: Span) -> Rows:
        """Of the months that anybody submitted, those in which a school was open are expected of it."""
        places = self.known.open_in(period, "school")
        schools = [self.school_no[school] for _, school in places]
        expected = [m for m in self.ended(period) if self.submitted[schools, self.month_no[m]].any()]
        rows: Rows = {}
        for place in places:
            of_place = [m for m in expected if place in self.known.open_in(month_span(m), "school")]
            has_all = all(self.submitted[self.school_no[place[1]], self.month_no[m]] for m in of_place)
            rows[place] = (float(has_all and bool(of_place)), 1, bool(expected))
        return rows
