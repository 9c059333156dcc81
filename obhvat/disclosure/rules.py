"""The door: what an audience may see of a figure, of its parts, its months and its changes.

Whoever shows a number of children asks here and shows the answer. Which numbers are hidden is decided here alone, so
that a stricter rule needs no other module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

from obhvat.disclosure.shown import HIDDEN, ONLY_INSIDE, WHY, Shown
from obhvat.disclosure.suppression import SMALLEST_SHOWN, hidden_parts
from obhvat.metrics import Figure, Metric, change_words, figure, figure_words, metric, value_words
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import counted, number, out_of

Audience = Literal["internal", "members", "press"]
Place = Literal["municipality", "school"]
Parts = Mapping[str, int | None]
"""Numbers of children that add up to one a reader may know, by name; None where nobody has sent data."""

OBLAST = ""
"""The oblast among its municipalities."""


class Disclosure:
    """What one audience may see of what a store holds.

    internal: everything. members: the oblast in full, below it no number of 1 to 4 children and none from which one
    could be computed. press: the oblast only, and no number of 1 to 4 children.
    """

    def __init__(self, store: Store, audience: Audience) -> None:
        self._store = store
        self.audience: Audience = audience
        self._wholes: dict[tuple[object, ...], Figure] = {}

    @property
    def is_inside(self) -> bool:
        return self.audience == "internal"

    @property
    def is_press(self) -> bool:
        return self.audience == "press"

    # Figures.

    def figure(self, of: Figure) -> Shown:
        """A figure of any place."""
        if of.value is not None and self._hides(of):
            return _hidden()
        return Shown(figure_words(of), of.value)

    def on_children(self, cases: Figure, children: Figure) -> str:
        """„ на 4 деца“ after the oblast's number of cases that are of fewer children; empty where they are of as many.

        A child of two municipalities is counted in one of them, so of a municipality it would mislead. The press is
        told of cases alone.
        """
        of_oblast = not (children.scope.municipality or children.scope.school)
        if cases.n == children.n or children.n is None or not of_oblast or self.is_press or self._hides(children):
            return ""
        return f" на {counted(int(children.n), 'дете')}"

    def change(self, now: Figure, before: Figure) -> Shown:
        """How a figure changed since another of the same place, in words."""
        return _hidden() if self._hides(now) else Shown(change_words(now, before))

    def places(self, whole: Figure, place: Place = "municipality") -> dict[str, Shown]:
        """The parts of a figure of the oblast by municipality or by school, each as a figure of its own."""
        parts = whole.by(place)[[place, "n", "d", "value"]].itertuples(index=False, name=None)
        words = {
            name: Shown(value_words(whole.metric, _given(n), _given(d), _given(value)), _given(value))
            for name, n, d, value in parts
        }
        return words | dict.fromkeys(self._hidden_parts(whole, place), _hidden())

    def counts(self, whole: Figure, place: Place = "municipality") -> dict[str, Shown]:
        """The same parts without their wholes: n alone."""
        parts = whole.by(place)[[place, "n"]].itertuples(index=False, name=None)
        words = {name: Shown(number(_given(n)), _given(n)) for name, n in parts}
        return words | dict.fromkeys(self._hidden_parts(whole, place), _hidden())

    def _hidden_parts(self, whole: Figure, place: Place) -> list[str]:
        """The parts whose number is hidden; one that was not sent is not known, so there is nothing to hide."""
        if self.is_inside:
            return []
        numbers = _numbers(whole, place)
        if not whole.metric.is_told_outside(below_oblast=True):
            hidden = frozenset(numbers)
        elif place == "municipality":
            hidden = self.hidden_municipalities(whole)
        else:
            homes = map(str, whole.counted["municipality"].dropna().unique())
            hidden = frozenset[str]().union(*(self.hidden_schools(whole, home) for home in homes))
        return [name for name, n in numbers.items() if n is not None and name in hidden]

    def hidden_municipalities(self, whole: Figure) -> frozenset[str]:
        """Municipalities whose number is hidden.

        `whole` is the figure of the whole oblast: what is hidden does not depend on what is looked at.
        """
        return self.hidden_places(_numbers(whole, "municipality")) if whole.metric.children else frozenset()

    def hidden_schools(self, whole: Figure, municipality: str) -> frozenset[str]:
        """Schools of a municipality whose number is hidden: all where the municipality's own is."""
        if not whole.metric.children:
            return frozenset()
        inside = set(whole.counted.loc[whole.counted["municipality"] == municipality, "school"])
        schools = {name: n for name, n in _numbers(whole, "school").items() if name in inside}
        return self.hidden_within(_numbers(whole, "municipality"), {municipality: schools})

    def hides_months(self, whole: Figure, scope: Scope) -> bool:
        """Whether a place's months are hidden: small, or such that from them small ones could be computed, in any
        month. `whole` is the monthly figure of the whole oblast."""
        if self.is_inside:
            return False
        if scope.school:
            return True
        for _, rows in whole.rows[whole.rows["reports"]].groupby("month"):
            parts = {str(name): int(n) for name, n in rows.groupby("municipality")["n"].sum().items()}
            of_oblast = self.hides(sum(parts.values()))
            if scope.municipality in self.hidden_places(parts) if scope.municipality else of_oblast:
                return True
        return False

    def hidden_changes(self, of: Metric, then: Parts, now: Parts) -> frozenset[str]:
        """The places whose numbers of two moments may not stand side by side; `OBLAST` is the oblast itself."""
        if self.is_inside:
            return frozenset()
        places = {*then, *now} - {OBLAST}
        if not of.is_told_outside():
            return frozenset({*places, OBLAST})
        if self.is_press:
            small = of.children and self.hides(then.get(OBLAST), now.get(OBLAST))
            return frozenset(places | ({OBLAST} if small or not self.tells_alone(of.id) else set()))
        if not of.is_told_outside(below_oblast=True):
            return frozenset(places)
        if not of.children:
            return frozenset()
        moments = ({place: n for place, n in parts.items() if place != OBLAST} for parts in (then, now))
        return frozenset[str]().union(*map(hidden_parts, moments))

    def tells_alone(self, metric_id: str) -> bool:
        """Whether a figure may be told by itself, not only with others put together.

        Beside the cases in work, the press is told of the other cases only with the small parts put together: from the
        total and the parts one by one a small part could be computed.
        """
        of = metric(metric_id)
        return self.is_inside or (of.is_told_outside() and (of.press or not self.is_press))

    # Numbers that are no figure.

    def total(self, n: float | None, of: float | None = None) -> Shown:
        """A number of children of the whole oblast, of how many."""
        return _hidden() if self.is_press and self.hides(n) else Shown(out_of(n, of), n)

    def count(self, n: float | None, *beside: float | None) -> Shown:
        """A number of children of whatever place; hidden also where one that is read `beside` it is small."""
        return _hidden() if self.hides(n, *beside) else Shown(number(n), n)

    def average(self, value: float, of: float) -> Shown:
        """An average, to the hundredth: of few children it says how each of them is."""
        hidden = not self.is_inside and of < SMALLEST_SHOWN
        return _hidden() if hidden else Shown(number(value, 2), value)

    def hides(self, *numbers: float | None) -> bool:
        """Whether one of some numbers of children that are read together is too small to be shown."""
        return not self.is_inside and any(n is not None and 0 < abs(n) < SMALLEST_SHOWN for n in numbers)

    def kinds(self, parts: Parts) -> dict[str, Shown]:
        """Kinds that add up to a shown total: reasons, outcomes, grades."""
        hidden = self.hidden_kinds(parts)
        return {name: _hidden() if name in hidden else Shown(number(n), n) for name, n in parts.items()}

    def hidden_kinds(self, parts: Parts) -> frozenset[str]:
        """Of kinds that add up to a shown total, those that are hidden."""
        return frozenset() if self.is_inside else hidden_parts(parts)

    def hidden_places(self, parts: Parts) -> frozenset[str]:
        """Of places that add up to a shown total, those that are hidden: all of them for the press."""
        if self.is_inside:
            return frozenset()
        return frozenset(parts) if self.is_press else hidden_parts(parts)

    def hidden_within(self, outer: Parts, inner: Mapping[str, Parts]) -> frozenset[str]:
        """Of places inside places, those that are hidden: with an outer one all of its inner ones."""
        hidden = self.hidden_places(outer)
        names: Iterable[Iterable[str]] = (
            parts if name in hidden else self.hidden_places(parts) for name, parts in inner.items()
        )
        return frozenset[str]().union(*names)

    def is_closed_below(self, scope: Scope) -> str:
        """Why what is told in parts is hidden for a part of the oblast: beside the oblast's own it would give small
        numbers away. Empty where it may be seen."""
        return ONLY_INSIDE if not self.is_inside and (scope.municipality or scope.school) else ""

    # The rule for one figure.

    def _hides(self, of: Figure) -> bool:
        scope = of.scope
        is_below = bool(scope.municipality or scope.school)
        if not self.is_inside and not of.metric.is_told_outside(below_oblast=is_below):
            return True
        if self.is_inside or not of.metric.children:
            return False
        if scope.school:
            whole = self._whole(of)
            homes = whole.counted.loc[whole.counted["school"] == scope.school, "municipality"]
            return any(scope.school in self.hidden_schools(whole, home) for home in homes)
        if scope.municipality:
            return scope.municipality in self.hidden_municipalities(self._whole(of))
        return self.is_press and self.hides(of.n)

    def _whole(self, of: Figure) -> Figure:
        """The same figure of the whole oblast."""
        declared = metric(of.metric.id).parameters
        # A threshold is the store's, not the asker's.
        asked = {} if of.metric.rule else {k: v for k, v in of.metric.parameters.items() if v != declared.get(k)}
        key = (of.metric.id, of.period, of.scope.known_at, of.asked_day, repr(asked))
        if key not in self._wholes:
            whole = figure(self._store, of.metric.id, of.period, of.scope.of_oblast, of.asked_day, **asked)
            self._wholes[key] = whole
        return self._wholes[key]


def _numbers(whole: Figure, place: Place) -> Parts:
    parts = whole.by(place)
    columns = zip(parts[place], parts["n"].fillna(0), parts["reports"], strict=True)
    return {name: int(n) if reports else None for name, n, reports in columns}


def _given(n: float) -> float | None:
    """A number of a frame: None where there is none, whole where it is."""
    if pd.isna(n):
        return None
    return int(n) if float(n).is_integer() else float(n)


def _hidden() -> Shown:
    return Shown(HIDDEN, why=WHY)
