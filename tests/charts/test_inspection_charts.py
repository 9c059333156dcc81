"""Pictures of checks: every number is the one given, what needs action is told without colour."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts import diary_gap, findings_bars

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
