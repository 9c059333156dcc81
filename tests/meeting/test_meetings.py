"""Meetings: one open at a time, their agenda, who came, and which was before."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from small_oblast import cases, proposals, put, register
from viewers import expert

from obhvat.errors import ObhvatError, UnknownName
from obhvat.meeting.decisions import add
from obhvat.meeting.freeze import close_meeting
from obhvat.meeting.meetings import (
    attendance,
    current,
    invited,
    meeting,
    meetings,
    open_meeting,
    previous_meeting_day,
    set_agenda,
    set_attendance,
    withdraw_meeting,
)
from obhvat.meeting.slide import KEYS, text_slide
from obhvat.periods import Period
from obhvat.privacy import LooksLikeName
from obhvat.store import Store

DAY, TERM = date(2024, 3, 13), Period(2023, "term", 1)


def test_an_opened_meeting_is_current_with_the_whole_agenda(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, "областен управител", viewer=expert("Мария"))
    assert current(store) == made
    assert (made.held_on, made.period, made.chair, made.agenda, made.closed_at) == (
        DAY,
        TERM,
        "областен управител",
        KEYS,
        None,
    )


def test_only_one_meeting_is_open_at_a_time(store: Store) -> None:
    open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    with pytest.raises(ObhvatError, match=r"от 13\.03\.2024 г\. е още отворено"):
        open_meeting(store, date(2024, 4, 1), TERM, viewer=expert("Иван"))


def test_a_day_has_one_meeting(store: Store) -> None:
    close_meeting(store, open_meeting(store, DAY, TERM, viewer=expert("Мария")).meeting_id, expert("Мария"))
    with pytest.raises(ObhvatError, match="Вече има заседание"):
        open_meeting(store, DAY, TERM, viewer=expert("Мария"))


def test_after_closing_another_can_be_opened_and_both_are_listed(store: Store) -> None:
    close_meeting(store, open_meeting(store, DAY, TERM, viewer=expert("Мария")).meeting_id, expert("Мария"))
    open_meeting(store, date(2024, 9, 20), Period(2023, "year"), viewer=expert("Мария"))
    assert [(one.held_on, one.is_closed) for one in meetings(store)] == [(date(2024, 9, 20), False), (DAY, True)]


def test_meetings_are_as_known_at_a_moment(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"), at=datetime(2024, 3, 13, 9))
    set_agenda(store, made.meeting_id, ["cases"], expert("Мария"), at=datetime(2024, 3, 13, 10))
    assert meetings(store, datetime(2024, 3, 13, 8)) == []
    assert [one.agenda for one in meetings(store, datetime(2024, 3, 13, 9, 30))] == [KEYS]
    assert [one.agenda for one in meetings(store)] == [("cases",)]


def test_a_meeting_opened_by_mistake_is_withdrawn(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    set_agenda(store, made.meeting_id, ["cases"], expert("Мария"))
    withdraw_meeting(store, made.meeting_id, expert("Мария"))
    assert (current(store), meetings(store), previous_meeting_day(store, date(2025, 1, 1))) == (None, [], None)
    assert open_meeting(store, DAY, TERM, viewer=expert("Мария")).meeting_id != made.meeting_id


def test_a_meeting_with_decisions_is_not_withdrawn(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    add(store, made.meeting_id, "decision", "Месечни срещи", viewer=expert("Мария"))
    with pytest.raises(ObhvatError, match="1 запис"):
        withdraw_meeting(store, made.meeting_id, expert("Мария"))


def test_the_agenda_is_put_in_order_with_a_slide_of_ones_own(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    own = text_slide("Гости", "От МОН присъства 1 експерт.")
    set_agenda(store, made.meeting_id, ["risk", own, "cases"], expert("Мария"))
    now = current(store)
    assert now is not None
    assert now.agenda == ("risk", own, "cases")


@pytest.mark.parametrize(
    "agenda", [[], ["cases", "cases"], ["няма"], [text_slide("", "x")], [text_slide("Дете", "ЕГН 7501010010")]]
)
def test_an_agenda_that_cannot_be_is_refused(store: Store, agenda: list) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    with pytest.raises(ObhvatError):
        set_agenda(store, made.meeting_id, agenda, expert("Мария"))
    assert current(store) == made


def test_the_meeting_before_is_found_here_and_in_uploaded_proposals(store: Store) -> None:
    put(store, proposals(date(2023, 2, 11), [(1, "Нещо", "прието", None)]))
    close_meeting(
        store, open_meeting(store, date(2023, 10, 4), TERM, viewer=expert("Мария")).meeting_id, expert("Мария")
    )
    assert [previous_meeting_day(store, day) for day in (date(2023, 2, 11), date(2023, 10, 4), DAY)] == [
        None,
        date(2023, 2, 11),
        date(2023, 10, 4),
    ]


def test_every_municipality_has_a_place_at_the_table(store: Store) -> None:
    put(store, register())
    names = invited(store)
    assert {"РУО", "Областна администрация", "община Ведрово", "община Каменград"} <= set(names)
    assert "община" not in names


def test_attendance_is_the_last_word_of_each_institution(store: Store) -> None:
    put(store, register())
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    set_attendance(store, made.meeting_id, "община Ведрово", False, viewer=expert("Мария"))
    set_attendance(store, made.meeting_id, "община Ведрово", True, "заместник-кмет", viewer=expert("Мария"))
    set_attendance(store, made.meeting_id, "РЗИ", False, viewer=expert("Мария"))
    found = attendance(store, made.meeting_id).set_index("institution")
    assert found.loc["община Ведрово"].tolist() == [True, "заместник-кмет", True]
    assert found.loc["РЗИ"].tolist() == [False, "", True]
    assert found.loc["РУО"].tolist() == [False, "", False]


def test_officials_are_named_as_they_wish(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, "Иван Петров, областен управител", viewer=expert("Мария"))
    set_attendance(store, made.meeting_id, "РУО", True, "началникът Мария Иванова", viewer=expert("Мария"))
    assert meeting(store, made.meeting_id).chair == "Иван Петров, областен управител"
    with pytest.raises(ObhvatError, match="ЕГН или телефон"):
        set_attendance(store, made.meeting_id, "РУО", True, "0888 123 456", viewer=expert("Мария"))


def test_a_slide_of_one_s_own_words_is_asked_about_once(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    slide = text_slide("Добра практика", "Фондация Рошманов и Стоев дари учебници.")
    with pytest.raises(LooksLikeName) as asked:
        set_agenda(store, made.meeting_id, [*KEYS, slide], expert("Мария"))
    set_agenda(store, made.meeting_id, [*KEYS, slide], expert("Мария"), confirmed=asked.value.names)
    assert set_agenda(store, made.meeting_id, [slide, *KEYS], expert("Мария")).agenda[0] == slide


def test_a_post_may_name_a_place(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    set_attendance(
        store, made.meeting_id, "РУО", True, "директор на СУ „Васил Левски“, Велико Търново", viewer=expert("Мария")
    )
    assert attendance(store, made.meeting_id)["said"].sum() == 1


def test_an_unknown_institution_and_a_closed_meeting_are_refused(store: Store) -> None:
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    with pytest.raises(UnknownName):
        set_attendance(store, made.meeting_id, "Кварталът", True, viewer=expert("Мария"))
    close_meeting(store, made.meeting_id, expert("Мария"))
    with pytest.raises(ObhvatError, match="закрито"):
        set_attendance(store, made.meeting_id, "РУО", True, viewer=expert("Мария"))


def test_a_case_is_not_named_in_a_text(store: Store) -> None:
    put(store, register(), cases(date(2024, 1, 31), {"КГ-001": "в работа"}))
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    with pytest.raises(ObhvatError, match="случай по номер"):
        set_agenda(store, made.meeting_id, [text_slide("Случай", "Да се обсъди кг-001.")], expert("Мария"))
