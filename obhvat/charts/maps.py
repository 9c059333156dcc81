"""A schematic map: municipalities as patches that can be clicked. No tiles, nothing from outside."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from obhvat.charts.style import BLUE, INK, MUTED, NO_DATA, PAPER, SEQUENCE, finished
from obhvat.resources import read_toml

_Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Patch:
    """A municipality on the map. `share` from 0 to 1 colours it; None is no data, or a number that is hidden."""

    name: str
    label: str
    share: float | None
    chosen: bool = False


def _declared() -> dict:
    return read_toml("charts/schematic.toml")


def _outlines(names: Sequence[str]) -> dict[str, _Corners]:
    """A drawn outline when we have one for exactly these municipalities, else a grid of squares."""
    for oblast in _declared()["oblast"]:
        slots = _declared()[oblast["slots"]]
        if set(names) == set(oblast["places"].values()):
            return {name: [tuple(c) for c in slots[slot]] for slot, name in oblast["places"].items()}
    columns = max(1, math.ceil(math.sqrt(len(names) * 1.6)))
    squares = {}
    for n, name in enumerate(names):
        x, y = n % columns, -(n // columns)
        squares[name] = [(x, y), (x + 0.94, y), (x + 0.94, y + 0.9), (x, y + 0.9)]
    return squares


def _centre(corners: _Corners) -> tuple[float, float]:
    """The centroid of a simple polygon."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area += cross
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    return x / (3 * area), y / (3 * area)


def schematic_map(patches: Sequence[Patch], height: int = 360) -> go.Figure:
    """The municipalities, each with its name and number. Points carry the name as customdata for a click."""
    outlines = _outlines([p.name for p in patches])
    figure = go.Figure()
    centres = {}
    for patch in sorted(patches, key=lambda p: p.chosen):
        corners = outlines[patch.name]
        centres[patch.name] = _centre(corners)
        step = None if patch.share is None else min(len(SEQUENCE) - 1, int(patch.share * len(SEQUENCE)))
        xs, ys = zip(*corners, corners[0], strict=True)
        trace = go.Scatter(
            x=xs,
            y=ys,
            mode="lines",
            fill="toself",
            fillcolor=NO_DATA if step is None else SEQUENCE[step],
            line={"color": INK if patch.chosen else PAPER, "width": 5 if patch.chosen else 3},
            hoverinfo="skip",
        )
        if step is None:
            trace.update(fillpattern={"shape": "/", "fgcolor": "#C3CED3", "bgcolor": NO_DATA, "size": 9})
        figure.add_trace(trace)
    dark = {p.name: p.share is not None and p.share * len(SEQUENCE) >= 3 for p in patches}
    # Names come from uploaded registers, and Plotly reads tags in its texts.
    shown = {p.name: html.escape(p.name, quote=False) for p in patches}
    # One large invisible point a municipality: what is clicked.
    figure.add_trace(
        go.Scatter(
            x=[centres[p.name][0] for p in patches],
            y=[centres[p.name][1] for p in patches],
            mode="markers+text",
            marker={"size": 74, "color": "rgba(0,0,0,0)"},
            text=[f"{shown[p.name]}<br><b>{p.label}</b>" for p in patches],
            textfont={"size": 17, "color": [PAPER if dark[p.name] else INK for p in patches]},
            customdata=[[p.name] for p in patches],
            hovertemplate=[f"{shown[p.name]}: {p.label}<extra></extra>" for p in patches],
            selected={"marker": {"opacity": 0}, "textfont": {"color": BLUE}},
            unselected={"marker": {"opacity": 0}, "textfont": {"color": MUTED}},
        )
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return finished(figure, height)
