"""Open cases on a calendar: since when, what was done, what is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from obhvat.charts.labels import escaped, month_ticks, nothing, set_key, tall, wide, wrapped
from obhvat.charts.style import ACT, BLUE, INK, LINE, MUTED, OCHRE, PAPER, STONE, TEAL, VIOLET, finished
from obhvat.language import N_, _
from obhvat.texts import counted

_ROW = 32
_MOST = 40
_LETTERS = 22
_DUE, _LATE = N_("срок"), N_("изтекъл срок")
# A shape a kind of step, with its sign and name in the key above; the words by which a caption is recognised.
_KINDS = {
    "call": ("circle", "●", TEAL, N_("разговор"), (N_("разговор"), N_("телефон"), N_("обаждане"))),
    "meeting": ("square", "■", BLUE, N_("среща"), (N_("среща"),)),
    "visit": ("triangle-up", "▲", OCHRE, N_("посещение"), (N_("посещение"), N_("обход"))),
    "check": ("diamond", "◆", VIOLET, N_("справка"), ("check", N_("справка"), N_("проверка"))),
    "other": ("cross", "✚", MUTED, N_("друго"), ()),
}


def open_cases_timeline(cases: pd.DataFrame, today: date, height: int | None = None) -> go.Figure:
    """A line an open case, from the day it was opened to today, the oldest on top.

    `cases`: columns name, opened (date), events (list of (date, kind): call, meeting, visit, check, other, or the
    caption of an action), due (date or null), late_words („12 раб. дни“, said where due is past). Out: a figure
    as high as its rows; of more than 40 cases the overdue and then the oldest are drawn, and how many are left is said.
    """
    if cases.empty:
        return nothing(height)
    rows = cases.assign(
        opened=[_day(d) for d in cases["opened"]],
        due=pd.Series([_day(d) for d in cases["due"]], index=cases.index, dtype=object),
        late_words=cases["late_words"].fillna(""),
    )
    rows["late"] = [bool(d and d < today) for d in rows["due"]]
    left = max(0, len(rows) - _MOST)
    rows = rows.sort_values(["late", "opened"], ascending=[False, True], kind="stable").head(_MOST)
    rows = rows.sort_values("opened", kind="stable").reset_index(drop=True)
    figure = go.Figure()
    _draw_lines(figure, rows, today)
    _draw_events(figure, rows)
    _draw_due(figure, rows)
    names = [wrapped(name, _LETTERS) for name in rows["name"]]
    last = max([today, *(d for d in rows["due"] if d)])
    first = min([today, *rows["opened"]])
    room = timedelta(days=max(2, (last - first).days // 60))
    vals, texts = month_ticks(first, last, most=5)
    figure.update_xaxes(
        type="date", range=[first - room, last + room], tickvals=vals, ticktext=texts, tickfont={"size": 16},
        tickangle=0, ticks="outside", showgrid=True, gridcolor=LINE,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=names, tickfont={"size": 16}, range=[len(rows) - 0.4, -0.6],
        showline=False, ticks="outside", ticklen=6, tickcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    late_words = [_late_words(words) for words, late in zip(rows["late_words"], rows["late"], strict=True) if late]
    ends = [
        _end(n, words, last, room) for n, (words, late) in enumerate(zip(rows["late_words"], rows["late"], strict=True))
        if late
    ]  # fmt: skip
    figure.add_shape(
        type="line", x0=today, x1=today, y0=0, y1=1, yref="paper", line={"color": INK, "width": 2}, layer="below"
    )
    now = {
        "x": today, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
        "text": _("към {today:%d.%m.%Y}").format(today=today), "font": {"size": 16, "color": INK},
    }  # fmt: skip
    figure.update_layout(annotations=[*ends, now])
    above = set_key(figure, _key(figure, left)) + 36
    finished(figure, height or tall(names, 16, _ROW) * len(rows) + above + 56)
    figure.update_layout(margin={"t": above, "r": max(70, wide(late_words, 16, 16)), "b": 48})
    return figure.update_yaxes(showgrid=False)


def _day(value: object) -> date | None:
    """A date of a column that may hold dates, timestamps or nothing."""
    when = pd.to_datetime(value)  # ty: ignore[no-matching-overload]
    return None if pd.isna(when) else when.date()


def _late_words(words: str) -> str:
    return words or _("с изтекъл срок")


def _end(row: int, words: str, last: date, room: timedelta) -> dict[str, object]:
    """What an overdue line says, right of the picture, where no marker stands."""
    return {
        "x": last + room,
        "y": row,
        "text": escaped(_late_words(words)),
        "showarrow": False,
        "xanchor": "left",
        "xshift": 4,
        "font": {"size": 16, "color": ACT},
    }


def _key(figure: go.Figure, left: int) -> list[str]:
    """What the markers are, of those drawn, on one line or two; then how many cases are not drawn."""
    signs = {_(word): (sign, colour) for _unused, sign, colour, word, _unused in _KINDS.values()}
    signs |= {_(_DUE): ("☆", INK), _(_LATE): ("★", ACT)}
    entries = [
        f'<span style="color:{signs[t.name][1]}">{signs[t.name][0]}</span>\u00a0{t.name}'
        for t in figure.data
        if t.name in signs
    ]
    half = 4 if len(entries) > 4 else len(entries)
    more = _("още {left} – само в таблицата").format(left=counted(left, "случай")) if left else ""
    return ["\u2003".join(entries[:half]), "\u2003".join(entries[half:]), more]


def _draw_lines(figure: go.Figure, rows: pd.DataFrame, today: date) -> None:
    """From opened to today; the time after a missed deadline is red and dashed."""
    calm: list[tuple[date | None, int | None]] = []
    late: list[tuple[date | None, int | None]] = []
    for n, (opened, due, is_late) in enumerate(zip(rows["opened"], rows["due"], rows["late"], strict=True)):
        turn = max(opened, due) if is_late else today
        calm += [(opened, n), (turn, n), (None, None)]
        if is_late:
            late += [(turn, n), (today, n), (None, None)]
    for points, colour, dash, name in ((calm, STONE, "solid", "open"), (late, ACT, "6px,3px", "late")):
        figure.add_trace(
            go.Scatter(
                x=[x for x, _unused in points],
                y=[y for _unused, y in points],
                mode="lines",
                line={"color": colour, "width": 6, "dash": dash},
                hoverinfo="skip",
                name=name,
            )
        )


def _draw_events(figure: go.Figure, rows: pd.DataFrame) -> None:
    """A trace a kind of step, named in the key: only the kinds that happened."""
    steps = [
        (day, n, _kind(str(kind)), str(kind))
        for n, events in enumerate(rows["events"])
        for day, kind in _listed(events)
    ]
    for kind, (symbol, _unused, colour, declared, _unused) in _KINDS.items():
        word = _(declared)
        steps_of_kind = [(day, n, caption) for day, n, its, caption in steps if its == kind]
        if steps_of_kind:
            figure.add_trace(
                go.Scatter(
                    x=[day for day, _unused, _unused in steps_of_kind],
                    y=[n for _unused, n, _unused in steps_of_kind],
                    mode="markers",
                    marker={"symbol": symbol, "size": 13, "color": colour, "line": {"color": PAPER, "width": 1.5}},
                    hovertemplate=[
                        _("{escaped}: {said}, {day:%d.%m.%Y} г.<extra></extra>").format(
                            escaped=escaped(rows["name"][n]), said=_said(caption, word), day=_day(day)
                        )
                        for day, n, caption in steps_of_kind
                    ],
                    cliponaxis=False,
                    name=word,
                )
            )


def _draw_due(figure: go.Figure, rows: pd.DataFrame) -> None:
    """Deadlines: a hollow star; one that has passed is filled and red."""
    for late, colour, word in ((False, INK, _(_DUE)), (True, ACT, _(_LATE))):
        deadlines = [
            (d, n) for n, (d, its) in enumerate(zip(rows["due"], rows["late"], strict=True)) if d and its == late
        ]
        if deadlines:
            figure.add_trace(
                go.Scatter(
                    x=[d for d, _unused in deadlines],
                    y=[n for _unused, n in deadlines],
                    mode="markers",
                    marker={
                        "symbol": "star",
                        "size": 15,
                        "color": colour if late else PAPER,
                        "line": {"color": PAPER if late else colour, "width": 1 if late else 2},
                    },
                    hovertemplate=[
                        _("{escaped}: {word} {d:%d.%m.%Y} г.<extra></extra>").format(
                            escaped=escaped(rows["name"][n]), word=word, d=d
                        )
                        for d, n in deadlines
                    ],
                    cliponaxis=False,
                    name=word,
                )
            )


def _listed(events: object) -> list[tuple[date, str]]:
    return list(events) if isinstance(events, Iterable) else []


def _kind(caption: str) -> str:
    if caption in _KINDS:
        return caption
    return next((k for k, (*_unused, words) in _KINDS.items() if any(w in caption.lower() for w in words)), "other")


def _said(kind: str, word: str) -> str:
    """The caption of the action, or the general word for a code."""
    return word if kind.isascii() else escaped(kind)
