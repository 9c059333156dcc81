"""How many children a rule flags, by school: the rows of the metrics of risk."""

from __future__ import annotations

import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import is_known, is_over, is_unlisted
from obhvat.indicators.measures import measures
from obhvat.periods import next_month
from obhvat.scope import Window, open_institutions
from obhvat.scope.days import newest_month_of
from obhvat.store import Store

# Who can have children that a rule sees.
_LEVELS = {"hours": ("school",), "days": ("kindergarten",), None: ("school", "kindergarten")}
_COLUMNS = ["municipality", "school", "month", "n", "d", "reports"]


def flag_counts(store: Store, window: Window, rule: Rule) -> pd.DataFrame:
    """One row an institution in the newest month of the window with absences: municipality, school, month, n (children
    over the rule's threshold), d (of whom it is known, null where a list is missing), reports (whether it is known of
    anybody)."""
    month = newest_month_of(store, window)
    places = open_institutions(store, window).rename(columns={"code": "school"})
    places = places[places["level"].isin(_LEVELS[rule.of_unit])]
    if month is None:
        return places.assign(month=pd.Timestamp(window.months[0]), n=0, d=0, reports=False)[_COLUMNS]
    first, after = pd.Timestamp(month), pd.Timestamp(next_month(month))
    # NaT compares as false: who has no such day was there before and is after.
    places = places[~(places["closed_on"] <= first) & ~(places["opened_on"] >= after)]
    measured = measures(store, month, window.known_at)
    of_schools = (
        measured["school"][which(measured, rule)].value_counts() for which in (is_over, is_known, is_unlisted)
    )
    n, d, unlisted = (places["school"].map(of_school).fillna(0).astype(int) for of_school in of_schools)
    reports = (d > 0) | (unlisted > 0)
    return places.assign(month=pd.Timestamp(month), n=n, d=d.where(unlisted == 0), reports=reports)[_COLUMNS]
