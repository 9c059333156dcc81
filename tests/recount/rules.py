"""What the rules of risk compare, and how many children each of them flags, by thresholds said once more."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cache, cached_property

import numpy as np
import pandas as pd

from recount.absences import NOWHERE, Absences, month_span
from recount.cases import STATUS_GROUPS, Cases
from recount.files import year_of
from recount.known import Rows, Span, month_end, months_back

Counts = tuple[np.ndarray, np.ndarray]
Compare = Callable[[np.ndarray, float], np.ndarray]
# Rule → measure, unit, operator, threshold. A measure is missing where nothing was sent to count it from.
RULES = {
    "monthly_unexcused_hours": ("month_unexcused", "hours", operator.ge, 5),
    "monthly_unexcused_days": ("month_unexcused", "days", operator.gt, 3),
    "year_unexcused_hours": ("year_unexcused", "hours", operator.gt, 5),
    "year_unexcused_days": ("year_unexcused", "days", operator.gt, 3),
    "term_unexcused_hours": ("term_unexcused", "hours", operator.ge, 15),
    "chronic_absence": ("absent_share", "hours", operator.ge, 10),
    "severe_absence": ("absent_share", "hours", operator.ge, 20),
    "subject_quarter": ("subject_share", None, operator.ge, 25),
    "rising": ("rise", "hours", operator.ge, 3),
    "jump": ("jump", "hours", operator.ge, 5),
    "after_move": ("after_move", "hours", operator.ge, 5),
    "failing": ("failing_subjects", None, operator.ge, 1),
    "low_average": ("average", None, operator.lt, 3),
    "average_fall": ("average_fall", None, operator.ge, 1),
    "repeater": ("repeats", None, operator.ge, 1),
    "over_age": ("years_over", None, operator.ge, 2),
    "earlier_case": ("earlier_cases", None, operator.ge, 1),
    "vanished": ("vanished", None, operator.ge, 1),
    "not_in_viii": ("not_in_viii", None, operator.ge, 1),
}
# Of everyone on a list it is known that they are over none of these.
KNOWN_OF_ALL = ("years_over", "vanished", "not_in_viii", "earlier_cases")
# Vacations of 2023/2024; other years have none declared.
VACATIONS = {
    2023: (
        (date(2023, 10, 28), date(2023, 11, 1)),
        (date(2023, 12, 23), date(2024, 1, 2)),
        (date(2024, 2, 3), date(2024, 2, 5)),
        (date(2024, 3, 30), date(2024, 4, 7)),
    )
}


def lessons(grade: np.ndarray) -> np.ndarray:
    """A preschool group counts days; I–IV grade have five lessons a day, V–VII six, the others seven."""
    return np.select([grade < 1, grade <= 4, grade <= 7], [1, 5, 6], 7)


class Rules:
    """The measures of a month, by number of child; NaN where nothing is known."""

    def __init__(self, absences: Absences, cases: Cases, holidays: list[date]) -> None:
        self.absences, self.cases, self.known = absences, cases, absences.known
        self.holidays = holidays
        self.measures, self.places = cache(self._measures), cache(self._places)
        self.vanished, self.not_in_viii = cache(self._vanished), cache(self._not_in_viii)

    def answers(self, period: Span) -> dict[str, Rows]:
        answers = {}
        for rule, (measure, unit, compare, value) in RULES.items():
            levels = {"hours": ("school",), "days": ("kindergarten",), None: ("school", "kindergarten")}[unit]
            places = self.known.open_in(period, *levels)
            month = self._month(period)
            n = d = np.zeros(len(self.absences.schools))
            if month is not None:
                n, d = self._flagged(month, measure, unit, compare, value)
                places = self.known.open_in(month_span(month), *levels)
            numbers = [self.absences.school_no[school] for _, school in places]
            answers[f"flags_{rule}"] = {
                place: (float(n[s]), None if np.isnan(d[s]) else float(d[s]), bool(np.isnan(d[s]) or d[s] > 0))
                for place, s in zip(places, numbers, strict=True)
            }
        return answers

    def _month(self, period: Span) -> date | None:
        return self.absences.newest(period, self.absences.schools, self.absences.sent)

    def _flagged(
        self, month: date, measure: str, unit: str | None, compare: Compare, value: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """School by school how many children are over a threshold, and of how many it is known."""
        amounts = self.measures(month)[measure]
        place, lists = self.places(month), self.absences.on(month_end(month))
        chosen = (place != NOWHERE) & ((self.absences.unit == unit) | (unit is None))
        with np.errstate(invalid="ignore"):
            over = chosen & compare(amounts, value)
        is_known = ~np.isnan(amounts)
        if unit:
            is_known &= lists.listed
        if measure in KNOWN_OF_ALL:
            is_known |= lists.listed
        size = len(self.absences.schools)
        n, d, of_any = (
            np.bincount(place[which], minlength=size).astype(float)
            for which in (over, chosen & is_known, chosen & ~np.isnan(amounts))
        )
        # What is told of those on a list is, without one, told of nobody knows how many.
        if unit or measure in KNOWN_OF_ALL:
            d[(of_any > 0) & ~self.absences.has_list(month_end(month))] = np.nan
        return n, d

    def _places(self, month: date) -> np.ndarray:
        """The school of each child of the month: where it is, or whose list it is gone from."""
        place = self.absences.place(month).copy()
        for gone in (self.vanished(month), self.not_in_viii(month)):
            chosen = (gone != NOWHERE) & (place == NOWHERE)
            place[chosen] = gone[chosen]
        return place

    def _measures(self, month: date) -> dict[str, np.ndarray]:
        ab, n = self.absences, self.absences.month_no[month]
        place = ab.place(month)
        there = place != NOWHERE
        listed = ab.on(month_end(month)).listed
        year = ab.year_months(month)
        term = [m for m in year if (month.month >= 9 or month.month == 1) or 2 <= ab.months[m].month <= 8]
        sent = np.zeros((len(place), len(ab.months)), bool)
        sent[there] = ab.sent[place[there]]
        told = ab.is_told
        hours = ab.unexcused
        has_sent_now = there & sent[:, n]
        year_told = told[:, year].any(axis=1)
        measures = {
            "month_unexcused": np.where((listed & has_sent_now) | told[:, n], hours[:, n], np.nan),
            "year_unexcused": np.where(
                (listed & sent[:, year].any(axis=1)) | year_told, hours[:, year].sum(axis=1), np.nan
            ),
            "term_unexcused": np.where(
                has_sent_now & (listed | told[:, term].any(axis=1)), hours[:, term].sum(axis=1), np.nan
            ),
            "absent_share": self._absent_share(month, place, sent, year),
            "rise": self._rise(month, sent, listed),
            "jump": self._jump(month, sent, listed),
            "after_move": self._after_move(month, listed & sent[:, year].any(axis=1)),
        }
        return measures | self._of_lists(month) | self._of_pupils(month)

    def _absent_share(self, month: date, place: np.ndarray, sent: np.ndarray, year: list[int]) -> np.ndarray:
        """All absences in hundredths of school days × lessons a day, in the months the school sent."""
        ab = self.absences
        absent = (ab.excused + ab.unexcused)[:, year].sum(axis=1)
        start = year_of(month)
        days = teaching_days(start, tuple(self.holidays))
        until = np.full(len(place), np.datetime64(month_end(month)))
        lines = ab.lines[ab.lines["month_no"].isin(year)]
        # Who left another school is here now.
        here = lines[lines["school_no"] == place[lines["child_no"]]]
        left = here.dropna(subset="left").groupby("child_no")["left"].max()
        until[left.index] = left.to_numpy("datetime64[D]")
        # By the list, else by the first of the year's lines.
        grade = np.full(len(place), np.nan)
        first = lines.drop_duplicates("child_no")
        grade[first["child_no"]] = first["grade"]
        lists = ab.on(month_end(month))
        grade[lists.listed] = ab.lists["grade"].to_numpy(float)[lists.row[lists.listed]]
        possible = np.zeros(len(place))
        for m in year:
            of_month = days[days.astype("datetime64[M]") == np.datetime64(ab.months[m], "M")]
            possible += np.where(sent[:, m], np.searchsorted(of_month, until, "right"), 0)
        possible *= lessons(grade)
        is_known = (lists.listed | ab.is_told[:, year].any(axis=1)) & (possible > 0)
        return np.divide(100 * absent, possible, out=np.full(len(place), np.nan), where=is_known)

    def _rise(self, month: date, sent: np.ndarray, listed: np.ndarray) -> np.ndarray:
        """How much three months rise; zero where they do not. Missing where one of them was not sent."""
        three = [self.absences.month_no.get(months_back(month, n), NOWHERE) for n in (2, 1, 0)]
        if NOWHERE in three:
            return np.full(len(listed), np.nan)
        a, b, c = (self.absences.unexcused[:, n] for n in three)
        is_known = sent[:, three].all(axis=1) & (listed | self.absences.is_told[:, three[2]])
        return np.where(is_known, np.where((a < b) & (b < c), c - a, 0), np.nan)

    def _jump(self, month: date, sent: np.ndarray, listed: np.ndarray) -> np.ndarray:
        """How much a month is over the mean of the school's earlier ones when at least twice that; zero where not."""
        ab, n = self.absences, self.absences.month_no[month]
        before = [m for m in ab.year_months(month) if m < n]
        months = sent[:, before].sum(axis=1)
        mean = ab.unexcused[:, before].sum(axis=1) / np.maximum(months, 1)
        now = ab.unexcused[:, n]
        is_known = sent[:, n] & (months >= 2) & (listed | ab.is_told[:, n])
        return np.where(is_known, np.where(ab.is_told[:, n] & (now >= 2 * mean), now - mean, 0), np.nan)

    def _after_move(self, month: date, is_known: np.ndarray) -> np.ndarray:
        """Hours at the school a child moved to, when they are more a month than before; zero where they are not.

        It moved to the school that tells of it last, when others tell of it before that and not after. In the month of
        the move both may.
        """
        ab = self.absences
        year = ab.year_months(month)
        values = np.where(is_known, 0.0, np.nan)
        lines = ab.lines[ab.lines["month_no"].isin(year)]
        schools = lines.groupby("child_no")["school_no"].nunique()
        for child in schools[schools > 1].index:
            of_schools = lines[lines["child_no"] == child].groupby("school_no")
            told = of_schools.agg(first=("month_no", "min"), last=("month_no", "max"), hours=("unexcused", "sum"))
            here = told.loc[told["first"].idxmax()]
            before = told[(told["first"] < here["first"]) & (told["last"] <= here["first"])]
            if len(before):
                months_before = max(here["first"] - year[0], before["last"].max() - year[0] + 1)
                months_here = year[-1] - here["first"] + 1
                is_more = here["hours"] / months_here > before["hours"].sum() / months_before
                values[child] = here["hours"] if is_more else 0
        return values

    def _of_lists(self, month: date) -> dict[str, np.ndarray]:
        ab, lists = self.absences, self.absences.on(month_end(month))
        empty = np.full(len(lists.school), np.nan)
        repeats, over, vanished, not_in_viii = (empty.copy() for _ in range(4))
        rows = ab.lists.loc[lists.row[lists.listed]]
        repeats[lists.listed] = rows["repeater"].astype(float)
        # The year of birth of those who enter I grade when they turn seven, less the child's.
        days = rows["day"].unique()
        born = rows["day"].map({day: day.year for day in days}).to_numpy(float) - rows["age"].to_numpy(float)
        starts = rows["day"].map({day: year_of(day) for day in days}).to_numpy(float)
        grades = rows["grade"].to_numpy(float)
        over[lists.listed] = np.where(grades >= 1, starts - 6 - grades - born, np.nan)
        vanished[self.vanished(month) != NOWHERE] = 1
        not_in_viii[self.not_in_viii(month) != NOWHERE] = 1
        return {"repeats": repeats, "years_over": over, "vanished": vanished, "not_in_viii": not_in_viii}

    @cached_property
    def _identity(self) -> pd.Series:
        """Number of child → who it is, whatever its unit."""
        return pd.Series([child for child, _ in self.known.raw.child_no])

    @cached_property
    def _who(self) -> np.ndarray:
        """Number of child → number of who it is: an identifier is compared with thousands in every month."""
        return pd.factorize(self._identity)[0]

    def _vanished(self, month: date) -> np.ndarray:
        """The school whose list before had a child that is on no newest list now, has no leaving date since, no
        absences at another school and has not finished XII grade."""
        ab, who = self.absences, self._who
        gone = np.full(len(ab.unit), NOWHERE)
        lists = ab.lists[ab.lists["day"] <= month_end(month)]
        of_school = dict(iter(lists.groupby("school_no")))
        newest = {school: max(rows["day"].unique()) for school, rows in of_school.items()}
        now = lists["day"] == lists["school_no"].map(newest)
        of_year = lists["day"] >= date(year_of(month), 9, 1)
        there = set(who[lists.loc[now & of_year, "child_no"]])
        year = ab.lines[ab.lines["month_no"].isin(ab.year_months(month))]
        told, told_in, told_by = who[year["child_no"]], year["month"].to_numpy(), year["school_no"].to_numpy()
        since_left = ab.lines.loc[ab.lines["left"].notna() & (ab.lines["month"] <= month), ["child_no", "month"]]
        left, left_in = who[since_left["child_no"]], since_left["month"].to_numpy()
        for school, day in newest.items():
            rows = of_school[school]
            earlier = [other for other in rows["day"].unique() if other < day]
            if not earlier or year_of(day) < year_of(month):
                continue
            before = max(earlier)
            signed_off = set(left[left_in >= before.replace(day=1)])
            elsewhere = set(told[(told_in >= before) & (told_by != school)])
            for number, grade in rows.loc[rows["day"] == before, ["child_no", "grade"]].itertuples(index=False):
                finished = grade == 12 and year_of(before) < year_of(day)
                if not finished and not any(who[number] in known for known in (there, signed_off, elsewhere)):
                    gone[number] = school
        return gone

    def _not_in_viii(self, month: date) -> np.ndarray:
        """The school on whose last list of the year before a child was in VII grade that is in VII or higher on none
        of this year's."""
        ab = self.absences
        gone = np.full(len(ab.unit), NOWHERE)
        of_year = ab.lists["day"].map({day: year_of(day) for day in ab.lists["day"].unique()})
        before = ab.lists[of_year == year_of(month) - 1]
        now = ab.lists[(of_year == year_of(month)) & (ab.lists["day"] <= month_end(month))]
        if before.empty or now.empty:
            return gone
        gone_on = set(now.loc[now["grade"] >= 7, "child"])
        seventh = before[(before["day"] == before["day"].max()) & (before["grade"] == 7)]
        missing = seventh[~seventh["child"].isin(gone_on)]
        gone[missing["child_no"]] = missing["school_no"]
        return gone

    def _of_pupils(self, month: date) -> dict[str, np.ndarray]:
        """What is known of a pupil at whatever school it is."""
        before, now = self._two_terms(month)
        newest = {**before, **now}
        both = before.keys() & now.keys()
        values = {
            "average": {child: sum(marks) / len(marks) for child, marks in newest.items()},
            "failing_subjects": {child: float(sum(mark < 3 for mark in marks)) for child, marks in newest.items()},
            "average_fall": {c: sum(before[c]) / len(before[c]) - sum(now[c]) / len(now[c]) for c in both},
            "earlier_cases": self._earlier_cases(month),
            "subject_share": self._subject_share(month),
        }
        identity = self._identity
        arrays = {name: identity.map(of_child).to_numpy(float) for name, of_child in values.items()}
        ended = self.absences.unit == "hours"
        arrays["subject_share"] = np.where(ended, arrays["subject_share"], np.nan)
        return arrays

    @cached_property
    def _marks(self) -> dict[tuple[int, int], dict[str, list[float]]]:
        """School year and term → pupil → marks, one a subject."""
        marks: dict[tuple[int, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        rows = self.known.in_force(self.known.raw.results, "school", "year", "exam")
        rows = rows[(rows["child"] != "") & rows["exam"].isin(["I срок", "II срок"])]
        for year, exam, child, average in rows[["year", "exam", "child", "average"]].itertuples(index=False, name=None):
            marks[int(year[:4]), len(exam.split()[0])][child].append(average)
        return marks

    def _two_terms(self, month: date) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        """The marks of the term before and of the newest term that has ended."""
        year = year_of(month)
        if month.month >= 9:
            before, now = (year - 1, 1), (year - 1, 2)
        elif month.month >= 6:
            before, now = (year, 1), (year, 2)
        else:
            before, now = (year - 1, 2), (year, 1)
        return self._marks.get(before, {}), self._marks.get(now, {})

    def _subject_share(self, month: date) -> dict[str, float]:
        """The report of the first term, which is known when the term is over."""
        found: dict[str, float] = {}
        if month.month < 9:
            rows = self.known.in_force(self.known.raw.quarters, "school", "year", "term")
            rows = rows[rows["year"] == f"{year_of(month)}/{year_of(month) + 1}"]
            for child, share in zip(rows["child"], rows["share"], strict=True):
                found[child] = max(found.get(child, 0), share)
        return found

    def _earlier_cases(self, month: date) -> dict[str, float]:
        """Cases that ended with a return by the month's end or that repeat an earlier one."""
        found: dict[str, float] = defaultdict(float)
        for number, rows in self.cases.of_number.items():
            if rows[-1]["opened"] <= month_end(month):
                *_, status = self.cases.status(number, month_end(month))
                found[rows[-1]["child"]] += STATUS_GROUPS[status] == "returned" or any(row["again"] for row in rows)
        return dict(found)


@cache
def teaching_days(start_year: int, holidays: tuple[date, ...]) -> np.ndarray:
    """From 15 September: weekdays that are neither holidays nor vacations."""
    days = pd.bdate_range(date(start_year, 9, 15), date(start_year + 1, 8, 31)).date
    vacations = VACATIONS.get(start_year, ())
    return np.array(
        [d for d in days if d not in holidays and not any(a <= d <= b for a, b in vacations)], "datetime64[D]"
    )
