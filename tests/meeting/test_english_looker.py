"""Slides and documents are Bulgarian whoever looks: a number or a noun of another language in them would be stored and
printed with a closed meeting. The notes and the list of what to prepare are in the language of who reads them."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from small_oblast import SCHOOLS, absences, cases, inspections, proposals, put, register
from viewers import expert

from obhvat.disclosure import Disclosure
from obhvat.language import BULGARIAN, ENGLISH, speaking
from obhvat.meeting.checklist import checklist
from obhvat.meeting.decisions import decisions
from obhvat.meeting.freeze import close_meeting, frozen_slides, shown_slides
from obhvat.meeting.meetings import Meeting, attendance, open_meeting
from obhvat.meeting.notes import notes
from obhvat.meeting.prepared import About
from obhvat.periods import Period
from obhvat.reports.press import press_text
from obhvat.scope import Scope
from obhvat.store import Store

DAY = date(2024, 3, 13)
CYRILLIC = re.compile("[А-Яа-я]")


@pytest.fixture
def meeting(store: Store) -> Meeting:
    statuses = {f"КГ-{n:03}": "в работа" for n in range(1, 13)}
    put(
        store,
        register(),
        cases(date(2024, 1, 31), statuses),
        *(absences(code, 10, [7] * 6) for code in SCHOOLS),
        inspections([("9000101", date(2023, 10, 5), "нередовно присъствие", date(2023, 11, 1), None)]),
        proposals(date(2023, 10, 4), [(1, "Проверка на случаите", "прието", date(2023, 11, 1))]),
        at=datetime(2024, 2, 6),
    )
    return open_meeting(store, DAY, Period(2023, "term", 1), viewer=expert("Мария"))


def test_the_slides_and_documents_of_a_meeting_are_bulgarian_to_an_english_looker(store: Store, meeting: Meeting):
    read = {}
    for language in (BULGARIAN, ENGLISH):
        with speaking(language):
            now = store.now()
            shown = shown_slides(store, meeting, "members")
            about = About(store, meeting, DAY, meeting.period, Scope(known_at=now), Disclosure(store, "members"))
            text = press_text(store, meeting, attendance(store, meeting.meeting_id), decisions(store, DAY))
            read[language] = shown, text
            said = [words for slide in shown for pair in notes(store, meeting, slide).meaning for words in pair]
            said += [words for item in checklist(about) for words in (item.title, item.sentence)]
            assert {bool(CYRILLIC.search(words)) for words in said} == {language == BULGARIAN}
    assert "12 случая" in read[BULGARIAN][1]
    assert read[ENGLISH] == read[BULGARIAN]
    with speaking(ENGLISH):
        close_meeting(store, meeting.meeting_id, expert("Мария"))
    kept = [slide.sentence for slide in frozen_slides(store, meeting.meeting_id, "members")]
    assert kept == [slide.sentence for slide in read[BULGARIAN][0]]
