"""Where the rows of a figure come from: a query of this package, or a function of those below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from obhvat.cases.counts import (
    case_counts,
    child_counts,
    duration_counts,
    ladder_counts,
    measure_counts,
    part_counts,
    reason_counts,
    repeat_dropout_counts,
    return_counts,
    round_counts,
    step_counts,
    visited_counts,
)
from obhvat.indicators.counts import flag_counts
from obhvat.indicators.months import over_threshold, submissions
from obhvat.inspections.counts import (
    check_counts,
    checked_schools,
    checked_times,
    diary_checks,
    diary_pupils,
    diary_schools,
    finding_counts,
    first_checks,
    plan_counts,
    repeat_counts,
)
from obhvat.metrics.metric import Metric
from obhvat.metrics.submission_months import every_month, unsigned
from obhvat.scope import Count, Window, counts_of_institutions
from obhvat.store import Store

FUNCTIONS: Mapping[str, Callable[..., Sequence[Count]]] = MappingProxyType(
    {
        "cases": case_counts,
        "children": child_counts,
        "ladder": ladder_counts,
        "reasons": reason_counts,
        "steps": step_counts,
        "parts": part_counts,
        "rounds": round_counts,
        "measures": measure_counts,
        "visited": visited_counts,
        "returns": return_counts,
        "repeat_dropouts": repeat_dropout_counts,
        "durations": duration_counts,
        "checks": check_counts,
        "checked": checked_schools,
        "checked_times": checked_times,
        "first_checks": first_checks,
        "findings": finding_counts,
        "repeats": repeat_counts,
        "plans": plan_counts,
        "diary_checks": diary_checks,
        "diary_pupils": diary_pupils,
        "diary_schools": diary_schools,
        "flags": flag_counts,
        "over_threshold": over_threshold,
        "submissions": submissions,
        "every_month": every_month,
        "unsigned": unsigned,
    }
)


def counts_of(store: Store, metric: Metric, window: Window) -> Sequence[Count]:
    """What a metric counts at each place of the oblast, in each month if it is monthly."""
    if metric.function:
        return FUNCTIONS[metric.function](store, window, **metric.parameters)
    return counts_of_institutions(store, f"metrics/sql/{metric.sql}.sql", window, **metric.parameters)
