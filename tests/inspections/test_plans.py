"""Plans of checks: kept in versions, and compared with what was done."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from small_registers import FIRST, SECOND, TERM, THIRD, check, checks, put, register
from viewers import expert

from obhvat.errors import ObhvatError
from obhvat.inspections.next_visits import (
    STATES,
    plan_of,
    plan_summary,
    planned_against_done,
    plans,
    save_plan,
    week_of,
)
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.store import Store
from obhvat.store.entries import mark_entry

WEEK = date(2023, 11, 6)
EARLY, LATE = datetime(2023, 11, 3, 10), datetime(2023, 11, 7, 10)


def planned(store: Store, *codes: str, week: date = WEEK, at: datetime = EARLY) -> int:
    return save_plan(
        store, week, [(code, "Отдавна не е проверявано.", False) for code in codes], expert("инспектор"), at
    )


def test_a_week_begins_on_monday() -> None:
    assert [week_of(date(2023, 11, day)) for day in (5, 6, 10, 12, 13)] == [
        date(2023, 10, 30), WEEK, WEEK, WEEK, date(2023, 11, 13),
    ]  # fmt: skip


def test_a_plan_is_read_as_it_was_saved(store: Store) -> None:
    put(store, register(), at=EARLY)
    rows = [(SECOND, "Първо.", False), (FIRST, "Второ.", True)]
    entry = save_plan(store, date(2023, 11, 8), rows, expert("инспектор"), EARLY)
    found = plan_of(store, WEEK)
    assert found[["week", "place", "school", "name", "municipality", "settlement"]].to_numpy().tolist() == [
        [WEEK, 1, SECOND, "ОУ „Второ“", "Горно", "гр. Горно"],
        [WEEK, 2, FIRST, "ОУ „Първо“", "Горно", "гр. Горно"],
    ]
    assert found[["reason", "added_by_hand"]].to_numpy().tolist() == [["Първо.", False], ["Второ.", True]]
    assert (found["entry_id"].unique().tolist(), found["entered_by"].unique().tolist()) == ([entry], ["инспектор"])


def test_the_newest_plan_of_a_week_counts_and_the_old_one_stays(store: Store) -> None:
    planned(store, FIRST, SECOND)
    planned(store, THIRD, at=LATE)
    assert plan_of(store, WEEK)["school"].tolist() == [THIRD]
    assert plan_of(store, WEEK, known_at=EARLY)["school"].tolist() == [FIRST, SECOND]
    assert plans(store)[["week", "n", "entered_at", "versions"]].to_numpy().tolist() == [[WEEK, 1, LATE, 2]]


def test_a_plan_not_yet_saved_at_a_moment_is_none(store: Store) -> None:
    planned(store, FIRST, at=LATE)
    assert plan_of(store, WEEK, known_at=EARLY).empty
    assert plans(store, known_at=EARLY).empty


def test_a_withdrawn_plan_gives_way_to_the_one_before(store: Store) -> None:
    planned(store, FIRST)
    mark_entry(store, planned(store, SECOND, at=LATE), "withdrawn", "инспектор", LATE)
    assert plan_of(store, WEEK)["school"].tolist() == [FIRST]


def test_weeks_have_plans_of_their_own(store: Store) -> None:
    planned(store, FIRST)
    planned(store, SECOND, week=date(2023, 11, 13))
    assert plans(store)["week"].tolist() == [date(2023, 11, 13), WEEK]
    assert plan_of(store, WEEK)["school"].tolist() == [FIRST]
    assert plan_of(store, date(2023, 11, 20)).empty


@pytest.mark.parametrize(("codes", "words"), [((), "нито едно училище"), ((FIRST, FIRST), "два пъти")])
def test_an_empty_plan_and_a_school_twice_are_refused(store: Store, codes: tuple[str, ...], words: str) -> None:
    with pytest.raises(ObhvatError, match=words):
        planned(store, *codes)
    assert plans(store).empty


def test_a_school_that_left_the_register_keeps_its_code(store: Store) -> None:
    put(store, register(), at=EARLY)
    planned(store, "9999999")
    assert plan_of(store, WEEK)["name"].tolist() == ["9999999"]


# --- planned against done


def outcome(store: Store, *made: str, sent: datetime = datetime(2024, 2, 5, 18)) -> dict[str, object]:
    """What became of a plan to check the first school, after these checks were sent."""
    put(store, register(), checks(*made), at=sent)
    planned(store, FIRST)
    [row] = planned_against_done(store, TERM, datetime.now()).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("day", "state"),
    [("03.11.2023", "missed"), ("06.11.2023", "done"), ("17.11.2023", "done"), ("20.11.2023", "missed")],
)
def test_a_check_in_the_week_or_the_one_after_is_done(store: Store, day: str, state: str) -> None:
    row = outcome(store, check(1, day), check(2, "15.01.2024", SECOND))
    assert row["state"] == state
    assert row["n"] == (1 if state == "done" else 0)


def test_a_check_of_another_school_is_not_done(store: Store) -> None:
    assert outcome(store, check(1, "06.11.2023", SECOND), check(2, "15.01.2024", SECOND))["state"] == "missed"


def test_the_first_of_several_checks_is_the_day_it_was_done(store: Store) -> None:
    row = outcome(store, check(1, "14.11.2023"), check(2, "08.11.2023", kind="diary"))
    assert (row["done_on"], row["n"]) == (pd.Timestamp("2023-11-08"), 2)


@pytest.mark.parametrize(
    ("last", "sent", "state"),
    [
        ("31.10.2023", datetime(2023, 12, 1, 18), "waiting"),
        ("01.11.2023", datetime(2023, 11, 18, 18), "waiting"),
        ("01.11.2023", datetime(2023, 11, 19, 18), "missed"),
    ],
    ids=["November not sent", "sent before the second week ended", "sent after it"],
)
def test_what_cannot_be_known_yet_is_not_missed(store: Store, last: str, sent: datetime, state: str) -> None:
    assert outcome(store, check(1, last, SECOND), sent=sent)["state"] == state


def test_plans_of_weeks_that_begin_in_the_period_count(store: Store) -> None:
    planned(store, FIRST, week=date(2024, 1, 29))
    planned(store, SECOND, week=date(2024, 2, 5))
    second_term = Period(2023, "term", 2)
    weeks = [planned_against_done(store, period, datetime.now())["school"].tolist() for period in (TERM, second_term)]
    assert weeks == [[FIRST], [SECOND]]


def test_planned_against_done_adds_up_by_week(store: Store) -> None:
    put(store, register(), checks(check(1, "06.11.2023"), check(2, "20.11.2023", THIRD), check(3, "15.01.2024")))
    planned(store, FIRST, SECOND)
    planned(store, THIRD, week=date(2023, 11, 13))
    planned(store, FIRST, week=date(2024, 1, 29))
    rows = planned_against_done(store, TERM, datetime.now())
    assert plan_summary(rows)[["week", "planned", "done", "missed", "waiting"]].to_numpy().tolist() == [
        [WEEK, 2, 1, 1, 0],
        [date(2023, 11, 13), 1, 1, 0, 0],
        [date(2024, 1, 29), 1, 0, 0, 1],
    ]
    figures = {
        of: figure(store, of, TERM) for of in ("visits_planned", *(f"visits_planned_as_{state}" for state in STATES))
    }
    assert [of.n for of in figures.values()] == [4, 2, 1, 1]
    assert figures["visits_planned_as_done"].d == 4
    by_school = figures["visits_planned"].by("school").set_index("school")["n"]
    assert by_school.to_dict() == {FIRST: 2, SECOND: 1, THIRD: 1}
    assert figure(store, "visits_planned_as_done", Period(2023, "month", 11)).n == 2
    assert figure(store, "visits_planned", Period(2023, "month", 12)).n is None


def test_without_plans_there_is_nothing_to_compare(store: Store) -> None:
    rows = planned_against_done(store, TERM, datetime.now())
    assert rows.empty
    assert plan_summary(rows).empty
