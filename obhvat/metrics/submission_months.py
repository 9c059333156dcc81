"""Who sent what: how the absences of every institution stand, month by month."""

from __future__ import annotations

import pandas as pd

from obhvat.periods import Period
from obhvat.scope import Count, Scope, Window, asked_of_institutions, inside
from obhvat.store import Store

# A school of so many pupils without a single unexcused hour in a month is suspicious, not excellent: checks in
# real schools found absences that were not entered (DESIGN §2 «Zero, missing, suppressed»).
LARGE = 20

# States in which something must be done, the gravest first.
TO_DO = ("missing", "doubled", "zeros", "unsigned")


def submission_months(store: Store, period: Period, scope: Scope = Scope()) -> pd.DataFrame:
    """One row an institution and month: municipality, school, name, settlement, level, month, state.

    `state` is submitted (the file is here), elsewhere (marked submitted in НЕИСПУО, the file is not here),
    declared (no absences), unsigned, zeros (no unexcused hour in a school of LARGE pupils or more), doubled
    (absences that looked doubled were confirmed), missing, or ahead (nobody has sent that month yet).
    """
    rows = inside(_states(store, Window(period, scope.moment)), scope)
    return rows.sort_values(["municipality", "level", "name", "school", "month"], ignore_index=True)


def _states(store: Store, window: Window) -> pd.DataFrame:
    return asked_of_institutions(store, "metrics/sql/submission_months.sql", window, large=LARGE)


def unsigned(store: Store, window: Window) -> list[Count]:
    """Of each institution's month that somebody has sent: n is 1 when its absences were submitted and not signed."""
    rows = _states(store, window)[["municipality", "school", "month", "state"]]
    return [
        Count(municipality, school, int(state == "unsigned"), 1, True, month.date())
        for municipality, school, month, state in rows.itertuples(index=False, name=None)
        if state != "ahead"
    ]


def every_month(store: Store, window: Window) -> list[Count]:
    """Of each school: n is 1 when no month that anybody sent is missing."""
    rows = _states(store, window)
    rows = rows.loc[(rows["level"] == "school") & (rows["state"] != "ahead"), ["municipality", "school", "state"]]
    counts: dict[tuple[str, str], int] = {}
    for municipality, school, state in rows.itertuples(index=False, name=None):
        place = municipality, school
        counts[place] = min(counts.get(place, 1), int(state != "missing"))
    return [Count(*place, n, 1, True) for place, n in counts.items()]
