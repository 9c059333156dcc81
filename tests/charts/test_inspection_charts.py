"""Pictures of checks: every number is the one given, what needs action is told without colour."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest
from covering import WIDTHS, boxes, covering

from obhvat.charts import checks_matrix, cumulative_coverage, diary_gap, findings_bars, quadrant
from obhvat.language import speaking

ACT = "#B3261E"


def trace(figure: go.Figure, name: str):
    return next(t for t in figure.data if t.name == name)


def said(figure: go.Figure) -> list[str]:
    """What the annotations say, without tags of ours."""
    words = [a.text for a in figure.layout.annotations]
    for tag in ("<b>", "</b>", f'<span style="color:{ACT}">', "</span>"):
        words = [w.replace(tag, "") for w in words]
    return words


def test_open_findings_are_counted_in_words_and_hatched() -> None:
    figure = findings_bars(pd.DataFrame({"name": ["а", "б", "в"], "n": [17, 4, 1], "open": [3, 0, 1]}))
    assert said(figure) == ["17, от тях 3 отворени", "4", "1, отворена"]
    assert list(trace(figure, "pressing").x) == [3, 0, 1]
    assert trace(figure, "pressing").marker.pattern.shape == "/"


def test_no_findings_say_so() -> None:
    assert said(findings_bars(pd.DataFrame({"name": [], "n": [], "open": []}))) == ["няма данни"]


GAPS = pd.DataFrame(
    [
        ("Едно", 1.5, -1.0, 4.0, 3, False),
        ("Друго", -6.25, -9.0, -3.5, 1, True),
        ("Без", None, None, None, 0, None),
        ("Трето", 0.0, None, None, 2, False),
    ],
    columns=["name", "gap", "low", "high", "n", "flagged"],
)


def test_gaps_are_sorted_from_below_zero_and_written_with_their_sign() -> None:
    figure = diary_gap(GAPS)
    assert said(figure) == ["▲ −6,2, 1 проверка", "0, 2 проверки", "+1,5, 3 проверки"]
    assert list(trace(figure, "flagged").x) == [-6.25]
    assert dict(zip(trace(figure, "usual").y, trace(figure, "usual").x, strict=True)) == {1: 0.0, 2: 1.5}


def test_a_gap_has_its_interval_and_an_unknown_interval_none() -> None:
    usual = trace(diary_gap(GAPS), "usual").error_x
    assert list(usual.array) == [0.0, 2.5]
    assert list(usual.arrayminus) == [0.0, 2.5]


def test_a_school_that_chance_does_not_explain_is_red_and_another_shape_with_a_sign() -> None:
    figure = diary_gap(GAPS)
    flagged, usual = trace(figure, "flagged").marker, trace(figure, "usual").marker
    assert flagged.color == ACT != usual.color
    assert flagged.symbol != usual.symbol
    assert [a.text.startswith("▲") for a in figure.layout.annotations] == [True, False, False]


def test_no_gaps_say_so() -> None:
    assert said(diary_gap(GAPS[2:3])) == ["няма данни"]


SEPTEMBER, OCTOBER, JANUARY = date(2023, 9, 1), date(2023, 10, 1), date(2024, 1, 1)
MONTHS = [SEPTEMBER, OCTOBER, JANUARY]
CHECKS = pd.DataFrame(
    [
        ("ОУ Едно", SEPTEMBER, 1, "П Д", False, "03.09.2023: 2 отсъстват"),
        ("ОУ Едно", JANUARY, 4, "", True, ""),
        ("СУ <i>Две</i>", OCTOBER, 0, None, False, None),
        ("ПГ Три", OCTOBER, 2, "Д", False, None),
        ("ПГ Три", OCTOBER, 1, "Р Д", True, None),
    ],
    columns=["school", "month", "n", "kinds", "finding", "text"],
)


def test_cells_say_the_kinds_of_checks_or_their_number() -> None:
    words = trace(checks_matrix(CHECKS, MONTHS), "words")
    assert dict(zip(zip(words.x, words.y, strict=True), words.text, strict=True)) == {
        (0, 0): "<b>ПД</b>",
        (2, 0): "<b>4</b>",
        (1, 2): "<b>ДР</b>",
    }


def test_more_checks_are_darker_and_none_is_the_lightest() -> None:
    grid = trace(checks_matrix(CHECKS, MONTHS), "checks")
    assert [list(row) for row in grid.z] == [[1, 0, 3], [0, 0, 0], [0, 3, 0]]
    assert [list(row) for row in grid.customdata][1] == ["СУ <i>Две</i>"] * 3


def test_pointing_at_a_cell_says_its_school_month_checks_and_words() -> None:
    text = trace(checks_matrix(CHECKS, MONTHS), "checks").text
    assert text[0][0] == "ОУ Едно, сеп 2023: 1 проверка<br>03.09.2023: 2 отсъстват"
    assert text[1][1] == "СУ &lt;i&gt;Две&lt;/i&gt;, окт: без проверка"
    assert text[2][1] == "ПГ Три, окт: 3 проверки"


def test_only_a_school_never_checked_is_red_with_a_sign_and_words() -> None:
    figure = checks_matrix(CHECKS, MONTHS)
    labels = list(figure.layout.yaxis.ticktext)
    assert [ACT in label and "✗" in label for label in labels] == [False, True, False]
    assert [(a.y, a.text) for a in figure.layout.annotations] == [(1, "без нито една проверка")]


def test_an_open_finding_has_a_sign_in_its_cell_and_in_the_key() -> None:
    figure = checks_matrix(CHECKS, MONTHS)
    signs = trace(figure, "findings")
    assert {(round(x), round(y)) for x, y in zip(signs.x, signs.y, strict=True)} == {(2, 0), (1, 2)}
    assert "неизпълнена препоръка" in figure.layout.title.text
    assert "констатация" not in (checks_matrix(CHECKS.assign(finding=False), MONTHS).layout.title.text or "")


def test_a_check_outside_the_months_shown_does_not_count() -> None:
    figure = checks_matrix(CHECKS[:1], [OCTOBER])
    assert [list(row) for row in trace(figure, "checks").z] == [[0]]
    assert "✗" in figure.layout.yaxis.ticktext[0]


def test_forty_schools_make_a_picture_with_a_readable_row_each() -> None:
    many = pd.concat([CHECKS[:1].assign(school=f"ОУ № {n}") for n in range(40)])
    assert checks_matrix(many, MONTHS).layout.height >= 40 * 28


PLACES = pd.DataFrame(
    [
        ("Далече и високо", 200.0, 0.2, 100, False),
        ("Наскоро и високо", 10.0, 0.2, 50, False),
        ("Никога и високо", None, 0.1, 400, False),
        ("Никога и ниско", None, 0.01, 400, False),
        ("Далече и ниско", 150.0, 0.02, 25, True),
        ("Без риск", 150.0, None, 25, False),
    ],
    columns=["name", "days", "risk", "pupils", "chosen"],
)


def named(figure: go.Figure) -> set[str]:
    bold = [a.text for a in figure.layout.annotations if a.text.startswith("<b>") and "тук първо" not in a.text]
    return {text.removeprefix("<b>").removesuffix("</b>").replace("<br>", " ") for text in bold}


def test_schools_stand_at_their_days_and_risk() -> None:
    schools = trace(quadrant(PLACES, 0.08, 120), "schools")
    found = {n: (x, y) for (n,), x, y in zip(schools.customdata, schools.x, schools.y, strict=True)}
    assert found["Далече и високо"] == (200, 0.2)
    assert found["Далече и ниско"] == (150, 0.02)
    assert "Без риск" not in found


def test_schools_never_checked_stand_right_of_all_others() -> None:
    figure = quadrant(PLACES, 0.08, 120)
    schools = trace(figure, "schools")
    at = {n: x for (n,), x in zip(schools.customdata, schools.x, strict=True)}
    assert min(at["Никога и високо"], at["Никога и ниско"]) > 200 * 1.05
    assert "<b>никога</b>" in figure.layout.xaxis.ticktext


def test_only_where_to_go_first_is_red_another_shape_and_named_and_so_is_the_chosen() -> None:
    figure = quadrant(PLACES, 0.08, 120)
    schools = trace(figure, "schools")
    first = [n for (n,), c in zip(schools.customdata, schools.marker.color, strict=True) if c == ACT]
    diamonds = [n for (n,), s in zip(schools.customdata, schools.marker.symbol, strict=True) if s == "diamond"]
    assert first == diamonds == ["Далече и високо", "Никога и високо"]
    assert named(figure) == {"Далече и високо", "Никога и високо", "Далече и ниско"}


def test_more_pupils_make_a_larger_dot() -> None:
    small, middle, large = trace(quadrant(PLACES.iloc[[4, 0, 2]], 0.08, 120), "schools").marker.size
    assert small < middle < large


def test_the_first_quadrant_is_tinted_from_both_limits() -> None:
    tinted = quadrant(PLACES, 0.08, 120).layout.shapes[0]
    assert (tinted.x0, tinted.y0) == (120, 0.08)


@pytest.mark.parametrize("width", WIDTHS)
def test_names_in_a_crowd_do_not_cover_one_another(width: int) -> None:
    crowd = pd.DataFrame(
        [(f"ОУ „Св. св. Кирил и Методий“ {n}", 200.0 + n, 0.2 + 0.001 * n, 100 + n, False) for n in range(12)],
        columns=list(PLACES.columns),
    )
    # Without the title of the first quarter.
    named = quadrant(crowd, 0.08, 120)
    named.layout.annotations = [a for a in named.layout.annotations if a.text.startswith("<b>ОУ")]
    found = boxes(named, width, 480, 15)
    assert len(found) >= 3
    assert covering(found) == []


def test_quarters_are_named_in_the_language_of_who_looks() -> None:
    with speaking("en"):
        figure = quadrant(PLACES, 0.08, 120)
    words = [a.text for a in figure.layout.annotations if "risk" in a.text]
    assert len(words) == 4
    assert "<b>never</b>" in figure.layout.xaxis.ticktext


def by_day(*rows: tuple[date, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["date", "n"])


DONE = by_day((date(2023, 9, 20), 5), (date(2023, 12, 1), 38))
PLAN = by_day((date(2023, 9, 15), 10), (date(2023, 11, 1), 39), (date(2024, 6, 1), 40))


def test_coverage_steps_at_its_days_against_a_dashed_plan() -> None:
    figure = cumulative_coverage(DONE, PLAN, 40)
    done, plan = trace(figure, "проверени"), trace(figure, "план")
    assert list(zip(done.x, done.y, strict=True)) == [(date(2023, 9, 20), 5), (date(2023, 12, 1), 38)]
    assert list(plan.y) == [10, 39, 40]
    assert done.line.shape == plan.line.shape == "hv"
    assert (plan.line.dash, done.line.dash) == ("dash", None)


def test_the_ends_of_coverage_and_plan_and_the_whole_are_named() -> None:
    figure = cumulative_coverage(DONE, PLAN, 40)
    assert said(figure) == ["40 училища", "38 от 40", "план: 40"]
    assert figure.layout.shapes[0].y0 == figure.layout.shapes[0].y1 == 40


def test_what_is_done_is_named_under_the_plan_when_behind_and_above_its_line_when_ahead() -> None:
    behind = cumulative_coverage(DONE, PLAN, 40).layout.annotations[1]
    ahead = cumulative_coverage(DONE, PLAN.assign(n=[1, 2, 40]), 40).layout.annotations[1]
    assert (behind.xanchor, behind.yanchor) == ("left", "top")
    assert ahead.yanchor == "bottom"


def test_both_lines_complete_on_one_day_are_named_on_two_sides_of_the_line() -> None:
    full = by_day((date(2023, 9, 20), 5), (date(2024, 6, 1), 40))
    _, done, plan = cumulative_coverage(full, PLAN, 40).layout.annotations
    assert (done.y, plan.y) == (40, 40)
    assert (done.yanchor, plan.yanchor) == ("top", "bottom")


def test_coverage_without_a_plan_or_on_one_day_is_drawn() -> None:
    figure = cumulative_coverage(DONE[:1], PLAN[:0], 40)
    assert said(figure) == ["40 училища", "5 от 40"]
    assert trace(figure, "проверени").mode == "lines+markers"


def test_nothing_checked_and_nothing_planned_is_no_data() -> None:
    assert said(cumulative_coverage(DONE[:0], PLAN[:0], 40)) == ["няма данни"]
    assert said(checks_matrix(CHECKS[:0], MONTHS)) == said(quadrant(PLACES[:0], 0.08, 120)) == ["няма данни"]


def test_whatever_stands_for_nothing_is_nothing() -> None:
    unknown = PLACES[:1].assign(days=pd.array([None], dtype="Int64"), pupils=None, chosen=pd.NA)
    assert "Далече и високо" in named(quadrant(unknown, 0.08, 120))
    cells = checks_matrix(CHECKS[:1].assign(kinds=pd.NA, finding=pd.NA, text=None), MONTHS)
    assert list(trace(cells, "words").text) == ["<b>1</b>"]
    assert list(trace(cells, "findings").x) == []
