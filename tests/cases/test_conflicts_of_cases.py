"""Cases opened here, and what was entered about cases that are on no register, against registers sent later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from disagreeing import (
    ABROAD,
    DAY,
    ENTERED,
    IN_WORK,
    NOW,
    SENT,
    SENT_AGAIN,
    WHO,
    abroad,
    call,
    calls,
    found,
    two_cases,
)
from uploads import cases, only, parts, put, schools
from viewers import expert

from obhvat.cases import register
from obhvat.cases.conflicts import settle
from obhvat.cases.entered import entries_of
from obhvat.cases.entries import add_action, open_case, withdraw
from obhvat.people import ALONE
from obhvat.store import Store
from obhvat.store.history import mark


@pytest.fixture
def two(store: Store) -> Store:
    return two_cases(store)


# Cases opened here.


def opened(store: Store) -> str:
    return open_case(
        store,
        municipality="Каменград",
        category="dropped_out",
        opened_on=date(2024, 3, 1),
        viewer=expert(WHO),
        at=ENTERED,
    )


def test_a_case_that_comes_back_the_same_is_the_register_s(two: Store) -> None:
    number = opened(two)
    row = f"{number};отпаднал;Каменград;01.03.2024;отказ на родителя;04.03.2024;"
    put(two, cases("05.03.2024", IN_WORK, ABROAD, row), at=SENT_AGAIN)
    assert found(two).empty
    case = register.cases(two, DAY, NOW).set_index("number").loc[number]
    assert (case["status"], case["line"], pd.isna(case["opened_entry"])) == ("refused", 4, True)
    assert parts(two, NOW) == {"cases_in_work": 1, "cases_refused": 1, "cases_total": 2}


@pytest.mark.parametrize(("keep", "category"), [("entered", "dropped_out"), ("uploaded", "at_risk")])
def test_a_case_that_comes_back_otherwise_is_shown_until_it_is_settled(two: Store, keep: Any, category: str) -> None:
    number = opened(two)
    row = f"{number};в риск;Каменград;01.03.2024;отказ на родителя;04.03.2024;"
    put(two, cases("05.03.2024", IN_WORK, ABROAD, row), at=SENT_AGAIN)
    one = only(found(two))
    assert (one["what"], one["line"]) == ("case", 4)
    assert one["entered"] == "отпаднал; Каменград; сигнал от 01.03.2024 г."
    assert one["uploaded"] == "в риск от отпадане; Каменград; сигнал от 01.03.2024 г."
    settle(two, one["entry_id"], keep, expert(WHO), NOW)
    assert found(two).empty
    case = register.cases(two, DAY, NOW).set_index("number").loc[number]
    assert (case["category"], case["status"]) == (category, "refused")


def test_a_case_a_later_register_does_not_have_counts_and_is_listed(two: Store) -> None:
    number = opened(two)
    assert found(two).empty
    put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    one = only(found(two))
    assert (one["what"], one["case_number"], one["uploaded"]) == (
        "missing_case", number, "няма го в регистъра към 05.03.2024 г.",
    )  # fmt: skip
    assert (one["file"], pd.isna(one["line"])) == ("случаи-05.03.2024.csv", True)
    assert parts(two, NOW)["cases_in_work"] == 2


@pytest.mark.parametrize(("keep", "n"), [("entered", 2), ("uploaded", 1)])
def test_settling_a_missing_case(two: Store, keep: Any, n: int) -> None:
    opened(two)
    batches = put(two, cases("05.03.2024", IN_WORK, ABROAD), at=SENT_AGAIN)
    settle(two, only(found(two))["entry_id"], keep, expert(WHO), NOW)
    assert found(two).empty
    assert parts(two, NOW)["cases_in_work"] == n
    mark(two, batches, "undo", WHO, NOW + timedelta(minutes=1))
    assert parts(two, NOW + timedelta(minutes=2))["cases_in_work"] == 2


def test_a_case_that_ended_on_a_register_may_be_left_out_of_the_next(two: Store) -> None:
    number = opened(two)
    row = f"{number};отпаднал;Каменград;01.03.2024;реинтегриран;04.03.2024;документ"
    put(two, cases("05.03.2024", IN_WORK, ABROAD, row), at=SENT_AGAIN)
    put(two, cases("12.03.2024", IN_WORK, ABROAD), at=NOW)
    assert found(two).empty
    case = register.cases(two, DAY, NOW).set_index("number").loc[number]
    assert (case["status"], case["status_on"].date()) == ("reintegrated", date(2024, 3, 4))


# Entries about a case that is on no register.


def test_entries_of_a_case_whose_register_is_undone_are_kept_and_listed(store: Store) -> None:
    put(store, schools(), at=SENT)
    batches = put(store, cases("05.02.2024", IN_WORK, ABROAD), at=SENT)
    step, status = call(store, contact="made"), abroad(store)
    mark(store, batches, "undo", WHO, SENT_AGAIN)
    rows = found(store)
    assert list(zip(rows["entry_id"], rows["what"], rows["municipality"], strict=True)) == [
        (step, "missing_case", "Каменград"), (status, "missing_case", "Каменград"),
    ]  # fmt: skip
    assert set(rows["uploaded"]) == {"няма такъв случай в действащ регистър"}
    assert rows["line"].isna().all()
    assert calls(store) == [(1, "made")]
    mark(store, batches, "redo", WHO, NOW)
    later = NOW + timedelta(minutes=1)
    assert found(store, later).empty
    assert parts(store, later) == {"cases_abroad": 1, "cases_total": 1}


@pytest.mark.parametrize(
    ("keep", "expected", "word"), [("entered", [(1, "made")], "entered"), ("uploaded", [], "withdrawn")]
)
def test_settling_entries_of_a_missing_case(two: Store, keep: Any, expected: list[tuple[int, str]], word: str) -> None:
    call(two, contact="made")
    abroad(two)
    put(two, cases("05.03.2024", "К-3;отпаднал;Каменград;01.02.2024;в работа;;", ABROAD), at=SENT_AGAIN)
    assert list(found(two)["what"]) == ["missing_case"] * 2
    for entry in found(two)["entry_id"]:
        settle(two, entry, keep, expert(WHO), NOW)
    assert found(two).empty
    assert calls(two) == expected
    assert set(entries_of(two, "К-1", NOW)["mark"]) == {word}


def test_entries_of_a_case_that_ended_on_a_register_are_not_listed_when_the_next_leaves_it_out(two: Store) -> None:
    abroad(two)
    call(two)
    row = "К-1;отпаднал;Каменград;12.10.2023;в чужбина;01.03.2024;по сведения"
    put(two, cases("05.03.2024", row, ABROAD), at=SENT_AGAIN)
    put(two, cases("12.03.2024", ABROAD, "К-3;отпаднал;Каменград;01.02.2024;в работа;;"), at=NOW)
    assert found(two).empty
    assert calls(two) == [(1, None)]


def test_withdrawing_a_case_lists_what_was_entered_about_it(two: Store) -> None:
    number = opened(two)
    step = add_action(two, number, date(2024, 3, 2), "study", viewer=expert(WHO), at=ENTERED)
    withdraw(two, entries_of(two, number, ENTERED)["entry_id"].iloc[0], replace(ALONE, person=WHO), NOW)
    one = only(found(two))
    assert (one["entry_id"], one["what"]) == (step, "missing_case")
