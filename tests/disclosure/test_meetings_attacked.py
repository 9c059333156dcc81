"""Who keeps what was shown at meetings subtracts one from the other, and from today: no child is computed by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from small_oblast import absences, cases, put, register
from viewers import expert

from obhvat.attack import Cell, Interval, judged, reach
from obhvat.disclosure import Disclosure
from obhvat.meeting.freeze import close_meeting
from obhvat.meeting.meetings import open_meeting
from obhvat.meeting.since import since_last
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM, OCTOBER, DECEMBER = Period(2023, "term", 1), 10, 12
SCHOOLS = {"9000101": "Каменград", "9000201": "Ведрово", "9000301": "Самодол", "9000401": "Горун"}
K, V, S, G = SCHOOLS
FIRST, SECOND = datetime(2024, 1, 15, 12), datetime(2024, 2, 15, 12)


def sent(store: Store, month: int, over: Mapping[str, int], at: datetime) -> None:
    """Each school with so many children over five hours, and forty who are not."""
    put(store, *(absences(code, month, [9] * n + [0.5] * 40) for code, n in over.items()), at=at)


def met(store: Store, at: datetime, period: Period = TERM) -> None:
    made = open_meeting(
        store, at.date(), period, "областен управител", viewer=expert("Мария"), at=at - timedelta(hours=1)
    )
    close_meeting(store, made.meeting_id, expert("Мария"), at=at)


def attacked(store: Store, *metrics: str) -> dict[Cell, Interval]:
    """Every small number that is hidden, and how it can be narrowed."""
    return judged(reach(store, "members", metrics=metrics), "members").small


def narrowed(small: dict[Cell, Interval]) -> list[Cell]:
    return [cell for cell, (low, high) in small.items() if low == high]


@pytest.fixture
def begun(store: Store) -> Store:
    put(store, register(SCHOOLS), at=FIRST - timedelta(days=9))
    return store


def test_a_file_that_came_after_a_meeting_is_not_what_the_sum_has_grown_by(begun: Store) -> None:
    sent(begun, DECEMBER, {K: 3, V: 9, G: 30}, FIRST - timedelta(days=2))
    met(begun, FIRST)
    sent(begun, DECEMBER, {S: 2}, FIRST + timedelta(days=2))
    small = attacked(begun, "pupils_over_threshold")
    assert {cell.municipality for cell in small} == {"Каменград", "Самодол"}
    assert narrowed(small) == []


def test_what_was_shown_at_a_meeting_covers_nothing(begun: Store) -> None:
    sent(begun, DECEMBER, {K: 20, V: 9, S: 14, G: 30}, FIRST - timedelta(days=2))
    met(begun, FIRST)
    # What Ведрово has was shown and has not changed.
    sent(begun, DECEMBER, {K: 3}, FIRST + timedelta(days=2))
    small = attacked(begun, "pupils_over_threshold")
    assert {(cell.municipality, cell.known_at) for cell in small} == {("Каменград", "")}
    assert narrowed(small) == []


def test_two_closed_meetings_and_today_tell_no_child(begun: Store) -> None:
    sent(begun, OCTOBER, {K: 8, V: 9, S: 40, G: 30}, FIRST - timedelta(days=3))
    sent(begun, DECEMBER, {K: 6, V: 2, G: 30}, FIRST - timedelta(days=2))
    met(begun, FIRST)
    sent(begun, DECEMBER, {S: 3}, FIRST + timedelta(days=2))
    met(begun, SECOND)
    sent(begun, OCTOBER, {K: 1}, SECOND + timedelta(days=2))
    small = attacked(begun, "pupils_over_threshold")
    assert {cell.known_at for cell in small} == {"2024-01-15", "2024-02-15", ""}
    assert narrowed(small) == []


def test_what_was_hidden_in_the_year_before_is_not_told_by_what_has_changed_since(store: Store) -> None:
    """Ведрово has 3 cases in summer, which are hidden, and 8 in autumn, which are not."""
    homes = {"ВД": "Ведрово", "СД": "Самодол"}

    def registered(day: date, **of_places: int) -> None:
        statuses = {f"{place}-{n:03}": "в работа" for place, many in of_places.items() for n in range(many)}
        put(store, cases(day, statuses, homes), at=datetime.combine(day, datetime.min.time()))

    put(store, register(SCHOOLS), at=datetime(2023, 5, 1))
    registered(date(2023, 5, 31), КГ=20, ВД=3, СД=9)
    met(store, datetime(2023, 6, 2, 12), Period(2022, "term", 2))
    registered(date(2023, 10, 31), КГ=21, ВД=8, СД=9)
    known_at = datetime(2023, 11, 3)
    now = figure(store, "cases_in_work", TERM, Scope("Ведрово", known_at=known_at))
    assert Disclosure(store, "members").figure(now).text == "8"
    assert since_last(store, now, date(2023, 6, 2), Disclosure(store, "internal")) == "с 5 случая повече спрямо 2 юни"
    assert since_last(store, now, date(2023, 6, 2), Disclosure(store, "members")) == ""
