"""Notes for who leads a meeting."""

from __future__ import annotations

from datetime import date

import pytest
from viewers import expert

from obhvat.meeting.decisions import add, change, item_of
from obhvat.meeting.meetings import Meeting, open_meeting
from obhvat.meeting.notes import METRICS, notes
from obhvat.meeting.slide import KEYS, Slide, text_slide
from obhvat.meeting.slides import slides
from obhvat.metrics import metric
from obhvat.periods import parse_period
from obhvat.store import Store

MEETING = Meeting(1, date(2024, 3, 14), parse_period("2023-t1"), "", KEYS)


@pytest.fixture(scope="module")
def shown(demo_store: Store) -> dict[str, Slide]:
    return {slide.key: slide for slide in slides(demo_store, MEETING, "members")}


def test_every_figure_of_the_notes_is_one_and_every_slide_of_notes_is_in_the_agenda():
    assert set(METRICS) <= set(KEYS)
    for ids in METRICS.values():
        for metric_id in ids:
            assert metric(metric_id).definition


def test_notes_say_what_the_figure_means_and_who_sent_nothing(demo_store: Store, shown: dict[str, Slide]):
    of = notes(demo_store, MEETING, shown["risk"])
    assert [name for name, _ in of.meaning] == ["Ученици, достигнали месечния праг"]
    assert of.lacking == ("Без данни е 1 училище: ОУ „Росица“, с. Бистрата.",)


def test_notes_name_no_place_while_the_press_is_in_the_room(demo_store: Store, shown: dict[str, Slide]):
    assert notes(demo_store, MEETING, shown["risk"], "press").lacking == ("Без данни е 1 училище.",)


def test_what_was_promised_stands_with_the_slide_it_is_about(demo_store: Store, shown: dict[str, Slide]):
    promised = {key: [of.text for of in notes(demo_store, MEETING, slide).promised] for key, slide in shown.items()}
    assert promised["risk"] == ["Общините да представят данни за наложените санкции по чл. 347 от ЗПУО"]
    assert promised["inspections"] == ["Проверка на дневниците във всички училища през I срок"]
    [of] = notes(demo_store, MEETING, shown["inspections"]).promised
    assert (of.who, of.is_done, of.is_late) == ("РУО", False, True)
    assert of.state.startswith("в изпълнение; закъснява")
    texts = [text for of_slide in promised.values() for text in of_slide]
    assert len(texts) == len(set(texts))


def test_a_slide_of_own_words_has_no_notes(demo_store: Store):
    of = notes(demo_store, MEETING, text_slide("Добри практики", "Медиаторите се срещат всеки месец."))
    assert (of.meaning, of.lacking, of.promised) == ((), (), ())


def test_what_was_decided_under_an_item_is_promised_with_it_at_the_next_meeting(store: Store):
    then = open_meeting(store, date(2024, 3, 13), MEETING.period, viewer=expert("Мария"))
    own = text_slide("Добри практики", "Медиаторите се срещат всеки месец.")
    for text, item in (("Проверка на списъците", "risk"), ("Среща на медиаторите", item_of(own))):
        add(store, then.meeting_id, "decision", text, "", "РУО", date(2024, 4, 30), item=item, viewer=expert("Мария"))
    change(store, "2024-03-13-1", state="done", outcome="готово", viewer=expert("Мария"))
    now = Meeting(2, date(2024, 5, 8), MEETING.period, "", KEYS)
    promised = {
        slide.title: [(of.text, of.is_done, of.is_late) for of in notes(store, now, slide).promised]
        for slide in (Slide("risk", "Риск", ""), Slide("inspections", "Проверки", ""), own)
    }
    # The words of the first speak of checks; where it was taken is said.
    assert promised == {
        "Риск": [("Проверка на списъците", True, False)],
        "Проверки": [],
        "Добри практики": [("Среща на медиаторите", False, True)],
    }
