"""What can be put side by side: a figure of all places at every time of a school year that anybody is shown.

What is hidden is chosen over a whole family: a municipality's number that is small in one month is hidden in each, in
every metric that counts the same children, and stays hidden after a meeting at which it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as clock
from typing import NamedTuple

from obhvat.disclosure.protection import Part, Protection, protect
from obhvat.indicators import Rule
from obhvat.indicators.thresholds import rules_of
from obhvat.metrics import Figure, Metric, all_metrics, figure, metric
from obhvat.metrics.accounts import accounts
from obhvat.periods import Period, month_period, parse_period, parts_of_year, school_year_of, term_of, term_of_month
from obhvat.scope import Scope
from obhvat.scope.days import cases_day
from obhvat.store import Store

# Metrics that count the same children as another: what is hidden in that is hidden in them.
_SAME = {
    "flags_monthly_unexcused_hours": "pupils_over_threshold",
    "flags_monthly_unexcused_days": "children_over_threshold",
}
_IN_WORK = "cases_in_work"
_HOURS = {"school": "unexcused_per_pupil", "kindergarten": "unexcused_days_per_child"}


Numbers = dict[tuple[date, str, str], tuple[int, int | None]]
"""(month or day, municipality, school) → a number of children, of how many."""


@dataclass(frozen=True)
class Hidden:
    """What of a family is hidden from members in a school year."""

    municipalities: Protection = field(default_factory=Protection)
    schools: Mapping[str, Protection] = field(default_factory=dict)
    """Municipality → its schools. Of a hidden municipality nothing of its schools is told."""
    days: frozenset[date] | None = None
    """The days it was chosen over; None for months, all of which it was. On others nothing is told below the oblast."""

    def is_told_on(self, time: date | None) -> bool:
        """Whether anything is told of a month or a day below the oblast."""
        return self.days is None or time in self.days

    def of_school(self, municipality: str) -> Protection:
        return self.schools.get(municipality, Protection())


def tells_whole(of: Metric) -> bool:
    """Whether of how many a number is says nothing of the number itself. Of those who are reported because they are
    over a threshold, the whole is the number."""
    return of.kind == "share" and not (of.rule and of.rule.reads == "subject_absences")


def time_of(of: Figure) -> date | None:
    """The month or the day a figure is told for."""
    return of.month if of.metric.monthly else of.day


def hidden_of(store: Store, of: str, start_year: int, known_at: datetime) -> Hidden:
    """What of a metric's family is hidden in a school year, by what was known at a moment: with all that was hidden at
    the meetings before it, because what was shown then is known."""

    def answer() -> Hidden:
        thens = [_then(store, of, start_year, moment) for moment in meetings_before(store, start_year, known_at)]
        same = [hidden_of(store, _SAME[of], start_year, known_at)] if of in _SAME else []
        return _choose(store, metric(of), start_year, known_at, thens, same)

    return store.kept(("hidden", of, start_year), known_at, answer)


def meetings_before(store: Store, start_year: int, known_at: datetime) -> list[datetime]:
    """When figures of a school year were shown at a meeting before a moment, in their order."""
    return sorted({moment for moment in _moments(store, start_year, known_at) if moment < known_at})


def _moments(store: Store, start_year: int, known_at: datetime) -> Iterator[datetime]:
    """When figures of a school year were shown at a meeting: the end of its day, and its closing."""
    for period, held_on, closed_at in _meetings(store, known_at):
        if start_year in (period.start_year, period.start_year - 1, school_year_of(held_on)):
            yield datetime.combine(held_on, clock.max)
            if closed_at:
                yield closed_at


def _meetings(store: Store, known_at: datetime) -> tuple[tuple[Period, date, datetime | None], ...]:
    def answer() -> tuple[tuple[Period, date, datetime | None], ...]:
        sql = "select period, held_on, closed_at from held_meetings($known_at)"
        rows = store.rows(sql, {"known_at": known_at})
        return tuple((parse_period(period), held_on, closed_at) for period, held_on, closed_at in rows)

    return store.kept("meetings of figures", known_at, answer)


def _asked(store: Store, start_year: int, known_at: datetime) -> list[tuple[Period, date | None]]:
    """The periods of a school year, and the days of its meetings: whatever how things stand is told for."""
    year = Period(start_year, "year")
    asked: list[tuple[Period, date | None]] = [(period, None) for period in (year, *map(month_period, year.months))]
    for period, held_on, _ in _meetings(store, known_at):
        known_until = cases_day(store, Period(school_year_of(held_on), "year"), known_at)
        of_year = {one for one in (period, term_of(held_on)) if one.start_year == start_year}
        days = {held_on, min(held_on, known_at.date()), min(held_on, known_until)}
        asked += [(one, day) for one in sorted(of_year) for day in sorted(days)]
    return asked


def _of_year(store: Store, of: Metric, start_year: int, known_at: datetime) -> Numbers:
    """A metric's numbers at every place and time of a school year."""
    year = Period(start_year, "year")
    asked: list[tuple[Period, date | None]]
    if of.period == "register":
        asked = _asked(store, start_year, known_at)
    elif of.function == "flags":
        # They are told for the newest month of a period alone.
        asked = [(month_period(month), None) for month in year.months]
    else:
        asked = [(year, None)]
    numbers: Numbers = {}
    for period, day in asked:
        found = figure(store, of.id, period, Scope(known_at=known_at), day)
        for count in found.counts:
            if (time := count.month or found.day) and count.reports:
                whole = int(count.d) if tells_whole(of) and count.d is not None else None
                numbers[time, count.municipality, count.school] = int(count.n or 0), whole
    return numbers


