"""What other oblasts have published of the same work, and what of it does not add up.

A number that does not foot says nothing bad of anybody: it says that a sum was not checked before it was printed. Ours
are. The figures and their addresses are in published.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from obhvat.resources import read_toml
from obhvat.sums import Addend, Ratio, Sum
from obhvat.texts import counted, number, out_of, percent


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


def _left(left: float) -> str:
    if left < 0:
        return f"частите са с {number(-left)} повече"
    return f"за {number(left)} не се казва нищо"


def _other_ratio(ratio: Ratio) -> str:
    decimals, claim = max(ratio.digits, 1), ratio.stated or 0
    real, stated = number(ratio.real, decimals), number(claim, ratio.digits)
    if ratio.kind == "percent":
        share = percent(ratio.n, ratio.d, decimals)
        claimed = percent(claim, 100, decimals)
        return f"{ratio.what} са {out_of(ratio.n, ratio.d)}, това са {share}, а не {claimed}"
    if ratio.kind == "times":
        return f"от {number(ratio.n)} на {number(ratio.d)} {ratio.what} е {real} пъти по-малко, а не {stated}"
    return (
        f"{number(ratio.n)} {ratio.what} на {counted(ratio.d, 'ученик')} са {real} на ученик, а не {stated}; "
        f"при {stated} биха били {number(claim * ratio.d)}"
    )


def _pupil_months(ratio: Ratio) -> str:
    """A list added up month after month counts a pupil as many times."""
    return (
        f"{counted(ratio.d, 'ученик')} са {number(ratio.months)} месечни списъка, събрани един с друг: учениците са "
        f"около {number(ratio.d / ratio.months)}, а {ratio.what} са {number(ratio.n * ratio.months / ratio.d, 2)} "
        f"на ученик, не {number(ratio.stated, ratio.digits)}"
    )
