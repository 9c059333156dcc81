"""What can be said with numbers and worked out again: sums, ratios and differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# How far a number that is printed as „около“ may be from the one it follows from. Ours: 884 is „близо 900“, 150 is not
# „около 200“.
ABOUT_WITHIN = 0.05


@dataclass(frozen=True)
class Addend:
    """A part of a sum. `unit` is a noun of obhvat.texts, `about`: it is printed as „около“."""

    n: float
    unit: str = ""
    name: str = ""
    about: bool = False


@dataclass(frozen=True)
class Sum:
    """A total and its parts. `open`: more parts may be left unsaid („от тях“, „…“)."""

    total: float
    parts: tuple[Addend, ...]
    what: str = ""
    unit: str = ""
    about: bool = False
    open: bool = False

    @property
    def added(self) -> float:
        return round(sum(part.n for part in self.parts), 6)

    @property
    def left(self) -> float:
        """What the parts leave of the total; negative where they are more."""
        return round(self.total - self.added, 6)

    @property
    def adds_up(self) -> bool:
        """Whether the parts are the total, as exactly as both are printed."""
        rough = self.total * self.about + sum(part.n for part in self.parts if part.about)
        return abs(self.left) <= rough * ABOUT_WITHIN

    @property
    def units(self) -> frozenset[str]:
        """What is added up, where it is said; a pupil is a child."""
        units = {"дете" if part.unit == "ученик" else part.unit for part in (*self.parts, Addend(0, self.unit))}
        return frozenset(units - {""})


@dataclass(frozen=True)
class Ratio:
    """What is said of two numbers: that n of d are so many percent, that n became d so many times fewer, or that n are
    so many for each of d; nothing is `stated` when only n of d is."""

    kind: Literal["percent", "times", "mean"]
    n: float
    d: float
    stated: float | None
    what: str = ""
    months: int = 1
    """How many monthly lists were added up to get d."""
    about: bool = False
    decimals: int | None = None
    """How many digits after the comma it is printed with; else as many as `stated` has."""

    @property
    def real(self) -> float:
        """What the two numbers say themselves."""
        return 100 * self.n / self.d if self.kind == "percent" else self.n / self.d

    @property
    def digits(self) -> int:
        if self.decimals is not None:
            return self.decimals
        return len(str(self.stated).partition(".")[2]) if isinstance(self.stated, float) else 0

    @property
    def adds_up(self) -> bool:
        """Whether it is what is said: rounded, or cut, to the digits that are printed."""
        if self.stated is None:
            return self.kind != "percent" or self.n <= self.d
        if self.about:
            return abs(self.real - self.stated) <= max(self.real, self.stated) * ABOUT_WITHIN
        step = 10.0**-self.digits
        return -step / 2 - 1e-9 <= self.real - self.stated < step - 1e-9


@dataclass(frozen=True)
class Difference:
    """That something changed from a number to another by so many, or by so many percent. `rises`: which way it is said
    to have changed, None when it is not said."""

    before: float
    now: float
    stated: float | None = None
    is_percent: bool = False
    rises: bool | None = None
    about: bool = False
    decimals: int = 0

    @property
    def real(self) -> float:
        """How much it changed, without the sign."""
        changed = abs(self.now - self.before)
        return round(100 * changed / self.before if self.is_percent else changed, 6)

    @property
    def is_other_way(self) -> bool:
        return self.rises is not None and self.now != self.before and self.rises != (self.now > self.before)

    @property
    def adds_up(self) -> bool:
        if self.is_other_way:
            return False
        if self.stated is None:
            return True
        step = 10.0**-self.decimals / 2 if self.is_percent else 0.0
        return abs(self.real - self.stated) <= (self.stated * ABOUT_WITHIN if self.about else step) + 1e-9


Claim = Sum | Ratio | Difference
