"""A decision taken back in the meeting in which it was entered by mistake."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from decks import DAY, TERM, deck
from small_oblast import put, register
from viewers import expert

from obhvat.errors import ObhvatError
from obhvat.meeting.decisions import add, change, decisions, standing, withdraw
from obhvat.meeting.freeze import close_meeting
from obhvat.meeting.meetings import Meeting, meetings, open_meeting, withdraw_meeting
from obhvat.store import Store

AT = datetime(2024, 3, 13, 9)


@pytest.fixture
def meeting(store: Store) -> Meeting:
    put(store, register(), at=datetime(2024, 2, 6))
    return open_meeting(store, DAY, TERM, viewer=expert("Мария"), at=AT)


def decide(store: Store, meeting: Meeting, text: str) -> str:
    return add(store, meeting.meeting_id, "decision", text, "", "РУО", date(2024, 4, 1), viewer=expert("Мария"), at=AT)


def test_it_stands_nowhere_and_its_number_is_free(store: Store, meeting: Meeting) -> None:
    withdraw(store, decide(store, meeting, "Погрешно"), expert("Мария"), AT)
    assert decisions(store, DAY).empty
    assert deck(store, "members", meeting)["closing"].sentence == "Още няма взети решения."
    assert decide(store, meeting, "Вярно").endswith("-1")
    assert decisions(store, DAY)["text"].tolist() == ["Вярно"]


def test_a_meeting_of_which_nothing_is_left_may_be_taken_back(store: Store, meeting: Meeting) -> None:
    withdraw(store, decide(store, meeting, "Погрешно"), expert("Мария"), AT)
    withdraw_meeting(store, meeting.meeting_id, expert("Мария"), AT)
    assert meetings(store) == []


def test_not_after_the_meeting_is_closed_and_not_twice(store: Store, meeting: Meeting) -> None:
    mistaken, kept = decide(store, meeting, "Погрешно"), decide(store, meeting, "Вярно")
    withdraw(store, mistaken, expert("Мария"), AT)
    with pytest.raises(ObhvatError, match="Няма решение"):
        withdraw(store, mistaken, expert("Мария"), AT)
    close_meeting(store, meeting.meeting_id, expert("Мария"))
    with pytest.raises(ObhvatError, match="закрито"):
        withdraw(store, kept, expert("Мария"))
    assert decisions(store, DAY)["text"].tolist() == ["Вярно"]


def test_one_that_was_dropped_is_not_told_as_taken(store: Store, meeting: Meeting) -> None:
    change(store, decide(store, meeting, "Отпада"), state="dropped", viewer=expert("Мария"), at=AT)
    decide(store, meeting, "Остава")
    assert standing(decisions(store, DAY))["text"].tolist() == ["Остава"]
    slide = deck(store, "members", meeting)["proposals"]
    assert slide.sentence == "Няма нови предложения; взето е 1 решение."
