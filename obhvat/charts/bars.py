"""Bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from obhvat.charts.labels import nothing, set_key, wide, wrapped
from obhvat.charts.style import BLUE, INK, LINE, MUTED, OCHRE, PAPER, STONE, TEAL, VIOLET, finished
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
            x=[wrapped(c, 11) for c in captions],
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


# Parts that share a colour are told apart by what is drawn over it, and by its sign in the key.
_HATCHED = {"cases_refused": ("/", "▨"), "cases_other": (".", "▩")}


def reconciliation_bars(
    columns: Sequence[tuple[str, Sequence[tuple[str, str, int]]]], height: int | None = None
) -> go.Figure:
    """The same reconciliation at several moments, one bar under the other, in the colours of `waterfall`.

    `columns`: (title, parts), the first on top; `parts`: (metric id, name, number), from left to right. The number
    stands inside its segment where it fits, the whole at the end.
    """
    if not columns:
        return nothing(height)
    rows = list(range(len(columns)))
    names = {part: name for _, parts in columns for part, name, _ in parts}
    numbers = [{part: n for part, _, n in parts} for _, parts in columns]
    totals = [sum(n.values()) for n in numbers]
    figure = go.Figure()
    for part, name in names.items():
        colour = _PART_COLOURS.get(part, STONE)
        values = [n.get(part, 0) for n in numbers]
        figure.add_trace(
            go.Bar(
                x=values,
                y=rows,
                orientation="h",
                width=0.7,
                marker={
                    "color": colour,
                    "line": {"color": PAPER, "width": 2},
                    "pattern": {"shape": _HATCHED.get(part, ("", ""))[0], "fgcolor": PAPER, "solidity": 0.18},
                },
                text=[number(v) if v else "" for v in values],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                insidetextfont={"size": 22, "color": INK if colour in (OCHRE, STONE) else PAPER, "weight": 700},
                hovertemplate=[f"{wrapped(name, 60)}: {number(v)}<extra></extra>" for v in values],
                name=part,
            )
        )
    figure.update_layout(
        barmode="stack",
        # A number that does not fit is not squeezed: the table has it.
        uniformtext={"mode": "hide", "minsize": 18},
        annotations=[
            {
                "x": total,
                "y": row,
                "text": f"<b>{number(total)}</b>",
                "showarrow": False,
                "xanchor": "left",
                "xshift": 8,
                "font": {"size": 24, "color": INK},
            }
            for row, total in zip(rows, totals, strict=True)
        ],
    )
    figure.update_yaxes(
        tickvals=rows, ticktext=[wrapped(title, 20) for title, _ in columns], tickfont={"size": 17},
        range=[len(rows) - 0.5, -0.5], ticks="outside", ticklen=6, tickcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    figure.update_xaxes(visible=False, range=[0, max([*totals, 1])])
    above = set_key(figure, _key_lines(names)) + 12
    finished(figure, height or 68 * len(rows) + above + 8)
    figure.update_layout(margin={"t": above, "r": wide([number(t) for t in totals], 24, 22)})
    return figure.update_yaxes(showgrid=False)


def _key_lines(names: dict[str, str], width: int = 66) -> list[str]:
    """Coloured signs with the names of the parts, on lines that fit half a page."""
    lines, room = [""], width
    for part, name in names.items():
        sign = _HATCHED.get(part, ("", "■"))[1]
        colour = _PART_COLOURS.get(part, STONE)
        entry = f'<span style="color:{colour};font-size:18px">{sign}</span>\u00a0{wrapped(name, 60)}'
        if len(name) + 4 > room and lines[-1]:
            lines.append("")
            room = width
        lines[-1] += entry if not lines[-1] else f"\u2003{entry}"
        room -= len(name) + 4
    return lines
