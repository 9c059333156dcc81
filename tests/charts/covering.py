"""Whether names on a picture lie on one another, measured from where the picture says they stand."""

from __future__ import annotations

from itertools import combinations

import plotly.graph_objects as go

# From the narrowest picture of a laptop to the widest of the projector.
WIDTHS = (560, 860, 1120)


def boxes(figure: go.Figure, width: int, height: float, size: int) -> list[tuple[float, float, float, float]]:
    """Left, right, low and high of every name in bold, in pixels of a picture of this size."""
    (first, last), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    found = []
    for note in figure.layout.annotations:
        if not note.text.startswith("<b>"):
            continue
        lines = note.text.removeprefix("<b>").removesuffix("</b>").split("<br>")
        long, half = 0.55 * size * max(map(len, lines)), 0.55 * size * len(lines)
        x = (note.x - first) * width / (last - first) + (note.ax if note.showarrow else note.xshift)
        y = (note.y - low) * height / (high - low) - (note.ay if note.showarrow else 0)
        left = x if note.xanchor == "left" else x - long
        found.append((left, left + long, y - half, y + half))
    return found


def covering(found: list[tuple[float, float, float, float]]) -> list[tuple[float, ...]]:
    return [a + b for a, b in combinations(found, 2) if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]]
