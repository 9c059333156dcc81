"""What is ready for the meeting and what is left, and the letters to those who must do it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import streamlit as st

from obhvat.language import _, ngettext
from obhvat.meeting.checklist import checklist
from obhvat.meeting.meetings import Meeting, meetings
from obhvat.meeting.prepared import STATES, About, Item
from obhvat.periods import term_of
from obhvat.scope.days import clock_day, default_period
from obhvat.store import Store
from obhvat.texts import counted, number
from obhvat.ui.filters import choose_place
from obhvat.ui.meeting import letters
from obhvat.ui.session import role
from obhvat.ui.shell import PAGES, page_file, pages_of
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

PART = "meeting-part"
"""Which part of the page is looked at, in the session."""
_PAGES = {path: title for path, title, _note in PAGES}
_NAMED = 6
_ARROW = ":material/arrow_forward:"


def preparation(store: Store, meeting: Meeting | None) -> None:
    """The list for the open meeting or, without one, for the next; for inside the letters, too."""
    period = meeting.period if meeting else default_period(store) or term_of(datetime.now().date())
    day = meeting.held_on if meeting else clock_day(period, datetime.now().date())
    if meeting is None:
        # What the last meeting decided is asked about, too, though the data may be older.
        day = max([day, *(held.held_on + timedelta(days=1) for held in meetings(store))])
    view = choose_place(store, period)
    if view.is_press:
        html.quiet(_("Подготовката не е за пресата: изберете изглед „За членовете“ или „Вътрешен“."))
        return
    about = About(store, meeting, day, period, view.scope, view.disclosure)
    items = checklist(about)
    left = sum(item.state == "left" for item in items)
    html.part(
        ngettext("Подготовка: остава {left} от {items}", "Подготовка: остават {left} от {items}", left).format(
            left=number(left), items=counted(len(items), "точка")
        )
        if left
        else _("Подготовка: всичко е готово"),
        _("за {label}, {place}; първо това, без което заседанието не може да започне").format(
            label=period.label, place=view.place
        ),
    )
    for n, item in enumerate(items):
        _line(item, n)
    letters.show(about, view.viewer)


def _line(item: Item, n: int) -> None:
    said, way = st.columns([6, 1.25], vertical_alignment="top")
    with said:
        html.show(
            tag(
                "div",
                tag("span", _(STATES[item.state]), css=f"check-state {item.state}"),
                tag("div", tag("p", bold(f"{item.title}. "), item.sentence), _names(item), css="check-said"),
                css="check-line",
            )
        )
    with way:
        _way(item, n)


def _names(item: Item) -> object:
    """Who and what, a line each; the first few in sight."""
    if not item.names:
        return ""
    n = _NAMED if item.state == "left" else 0
    first, rest = item.names[:n], item.names[n:]
    said = _("подробно") if not n else _("и още {rest}").format(rest=number(len(rest)))
    more = tag("details", tag("summary", said), html.bullets(rest)) if rest else ""
    return html.joined((html.bullets(first) if first else "", more))


def _way(item: Item, n: int) -> None:
    """The way to where it is mended: another page, or a part of this one."""
    if item.where in _PAGES:
        if item.where in pages_of(role()) and st.button(
            _("Към „{page}“").format(page=_(_PAGES[item.where])), key=f"check-{n}", icon=_ARROW, type="tertiary"
        ):
            st.switch_page(page_file(item.where), query_params={})
    elif item.where:
        to_part = partial(_to_part, item.where)
        st.button(
            _("Към „{page}“").format(page=_(item.where)),
            key=f"check-{n}",
            icon=_ARROW,
            type="tertiary",
            on_click=to_part,
        )


def _to_part(part: str) -> None:
    st.session_state[PART] = part
