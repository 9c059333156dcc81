"""Counted bars lying down: how many of each, and how many of them need somebody now."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import escaped, nothing, tall, wide, wrapped
from obhvat.charts.style import ACT, BLUE, INK, LINE, MUTED, PAPER, finished
from obhvat.language import _
from obhvat.texts import number

_ROW = 52
_LETTERS = 26


def ladder_bars(steps: pd.DataFrame, height: int | None = None) -> go.Figure:
    """Open cases by the step of the ladder they stand at, the first step on top.

    `steps`: columns step (its name, in order), n (cases standing there), overdue (of them overdue). Out: a bar a step,
    the overdue part red and hatched, „5, от тях 2 с изтекъл срок“ written at its end.
    """
    return _counted(steps["step"], steps["n"], steps["overdue"], (_("с изтекъл срок"), _("с изтекъл срок")), height)


def findings_bars(rows: pd.DataFrame, height: int | None = None) -> go.Figure:
    """Typical findings of checks, counted.

    `rows`: columns name, n, open (of them not yet closed); they keep their order, from the top down. Out: as
    `ladder_bars`.
    """
    return _counted(rows["name"], rows["n"], rows["open"], (_("отворена"), _("отворени")), height)


def _counted(
    names: pd.Series, totals: pd.Series, pressing: pd.Series, words: tuple[str, str], height: int | None
) -> go.Figure:
    """A bar a name: what is settled, then what presses, then both numbers in words."""
    if totals.empty:
        return nothing(height)
    whole = [int(n) for n in totals.fillna(0)]
    part = [min(n, int(p)) for n, p in zip(whole, pressing.fillna(0), strict=True)]
    rows = list(range(len(whole)))
    counts = [_said(n, p, words) for n, p in zip(whole, part, strict=True)]
    hover = [f"{escaped(name)}: {text}<extra></extra>" for name, text in zip(names, counts, strict=True)]
    figure = go.Figure(
        [
            go.Bar(
                x=[n - p for n, p in zip(whole, part, strict=True)],
                y=rows,
                orientation="h",
                width=0.66,
                marker={"color": BLUE},
                hovertemplate=hover,
                name="rest",
            ),
            go.Bar(
                x=part,
                y=rows,
                orientation="h",
                width=0.66,
                marker={
                    "color": ACT,
                    "pattern": {"shape": "/", "fgcolor": PAPER, "bgcolor": ACT, "size": 9, "solidity": 0.22},
                },
                hovertemplate=hover,
                name="pressing",
            ),
        ]
    )
    figure.update_layout(
        barmode="stack",
        annotations=[
            {
                "x": n,
                "y": row,
                "text": _coloured(text),
                "showarrow": False,
                "xanchor": "left",
                "xshift": 8,
                "font": {"size": 20, "color": INK if n else MUTED},
            }
            for row, n, text in zip(rows, whole, counts, strict=True)
        ],
    )
    labels = [wrapped(name, _LETTERS) for name in names]
    figure.update_yaxes(
        tickvals=rows, ticktext=labels, tickfont={"size": 17}, range=[len(rows) - 0.5, -0.5],
        ticks="outside", ticklen=6, tickcolor="rgba(0,0,0,0)", showline=True, linewidth=2,
    )  # fmt: skip
    figure.update_xaxes(visible=False, range=[0, max([*whole, 1])])
    finished(figure, height or tall(labels, 17, _ROW) * len(rows) + 16)
    # Words at the end of the longest bar stand in the margin: no width of the page cuts them.
    figure.update_layout(margin={"r": wide(counts, 20, 14)})
    return figure.update_yaxes(showgrid=False, linecolor=LINE)


def _said(n: int, pressing: int, words: tuple[str, str]) -> str:
    """„5, от тях 2 с изтекъл срок“, „1, с изтекъл срок“, „5“."""
    singular, many = words
    if not pressing:
        return number(n)
    return (
        f"{number(n)}, {singular}"
        if n == 1
        else _("{n}, от тях {pressing} {part}").format(
            n=number(n), pressing=number(pressing), part=singular if pressing == 1 else many
        )
    )


def _coloured(count: str) -> str:
    n, _unused, rest = count.partition(", ")
    return f'<b>{n}</b>,<span style="color:{ACT}"> {rest}</span>' if rest else f"<b>{n}</b>"
