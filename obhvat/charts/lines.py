"""Lines over the months of a school year."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import month_ticks, nothing
from obhvat.charts.style import BLUE, HALO, INK, LINE, MUTED, finished
from obhvat.language import _
from obhvat.periods import school_year_of_month, short_month_name
from obhvat.texts import counted, number, out_of


def two_years(now: pd.DataFrame, before: pd.DataFrame, now_name: str, before_name: str, height: int = 360) -> go.Figure:
    """A monthly number this year, with every value written, over the same months a year ago.

    Both tables have columns month (of its own year) and n; a month without data is a gap, not a zero.
    """
    months = [m.month for m in now["month"]]
    labels = [short_month_name(m) for m in months]
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
            textposition=_off_the_line(values),
            # Where another line still runs through a number, it stands out from it.
            textfont={"size": 20, "color": INK, "shadow": HALO},
            cliponaxis=False,
            hovertemplate=f"%{{x}}: %{{y}} ({now_name})<extra></extra>",
        )
    )
    top = max([v for v in [*values, *_by_month(before, months)] if v is not None], default=0) or 1
    figure.update_yaxes(visible=False, range=[-0.16 * top, top * 1.18])
    figure.update_xaxes(tickfont={"size": 16}, tickangle=0, showgrid=False, range=[-0.4, len(labels) - 0.6])
    return finished(figure, height)


def trend_with_threshold(
    series: pd.DataFrame, threshold_words: str, before: pd.DataFrame | None = None, height: int = 360
) -> go.Figure:
    """How many pupils are over a threshold, month by month, with the threshold written above; a year ago thin.

    Both tables have columns month, n, d (of how many); a month without data is a gap, not a zero.
    """
    earlier = before if before is not None else series.assign(n=None)
    drawn = two_years(series, earlier, _year_words(series), _year_words(earlier), height)
    counts = [out_of(n, d) for n, d in zip(_numbers(series, "n"), _numbers(series, "d"), strict=True)]
    drawn.data[-1].update(text=drawn.data[-1].text, hovertext=counts, hovertemplate="%{x}: %{hovertext}<extra></extra>")
    drawn.add_annotation(
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        text=_("праг: <b>{threshold_words}</b>").format(threshold_words=threshold_words),
        showarrow=False,
        font={"size": 17, "color": INK},
    )
    # Room above for the threshold.
    low, high = drawn.layout.yaxis.range
    return drawn.update_yaxes(range=[low, high + 0.14 * (high - low)])


def cumulative_coverage(done: pd.DataFrame, planned: pd.DataFrame, total: int, height: int = 380) -> go.Figure:
    """How many different schools have been checked by each day, against the plan and all there are.

    Both tables have columns date and n (schools so far, not of that day). The last of `done` says „38 от 40“, the
    plan is dashed and named at its end.
    """
    if done.empty and planned.empty:
        return nothing(height)
    now, plan = _dated(done), _dated(planned)
    days = [day for day, _unused in [*now, *plan]]
    top = max([total, 1, *(n for _unused, n in [*now, *plan])])
    if plan and plan[-1][0] < max(days):
        plan.append((max(days), plan[-1][1]))
    figure = go.Figure()
    for rows, style, name in (
        (plan, {"color": MUTED, "width": 3, "dash": "dash"}, _("план")),
        (now, {"color": BLUE, "width": 6}, _("проверени")),
    ):
        figure.add_trace(
            go.Scatter(
                x=[day for day, _unused in rows],
                y=[n for _unused, n in rows],
                mode="lines+markers" if len(rows) == 1 else "lines",
                line=style | {"shape": "hv"},
                marker={"size": 12},
                hovertemplate=[
                    _("{name} до {day:%d.%m.%Y} г.: {n}<extra></extra>").format(name=name, day=day, n=number(n))
                    for day, n in rows
                ],
                cliponaxis=False,
                name=name,
            )
        )
    figure.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=total, y1=total, line={"color": INK, "width": 1.5}, layer="below"
    )
    notes: list[dict[str, object]] = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": total, "yanchor": "bottom", "showarrow": False,
         "text": counted(total, "училище"), "font": {"size": 17, "color": INK}}
    ]  # fmt: skip
    if now:
        notes.append(_end_of_done(now[-1], plan, total, top))
    if plan:
        day, n = plan[-1]
        # Right of the picture and above its line; what is done is named below, or left of its end.
        notes.append(
            {"x": day, "y": n, "xanchor": "left", "yanchor": "bottom", "xshift": 8, "showarrow": False,
             "text": _("план: {n}").format(n=number(n)), "font": {"size": 17, "color": MUTED}}
        )  # fmt: skip
    vals, texts = month_ticks(min(days), max(days))
    figure.update_layout(annotations=notes)
    figure.update_xaxes(
        type="date",
        range=_padded(days),
        tickvals=vals,
        ticktext=texts,
        tickfont={"size": 16},
        tickangle=0,
        ticks="outside",
    )
    figure.update_yaxes(range=[0, 1.2 * top], nticks=5, tickfont={"size": 16}, gridcolor=LINE, rangemode="tozero")
    return finished(figure, height).update_layout(margin={"r": 132})


def _dated(rows: pd.DataFrame) -> list[tuple[date, int]]:
    dated = rows.dropna(subset=["date", "n"]).sort_values("date", kind="stable")
    return [(day.date(), int(n)) for day, n in zip(pd.to_datetime(dated["date"]), dated["n"], strict=True)]


def _padded(days: list[date]) -> list[date]:
    """From the first day to the last; a single day stands in the middle of a week."""
    room = timedelta(days=0 if min(days) < max(days) else 3)
    return [min(days) - room, max(days) + room]


def _end_of_done(end: tuple[date, int], plan: list[tuple[date, int]], total: int, top: int) -> dict[str, object]:
    """„38 от 40“ where no line runs: right of the last day, under the plan; left of it and above where it is ahead."""
    day, n = end
    words = {"x": day, "y": n, "text": f"<b>{out_of(n, total)}</b>", "showarrow": False,
             "font": {"size": 24, "color": BLUE}}  # fmt: skip
    if not plan:
        return words | {"xanchor": "left", "xshift": 10}
    planned = max((n for when, n in plan if when <= day), default=0)
    if planned >= n:
        return words | {"xanchor": "left", "yanchor": "top" if n > 0.15 * top else "bottom", "xshift": 8}
    # Not across the line of all schools.
    over = total if 0 <= total - n < 0.15 * top else n
    early = day - plan[0][0] < (plan[-1][0] - plan[0][0]) / 3
    return (
        words
        | {"y": over, "xanchor": "left" if early else "right", "yanchor": "bottom", "yshift": 4}
        | ({"xshift": 6} if early else {})
    )


def _off_the_line(values: list[float | None]) -> list[str]:
    """Where each number stands clear of the line through its point: above a peak, right of a line that rises, left of
    one that falls, else under its point."""
    places = []
    for n, value in enumerate(values):
        before, after = (values[m] if 0 <= m < len(values) else None for m in (n - 1, n + 1))
        higher = [value is not None and beside is not None and beside > value for beside in (before, after)]
        lower = [value is not None and beside is not None and beside < value for beside in (before, after)]
        if any(lower) and not any(higher):
            places.append("top center")
        elif any(lower):
            places.append("bottom right" if lower[0] else "bottom left")
        else:
            places.append("bottom center")
    return places


def _numbers(rows: pd.DataFrame, column: str) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in rows[column]]


def _year_words(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    year = school_year_of_month(min(rows["month"]))
    return f"{year}/{(year + 1) % 100:02}"


def _by_month(rows: pd.DataFrame, months: list[int]) -> list[float | None]:
    by_month = {m.month: n for m, n in zip(rows["month"], rows["n"], strict=True)}
    return [None if pd.isna(by_month.get(m)) else float(by_month[m]) for m in months]


def _name_line(
    figure: go.Figure, labels: list[str], values: list[float | None], name: str, colour: str, *, above: bool
) -> None:
    present = [n for n, v in enumerate(values) if v is not None]
    if present:
        peak = max(present, key=lambda n: values[n] or 0)
        figure.add_annotation(
            x=labels[peak],
            y=values[peak],
            text=name,
            showarrow=False,
            # At either end it would be cut in the middle.
            xanchor="left" if peak == 0 else "right" if peak == len(labels) - 1 else "center",
            yshift=18 if above else -18,
            font={"size": 16, "color": colour},
        )
