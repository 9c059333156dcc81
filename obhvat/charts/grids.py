"""Grids: places by months, darker where there is more."""

from __future__ import annotations

import html
from itertools import product

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.style import INK, NO_DATA, PAPER, SEQUENCE, finished
from obhvat.language import _
from obhvat.periods import short_month_name
from obhvat.texts import NO_DATA as NO_DATA_WORDS
from obhvat.texts import trimmed

_ROW = 40


def heat_map(table: pd.DataFrame, height: int | None = None) -> go.Figure:
    """Classes by months: one hue, the number in every cell. What is not known is hatched and says so; zero is a number.

    `table`: columns class, month, value (from 0 up, or missing), note (said when pointed at). A class and month without
    a row is unknown too. Classes keep the order they are first met in, months that of the calendar.
    """
    classes = list(dict.fromkeys(table["class"]))
    months = sorted(set(table["month"]))
    noted = {(c, m): (v, note) for c, m, v, note in table[["class", "month", "value", "note"]].itertuples(index=False)}
    cells = [[noted.get((c, m), (None, "")) for m in months] for c in classes]
    values = [[None if pd.isna(v) else float(v) for v, _unused in row] for row in cells]
    labels = [html.escape(str(c), quote=False) for c in classes]
    captions = [short_month_name(m.month) for m in months]
    present = [v for row in values for v in row if v is not None]
    top = max(present, default=0) or 1.0
    figure = go.Figure()
    unknown = [(x, y) for y, x in product(range(len(classes)), range(len(months))) if values[y][x] is None]
    if unknown:
        figure.add_trace(_hatched(unknown))
    figure.add_trace(
        go.Heatmap(
            z=values,
            x=list(range(len(months))),
            y=list(range(len(classes))),
            zmin=0,
            zmax=top,
            colorscale=[[n / (len(SEQUENCE) - 1), colour] for n, colour in enumerate(SEQUENCE)],
            showscale=False,
            xgap=3,
            ygap=3,
            hoverongaps=False,
            customdata=[[str(c)] * len(months) for c in classes],
            text=[
                [f"{name}, {captions[n]}: {_words(v)}{_note(noted_row[n][1])}" for n, v in enumerate(row)]
                for name, row, noted_row in zip(labels, values, cells, strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    places = list(product(range(len(classes)), range(len(months))))
    shown = [(x, y, values[y][x]) for y, x in places]
    figure.add_trace(
        go.Scatter(
            x=[x for x, _unused, _unused in shown],
            y=[y for _unused, y, _unused in shown],
            mode="text",
            text=[_("няма<br>данни") if v is None else f"<b>{trimmed(v)}</b>" for _unused, _unused, v in shown],
            textfont={
                "size": [12 if v is None else 18 for _unused, _unused, v in shown],
                "color": [PAPER if v is not None and v / top > 0.5 else INK for _unused, _unused, v in shown],
            },
            hoverinfo="skip",
            name="numbers",
        )
    )
    figure.update_xaxes(
        tickvals=list(range(len(months))), ticktext=captions, tickfont={"size": 16}, tickangle=0, side="top",
        range=[-0.5, len(months) - 0.5],
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(classes))), ticktext=labels, tickfont={"size": 16}, range=[len(classes) - 0.5, -0.5]
    )
    # Under two rows the captions of the months would be cut.
    finished(figure, height or _ROW * max(2, len(classes)) + 48)
    return figure.update_yaxes(showgrid=False)


def _hatched(cells: list[tuple[int, int]]) -> go.Scatter:
    """Unknown cells: one hatched outline a cell."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, y in cells:
        xs += [x - 0.48, x + 0.48, x + 0.48, x - 0.48, x - 0.48, None]
        ys += [y - 0.46, y - 0.46, y + 0.46, y + 0.46, y - 0.46, None]
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=NO_DATA,
        fillpattern={"shape": "/", "fgcolor": "#C3CED3", "bgcolor": NO_DATA, "size": 9},
        hoverinfo="skip",
        name="unknown",
    )


def _words(value: float | None) -> str:
    return NO_DATA_WORDS if value is None else trimmed(value)


def _note(note: object) -> str:
    return f"<br>{html.escape(note, quote=False)}" if isinstance(note, str) and note else ""
