"""What a school's pupils were marked: terms and external exams, beside the oblast's average."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.language import _
from obhvat.periods import Period
from obhvat.resources import read_sql
from obhvat.scope import Scope, asked
from obhvat.store import Store


def school_results(store: Store, school: str, period: Period, scope: Scope = Scope()) -> pd.DataFrame:
    """One row a subject of a term or an exam of the school years up to the period's, the newest first: school_year,
    exam (a code of the dataset `results`), subject, examined (pupils of the school), average, oblast (the average of
    everyone whose marks were sent), maximum (of how many points, null where nobody says). Marks from 2 to 6; an exam of
    НВО in points.

    A school without results has no rows. Exams are `term1`, `term2`, `year`, `nvo4`, `nvo7`, `nvo10` and `dzi`.
    """
    known = {"known_at": scope.moment, "newest_year": date(period.start_year, 9, 1), "school": school}
    return asked(store, read_sql("metrics/sql/school_results.sql"), known).copy()


def on_one_scale(results: pd.DataFrame) -> pd.DataFrame:
    """Rows of `school_results` whose averages of one exam may be read one beside another, with a column `scale`: „от 65
    т.“ as they are; „% от 65 т.“ where years have different maxima, average and oblast then in percent; „не се знае от
    колко т.“ where a year says none and another does; empty for marks."""
    rows = results.assign(scale="")
    for exam, years in rows.groupby("exam")["maximum"]:
        known = years.dropna().unique()
        if len(known) == 0:
            continue
        of_exam = rows["exam"] == exam
        points = rows["maximum"].where(of_exam)
        is_known = points.notna()
        words = _("от ") + points[is_known].astype(int).astype(str) + _(" т.")
        if len(known) > 1:
            words = "% " + words
            for column in ("average", "oblast"):
                rows.loc[is_known, column] = 100 * rows[column] / points
        rows.loc[is_known, "scale"] = words
        rows.loc[of_exam & ~is_known, "scale"] = _("не се знае от колко т.")
    return rows
