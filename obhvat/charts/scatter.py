"""Points: places against the limits of chance, and rules against published flags."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import escaped, place_names, wrapped
from obhvat.charts.labels import spread as apart
from obhvat.charts.style import ACT, BLUE, INK, MUTED, OCHRE, PAPER, SEQUENCE, STONE, TEAL, finished
from obhvat.indicators.statistics import Level, binomial_limits, funnel_band
from obhvat.language import N_, _
from obhvat.texts import THIN_SPACE, number, out_of
from obhvat.texts import noun as noun_of

# Shape and colour both say where a place lies: colour is never the only signal.
_BANDS = {
    "above998": (ACT, "diamond", N_("над границата 99,8 %")),
    "above95": (OCHRE, "triangle-up", N_("над границата 95 %")),
    "inside": (BLUE, "circle", N_("в границите на случайното")),
    "below95": (TEAL, "triangle-down", N_("под границата 95 %")),
    "below998": (TEAL, "square", N_("под границата 99,8 %")),
}
_PERCENT = f"{THIN_SPACE}%"
_STEPS = 160
_NAME_HEIGHT = 19
"""Pixels between the names of two limits."""

_NAMED_ABOVE, _NAMED_BELOW = 7, 2
# On a laptop the picture is three hundred points wide.
_LETTERS = 18


def funnel(
    points: pd.DataFrame,
    overall: float,
    height: int = 420,
    *,
    spread: float = 1.0,
    noun: str = "ученик",
) -> go.Figure:
    """Shares of places of different sizes, and how far from the overall share chance alone takes them.

    `points`: columns name, n, d, chosen (bool); places without pupils are left out. `overall` is a share from 0 to 1,
    `spread` that of `spread_of`, `noun` what is counted. The furthest outside the limits are named, and the chosen;
    points carry the name as customdata for a click.
    """
    shown = points[points["d"] > 0]
    bands = [funnel_band(int(n), int(d), overall, spread) for n, d in zip(shown["n"], shown["d"], strict=True)]
    share = 100 * shown["n"].astype(float) / shown["d"].astype(float)
    largest = float(shown["d"].max()) * 1.04 if len(shown) else 100.0
    low, top = _ends(shown["d"], share, bands, overall, spread)
    figure = go.Figure()
    _draw_limits(figure, overall, largest, spread, 0.82 * height / (top - low))
    names = [str(name) for name in shown["name"]]
    chosen = shown["chosen"].astype(bool).tolist()
    figure.add_trace(
        go.Scatter(
            x=shown["d"],
            y=share,
            mode="markers",
            marker={
                "size": [19 if c else 15 if b != "inside" else 11 for b, c in zip(bands, chosen, strict=True)],
                "color": [_BANDS[b][0] for b in bands],
                "symbol": [_BANDS[b][1] for b in bands],
                "line": {"color": [INK if c else PAPER for c in chosen], "width": [4 if c else 1 for c in chosen]},
                "opacity": 1,
            },
            customdata=[[name] for name in shown["name"]],
            hovertemplate=[
                f"{escaped(name)}<br>{out_of(n, d)} ({number(s, 1)}{_PERCENT}), {_(_BANDS[b][2])}<extra></extra>"
                for name, n, d, s, b in zip(names, shown["n"], shown["d"], share, bands, strict=True)
            ],
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
        )
    )
    worth = _worth_naming(names, shown, overall, bands)
    named = [
        (float(d), float(s), f"<b>{wrapped(name, _LETTERS)}</b>", _BANDS[b][0] if b != "inside" else INK)
        for name, d, s, b, c in zip(names, shown["d"], share, bands, chosen, strict=True)
        if name in worth or c
    ]
    place_names(figure, named, zip(shown["d"], share, strict=True), (0, largest), (low, top), height)
    figure.update_xaxes(
        title={"text": noun_of(2, noun), "standoff": 4, "font": {"size": 16}},
        range=[0, largest],
        tickfont={"size": 16},
        tickformat=",d",
        nticks=7,
    )
    figure.update_yaxes(range=[low or -0.02 * top, top], ticksuffix=_PERCENT, tickfont={"size": 16}, nticks=6)
    return finished(figure, height)


def _worth_naming(names: Sequence[str], shown: pd.DataFrame, overall: float, bands: Sequence[str]) -> set[str]:
    """Of the places outside the limits, the furthest out: more names than these cover one another."""
    excess = (shown["n"] - overall * shown["d"]) / np.sqrt(shown["d"].astype(float))
    outside = sorted((-e, name) for name, e, b in zip(names, excess, bands, strict=True) if b.startswith("above"))[
        :_NAMED_ABOVE
    ]
    below = sorted((e, name) for name, e, b in zip(names, excess, bands, strict=True) if b.startswith("below"))
    return {name for _unused, name in [*outside, *below[:_NAMED_BELOW]]}


def _ends(
    sizes: pd.Series, share: pd.Series, bands: Sequence[str], overall: float, spread: float
) -> tuple[float, float]:
    """Between which shares of a hundred the picture is. Where even the smallest place is so large that chance leaves it
    far from 0, what is between 0 and all of them would press them to a line."""
    if len(share):
        least, most = (100 * float(limit[0]) for limit in binomial_limits([sizes.min()], overall, "998", spread))
        least, most = min(least, float(share.min())), max(most, float(share.max()))
        room = 0.3 * (most - least)
        if 0 < room < least:
            return least - room, min(102.0, most + room)
    return 0.0, _top(share, bands, overall)


def _top(share: pd.Series, bands: Sequence[str], overall: float) -> float:
    """Where the picture ends above: what lies outside the limits is always seen, what is inside a very small place
    would flatten all others, so it may stand higher than three times the rest.
    """
    outside = [s for s, b in zip(share, bands, strict=True) if b != "inside"]
    usual = float(np.quantile(share, 0.98)) if len(share) else 0.0
    highest = float(share.max()) if len(share) else 0.0
    wanted = max([*outside, usual, 250 * overall, 1.0])
    return min(102.0, 1.15 * max(wanted, highest if highest < 3 * wanted else 0))


def _draw_limits(figure: go.Figure, overall: float, largest: float, spread: float, up: float) -> None:
    """The two bands of chance and the overall share, each named at its right end. `up` is how many pixels high one of
    a hundred is."""
    # Denser where the curves bend: among small places.
    sizes = np.geomspace(1, max(2.0, largest), _STEPS)
    edges = []
    levels: tuple[tuple[Level, str, str, str, str], ...] = (
        ("998", "99,8", "#F1F6F8", STONE, "solid"),
        ("95", "95", SEQUENCE[0], MUTED, "dash"),
    )
    for level, words, fill, colour, dash in levels:
        low, high = binomial_limits(sizes, overall, level, spread)
        edges.append((words, float(high[-1])))
        line = {"color": colour, "width": 2, "dash": dash}
        figure.add_traces(
            [
                go.Scatter(x=sizes, y=100 * low, mode="lines", line=line, hoverinfo="skip", name=f"low{level}"),
                go.Scatter(
                    x=sizes,
                    y=100 * high,
                    mode="lines",
                    line=line,
                    fill="tonexty",
                    fillcolor=fill,
                    hoverinfo="skip",
                    name=f"high{level}",
                ),
            ]
        )
    figure.add_trace(
        go.Scatter(
            x=[0, largest],
            y=[100 * overall] * 2,
            mode="lines",
            line={"color": INK, "width": 2},
            hoverinfo="skip",
            name="overall",
        )
    )
    ends = [(overall, _("общо {part}{PERCENT}").format(part=number(100 * overall, 1), PERCENT=_PERCENT), INK)]
    ends += [
        (high, _("граница {words}{PERCENT}").format(words=words, PERCENT=_PERCENT), MUTED) for words, high in edges
    ]
    # Of large places the limits run close together.
    heights = [100 * share * up for share, _words, _colour in ends]
    shifts = [moved - at for moved, at in zip(apart(heights, _NAME_HEIGHT, 0, max(heights) + 99), heights, strict=True)]
    figure.update_layout(
        annotations=[
            {
                "x": largest,
                "y": 100 * share,
                "text": words,
                "showarrow": False,
                "xanchor": "right",
                "yanchor": "bottom",
                "yshift": shift,
                # The limits fall and run through the words.
                "bgcolor": "rgba(255, 255, 255, 0.75)",
                "font": {"size": 14, "color": colour},
            }
            for (share, words, colour), shift in zip(ends, shifts, strict=True)
        ]
    )


def precision_recall(ours: pd.DataFrame, published: pd.DataFrame, height: int = 520) -> go.Figure:
    """Our rules, with the intervals of their precision, among published flags.

    `ours`: columns name, precision, recall, low, high (the interval of the precision), shares from 0 to 1, and if
    it is there main (bool), for what stands out; rows without a precision or a recall are left out. `published`: name,
    precision, recall.
    """
    figure = go.Figure(
        go.Scatter(
            x=100 * published["recall"].astype(float),
            y=100 * published["precision"].astype(float),
            mode="markers",
            marker={"size": 9, "color": STONE, "opacity": 0.55},
            hovertemplate=[
                _(
                    "{escape}<br>напуснали {part}{PERCENT} от отбелязаните, разпознати {part2}{PERCENT}<extra></extra>"
                ).format(
                    escape=html.escape(str(name), quote=False),
                    part=number(100 * p),
                    PERCENT=_PERCENT,
                    part2=number(100 * r),
                )
                for name, p, r in zip(published["name"], published["precision"], published["recall"], strict=True)
            ],
            name="published",
        )
    )
    shown = ours.dropna(subset=["precision", "recall"])
    main = shown["main"].astype(bool).tolist() if "main" in shown else [False] * len(shown)
    recall, precision = 100 * shown["recall"].astype(float), 100 * shown["precision"].astype(float)
    colours = [INK if m else BLUE for m in main]
    names = [html.escape(str(name), quote=False) for name in shown["name"]]
    figure.add_trace(
        go.Scatter(
            x=recall,
            y=precision,
            mode="markers",
            marker={
                "size": [20 if m else 15 for m in main],
                "color": colours,
                "symbol": ["diamond" if m else "circle" for m in main],
                "line": {"color": PAPER, "width": 2},
                "opacity": 1,
            },
            error_y={
                "type": "data",
                "array": 100 * shown["high"].astype(float) - precision,
                "arrayminus": precision - 100 * shown["low"].astype(float),
                "color": MUTED,
                "thickness": 2,
                "width": 5,
            },
            customdata=[[name] for name in shown["name"]],
            hovertemplate=[
                _(
                    "{name}<br>напуснали {p}{PERCENT} от отбелязаните (между {part} и {part2}), разпознати "
                    "{r}{PERCENT}<extra></extra>"
                ).format(
                    name=name,
                    p=number(p),
                    PERCENT=_PERCENT,
                    part=number(100 * low),
                    part2=number(100 * high),
                    r=number(r),
                )
                for name, p, r, low, high in zip(names, precision, recall, shown["low"], shown["high"], strict=True)
            ],
            name="ours",
            cliponaxis=False,
        )
    )
    labels = [
        (float(r), float(p), f"<b>{name}</b>", c)
        for name, r, p, c in zip(names, recall, precision, colours, strict=True)
    ]
    place_names(figure, labels, zip(recall, precision, strict=True), (0, 100), (0, 100), height)
    figure.update_xaxes(
        title={"text": _("разпознати от всички напуснали"), "standoff": 6, "font": {"size": 16}},
        range=[-2, 102], ticksuffix=_PERCENT, tickfont={"size": 16}, nticks=6,
    )  # fmt: skip
    figure.update_yaxes(
        title={"text": _("напуснали от всички отбелязани"), "standoff": 6, "font": {"size": 16}},
        range=[-3, 103], ticksuffix=_PERCENT, tickfont={"size": 16}, nticks=6,
    )  # fmt: skip
    return finished(figure, height)
