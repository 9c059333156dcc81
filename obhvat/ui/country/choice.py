"""What is compared: the month, and the figure of the funnel."""

from __future__ import annotations

from datetime import date

import streamlit as st

from obhvat.country.compared import Compared, compared
from obhvat.language import _
from obhvat.metrics import metric
from obhvat.periods import month_label
from obhvat.store import Store
from obhvat.ui.filters import read_in_either_language

COMPARED = {
    "pupils_over_threshold": False,
    "children_over_threshold": False,
    "cases_overdue": False,
    "schools_inspected": True,
    "findings_overdue": False,
    "submissions": False,
}
"""Shares that oblasts are compared by → whether of the school year so far, else of the month."""
NEED, WORK = "pupils_over_threshold", "schools_inspected"
"""How many pupils are over the threshold, and of the schools how many were inspected."""
CASES, VISITS = "cases_in_work", "visits"
"""By how many cases are in work it is expected how many visits there are."""
TOTALS = (CASES, NEED, WORK, VISITS)
SO_FAR = frozenset(name for name, so_far in COMPARED.items() if so_far)
"""What is counted from the beginning of the school year."""


def choose(months: list[date]) -> tuple[date, str]:
    """Draw the filters: the month and the figure."""
    left, right, _rest = st.columns([1, 2, 2], vertical_alignment="bottom")
    by_key = {f"{month:%Y-%m}": month for month in months}

    def month_words(key: str) -> str:
        return month_label(by_key[key])

    read_in_either_language("month", by_key, month_words)
    read_in_either_language("figure", COMPARED, _name)
    chosen = left.selectbox(_("Месец"), [*by_key], format_func=month_words, key="month", bind="query-params")
    name = right.selectbox(_("Сравняват се по"), [*COMPARED], format_func=_name, key="figure", bind="query-params")
    return by_key[chosen or f"{months[0]:%Y-%m}"], name or NEED


def _name(metric_id: str) -> str:
    return metric(metric_id).name


def found(store: Store, metric_id: str, month: date) -> Compared:
    """A figure of all oblasts, of the time it is compared for."""
    return compared(store, metric_id, month, so_far=metric_id in SO_FAR)
