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
from typing import Any, Literal

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
from obhvat.scope import Count, Scope, Window, inside, places_of
from obhvat.scope.days import cases_day
from obhvat.store import Store

_PLACE = ["municipality", "school"]
_Tally = Counter[tuple[str, str]]
"""How often at each place: municipality and school."""
_Tallies = Mapping[Any, _Tally]
"""What is counted → how often at each place. Of many metrics that count the same rows each takes its own."""


def case_counts(store: Store, window: Window, groups: Sequence[str]) -> list[Count]:
    """Cases of the period in groups of statuses, of all and of the lines that were not accepted."""
    day = _day(store, window)

    def answer() -> _Tallies:
        rows = counted(store, window.period, window.known_at, day)
        return _tallied(_places(rows), zip(rows["group"]))

    tallies = _kept(store, window, ("cases", day), answer)
    return _of_cases(store, window, [tallies[group] for group in groups if group in tallies], tallies.values(), day)


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
    tallies = _tallied(_places(rows), zip(rows["in_work"]))
    chosen = [tally for is_in_work, tally in tallies.items() if is_in_work or not in_work]
    return _of_cases(store, window, chosen, tallies.values(), day)


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

    def answer() -> _Tallies:
        rows = ladder(store, day, window.known_at)
        is_uncontacted = ~rows["best_contact"].isin(REACHED)
        stands = zip(rows["quiet_days"], rows["late"] > 0, is_uncontacted, rows["step"], rows["owner"], strict=True)
        return _tallied(_places(rows), zip(stands))

    tallies = _kept(store, window, ("ladder", day), answer)
    chosen = [
        tally
        for (quiet_days, is_overdue, is_uncontacted, step, waits_for), tally in tallies.items()
        if quiet_days >= days
        if is_overdue or not overdue
        if is_uncontacted or not uncontacted
        if rung in ("", step)
        if owner in ("", waits_for)
    ]
    return _of_cases(store, window, chosen, tallies.values(), day)


def reason_counts(store: Store, window: Window, reason: str = "") -> list[Count]:
    """Cases of the period that say a reason of the ministry's list, of all; without one, those that say none."""
    day = _day(store, window)

    def answer() -> _Tallies:
        rows = of_period(cases(store, day, window.known_at), window.period)
        return _tallied(_places(rows), zip(rows["reason"].fillna("")))

    tallies = _kept(store, window, ("reasons", day), answer)
    return _of_cases(store, window, [tallies.get(reason, Counter())], tallies.values(), day)


def step_counts(
    store: Store, window: Window, kinds: Sequence[str], *, after_study: bool = False, in_cases: bool = False
) -> list[Count]:
    """Steps of these kinds in the period, of all of them; with `after_study` those with a study of the case before;
    with `in_cases` the different cases that each kind was in."""

    def answer() -> _Tallies:
        every = actions(store, window.last, window.known_at)
        rows = every[every["date"] >= pd.Timestamp(window.first)]
        is_first = ~rows.duplicated([*CASE, "kind"])
        return _tallied(_places(rows), zip(zip(rows["kind"], is_first, is_after_study(rows, every), strict=True)))

    tallies = _kept(store, window, "steps", answer)
    counted_steps, chosen = [], []
    for (kind, is_first, is_studied), tally in tallies.items():
        if kind in kinds and (is_first or not in_cases):
            counted_steps.append(tally)
            if is_studied or not after_study:
                chosen.append(tally)
    return _of_steps(store, window, chosen, counted_steps)


def part_counts(store: Store, window: Window, institution: str) -> list[Count]:
    """Steps in the period in which an institution took part, of all steps. Of a step of several each has one."""

    def answer() -> _Tallies:
        rows = steps(store, window)
        return _tallied(_places(rows), rows["institutions"]) | {"": Counter(_places(rows))}

    tallies = _kept(store, window, "steps of institutions", answer)
    return _of_steps(store, window, [tallies.get(institution, Counter())], [tallies[""]])


def visited_counts(store: Store, window: Window, outcome: Literal["reached", "returned"]) -> list[Count]:
    """Cases visited in the period whose family was reached at a visit, of those whose visits tell of a contact; or with
    the child returned since the first visit, of those of which it is known."""
    rows = visited(store, window)
    rows = rows[rows["has_end" if outcome == "returned" else "tells"]]
    tallies = _tallied(_places(rows), zip(rows[f"is_{outcome}"]))
    return _of_steps(store, window, [tallies.get(True, Counter())], tallies.values())


