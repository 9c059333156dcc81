"""What was done for the cases, each kind of work a figure of its own."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.datasets import dataset
from obhvat.metrics.figures import Figure, figure
from obhvat.metrics.kinds import NAMED_STEPS
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

_OF_ROUNDS = (("round", "обход", "rounds"), ("address", "посетен адрес при обход", "addresses_visited"))


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
        rows.append((kind.code, kind.caption, done.n, done.metric.unit, asked(f"cases_with_{kind.code}").n))
    for code, name, metric_id in _OF_ROUNDS:
        done = asked(metric_id)
        rows.append((code, name, done.n, done.metric.unit, None))
    frame = pd.DataFrame(rows, columns=["kind", "name", "n", "unit", "cases"])
    return frame.astype({"n": "Int64", "cases": "Int64"})
