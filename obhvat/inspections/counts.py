"""What is counted of checks by school: the metrics of checks, findings, the diary, repeats and plans.

Every answer has a count for each school that had to be checked: n, of how many, and whether anybody sent checks of the
period at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import pandas as pd

from obhvat.inspections.checks import checks, schools_of
from obhvat.inspections.coverage import TIMES
from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import UNDONE, findings, standing
from obhvat.inspections.next_visits import planned_against_done
from obhvat.inspections.repeats import repeats
from obhvat.periods import Period, month_of
from obhvat.scope import Count, Scope, Window
from obhvat.scope.days import checks_day
from obhvat.store import Store


def check_counts(
    store: Store, window: Window, kinds: Sequence[str], rounds: Literal["any", "with", "without"]
) -> list[Count]:
    """Checks of these kinds, of all of them: any, or those that went with a round or without one."""
    made = _made(store, window)
    made = made[made["kind"].isin(kinds)]
    chosen = made if rounds == "any" else made[made["with_round"] == (rounds == "with")]
    return _by_school(store, window, chosen["school"], made["school"])


def checked_schools(store: Store, window: Window, kinds: Sequence[str], at_least: int) -> list[Count]:
    """Schools with at least so many checks of these kinds, of all schools."""
    made = _made(store, window)
    times = Counter(made.loc[made["kind"].isin(kinds), "school"])
    return _of_schools(store, window, lambda school: times[school] >= at_least)


def checked_times(store: Store, window: Window, times: str, *, in_checks: bool = False) -> list[Count]:
    """Schools that were checked so often (a key of TIMES), of all; with `in_checks` the checks in them, of all."""
    made = Counter(_made(store, window)["school"])

    def is_counted(school: str) -> bool:
        return min(made[school], len(TIMES) - 1) == int(times)

    if not in_checks:
        return _of_schools(store, window, is_counted)
    return _counts(store, window, {school: n for school, n in made.items() if is_counted(school)}, made)


def first_checks(store: Store, window: Window) -> list[Count]:
    """Schools whose first check of the school year is in the window, of all."""
    year = Window(Period(window.period.start_year, "year"), window.known_at, window.last)
    firsts = _made(store, year).groupby("school")["date"].min()
    inside = set(firsts.index[firsts >= pd.Timestamp(window.first)])
    return _of_schools(store, window, inside.__contains__)


def finding_counts(
    store: Store,
    window: Window,
    *,
    undone: bool = False,
    overdue: bool = False,
    category: str = "",
    ever: bool = False,
) -> list[Count]:
    """Findings of the period's checks as they stand on the day checks are looked at, of all of them: those that are
    not done, those whose deadline has passed, those of a category. With `ever`, of all checks up to the day."""
    day = window.day or checks_day(store, window.last, window.known_at)

    def answer() -> Counter[tuple[str, str, str]]:
        if ever:
            rows = standing(checks(store, window.known_at), day)
        else:
            rows = findings(store, window.period, Scope(known_at=window.known_at), day)
        return Counter(zip(rows["school"], rows["state"], rows["category"], strict=True))

    asked = ("findings counted", None if ever else window.period, day)
    chosen, every = Counter[str](), Counter[str]()
    for (school, state, of), n in store.kept_of_data(asked, window.known_at, answer).items():
        every[school] += n
        if (state in UNDONE or not undone) and (state == "overdue" or not overdue) and category in ("", of):
            chosen[school] += n
    return _counts(store, window, chosen, every)


def repeat_counts(store: Store, window: Window, why: str = "", *, in_schools: bool = False) -> list[Count]:
    """Repeated checks of the period, of all of them; with `why`, those for this reason (a key of repeats.WHY); with
    `in_schools` the schools that had one, of all schools."""
    rows = repeats(store, window.period, Scope(known_at=window.known_at))
    rows = rows[rows["date"] <= pd.Timestamp(window.last)]
    chosen = rows[rows["why"] == why] if why else rows
    if in_schools:
        return _of_schools(store, window, set(chosen["school"]).__contains__)
    return _by_school(store, window, chosen["school"], rows["school"])


def plan_counts(store: Store, window: Window, state: str = "") -> list[Count]:
    """Planned visits of the weeks that begin in the window, of all of them; with `state`, those that ended so (a key of
    next_visits.STATES). They report when any plan was saved."""
    rows = planned_against_done(store, window.period, window.known_at)
    rows = rows[rows["week"] <= window.last]
    d = Counter(zip(rows["municipality"], rows["school"], strict=True))
    chosen = rows[rows["state"] == state] if state else rows
    n = Counter(zip(chosen["municipality"], chosen["school"], strict=True))
    # A school that has closed since stays in the plans it was in.
    places = dict.fromkeys([*_schools(store, window)[0], *d])
    return [Count(*place, n[place], d[place], len(rows) > 0) for place in places]


def diary_pupils(store: Store, window: Window, what: str) -> list[Count]:
    """Pupils where they were counted in class: `absent`, `absent_recorded` in the diary, and the `gap` of the two, of
    all enrolled. The gap is below zero where the diary has more. Where nobody was counted nothing is known."""
    rows = _counted_in_class(store, window)
    amount = rows["enrolled"] - rows["present"] if what == "absent" else rows[what]
    n = dict(zip(rows["school"], amount.astype(int), strict=True))
    d = dict(zip(rows["school"], rows["enrolled"].astype(int), strict=True))
    counts = _counts(store, window, n, d)
    return [count._replace(reports=count.reports and count.school in d) for count in counts]


def diary_schools(store: Store, window: Window) -> list[Count]:
    """Schools that leave absent pupils out of the diary, of those where pupils were counted."""
    rows = _counted_in_class(store, window)
    return _by_school(store, window, rows.loc[rows["flagged"].astype(bool), "school"], rows["school"])


def diary_checks(store: Store, window: Window) -> list[Count]:
    """Checks where pupils were counted with figures that can be, of all where they were counted."""
    rows = diary_gap(store, window.period, Scope(known_at=window.known_at), window.day)
    n = dict(zip(rows["school"], rows["n_checks"], strict=True))
    d = dict(zip(rows["school"], rows["n_checks"] + rows["n_faulty"], strict=True))
    return _counts(store, window, n, d)


def _made(store: Store, window: Window) -> pd.DataFrame:
    """The checks of the window, wherever they were made."""

    def answer() -> pd.DataFrame:
        rows = checks(store, window.known_at)
        return rows[rows["date"].between(pd.Timestamp(window.first), pd.Timestamp(window.last))]

    return store.kept_of_data(("checks made", window.first, window.last), window.known_at, answer, daily=False)


def _counted_in_class(store: Store, window: Window) -> pd.DataFrame:
    """Schools where somebody counted, with figures that can be."""
    return diary_gap(store, window.period, Scope(known_at=window.known_at), window.day).dropna(subset="gap")


def _schools(store: Store, window: Window) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Municipality and code of the schools that had to be checked, and whether anybody sent checks."""
    sql = "select count(*) > 0 from live_slices('inspections', $known_at) where period between $month and $last"
    bound = {"known_at": window.known_at, "month": month_of(window.first), "last": window.last}

    def answer() -> tuple[tuple[tuple[str, str], ...], bool]:
        schools = schools_of(store, window.period, Scope(known_at=window.known_at))
        [(is_sent,)] = store.rows(sql, bound)
        return tuple(zip(schools["municipality"], schools["code"], strict=True)), is_sent

    return store.kept_of_data(("schools of checks", window.period, window.last), window.known_at, answer)


def _counts(store: Store, window: Window, n: Mapping[str, int], d: Mapping[str, int]) -> list[Count]:
    """School by school."""
    schools, is_sent = _schools(store, window)
    return [Count(*place, int(n.get(place[1], 0)), int(d.get(place[1], 0)), is_sent) for place in schools]


def _by_school(store: Store, window: Window, chosen: Iterable[str], every: Iterable[str]) -> list[Count]:
    """How often each school is among the chosen, of all."""
    return _counts(store, window, Counter(chosen), Counter(every))


def _of_schools(store: Store, window: Window, is_counted: Callable[[str], bool]) -> list[Count]:
    """The schools that are counted, of all."""
    schools, is_sent = _schools(store, window)
    return [Count(*place, int(is_counted(place[1])), 1, is_sent) for place in schools]
