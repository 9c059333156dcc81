"""Checks of schools: which school was checked when, and where nobody has been."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import escaped, nothing, set_key, wrapped
from obhvat.charts.style import ACT, INK, NO_DATA, PALE_RED, PAPER, SEQUENCE, finished
from obhvat.language import N_, _
from obhvat.periods import short_month_name
from obhvat.texts import counted, number

_LETTERS = 34
_NEVER = N_("без нито една проверка")
# No check, one, two, three or more.
_SHADES = [NO_DATA, SEQUENCE[1], SEQUENCE[2], SEQUENCE[4]]


def checks_matrix(
    table: pd.DataFrame, months: Sequence[date], height: int | None = None, letters: str = ""
) -> go.Figure:
    """Schools by months of checks: how many or of what kinds; a school never checked is a red row that says so.

    `table`: columns school (short name), month (date, its first day), n (checks), kinds (letters, „П Д Р“, or empty:
    then the number is written), finding (bool: one is still open), text (said when pointed at). A school and month
    without a row had no check; a school needs one row to be shown, with n of 0 if nobody has been there. Schools keep
    the order they are first met in. `letters` says over the picture what the letters mean. Points carry the school as
    customdata for a click.
    """
    schools = list(dict.fromkeys(table["school"]))
    columns = [m.date() for m in pd.to_datetime(list(months))]
    if not schools or not columns:
        return nothing(height)
    shown = table[table["n"].fillna(0) > 0]
    cells: dict[tuple[int, int], list[tuple]] = {}
    for school, month, *rest in shown[["school", "month", "n", "kinds", "finding", "text"]].itertuples(index=False):
        if pd.Timestamp(month).date() in columns:
            cells.setdefault((columns.index(pd.Timestamp(month).date()), schools.index(school)), []).append(tuple(rest))
    counts = {place: sum(int(row[0]) for row in rows) for place, rows in cells.items()}
    with_findings = [place for place, rows in cells.items() if any(not pd.isna(row[2]) and row[2] for row in rows)]
    never = [y for y in range(len(schools)) if not any(y == row for _unused, row in counts)]
    captions = _captions(columns)
    grid = _grid(schools, captions, cells, counts)
    figure = go.Figure([grid, _points(grid)])
    words = {place: _kinds(rows) or number(counts[place]) for place, rows in cells.items()}
    cramped = len(columns) > 8 and any(len(w) > 2 for w in words.values())
    figure.add_trace(
        go.Scatter(
            x=[x for x, _unused in words],
            y=[y for _unused, y in words],
            mode="text",
            text=[f"<b>{w}</b>" for w in words.values()],
            textfont={
                "size": 14 if cramped else 16,
                "color": [PAPER if counts[place] >= 3 else INK for place in words],
            },
            hoverinfo="skip",
            name="words",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[x + 0.38 for x, _unused in with_findings],
            y=[y - 0.3 for _unused, y in with_findings],
            mode="markers",
            marker={"symbol": "triangle-up", "size": 12, "color": ACT, "line": {"color": PAPER, "width": 1}},
            hoverinfo="skip",
            name="findings",
        )
    )
    _mark_never(figure, never, len(columns))
    labels = [wrapped(school, _LETTERS) for school in schools]
    figure.update_xaxes(
        tickvals=list(range(len(columns))), ticktext=captions, tickfont={"size": 16}, tickangle=0, side="top",
        range=[-0.5, len(columns) - 0.5],
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(schools))), tickfont={"size": 15}, range=[len(schools) - 0.5, -0.5],
        ticktext=[
            f'<span style="color:{ACT}">✗ {label}</span>' if y in never else label for y, label in enumerate(labels)
        ],
        ticks="outside", ticklen=6, tickcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    signs = [_('<span style="color:{ACT}">▲</span> неизпълнена препоръка').format(ACT=ACT)] if with_findings else []
    signs += [f'<span style="color:{ACT}">✗</span> {_(_NEVER)}'] if never else []
    above = set_key(figure, [escaped(letters), "\u2003".join(signs)]) + 52
    row = max(30, 20 * max(label.count("<br>") + 1 for label in labels) + 8)
    finished(figure, height or row * len(schools) + above + 8)
    figure.update_layout(margin={"t": above})
    return figure.update_yaxes(showgrid=False)


def _kinds(rows: Sequence[tuple]) -> str:
    """Letters of kinds without spaces, each once: a cell is narrow."""
    return escaped("".join(dict.fromkeys("".join("".join(row[1].split()) for row in rows if isinstance(row[1], str)))))


def _captions(months: Sequence[date]) -> list[str]:
    """„сеп“, with the year under the first month and each January. „Март“ has a letter too many for a narrow column."""
    return [
        short_month_name(m.month)[:3] + (f"<br>{m.year}" if n == 0 or m.year != months[n - 1].year else "<br>\u00a0")
        for n, m in enumerate(months)
    ]


def _grid(
    schools: Sequence[str], captions: Sequence[str], cells: dict[tuple[int, int], list[tuple]], counts: dict
) -> go.Heatmap:
    """The cells, darker where there were more checks; each says the school, the month and the words given."""
    across, down = range(len(captions)), range(len(schools))
    months = [caption.removesuffix("<br>\u00a0").replace("<br>", " ") for caption in captions]

    def hover_text(x: int, y: int) -> str:
        rows = cells.get((x, y), [])
        texts = [escaped(row[3]) for row in rows if isinstance(row[3], str) and row[3]]
        n = counts.get((x, y), 0)
        return "<br>".join(
            [f"{escaped(schools[y])}, {months[x]}: {counted(n, 'проверка') if n else _('без проверка')}", *texts]
        )

    last = len(_SHADES) - 1
    return go.Heatmap(
        z=[[min(last, counts.get((x, y), 0)) for x in across] for y in down],
        x=list(across),
        y=list(down),
        zmin=0,
        zmax=last,
        colorscale=[[n / last, colour] for n, colour in enumerate(_SHADES)],
        showscale=False,
        xgap=3,
        ygap=3,
        customdata=[[school] * len(captions) for school in schools],
        text=[[hover_text(x, y) for x in across] for y in down],
        hoverinfo="skip",
        name="checks",
    )


def _points(grid: go.Heatmap) -> go.Scatter:
    """Unseen points over the cells that say what the cells hold: clicks on cells of a heatmap choose nothing."""
    at = [(x, y, step) for y in grid.y for x in grid.x for step in (-0.3, 0, 0.3)]
    return go.Scatter(
        x=[x + step for x, _unused, step in at],
        y=[y for _unused, y, _unused in at],
        mode="markers",
        marker={"symbol": "square", "size": 24, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[[grid.customdata[y][x]] for x, y, _unused in at],
        hovertext=[grid.text[y][x] for x, y, _unused in at],
        hovertemplate="%{hovertext}<extra></extra>",
        name="points",
    )


def _mark_never(figure: go.Figure, never: Sequence[int], width: int) -> None:
    """Rows of schools where nobody has been: tinted, outlined and said."""
    figure.update_layout(
        shapes=[
            {
                "type": "rect", "x0": -0.47, "x1": width - 0.53, "y0": y - 0.44, "y1": y + 0.44,
                "fillcolor": PALE_RED, "line": {"color": ACT, "width": 1.5, "dash": "dot"},
            }
            for y in never
        ],
        annotations=[
            {"x": (width - 1) / 2, "y": y, "text": _(_NEVER), "showarrow": False, "font": {"size": 16, "color": ACT}}
            for y in never
        ],
    )  # fmt: skip
