"""Заседание: what was decided, what is decided now, who came, the documents, and the way to the projector."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import N_, _, ngettext
from obhvat.meeting.clock import meeting_duties
from obhvat.meeting.decisions import decisions, standing, to_follow
from obhvat.meeting.meetings import Meeting, attendance, current, meetings, open_meeting, previous_meeting_day
from obhvat.meeting.prepared import DECISIONS, PAPERS, PRESENT
from obhvat.people import Viewer
from obhvat.periods import parts_of_year, term_of
from obhvat.reports.names import CHAIR
from obhvat.scope.days import clock_day, default_period
from obhvat.store import Store
from obhvat.texts import counted, day, moment
from obhvat.ui.meeting.papers import papers
from obhvat.ui.meeting.parts import agenda, close, due_words, now_and_then, ours, present
from obhvat.ui.meeting.preparation import PART, preparation
from obhvat.ui.meeting.presenter import opening_link
from obhvat.ui.session import viewer
from obhvat.ui.shell import ROOM, draw, is_demo, open_room
from obhvat.ui.widgets import html
from obhvat.ui.widgets.clock import show_clock, show_duties
from obhvat.ui.widgets.html import bold

_PREPARATION, _AGENDA, _TERMS, _CLOSING = N_("Подготовка"), N_("Дневен ред"), N_("Срокове"), N_("Закриване")
_PARTS = (_PREPARATION, DECISIONS, _AGENDA, PRESENT, PAPERS, _TERMS, _CLOSING)


def main(store: Store) -> None:
    """The page, from its sentence down."""
    held, may = meetings(store), viewer().may("meeting")
    if not held:
        said, way = st.columns([2.6, 1.4], vertical_alignment="center")
        with said:
            html.lead(_("Няма започнато заседание."))
        with way:
            _room(None)
        if may:
            _open(store)
            preparation(store, None)
        _last_time(store)
        _clock(store, None)
        return
    answer = st.container()
    top = st.columns([1.6, 1.4], vertical_alignment="bottom")
    # The box holds numbers: a meeting kept between two drawings would be as it was before the last entry.
    by_id = {meeting.meeting_id: meeting for meeting in held}
    now = current(store)
    # The browser keeps the words of an option as they were: a meeting that is closed since is another box.
    closed = sum(meeting.is_closed for meeting in held)
    chosen = top[0].selectbox(
        _("Заседание"),
        [*by_id],
        index=held.index(now) if now else 0,
        format_func=lambda n: _caption(by_id[n]),
        key=f"meeting-{len(held)}-{closed}",
    )
    meeting = by_id.get(chosen or 0, held[0])
    with top[1]:
        _room(meeting)
    with answer:
        _sentence(store, meeting)
    parts = [part for part in _PARTS if _is_for(viewer(), part, meeting)]
    part = st.segmented_control(_("Раздел"), parts, default=DECISIONS, format_func=_, key=PART, required=True)
    if part == _PREPARATION:
        preparation(store, now)
    elif part == DECISIONS:
        ours(store, meeting)
    elif part == _AGENDA:
        agenda(store, meeting)
    elif part == PRESENT:
        present(store, meeting)
    elif part == PAPERS:
        papers(store, meeting)
    elif part == _TERMS:
        _clock(store, meeting)
    elif meeting.is_closed:
        now_and_then(store, meeting)
    else:
        close(store, meeting)
    if now is None and may:
        with st.expander(_("Започни ново заседание")):
            _open(store)


def _is_for(who: Viewer, part: str, meeting: Meeting) -> bool:
    """Whether somebody has a part of the page: to prepare and to close a meeting is for who leads it."""
    if part == PAPERS:
        return who.may("documents")
    leads = part == _PREPARATION or (part == _CLOSING and not meeting.is_closed)
    return who.may("meeting") or not leads


def _caption(meeting: Meeting) -> str:
    return f"{day(meeting.held_on)} · {meeting.period.label}{_(' · закрито') if meeting.is_closed else _(' · в ход')}"


def _sentence(store: Store, meeting: Meeting) -> None:
    known_then = decisions(store, meeting.held_on)
    own = standing(known_then[known_then["meeting"].dt.date == meeting.held_on])
    decided, proposed = int((own["kind"] == "decision").sum()), int((own["kind"] == "proposal").sum())
    came = attendance(store, meeting.meeting_id)
    n = int(came["present"].sum())
    words = [
        bold(counted(decided, "решение")),
        _(" и "),
        bold(counted(proposed, "предложение")),
        ngettext("; присъства ", "; присъстват ", n),
        bold(_("{n} от {whole}").format(n=n, whole=counted(len(came), "институция"))),
    ]
    state = _("закрито на {closed_at}").format(closed_at=moment(meeting.closed_at)) if meeting.closed_at else _("в ход")
    html.lead(_("Заседание на {held_on} ({state}): ").format(held_on=day(meeting.held_on), state=state), *words)


def _room(meeting: Meeting | None) -> None:
    bar = st.container(horizontal=True, gap="small", vertical_alignment="center")
    if ROOM not in viewer().role.pages:
        return
    if bar.button(
        _("Режим за залата"), type="primary", icon=":material/fullscreen:", help=_("На цял екран, за прожектора.")
    ):
        open_room(**({"meeting": str(meeting.meeting_id)} if meeting else {}))
    with bar:
        html.show(opening_link(meeting.meeting_id if meeting else 0))


def _last_time(store: Store) -> None:
    """What the newest uploaded meeting decided."""
    before = previous_meeting_day(store, datetime.now().date() + timedelta(days=1))
    if not before:
        return
    rows = to_follow(store, before + timedelta(days=1))
    html.part(
        _("Решения от {before}").format(before=day(before)),
        _("и неизпълнените от по-старите заседания; отбелязват се и се следят след откриване"),
    )
    html.show(
        html.table(
            (_("Заседание"), "№", _("Текст"), _("Отговорник"), _("Срок")),
            [
                (
                    f"{row['meeting']:%d.%m.%Y}",
                    row["n"],
                    row["text"],
                    _(row["addressed_to"] or "") or "–",
                    due_words(row["due"]),
                )
                for _unused, row in rows.iterrows()
            ],
        )
    )


def _open(store: Store) -> None:
    """Open a meeting: its day, the term it is about, who chairs it."""
    today = datetime.now().date()
    period = default_period(store) or term_of(today)
    # The demonstration is of a past year and opens on its own day.
    default = clock_day(period, today) if is_demo(store) else today
    years = [part for back in (0, 1) for part in parts_of_year(period.start_year - back)[::-1]]
    with st.form("open-meeting", border=False):
        columns = st.columns([1, 1.4, 1.6, 1], vertical_alignment="bottom")
        held_on = columns[0].date_input(_("Дата"), default, format="DD.MM.YYYY", key="held-on")
        about = columns[1].selectbox(_("За период"), years, years.index(period), format_func=lambda p: p.label)
        chair = columns[2].text_input(_("Председател"), CHAIR)
        if columns[3].form_submit_button(_("Открий заседание"), type="primary"):
            try:
                open_meeting(store, held_on, about, chair, viewer=viewer())
            except ObhvatError as error:
                html.notice("act", str(error))
            else:
                st.rerun()


def _clock(store: Store, meeting: Meeting | None) -> None:
    if meeting:
        show_duties(meeting_duties(store, meeting, store.now()), meeting.held_on)
    elif period := default_period(store):
        show_clock(store, clock_day(period, datetime.now().date()), period)


draw(main)
