"""How much there is to do against how much is done, in oblasts of different sizes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import escaped, name_quarters, nothing, place_names, wrapped
from obhvat.charts.style import ACT, BLUE, INK, MUTED, PALE_RED, PAPER, finished, floats
from obhvat.language import N_
from obhvat.texts import THIN_SPACE, number

_PERCENT = f"{THIN_SPACE}%"
_LETTERS, _NAMED = 18, 6
# By (more need, more work) than all together.
_TITLES = {
    (True, False): N_("повече нужда,<br>по-малко работа"),
    (True, True): N_("повече нужда,<br>повече работа"),
    (False, False): N_("по-малко нужда,<br>по-малко работа"),
    (False, True): N_("по-малко нужда,<br>повече работа"),
}


def need_and_work(
    points: pd.DataFrame, overall: tuple[float, float], titles: tuple[str, str], height: int = 460
) -> go.Figure:
    """Oblasts by how much there is to do (across) and how much is done (upwards).

    `points`: columns name, need, work (shares from 0 to 1), lags (bool): less work than the need asks, which stands
    out and is named. `overall` are the shares of all together, `titles` what the two count.
    """
    if points.empty:
        return nothing(height)
    need, work = 100 * floats(points["need"]), 100 * floats(points["work"])
    lags = points["lags"].astype(bool).tolist()
    xs, ys = _ends(need, 100 * overall[0]), _ends(work, 100 * overall[1])
    names = [str(name) for name in points["name"]]
    figure = go.Figure(
        go.Scatter(
            x=need,
            y=work,
            mode="markers",
            marker={
                "size": [17 if late else 12 for late in lags],
                "color": [ACT if late else BLUE for late in lags],
                "symbol": ["diamond" if late else "circle" for late in lags],
                "line": {"color": PAPER, "width": 1},
                "opacity": 1,
            },
            customdata=[[name] for name in names],
            hovertemplate=[
                f"{escaped(name)}<br>{escaped(titles[0])}: {number(x, 1)}{_PERCENT}"
                f"<br>{escaped(titles[1])}: {number(y, 1)}{_PERCENT}<extra></extra>"
                for name, x, y in zip(names, need, work, strict=True)
            ],
            cliponaxis=False,
        )
    )
    _draw_quarters(figure, (100 * overall[0], 100 * overall[1]), xs, ys)
    order = sorted(range(len(names)), key=lambda n: (not lags[n], -need[n]))[:_NAMED]
    labels = [
        (float(need[n]), float(work[n]), f"<b>{wrapped(names[n], _LETTERS)}</b>", ACT if lags[n] else INK)
        for n in order
    ]
    place_names(figure, labels, zip(need, work, strict=True), xs, ys, height, spare=True)
    for update, title, ends in ((figure.update_xaxes, titles[0], xs), (figure.update_yaxes, titles[1], ys)):
        update(
            title={"text": escaped(title), "standoff": 6, "font": {"size": 16}},
            range=list(ends),
            ticksuffix=_PERCENT,
            tickfont={"size": 16},
            nticks=6,
        )
    return finished(figure, height)


def _ends(values: np.ndarray, overall: float) -> tuple[float, float]:
    """From where to where an axis goes: all points and the overall share, and room for what is written in corners."""
    low, high = min(values.min(), overall), max(values.max(), overall)
    room = max(0.18 * (high - low), 0.5)
    return float(low - room), float(high + room)


def _draw_quarters(
    figure: go.Figure, at: tuple[float, float], xs: tuple[float, float], ys: tuple[float, float]
) -> None:
    line = {"type": "line", "line": {"color": MUTED, "width": 2, "dash": "dash"}, "layer": "below"}
    tint = {"type": "rect", "fillcolor": PALE_RED, "line": {"width": 0}, "layer": "below"}
    figure.update_layout(
        shapes=[
            tint | {"x0": at[0], "x1": xs[1], "y0": ys[0], "y1": at[1]},
            line | {"x0": at[0], "x1": at[0], "y0": ys[0], "y1": ys[1]},
            line | {"x0": xs[0], "x1": xs[1], "y0": at[1], "y1": at[1]},
        ],
    )
    name_quarters(figure, _TITLES, (True, False), xs, ys, 15)
