"""The door: what an audience may see of a figure, of its parts, its months and its changes.

Whoever shows a number of children asks here and shows the answer. Which numbers are hidden is decided here alone, so
that a stricter rule needs no other module.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

import numpy as np
import pandas as pd

from obhvat.disclosure.families import (
    Hidden,
    has_few_of_an_outcome,
    hidden_of,
    meetings_before,
    outcomes_of,
    tells_whole,
    time_of,
)
from obhvat.disclosure.protection import SMALLEST_SHOWN, Part, band_words, unsafe_of
from obhvat.disclosure.shown import HIDDEN, ONLY_INSIDE, WHY, Shown
from obhvat.disclosure.suppression import hidden_parts
from obhvat.language import _
from obhvat.metrics import Figure, Metric, change_words, figure, figure_words, metric, series, value_words
from obhvat.people import ALONE, Viewer
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import counted, number, out_of

Audience = Literal["internal", "members", "press"]
Place = Literal["municipality", "school"]
Parts = Mapping[str, int | None]
"""Numbers of children that add up to one a reader may know, by name; None where nobody has sent data."""

OBLAST = ""
"""The oblast among its municipalities."""
_EVERYWHERE = Scope()


class Disclosure:
    """What one audience may see of what a store holds.

    internal: everything of the place of who is looking, and elsewhere what members see. members: the oblast, except
    where it would give a municipality away; below it no number of 1 to 4 children and none from which one could be
    computed; what is hidden of a place is hidden in the whole school year, and its band is told where that gives
    nothing away. press: the oblast only, and no number of 1 to 4 children.
    """

    def __init__(self, store: Store, audience: Audience, viewer: Viewer = ALONE, here: Scope = _EVERYWHERE) -> None:
        """`here`: what is looked at, so the place of numbers that come without one."""
        self._store, self._viewer = store, viewer
        self.audience: Audience = audience
        self._is_own_here = self._is_own(here.municipality or "", here.school or "")
        self.question = (audience, viewer.role.id, viewer.given, here.place)
        """What its answers depend on besides the store and the moment."""

    @property
    def is_inside(self) -> bool:
        """Whether all of what is looked at is shown: it is a place of who is looking."""
        return self._is_own_here

    @property
    def shows_cases(self) -> bool:
        """Whether cases of who is looking are shown one by one; an institution has them, and no place."""
        return self.audience == "internal"

    def _is_own(self, municipality: str, school: str = "") -> bool:
        """Whether all of a place is shown."""
        return self.shows_cases and self._viewer.has_place(municipality, school)

    def _is_of_own(self, of: Figure) -> bool:
        """Whether a figure is of such a place."""
        municipality, school = of.scope.municipality or "", of.scope.school or ""
        if not school or self._is_own(municipality, school):
            return self._is_own(municipality, school)
        homes = of.municipalities
        return len(homes) == 1 and self._is_own(*homes, school)

    @property
    def is_press(self) -> bool:
        return self.audience == "press"

    # Figures.

    def figure(self, of: Figure) -> Shown:
        """A figure of any place."""
        scope, told = of.scope, Shown(figure_words(of), of.value)
        if of.value is None or self._is_of_own(of) or self._is_free(of.metric, below=_is_below(scope)):
            return told
        if not self._is_told(of.metric, below=_is_below(scope)):
            return _hidden()
        if scope.school:
            homes = of.municipalities
            return self._part(of, of.n, of.d, *homes, school=scope.school) if len(homes) == 1 else _hidden()
        if scope.municipality:
            return self._part(of, of.n, of.d, scope.municipality)
        if self.is_press:
            return _hidden() if self._is_few(of) else told
        return _hidden() if self._is_open(of) else told

    def on_children(self, cases: Figure, children: Figure) -> str:
        """„ на 4 деца“ after the oblast's number of cases that are of fewer children; empty where they are of as many.

        A child of two municipalities is counted in one of them, so of a municipality it would mislead. The press is
        told of cases alone.
        """
        if _is_below(cases.scope) or cases.n == children.n or children.n is None or self.is_press:
            return ""
        return _(" на {n}").format(n=counted(int(children.n), "дете"))

    def change(self, now: Figure, before: Figure) -> Shown:
        """How a figure changed since another of the same place, in words: nothing where either is hidden."""
        is_hidden = self.figure(now).is_hidden or self.figure(before).is_hidden
        return _hidden() if is_hidden else Shown(change_words(now, before))

    def places(self, whole: Figure, place: Place = "municipality") -> dict[str, Shown]:
        """The parts of a figure of the oblast by municipality or by school, each as a figure of its own."""
        return self._parts(whole, place, with_whole=True)

    def counts(self, whole: Figure, place: Place = "municipality") -> dict[str, Shown]:
        """The same parts without their wholes: n alone."""
        return self._parts(whole, place, with_whole=False)

    def _parts(self, whole: Figure, place: Place, *, with_whole: bool) -> dict[str, Shown]:
        homes = whole.homes if place == "school" else {}
        is_free, is_told = self._is_free(whole.metric, below=True), self._is_told(whole.metric, below=True)
        shown = {}
        for name, numbers in whole.numbers(place).items():
            n, d, value = (None if given is None else _given(given) for given in numbers)
            words = value_words(whole.metric, n, d, value) if with_whole else number(n)
            home, school = (homes.get(name, OBLAST), name) if place == "school" else (name, "")
            if n is None or is_free or self._is_own(home, school):
                shown[name] = Shown(words, value if with_whole else n)
            elif not is_told:
                shown[name] = _hidden()
            else:
                shown[name] = self._part(whole, n, d if with_whole else None, home, school)
        return shown

    def months(self, of: Figure) -> pd.DataFrame:
        """A monthly figure by month, the columns of `series`, without the months that are hidden: all of a place whose
        number is."""
        months, below = series(of), _is_below(of.scope)
        if not of.has_data or self._is_of_own(of) or self._is_free(of.metric, below=below):
            return months
        if below or not self._is_told(of.metric, below=False):
            return months.iloc[:0] if self.figure(of).is_hidden else months
        is_small = np.array([_is_small(_given(n)) for n in months["n"]], dtype=bool)
        if not self.is_press:
            open_months = self._hidden(of.metric, of.period, of.scope.moment).municipalities.open_times
            is_small |= months["month"].dt.date.isin(open_months).to_numpy()
        return months[~is_small]

    def hidden_changes(self, of: Metric, then: Parts, now: Parts, figures: Sequence[Figure]) -> frozenset[str]:
        """The places whose numbers at two moments may not stand side by side; `OBLAST` is the oblast. `figures` are the
        oblast's, as known at each of them."""
        if self._is_own(OBLAST):
            return frozenset()
        places = {*then, *now} - {OBLAST}
        if not of.is_told_outside():
            return frozenset({*places, OBLAST})
        if self.is_press:
            small = of.children and (_is_small(then.get(OBLAST)) or _is_small(now.get(OBLAST)))
            return frozenset(places | ({OBLAST} if small or not self.tells_alone(of.id) else set()))
        if not of.is_told_outside(below_oblast=True):
            return frozenset(places)
        if not of.children:
            return frozenset()
        hidden = (self._hidden(of, known.period, known.scope.moment).municipalities.hidden for known in figures)
        oblast = {OBLAST} if any(map(self._is_open, figures)) else set()
        return frozenset(oblast).union(*hidden)

    def tells_alone(self, metric_id: str) -> bool:
        """Whether a figure may be told by itself, not only with others put together.

        Beside the cases in work, the press is told of the other cases only with the small parts put together: from the
        total and the parts one by one a small part could be computed.
        """
        of = metric(metric_id)
        return self._is_own_here or (of.is_told_outside() and (of.press or not self.is_press))

    # Numbers that are no figure: of what is looked at.

    def count(self, n: float | None, *beside: float | None) -> Shown:
        """A number of children; hidden also where one that is read `beside` it is small."""
        return _hidden() if self.hides(n, *beside) else Shown(number(n), n)

    def average(self, value: float, of: float) -> Shown:
        """An average, to the hundredth: of few children it says how each of them is."""
        hidden = not self._is_own_here and of < SMALLEST_SHOWN
        return _hidden() if hidden else Shown(number(value, 2), value)

    def hides(self, *numbers: float | None) -> bool:
        """Whether one of some numbers of children that are read together is too small to be shown."""
        return not self._is_own_here and any(map(_is_small, numbers))

    def kinds(self, parts: Parts) -> dict[str, Shown]:
        """Kinds that add up to a shown total: reasons, bands, grades."""
        hidden = self.hidden_kinds(parts)
        return {name: _hidden() if name in hidden else Shown(number(n), n) for name, n in parts.items()}

    def hidden_kinds(self, parts: Parts) -> frozenset[str]:
        """Of kinds that add up to a shown total, those that are hidden."""
        return frozenset() if self._is_own_here else hidden_parts(parts)

    def outcomes_together(self, total: Figure) -> frozenset[str] | None:
        """Of the outcomes that add up to the oblast's cases, those that are told only together, by metrics' ids; None
        where they may not be told at all."""
        if self.is_press:
            return outcomes_of(self._store, total)
        # What one municipality alone has sent is its own.
        is_open = total.reporting == 1 and has_few_of_an_outcome(self._store, total)
        return None if is_open and not self._is_of_own(total) else frozenset()

    def is_closed_below(self, scope: Scope) -> str:
        """Why what is told in parts is hidden for a part of the oblast: beside the oblast's own it would give small
        numbers away. Empty where it may be seen."""
        is_own = self._is_own(scope.municipality or "", scope.school or "")
        return _(ONLY_INSIDE) if _is_below(scope) and not is_own else ""

    # The rule for one number.

    def _is_told(self, of: Metric, *, below: bool) -> bool:
        """Whether it is for this audience at all, outside its own place."""
        return of.is_told_outside(below_oblast=below) and not (self.is_press and below)

    def _is_free(self, of: Metric, *, below: bool) -> bool:
        """Whether it may be told whatever it is, as it counts no children."""
        return self._is_told(of, below=below) and not of.children

    def _part(self, of: Figure, n: float | None, d: float | None, municipality: str, school: str = "") -> Shown:
        """A number of children below the oblast, for members; with d „4 от 98“."""
        if n is None:
            return Shown(value_words(of.metric, n, d, n))
        value = int(n)
        hidden = self._hidden(of.metric, of.period, of.scope.moment)
        if not hidden.is_told_on(time_of(of)):
            # Of a day nobody counted on together with the others.
            return _hidden()
        outer = hidden.municipalities
        if not school:
            is_hidden, has_band = municipality in outer.hidden, outer.has_bands
        else:
            inner = hidden.of_school(municipality)
            is_closed = municipality in outer.hidden or of.metric.place != "school"
            is_hidden, has_band = is_closed or school in inner.hidden, not is_closed and inner.has_bands
        whole = d if tells_whole(of.metric) else None
        if not is_hidden:
            return Shown(out_of(n, d if of.metric.kind == "share" else None), value)
        if not has_band:
            return _hidden()
        band = band_words(value)
        return Shown(
            band
            if whole is None or _is_small(whole)
            else _("{band} от {whole}").format(band=band, whole=number(whole)),
            why=_(WHY),
        )

    def _is_few(self, of: Figure) -> bool:
        """Whether the press is not told of the oblast's own: it is few or leaves few, or it is of cases and told only
        together with others."""
        whole = _whole(of)
        left = whole - of.n if whole is not None and of.n is not None else None
        return _is_small(of.n) or _is_small(left) or (of.metric.place == "municipality" and not of.metric.press)

    def _is_open(self, of: Figure) -> bool:
        """Whether the oblast's own number would give one below it away."""
        if of.metric.function == "ladder" and self._is_open(self._cases_in_work(of)):
            # It is told of how many in work.
            return True
        parts = {
            name: Part(int(part.n), _whole(part))
            for name, part in of.parts("municipality").items()
            if part.n is not None
        }
        if not of.metric.is_told_outside(below_oblast=True):
            # Of its parts only the sum is known, unless there is but one: the others have none it could be of.
            has_any = [parts[name] for name, part in of.parts("municipality").items() if name in parts and part.d != 0]
            return len(has_any) == 1 and has_any[0].is_small
        small = {name for name, part in parts.items() if part.is_small}
        # What a meeting before was shown counts, too.
        is_first = not meetings_before(self._store, of.period.start_year, of.scope.moment)
        if not of.metric.monthly and is_first and not _unsafe(parts, small):
            # The small ones are hidden at all events. Where they cover each other, the whole year need not be asked.
            return False
        hidden = self._hidden(of.metric, of.period, of.scope.moment)
        if hidden.is_told_on(time_of(of)):
            return time_of(of) in hidden.municipalities.open_times
        # On a day of one's own all are hidden; but those that are told on others are nearly the same, so no cover.
        return _unsafe(parts, small | hidden.municipalities.hidden)

    def _cases_in_work(self, of: Figure) -> Figure:
        return figure(self._store, "cases_in_work", of.period, of.scope.of_oblast, of.asked_day)

    def _hidden(self, of: Metric, period: Period, moment: datetime) -> Hidden:
        return hidden_of(self._store, of.id, period.start_year, moment)


def _is_small(n: float | None) -> bool:
    return n is not None and 0 < abs(n) < SMALLEST_SHOWN


def _is_below(scope: Scope) -> bool:
    return bool(scope.municipality or scope.school)


def _whole(of: Figure) -> int | None:
    """Of how many it is, where that says something of it."""
    return int(of.d) if tells_whole(of.metric) and of.d is not None else None


def _unsafe(parts: Mapping[str, Part], hidden: Collection[str]) -> bool:
    """Whether of hidden parts one could be computed from the sum of all."""
    hidden_ones = [part for name, part in parts.items() if name in hidden]
    return bool(unsafe_of(hidden_ones, in_bands=False, has_insiders=False))


def _given(n: float) -> float | None:
    """A number of a frame: None where there is none, whole where it is."""
    if pd.isna(n):
        return None
    return int(n) if float(n).is_integer() else float(n)


def _hidden() -> Shown:
    return Shown(_(HIDDEN), why=_(WHY))
