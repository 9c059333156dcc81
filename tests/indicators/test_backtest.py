"""Flags against who left, with the figures counted by hand."""

from __future__ import annotations

import csv
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from places import ROOT

from obhvat.indicators.backtest import SCORE, at_stake, backtest, bowers, first, still_there, tied

BOWERS = ROOT.parent / "shared" / "real" / "evidence" / "bowers_110_flags.csv"

# 200 children: 20 left. „hours“ flags 40, of them 12 left; „repeats“ flags 5, of them 4 left; „never“ flags nobody.
N, LEFT = 200, frozenset(range(20))
HOURS = frozenset({*range(12), *range(100, 128)})
REPEATS = frozenset({*range(4), 150})


def flags(n: int = N) -> pd.DataFrame:
    pupils = np.arange(n, dtype="uint64")
    hours, repeats = (np.isin(pupils, list(of)) for of in (HOURS, REPEATS))
    return pd.DataFrame(
        {
            "school": "9100101",
            "pupil": pupils,
            "unit": "hours",
            "hours": hours,
            "repeats": repeats,
            "never": False,
            "score": 3.0 * hours + 2 * repeats,
        }
    )


def wilson_by_hand(n: int, d: int) -> tuple[float, float]:
    z, p = 1.959963984540054, n / d
    middle = (p + z * z / (2 * d)) / (1 + z * z / d)
    half = z / (1 + z * z / d) * math.sqrt(p * (1 - p) / d + z * z / (4 * d * d))
    return middle - half, middle + half


def row(found: pd.DataFrame, rule: str) -> pd.Series:
    return found.set_index("rule").loc[rule]


def test_there_is_a_row_for_the_points_and_one_for_every_rule() -> None:
    assert list(backtest(flags(), LEFT, 10)["rule"]) == [SCORE, "hours", "repeats", "never"]


def test_a_rule_is_counted() -> None:
    hours = row(backtest(flags(), LEFT, 10), "hours")
    assert (hours["children"], hours["flagged"], hours["leavers"], hours["hits"]) == (200, 40, 20, 12)
    assert (hours["precision"], hours["recall"]) == (12 / 40, 12 / 20)
    assert hours["specificity"] == pytest.approx(152 / 180)
    assert hours["auc"] == pytest.approx((12 / 20 + 152 / 180) / 2)
    assert hours["lift"] == pytest.approx((12 / 40) / (20 / 200))


def test_a_rule_has_wilsons_intervals() -> None:
    hours = row(backtest(flags(), LEFT, 10), "hours")
    assert (hours["precision_low"], hours["precision_high"]) == pytest.approx(wilson_by_hand(12, 40))
    assert (hours["recall_low"], hours["recall_high"]) == pytest.approx(wilson_by_hand(12, 20))


def test_the_first_by_points_are_those_with_most() -> None:
    # Five points: children 0 to 3, who left. Three points: 4 to 11, who left, then 100 to 127; 150 has two.
    score = row(backtest(flags(), LEFT, 10), SCORE)
    assert (score["flagged"], score["hits"], score["precision"], score["recall"]) == (10, 10, 1.0, 0.5)
    assert score["lift"] == pytest.approx(10)
    score = row(backtest(flags(), LEFT, 30), SCORE)
    assert (score["flagged"], score["hits"]) == (30, 12)


def test_the_whole_ranking_is_judged_too() -> None:
    points = {n: 3 * (n in HOURS) + 2 * (n in REPEATS) for n in range(N)}
    gone, stayed = ([points[n] for n in range(N) if (n in LEFT) is kind] for kind in (True, False))
    pairs = [(a > b) + 0.5 * (a == b) for a in gone for b in stayed]
    score = row(backtest(flags(), LEFT, 10), SCORE)
    assert score["ranking_auc"] == pytest.approx(sum(pairs) / len(pairs))


def test_more_visits_than_children_with_points_are_not_made() -> None:
    score = row(backtest(flags(), LEFT, 10_000), SCORE)
    assert score["flagged"] == len(HOURS | REPEATS) == 41
    assert score["hits"] == 12


def test_no_visits_find_nobody() -> None:
    score = row(backtest(flags(), LEFT, 0), SCORE)
    assert (score["flagged"], score["hits"], score["recall"]) == (0, 0, 0)
    assert pd.isna(score["precision"])


