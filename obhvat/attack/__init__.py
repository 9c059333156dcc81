"""The attacker: is given everything an audience can reach, writes it down as equations and solves for the rest.

It knows nothing of how what is hidden was chosen. The rule of disclosure is right when no number of 1 to 4 children
that is hidden from an audience can be only one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from obhvat.attack.bounds import suppose_bounds
from obhvat.attack.equations import Cell, Equations, Row
from obhvat.attack.reached import Collector, Reached
from obhvat.attack.solving import Contradiction, Interval, intervals
from obhvat.attack.told_at import end_of, suppose_unchanged, tell_changes, tell_since, tell_slides
from obhvat.disclosure import SMALLEST_SHOWN, Audience
from obhvat.disclosure.rules import Place
from obhvat.meeting.days import cases_on
from obhvat.meeting.meetings import meetings, previous_meeting_day
from obhvat.people import ROLES, Viewer
from obhvat.scope.days import school_years
from obhvat.store import Store

__all__ = [
    "Attack",
    "Cell",
    "Contradiction",
    "Equations",
    "Interval",
    "Row",
    "attack",
    "attack_from_within",
    "judged",
    "judged_within",
    "reach",
    "whoever_has",
]


@dataclass(frozen=True)
class Attack:
    """What an audience can reach, and what it can compute."""

    audience: Audience
    known: Equations
    small: dict[Cell, Interval]
    """Every number of 1 to 4 children that is not for the audience → from where to where it can be."""

    @property
    def narrowed(self) -> list[Cell]:
        """Those that can be only one."""
        return [cell for cell, (low, high) in self.small.items() if low == high]

    @property
    def narrowest(self) -> tuple[Cell, Interval] | None:
        """The one that can be the fewest."""
        return min(self.small.items(), key=lambda item: (item[1][1] - item[1][0], str(item[0])), default=None)

    def counts(self) -> dict[str, Counter[str]]:
        """Of numbers below the oblast, or for the press of it, as they stand today: metric → how many are shown, told
        by their band and hidden."""
        counts: dict[str, Counter[str]] = {}
        for cell in self.known.bounds:
            if cell.is_below == (self.audience == "members") and not cell.known_at:
                how = "shown" if cell in self.known.shown else "band" if cell in self.known.banded else "hidden"
                counts.setdefault(cell.metric, Counter())[how] += 1
        return counts


def attack(store: Store, audience: Audience, known_at: datetime | None = None) -> Attack:
    """Attack what an audience of a store can reach."""
    return judged(reach(store, audience, known_at), audience)


def reach(
    store: Store,
    audience: Audience,
    known_at: datetime | None = None,
    years: Sequence[int] | None = None,
    metrics: Collection[str] | None = None,
) -> Reached:
    """Everything an audience can reach, of today and of every closed meeting; of some school years and metrics, where
    those are named."""
    moment, years = known_at or datetime.now(), school_years(store) if years is None else years
    only = None if metrics is None else frozenset(metrics)
    reached, held = Reached(), meetings(store, known_at)
    days = tuple((of.period, cases_on(store, of, of.closed_at or moment)) for of in held)
    today = Collector(store, audience, moment, reached, days=days, only=only)
    today.collect(years)
    suppose_bounds(today, years)
    closed = {of.held_on: of for of in held if of.closed_at}
    before = []
    for of in closed.values():
        then = Collector(store, audience, of.closed_at or moment, reached, of.held_on.isoformat(), days, only)
        then.collect(years)
        suppose_bounds(then, years)
        tell_slides(then, of)
        tell_changes(today, then, of)
        for later in (today, *before):
            suppose_unchanged(later, then)
        before.append(then)
    for of in held:
        if not of.closed_at:
            tell_slides(today, of)
    if met_on := previous_meeting_day(store, moment.date(), moment):
        of = closed.get(met_on)
        at = of.closed_at if of and of.closed_at else end_of(met_on)
        tell_since(today, met_on, of, Collector(store, audience, at, reached, met_on.isoformat(), days, only))
    for cell, whole in reached.known.wholes.items():
        # Who has left can be over a threshold, and is on no list.
        reached.suppose(Row(((cell, 1),), 0, whole, "от толкова деца"))
    return reached


def attack_from_within(store: Store, place: Place, known_at: datetime | None = None) -> dict[str, Attack]:
    """Attack what members can reach, by one after another who also knows all of a municipality or of a school."""
    reached = reach(store, "members", known_at)
    return {given: judged_within(reached, viewer) for given, viewer in whoever_has(reached, place).items()}


def whoever_has(reached: Reached, place: Place) -> dict[str, Viewer]:
    """The municipality or the code of the school → who has it."""
    role = ROLES["school" if place == "school" else "coordinator"]
    places = {cell.school if place == "school" else cell.municipality for cell in reached.truth}
    return {given: Viewer("", role, given) for given in sorted(filter(None, places))}


def judged_within(reached: Reached, viewer: Viewer) -> Attack:
    """What members' numbers tell of the children of others, who knows all of its own place. What a school's own
    municipality has is wanted school by school: how many all the others have together is nobody's."""
    known = replace(reached.known, bounds={**reached.known.bounds})
    for cell, n in reached.truth.items():
        if cell in known.bounds and _is_own(cell, viewer):
            known.between(cell, n, n)
    wanted = []
    for cell, n in reached.truth.items():
        is_home = cell.school is None and cell._replace(school=viewer.given) in reached.truth
        is_others = cell.is_below and cell in known.bounds and not _is_own(cell, viewer) and not is_home
        if is_others and _is_small(reached, cell, n):
            wanted.append(cell)
    return Attack("members", known, intervals(known, wanted))


def _is_own(cell: Cell, viewer: Viewer) -> bool:
    return viewer.has_place(cell.municipality or "", cell.school or "")


def judged(reached: Reached, audience: Audience) -> Attack:
    """What can be computed from what is known, and how much of it nobody may know."""
    wanted = [
        cell
        for cell, n in reached.truth.items()
        if cell.is_below == (audience == "members") and cell in reached.known.bounds and _is_small(reached, cell, n)
    ]
    return Attack(audience, reached.known, intervals(reached.known, wanted))


def _is_small(reached: Reached, cell: Cell, n: int) -> bool:
    """Whether it, or those of the whole that it leaves, are 1 to 4."""
    whole = reached.known.wholes.get(cell)
    return 0 < n < SMALLEST_SHOWN or (whole is not None and 0 < whole - n < SMALLEST_SHOWN)
