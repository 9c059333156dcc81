"""Limits that are wider where places differ more than by chance, and those of counts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from obhvat.indicators.statistics import (
    binomial_limits,
    count_band,
    count_limits,
    funnel_band,
    spread_of,
    spread_of_counts,
)


def test_the_spread_of_chance_alone_is_one() -> None:
    sizes = np.full(400, 2000)
    counts = np.random.default_rng(3).binomial(sizes, 0.04)
    assert spread_of(counts, sizes, 0.04) == pytest.approx(1, abs=0.05)


def test_of_large_places_that_differ_few_are_outside_and_the_odd_one_is() -> None:
    random = np.random.default_rng(3)
    sizes = random.integers(5000, 60_000, 28)
    shares = random.normal(0.04, 0.004, 28)
    shares[5] = 0.08
    counts = (sizes * shares).astype(int)
    overall = float(counts.sum() / sizes.sum())
    spread = spread_of(counts, sizes, overall)
    by_chance, widened = (
        [funnel_band(int(n), int(d), overall, times) for n, d in zip(counts, sizes, strict=True)]
        for times in (1.0, spread)
    )
    assert sum(band != "inside" for band in by_chance) > 14
    assert sum(band != "inside" for band in widened) <= 5
    assert widened[5] == "above998"


def test_the_wider_curves_part_the_same_places_as_the_bands() -> None:
    low, high = binomial_limits([900], 0.057, "95", 3.7)
    for n in range(901):
        outside = not low[0] <= n / 900 <= high[0]
        assert outside is (funnel_band(n, 900, 0.057, 3.7) != "inside"), n


def test_few_places_are_held_against_chance_alone() -> None:
    assert spread_of([10, 90, 50], [1000, 1000, 1000], 0.05) == 1


def chance_of_counts(counts: range, mean: float) -> float:
    """How likely one of `counts` is, by the formula of Poisson."""
    return math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in counts)


@pytest.mark.parametrize("mean", [0.5, 3.0, 20.0, 150.0])
def test_a_band_of_counts_is_the_tail_of_poisson(mean: float) -> None:
    for n in range(300):
        as_many, as_few = 1 - chance_of_counts(range(n), mean), chance_of_counts(range(n + 1), mean)
        wanted = "inside"
        for tail, name in ((0.025, "95"), (0.001, "998")):
            wanted = f"above{name}" if as_many < tail else f"below{name}" if as_few < tail else wanted
        if min(abs(x - t) for x in (as_many, as_few) for t in (0.025, 0.001)) > 1e-9:
            assert count_band(n, mean) == wanted, n


@pytest.mark.parametrize(("mean", "spread"), [(0.5, 1.0), (3.0, 1.0), (20.0, 1.0), (150.0, 4.0)])
def test_the_limits_of_counts_part_the_same_as_the_bands(mean: float, spread: float) -> None:
    low, high = count_limits(mean, spread)
    for n in range(400):
        assert (low <= n <= high) is (count_band(n, mean, spread) == "inside"), n


def test_counts_that_differ_by_chance_alone_have_a_spread_of_one() -> None:
    means = np.full(400, 30.0)
    assert spread_of_counts(np.random.default_rng(5).poisson(means), means) == pytest.approx(1, abs=0.05)
