"""Pictures of checks: every number is the one given, what needs action is told without colour."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts import findings_bars

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