def test_a_rule_that_flags_nobody_has_no_precision() -> None:
    never = row(backtest(flags(), LEFT, 10), "never")
    assert (never["flagged"], never["recall"]) == (0, 0)
    assert never[["precision", "precision_low", "precision_high", "lift"]].isna().all()


def test_when_nobody_left_nothing_is_said_of_recall() -> None:
    found = backtest(flags(), frozenset(), 10)
    assert found["leavers"].tolist() == [0, 0, 0, 0]
    assert found[["recall", "auc", "lift", "ranking_auc"]].isna().all(axis=None)
    assert row(found, "hours")["precision"] == 0


def test_no_children_are_no_error() -> None:
    found = backtest(flags(0), LEFT, 10)
    assert found["children"].tolist() == [0, 0, 0, 0]
    assert found[["precision", "recall", "auc"]].isna().all(axis=None)


def test_who_left_but_was_not_there_is_not_counted() -> None:
    assert row(backtest(flags(), LEFT | {5000}, 10), "hours")["leavers"] == 20


def test_a_child_of_two_schools_is_one_child() -> None:
    twice = flags().iloc[[0]].assign(school="9100102", hours=False, repeats=False, never=True, score=0.0)
    found = backtest(pd.concat([flags(), twice], ignore_index=True), LEFT, 10)
    assert row(found, "hours")["children"] == 200
    assert (row(found, "hours")["hits"], row(found, "never")["hits"]) == (12, 1)


def test_among_equal_points_the_order_of_the_rows_decides_and_is_told() -> None:
    some = flags()
    assert np.flatnonzero(first(some, 6)).tolist() == [0, 1, 2, 3, 4, 5]
    assert tied(some, 6) == len(HOURS) - 4
    assert tied(some, 4) == 0
    assert tied(some, 10_000) == 0
    assert tied(some.assign(score=0.0), 5) == 0


def test_who_is_gone_already_cannot_leave() -> None:
    measured = pd.DataFrame(
        {
            "left_on": pd.to_datetime([None, "2023-10-31", "2023-11-01", None, None]),
            "vanished": [np.nan, np.nan, np.nan, 1, np.nan],
            "not_in_viii": [np.nan, np.nan, np.nan, np.nan, 1],
        }
    )
    assert still_there(measured, date(2023, 10, 31)).tolist() == [True, False, True, False, False]


def test_published_flags_are_all_there() -> None:
    found = bowers()
    assert len(found) == 110
    assert found["precision"].median() == pytest.approx(0.344, abs=0.001)
    assert found["recall"].median() == pytest.approx(0.395, abs=0.001)
    assert not found["name"].str.contains("[a-zA-Z]{5}").any()


@pytest.mark.skipif(not BOWERS.exists(), reason="the published table is not here")
def test_published_flags_are_as_published() -> None:
    with BOWERS.open(encoding="utf-8") as file:
        expected = [
            (int(r["id"]), *(float(r[c]) for c in ("prediction", "sensitivity", "specificity", "sample_size")))
            for r in csv.DictReader(file)
        ]
    columns = ["id", "precision", "recall", "specificity", "sample_size"]
    assert list(bowers()[columns].itertuples(index=False, name=None)) == expected


def test_those_tested_are_known_and_in_the_order_of_visits() -> None:
    after = date(2023, 10, 31)
    measured = pd.DataFrame(
        {
            "school": ["а", "а", "а", "б", "а"],
            "pupil": pd.Series([1, 2, 3, 4, 5], dtype="uint64"),
            "left_on": pd.to_datetime([None] * 5),
            "vanished": [np.nan] * 5,
            "not_in_viii": [np.nan] * 5,
            "year_unexcused": [1.0, 9.0, np.nan, 50.0, 40.0],
        }
    )
    flags = measured[["school", "pupil"]].assign(
        hours=[True, True, False, True, True], vanished=False, score=[3.0, 3.0, 0.0, 3.0, 3.0], n_rules=[1, 1, 0, 1, 1]
    )
    found = at_stake(measured, flags, after, {"а"}, {5})
    assert found["pupil"].tolist() == [2, 1, 3]
    assert list(found.columns) == ["school", "pupil", "hours", "score", "n_rules"]
