"""What is counted of checks by school: the rows of the metrics of findings, the diary, repeats and plans.

Every answer has one row a school that had to be checked: municipality, school, n, d (of how many), reports (whether
anybody sent checks of the period at all).
"""

from __future__ import annotations

import pandas as pd

from obhvat.inspections.checks import checks, of_period, schools_of
from obhvat.inspections.coverage import TIMES
from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import UNDONE, findings, standing
from obhvat.inspections.next_visits import planned_against_done
from obhvat.inspections.repeats import repeats
from obhvat.periods import Period, month_of
from obhvat.scope import Scope, Window
from obhvat.scope.days import checks_day
from obhvat.store import Store


def checked_times(store: Store, window: Window, times: str, *, in_checks: bool = False) -> pd.DataFrame:
    """Schools that were checked so often (a key of TIMES), of all; with `in_checks` the checks in them, of all."""
    made, schools = _made(store, window), _schools(store, window)
    n = schools["school"].map(made["school"].value_counts()).fillna(0).astype(int)
    is_counted = n.clip(upper=len(TIMES) - 1) == int(times)
    whole = n if in_checks else 1
    return schools.assign(n=whole * is_counted, d=whole)


def first_checks(store: Store, window: Window) -> pd.DataFrame:
    """Schools whose first check of the school year is in the window, of all."""
    year = Window(Period(window.period.start_year, "year"), window.known_at, window.last)
    made = _made(store, year)
    firsts = made.groupby("school")["date"].min()
    inside = firsts.index[firsts >= pd.Timestamp(window.first)]
    schools = _schools(store, window)
    return schools.assign(n=schools["school"].isin(inside).astype(int), d=1)


def finding_counts(
    store: Store,
    window: Window,
    *,
    undone: bool = False,
    overdue: bool = False,
    category: str = "",
    ever: bool = False,
) -> pd.DataFrame:
    """Findings of the period's checks as they stand on the day checks are looked at, of all of them: those that are
    not done, those whose deadline has passed, those of a category. With `ever`, of all checks up to the day."""
    day = window.day or checks_day(store, window.last, window.known_at)
    if ever:
        rows = standing(checks(store, window.known_at), day)
    else:
        rows = findings(store, window.period, Scope(known_at=window.known_at), day)
    chosen = pd.Series(True, index=rows.index)
    if undone:
        chosen &= rows["state"].isin(UNDONE)
    if overdue:
        chosen &= rows["state"] == "overdue"
    if category:
        chosen &= rows["category"] == category
    return _by_school(store, window, rows["school"], chosen)


def repeat_counts(store: Store, window: Window, why: str = "", *, in_schools: bool = False) -> pd.DataFrame:
    """Repeated checks of the period, of all of them; with `why`, those for this reason (a key of repeats.WHY); with
    `in_schools` the schools that had one, of all schools."""
    rows = repeats(store, window.period, Scope(known_at=window.known_at))
    rows = rows[rows["date"] <= pd.Timestamp(window.last)]
    answer = _by_school(store, window, rows["school"], (rows["why"] == why) | (not why))
    return answer.assign(n=(answer["n"] > 0).astype(int), d=1) if in_schools else answer


def plan_counts(store: Store, window: Window, state: str = "") -> pd.DataFrame:
    """Planned visits of the weeks that begin in the window, of all of them; with `state`, those that ended so (a key of
    next_visits.STATES). `reports` says whether any plan was saved."""
    rows = planned_against_done(store, window.period, window.known_at)
    rows = rows[rows["week"] <= window.last].assign(
        is_counted=lambda planned: (planned["state"] == state) | (not state)
    )
    sums = rows.groupby(["municipality", "school"], as_index=False).agg(n=("is_counted", "sum"), d=("week", "size"))
    # A school that has closed since stays in the plans it was in.
    places = _schools(store, window)[["municipality", "school"]].merge(sums, how="outer")
    return places.fillna({"n": 0, "d": 0}).astype({"n": int, "d": int}).assign(reports=len(rows) > 0)


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


def diary_checks(store: Store, window: Window) -> pd.DataFrame:
    """Checks where pupils were counted with figures that can be, of all where they were counted."""
    rows = diary_gap(store, window.period, Scope(known_at=window.known_at), window.day).set_index("school")
    schools = _schools(store, window)
    n, faulty = (schools["school"].map(rows[of]).fillna(0).astype(int) for of in ("n_checks", "n_faulty"))
    return schools.assign(n=n, d=n + faulty)


def _made(store: Store, window: Window) -> pd.DataFrame:
    """The checks of the window in schools that had to be checked."""
    schools = schools_of(store, window.period, Scope(known_at=window.known_at))
    return of_period(checks(store, window.known_at), schools, window.first, window.last)


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
