"""How long cases stay open: step curves, the interval of the first, and how many are still watched."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import nothing, spread, wide, wrapped
from obhvat.charts.style import BLUE, INK, MUTED, OCHRE, SEQUENCE, STONE, TEAL, VIOLET, finished, floats
from obhvat.language import N_, _
from obhvat.texts import THIN_SPACE, number, percent

_THIN = [(TEAL, "solid"), (OCHRE, "dash"), (VIOLET, "dot"), (MUTED, "dashdot"), (STONE, "solid"), (INK, "dot")]
_STEPS = (1, 2, 5, 7, 10, 14, 20, 30, 60, 90, 120, 180, 365)
_MOST_TICKS = 7
_TOP, _BELOW = 12, 124
_SIZE, _LETTERS = 16, 17


def survival_curve(
    curves: Mapping[str, pd.DataFrame],
    unit: str = N_("дни"),
    height: int = 460,
    watched: str = N_("наблюдавани случаи"),
) -> go.Figure:
    """What share has not happened yet, by time: step curves, each named at its end with its last value.

    `curves`: name to a table with columns time, surviving (from 0 to 1), low, high (the interval), at_risk (cases still
    watched just before that time). The first is thick, with its interval and, under the axis, its cases still
    watched, headed by `watched`; the others are thin.
    """
    shown = {name: _from_start(curve) for name, curve in curves.items() if len(curve)}
    if not shown:
        return nothing(height)
    longest = max(float(curve["time"].max()) for curve in shown.values()) or 1.0
    main = next(iter(curves))
    figure = go.Figure()
    if main in shown:
        _draw_band(figure, shown[main])
    styles = {name: _THIN[n % len(_THIN)] for n, name in enumerate(name for name in shown if name != main)}
    # The thick one last: nothing is drawn over it.
    for name in sorted(shown, key=lambda name: name == main):
        colour, dash = styles.get(name, (BLUE, "solid"))
        caption = wrapped(name, 60)
        figure.add_trace(
            go.Scatter(
                x=shown[name]["time"],
                y=shown[name]["surviving"],
                mode="lines",
                line={"shape": "hv", "color": colour, "dash": dash, "width": 6 if name == main else 2.5},
                hovertemplate=[
                    _("{caption}: {s} след {t} {unit}<extra></extra>").format(
                        caption=caption, s=percent(s, 1), t=number(t), unit=_(unit)
                    )
                    for t, s in zip(shown[name]["time"], shown[name]["surviving"], strict=True)
                ],
                name=name,
            )
        )
    ticks = _ticks(longest)
    names = _end_labels(shown, main, {**{n: c for n, (c, _unused) in styles.items()}, main: BLUE}, longest, height)
    table = _watched(shown[main], ticks, f"{_(watched)}: {wrapped(main, 60)}") if main in shown else []
    figure.update_layout(annotations=[*names, *table])
    figure.update_xaxes(
        title={"text": unit, "standoff": 2, "font": {"size": 16}}, tickvals=ticks, tickfont={"size": 16},
        range=[0, longest * 1.01], ticks="outside",
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], tickfont={"size": 16},
        ticktext=[f"{n}{THIN_SPACE}%" for n in (0, 25, 50, 75, 100)],
    )  # fmt: skip
    finished(figure, height)
    margin = wide([str(a["text"]).replace("<b>", "").replace("</b>", "") for a in names], _SIZE, 34, 0.68)
    return figure.update_layout(margin={"t": _TOP, "b": _BELOW if table else 60, "r": margin})


def _from_start(curve: pd.DataFrame) -> pd.DataFrame:
    """In order of time, from the moment when nothing has happened to anybody."""
    columns = ["time", "surviving", "low", "high", "at_risk"]
    rows = pd.DataFrame({c: floats(curve[c]) for c in columns}).sort_values("time", kind="stable", ignore_index=True)
    if rows["time"].iloc[0] <= 0:
        return rows
    start = pd.DataFrame([(0.0, 1.0, 1.0, 1.0, rows["at_risk"].iloc[0])], columns=columns)
    return pd.concat([start, rows], ignore_index=True)


def _draw_band(figure: go.Figure, curve: pd.DataFrame) -> None:
    bounded = curve.dropna(subset=["low", "high"])
    for column, fill in (("low", None), ("high", "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=bounded["time"],
                y=bounded[column],
                mode="lines",
                line={"shape": "hv", "width": 0},
                fill=fill,
                fillcolor=SEQUENCE[1],
                opacity=0.6,
                hoverinfo="skip",
                name=column,
            )
        )


def _ticks(longest: float) -> list[int]:
    step = next((s for s in _STEPS if longest / s < _MOST_TICKS), -(-int(longest) // _MOST_TICKS))
    return list(range(0, int(longest) + 1, step))


def _end_labels(
    shown: Mapping[str, pd.DataFrame], main: str, colours: Mapping[str, str], longest: float, height: int
) -> list[dict[str, object]]:
    """Right of the picture, moved apart, each tied to the end of its curve."""
    ends = {name: (float(c["time"].iloc[-1]), float(c["surviving"].iloc[-1])) for name, c in shown.items()}
    # Of curves that end equally low, the one that ended first is named highest: the lines to the names do not cross.
    ends = dict(sorted(ends.items(), key=lambda end: (end[1][1], -end[1][0])))
    texts = {name: wrapped(f"{name}, {percent(s, 1)}", _LETTERS) for name, (_unused, s) in ends.items()}
    line = 1.25 * _SIZE / (height - _TOP - _BELOW)
    gap = line * max(text.count("<br>") + 1 for text in texts.values())
    heights = spread([s for _unused, s in ends.values()], gap, gap / 2, 1.02 - gap / 2)
    return [
        {
            "x": t,
            "y": s,
            "axref": "x",
            "ayref": "y",
            "ax": longest * 1.035,
            "ay": place,
            "xanchor": "left",
            "align": "left",
            "text": f"<b>{texts[name]}</b>" if name == main else texts[name],
            "font": {"size": _SIZE, "color": BLUE if name == main else INK},
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": colours[name],
        }
        for (name, (t, s)), place in zip(ends.items(), heights, strict=True)
    ]


def _watched(curve: pd.DataFrame, ticks: list[int], heading: str) -> list[dict[str, object]]:
    """Numbers under the ticks: how many are still watched just before that time, nobody after the last."""
    times, counts = curve["time"].to_numpy(), curve["at_risk"].to_numpy()
    left = [float(counts[n]) if n < len(counts) else 0.0 for n in np.searchsorted(times, ticks)]
    under = {"yref": "paper", "y": 0, "yanchor": "top", "showarrow": False}
    head = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -8, "yshift": -64, "text": heading}
    return [under | head | {"font": {"size": 15, "color": MUTED}}] + [
        under | {"x": t, "yshift": -88, "text": f"<b>{number(n)}</b>", "font": {"size": 17, "color": BLUE}}
        for t, n in zip(ticks, left, strict=True)
    ]