def round_counts(
    store: Store, window: Window, of: Literal["", "addresses", "found", "returned"] = "", institution: str = ""
) -> list[Count]:
    """Rounds of the period by municipality, with an institution those it took part in; or the addresses visited in
    them, or the children found or returned, of the addresses of the rounds that say how many."""
    walked = rounds(store, window)
    places = dict.fromkeys(municipality for municipality, _ in places_of(store, window))
    if walked is None:
        return [Count(place, "", 0, None, False) for place in places]
    is_of_children = of in ("found", "returned")
    n, d = Counter[str](), Counter[str]()
    for place, institutions, addresses, many in zip(
        *(walked[column] for column in ("municipality", "institutions", "addresses")),
        walked[of] if of else [1] * len(walked),
        strict=True,
    ):
        if institution and institution not in _names(institutions):
            continue
        places[place] = None
        if pd.notna(many):
            n[place] += int(many)
            d[place] += int(addresses) if pd.notna(addresses) else 0
    if is_of_children:
        # Where no round says how many, it is not known: not zero.
        return [Count(place, "", n[place], d[place], place in n) for place in places]
    return [Count(place, "", n[place], None, True) for place in places]


def measure_counts(store: Store, window: Window, of: Literal["reports", "acts", "penalties", "stopped"]) -> list[Count]:
    """Measures of a kind that municipalities told of for the months of the period: what nobody told is not zero."""
    rows = measures_taken(store, window)
    n = rows[rows["kind"] == of].set_index("municipality")["n"].to_dict()
    places = dict.fromkeys([*(municipality for municipality, _ in places_of(store, window)), *n])
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
    return _of_cases(store, window, [of_days[outcome]], [of_days[one] for one in OUTCOMES], day)


def repeat_dropout_counts(store: Store, window: Window) -> list[Count]:
    """Repeated cases on a day: those that say so, and those in work whose child was returned before."""
    day = _day(store, window)
    every = [Counter(_places(repeat_dropouts(store, day, window.known_at, Scope())))]
    return _of_cases(store, window, every, every, day)


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
    n = {"watched": [happened, waiting], "waiting": [waiting], "untold": [untold]}[part]
    d = [happened, waiting] if part == "waiting" else tallies.values()
    return _of_cases(store, window, n, d, day)


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
    return store.kept_of_data(("tallies", about, window.first, window.last), window.known_at, answer, daily=False)


def _tallied(places: Iterable[tuple[str, str]], named: Iterable[object]) -> dict[Any, _Tally]:
    """The rows counted by each of the things that they are named by, and by place."""
    tallies: dict[Any, _Tally] = {}
    for place, names in zip(places, named, strict=True):
        for name in _names(names):
            tallies.setdefault(name, Counter())[place] += 1
    return tallies


def _names(names: object) -> frozenset[Hashable]:
    """Those named in a list, each once; nobody where it is missing."""
    return frozenset(names) if isinstance(names, Iterable) else frozenset()


def _day(store: Store, window: Window) -> date:
    return cases_day(store, window.period, window.known_at, window.day)


def _of_cases(store: Store, window: Window, n: Iterable[_Tally], d: Iterable[_Tally], day: date) -> list[Count]:
    """The counts of cases as they stand on a day."""
    return _counts(store, window, n, d, case_registers(store, window.first, day, window.known_at))


def _of_steps(store: Store, window: Window, n: Iterable[_Tally], d: Iterable[_Tally]) -> list[Count]:
    """The counts of what was done in a window."""
    return _counts(store, window, n, d, step_registers(store, window.first, window.last, window.known_at))


def _counts(
    store: Store, window: Window, n: Iterable[_Tally], d: Iterable[_Tally], reporting: frozenset[str]
) -> list[Count]:
    """The counts of every institution, and of every place that anything is counted at: tallies that are added up."""
    chosen, every = _added(n), _added(d)
    places = dict.fromkeys([*places_of(store, window), *every])
    # What nobody can place was sent by somebody.
    return [
        Count(*place, chosen[place], every[place], place[0] in reporting or (not place[0] and every[place] > 0))
        for place in places
    ]


def _added(tallies: Iterable[_Tally]) -> _Tally:
    added: _Tally = Counter()
    for tally in tallies:
        added.update(tally)
    return added


def _places(rows: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(*(rows[column].fillna("") for column in _PLACE), strict=True)
