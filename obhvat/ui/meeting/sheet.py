"""A decision entered without leaving the room: what, who, by when, under the item of the agenda that is on."""

from __future__ import annotations

from datetime import date

import streamlit as st

from obhvat.language import _
from obhvat.meeting.decisions import add, item_of, withdraw
from obhvat.meeting.meetings import GROUPS, Meeting, invited, place_words
from obhvat.meeting.slide import Slide
from obhvat.store import Store
from obhvat.ui.meeting.lacks import ask_lacks, forget_lacks, is_meant
from obhvat.ui.session import viewer
from obhvat.ui.showing import Showing
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import confirmed, do, drawn

_OPENED, _FORM, _WRITTEN = "room-opened", "room-decision", "room-written"


def open_sheet(slide: Slide) -> None:
    """Open the sheet for the slide that is on: it stays with its item, wherever the room goes meanwhile."""
    st.session_state[_OPENED] = slide


def close_sheet() -> None:
    """Close it without a decision."""
    st.session_state.pop(_OPENED, None)
    forget_lacks()


def show_sheet(store: Store, meeting: Meeting, shown: Showing) -> None:
    """The sheet, when it is open."""
    about: Slide | None = st.session_state.get(_OPENED)
    if about is None:
        return
    with st.container(key="room-sheet"):
        html.part(_("Ново решение"), _("по „{title}“; Ctrl + Enter записва, Esc затваря").format(title=_(about.title)))
        with st.form(f"{_FORM}-{drawn()}", border=False):
            text = st.text_input(_("Какво"), placeholder=_("без имена и без номера на случаи"))
            places = ["", *GROUPS, *invited(store)]
            to = st.selectbox(_("Кой"), places, format_func=place_words)
            due = st.date_input(_("До кога"), None, format="DD.MM.YYYY")
            no_names = confirmed(_FORM)
            ask_lacks(_FORM, _("Запиши"))
            bar = st.container(horizontal=True, gap="small")
            if bar.form_submit_button(_("Запиши"), type="primary", help="Ctrl + Enter"):
                when = due if isinstance(due, date) else None
                _save(store, meeting, shown, about, text, to or "", when, no_names)
        st.button(_("Затвори"), key="room-close", help="Esc", on_click=close_sheet)


def show_undo(store: Store, shown: Showing) -> None:
    """What was entered last and a button that takes it back, while the room is at the slide where it was entered."""
    decision_id, place = st.session_state.get(_WRITTEN, ("", 0))
    if place != shown.place:
        st.session_state.pop(_WRITTEN, None)
        return

    def undo() -> str:
        st.session_state.pop(_WRITTEN)
        withdraw(store, decision_id, viewer())
        shown.call()
        return _number(decision_id)

    html.notice("good", _("Записано е решение № {n}.").format(n=_number(decision_id)))
    undone = _("Отмени решение № {n} (О)").format(n=_number(decision_id))
    if st.button(undone, key="room-undo", help=_("Клавиш О")):
        do(undo, _("Решение № {} е отменено."), _FORM)


def _number(decision_id: str) -> str:
    return decision_id.rsplit("-", 1)[1]


def _save(
    store: Store,
    meeting: Meeting,
    shown: Showing,
    about: Slide,
    text: str,
    to: str,
    due: date | None,
    no_names: tuple[str, ...],
) -> None:
    if text.strip() and not is_meant(_FORM, to, due):
        st.rerun(scope="fragment")

    def write() -> None:
        decision_id = add(
            store,
            meeting.meeting_id,
            "decision",
            text,
            "",
            to,
            due,
            item=item_of(about),
            confirmed=no_names,
            viewer=viewer(),
        )
        close_sheet()
        shown.call()
        st.session_state[_WRITTEN] = decision_id, shown.place

    # `show_undo` says that it was written, for as long as it may be taken back.
    do(write, "", _FORM)
