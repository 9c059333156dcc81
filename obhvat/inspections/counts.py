"""What is counted of checks by school: the rows of the metrics of findings, the diary, repeats and plans.

Every answer has one row a school that had to be checked: municipality, school, n, d (of how many), reports (whether
anybody sent checks of the period at all).
"""

from __future__ import annotations

import pandas as pd

from obhvat.inspections.checks import schools_of
from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import UNDONE, findings
from obhvat.inspections.repeats import repeats
from obhvat.periods import month_of
from obhvat.scope import Scope, Window
from obhvat.scope.days import checks_day
from obhvat.store import Store


def finding_counts(
    store: Store, window: Window, *, undone: bool = False, overdue: bool = False, category: str = ""
) -> pd.DataFrame:
    """Findings of the period's checks as they stand on the day checks are looked at, of all of them: those that are
    not done, those whose deadline has passed, those of a category."""
    day = window.day or checks_day(store, window.last, window.known_at)
    rows = findings(store, window.period, Scope(known_at=window.known_at), day)
    chosen = pd.Series(True, index=rows.index)
    if undone:
        chosen &= rows["state"].isin(UNDONE)
    if overdue:
        chosen &= rows["state"] == "overdue"
    if category:
        chosen &= rows["category"] == category
    return _by_school(store, window, rows["school"], chosen)


def repeat_counts(store: Store, window: Window, why: str = "") -> pd.DataFrame:
    """Repeated checks of the period, of all of them; with `why`, those for this reason (a key of repeats.WHY)."""
    rows = repeats(store, window.period, Scope(known_at=window.known_at))
    rows = rows[rows["date"] <= pd.Timestamp(window.last)]
    return _by_school(store, window, rows["school"], (rows["why"] == why) | (not why))


def diary_pupils(store: Store, window: Window, what: str) -> pd.DataFrame:
    """Pupils where they were counted in class: `absent`, `absent_recorded` in the diary, and the `gap` of the two, of
    all enrolled. The gap is below zero where the diary has more."""
    rows = _counted_in_class(store, window).set_index("school")
    rows["absent"] = rows["enrolled"] - rows["present"]
    schools = _schools(store, window)
    answer = schools.assign(
        n=schools["school"].map(rows[what]).fillna(0).astype(int),
        d=schools["school"].map(rows["enrolled"]).fillna(0).astype(int),
    )
    # Where nobody was counted nothing is known.
    answer["reports"] = answer["reports"] & answer["school"].isin(rows.index)
    return answer[["municipality", "school", "n", "d", "reports"]]


def diary_schools(store: Store, window: Window) -> pd.DataFrame:
    """Schools that leave absent pupils out of the diary, of those where pupils were counted."""
    rows = _counted_in_class(store, window)
    return _by_school(store, window, rows["school"], rows["flagged"].astype(bool))


def _counted_in_class(store: Store, window: Window) -> pd.DataFrame:
    """Schools where somebody counted, with figures that can be."""
    return diary_gap(store, window.period, Scope(known_at=window.known_at), window.day).dropna(subset="gap")


def _schools(store: Store, window: Window) -> pd.DataFrame:
    """municipality, school and reports of the schools that had to be checked. The frame is shared: do not change it."""
    sql = "select count(*) > 0 from live_slices('inspections', $known_at) where period between $month and $last"
    bound = {"known_at": window.known_at, "month": month_of(window.first), "last": window.last}

    def answer() -> pd.DataFrame:
        schools = schools_of(store, window.period, Scope(known_at=window.known_at))
        [(is_sent,)] = store.rows(sql, bound)
        columns = {"municipality": schools["municipality"], "school": schools["code"], "reports": bool(is_sent)}
        return pd.DataFrame(columns)

    return store.kept(("schools of checks", window.period, window.last), window.known_at, answer)


def _by_school(store: Store, window: Window, of_rows: pd.Series, is_counted: pd.Series) -> pd.DataFrame:
    """The rows counted by their school; `is_counted` says which of them are n, d is all."""
    schools = _schools(store, window)
    n, d = of_rows[is_counted].value_counts(), of_rows.value_counts()
    return schools.assign(
        n=schools["school"].map(n).fillna(0).astype(int), d=schools["school"].map(d).fillna(0).astype(int)
    )[["municipality", "school", "n", "d", "reports"]]
