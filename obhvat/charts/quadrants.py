"""Where to go first: the risk in a school against how long ago somebody checked it."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import name_quarters, nothing, place_names, wrapped
from obhvat.charts.style import ACT, BLUE, INK, LINE, MUTED, PALE_RED, PAPER, STONE, finished, floats
from obhvat.language import N_, _
from obhvat.texts import THIN_SPACE, counted, number, percent

_NAMED = 9
_LETTERS = 26
_NEVER = N_("никога")
# By (long ago, high risk); the break keeps a title within its quadrant on half a page.
_TITLES = {
    (True, True): N_("висок риск, дълго<br>без проверка – тук първо"),
    (False, True): N_("висок риск,<br>наскоро проверени"),
    (True, False): N_("нисък риск,<br>дълго без проверка"),
    (False, False): N_("нисък риск,<br>наскоро проверени"),
}


def quadrant(points: pd.DataFrame, risk_limit: float, coverage_limit: float, height: int = 560) -> go.Figure:
    """Schools by days since their last check and by risk; those above both limits are where to go first.

    `points`: columns name, days (since the last check, null is never), risk (share over the threshold, from 0 to 1),
    pupils (the size of the dot), chosen (bool). `risk_limit` is a share, `coverage_limit` days. Schools never checked
    stand in a band of their own at the right edge. Of the first quadrant the nine with most pupils at risk are named,
    or as many of them as cover no other name; chosen ones are named everywhere. Points carry the name as customdata
    for a click. Rows without a risk are left out.
    """
    shown = points.dropna(subset=["risk"]).reset_index(drop=True)
    if shown.empty:
        return nothing(height)
    days = floats(shown["days"])
    never = np.isnan(days)
    longest = max([*days[~never].tolist(), 1.6 * coverage_limit, 1.0])
    edge, end = 1.06 * longest, 1.3 * longest
    risk = floats(shown["risk"])
    first = (risk >= risk_limit) & (never | (days >= coverage_limit))
    x = _across(days, risk, edge, end)
    highest = max(float(risk.max()), 1.6 * risk_limit, 0.01)
    # Room above and below for two lines of title.
    low, top = -0.17 * highest, 1.22 * highest
    figure = go.Figure()
    _draw_field(figure, risk_limit, coverage_limit, (edge, end), (low, top))
    chosen = np.nan_to_num(floats(shown["chosen"])).astype(bool)
    pupils = np.nan_to_num(floats(shown["pupils"]))
    figure.add_trace(_dots(shown, x, risk, first, chosen, pupils))
    name_quarters(figure, _TITLES, (True, True), (0, end), (low, top), 16)
    expected = np.where(first, risk * pupils, -1.0)
    worth = [int(n) for n in np.argsort(-expected, kind="stable")[:_NAMED] if first[n]]
    labels = [
        (float(x[n]), float(risk[n]), f"<b>{wrapped(shown['name'][n], _LETTERS)}</b>", ACT if first[n] else INK)
        for n in dict.fromkeys([*np.flatnonzero(chosen).tolist(), *worth])
    ]
    dots = list(zip(x.tolist(), risk.tolist(), strict=True))
    place_names(figure, labels, dots, (0, end), (0, 1.04 * highest), round(0.8 * height), 15, spare=True)
    _axes(figure, longest, edge, end, (low, top))
    return finished(figure, height).update_layout(margin={"l": 14})


def _across(days: np.ndarray, risk: np.ndarray, edge: float, end: float) -> np.ndarray:
    """Days, or a place in the band of those never checked: in turn at three, so that equal risks stay apart."""
    x, never = days.copy(), np.isnan(days)
    order = np.flatnonzero(never)[np.argsort(risk[never], kind="stable")]
    x[order] = edge + (end - edge) * (0.25 + 0.25 * (np.arange(len(order)) % 3))
    return x


def _dots(
    shown: pd.DataFrame, x: np.ndarray, risk: np.ndarray, first: np.ndarray, chosen: np.ndarray, pupils: np.ndarray
) -> go.Scatter:
    largest = max(float(pupils.max()), 1.0)
    ago = [
        _("без нито една проверка") if pd.isna(d) else _("последна проверка преди {d}").format(d=counted(int(d), "ден"))
        for d in shown["days"]
    ]
    return go.Scatter(
        x=x,
        y=risk,
        mode="markers",
        marker={
            "size": 11 + 19 * np.sqrt(pupils / largest),
            "color": [ACT if f else BLUE for f in first],
            "symbol": ["diamond" if f else "circle" for f in first],
            "line": {"color": [INK if c else PAPER for c in chosen], "width": [4 if c else 1.5 for c in chosen]},
            "opacity": 0.9,
        },
        customdata=[[name] for name in shown["name"]],
        hovertemplate=[
            _("{escape}<br>над прага {r} от {n}, {when}<extra></extra>").format(
                escape=html.escape(str(name), quote=False), r=percent(r, 1), n=counted(int(n), "ученик"), when=when
            )
            for name, r, n, when in zip(shown["name"], risk, pupils, ago, strict=True)
        ],
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.9}},
        cliponaxis=False,
        name="schools",
    )


def _draw_field(
    figure: go.Figure, risk_limit: float, coverage_limit: float, band: tuple[float, float], ys: tuple[float, float]
) -> None:
    """The first quadrant tinted, the two limits, the line before the band of those never checked."""
    (edge, end), (low, top) = band, ys
    limit = {"type": "line", "line": {"color": MUTED, "width": 2, "dash": "dash"}, "layer": "below"}
    figure.update_layout(
        shapes=[
            {
                "type": "rect",
                "x0": coverage_limit,
                "x1": end,
                "y0": risk_limit,
                "y1": top,
                "fillcolor": PALE_RED,
                "line": {"width": 0},
                "layer": "below",
            },
            limit | {"x0": 0, "x1": end, "y0": risk_limit, "y1": risk_limit},
            # Not through the titles.
            limit | {"x0": coverage_limit, "x1": coverage_limit, "y0": low / 3, "y1": top * 0.89},
            {
                "type": "line",
                "x0": edge,
                "x1": edge,
                "y0": low / 3,
                "y1": top * 0.89,
                "layer": "below",
                "line": {"color": STONE, "width": 2},
            },
        ]
    )


def _axes(figure: go.Figure, longest: float, edge: float, end: float, ys: tuple[float, float]) -> None:
    days = _round_steps(longest)
    figure.update_xaxes(
        title={"text": _("дни от последната проверка"), "standoff": 4, "font": {"size": 16}},
        range=[0, end],
        tickvals=[*days, (edge + end) / 2],
        ticktext=[*(number(d) for d in days), f"<b>{_(_NEVER)}</b>"],
        tickfont={"size": 16},
        tickangle=0,
        ticks="outside",
        showline=True,
        linecolor=LINE,
    )
    shares = [s / 100 for s in _round_steps(100 * ys[1] / 1.22)]
    figure.update_yaxes(
        title={"text": _("ученици над прага"), "standoff": 6, "font": {"size": 16}},
        range=list(ys),
        tickvals=shares,
        ticktext=[f"{number(100 * s, 1).removesuffix(',0')}{THIN_SPACE}%" for s in shares],
        tickfont={"size": 16},
    )


def _round_steps(longest: float, most: int = 5) -> Sequence[float]:
    """0 and round numbers up to `longest`, at most `most` after it."""
    steps = [unit * 10.0**power for power in range(-2, 5) for unit in (1, 2, 5)]
    step = next((s for s in steps if longest / s <= most), longest)
    return [step * n for n in range(int(longest / step + 1e-9) + 1)]
