"""Who looks in English and who in Bulgarian: in one process, from one store."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest

from obhvat.language import BULGARIAN, ENGLISH, _, current, speaking
from obhvat.metrics import figure, figure_words
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import (
    NO_DATA,
    change,
    counted,
    day,
    grade_words,
    listed,
    moment,
    number,
    out_of,
    percent,
    trimmed,
    was,
    within,
)


@pytest.mark.parametrize(
    ("said", "bulgarian", "english"),
    [
        (lambda: number(1234567.5, 1), "1\u202f234\u202f567,5", "1,234,567.5"),
        (lambda: number(-0.2), "0", "0"),
        (lambda: number(-7), "−7", "−7"),
        (lambda: number(None), NO_DATA, "no data"),
        (lambda: trimmed(7.0), "7", "7"),
        (lambda: trimmed(7.5), "7,5", "7.5"),
        (lambda: percent(1, 8, 1), "12,5\u202f%", "12.5%"),
        (lambda: counted(1, "дете"), "1 дете", "1 child"),
        (lambda: counted(21, "дете"), "21 деца", "21 children"),
        (lambda: out_of(38, 40, "училище"), "38 от 40 училища", "38 of 40 schools"),
        (lambda: was("проверен", 1, "училище"), "проверено е", "was inspected"),
        (lambda: was("проверен", 0, "училище"), "проверени са", "were inspected"),
        (lambda: day(date(2024, 2, 5)), "05.02.2024 г.", "5 February 2024"),
        (lambda: moment(datetime(2024, 2, 5, 14, 5)), "05.02.2024 г. в 14:05", "5 February 2024 at 14:05"),
        (lambda: change(11, 14, "случай", "2023"), "с 3 случая по-малко спрямо 2023", "3 cases fewer than 2023"),
        (lambda: change(2, 1, "дете", "2023"), "с 1 дете повече спрямо 2023", "1 child more than 2023"),
        (lambda: change(1, 1, "дете", "2023"), "без промяна спрямо 2023", "no change since 2023"),
        (lambda: listed("абв", most=1), "а и още 2", "а and 2 more"),
        (lambda: listed("аб"), "а и б", "а and б"),
        (lambda: within("Враца"), "във Враца", "in Враца"),
        (lambda: grade_words(7), "VII клас", "grade 7"),
        (lambda: Period(2023, "term", 1).during, "през I срок на 2023/2024 г.", "in term I of 2023/2024"),
        (lambda: Period(2023, "month", 1).label, "януари 2024 г.", "January 2024"),
    ],
)
def test_the_joints_of_sentences_in_both_languages(said, bulgarian: str, english: str):
    assert said() == bulgarian
    with speaking(ENGLISH):
        assert said() == english
    assert current() == BULGARIAN


def test_a_text_that_the_catalogue_lacks_stays():
    with speaking(ENGLISH):
        assert _("СУ „Бор“") == "СУ „Бор“"
        assert _("") == ""


def test_threads_speak_for_themselves():
    with speaking(ENGLISH):
        heard: list[str] = []
        thread = threading.Thread(target=lambda: heard.append(current()))
        thread.start()
        thread.join()
    assert heard == [BULGARIAN]


def test_kept_answers_do_not_mix_languages(demo_store: Store):
    asked = (demo_store, "submissions", Period(2023, "summer"), Scope(known_at=demo_store.now()))
    told = {}
    for language in (ENGLISH, BULGARIAN, ENGLISH):
        with speaking(language):
            told.setdefault(language, set()).add(figure_words(figure(*asked)))
    assert [len(words) for words in told.values()] == [1, 1]
    assert told[ENGLISH] != told[BULGARIAN]
