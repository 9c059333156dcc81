"""A meeting tells how things stand on its own day, or the last one before it of which anything is known."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from small_oblast import cases, inspections, put, register
from viewers import expert

from obhvat.meeting.clock import duties, meeting_duties
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.freeze import close_meeting, frozen
from obhvat.meeting.meetings import Meeting, open_meeting
from obhvat.meeting.slide import KEYS
from obhvat.meeting.slides import slides
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM, HELD = Period(2023, "term", 1), date(2024, 3, 13)
NOW = datetime(2024, 3, 13, 10)
TWELVE = {
    **dict.fromkeys(("КГ-01", "КГ-02"), "реинтегриран"),
    **dict.fromkeys(("КГ-03", "КГ-04"), "в друга област"),
    **dict.fromkeys(("КГ-05", "КГ-06"), "в чужбина"),
    **dict.fromkeys((f"КГ-{n:02}" for n in range(7, 11)), "в работа"),
    **dict.fromkeys(("ВД-11", "ВД-12"), "в работа"),
}
MEETING = Meeting(1, HELD, TERM, "областен управител", KEYS)


def told(store: Store, key: str) -> str:
    [slide] = [slide for slide in slides(store, MEETING, "members", NOW) if slide.key == key]
    return f"{slide.sentence} {slide.source}"


@pytest.fixture
def with_register(store: Store) -> Store:
    put(store, register(), cases(HELD, TWELVE), at=NOW)
    return store


def test_a_register_of_the_meetings_day_answers_for_the_term(with_register: Store) -> None:
    """12 = 2 + 2 + 2 + 6 on the day of the meeting; on the last of January all were in work."""
    assert told(with_register, "cases").startswith("Работи се по 6 от 12 случая.")
    assert "към 13.03.2024 г." in told(with_register, "cases")
    at = Scope(known_at=NOW)
    assert figure(with_register, "cases_in_work", TERM, at).n == 12
    assert "към 31.01.2024 г." in figure(with_register, "cases_in_work", TERM, at).day_words


def test_what_is_frozen_is_told_on_the_meetings_day(with_register: Store) -> None:
    held = open_meeting(with_register, HELD, TERM, viewer=expert("Мария"), at=NOW)
    close_meeting(with_register, held.meeting_id, expert("Мария"), NOW)
    rows = frozen(with_register, held.meeting_id).set_index(["metric", "municipality"])["n"]
    assert (rows["cases_in_work", ""], rows["cases_total", ""]) == (6, 12)


def test_after_the_newest_register_nothing_is_known(store: Store) -> None:
    put(store, register(), cases(date(2024, 2, 5), TWELVE), at=NOW)
    assert meeting_figure(store, "cases_in_work", MEETING, NOW).day == date(2024, 2, 5)


def test_there_is_no_call_for_a_register_when_one_is_there(with_register: Store) -> None:
    before = Meeting(1, date(2021, 3, 10), Period(2020, "term", 1), "", KEYS)
    [slide] = [slide for slide in slides(with_register, before, "members", NOW) if slide.key == "cases"]
    assert slide.sentence == "Регистърът на случаите от 13.03.2024 г. не казва нищо за I срок на 2020/2021 г."


def test_overdue_findings_are_as_many_wherever_they_are_told_and_say_their_day(store: Store) -> None:
    """Not 3 on one page and 6 on another."""
    found, mended = "невписани отсъствия", date(2024, 3, 1)
    late = [(school, date(2023, 10, 10), found, date(2023, 11, 10), None) for school in ("9000101", "9000102")]
    soon = [(school, date(2024, 1, 10), found, date(2024, 2, 10), None) for school in ("9000201", "9000202")]
    put(store, register(), inspections([*late, *soon, ("9000101", mended, "", None, None)]), at=NOW)

    def overdue(rows) -> list[str]:
        return [
            f"{row.title} {row.note}"
            for row in rows.itertuples()
            if row.of == "finding" and "с изтекъл срок" in row.title
        ]

    of_term = figure(store, "findings_overdue", TERM, Scope(known_at=NOW))
    assert (of_term.n, of_term.day_words) == (2, "към 31.01.2024 г.")
    [line] = overdue(duties(store, HELD, NOW, TERM))
    assert "с изтекъл срок: 2" in line
    assert line.endswith("към 31.01.2024 г.")
    of_meeting = meeting_figure(store, "findings_overdue", MEETING, NOW)
    assert (of_meeting.n, of_meeting.day_words) == (3, "към 13.03.2024 г.")
    [line] = overdue(meeting_duties(store, MEETING, NOW))
    assert "с изтекъл срок: 3" in line
    assert line.endswith("към 13.03.2024 г.")
    assert "с изтекъл срок – 3" in told(store, "findings")
    assert "към 13.03.2024 г." in told(store, "findings")
