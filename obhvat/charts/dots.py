"""One number a row: a dot on a line, its value written beside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import nothing, tall, wide, wrapped
from obhvat.charts.style import ACT, BLUE, INK, LINE, MUTED, STONE, finished, floats
from obhvat.language import _
from obhvat.texts import counted, trimmed

_LETTERS = 34


def yield_dots(rows: pd.DataFrame, height: int | None = None) -> go.Figure:
    """Children returned per 100 visited addresses: our oblast beside what others have published, the most on top.

    `rows`: columns name, value, is_ours (bool), note („62 върнати, 846 адреса“, under the name). Rows without a value
    are left out.
    """
    shown = rows.dropna(subset=["value"]).sort_values("value", ascending=False, kind="stable")
    if shown.empty:
        return nothing(height)
    ours = [bool(own) for own in np.nan_to_num(floats(shown["is_ours"]))]
    values = floats(shown["value"]).tolist()
    names = [
        (f"<b>{wrapped(name, _LETTERS)}</b>" if own else wrapped(name, _LETTERS)) + _note(note)
        for name, own, note in zip(shown["name"], ours, shown["note"], strict=True)
    ]
    figure = go.Figure()
    colours = [BLUE if own else STONE for own in ours]
    for n, (value, colour, own) in enumerate(zip(values, colours, ours, strict=True)):
        figure.add_shape(
            type="line", x0=0, x1=value, y0=n, y1=n, line={"color": colour, "width": 6 if own else 3}, layer="below"
        )
    figure.add_trace(
        go.Scatter(
            x=values,
            y=list(range(len(values))),
            mode="markers",
            marker={
                "size": [26 if own else 17 for own in ours],
                "symbol": ["diamond" if own else "circle" for own in ours],
                "color": colours,
                "opacity": 1,
            },
            hovertemplate=[
                _("{wrapped}: {value} на 100 адреса<extra></extra>").format(
                    wrapped=wrapped(name, 60), value=trimmed(value)
                )
                for name, value in zip(shown["name"], values, strict=True)
            ],
            cliponaxis=False,
            name="values",
        )
    )
    figure.update_layout(
        annotations=[
            {
                "x": value,
                "y": n,
                "text": f"<b>{trimmed(value)}</b>",
                "showarrow": False,
                "xanchor": "left",
                "xshift": 20 if own else 15,
                "font": {"size": 26 if own else 20, "color": BLUE if own else INK},
            }
            for n, (value, own) in enumerate(zip(values, ours, strict=True))
        ]
    )
    figure.update_xaxes(visible=False, range=[0, max([*values, 0.1])])
    _rows(figure, names, 17)
    finished(figure, height or tall(names, 17, 46) * len(names) + 16)
    figure.update_layout(margin={"r": 110})
    return figure.update_yaxes(showgrid=False)


def diary_gap(rows: pd.DataFrame, height: int | None = None) -> go.Figure:
    """Pupils counted in class less pupils present by the diary, by school, the furthest below zero on top.

    `rows`: columns name, gap (per 100 enrolled), low, high (its interval, null if unknown), n (checks), flagged (bool:
    the interval leaves zero out). A flagged school is a red diamond with a sign. Rows without a gap are left out.
    """
    shown = rows.dropna(subset=["gap"]).sort_values("gap", kind="stable")
    if shown.empty:
        return nothing(height)
    flagged = [bool(flag) for flag in np.nan_to_num(floats(shown["flagged"]))]
    gaps = floats(shown["gap"]).tolist()
    lows, highs = (
        [gap if np.isnan(end) else float(end) for gap, end in zip(gaps, floats(shown[column]), strict=True)]
        for column in ("low", "high")
    )
    captions = [f"{_signed(gap)}, {counted(int(n), 'проверка')}" for gap, n in zip(gaps, shown["n"], strict=True)]
    figure = go.Figure()
    # Bars of one trace have one colour, so one trace a kind.
    for kind, word in ((False, "usual"), (True, "flagged")):
        at = [n for n, flag in enumerate(flagged) if flag == kind]
        figure.add_trace(
            go.Scatter(
                x=[gaps[n] for n in at],
                y=at,
                mode="markers",
                marker={"size": 17 if kind else 13, "symbol": "diamond" if kind else "circle"}
                | {"color": ACT if kind else BLUE},
                error_x={
                    "type": "data",
                    "array": [highs[n] - gaps[n] for n in at],
                    "arrayminus": [gaps[n] - lows[n] for n in at],
                    "color": ACT if kind else STONE,
                    "thickness": 3,
                    "width": 6,
                },
                hovertemplate=[
                    _("{wrapped}: {captions}, между {signed} и {signed2} на 100 записани<extra></extra>").format(
                        wrapped=wrapped(shown["name"].iloc[n], 60),
                        captions=captions[n],
                        signed=_signed(lows[n]),
                        signed2=_signed(highs[n]),
                    )
                    for n in at
                ],
                cliponaxis=False,
                name=word,
            )
        )
    figure.add_vline(x=0, line={"color": INK, "width": 2}, layer="below")
    signs = ["▲ " if flag else "" for flag in flagged]
    figure.update_layout(
        annotations=[
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 14,
                "y": n,
                "text": f"{sign}<b>{words.partition(', ')[0]}</b>, {words.partition(', ')[2]}",
                "showarrow": False,
                "font": {"size": 16, "color": ACT if sign else INK},
            }
            for n, (sign, words) in enumerate(zip(signs, captions, strict=True))
        ]
    )
    names = [
        f'<span style="color:{ACT}">{wrapped(name, _LETTERS)}</span>' if flag else wrapped(name, _LETTERS)
        for name, flag in zip(shown["name"], flagged, strict=True)
    ]
    _rows(figure, names, 16)
    reach = max([*(abs(v) for v in (*lows, *highs)), 1.0])
    ends = min([0, *lows]) - 0.03 * reach, max([0, *highs]) + 0.03 * reach
    figure.update_xaxes(
        range=ends, tickfont={"size": 16}, nticks=5, ticks="outside", showgrid=True, gridcolor=LINE, tickangle=0,
        title={"text": _("на 100 записани: вляво от нулата в клас<br>има по-малко, отколкото пише в дневника"),
               "font": {"size": 16, "color": MUTED}, "standoff": 6},
    )  # fmt: skip
    finished(figure, height or tall(names, 16, 32) * len(names) + 92)
    figure.update_layout(margin={"r": wide([s + w for s, w in zip(signs, captions, strict=True)], 16, 22)})
    return figure.update_yaxes(showgrid=False)


def _rows(figure: go.Figure, names: Sequence[str], size: int) -> None:
    """Names at the left, the first on top."""
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=names, tickfont={"size": size}, range=[len(names) - 0.5, -0.5],
        ticks="outside", ticklen=6, tickcolor="rgba(0,0,0,0)",
    )  # fmt: skip


def _note(note: object) -> str:
    """In smaller type under the name."""
    return (
        f'<br><span style="font-size:15px;color:{MUTED}">{wrapped(note, 36)}</span>'
        if isinstance(note, str) and note
        else ""
    )


def _signed(value: float) -> str:
    amount = trimmed(value)
    return f"+{amount}" if value > 0 and amount != "0" else amount
