"""Who sent what: how the absences of every institution stand, month by month."""

from __future__ import annotations

import pandas as pd

from obhvat.periods import Period
from obhvat.scope import Scope, Window, asked_of_institutions, inside
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


def unsigned(store: Store, window: Window) -> pd.DataFrame:
    """One row an institution's month that somebody has sent: municipality, school, month, n (1 when its absences were
    submitted and not signed), d, reports."""
    rows = _states(store, window)
    rows = rows[rows["state"] != "ahead"]
    n = (rows["state"] == "unsigned").astype(int)
    return rows[["municipality", "school", "month"]].assign(n=n, d=1, reports=True)


def every_month(store: Store, window: Window) -> pd.DataFrame:
    """One row a school: municipality, school, n (1 when no month that anybody sent is missing), d, reports."""
    rows = _states(store, window)
    rows = rows[(rows["level"] == "school") & (rows["state"] != "ahead")]
    is_missing = rows["state"].eq("missing").groupby([rows["municipality"], rows["school"]]).any()
    return (~is_missing).astype(int).rename("n").reset_index().assign(d=1, reports=True)
