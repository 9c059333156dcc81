"""What a school's pupils were marked: terms and external exams, beside the oblast's average."""

from __future__ import annotations

import pandas as pd

from obhvat.periods import Period
from obhvat.resources import read_sql
from obhvat.scope import Scope, asked
from obhvat.store import Store


def school_results(store: Store, school: str, period: Period, scope: Scope = Scope()) -> pd.DataFrame:
    """One row a subject of a term or an exam of the school years up to the period's, the newest first: school_year,
    exam (a code of the dataset `results`), subject, examined (pupils of the school), average, oblast (the average of
    everyone whose marks were sent). Marks from 2 to 6; an exam of НВО in points.

    A school without results has no rows. Exams are `term1`, `term2`, `year`, `nvo4`, `nvo7`, `nvo10` and `dzi`.
    """
    known = {"known_at": scope.moment, "last": period.last, "school": school}
    return asked(store, read_sql("metrics/sql/school_results.sql"), known).copy()
