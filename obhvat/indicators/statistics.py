"""Shares of few children: what they can and cannot say. Intervals, limits of chance, precision and recall.

scipy takes up to a second to import, so it is imported where it is needed: the first page must not wait for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

Band = Literal["above998", "above95", "inside", "below95", "below998"]
Level = Literal["95", "998"]

# Chance on each side of the limits within which 95 % and 99.8 % of the places would fall.
TAILS: dict[Level, float] = {"95": 0.025, "998": 0.001}
_Z = NormalDist().inv_cdf(1 - TAILS["95"])


def wilson(n: int, d: int) -> tuple[float, float] | None:
    """The 95 % interval of the share n of d after Wilson (1927); None when d is 0.

    It stays within 0 and 1 and is honest for few children, which n/d ± 2 standard errors is not.
    """
    if not d:
        return None
    share, shrunk = n / d, 1 + _Z**2 / d
    middle = share + _Z**2 / (2 * d)
    half = _Z * math.sqrt(share * (1 - share) / d + (_Z / (2 * d)) ** 2)
    return max((middle - half) / shrunk, 0.0), min((middle + half) / shrunk, 1.0)


def binomial_limits(
    d: npt.ArrayLike, overall: float, level: Level, spread: float = 1.0
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The lower and upper control limit of a share, for places of d children, around the overall share.

    The exact binomial limits of a funnel plot (Spiegelhalter 2005, Statistics in Medicine 24:1185), continued between
    whole numbers by the incomplete beta function. So the curve is smooth, and a place is beyond it exactly when
    as many children or more (or as few or fewer) are less likely than the level's tail: see `funnel_band`. `spread` is
    that of `spread_of`: the limits are then those of so many times fewer children.
    """
    from scipy.special import bdtrik

    sizes = np.maximum(np.asarray(d, dtype=float) / spread, 1)
    if not 0 < overall < 1:
        return np.full(sizes.shape, float(overall)), np.full(sizes.shape, float(overall))
    tail = TAILS[level]
    # bdtrik: the number of children that so many or fewer reach with the tail's chance. The upper limit is the lower
    # one of those who are not counted, so that both are exact for one child, too.
    low = bdtrik(tail, sizes, overall) / sizes
    high = 1 - bdtrik(tail, sizes, 1 - overall) / sizes
    return low, high


def funnel_band(n: int, d: int, overall: float, spread: float = 1.0) -> Band:
    """Where n of d children lies when the overall share is expected: inside the limits of chance, above or below.

    Exact binomial tails; with a `spread` of `spread_of` those of so many times fewer children. An empty place, and one
    compared with a share of 0 or 1, is inside.
    """
    from scipy.special import betainc

    if not d or not 0 < overall < 1:
        return "inside"
    # The binomial tails by the incomplete beta function, which goes on between whole numbers.
    few, all_ = n / spread, d / spread
    as_many = float(betainc(few, all_ - few + 1, overall)) if n else 1.0
    as_few = float(betainc(all_ - few, few + 1, 1 - overall)) if n < d else 1.0
    return _band(as_many, as_few)


def _band(as_many: float, as_few: float) -> Band:
    """By how likely so many or more are, and so few or fewer."""
    if as_many < TAILS["998"]:
        return "above998"
    if as_few < TAILS["998"]:
        return "below998"
    if as_many < TAILS["95"]:
        return "above95"
    return "below95" if as_few < TAILS["95"] else "inside"


_ENOUGH, _CUT = 8, 0.1
"""From how many places on their spread is estimated, and which part of them at either end is drawn in for it."""


def spread_of(n: npt.ArrayLike, d: npt.ArrayLike, overall: float) -> float:
    """How many times more places of d children differ than chance alone would have it; 1 where they do not, and for
    fewer than eight.

    Of ten thousand children each, nearly every place lies outside limits of chance alone: places differ for a hundred
    reasons. The multiplicative over-dispersion of Spiegelhalter (2005, Statistics in Medicine 24:1185), of z scores
    winsorised by a tenth, so that those that stand out do not hide themselves.
    """
    counts, sizes = np.asarray(n, dtype=float), np.asarray(d, dtype=float)
    if not 0 < overall < 1:
        return 1.0
    return _spread((counts / sizes - overall) / np.sqrt(overall * (1 - overall) / sizes))


