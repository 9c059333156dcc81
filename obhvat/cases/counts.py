"""What is counted of cases and of work on them, by municipality and school: the rows of the metrics of cases.

Every answer has a count for each municipality and school last attended ('' when it is not known): n, of how many, and
whether anybody sent a register of it. A school of a municipality that sent its register and that no case is of has
zero, not none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import pandas as pd

from obhvat.cases.conflicts import conflicts
from obhvat.cases.durations import What, spans, watch
from obhvat.cases.ladder import CASE, REACHED, is_after_study, ladder
from obhvat.cases.reconcile import REJECTED, counted
from obhvat.cases.register import actions, case_registers, cases, of_period, step_registers
from obhvat.cases.same_child import same_child
from obhvat.cases.stayed import OUTCOMES, repeat_dropouts, returned
from obhvat.cases.work import measures_taken, rounds, steps, visited
from obhvat.ingest.checking.waiting import steps_by_case
from obhvat.scope import Count, Scope, Window, inside, open_institutions
from obhvat.scope.days import cases_day
from obhvat.store import Store

_PLACE = ["municipality", "school"]
_Tallies = Mapping[Hashable, Counter[tuple[str, str]]]
"""What is counted → how often at each place. Of many metrics that count the same rows each takes its own."""


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
    every = actions(store, window.last, window.known_at)
    rows = every[every["kind"].isin(kinds) & (every["date"] >= pd.Timestamp(window.first))]
    if in_cases:
        rows = rows.drop_duplicates(CASE)
    chosen = is_after_study(rows, every) if after_study else pd.Series(True, index=rows.index)
    reporting = step_registers(store, window.first, window.last, window.known_at)
    return _by_place(store, window, rows, chosen, reporting)


def part_counts(store: Store, window: Window, institution: str) -> list[Count]:
    """Steps in the period in which an institution took part, of all steps. Of a step of several each has one."""

    def answer() -> _Tallies:
        rows = steps(store, window)
        return _tallied(_places(rows), rows["institutions"]) | {"": Counter(_places(rows))}

    tallies = _kept(store, window, "steps of institutions", answer)
    reporting = step_registers(store, window.first, window.last, window.known_at)
    return _counts(store, window, tallies.get(institution, Counter()), tallies[""], reporting)


def visited_counts(store: Store, window: Window, outcome: Literal["reached", "returned"]) -> list[Count]:
    """Cases visited in the period whose family was reached at a visit, of those whose visits tell of a contact; or with
    the child returned since the first visit, of those of which it is known."""
    rows = visited(store, window)
    rows = rows[rows["has_end" if outcome == "returned" else "tells"]]
    reporting = step_registers(store, window.first, window.last, window.known_at)
    return _by_place(store, window, rows, rows[f"is_{outcome}"], reporting)


def round_counts(
    store: Store, window: Window, of: Literal["", "addresses", "found", "returned"] = "", institution: str = ""
) -> list[Count]:
    """Rounds of the period by municipality, with an institution those it took part in; or the addresses visited in
    them, or the children found or returned, of the addresses of the rounds that say how many."""
    walked = rounds(store, window)
    places = dict.fromkeys(open_institutions(store, window)["municipality"])
    if walked is None:
        return [Count(place, "", 0, None, False) for place in places]
    if institution:
        took_part = [institution in _names(names) for names in walked["institutions"]]
        walked = walked[pd.Series(took_part, index=walked.index, dtype=bool)]
    places |= dict.fromkeys(walked["municipality"])
    is_of_children = of in ("found", "returned")
    if is_of_children:
        walked = walked.dropna(subset=[of])
    sums = walked.assign(n=walked[of] if of else 1).groupby("municipality")[["n", "addresses"]].sum().astype("int64")
    n, d = sums["n"].to_dict(), sums["addresses"].to_dict()
    if is_of_children:
        # Where no round says how many, it is not known: not zero.
        return [Count(place, "", n.get(place, 0), d.get(place, 0), place in n) for place in places]
    return [Count(place, "", n.get(place, 0), None, True) for place in places]


def measure_counts(store: Store, window: Window, of: Literal["reports", "acts", "penalties", "stopped"]) -> list[Count]:
    """Measures of a kind that municipalities told of for the months of the period: what nobody told is not zero."""
    rows = measures_taken(store, window)
    n = rows[rows["kind"] == of].set_index("municipality")["n"].to_dict()
    places = dict.fromkeys([*open_institutions(store, window)["municipality"], *n])
    return [Count(place, "", n.get(place, 0), None, place in n) for place in places]


def return_counts(store: Store, window: Window, outcome: str, days: int | str = 30) -> list[Count]:
    """Cases whose child was ever returned, by what is known so many days after: `stayed`, `left`, `unknown`,
    `too_early`, of all that can be followed; or `unlinked`, those that cannot."""
    day = _day(store, window)

    def answer() -> _Tallies:
        rows = returned(store, day, window.known_at)
        return _tallied(_places(rows), zip(zip(rows["days"], rows["outcome"], strict=True)))

    tallies = _kept(store, window, ("returns", day), answer)
    of_days = {one: tallies.get((int(days), one), Counter()) for one in (*OUTCOMES, "unlinked")}
    followed = sum((of_days[one] for one in OUTCOMES), Counter[tuple[str, str]]())
    reporting = case_registers(store, window.first, day, window.known_at)
    return _counts(store, window, of_days[outcome], followed, reporting)


def repeat_dropout_counts(store: Store, window: Window) -> list[Count]:
    """Repeated cases on a day: those that say so, and those in work whose child was returned before."""
    day = _day(store, window)
    rows = repeat_dropouts(store, day, window.known_at, Scope())
    return _of_cases(store, window, rows, pd.Series(True, index=rows.index), day)


def duration_counts(
    store: Store, window: Window, what: What, part: Literal["watched", "waiting", "untold"] = "watched"
) -> list[Count]:
    """Cases ever said up to a day of which a duration is told, and those left out of it (`untold`), of all of them; or
    those in which it has not happened (`waiting`), of those of which it is told."""
    day = _day(store, window)

    def answer() -> _Tallies:
        rows = spans(store, day, window.known_at)
        watched = watch(rows, what)
        parts = pd.Series("untold", index=rows.index)
        parts[watched.index] = watched["happened"].map({True: "happened", False: "waiting"})
        return _tallied(_places(rows), zip(parts))

    tallies = _kept(store, window, ("durations", what, day), answer)
    happened, waiting, untold = (tallies.get(one, Counter()) for one in ("happened", "waiting", "untold"))
    watched = happened + waiting
    n = {"watched": watched, "waiting": waiting, "untold": untold}[part]
    reporting = case_registers(store, window.first, day, window.known_at)
    return _counts(store, window, n, watched if part == "waiting" else watched + untold, reporting)


@dataclass(frozen=True)
class Questions:
    """How much a person must settle about cases."""

    conflicts: int
    children: int
    """With more than one case at the same time."""
    steps: int
    """That wait for their case, in the whole oblast."""


def open_questions(store: Store, day: date, known_at: datetime, municipality: str | None = None) -> Questions:
    """How much waits to be settled on a day, in the oblast or of a municipality: no row of a case."""
    scope = Scope(municipality)
    return Questions(
        len(inside(conflicts(store, day, known_at), scope)),
        int(inside(same_child(store, day, known_at), scope)["child"].nunique()),
        int(steps_by_case(store, known_at)["n"].sum()),
    )


def _kept(store: Store, window: Window, about: Hashable, answer: Callable[[], _Tallies]) -> _Tallies:
    """What was counted of a window's rows, once for all metrics that count them."""
    return store.kept_of_data(("tallies", about, window.first, window.last), window.known_at, answer)


