"""The list before a meeting where there is one, none, or a number that may not be told."""

from __future__ import annotations

from datetime import date, datetime

from small_oblast import cases, put, register
from viewers import expert

from obhvat.disclosure import Audience, Disclosure
from obhvat.meeting.checklist import checklist
from obhvat.meeting.letters import Letter, Part
from obhvat.meeting.meetings import Meeting, invited, open_meeting, set_attendance
from obhvat.meeting.prepared import About, Item
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

DAY, TERM = date(2024, 3, 13), Period(2023, "term", 1)


def _list(store: Store, meeting: Meeting | None, audience: Audience = "members", place: str = "") -> dict[str, Item]:
    scope = Scope(place or None, known_at=store.now())
    period = meeting.period if meeting else TERM
    about = About(store, meeting, DAY, period, scope, Disclosure(store, audience))
    return {item.title: item for item in checklist(about)}


def test_one_institution_is_one_in_every_sentence(store: Store):
    put(store, register({"9000101": "Каменград"}))
    held = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    set_attendance(store, held.meeting_id, invited(store)[0], True, viewer=expert("Мария"))
    said = _list(store, held)
    assert said["Регистър на институциите"].sentence == "В регистъра е 1 институция."
    assert said["Присъствие"].sentence.startswith("Отбелязана като присъстваща е 1 от ")


def test_lists_of_no_institution_are_not_ready(store: Store):
    assert _list(store, None)["Списъци на учениците"].state == "none"


def test_whether_a_municipality_has_a_late_step_is_told_only_where_how_many_is(store: Store):
    """None is a number, too."""
    statuses = {**{f"КГ-{n:03}": "в работа" for n in range(1, 4)}, "ВД-001": "върнат"}
    put(store, register(), cases(date(2024, 1, 31), statuses), at=datetime(2024, 2, 6))
    held = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    inside, members = (
        [_list(store, held, audience, place)["Стъпки по случаите"] for place in ("Каменград", "Ведрово")]
        for audience in ("internal", "members")
    )
    assert [item.state for item in inside] == ["left", "done"]
    assert len({(item.state, item.sentence) for item in members}) == 1


def test_the_subject_of_a_letter_is_one_sentence():
    parts = tuple(Part(title, "", (), ()) for title in ("Върнати редове", "Неизпълнени препоръки"))
    assert Letter("", "", (), "", parts).subject == "върнати редове и неизпълнени препоръки"