class _Then(NamedTuple):
    """What members were shown of a metric at a meeting."""

    schools: Mapping[tuple[date, str, str], int]
    municipalities: Mapping[tuple[date, str], int]
    hidden: Hidden

    def school(self, part: Part, at: date, municipality: str, school: str) -> Part:
        """A part of today, with what is known of it since then."""
        is_same = self.schools.get((at, municipality, school)) == part.n
        is_closed = municipality in self.hidden.municipalities.hidden
        inner = self.hidden.of_school(municipality)
        return _since(part, is_same, is_closed or school in inner.hidden, inner.has_bands and not is_closed)

    def municipality(self, part: Part, at: date, name: str) -> Part:
        """The same of a municipality."""
        outer = self.hidden.municipalities
        return _since(part, self.municipalities.get((at, name)) == part.n, name in outer.hidden, outer.has_bands)


def _since(part: Part, is_same: bool, is_hidden: bool, has_band: bool) -> Part:
    return replace(
        part,
        since=(*part.since, is_same),
        is_told=part.is_told or (is_same and not is_hidden),
        has_told_band=part.has_told_band or (is_same and is_hidden and has_band),
    )


def _then(store: Store, of: str, start_year: int, moment: datetime) -> _Then:
    schools = {place: n for place, (n, _) in _of_year(store, metric(of), start_year, moment).items()}
    municipalities: dict[tuple[date, str], int] = defaultdict(int)
    for (at, municipality, _), n in schools.items():
        municipalities[at, municipality] += n
    return _Then(schools, municipalities, hidden_of(store, of, start_year, moment))


def _choose(
    store: Store, of: Metric, start_year: int, known_at: datetime, thens: Sequence[_Then], same: Sequence[Hidden]
) -> Hidden:
    """`thens`: what was shown at the meetings before; `same`: what is hidden of the same children elsewhere."""
    also = [*same, *(then.hidden for then in thens[-1:])]
    numbers = _of_year(store, of, start_year, known_at)
    bounds = _bounds(store, of, start_year, known_at)
    by_municipality: dict[date, dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))
    by_school: dict[str, dict[date, dict[str, Part]]] = defaultdict(lambda: defaultdict(dict))
    for (at, municipality, school), (n, whole) in numbers.items():
        least, most = bounds.get((at, municipality, school), (0, None))
        # A child who has moved has hours of two schools: then what is shown says too little.
        part = Part(n, whole, None if most is None else max(n, most), min(n, least))
        by_municipality[at][municipality].append(part)
        if of.place == "school":
            for then in thens:
                part = then.school(part, at, municipality, school)
            by_school[municipality][at][school] = part
    times = {at: {name: _together(parts) for name, parts in places.items()} for at, places in by_municipality.items()}
    for then in thens:
        times = {
            at: {name: then.municipality(part, at, name) for name, part in parts.items()} for at, parts in times.items()
        }
    schools = {
        home: protect(
            times_of_home, frozenset().union(*(hidden.of_school(home).hidden for hidden in also)), has_insiders=True
        )
        for home, times_of_home in by_school.items()
    }
    # Where even with all of its schools hidden one could be computed, the municipality is hidden, too.
    open_ones = {home for home, protection in schools.items() if protection.open_inside}
    hidden_before = open_ones.union(*(hidden.municipalities.hidden for hidden in also))
    municipalities = protect(times, hidden_before, has_insiders=True)
    return Hidden(municipalities, schools, None if of.monthly else frozenset(times))


def _together(parts: list[Part]) -> Part:
    """The number of a municipality from those of its schools."""
    wholes, bounds = [part.of for part in parts], [part.of if part.most is None else part.most for part in parts]
    return Part(sum(part.n for part in parts), _sum(wholes), _sum(bounds), sum(part.least for part in parts))


