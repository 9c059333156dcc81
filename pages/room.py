"""Зала: the meeting on the projector, one slide at a time, and the presenter's view of it. Never a child, never a
case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from obhvat.language import N_, _
from obhvat.meeting.freeze import shown_slides
from obhvat.meeting.meetings import Meeting, current, meetings
from obhvat.meeting.notes import notes
from obhvat.meeting.slide import KEYS, Slide
from obhvat.meeting.slides import about_words
from obhvat.periods import term_of
from obhvat.scope.days import clock_day, default_period
from obhvat.store import Store
from obhvat.ui import room
from obhvat.ui.meeting.presenter import PRESENTER, how_html, presenter_html
from obhvat.ui.meeting.sheet import open_sheet, show_sheet, show_undo
from obhvat.ui.meeting.slide_view import slide_html
from obhvat.ui.people import lock
from obhvat.ui.session import open_store, viewer
from obhvat.ui.shell import guarded, is_empty, leave_room
from obhvat.ui.showing import Showing, showing, write_address
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import show_written
from obhvat.ui.widgets.html import tag

_AUDIENCES: dict[str, Literal["members", "press"]] = {N_("За членовете"): "members", N_("За пресата"): "press"}


@st.fragment
def screen() -> None:
    """What moves: a key draws only this anew."""
    guarded(_screen)


def _screen() -> None:
    """The slide that is on, or the presenter's view of it, and the bar that moves from it."""
    store = open_store()
    now = current(store)
    shown = showing(now.meeting_id if now else 0)
    # Before all else: the other windows draw while this one does.
    html.show(tag("span", "", css="room-at", data_version=str(shown.version)))
    held = next((held for held in meetings(store) if held.meeting_id == shown.meeting_id), now) or _unopened(store)
    audience = _AUDIENCES.get(shown.audience, "members")
    slides = shown_slides(store, held, audience)
    shown.place = min(max(shown.place, 1), len(slides))
    write_address(shown)
    about = about_words(store, held)
    if _is_presenter():
        with st.container(key="presenter"):
            slide = slides[shown.place - 1]
            html.show(presenter_html(slides, shown, about, notes(store, held, slide, audience), shown.meeting_id))
            _list(slides, shown)
            with st.container(key="room-said"):
                show_written()
                show_undo(store, shown)
            _bar(shown, len(slides), held, slide)
            if held.meeting_id and not held.is_closed:
                show_sheet(store, held, shown)
    else:
        html.show(slide_html(slides[shown.place - 1], shown.place, len(slides), about))
        html.show(how_html(shown.meeting_id))
        _bar(shown, len(slides))


def _is_presenter() -> bool:
    return st.query_params.get("view") == PRESENTER


def _unopened(store: Store) -> Meeting:
    """A meeting of the day the data are of, which nobody opened."""
    now = store.now()
    # Without absences and cases there is no newest period.
    period = default_period(store, now) or term_of(now.date())
    # Of a term long over the terms of today are not what is looked at.
    return Meeting(0, clock_day(period, now.date()), period, "", KEYS)


def _list(slides: Sequence[Slide], shown: Showing) -> None:
    """All slides, to go to one of them."""
    titles = st.container(key="room-list")
    for place, slide in enumerate(slides, 1):
        kind = "primary" if place == shown.place else "secondary"
        titles.button(
            f"{place}. {html.plain(_(slide.title))}",
            key=f"room-to-{place}",
            type=kind,
            on_click=shown.go,
            args=(place,),
        )


def _bar(shown: Showing, of: int, held: Meeting | None = None, slide: Slide | None = None) -> None:
    """The buttons that the keys press; for the presenter also that of a decision about the slide."""
    bar = st.container(key="room-bar", horizontal=True, gap="small", vertical_alignment="center")
    bar.button(_("Първи"), key="room-first", help=_("Клавиш Home"), on_click=shown.go, args=(1,))
    bar.button(_("← Назад"), key="room-back", help=_("Стрелка наляво"), on_click=shown.move, args=(-1, of))
    bar.button(_("Напред →"), key="room-next", help=_("Стрелка надясно"), on_click=shown.move, args=(1, of))
    bar.button(_("Последен"), key="room-last", help=_("Клавиш End"), on_click=shown.go, args=(of,))
    st.session_state["room-audience"] = shown.audience or next(iter(_AUDIENCES))
    bar.segmented_control(
        _("Изглед"),
        list(_AUDIENCES),
        format_func=_,
        key="room-audience",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: shown.turn_to(st.session_state["room-audience"]),
    )
    if held and slide and viewer().may("meeting"):
        no_meeting = not held.meeting_id or held.is_closed
        why = _("Само в открито заседание.") if no_meeting else _("Клавиш Р")
        bar.button(
            _("Решение (Р)"), key="room-decide", help=why, disabled=no_meeting, on_click=open_sheet, args=(slide,)
        )
    bar.button(_("Обнови"), key="room-look")
    if bar.button(_("Изход"), key="room-leave", help="Esc"):
        leave_room()


if is_empty(open_store()):
    html.lead(_("Още няма данни, от които да се покаже заседание."))
    if st.button(_("Изход"), key="room-leave"):
        leave_room()
else:
    room.enter()
    lock.shut()
    room.dress(presenter=_is_presenter())
    screen()
