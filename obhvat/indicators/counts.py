"""How many children a rule flags, by school: the rows of the metrics of risk."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import is_known, is_over
from obhvat.indicators.measures import measures
from obhvat.periods import next_month
from obhvat.scope import Window, open_institutions
from obhvat.scope.days import newest_month
from obhvat.store import Store

# Who can have children that a rule sees.
_LEVELS = {"hours": ("school",), "days": ("kindergarten",), None: ("school", "kindergarten")}
_COLUMNS = ["municipality", "school", "month", "n", "d", "reports"]


def flag_counts(store: Store, window: Window, rule: Rule) -> pd.DataFrame:
    """One row an institution in the newest month of the window with absences: municipality, school, month, n (children
    over the rule's threshold), d (of whom it is known), reports (whether it is known of anybody)."""
    last = min(window.last, next_month(window.months[-1]) - timedelta(days=1))
    month = newest_month(store, last, window.known_at)
    places = open_institutions(store, window).rename(columns={"code": "school"})
    places = places[places["level"].isin(_LEVELS[rule.of_unit])]
    if month is None or month not in window.months:
        return places.assign(month=pd.Timestamp(window.months[0]), n=0, d=0, reports=False)[_COLUMNS]
    measured = measures(store, month, window.known_at)
    over, known = (measured["school"][which(measured, rule)].value_counts() for which in (is_over, is_known))
    n, d = (places["school"].map(of_school).fillna(0).astype(int) for of_school in (over, known))
    return places.assign(month=pd.Timestamp(month), n=n, d=d, reports=d > 0)[_COLUMNS]
