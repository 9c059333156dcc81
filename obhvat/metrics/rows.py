"""Where the rows of a figure come from: a query of this package, or a function of those below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from obhvat.cases.counts import case_counts, child_counts, ladder_counts, reason_counts, step_counts
from obhvat.indicators.counts import flag_counts
from obhvat.indicators.months import over_threshold, submissions
from obhvat.inspections.counts import (
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
from obhvat.scope import Window, asked_of_institutions
from obhvat.store import Store

FUNCTIONS: Mapping[str, Callable[..., pd.DataFrame]] = MappingProxyType(
    {
        "cases": case_counts,
        "children": child_counts,
        "ladder": ladder_counts,
        "reasons": reason_counts,
        "steps": step_counts,
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


def rows_of(store: Store, metric: Metric, window: Window) -> pd.DataFrame:
    """The rows of the oblast: municipality, school, n, d, reports; for monthly metrics also month.

    The frame is shared: do not change it.
    """
    if metric.function:
        return FUNCTIONS[metric.function](store, window, **metric.parameters)
    return asked_of_institutions(store, f"metrics/sql/{metric.sql}.sql", window, **metric.parameters)
