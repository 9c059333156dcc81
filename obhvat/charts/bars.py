"""Bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from obhvat.charts.style import BLUE, INK, LINE, MUTED, OCHRE, STONE, TEAL, VIOLET, finished
from obhvat.texts import number

_PART_COLOURS = {
    "cases_returned": TEAL,
    "cases_other_oblast": STONE,
    "cases_abroad": VIOLET,
    "cases_not_found": OCHRE,
    "cases_refused": OCHRE,
    "cases_other": STONE,
    "cases_in_work": BLUE,
}


def waterfall(total: tuple[str, int], parts: Sequence[tuple[str, str, int]], height: int = 360) -> go.Figure:
    """How a total comes apart: the whole, then each part hanging where the one before it ended.

    `total` is (label, number); `parts` are (metric id, label, number), read from left to right. They need not
    foot: what is left is drawn as it is.
    """
    label, whole = total
    captions, bases, heights, colours = [label], [0], [whole], [MUTED]
    left = whole
    for metric_id, name, n in parts:
        captions.append(name)
        bases.append(max(0, left - n))
        heights.append(n)
        colours.append(_PART_COLOURS.get(metric_id, STONE))
        left -= n
    figure = go.Figure(
        go.Bar(
            x=[_wrapped(c) for c in captions],
            y=heights,
            base=bases,
            marker={"color": colours, "line": {"width": 0}},
            width=0.74,
            text=[f"<b>{number(h)}</b>" for h in heights],
            textposition="outside",
            textfont={"size": 26, "color": INK},
            cliponaxis=False,
            hovertemplate="%{x}: %{y}<extra></extra>",
        )
    )
    level = whole
    for n, (_, _, size) in enumerate(parts):
        figure.add_shape(type="line", x0=n + 0.37, x1=n + 0.63, y0=level, y1=level, line={"color": LINE, "width": 2})
        level -= size
    figure.update_yaxes(visible=False, range=[0, max(whole, 1) * 1.16])
    figure.update_xaxes(tickfont={"size": 16}, showline=True, linewidth=2, ticklen=6, tickcolor="rgba(0,0,0,0)")
    return finished(figure, height)


def _wrapped(text: str, width: int = 11) -> str:
    """Words on lines of about `width` letters, for labels under narrow bars."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)
