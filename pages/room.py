"""Зала: the meeting on the projector, one slide at a time. Never a child, never a case."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from obhvat.meeting.freeze import shown_slides
from obhvat.meeting.meetings import Meeting, current, meetings
from obhvat.meeting.slide import KEYS
from obhvat.scope import oblast_name
from obhvat.scope.days import clock_day, default_period
from obhvat.store import Store
from obhvat.texts import day, moment
from obhvat.ui import room
from obhvat.ui.meeting.slide_view import slide_html
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, leave_room
from obhvat.ui.widgets import html

_AUDIENCES: dict[str, Literal["members", "press"]] = {"За членовете": "members", "За пресата": "press"}


def main(store: Store) -> None:
    """The slide that is on, and the bar that moves from it."""
    meeting = _shown(store)
    audience = _AUDIENCES.get(st.session_state.setdefault("room-audience", "За членовете"), "members")
    shown = shown_slides(store, meeting, audience)
    place = min(max(_asked(), 1), len(shown))
    about = _about(store, meeting)
    html.show(slide_html(shown[place - 1], place, len(shown), about))
    _bar(len(shown))


def _shown(store: Store) -> Meeting:
    """The meeting chosen on its page, else the one that is open, else one of the day the data are of, not opened."""
    chosen = st.session_state.get("room-meeting")
    meeting = next((held for held in meetings(store) if held.meeting_id == chosen), None) or current(store)
    if meeting:
        return meeting
    now = store.now()
    period = default_period(store, now)
    assert period is not None
    # Of a term long over the terms of today are not what is looked at.
    return Meeting(0, clock_day(period, now.date()), period, "", KEYS)


def _about(store: Store, meeting: Meeting) -> str:
    where = oblast_name(store)
    at = moment(meeting.closed_at or store.now())
    held = f"заседание на {day(meeting.held_on)}" if meeting.meeting_id else f"преглед към {day(meeting.held_on)}"
    return " · ".join([*([f"Област {where}"] if where else []), held, meeting.period.label, f"данни към {at}"])


def _asked() -> int:
    try:
        return int(st.query_params.get("slide", "1"))
    except ValueError:
        return 1


def _go(place: int, of: int) -> None:
    st.query_params["slide"] = str(min(max(place, 1), of))


def _move(step: int, of: int) -> None:
    """From where the room is when the key is pressed: a quick second press may come before the slide is drawn."""
    _go(_asked() + step, of)


def _bar(of: int) -> None:
    bar = st.container(key="room-bar", horizontal=True, gap="small", vertical_alignment="center")
    bar.button("Първи", key="room-first", help="Клавиш Home", on_click=_go, args=(1, of))
    bar.button("← Назад", key="room-back", help="Стрелка наляво", on_click=_move, args=(-1, of))
    bar.button("Напред →", key="room-next", help="Стрелка надясно", on_click=_move, args=(1, of))
    bar.button("Последен", key="room-last", help="Клавиш End", on_click=_go, args=(of, of))
    bar.segmented_control("Изглед", list(_AUDIENCES), key="room-audience", required=True, label_visibility="collapsed")
    if bar.button("Изход", key="room-leave", help="Esc"):
        leave_room()


store = open_store()
if is_empty(store):
    html.lead("Още няма данни, от които да се покаже заседание.")
    if st.button("Изход", key="room-leave"):
        leave_room()
else:
    room.enter()
    room.dress()
    main(store)
