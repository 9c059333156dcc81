"""What was entered here against registers that are uploaded afterwards: merged by key, disagreements shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from disagreeing import (
    ABROAD,
    ENTERED,
    IN_WORK,
    NOW,
    SENT_AGAIN,
    WHO,
    abroad,
    again,
    call,
    calls,
    found,
    two_cases,
)
from uploads import actions, cases, only, parts, put
from viewers import expert

from obhvat.cases.conflicts import conflicts, settle
from obhvat.cases.entered import entries_of
from obhvat.cases.entries import change_status, withdraw
from obhvat.errors import ObhvatError, UnknownName
from obhvat.people import ALONE
from obhvat.store import Store
from obhvat.store.history import mark


@pytest.fixture
def two(store: Store) -> Store:
    return two_cases(store)


# Steps.


def test_an_action_that_comes_back_the_same_counts_once(two: Store) -> None:
    call(two, contact="made", institutions=["ruo", "school"])
    put(two, again("1;;училище, РУО;да;"), at=SENT_AGAIN)
    assert calls(two) == [(1, "made")]
    assert found(two).empty


def test_an_action_that_comes_back_otherwise_counts_once_and_is_shown(two: Store) -> None:
    entry = call(two, contact="made", result="ще запише детето")
    put(two, again("1;Екип 3;;не е открит;никой не вдига"), at=SENT_AGAIN)
    assert calls(two) == [(1, "not_found")]
    one = only(found(two))
    assert (one["entry_id"], one["what"], one["case_number"], one["municipality"]) == (
        entry, "action", "К-1", "Каменград",
    )  # fmt: skip
    assert one["entered"] == "телефонен разговор на 01.03.2024 г.; контакт: да; резултат: ще запише детето"
    assert one["uploaded"] == (
        "телефонен разговор на 01.03.2024 г.; екип: Екип 3; контакт: не е открит; резултат: никой не вдига"
    )
    assert (one["file"], one["line"]) == ("действия-05.03.2024.csv", 2)
    assert (one["entered_by"], one["entered_at"]) == (WHO, ENTERED)


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ("entered", [(1, "made")]),
        ("uploaded", [(1, "not_found")]),
        ("both", [(1, "not_found"), (1, "made")]),
    ],
)
def test_settling_an_action_ends_the_conflict_and_the_figures_follow(
    two: Store, keep: Any, expected: list[tuple[int, str]]
) -> None:
    entry = call(two, contact="made")
    put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    settle(two, entry, keep, expert("друг"), NOW)
    assert sorted(calls(two)) == sorted(expected)
    assert found(two).empty
    assert calls(two, NOW - timedelta(days=1)) == [(1, "not_found")]
    last = entries_of(two, "К-1", NOW).iloc[0]
    assert (last["mark"], last["marked_by"], last["marked_at"]) == (keep, "друг", NOW)


def test_other_numbers_and_other_kinds_are_other_actions(two: Store) -> None:
    call(two, contact="made")
    put(two, again("2;;;не е открит;"), at=SENT_AGAIN)
    assert sorted(calls(two)) == [(1, "made"), (2, "not_found")]
    assert found(two).empty


def test_an_action_entered_after_the_upload_is_another_one(two: Store) -> None:
    put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    call(two, at=SENT_AGAIN + timedelta(hours=1), contact="made")
    assert sorted(calls(two)) == [(1, "not_found"), (2, "made")]
    assert found(two).empty


@pytest.mark.parametrize("keep", ["entered", "uploaded", "both"])
def test_undoing_the_upload_gives_the_entry_back_however_it_was_settled(two: Store, keep: Any) -> None:
    entry = call(two, contact="made")
    batches = put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    settle(two, entry, keep, expert(WHO), NOW)
    mark(two, batches, "undo", WHO, NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert calls(two, later) == [(1, "made")]
    assert found(two, later).empty


def test_a_settlement_does_not_hold_for_what_a_newer_file_says(two: Store) -> None:
    entry = call(two, contact="made")
    put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    settle(two, entry, "entered", expert(WHO), SENT_AGAIN)
    put(two, again("1;;;отказ;"), at=NOW)
    assert only(found(two))["uploaded"].endswith("контакт: отказ")
    assert calls(two) == [(1, "refused")]


def test_a_settlement_holds_when_a_newer_file_says_the_same(two: Store) -> None:
    entry = call(two, contact="made")
    put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    settle(two, entry, "entered", expert(WHO), SENT_AGAIN)
    put(two, actions("12.03.2024", "К-1;Каменград;01.03.2024;;телефонен разговор;1;;;не е открит;"), at=NOW)
    assert found(two).empty
    assert calls(two) == [(1, "made")]


def test_a_withdrawn_action_is_no_conflict(two: Store) -> None:
    entry = call(two, contact="made")
    put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    withdraw(two, entry, replace(ALONE, person=WHO), NOW)
    assert found(two).empty
    assert calls(two) == [(1, "not_found")]


# Statuses.


def test_a_register_that_says_the_same_status_is_no_conflict(two: Store) -> None:
    abroad(two)
    row = "К-1;отпаднал;Каменград;12.10.2023;в чужбина;01.03.2024;по сведения"
    put(two, cases("05.03.2024", row, ABROAD), at=SENT_AGAIN)
    assert found(two).empty
    assert parts(two, NOW) == {"cases_abroad": 1, "cases_total": 1}


def test_a_later_register_with_the_old_status_is_a_conflict_and_the_later_status_counts(two: Store) -> None:
    entry = abroad(two)
    put(two, cases("05.03.2024", ABROAD, IN_WORK), at=SENT_AGAIN)
    one = only(found(two))
    assert (one["entry_id"], one["what"], one["case_number"], one["municipality"]) == (
        entry, "status", "К-1", "Каменград",
    )  # fmt: skip
    assert one["entered"] == "в чужбина от 01.03.2024 г.; потвърждение: по сведения"
    assert one["uploaded"] == "подлежи на обхват (в работа) от 12.10.2023 г."
    assert (one["file"], one["line"]) == ("случаи-05.03.2024.csv", 3)
    assert parts(two, NOW) == {"cases_abroad": 1, "cases_total": 1}


@pytest.mark.parametrize(("keep", "part"), [("entered", "cases_abroad"), ("uploaded", "cases_in_work")])
def test_settling_a_status_ends_the_conflict_and_the_figures_follow(two: Store, keep: Any, part: str) -> None:
    entry = abroad(two)
    put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    settle(two, entry, keep, expert(WHO), NOW)
    assert found(two).empty
    assert parts(two, NOW) == {part: 1, "cases_total": 1}


def test_an_older_status_does_not_come_up_when_the_register_is_right(two: Store) -> None:
    change_status(two, "К-1", "not_found", date(2024, 2, 20), viewer=expert(WHO), at=ENTERED - timedelta(days=1))
    entry = abroad(two)
    put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    settle(two, entry, "uploaded", expert(WHO), NOW)
    assert parts(two, NOW) == {"cases_in_work": 1, "cases_total": 1}


def test_undoing_the_register_gives_the_status_back(two: Store) -> None:
    entry = abroad(two)
    batches = put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    settle(two, entry, "uploaded", expert(WHO), NOW)
    mark(two, batches, "undo", WHO, NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert found(two, later).empty
    assert parts(two, later) == {"cases_abroad": 1, "cases_total": 1}


def test_both_is_not_an_answer_about_a_status(two: Store) -> None:
    entry = abroad(two)
    put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    with pytest.raises(ObhvatError, match="само при действия"):
        settle(two, entry, "both", expert(WHO), NOW)
    assert len(found(two)) == 1


@pytest.mark.parametrize(
    ("day", "row", "part"),
    [
        # What happened next.
        ("05.03.2024", "записан след завръщане от чужбина;04.03.2024;документ", "cases_returned"),
        # A register of before the entry's day knows nothing of it.
        ("29.02.2024", "неоткрит на адреса;28.02.2024;", "cases_abroad"),
    ],
)
def test_what_is_no_contradiction(two: Store, day: str, row: str, part: str) -> None:
    abroad(two)
    put(two, cases(day, f"К-1;отпаднал;Каменград;12.10.2023;{row}", ABROAD), at=SENT_AGAIN)
    assert found(two).empty
    assert parts(two, NOW) == {part: 1, "cases_total": 1}


def test_a_register_of_the_same_day_that_is_sent_later_counts(two: Store) -> None:
    abroad(two)
    row = "К-1;отпаднал;Каменград;12.10.2023;отказ на родителя;01.03.2024;"
    put(two, cases("01.03.2024", row, ABROAD), at=SENT_AGAIN)
    assert only(found(two))["uploaded"] == "отказ на родителя от 01.03.2024 г."
    assert parts(two, NOW) == {"cases_refused": 1, "cases_total": 1}


def test_another_confirmation_is_a_contradiction_and_none_is_not(two: Store) -> None:
    abroad(two)
    row = "К-1;отпаднал;Каменград;12.10.2023;в чужбина;01.03.2024;"
    put(two, cases("05.03.2024", row, ABROAD), at=SENT_AGAIN)
    assert found(two).empty
    put(two, cases("06.03.2024", f"{row}МВР", ABROAD), at=SENT_AGAIN + timedelta(hours=1))
    assert only(found(two))["uploaded"] == "в чужбина от 01.03.2024 г.; потвърждение: МВР"


# Settling.


def test_settling_twice_is_refused(two: Store) -> None:
    entry = call(two, contact="made")
    put(two, again("1;;;не е открит;"), at=SENT_AGAIN)
    settle(two, entry, "both", expert(WHO), NOW)
    with pytest.raises(UnknownName, match="вече е решено"):
        settle(two, entry, "entered", expert(WHO), NOW + timedelta(minutes=1))


def test_settling_what_is_no_conflict_is_refused(two: Store) -> None:
    entry = call(two)
    with pytest.raises(UnknownName, match="вече е решено"):
        settle(two, entry, "entered", expert(WHO), NOW)


def test_settling_in_another_way_is_refused(two: Store) -> None:
    keep: Any = "newest"
    with pytest.raises(UnknownName, match="„newest“"):
        settle(two, 1, keep, expert(WHO), NOW)


def test_a_conflict_of_an_earlier_day_can_be_settled_on_that_day(two: Store) -> None:
    entry = abroad(two)
    put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    row = "К-1;отпаднал;Каменград;12.10.2023;в чужбина;10.03.2024;по сведения"
    put(two, cases("12.03.2024", row, ABROAD), at=NOW)
    before = date(2024, 3, 6)
    assert found(two).empty
    assert only(conflicts(two, before, NOW))["entry_id"] == entry
    settle(two, entry, "entered", expert(WHO), NOW, day=before)
    assert conflicts(two, before, NOW).empty
