"""What follows for the numbers over a threshold from the hours that are shown, and from one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from obhvat.attack.equations import UNKNOWN, Cell, Row
from obhvat.attack.reached import Collector
from obhvat.indicators import Rule
from obhvat.indicators.thresholds import rules_of
from obhvat.metrics import Metric, all_metrics, figure, metric
from obhvat.periods import Period, school_year_of_month, term_of_month

_SAME = {
    "flags_monthly_unexcused_hours": "pupils_over_threshold",
    "flags_monthly_unexcused_days": "children_over_threshold",
}
"""Two names of what is nearly always one number."""
_STEP = 0.5
"""Hours are told in halves."""
_SIZES = {"jump": 0, "rise": 0, "month_unexcused": 1, "term_unexcused": 2, "year_unexcused": 3}
"""Measures of hours, each at most the next. Those of the same size are not compared."""
_AMOUNTS = {
    "school": ("unexcused_per_pupil", "excused_per_pupil"),
    "kindergarten": ("unexcused_days_per_child",),
}
Amounts = Mapping[tuple[str, str], Mapping[date, float]]
"""(grain, school) → month → hours or days."""


def suppose_bounds(collector: Collector, years: Iterable[int]) -> None:
    """Add to what is known what the hours say, and the numbers over other thresholds."""
    rules = rules_of(collector.store, collector.moment)
    metrics = [
        (of, rules[of.rule.id])
        for of in all_metrics()
        if of.rule and of.rule.reads == "absences" and of.id in {m.id for m in collector.metrics()}
    ]
    cells = {
        cell: None
        for cell in collector.reached.known.bounds
        if cell.is_below and cell.known_at == collector.name and isinstance(cell.time, date)
    }
    if collector.audience == "members":
        unexcused, every = _amounts(collector, years)
        of_metric: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            if cell.school is not None:
                of_metric[cell.metric].append(cell)
        for of, rule in metrics:
            for cell in of_metric[of.id]:
                for row in _by_hours(of, rule, cell, unexcused, every):
                    collector.reached.suppose(row)
    for of, rule in metrics:
        for other, weaker in metrics:
            if of.grain == other.grain and follows(rule, weaker):
                _less(collector, of.id, other.id)
    for name, other in _SAME.items():
        _less(collector, name, other, 0, _told_alike(collector, name, other))


def _amounts(collector: Collector, years: Iterable[int]) -> tuple[Amounts, Amounts]:
    """Unexcused hours and days, and all, as the heat map and the tiles show them."""
    unexcused: dict[tuple[str, str], dict[date, float]] = defaultdict(lambda: defaultdict(float))
    every: dict[tuple[str, str], dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for start_year in years:
        for grain, names in _AMOUNTS.items():
            for name in names:
                for count in figure(collector.store, name, Period(start_year, "year"), collector.scope).counts:
                    if count.reports and count.month:
                        every[grain, count.school][count.month] += count.n or 0
                        if name == names[0]:
                            unexcused[grain, count.school][count.month] += count.n or 0
    return unexcused, every


def _by_hours(of: Metric, rule: Rule, cell: Cell, unexcused: Amounts, every: Amounts) -> Iterator[Row]:
    """As many are over a threshold of hours as the hours hold it."""
    month, least = cell.time, _least(rule)
    assert isinstance(month, date)
    here = unexcused.get((of.grain, str(cell.school)), {})
    if rule.measure in ("month_unexcused", "jump", "rise"):
        months = [month]
    elif rule.measure == "term_unexcused":
        months = [m for m in here if term_of_month(m) == term_of_month(month) and m <= month]
    elif rule.measure in ("year_unexcused", "absent_share"):
        months = [m for m in here if school_year_of_month(m) == school_year_of_month(month) and m <= month]
    else:
        return
    if rule.measure == "absent_share":
        here, least = every.get((of.grain, str(cell.school)), {}), 1.0
    if any(m in here for m in months):
        most = int(sum(here.get(m, 0) for m in months) // least)
        yield Row(((cell, 1),), 0, most, f"{rule.words}: толкова са в {sum(here.get(m, 0) for m in months):g}")


def _least(rule: Rule) -> float:
    """The smallest amount that is over."""
    return rule.value if rule.operator == ">=" else rule.value + _STEP


def follows(rule: Rule, weaker: Rule) -> bool:
    """Whether every child over a rule is over the weaker one."""
    if rule.operator == "<" or rule.unit != weaker.unit or rule.id == weaker.id:
        return False
    if rule.measure == weaker.measure:
        return _least(rule) >= _least(weaker)
    sizes = _SIZES.get(rule.measure), _SIZES.get(weaker.measure)
    return None not in sizes and sizes[0] < sizes[1] and _least(rule) >= _least(weaker)  # ty: ignore


def _told_alike(collector: Collector, name: str, other: str) -> set[object]:
    """The months in which the oblast's numbers are the same: where they are not, somewhere they differ."""
    shown = collector.reached.known.shown
    whole = [cell for cell in shown if cell.metric == name and not cell.is_below and cell.known_at == collector.name]
    return {cell.time for cell in whole if shown.get(cell._replace(metric=other)) == shown[cell]}


def _less(
    collector: Collector, name: str, other: str, most: int = UNKNOWN, times: Collection[object] | None = None
) -> None:
    """At some times one number is at most another, and at most so far from it."""
    known = collector.reached.known
    why = f"{metric(name).name}: сред тези на „{metric(other).name}“"
    for cell in [*known.bounds]:
        weaker = cell._replace(metric=other)
        is_here = cell.metric == name and cell.known_at == collector.name and weaker in known.bounds
        if is_here and (times is None or cell.time in times):
            collector.reached.suppose(Row(((weaker, 1), (cell, -1)), 0, most, why))
