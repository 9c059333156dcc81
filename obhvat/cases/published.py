"""What other oblasts have published of the same work, and what of it does not add up.

A number that does not foot says nothing bad of anybody: it says that a sum was not checked before it was printed. Ours
are. The figures and their addresses are in published.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pandas as pd

from obhvat.resources import read_toml
from obhvat.texts import counted, number, out_of, percent


@dataclass(frozen=True)
class Addend:
    """A part of a printed sum. `about`: it is printed as „около“."""

    name: str
    n: int
    unit: str
    about: bool = False


@dataclass(frozen=True)
class Sum:
    """A printed total and its printed parts."""

    what: str
    unit: str
    total: int
    parts: tuple[Addend, ...]
    about: bool = False

    @property
    def left(self) -> int:
        """What the parts leave of the total; negative where they are more."""
        return self.total - sum(part.n for part in self.parts)

    @property
    def adds_up(self) -> bool:
        """Whether the parts are the total, as exactly as both are printed."""
        rough = self.total * self.about + sum(part.n for part in self.parts if part.about)
        return abs(self.left) <= rough * _declared()["about_within"]


@dataclass(frozen=True)
class Ratio:
    """What is said of two numbers: that n of d are so many percent, that n became d so many times fewer, or that n are
    so many for each of d."""

    kind: Literal["percent", "times", "mean"]
    what: str
    n: int
    d: int
    stated: float
    months: int = 1
    """How many monthly lists were added up to get d."""

    @property
    def real(self) -> float:
        """What the two numbers say themselves."""
        return 100 * self.n / self.d if self.kind == "percent" else self.n / self.d

    @property
    def adds_up(self) -> bool:
        """Whether it is what is said: rounded, or cut, to the digits that are printed."""
        step = 10.0 ** -_decimals(self.stated)
        return -step / 2 <= self.real - self.stated < step


@dataclass(frozen=True)
class Published:
    """What was published of one place at one time."""

    name: str
    when: str
    source: str
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    visited: int | None = None
    unit: str = ""
    """What `visited` counts, a noun of obhvat.texts."""
    found: int | None = None
    returned: int | None = None


@dataclass(frozen=True)
class Check:
    """A published number that does not add up."""

    name: str
    sentence: str
    source: str


def _declared() -> dict[str, Any]:
    return read_toml("cases/published.toml")


@cache
def published() -> tuple[Published, ...]:
    """Everything in published.toml, in its order."""
    return tuple(_read(dict(case)) for case in _declared()["case"])


def _read(case: dict[str, Any]) -> Published:
    sums = tuple(
        Sum(**entry | {"parts": tuple(Addend(**{"unit": entry["unit"], **part}) for part in entry["parts"])})
        for entry in case.pop("sums", ())
    )
    return Published(sums=sums, ratios=tuple(Ratio(**entry) for entry in case.pop("ratios", ())), **case)


def checks() -> tuple[Check, ...]:
    """Each published number that does not add up, in one sentence."""
    return tuple(
        Check(case.name, f"{case.name}, {case.when}: {fault}.", case.source)
        for case in published()
        for fault in _faults(case)
    )


def yields() -> pd.DataFrame:
    """What visiting came to elsewhere, the most first.

    name, when, addresses, unit (what the addresses are: адрес, посещение or дете), found, returned, per_100 (returned
    of 100 visited), source. What was not published is missing.
    """
    cases = [case for case in published() if case.visited and case.returned is not None]
    rows = [
        (p.name, p.when, p.visited, p.unit, p.found, p.returned, 100 * (p.returned or 0) / (p.visited or 1), p.source)
        for p in cases
    ]
    columns = ["name", "when", "addresses", "unit", "found", "returned", "per_100", "source"]
    frame = pd.DataFrame(rows, columns=columns).astype({"found": "Int64"})
    return frame.sort_values("per_100", ascending=False, ignore_index=True)


def _faults(case: Published) -> Iterator[str]:
    for addition in case.sums:
        if not addition.adds_up:
            yield f"{_added(addition)}, а са обявени {_total(addition)}; {_left(addition.left)}"
        elif any(part.unit != addition.unit for part in addition.parts):
            words = " и ".join(counted(part.n, part.unit) for part in addition.parts)
            yield f"{words} са събрани като {counted(addition.total, addition.unit)}: това са различни единици"
    for ratio in case.ratios:
        if ratio.months > 1:
            yield _pupil_months(ratio)
        elif not ratio.adds_up:
            yield _other_ratio(ratio)


def _added(addition: Sum) -> str:
    return f"{' + '.join(number(part.n) for part in addition.parts)} = {number(addition.total - addition.left)}"


def _total(addition: Sum) -> str:
    return f"{'около ' if addition.about else ''}{number(addition.total)} {addition.what}"


def _left(left: int) -> str:
    if left < 0:
        return f"частите са с {number(-left)} повече"
    return f"за {number(left)} не се казва нищо"


def _other_ratio(ratio: Ratio) -> str:
    decimals = max(_decimals(ratio.stated), 1)
    real, stated = number(ratio.real, decimals), number(ratio.stated, _decimals(ratio.stated))
    if ratio.kind == "percent":
        share = percent(ratio.n, ratio.d, decimals)
        claimed = percent(ratio.stated, 100, decimals)
        return f"{ratio.what} са {out_of(ratio.n, ratio.d)}, това са {share}, а не {claimed}"
    if ratio.kind == "times":
        return f"от {number(ratio.n)} на {number(ratio.d)} {ratio.what} е {real} пъти по-малко, а не {stated}"
    return (
        f"{number(ratio.n)} {ratio.what} на {counted(ratio.d, 'ученик')} са {real} на ученик, а не {stated}; "
        f"при {stated} биха били {number(ratio.stated * ratio.d)}"
    )


def _pupil_months(ratio: Ratio) -> str:
    """A list added up month after month counts a pupil as many times."""
    return (
        f"{counted(ratio.d, 'ученик')} са {number(ratio.months)} месечни списъка, събрани един с друг: учениците са "
        f"около {number(ratio.d / ratio.months)}, а {ratio.what} са {number(ratio.n * ratio.months / ratio.d, 2)} "
        f"на ученик, не {number(ratio.stated, _decimals(ratio.stated))}"
    )


def _decimals(value: float) -> int:
    """How many digits after the point it is printed with."""
    return len(str(value).partition(".")[2]) if isinstance(value, float) else 0
