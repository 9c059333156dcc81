"""What is counted of cases and of work on them, by municipality and school: the rows of the metrics of cases.

Every answer has a count for each municipality and school last attended ('' when it is not known): n, of how many, and
whether anybody sent a register of it. A school of a municipality that sent its register and that no case is of has
zero, not none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from obhvat.cases.ladder import CASE, REACHED, is_after_study, ladder
from obhvat.cases.reconcile import REJECTED, counted
from obhvat.cases.register import actions, case_registers, cases, of_period, step_registers
from obhvat.scope import Count, Window, open_institutions
from obhvat.scope.days import cases_day
from obhvat.store import Store

_PLACE = ["municipality", "school"]


def case_counts(store: Store, window: Window, groups: Sequence[str]) -> list[Count]:
    """Cases of the period in groups of statuses, of all and of the lines that were not accepted."""
    day = _day(store, window)
    rows = counted(store, window.period, window.known_at, day)
    return _of_cases(store, window, rows, rows["group"].isin(groups), day)


def child_counts(store: Store, window: Window, *, in_work: bool = False) -> list[Count]:
    """Children in the cases of the period, each once, and in the lines that were not accepted; with `in_work` those
    with a case in work, of all. A child of several cases is where its newest is, of those in work if there are any."""
    day = _day(store, window)
    rows = of_period(cases(store, day, window.known_at), window.period)
    rows = rows.assign(in_work=rows["status_group"] == "in_work").sort_values(["in_work", "opened_on", "number"])
    children = rows.drop_duplicates("child", keep="last")[[*_PLACE, "in_work"]]
    lines = counted(store, window.period, window.known_at, day)
    lines = lines[lines["part"] == REJECTED].assign(in_work=False)[[*_PLACE, "in_work"]]
    rows = pd.concat([children, lines], ignore_index=True)
    return _of_cases(store, window, rows, rows["in_work"].astype("bool") | (not in_work), day)


def ladder_counts(
    store: Store,
    window: Window,
    *,
    overdue: bool = False,
    uncontacted: bool = False,
    days: int = 0,
    rung: str = "",
    owner: str = "",
) -> list[Count]:
    """Cases in work, of all in work: with an overdue next step, without an action for that many days or more, whose
    family nobody reached, that stand on a rung, that wait for an institution."""
    day = _day(store, window)
    rows = ladder(store, day, window.known_at)
    chosen = rows["quiet_days"] >= days
    if overdue:
        chosen &= rows["late"] > 0
    if uncontacted:
        chosen &= ~rows["best_contact"].isin(REACHED)
    if rung:
        chosen &= rows["step"] == rung
    if owner:
        chosen &= rows["owner"] == owner
    return _of_cases(store, window, rows, chosen, day)


def reason_counts(store: Store, window: Window, reason: str = "") -> list[Count]:
    """Cases of the period that say a reason of the ministry's list, of all; without one, those that say none."""
    day = _day(store, window)
    rows = of_period(cases(store, day, window.known_at), window.period)
    chosen = rows["reason"] == reason if reason else rows["reason"].isna()
    return _of_cases(store, window, rows, chosen, day)


def step_counts(
    store: Store, window: Window, kinds: Sequence[str], *, after_study: bool = False, in_cases: bool = False
) -> list[Count]:
    """Steps of these kinds in the period, of all of them; with `after_study` those with a study of the case before;
    with `in_cases` the different cases they were in."""
    rows = actions(store, window.last, window.known_at)
    every = rows
    rows = rows[rows["kind"].isin(kinds) & (rows["date"] >= pd.Timestamp(window.first))]
    if in_cases:
        rows = rows.drop_duplicates(CASE)
    chosen = is_after_study(rows, every) if after_study else pd.Series(True, index=rows.index)
    reporting = step_registers(store, window.first, window.last, window.known_at)
    return _by_place(store, window, rows, chosen, reporting)


def _day(store: Store, window: Window) -> date:
    return cases_day(store, window.period, window.known_at, window.day)


def _of_cases(store: Store, window: Window, rows: pd.DataFrame, chosen: pd.Series, day: date) -> list[Count]:
    """The same of cases as they stand on a day."""
    return _by_place(store, window, rows, chosen, case_registers(store, window.first, day, window.known_at))


def _by_place(
    store: Store, window: Window, rows: pd.DataFrame, chosen: pd.Series, reporting: frozenset[str]
) -> list[Count]:
    """The rows counted by place: n are those chosen, d is all."""
    institutions = open_institutions(store, window)
    n, d = Counter(_places(rows[chosen])), Counter(_places(rows))
    places = dict.fromkeys([*zip(institutions["municipality"], institutions["code"], strict=True), *d])
    # What nobody can place was sent by somebody.
    return [
        Count(*place, n[place], d[place], place[0] in reporting or (not place[0] and d[place] > 0)) for place in places
    ]


def _places(rows: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(*(rows[column].fillna("") for column in _PLACE), strict=True)
