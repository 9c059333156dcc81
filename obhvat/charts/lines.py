"""Lines over the months of a school year."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.style import BLUE, INK, MUTED, finished
from obhvat.periods import SHORT_MONTH_NAMES, school_year_of
from obhvat.texts import number


def two_years(now: pd.DataFrame, before: pd.DataFrame, now_name: str, before_name: str, height: int = 360) -> go.Figure:
    """A monthly number this year, with every value written, over the same months a year ago.

    Both tables have columns month (of its own year) and n; a month without data is a gap, not a zero.
    """
    months = [m.month for m in now["month"]]
    labels = [SHORT_MONTH_NAMES[m] for m in months]
    figure = go.Figure()
    if before["n"].notna().any():
        values = _by_month(before, months)
        figure.add_trace(
            go.Scatter(
                x=labels,
                y=values,
                mode="lines+markers",
                line={"color": MUTED, "width": 3, "dash": "dot"},
                marker={"size": 7, "symbol": "diamond"},
                hovertemplate=f"%{{x}}: %{{y}} ({before_name})<extra></extra>",
            )
        )
        _name_line(figure, labels, values, before_name, MUTED, above=True)
    values = _by_month(now, months)
    figure.add_trace(
        go.Scatter(
            x=labels,
            y=values,
            mode="lines+markers+text",
            line={"color": BLUE, "width": 5},
            marker={"size": 13},
            text=["" if v is None else f"<b>{number(v)}</b>" for v in values],
            textposition="bottom center",
            textfont={"size": 20, "color": INK},
            cliponaxis=False,
            hovertemplate=f"%{{x}}: %{{y}} ({now_name})<extra></extra>",
        )
    )
    top = max([v for v in [*values, *_by_month(before, months)] if v is not None], default=0) or 1
    figure.update_yaxes(visible=False, range=[-0.16 * top, top * 1.18])
    figure.update_xaxes(tickfont={"size": 16}, showgrid=False, range=[-0.4, len(labels) - 0.6])
    return finished(figure, height)


def trend_with_threshold(
    series: pd.DataFrame, threshold_words: str, before: pd.DataFrame | None = None, height: int = 360
) -> go.Figure:
    """How many pupils are over a threshold, month by month, with the threshold written above; a year ago thin.

    Both tables have columns month, n, d (of how many); a month without data is a gap, not a zero.
    """
    earlier = before if before is not None else series.assign(n=None)
    drawn = two_years(series, earlier, _year_words(series), _year_words(earlier), height)
    said = [f"{number(n)} от {number(d)}" for n, d in zip(_numbers(series, "n"), _numbers(series, "d"), strict=True)]
    drawn.data[-1].update(text=drawn.data[-1].text, hovertext=said, hovertemplate="%{x}: %{hovertext}<extra></extra>")
    drawn.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="top", text=f"праг: <b>{threshold_words}</b>",
        showarrow=False, font={"size": 17, "color": INK},
    )  # fmt: skip
    # Room above for the threshold.
    low, high = drawn.layout.yaxis.range
    return drawn.update_yaxes(range=[low, high + 0.14 * (high - low)])


def _numbers(rows: pd.DataFrame, column: str) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in rows[column]]


def _year_words(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    year = school_year_of(min(rows["month"]))
    return f"{year}/{(year + 1) % 100:02}"


def _by_month(rows: pd.DataFrame, months: list[int]) -> list[float | None]:
    found = {m.month: n for m, n in zip(rows["month"], rows["n"], strict=True)}
    return [None if pd.isna(found.get(m)) else float(found[m]) for m in months]


def _name_line(
    figure: go.Figure, labels: list[str], values: list[float | None], name: str, colour: str, *, above: bool
) -> None:
    known = [n for n, v in enumerate(values) if v is not None]
    if known:
        peak = max(known, key=lambda n: values[n] or 0)
        figure.add_annotation(
            x=labels[peak],
            y=values[peak],
            text=name,
            showarrow=False,
            yshift=18 if above else -18,
            font={"size": 16, "color": colour},
        )