def _spread(z: npt.NDArray[np.float64]) -> float:
    if len(z) < _ENOUGH:
        return 1.0
    drawn_in = np.clip(z, *np.quantile(z, (_CUT, 1 - _CUT)))
    return max(1.0, float(np.mean(drawn_in**2)))


def count_band(n: float, expected: float, spread: float = 1.0) -> Band:
    """Where a count lies when another is expected: exact Poisson tails, with a `spread` those of so many times less."""
    from scipy.special import gammainc, gammaincc

    few, mean = n / spread, expected / spread
    as_many = float(gammainc(few, mean)) if n else 1.0
    return _band(as_many, float(gammaincc(few + 1, mean)))


def count_limits(expected: float, spread: float = 1.0) -> tuple[float, float]:
    """From where to where a count is expected, with 95 of 100 places in it: the limits of `count_band`."""
    from scipy.special import pdtrik

    tail, mean = TAILS["95"], expected / spread
    low, high = float(pdtrik(tail, mean)), float(pdtrik(1 - tail, mean)) + 1
    # Of so few none at all is no wonder.
    return spread * (0.0 if math.isnan(low) else max(low, 0.0)), spread * high


def spread_of_counts(n: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """The same as `spread_of`, of counts and what is expected of each."""
    counts, means = np.asarray(n, dtype=float), np.asarray(expected, dtype=float)
    return _spread((counts - means) / np.sqrt(means))


@dataclass(frozen=True)
class Accuracy:
    """How flags did against who left. Shares from 0 to 1; None where there is nothing to divide by."""

    children: int
    flagged: int
    leavers: int
    hits: int
    """Flagged and left."""
    precision: float | None
    precision_interval: tuple[float, float] | None
    recall: float | None
    recall_interval: tuple[float, float] | None
    specificity: float | None
    auc: float | None
    """The area under the curve of a flag's one point: (recall + specificity) / 2. One half is chance."""
    lift: float | None
    """How many times more of the flagged left than of all children."""


def accuracy(left: Sequence[bool] | npt.NDArray[np.bool_], flagged: Sequence[bool] | npt.NDArray[np.bool_]) -> Accuracy:
    """Compare a flag with what happened, child by child. Raises ValueError when they are not of one length."""
    truth, flag = np.asarray(left, dtype=bool), np.asarray(flagged, dtype=bool)
    if len(truth) != len(flag):
        raise ValueError(f"{len(truth)} outcomes and {len(flag)} flags")
    rightly_not, wrongly, missed, hits = np.bincount(2 * truth + flag, minlength=4).tolist()
    precision, recall = _share(hits, hits + wrongly), _share(hits, hits + missed)
    specificity = _share(rightly_not, rightly_not + wrongly)
    base = _share(hits + missed, len(truth))
    return Accuracy(
        children=len(truth),
        flagged=hits + wrongly,
        leavers=hits + missed,
        hits=hits,
        precision=precision,
        precision_interval=wilson(hits, hits + wrongly),
        recall=recall,
        recall_interval=wilson(hits, hits + missed),
        specificity=specificity,
        auc=None if recall is None or specificity is None else (recall + specificity) / 2,
        lift=None if precision is None or not base else precision / base,
    )


def ranking_auc(left: Sequence[bool] | npt.NDArray[np.bool_], score: npt.ArrayLike) -> float | None:
    """How often a child who left has a higher score than one who stayed (ties count half); None without both.

    The statistic of Mann and Whitney (1947): the ranks of those who left, less what they would be among themselves.
    """
    truth = np.asarray(left, dtype=bool)
    gone = int(truth.sum())
    stayed = len(truth) - gone
    if not gone or not stayed:
        return None
    _, place, alike = np.unique(np.asarray(score, dtype=float), return_inverse=True, return_counts=True)
    ranks = np.cumsum(alike) - (alike - 1) / 2
    return float(ranks[place][truth].sum() - gone * (gone + 1) / 2) / (gone * stayed)


def _share(n: int, d: int) -> float | None:
    return n / d if d else None
