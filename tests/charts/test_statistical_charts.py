"""Funnel, heat map, trend and precision–recall: the numbers drawn are those that chance and counting give."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from covering import WIDTHS, boxes, covering
from scipy.stats import binom

from obhvat.charts import funnel, heat_map, precision_recall, trend_with_threshold

OVERALL = 0.06
SCHOOLS = pd.DataFrame(
    [
        ("Голямо", 12, 200, False),
        ("Високо", 30, 200, False),
        ("Ниско", 2, 200, False),
        ("Малко", 2, 10, True),
        ("Без ученици", 0, 0, False),
        ("<b>Таг</b>", 21, 200, False),
    ],
    columns=["name", "n", "d", "chosen"],
)


def trace(figure, name: str):
    return next(t for t in figure.data if t.name == name)


def points(figure):
    return next(t for t in figure.data if t.customdata is not None)


def test_a_funnel_draws_the_share_over_the_pupils() -> None:
    drawn = points(funnel(SCHOOLS, OVERALL))
    assert list(zip(drawn.x, [round(y, 6) for y in drawn.y], strict=True)) == [
        (200, 6.0),
        (200, 15.0),
        (200, 1.0),
        (10, 20.0),
        (200, 10.5),
    ]


def test_a_click_on_a_point_names_the_place() -> None:
    assert [name for (name,) in points(funnel(SCHOOLS, OVERALL)).customdata] == [
        "Голямо",
        "Високо",
        "Ниско",
        "Малко",
        "<b>Таг</b>",
    ]


def test_only_those_outside_the_limits_and_the_chosen_are_named() -> None:
    said = [a.text for a in funnel(SCHOOLS, OVERALL).layout.annotations]
    named = [text for text in said if text.startswith("<b>")]
    assert sorted(named) == sorted(["<b>Високо</b>", "<b>Ниско</b>", "<b>Малко</b>", "<b>&lt;b&gt;Таг&lt;/b&gt;</b>"])


def test_names_of_near_places_do_not_lie_on_one_another_however_wide_the_picture_is() -> None:
    names = ["химични технологии", "облекло и туризъм", "енергетика и минно дело"]
    names += ["икономика", "техника и строителство"]
    covered = []
    for seed in range(12):
        chance = np.random.default_rng(seed)
        near = [(f"ПГ по {name}", *chance.integers((34, 270), (46, 340))) for name in names]
        points = pd.DataFrame([*near, ("СУ „Знание“", 20, 768)], columns=["name", "n", "d"]).assign(chosen=False)
        figure = funnel(points, 0.043)
        covered += [(seed, width) for width in WIDTHS if covering(boxes(figure, width, 0.82 * 420, 16))]
    assert covered == []


def test_large_places_fill_the_picture_and_small_ones_stand_over_nought() -> None:
    oblasts = pd.DataFrame([("А", 300, 9000), ("Б", 1260, 36000)], columns=["name", "n", "d"]).assign(chosen=False)
    low, high = funnel(oblasts, 0.035).layout.yaxis.range
    assert 2 < low < 300 / 90 < 3.5 < high < 5
    assert funnel(SCHOOLS, OVERALL).layout.yaxis.range[0] <= 0


def test_places_that_are_all_whole_are_drawn() -> None:
    whole = pd.DataFrame([("А", 90, 90), ("Б", 20, 20)], columns=["name", "n", "d"]).assign(chosen=False)
    low, high = funnel(whole, 1.0).layout.yaxis.range
    assert low <= 0
    assert high > 100


def test_only_what_is_above_the_outer_limit_is_red() -> None:
    drawn = points(funnel(SCHOOLS, OVERALL))
    # Of 200 pupils at 6 %: 30 or more 1 time in 600 000, 21 or more 1 in 100, 2 or fewer 3 in 10 000.
    assert binom.sf(29, 200, OVERALL) < 0.001 < binom.sf(20, 200, OVERALL) < 0.025
    assert binom.cdf(2, 200, OVERALL) < 0.001
    red = [name for (name,), c in zip(drawn.customdata, drawn.marker.color, strict=True) if c == "#B3261E"]
    assert red == ["Високо"]
    assert len(set(drawn.marker.symbol)) == 4


@pytest.mark.parametrize(("level", "tail"), [("95", 0.025), ("998", 0.001)])
def test_the_curves_of_a_funnel_are_the_limits_of_the_binomial(level: str, tail: float) -> None:
    drawn = funnel(SCHOOLS, OVERALL)
    low, high = trace(drawn, f"low{level}"), trace(drawn, f"high{level}")
    for size in (20, 60, 200):
        # The curve lies between the last count that chance explains and the first that it does not.
        inside_high = max(n for n in range(size + 1) if binom.sf(n - 1, size, OVERALL) >= tail)
        at = np.interp(size, high.x, high.y) * size / 100
        assert inside_high - 0.02 <= at <= inside_high + 1.02
        inside_low = min(n for n in range(size + 1) if binom.cdf(n, size, OVERALL) >= tail)
        at = np.interp(size, low.x, low.y) * size / 100
        assert inside_low - 1.02 <= at <= inside_low + 0.02


def test_a_funnel_without_places_is_an_empty_picture() -> None:
    assert list(points(funnel(SCHOOLS.iloc[:0], OVERALL)).x) == []


def test_a_funnel_around_nothing_names_nobody() -> None:
    drawn = funnel(SCHOOLS.assign(n=0, chosen=False), 0.0)
    assert not [a.text for a in drawn.layout.annotations if a.text.startswith("<b>")]


OCTOBER, NOVEMBER = pd.Timestamp(2023, 10, 1), pd.Timestamp(2023, 11, 1)
CLASSES = pd.DataFrame(
    [
        ("5а", OCTOBER, 0.0, "0 от 24 ученици"),
        ("5а", NOVEMBER, 3.5, "6 от 24 ученици"),
        ("7<i>", OCTOBER, None, ""),
        ("7<i>", NOVEMBER, 1.0, None),
    ],
    columns=["class", "month", "value", "note"],
)


def test_a_heat_map_writes_every_number_and_zero_is_one() -> None:
    drawn = heat_map(CLASSES)
    assert list(trace(drawn, "numbers").text) == ["<b>0</b>", "<b>3,5</b>", "няма<br>данни", "<b>1</b>"]
    grid = next(t for t in drawn.data if t.type == "heatmap")
    assert [list(row) for row in grid.z] == [[0, 3.5], [None, 1]]
    assert grid.text[0][1] == "5а, ное: 3,5<br>6 от 24 ученици"
    assert grid.text[1][1] == "7&lt;i&gt;, ное: 1"


def test_an_unknown_cell_of_a_heat_map_is_hatched() -> None:
    unknown = trace(heat_map(CLASSES), "unknown")
    assert unknown.fillpattern.shape == "/"
    assert (min(x for x in unknown.x if x is not None), min(y for y in unknown.y if y is not None)) == (-0.48, 0.54)


def test_a_class_without_a_row_for_a_month_is_unknown_too() -> None:
    drawn = heat_map(CLASSES.drop(index=1))
    assert list(trace(drawn, "numbers").text)[1] == "няма<br>данни"


def test_a_full_heat_map_has_nothing_hatched() -> None:
    assert not [t for t in heat_map(CLASSES.dropna(subset=["value"])[:2]).data if t.name == "unknown"]


def months(year: int, numbers: list[float | None]) -> pd.DataFrame:
    days = pd.to_datetime([date(year, 9 + n, 1) for n in range(len(numbers))])
    return pd.DataFrame({"month": days, "n": numbers, "d": 900})


def test_a_trend_names_its_threshold_and_the_year_before() -> None:
    drawn = trend_with_threshold(months(2023, [5, None, 8]), "5 и повече часа", months(2022, [4, 4, 9]))
    assert [a.text for a in drawn.layout.annotations] == ["2022/23", "праг: <b>5 и повече часа</b>"]
    before, now = drawn.data
    assert (list(now.y), list(before.y)) == ([5, None, 8], [4, 4, 9])
    assert now.line.width > before.line.width
    assert next(iter(now.hovertext)) == "5 от 900"


def test_a_trend_without_a_year_before_is_one_line() -> None:
    assert len(trend_with_threshold(months(2023, [5, 6]), "5 и повече часа").data) == 1


OURS = pd.DataFrame(
    [
        ("Оценката", 0.3, 0.45, 0.17, 0.48, True),
        ("месечен праг", 0.08, 0.55, 0.05, 0.12, False),
        ("никого", None, 0.0, None, None, False),
    ],
    columns=["name", "precision", "recall", "low", "high", "main"],
)
PUBLISHED = pd.DataFrame({"name": ["3 or more Fs"], "precision": [0.806], "recall": [0.648]})


def test_rules_stand_at_their_recall_and_precision_with_the_interval() -> None:
    drawn = trace(precision_recall(OURS, PUBLISHED), "ours")
    assert list(drawn.x) == pytest.approx([45, 55])
    assert list(drawn.y) == pytest.approx([30, 8])
    assert list(drawn.error_y.array) == pytest.approx([18, 4])
    assert list(drawn.error_y.arrayminus) == pytest.approx([13, 3])


def test_every_rule_drawn_is_named_and_published_flags_are_not() -> None:
    drawn = precision_recall(OURS, PUBLISHED)
    assert sorted(a.text for a in drawn.layout.annotations) == ["<b>Оценката</b>", "<b>месечен праг</b>"]
    assert [*trace(drawn, "published").x, *trace(drawn, "published").y] == pytest.approx([64.8, 80.6])


def test_names_beside_near_points_do_not_lie_on_one_another() -> None:
    crowd = pd.DataFrame(
        {"name": [f"правило {n}" for n in range(6)], "precision": 0.02, "recall": [0.3 + 0.005 * n for n in range(6)]}
    ).assign(low=0.01, high=0.03)
    notes = precision_recall(crowd, PUBLISHED).layout.annotations
    places = {(a.xanchor, round(-(a.ay or 0)) if a.showarrow else 0) for a in notes}
    assert len(places) == 6
