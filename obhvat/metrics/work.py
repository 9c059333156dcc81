"""What was done for the cases, who took part in it and what came of it, each number a figure of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from obhvat.cases.terms import OWNERS
from obhvat.datasets import dataset
from obhvat.indicators.statistics import wilson
from obhvat.language import N_, _
from obhvat.metrics.figures import Figure, figure
from obhvat.metrics.kinds import NAMED_STEPS
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

_OF_ROUNDS = (("round", N_("обход"), "rounds"), ("address", N_("посетен адрес при обход"), "addresses_visited"))


def work_done(store: Store, period: Period, scope: Scope, day: date | None = None) -> pd.DataFrame:
    """One row a kind of work in the period (with a `day`, up to it), in the order of the register, then rounds and the
    addresses in them.

    kind (a code of actions.kind, `round` or `address`), name, n, unit (a noun of obhvat.texts), cases (in how many
    different cases). What nobody in the scope has sent a register for is missing, not zero; rounds are of no school
    and no case.
    """

    def asked(metric_id: str) -> Figure:
        return figure(store, metric_id, period, scope, day)

    rows: list[tuple[str, str, float | None, str, float | None]] = []
    for kind in dataset("actions")["kind"].values:
        done = asked(NAMED_STEPS.get(kind.code, f"steps_{kind.code}"))
        rows.append((kind.code, _(kind.caption), done.n, done.metric.unit, asked(f"cases_with_{kind.code}").n))
    for code, name, metric_id in _OF_ROUNDS:
        done = asked(metric_id)
        rows.append((code, _(name), done.n, done.metric.unit, None))
    frame = pd.DataFrame(rows, columns=["kind", "name", "n", "unit", "cases"])
    return frame.astype({"n": "Int64", "cases": "Int64"})


@dataclass(frozen=True)
class Came:
    """What came of what was visited, as far as it is known. A count is None when nobody reports it: not zero."""

    n: float | None
    of: float
    """How many were visited by those who report it."""

    @property
    def per_100(self) -> float | None:
        return 100 * self.n / self.of if self.n is not None and self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of `per_100` (Wilson). None where more came than was visited: several children may live
        at one address, and then it is no share."""
        if self.n is None or not 0 <= self.n <= self.of or not self.of:
            return None
        low, high = wilson(int(self.n), int(self.of)) or (0.0, 1.0)
        return 100 * low, 100 * high


def came(of: Figure) -> Came:
    """What a figure says came of its denominator."""
    return Came(of.n if of.d else None, of.d or 0)


def taking_part(store: Store, period: Period, scope: Scope, day: date | None = None) -> pd.DataFrame:
    """One row an institution of the coordination centre, those that took part most first and those that did not, last.

    institution (code), name, steps (in cases), rounds. Of a step that several took part in each has one: the column
    does not add up to the steps. Missing without a register.
    """
    rows = [
        (code, name, *(figure(store, f"{of}_with_{code}", period, scope, day).n for of in ("steps", "rounds")))
        for code, name in OWNERS.items()
    ]
    frame = pd.DataFrame(rows, columns=["institution", "name", "steps", "rounds"])
    frame = frame.astype(dict.fromkeys(["steps", "rounds"], "Int64"))
    took = frame[["steps", "rounds"]].fillna(0).sum(axis="columns")
    return frame.loc[took.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
