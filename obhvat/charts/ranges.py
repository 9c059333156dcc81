"""One school's month against what is usual in the others."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.style import BLUE, INK, MUTED, SEQUENCE, STONE, finished
from obhvat.language import _
from obhvat.periods import short_month_name
from obhvat.texts import number


def against_range(months: pd.DataFrame, height: int = 230) -> go.Figure:
    """A school's monthly value over the range most schools are in.

    `months`: columns month, value (null is a gap), low, high, usual (null where nobody has sent). Every value is
    written; one outside the range has another shape.
    """
    labels = [short_month_name(m.month) for m in months["month"]]
    figure = go.Figure()
    has_range = months["high"].notna().to_numpy()
    at = [label for label, ok in zip(labels, has_range, strict=True) if ok]
    for column, fill in (("low", None), ("high", "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=at, y=months.loc[has_range, column], mode="lines", fill=fill, fillcolor=SEQUENCE[1],
                line={"color": STONE, "width": 1}, hoverinfo="skip",
            )
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=at, y=months.loc[has_range, "usual"], mode="lines", line={"color": MUTED, "width": 3, "dash": "dot"},
            hovertemplate=_("%{x}: областта %{y:.2f}<extra></extra>"),
        )
    )  # fmt: skip
    outside = (months["value"] > months["high"]) | (months["value"] < months["low"])
    values = [None if pd.isna(v) else float(v) for v in months["value"]]
    # Away from the dotted line.
    below = (months["value"] < months["usual"]).tolist()
    figure.add_trace(
        go.Scatter(
            x=labels, y=values, mode="lines+markers+text", line={"color": BLUE, "width": 4},
            marker={"size": [15 if o else 10 for o in outside],
                    "symbol": ["diamond" if o else "circle" for o in outside], "color": BLUE, "opacity": 1},
            text=["" if v is None else f"<b>{number(v, 1)}</b>" for v in values],
            textposition=["bottom center" if b else "top center" for b in below],
            textfont={"size": 18, "color": INK}, cliponaxis=False,
            hovertemplate="%{x}: %{y:.2f}<extra></extra>",
        )
    )  # fmt: skip
    top = max([v for v in [*values, *months["high"].dropna()] if v is not None], default=0) or 1
    figure.update_yaxes(visible=False, range=[-0.26 * top, top * 1.16])
    figure.update_xaxes(tickfont={"size": 16}, range=[-0.4, len(labels) - 0.6], categoryorder="array",
                        categoryarray=labels)  # fmt: skip
    return finished(figure, height)
