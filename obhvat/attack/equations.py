"""What is known of numbers of children, written down: bounds of each, and sums that are known."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

UNKNOWN = 10**6
"""Above any number of children of an oblast."""


class Cell(NamedTuple):
    """A number of children that is told somewhere, or could be."""

    metric: str
    municipality: str | None
    """None: the whole oblast, or where several are told together."""
    school: str | None
    time: Hashable
    """The month or the day it is of; of what happens over a period, the period and the day."""
    known_at: str = ""
    """At which closed meeting it was told; empty for today."""

    @property
    def is_below(self) -> bool:
        return self.municipality is not None


class Row(NamedTuple):
    """A sum of cells, each with its sign, from `low` to `high`."""

    terms: tuple[tuple[Cell, int], ...]
    low: int
    high: int
    why: str

    def holds(self, numbers: dict[Cell, int]) -> bool:
        """Whether it is so; also where not all are known."""
        if any(cell not in numbers for cell, _ in self.terms):
            return True
        return self.low <= sum(sign * numbers[cell] for cell, sign in self.terms) <= self.high


class Told(NamedTuple):
    """What the words of a number say: from where to where it is, and of how many."""

    low: int
    high: int
    of: int | None = None


_NUMBER = r"(\d[\d\s\u2009\u202f]*)"
_WORDS = re.compile(rf"(?:под {_NUMBER}|{_NUMBER}–{_NUMBER}|{_NUMBER})(?: от {_NUMBER})?(?: \w+)?")


def told(words: str) -> Told | None:
    """Read „14“, „38 от 40“, „под 10“, „10–19 от 403“; None where no number is told."""
    match = _WORDS.fullmatch(words.strip())
    if not match:
        return None
    under, low, high, exact, of = (int(re.sub(r"\D", "", group)) if group else None for group in match.groups())
    if under is not None:
        return Told(0, under - 1, of)
    if low is not None and high is not None:
        return Told(low, high, of)
    return Told(exact or 0, exact or 0, of)


@dataclass
class Equations:
    """All that an audience knows. `shown` are the cells told exactly, `banded` those told by their band."""

    bounds: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    shown: dict[Cell, int] = field(default_factory=dict)
    banded: set[Cell] = field(default_factory=set)
    wholes: dict[Cell, int] = field(default_factory=dict)
    """Of how many a number is, where that is told."""

    def add(self, cell: Cell) -> None:
        """There is such a number."""
        self.bounds.setdefault(cell, (0, UNKNOWN))

    def between(self, cell: Cell, low: int, high: int) -> None:
        """A number is known to be from `low` to `high`, besides what was known."""
        self.add(cell)
        known_low, known_high = self.bounds[cell]
        self.bounds[cell] = max(low, known_low), min(high, known_high)

    def tell(self, cell: Cell, words: str) -> None:
        """A number was told in words."""
        self.add(cell)
        if not (said := told(words)):
            return
        self.between(cell, said.low, said.high)
        if said.low == said.high:
            self.shown[cell] = said.low
        else:
            self.banded.add(cell)
        if said.of is not None:
            self.of(cell, said.of)

    def of(self, cell: Cell, whole: int) -> None:
        """A number is of so many."""
        self.wholes[cell] = min(whole, self.wholes.get(cell, whole))

    def adds_up(self, whole: Cell, parts: Sequence[Cell], why: str) -> None:
        """Parts add up to a whole."""
        for cell in (whole, *parts):
            self.add(cell)
        if (row := Row(((whole, -1), *((part, 1) for part in parts)), 0, 0, why)) not in self._known:
            self._known.add(row)
            self.rows.append(row)

    def differs(self, cell: Cell, other: Cell, low: int, high: int, why: str) -> None:
        """A number is another and from `low` to `high` more."""
        for each in (cell, other):
            self.add(each)
        if cell != other:
            self.rows.append(Row(((cell, 1), (other, -1)), low, high, why))

    def __post_init__(self) -> None:
        self._known: set[Row] = set()

    def __iter__(self) -> Iterator[Row]:
        """Every equation, the bounds of single cells, too."""
        for cell, (low, high) in self.bounds.items():
            if (low, high) != (0, UNKNOWN):
                yield Row(((cell, 1),), low, high, "казано" if cell in self.shown or cell in self.banded else "граница")
        yield from self.rows

    def __len__(self) -> int:
        return sum(1 for _ in self)
