"""One backtest: what was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from obhvat.disclosure import Disclosure, Shown
from obhvat.indicators.backtest import SCORE, results, window_end
from obhvat.indicators.thresholds import RuleSet
from obhvat.language import _
from obhvat.periods import next_month
from obhvat.store import Store
from obhvat.ui.filters import View

# Fewer who left than this say nothing of a rule: one child more or less would change the answer.
ENOUGH = 10


@dataclass(frozen=True)
class Tested:
    """One backtest: what was asked, and what came of it."""

    month: date
    months: int
    k: int
    until: date
    result: pd.DataFrame
    left: Mapping[str, int]
    """How the children tested left → how many."""
    tied: int
    silent: tuple[str, ...]
    """Schools nothing was heard of afterwards."""
    disclosure: Disclosure

    @property
    def score(self) -> pd.Series:
        return self.result.set_index("rule").loc[SCORE]

    @property
    def leavers(self) -> int:
        return int(self.score["leavers"])

    @property
    def few(self) -> bool:
        return self.leavers < ENOUGH

    @property
    def window(self) -> str:
        """„следващия месец“, „следващите 3 месеца“"""
        return _("следващия месец") if self.months == 1 else _("следващите {months} месеца").format(months=self.months)

    @property
    def is_secret(self) -> bool:
        """Whether even the number of all who left is too small to be shown."""
        return self.disclosure.hides(self.leavers)

    def hits(self, row: pd.Series) -> Shown:
        """How many a rule was right about; hidden where so few are on any side of its table that one could be
        recognised."""
        hits, flagged_, leavers_ = int(row["hits"]), int(row["flagged"]), int(row["leavers"])
        return self.disclosure.count(hits, flagged_ - hits, leavers_ - hits)


def end_of(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def backtested(store: Store, month: date, ahead: int, k: int, rules: RuleSet, view: View) -> Tested:
    """What the rules said at the end of a month against who left in the months ahead; the teams visit `k` children."""
    came = results(store, month, ahead, k, rules.on, view.scope.moment)
    until = window_end(end_of(month), ahead)
    return Tested(month, ahead, k, until, came.rules, came.left, came.tied, came.silent, view.disclosure)
