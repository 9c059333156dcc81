"""Which of the parts of shown totals must be hidden so that nobody can compute a number of 1 to 4 children.

Secondary suppression as the statistical offices do it (Langsrud 2024, GaussSuppression; sdcTable), for our shape: parts
that add up to a total at many times. What is hidden is chosen once for all times, so that a part which is hidden in
one month is hidden in each, and nothing about it is left to be compared between months.

Why a reader cannot compute a hidden number: of the hidden parts only the sum is known. So it is enough that one child
less here and one more in another hidden part (or the other way round) is as possible as what is so, at each time, by
all a reader knows of the parts: how many children there are, how many hours, the band that is shown.

Where the parts are places, a reader may be of one of them and knows its number, whatever is hidden: the coordinator of
a municipality, the head of a school. Then two others are needed: whichever of them is looking, one is left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from obhvat.language import _

SMALLEST_SHOWN = 5
"""Counts of children below it are hidden (DESIGN §2). Zero is shown where nothing is hidden: it says nothing of a
child."""
BAND = 10
"""How wide the bands are that are told instead of a hidden number: „под 10“, „10–19“."""


@dataclass(frozen=True)
class Part:
    """A number of children of a part at a time, and what a reader knows of it beside."""

    n: int
    of: int | None = None
    """Of how many, where that is shown."""
    most: int | None = None
    """What else it cannot be above: where nobody missed an hour, nobody missed five."""
    least: int = 0
    """What it cannot be below: as many as are over a threshold are over every lower one."""
    since: tuple[bool, ...] = ()
    """Of each meeting before, whether it is what it was then. Who keeps what was shown then subtracts the one from the
    other: what has changed is covered only by what has changed, too."""
    is_told: bool = False
    """Whether it was shown at a meeting before: then it is known."""
    has_told_band: bool = False
    """Whether its band was."""

    @property
    def is_small(self) -> bool:
        """Whether it, or those of the whole that it leaves, are 1 to 4."""
        return _is_small(self.n) or (self.of is not None and _is_small(self.of - self.n))

    @property
    def is_of_few(self) -> bool:
        """Whether it is small, or of 1 to 4."""
        return self.is_small or (self.of is not None and _is_small(self.of))

    def can_be(self, n: int, *, in_bands: bool) -> bool:
        """Whether a reader can take it to be `n`."""
        bounds = [bound for bound in (self.of, self.most) if bound is not None]
        in_bands = in_bands or self.has_told_band
        return self.least <= n <= min(bounds, default=n) and (not in_bands or n // BAND == self.n // BAND)


def _is_small(n: int) -> bool:
    return 0 < n < SMALLEST_SHOWN


Times = Mapping[Any, Mapping[str, Part]]
"""time → part → its number. Parts of a time add up to a total that is shown; one that has sent nothing is not there."""


@dataclass(frozen=True)
class Protection:
    """What is hidden of parts, at all times."""

    hidden: frozenset[str] = frozenset()
    has_bands: bool = False
    """Whether the bands of the hidden ones may be told."""
    open_times: frozenset[Any] = frozenset()
    """Times at which from the total a hidden number could be computed all the same: then the total is hidden, too."""
    open_inside: frozenset[Any] = frozenset()
    """Times at which who knows one part could: of schools the municipality is hidden then, too. The oblast is not: it
    is told in full, and where but two municipalities have any, each has always known the other's."""


def protect(
    times: Times, also: Collection[str] = (), never: Collection[str] = (), *, has_insiders: bool = False
) -> Protection:
    """Hide the parts that are ever small, those in `also`, and as many others as it takes; those in `never` are told
    elsewhere, so they are no cover. `has_insiders`: whoever is looking may know one part."""
    parts = {part for at_time in times.values() for part in at_time}
    hidden = {part for part in parts if any(_small(at_time, part) for at_time in times.values())} | {*also}
    size = {part: max(at_time[part].n for at_time in times.values() if part in at_time) for part in parts}
    while True:
        unsafe = _unsafe(times, hidden - {*never}, in_bands=False, has_insiders=has_insiders)
        cover = [part for part in parts - hidden - {*never} if _covers(part, times, unsafe)]
        if not cover:
            break
        # From the smallest up, so that as little as possible is lost; equal ones together, because which of them was
        # taken would say something about the rest. Those with nobody at all last.
        least = min(cover, key=lambda part: (not size[part], size[part]))
        hidden |= {part for part in cover if size[part] == size[least]}
    open_times = _unsafe(times, hidden - {*never}, in_bands=False, has_insiders=False)
    has_bands = all(
        _unsafe(times, hidden - {*never}, in_bands=True, has_insiders=inside).keys() <= without.keys()
        for inside, without in ((False, open_times), (has_insiders, unsafe))
    )
    return Protection(frozenset(hidden), has_bands, frozenset(open_times), frozenset(unsafe))


def _small(at_time: Mapping[str, Part], part: str) -> bool:
    return part in at_time and at_time[part].is_of_few


def _unsafe(times: Times, hidden: Collection[str], *, in_bands: bool, has_insiders: bool) -> dict[Any, list[Part]]:
    """time → its small numbers that can be computed from the total; only times with any."""
    found = {}
    for time, at_time in times.items():
        parts = [part for name, part in at_time.items() if name in hidden]
        if unsafe := unsafe_of(parts, in_bands=in_bands, has_insiders=has_insiders):
            found[time] = unsafe
    return found


def _covers(name: str, times: Times, unsafe: Mapping[Any, list[Part]]) -> bool:
    """Whether to hide a part, too, would leave open what another is, at some time."""
    return any(
        _can_be_either(part, times[time][name], in_bands=False)
        for time, parts in unsafe.items()
        if name in times[time]
        for part in parts
    )


def unsafe_of(hidden: list[Part], *, in_bands: bool, has_insiders: bool) -> list[Part]:
    """Of hidden parts the small ones that cannot be one more or one less, with another making up for it: with two
    others, where who is looking may know one."""
    least = 2 if has_insiders else 1
    return [
        part
        for part in hidden
        if part.is_small
        and sum(_can_be_either(part, other, in_bands=in_bands) for other in hidden if other is not part) < least
    ]


def _can_be_either(part: Part, other: Part, *, in_bands: bool) -> bool:
    return _can_swap(part, other, in_bands) or _can_swap(other, part, in_bands)


def _can_swap(part: Part, other: Part, in_bands: bool) -> bool:
    """Whether one child of a part can as well be another's.

    Who knows the rule knows that what is hidden is seldom nobody, and that a small number stays one: so one child alone
    can only be where there is none else, and four do not become five, nor five four.
    """
    if part.is_told or other.is_told or part.since != other.since:
        return False
    keeps_kind = part.n not in (1, SMALLEST_SHOWN) and other.n != SMALLEST_SHOWN - 1
    is_likely = keeps_kind or (part.n == 1 and not other.n)
    return is_likely and part.can_be(part.n - 1, in_bands=in_bands) and other.can_be(other.n + 1, in_bands=in_bands)


def band_words(n: int) -> str:
    """„под 10“, „10–19“."""
    low = n // BAND * BAND
    return _("под {BAND}").format(BAND=BAND) if not low else f"{low}–{low + BAND - 1}"
