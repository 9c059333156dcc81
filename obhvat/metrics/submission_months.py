"""Who sent what: how the absences of every institution stand, month by month."""

from __future__ import annotations

import pandas as pd

from obhvat.metrics.figures import Scope, _ask, _inside, _window
from obhvat.periods import Period
from obhvat.resources import read_sql
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
    institutions, states = read_sql("metrics/sql/institutions.sql"), read_sql("metrics/sql/submission_months.sql")
    sql = f"with institutions as ({institutions}) select * from ({states}) as states"
    rows = _ask(store, sql, {**_window(period, scope), "large": LARGE})
    return _inside(rows, scope).sort_values(["municipality", "level", "name", "month"], ignore_index=True)
