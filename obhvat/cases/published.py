"""What other oblasts have published of the same work, and what of it does not add up.

A number that does not foot says nothing bad of anybody: it says that a sum was not checked before it was printed. Ours
are. The figures and their addresses are in published.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from obhvat.language import _, by_language, declared
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
    return declared("cases/published.toml")


@by_language
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
            yield _("{added}, а са обявени {total}; {left}").format(
                added=_added(addition), total=_total(addition), left=_left(addition.left)
            )
        elif any(part.unit != addition.unit for part in addition.parts):
            words = _(" и ").join(counted(part.n, part.unit) for part in addition.parts)
            yield _("{words} са събрани като {total}: това са различни единици").format(
                words=words, total=counted(addition.total, addition.unit)
            )
    for ratio in case.ratios:
        if ratio.months > 1:
            yield _pupil_months(ratio)
        elif not ratio.adds_up:
            yield _other_ratio(ratio)


def _added(addition: Sum) -> str:
    return f"{' + '.join(number(part.n) for part in addition.parts)} = {number(addition.total - addition.left)}"


def _total(addition: Sum) -> str:
    return f"{_('около ') if addition.about else ''}{number(addition.total)} {addition.what}"


def _left(left: float) -> str:
    if left < 0:
        return _("частите са с {left} повече").format(left=number(-left))
    return _("за {left} не се казва нищо").format(left=number(left))


def _other_ratio(ratio: Ratio) -> str:
    decimals, claim = max(ratio.digits, 1), ratio.stated or 0
    real, stated = number(ratio.real, decimals), number(claim, ratio.digits)
    if ratio.kind == "percent":
        share = percent(ratio.n, ratio.d, decimals)
        claimed = percent(claim, 100, decimals)
        return _("{what} са {n}, това са {share}, а не {claimed}").format(
            what=ratio.what, n=out_of(ratio.n, ratio.d), share=share, claimed=claimed
        )
    if ratio.kind == "times":
        return _("от {n} на {d} {what} е {real} пъти по-малко, а не {stated}").format(
            n=number(ratio.n), d=number(ratio.d), what=ratio.what, real=real, stated=stated
        )
    return _("{n} {what} на {d} са {real} на ученик, а не {stated}; при {stated} биха били {claim}").format(
        n=number(ratio.n),
        what=ratio.what,
        d=counted(ratio.d, "ученик"),
        real=real,
        stated=stated,
        claim=number(claim * ratio.d),
    )


def _pupil_months(ratio: Ratio) -> str:
    """A list added up month after month counts a pupil as many times."""
    return _(
        "{d} са {months} месечни списъка, събрани един с друг: учениците са около {d2}, а {what} са {n} "
        "на ученик, не {stated}"
    ).format(
        d=counted(ratio.d, "ученик"),
        months=number(ratio.months),
        d2=number(ratio.d / ratio.months),
        what=ratio.what,
        n=number(ratio.n * ratio.months / ratio.d, 2),
        stated=number(ratio.stated, ratio.digits),
    )