def _tallied(places: Iterable[tuple[str, str]], named: Iterable[object]) -> dict[Hashable, Counter[tuple[str, str]]]:
    """The rows counted by each of the things that they are named by, and by place."""
    tallies: dict[Hashable, Counter[tuple[str, str]]] = {}
    for place, names in zip(places, named, strict=True):
        for name in _names(names):
            tallies.setdefault(name, Counter())[place] += 1
    return tallies


def _names(names: object) -> frozenset[Hashable]:
    """Those named in a list, each once; nobody where it is missing."""
    return frozenset(names) if isinstance(names, Iterable) else frozenset()


def _day(store: Store, window: Window) -> date:
    return cases_day(store, window.period, window.known_at, window.day)


def _of_cases(store: Store, window: Window, rows: pd.DataFrame, chosen: pd.Series, day: date) -> list[Count]:
    """The same of cases as they stand on a day."""
    return _by_place(store, window, rows, chosen, case_registers(store, window.first, day, window.known_at))


def _by_place(
    store: Store, window: Window, rows: pd.DataFrame, chosen: pd.Series, reporting: frozenset[str]
) -> list[Count]:
    """The rows counted by place: n are those chosen, d is all."""
    return _counts(store, window, Counter(_places(rows[chosen])), Counter(_places(rows)), reporting)


def _counts(
    store: Store,
    window: Window,
    n: Counter[tuple[str, str]],
    d: Counter[tuple[str, str]],
    reporting: frozenset[str],
) -> list[Count]:
    """The counts of every institution, and of every place that anything is counted at."""
    institutions = open_institutions(store, window)
    places = dict.fromkeys([*zip(institutions["municipality"], institutions["code"], strict=True), *d])
    # What nobody can place was sent by somebody.
    return [
        Count(*place, n[place], d[place], place[0] in reporting or (not place[0] and d[place] > 0)) for place in places
    ]


def _places(rows: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(*(rows[column].fillna("") for column in _PLACE), strict=True)
