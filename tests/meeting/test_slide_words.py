"""What slides say in words: counts that agree, one of a kind, none, terms."""

from __future__ import annotations

from datetime import date, datetime

from decks import AUDIENCES, DAY, TERM, deck
from small_oblast import cases, put, register
from viewers import expert

from obhvat.meeting.decisions import add
from obhvat.meeting.meetings import Meeting, open_meeting
from obhvat.meeting.slide import KEYS
from obhvat.periods import Period
from obhvat.store import Store


def test_the_closing_slide_says_who_does_what_by_when_by_its_terms(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"), at=datetime(2024, 3, 13, 9))
    at = datetime(2024, 3, 13, 9, 30)
    for text, due in (("Без срок", None), ("По-късно", date(2024, 4, 30)), ("Скоро", date(2024, 3, 20))):
        add(store, made.meeting_id, "decision", text, "", "РУО", due, viewer=expert("Мария"), at=at)
    add(store, made.meeting_id, "proposal", "Общ чат", "РУО", "общини", viewer=expert("Мария"), at=at)
    slide = deck(store, "members", made)["closing"]
    assert slide.sentence == "Взети са 3 решения; първият срок е 20 март."
    assert slide.rows == (("20 март", "Скоро", "РУО"), ("30 април", "По-късно", "РУО"), ("без срок", "Без срок", "РУО"))
    assert deck(store, "press", made)["closing"] == slide


def test_new_proposals_are_counted_in_words_that_agree(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"), at=datetime(2024, 3, 13, 9))
    at = datetime(2024, 3, 13, 9, 30)
    add(
        store, made.meeting_id, "proposal", "Общ чат", "РУО", "общини", date(2024, 4, 30), viewer=expert("Мария"), at=at
    )
    add(store, made.meeting_id, "proposal", "Медиатори", viewer=expert("Мария"), at=at)
    add(store, made.meeting_id, "good_practice", "Съвместни обходи", viewer=expert("Мария"), at=at)
    add(store, made.meeting_id, "decision", "Месечни срещи", viewer=expert("Мария"), at=at)
    slide = deck(store, "press", made)["proposals"]
    assert slide.sentence == "Внесени са 2 предложения, представена е 1 добра практика и е взето 1 решение."
    assert slide.rows[0] == ("предложение 1", "Общ чат", "РУО", "общини", "30.04.2024")


def test_the_period_stands_once_on_a_slide(demo_store: Store) -> None:
    decks = [deck(demo_store, audience) for audience in AUDIENCES]
    for shown in decks:
        assert shown["risk"].sentence.endswith(" за януари 2024 г.")
        assert shown["risk"].source == "по данни от 39 от 40 училища"
        assert shown["submissions"].source == "по данни от 40 училища"
        assert shown["cases"].source == "I срок на 2023/2024 г.; по регистър към 05.02.2024 г."
    told = [(slide, period) for shown in decks for slide in shown.values() for period in (TERM.label, "януари 2024 г.")]
    assert max(f"{slide.title} {slide.sentence} {slide.source}".count(period) for slide, period in told) == 1


def test_terms_that_have_no_room_are_counted_in_the_last_row(demo_store: Store) -> None:
    slide = deck(demo_store, "members", keys=("clock",))["clock"]
    assert slide.rows[-1][0] == f"и още {len(slide.data) - len(slide.rows) + 1}"
    assert {row[1] for row in slide.rows[:-1]} < {title for title, _ in slide.data}


def test_one_recommendation_is_told_in_words(awkward_store: Store) -> None:
    term = Meeting(1, DAY, Period(2023, "term", 2), "областен управител", KEYS)
    slide = deck(awkward_store, "members", term)["findings"]
    assert slide.sentence == "Препоръката още не е изпълнена; срокът ѝ не е изтекъл."
    assert slide.figure == "1 от 1"


def test_a_term_of_the_meetings_own_day_is_today(store: Store) -> None:
    held = Meeting(1, date(2024, 2, 4), TERM, "областен управител", KEYS)
    assert deck(store, "press", held)["clock"].sentence == (
        "Срокът е днес: подадени и подписани отсъствия за януари 2024 г."
    )


def test_no_case_in_work_is_told_in_words(store: Store) -> None:
    statuses = {f"КГ-{n:03}": "реинтегриран" for n in range(6)}
    put(store, register(), cases(date(2024, 1, 31), statuses), at=datetime(2024, 2, 6))
    for audience in AUDIENCES:
        assert deck(store, audience)["cases"].sentence == "Няма случаи в работа."
