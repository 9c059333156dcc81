"""Entries worth a question: each rule at its limit, and what is no question."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from small_cases import AS_OF, LATER, case, day_of, put, step

from obhvat.cases.gaming import signals, statutory_days
from obhvat.periods import parse_period
from obhvat.store import Store

TERM = parse_period("2023-II")
CALL, VISIT = "телефонен разговор", "посещение"
ASKED = "?"


def found(store: Store, kind: str, **how) -> pd.DataFrame:
    """The signals of one kind; there are no others."""
    rows = signals(store, TERM, AS_OF, LATER, **how)
    assert set(rows["kind"]) <= {kind}
    assert rows["words"].str.endswith(ASKED).all()
    return rows


def many(n: int, on: str, kind: str = CALL, contact: str = "да", **how) -> list[str]:
    """The same step in n cases."""
    return [step(f"А-{case_no}", on, kind, contact, **how) for case_no in range(1, n + 1)]


def put_many(store: Store, *steps: str, n: int = 30) -> None:
    put(store, [case(f"А-{case_no}", "01.03.2024") for case_no in range(1, n + 1)], steps)


def test_reports_are_due_on_30_november_and_30_april() -> None:
    assert statutory_days(TERM) == (date(2023, 11, 30), date(2024, 4, 30))
    assert statutory_days(parse_period("2022-10")) == (date(2022, 11, 30), date(2023, 4, 30))


def test_nothing_is_worth_a_question_in_the_demonstration_and_in_an_empty_store(
    demo_store: Store, store: Store
) -> None:
    assert signals(demo_store, parse_period("2023-I"), date(2024, 2, 5), LATER).empty
    nothing = signals(store, TERM, AS_OF, LATER)
    assert list(nothing.columns) == ["kind", "words", "municipality", "numbers", "date"]
    assert nothing.empty


# --- identical entries


@pytest.mark.parametrize(("n", "is_asked"), [(4, False), (5, True)])
def test_the_same_entry_of_a_day_in_five_cases(store: Store, n: int, is_asked: bool) -> None:
    put_many(store, *many(n, "14.05.2024", team="Екип 3", result="Родителят е уведомен"))
    rows = found(store, "same_entry")
    assert len(rows) == is_asked
    if is_asked:
        [row] = rows.to_dict("records")
        assert row["words"] == (
            "5 случая в Каменград имат еднакъв запис „телефонен разговор“ (Екип 3) на 14.05.2024 г.: "
            "отделни действия ли са, или един запис, повторен?"
        )
        assert (row["municipality"], row["date"]) == ("Каменград", day_of("14.05.2024"))
        assert row["numbers"] == [f"А-{case_no}" for case_no in range(1, 6)]


def test_an_entry_that_differs_is_not_the_same(store: Store) -> None:
    others: dict[str, dict[str, Any]] = {
        "07.05.2024": {"team": "Екип 4"},
        "09.05.2024": {"result": "друго"},
        "13.05.2024": {"contact": "не"},
        "15.05.2024": {"kind": "среща"},
        "17.05.2024": {"on": "18.05.2024"},
        "21.05.2024": {"place": "Ведрово"},
    }
    steps = []
    for group, (on, other) in enumerate(others.items()):
        same: dict[str, Any] = {"on": on, "kind": CALL, "contact": "да", "team": "Екип 3", "result": "уведомен"}
        numbers = [f"А-{5 * group + n}" for n in range(1, 6)]
        steps += [*(step(number, **same) for number in numbers[:4]), step(numbers[4], **same | other)]
    put_many(store, *steps)
    assert found(store, "same_entry").empty


def test_spaces_and_capitals_do_not_make_an_entry_another(store: Store) -> None:
    put_many(
        store, *many(4, "14.05.2024", result="уведомен"), step("А-9", "14.05.2024", CALL, "да", result=" Уведомен ")
    )
    assert len(found(store, "same_entry")) == 1


def test_repeated_entries_of_one_case_are_one_case(store: Store) -> None:
    put_many(store, *(step("А-1", "14.05.2024", CALL, "да", n=n) for n in range(1, 8)))
    assert found(store, "same_entry").empty


def test_three_before_a_report_are_asked_about(store: Store) -> None:
    # Mon 22.04.2024 is six working days before Tue 30.04, Tue 23.04 is five.
    put_many(store, *many(3, "23.04.2024", result="уведомен"))
    [row] = found(store, "before_report").to_dict("records")
    assert row["words"] == (
        "3 случая в Каменград имат еднакъв запис „телефонен разговор“ на 23.04.2024 г., в последните работни дни "
        "преди отчета на 30.04.2024 г.: отделни действия ли са, или един запис, повторен?"
    )


def test_earlier_later_and_fewer_are_not(store: Store) -> None:
    days = ("22.04.2024",) * 3 + ("01.05.2024",) * 3 + ("30.04.2024",) * 2
    put_many(store, *(step(f"А-{n}", on, CALL, "да", result="уведомен") for n, on in enumerate(days, 1)))
    assert found(store, "before_report").empty


def test_copied_words_before_a_report_are_the_same_on_different_days(store: Store) -> None:
    days = ("24.04.2024", "26.04.2024", "30.04.2024")
    put_many(store, *(step(f"А-{n}", on, CALL, "да", result="уведомен") for n, on in enumerate(days, 1)))
    [row] = found(store, "before_report").to_dict("records")
    assert "от 24.04.2024 г. до 30.04.2024 г." in row["words"]
    assert row["date"] == day_of("30.04.2024")


def test_entries_without_words_are_the_same_only_on_one_day(store: Store) -> None:
    days = ("24.04.2024", "26.04.2024", "30.04.2024")
    put_many(store, *(step(f"А-{n}", on, CALL, "да") for n, on in enumerate(days, 1)))
    assert found(store, "before_report").empty


def test_the_day_of_a_meeting_is_a_report_when_it_is_given(store: Store) -> None:
    put_many(store, *many(3, "14.03.2024"))
    assert found(store, "before_report").empty
    [row] = found(store, "before_report", report_days=[*statutory_days(TERM), date(2024, 3, 15)]).to_dict("records")
    assert "преди отчета на 15.03.2024 г." in row["words"]


def test_entries_of_another_period_are_not_asked_about(store: Store) -> None:
    put(store, [case(f"А-{n}", "01.09.2023") for n in range(1, 9)], many(8, "15.01.2024"))
    assert found(store, "same_entry").empty
    [row] = signals(store, parse_period("2023"), AS_OF, LATER).to_dict("records")
    assert row["kind"] == "same_entry"


# --- an outcome nobody tried for


def test_an_outcome_without_an_attempt(store: Store) -> None:
    put(
        store,
        [
            case("А-1", "01.03.2024", "в чужбина", "10.04.2024"),
            case("А-2", "01.03.2024", "в чужбина", "12.04.2024"),
            # Somebody called.
            case("А-3", "01.03.2024", "в чужбина", "12.04.2024"),
            case("А-4", "01.03.2024", "реинтегриран", "12.04.2024"),
            # No outcome yet; an outcome that needs no attempt; an outcome of another term.
            case("А-5", "01.03.2024"),
            case("А-6", "01.03.2024", "навършил 16 г.", "12.04.2024"),
            case("А-7", "01.09.2023", "в чужбина", "12.01.2024"),
        ],
        [
            step("А-1", "04.04.2024", "справка МВР"),
            step("А-3", "04.04.2024", CALL, "не"),
        ],
    )
    rows = found(store, "no_attempt").set_index("words")
    assert rows["numbers"].to_dict() == {
        "2 случая в Каменград са с изход „в чужбина“ без нито един разговор, среща или посещение: "
        "откъде се знае изходът?": ["А-1", "А-2"],
        "1 случай в Каменград е с изход „реинтегриран“ без нито един разговор, среща или посещение: "
        "откъде се знае изходът?": ["А-4"],
    }
    assert set(rows["date"]) == {day_of("12.04.2024")}


def test_where_no_actions_are_known_no_attempt_is_missing(store: Store) -> None:
    put(
        store,
        [case("А-1", "01.03.2024"), case("В-1", "01.03.2024", "в чужбина", "10.04.2024", place="Ведрово")],
        [step("А-1", "04.04.2024", CALL, "да")],
    )
    assert found(store, "no_attempt").empty


# --- visits of one team


def test_visits_at_the_same_minute(store: Store) -> None:
    put_many(
        store,
        step("А-1", "14.05.2024", VISIT, "да", time="9:05", team="Екип 3"),
        step("А-2", "14.05.2024", VISIT, "не", time="09.05 ч.", team="Екип 3", place="Ведрово"),
        # Another team, another minute, another day, no hour, not a visit.
        step("А-3", "14.05.2024", VISIT, "да", time="9:05", team="Екип 4"),
        step("А-4", "14.05.2024", VISIT, "да", time="9:06", team="Екип 3"),
        step("А-5", "15.05.2024", VISIT, "да", time="9:05", team="Екип 3"),
        step("А-6", "14.05.2024", VISIT, "да", team="Екип 3"),
        step("А-7", "14.05.2024", VISIT, "отказ", team="Екип 3"),
        step("А-8", "14.05.2024", CALL, "да", time="9:05", team="Екип 3"),
    )
    [row] = found(store, "same_minute").to_dict("records")
    assert row["words"] == (
        "Екип 3 има на 14.05.2024 г. в 09:05 посещения по 2 случая във Ведрово и Каменград: на един адрес ли са децата?"
    )
    assert row["numbers"] == ["А-1", "А-2"]
    assert row["municipality"] is None


def test_two_visits_of_one_case_at_a_minute_are_one(store: Store) -> None:
    put_many(store, *(step("А-1", "14.05.2024", VISIT, "да", time="9:05", team="Екип 3", n=n) for n in (1, 2)))
    assert found(store, "same_minute").empty


@pytest.mark.parametrize(("n", "is_asked"), [(16, False), (17, True)])
def test_more_visits_than_a_day_holds(store: Store, n: int, is_asked: bool) -> None:
    # Of different words, so that they are not the same entry.
    steps = [step(f"А-{i}", "14.05.2024", VISIT, "да", team="Екип 3", result=f"посещение {i}") for i in range(1, n + 1)]
    put_many(store, *steps, step("А-20", "14.05.2024", VISIT, "да", team="Екип 4", result="друго"))
    rows = found(store, "many_visits")
    assert len(rows) == is_asked
    if is_asked:
        assert rows["words"][0] == (
            "Екип 3 има 17 посещения на 14.05.2024 г. в Каменград: един екип ли ги е направил, или няколко?"
        )


def test_the_newest_question_is_first_and_no_words_name_a_case(store: Store) -> None:
    put_many(
        store,
        *many(6, "14.05.2024", result="уведомен"),
        *many(4, "29.04.2024", result="уведомен"),
        *(step(f"А-{n}", "20.05.2024", VISIT, "да", time="10:00", team="Екип 1") for n in (1, 2)),
    )
    rows = signals(store, TERM, AS_OF, LATER)
    assert list(rows["kind"]) == ["same_minute", "same_entry", "before_report"]
    assert not rows["words"].str.contains("А-").any()