def _sum(numbers: list[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if len(known) == len(numbers) else None


Bounds = Mapping[tuple[date, str, str], tuple[int, int | None]]
"""(month, municipality, school) → what a number cannot be below and above."""


def _bounds(store: Store, of: Metric, start_year: int, known_at: datetime) -> Bounds:
    """What else is known of a number: as many children are over 5 hours as there are fives in the hours, no more than
    are over 3, and no fewer than are over 10. Those may be hidden themselves: what is possible while they stay what
    they are is possible."""
    if not of.rule or not of.counts_absences:
        return {}
    rules = rules_of(store, known_at)
    most, least = _hours_over(store, of, rules[of.rule.id], start_year, known_at), {}
    for other in all_metrics():
        # The first page is not kept waiting until every child of every month is measured.
        is_alike = other.grain == of.grain and other.function == of.function and other.counts_absences
        if not is_alike or not other.rule or other.id == of.id:
            continue
        is_within = _implies(rules[other.rule.id], rules[of.rule.id])
        if not is_within and not _implies(rules[of.rule.id], rules[other.rule.id]):
            continue
        for key, (n, _) in _of_year(store, other, start_year, known_at).items():
            if is_within:
                least[key] = max(n, least.get(key, 0))
            else:
                most[key] = min(n, most.get(key, n))
    return {key: (least.get(key, 0), most.get(key)) for key in most.keys() | least.keys()}


_SIZES = {"jump": 0, "rise": 0, "month_unexcused": 1, "term_unexcused": 2, "year_unexcused": 3}
"""Amounts of a child, each at most the next."""
_STEP = 0.5
"""Hours and days are told in halves."""


def _implies(rule: Rule, other: Rule) -> bool:
    """Whether a rule flags only children whom another flags, too."""
    if rule.unit != other.unit or rule.operator == "<" or _least(rule) < _least(other):
        return False
    if rule.measure == other.measure:
        return True
    return rule.measure in _SIZES and other.measure in _SIZES and _SIZES[rule.measure] < _SIZES[other.measure]


def _least(rule: Rule) -> float:
    """The smallest amount that is over a rule's threshold."""
    return rule.value if rule.operator == ">=" else rule.value + _STEP


def _hours_over(
    store: Store, of: Metric, rule: Rule, start_year: int, known_at: datetime
) -> dict[tuple[date, str, str], int]:
    """How many could be over a threshold by the hours that are shown of its months."""
    least = _least(rule)
    if not (rule.measure in _SIZES or rule.measure == "absent_share") or least <= 0:
        return {}
    names = [_HOURS[of.grain]]
    if rule.measure == "absent_share":
        # Of possible hours that nobody is told a share is at least one.
        names, least = [*names, "excused_per_pupil"], 1
    amounts: dict[tuple[str, str], dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for name in names:
        for count in figure(store, name, Period(start_year, "year"), Scope(known_at=known_at)).counts:
            if count.month and count.reports:
                amounts[count.municipality, count.school][count.month] += count.n or 0
    return {
        (month, *place): int(sum(amount for other, amount in months.items() if _counts(rule, other, month)) // least)
        for place, months in amounts.items()
        for month in months
    }


def _counts(rule: Rule, month: date, in_month: date) -> bool:
    """Whether a rule of a month adds up another month, too."""
    if month > in_month or rule.measure in ("year_unexcused", "absent_share"):
        return month <= in_month
    return month == in_month or (rule.measure == "term_unexcused" and term_of_month(month) == term_of_month(in_month))


def outcomes_together(store: Store, start_year: int, known_at: datetime) -> frozenset[str]:
    """Which outcomes of cases the press is told of only together in a school year, by metrics' ids. Those in work are
    told alone, so they are no cover; where they are few nothing else is told."""

    def answer() -> frozenset[str]:
        before = meetings_before(store, start_year, known_at)
        also = outcomes_together(store, start_year, before[-1]) if before else frozenset[str]()
        times: dict[tuple[str, date | None], Mapping[str, Part]] = {}
        asked = _asked(store, start_year, known_at) + [(part, None) for part in parts_of_year(start_year)]
        for period, day in asked:
            if parts := _outcomes(store, period, known_at, day):
                times[period.key, day] = parts
        return protect(times, also, never=(_IN_WORK,)).hidden

    return store.kept(("outcomes", start_year), known_at, answer)


def outcomes_of(store: Store, total: Figure) -> frozenset[str] | None:
    """The same of one time of the oblast's cases; None where no outcome may be told of at it."""
    parts = _outcomes(store, total.period, total.scope.moment, total.asked_day)
    if not parts:
        return None
    together = outcomes_together(store, total.period.start_year, total.scope.moment)
    protection = protect({0: parts}, together, never=(_IN_WORK,))
    # Together they are a number of its own.
    is_few = Part(sum(parts[name].n for name in protection.hidden if name in parts)).is_small
    return None if is_few or protection.open_times else protection.hidden


def has_few_of_an_outcome(store: Store, total: Figure) -> bool:
    """Whether of the oblast's cases 1 to 4 are in work or ended in some way."""
    account = accounts(store, total.period, total.scope, total.asked_day)
    return account is not None and any(Part(part.n).is_small for part in account.by_group())


def _outcomes(store: Store, period: Period, known_at: datetime, day: date | None) -> Mapping[str, Part]:
    """How many cases ended how, by metrics' ids; none where those in work are few."""
    account = accounts(store, period, Scope(known_at=known_at), day)
    parts = {part.key: Part(part.n) for part in account.by_group()} if account else {}
    return {} if not parts or parts[_IN_WORK].is_small else parts
