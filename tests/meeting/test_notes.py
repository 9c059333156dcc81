"""Notes for who leads a meeting."""

from __future__ import annotations

from datetime import date

import pytest

from obhvat.meeting.meetings import Meeting
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
