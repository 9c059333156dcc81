"""A case that an uploaded decision names is named nowhere decisions are read."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from docx import Document
from small_oblast import cases, proposals, put, register
from viewers import expert

from obhvat.charts.slides import slide_picture
from obhvat.disclosure import Disclosure
from obhvat.ingest import Source
from obhvat.meeting.checklist import checklist
from obhvat.meeting.decisions import decisions, history
from obhvat.meeting.meetings import Meeting, attendance, open_meeting
from obhvat.meeting.notes import notes
from obhvat.meeting.prepared import About
from obhvat.meeting.slides import slides
from obhvat.periods import Period
from obhvat.reports.ministry import ministry_report
from obhvat.reports.press import press_text
from obhvat.scope import Scope
from obhvat.store import Store

LAST, DAY = date(2023, 10, 4), date(2024, 3, 13)


def _named(day: date) -> Source:
    head = "Заседание;№;Предложение;Вносител;Отговорник;Срок;Състояние"
    row = f"{day:%d.%m.%Y};1;Проверка по кг-001 на случая;РУО за КГ-001;ДСП по КГ-001;{day:%d.%m.%Y};прието"
    return Source(f"предложения_{day}.csv", f"{head}\n{row}".encode())


@pytest.fixture
def meeting(store: Store) -> Meeting:
    put(store, register(), _named(LAST), _named(DAY), at=datetime(2023, 10, 5))
    # The number is a case's only since a register came that has it.
    put(store, cases(date(2024, 1, 31), {"КГ-001": "в работа"}), at=datetime(2024, 2, 6))
    return open_meeting(store, DAY, Period(2023, "term", 1), viewer=expert("Мария"))


def test_not_in_the_slides_nor_in_the_notes_of_who_leads(store: Store, meeting: Meeting) -> None:
    shown = slides(store, meeting, "members")
    promised = [of for slide in shown for of in notes(store, meeting, slide).promised]
    assert [of.who for of in promised] == ["ДСП по [случай]"]
    for slide in shown:
        assert "кг-001" not in (repr(slide) + slide_picture(slide)).casefold()


def test_not_in_the_list_of_what_is_left(store: Store, meeting: Meeting) -> None:
    about = About(store, meeting, DAY, meeting.period, Scope(known_at=store.now()), Disclosure(store, "members"))
    [said] = [item for item in checklist(about) if item.title == "Решения от предходни заседания"]
    assert "[случай]" in repr(said)
    assert "кг-001" not in repr(said).casefold()


def test_not_in_the_press_text_and_the_report(store: Store, meeting: Meeting) -> None:
    own = decisions(store, DAY)
    own = own[own["meeting"].dt.date == DAY]
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), own)
    assert "проверка по [случай] на случая" in text
    report = Document(io.BytesIO(ministry_report(store, meeting, store.now(), own, [])))
    words = " ".join(node.text or "" for node in report.element.iter() if node.tag.endswith("}t"))
    assert "[случай]" in words
    assert "кг-001" not in words.casefold()


def test_not_in_what_was_said_of_it_before(store: Store, meeting: Meeting) -> None:
    told = history(store, f"{LAST:%Y-%m-%d}-1")
    assert told["text"].tolist() == ["Проверка по [случай] на случая"]


def test_what_was_only_proposed_or_dropped_is_counted_neither_as_decided_nor_as_to_come(store: Store) -> None:
    said = [
        (1, "Срещи", "изпълнено", None),
        (2, "Общ чат", "предложено", None),
        (3, "Друго", "отпаднало", None),
    ]
    put(store, register(), proposals(LAST, said), at=datetime(2023, 10, 5))
    held = open_meeting(store, DAY, Period(2023, "term", 1), viewer=expert("Мария"))
    [slide] = [slide for slide in slides(store, held, "members") if slide.key == "decisions_last"]
    assert slide.sentence == "От 2 решения, взети на 4 октомври 2023 г., е изпълнено 1."
    picture = slide_picture(slide)
    assert ">изпълнени<" in picture
    assert ">предстоят<" not in picture
