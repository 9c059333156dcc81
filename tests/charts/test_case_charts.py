"""Pictures of cases: every number is the one given, what is overdue is told without colour, nothing covers words."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest

from obhvat.charts import ladder_bars, open_cases_timeline, reconciliation_bars, survival_curve, waterfall, yield_dots

ACT = "#B3261E"
STEPS = pd.DataFrame(
    [("Проучване", 5, 2), ("Среща", 12, 0), ("АУАН", 1, 1), ("Наказание", 0, 0), ("<i>Таг</i>", 3, 1)],
    columns=["step", "n", "overdue"],
)
TODAY = date(2024, 2, 5)


def trace(figure: go.Figure, name: str):
    return next(t for t in figure.data if t.name == name)


def said(figure: go.Figure) -> list[str]:
    """What the annotations say, without tags of ours."""
    words = [a.text for a in figure.layout.annotations]
    for tag in ("<b>", "</b>", f'<span style="color:{ACT}">', "</span>"):
        words = [w.replace(tag, "") for w in words]
    return words


def test_a_step_is_as_long_as_its_cases_and_the_overdue_are_its_end() -> None:
    figure = ladder_bars(STEPS)
    rest, pressing = trace(figure, "rest"), trace(figure, "pressing")
    assert list(pressing.x) == [2, 0, 1, 0, 1]
    assert [a + b for a, b in zip(rest.x, pressing.x, strict=True)] == [5, 12, 1, 0, 3]


def test_both_numbers_of_a_step_are_written_at_its_end() -> None:
    figure = ladder_bars(STEPS)
    assert said(figure) == ["5, от тях 2 с изтекъл срок", "12", "1, с изтекъл срок", "0", "3, от тях 1 с изтекъл срок"]
    assert [a.x for a in figure.layout.annotations] == [5, 12, 1, 0, 3]


def test_overdue_is_a_pattern_too() -> None:
    figure = ladder_bars(STEPS)
    assert trace(figure, "pressing").marker.pattern.shape == "/"
    assert trace(figure, "rest").marker.pattern.shape is None


def test_the_first_step_is_on_top() -> None:
    figure = ladder_bars(STEPS)
    low, high = figure.layout.yaxis.range
    assert low > high
    assert next(iter(figure.layout.yaxis.ticktext)) == "Проучване"


def test_the_words_at_the_end_of_the_longest_bar_have_room() -> None:
    short = ladder_bars(STEPS.assign(overdue=0)).layout.margin.r
    assert ladder_bars(STEPS).layout.margin.r > short + 100


def test_a_step_named_with_tags_is_shown_as_it_is_written() -> None:
    assert list(ladder_bars(STEPS).layout.yaxis.ticktext)[-1] == "&lt;i&gt;Таг&lt;/i&gt;"


def case(name: str, age: int, due: int | None = None, words: str | None = None, events: tuple = ()) -> dict:
    return {
        "name": name,
        "opened": TODAY - timedelta(days=age),
        "due": None if due is None else TODAY + timedelta(days=due),
        "late_words": words,
        "events": [(TODAY - timedelta(days=ago), kind) for ago, kind in events],
    }


CASES = pd.DataFrame(
    [
        case("КГ-003", 10, 5, None, ((3, "call"),)),
        case("КГ-001", 90, -16, "просрочен с 12 р.д.", ((80, "среща с родител"), (70, "АУАН"), (60, "справка ГРАО"))),
        case("КГ-002", 40, None, None, ((30, "visit"), (20, "visit"))),
    ]
)


def test_the_oldest_case_is_on_top() -> None:
    figure = open_cases_timeline(CASES, TODAY)
    assert list(figure.layout.yaxis.ticktext) == ["КГ-001", "КГ-002", "КГ-003"]
    low, high = figure.layout.yaxis.range
    assert low > high


def test_a_line_goes_from_opened_to_today_and_is_broken_at_a_missed_deadline() -> None:
    figure = open_cases_timeline(CASES, TODAY)
    calm, late = trace(figure, "open"), trace(figure, "late")
    missed = TODAY - timedelta(days=16)
    assert list(calm.x)[:2] == [TODAY - timedelta(days=90), missed]
    assert list(calm.x)[3:5] == [TODAY - timedelta(days=40), TODAY]
    assert list(late.x)[:2] == [missed, TODAY]
    assert (late.line.color, late.line.dash != calm.line.dash) == (ACT, True)


def test_only_an_overdue_case_says_how_late_it_is() -> None:
    assert said(open_cases_timeline(CASES, TODAY)) == ["просрочен с 12 р.д.", "към 05.02.2024"]


def test_a_kind_of_step_is_a_shape_whether_named_by_code_or_by_caption() -> None:
    figure = open_cases_timeline(CASES, TODAY)
    found = {t.name: (t.marker.symbol, len(t.x)) for t in figure.data if t.mode == "markers"}
    assert {name: n for name, (_, n) in found.items()} == {
        "разговор": 1,
        "среща": 1,
        "посещение": 2,
        "справка": 1,
        "друго": 1,
        "срок": 1,
        "изтекъл срок": 1,
    }
    assert len({symbol for symbol, _ in found.values()}) == 6
    assert trace(figure, "срок").marker.color != trace(figure, "изтекъл срок").marker.color == ACT


def test_the_key_names_the_shapes_drawn_and_no_others() -> None:
    key = open_cases_timeline(CASES[CASES["name"] == "КГ-002"], TODAY).layout.title.text
    assert "посещение" in key
    assert "среща" not in key
    assert "срок" not in key


def test_of_too_many_cases_the_overdue_are_kept_and_the_rest_are_counted() -> None:
    many = pd.DataFrame([case(f"КГ-{n:03}", 200 - n) for n in range(50)] + [case("КГ-999", 1, -1, "от вчера")])
    figure = open_cases_timeline(many, TODAY)
    shown = list(figure.layout.yaxis.ticktext)
    assert len(shown) == 40
    assert shown[0] == "КГ-000"
    assert shown[-1] == "КГ-999"
    assert figure.layout.title.text.endswith("още 11 случая – само в таблицата")


def test_more_cases_make_a_higher_picture() -> None:
    assert open_cases_timeline(CASES, TODAY).layout.height - open_cases_timeline(CASES[:1], TODAY).layout.height >= 60


@pytest.mark.parametrize("draw", [ladder_bars, lambda rows: open_cases_timeline(rows, TODAY)])
def test_no_rows_say_that_there_is_no_data(draw) -> None:
    columns = ["step", "n", "overdue", "name", "opened", "due", "late_words", "events"]
    assert said(draw(pd.DataFrame({c: [] for c in columns}))) == ["няма данни"]


def curve(*rows: tuple[float, float, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(t, s, s - 0.1, s + 0.1, n) for t, s, n in rows], columns=["time", "surviving", "low", "high", "at_risk"]
    )


OBLAST = curve((10, 0.9, 20), (40, 0.5, 12), (60, 0.25, 4))
CURVES = {"Областта": OBLAST, "Горун": curve((30, 0.5, 4), (60, 0.24, 2)), "Ведрово": curve((20, 0.26, 3))}


def test_a_curve_steps_down_at_its_times_from_everybody() -> None:
    drawn = trace(survival_curve(CURVES), "Областта")
    assert list(zip(drawn.x, drawn.y, strict=True)) == [(0, 1), (10, 0.9), (40, 0.5), (60, 0.25)]
    assert drawn.line.shape == "hv"


def test_the_first_curve_is_the_thickest_and_has_the_interval() -> None:
    figure = survival_curve(CURVES)
    widths = {name: trace(figure, name).line.width for name in CURVES}
    assert max(widths, key=lambda name: widths[name]) == "Областта"
    assert list(trace(figure, "low").y)[1:] == pytest.approx([0.8, 0.4, 0.15])
    assert list(trace(figure, "high").y)[1:] == pytest.approx([1.0, 0.6, 0.35])


def test_curves_are_named_with_their_last_value_and_the_names_stand_apart() -> None:
    figure = survival_curve(CURVES, height=460)
    named = {a.text.removeprefix("<b>").split(",")[0]: a for a in figure.layout.annotations if a.showarrow}
    assert {name: a.y for name, a in named.items()} == {"Областта": 0.25, "Горун": 0.24, "Ведрово": 0.26}
    assert "25" in named["Областта"].text
    pixels = 460 - figure.layout.margin.t - figure.layout.margin.b
    places = sorted(a.ay * pixels / 1.02 for a in named.values())
    lines = max(a.text.count("<br>") + 1 for a in named.values())
    assert min(b - a for a, b in pairwise(places)) >= 16 * lines


def test_those_still_watched_are_counted_under_the_axis() -> None:
    figure = survival_curve(CURVES)
    ticks = list(figure.layout.xaxis.tickvals)
    numbers = [(a.x, a.text) for a in figure.layout.annotations if a.text in {"<b>20</b>", "<b>12</b>", "<b>4</b>"}]
    assert numbers == [(t, f"<b>{20 if t <= 10 else 12 if t <= 40 else 4}</b>") for t in ticks]


def test_one_moment_makes_a_curve() -> None:
    assert list(trace(survival_curve({"Областта": curve((0, 1.0, 1))}), "Областта").x) == [0]


def test_a_first_curve_without_cases_leaves_the_others() -> None:
    figure = survival_curve({"Областта": curve(), "Горун": CURVES["Горун"]})
    assert [t.name for t in figure.data] == ["Горун"]


YIELDS = pd.DataFrame(
    [
        ("Каменград", 7.3, True, "62 върнати, 846 адреса"),
        ("Пловдив", 4.0, False, None),
        ("Видин", None, False, ""),
        ("Бургас", 9.5, False, ""),
    ],
    columns=["name", "value", "is_ours", "note"],
)


def test_yields_are_sorted_and_written_and_unknown_ones_are_left_out() -> None:
    figure = yield_dots(YIELDS)
    assert list(trace(figure, "values").x) == [9.5, 7.3, 4.0]
    assert said(figure) == ["9,5", "7,3", "4"]


def test_our_oblast_is_another_shape_and_says_how_its_number_was_made() -> None:
    figure = yield_dots(YIELDS)
    assert list(trace(figure, "values").marker.symbol) == ["circle", "diamond", "circle"]
    ours = figure.layout.yaxis.ticktext[1]
    assert ours.startswith("<b>Каменград</b>")
    assert "62 върнати, 846 адреса" in ours


MOMENTS = [
    ("Сега", [("cases_returned", "Върнати", 62), ("cases_refused", "Отказали", 3), ("cases_in_work", "В работа", 14)]),
    ("Преди година", [("cases_returned", "Върнати", 12), ("cases_in_work", "В работа", 0)]),
]


def test_a_part_has_its_number_at_every_moment_and_the_whole_is_at_the_end() -> None:
    figure = reconciliation_bars(MOMENTS)
    assert [(t.name, list(t.x)) for t in figure.data] == [
        ("cases_returned", [62, 12]),
        ("cases_refused", [3, 0]),
        ("cases_in_work", [14, 0]),
    ]
    assert list(trace(figure, "cases_in_work").text) == ["14", ""]
    assert said(figure) == ["79", "12"]


def test_a_part_has_the_colour_it_has_in_the_waterfall() -> None:
    bars = waterfall(("Всички", 79), MOMENTS[0][1]).data[0]
    assert [t.marker.color for t in reconciliation_bars(MOMENTS).data] == list(bars.marker.color)[1:]


def test_parts_of_one_colour_are_told_apart_by_a_hatch_and_named_in_the_key() -> None:
    parts = [("cases_not_found", "Неоткрити", 2), ("cases_refused", "Отказали", 3)]
    figure = reconciliation_bars([("Сега", parts)])
    found, refused = figure.data
    assert found.marker.color == refused.marker.color
    assert found.marker.pattern.shape != refused.marker.pattern.shape
    assert "Неоткрити" in figure.layout.title.text
    assert "Отказали" in figure.layout.title.text


def test_without_moments_values_or_curves_there_is_no_data() -> None:
    assert said(reconciliation_bars([])) == said(yield_dots(YIELDS[:0])) == said(survival_curve({})) == ["няма данни"]
    assert said(survival_curve({"Областта": curve()})) == ["няма данни"]
