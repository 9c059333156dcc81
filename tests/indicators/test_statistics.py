"""Intervals and limits of chance, against other programs and against counting by hand."""

from __future__ import annotations

import math
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from statsmodels.stats.proportion import proportion_confint

from obhvat.indicators.statistics import accuracy, binomial_limits, funnel_band, ranking_auc, wilson


def chance_of(counts: range, d: int, share: float) -> float:
    """How likely one of `counts` of d children is, by the binomial formula."""
    return math.fsum(comb(d, n) * share**n * (1 - share) ** (d - n) for n in counts)


def band_by_hand(n: int, d: int, share: float) -> str:
    as_many, as_few = chance_of(range(n, d + 1), d, share), chance_of(range(n + 1), d, share)
    for tail, name in ((0.001, "998"), (0.025, "95")):
        if as_many < tail:
            return f"above{name}"
        if as_few < tail:
            return f"below{name}"
    return "inside"


@pytest.mark.parametrize(("n", "d"), [(9, 30), (0, 12), (12, 12), (1, 400)])
def test_wilsons_interval_is_that_of_statsmodels(n: int, d: int) -> None:
    assert wilson(n, d) == pytest.approx(proportion_confint(n, d, alpha=0.05, method="wilson"), abs=1e-9)


def test_nine_of_thirty_is_between_17_and_48_percent() -> None:
    low, high = wilson(9, 30) or (0, 0)
    assert (round(100 * low), round(100 * high)) == (17, 48)


def test_a_share_of_nobody_has_no_interval() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize("share", [0.01, 0.057, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("d", [1, 7, 24, 150])
def test_a_band_is_the_binomial_tail(d: int, share: float) -> None:
    assert [funnel_band(n, d, share) for n in range(d + 1)] == [band_by_hand(n, d, share) for n in range(d + 1)]


@pytest.mark.parametrize("share", [0.01, 0.057, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("d", [1, 7, 24, 150, 900])
def test_the_curves_part_the_same_places_as_the_bands(d: int, share: float) -> None:
    (low95, high95), (low998, high998) = (binomial_limits([d], share, level) for level in ("95", "998"))
    for n in range(d + 1):
        y = n / d
        named = "above998" if y > high998[0] else "below998" if y < low998[0] else None
        named = named or ("above95" if y > high95[0] else "below95" if y < low95[0] else "inside")
        assert named == funnel_band(n, d, share), (n, d)


def test_few_pupils_make_a_wide_funnel() -> None:
    low, high = binomial_limits([10, 100, 1000], 0.1, "95")
    widths = list(high - low)
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(("n", "d", "share"), [(0, 0, 0.1), (0, 30, 0.0), (3, 30, 0.0), (30, 30, 1.0)])
def test_nothing_to_compare_with_is_inside(n: int, d: int, share: float) -> None:
    assert funnel_band(n, d, share) == "inside"


def test_limits_around_a_share_of_none_are_none() -> None:
    low, high = binomial_limits([10, 20], 0.0, "998")
    assert [*low, *high] == [0, 0, 0, 0]


# 100 children: 10 left; 20 flagged, 6 of them left.
LEFT = np.arange(100) < 10
FLAGGED = (np.arange(100) < 6) | (np.arange(100) >= 86)


def test_accuracy_is_counted() -> None:
    found = accuracy(LEFT, FLAGGED)
    assert (found.children, found.flagged, found.leavers, found.hits) == (100, 20, 10, 6)
    assert (found.precision, found.recall, found.specificity) == (6 / 20, 6 / 10, 76 / 90)
    assert found.auc == pytest.approx((0.6 + 76 / 90) / 2)
    assert found.lift == pytest.approx((6 / 20) / (10 / 100))
    assert found.precision_interval == wilson(6, 20)
    assert found.recall_interval == wilson(6, 10)


def test_nobody_flagged_has_no_precision_and_a_recall_of_zero() -> None:
    found = accuracy(LEFT, np.zeros(100, dtype=bool))
    assert (found.precision, found.precision_interval, found.lift, found.recall) == (None, None, None, 0)


def test_nobody_left_has_no_recall() -> None:
    found = accuracy(np.zeros(100, dtype=bool), FLAGGED)
    assert (found.recall, found.recall_interval, found.auc, found.lift, found.precision) == (None, None, None, None, 0)


def test_no_children_at_all() -> None:
    found = accuracy([], [])
    assert (found.children, found.precision, found.recall, found.specificity) == (0, None, None, None)


@pytest.mark.parametrize(
    ("gone", "stayed", "auc"),
    [
        # 5 is above 1, 2 and 4; 3 above 1 and 2: five of six pairs.
        ([5, 3], [1, 2, 4], 5 / 6),
        # 2 is above 1, like 2, below 3; 7 above all three: 4.5 of 6.
        ([2, 7], [1, 2, 3], 4.5 / 6),
        ([4], [4, 4], 1 / 2),
        ([1, 2], [3], 0.0),
        ([0.5], [-1, 0.25], 1.0),
    ],
)
def test_the_ranking_counted_by_hand(gone: list[float], stayed: list[float], auc: float) -> None:
    left = [*[True] * len(gone), *[False] * len(stayed)]
    assert ranking_auc(left, [*gone, *stayed]) == pytest.approx(auc)
    assert ranking_auc(left[::-1], [*stayed[::-1], *gone[::-1]]) == pytest.approx(auc)


@given(some.lists(some.tuples(some.booleans(), some.integers(0, 5)), min_size=1, max_size=40))
def test_the_ranking_is_a_count_of_pairs(children: list[tuple[bool, int]]) -> None:
    gone, stayed = ([s for left, s in children if left is kind] for kind in (True, False))
    found = ranking_auc([left for left, _ in children], [s for _, s in children])
    if not gone or not stayed:
        assert found is None
        return
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in gone for b in stayed]
    assert found == pytest.approx(sum(pairs) / len(pairs))
