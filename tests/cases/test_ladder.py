"""Where each case stands, whose the next step is and when it is due: by hand, and once more another way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from small_cases import LATER, actions_of, case, cases_of, put, standing, step
from small_cases import day_of as at
from store_files import copy_store

from obhvat.cases.ladder import (
    by_owner,
    ladder,
    ladder_of,
    minute_of_day,
    never_contacted,
    quiet,
)
from obhvat.cases.terms import default_terms, rungs
from obhvat.store import Store

TERM_DAY = date(2024, 2, 5)
STUDY, CALL, MEETING, VISIT = "проучване", "телефонен разговор", "среща", "посещение"


def of(store: Store, *steps: str, opened: str = "08.05.2024") -> pd.Series:
    """The standing of one case А-1 with these steps, on Monday 03.06.2024."""
    put(store, [case("А-1", opened)], steps)
    return standing(store).loc["А-1"]


# --- where a case stands and what comes next


def test_a_signal_waits_for_a_study(store: Store) -> None:
    # Signal on Monday 29.04.2024: Tue 30.04, [Wed 01.05], Thu 02.05, [Fri 03.05, Easter, Mon 06.05], Tue 07.05 is due.
    found = of(store, opened="29.04.2024")
    assert found[["step", "next_step", "owner", "owner_name"]].to_list() == ["signal", "study", "school", "училище"]
    assert found[["since", "due"]].to_list() == [at("29.04.2024"), at("07.05.2024")]
    # Until Mon 03.06: three days of that week, five, four (Fri 24.05 is a holiday), five, one.
    assert found[["days", "late", "quiet_days"]].to_list() == [35, 18, 35]
    assert pd.isna(found["last_action"])


# Steps of a case in order with what came of each → where it stands, what follows, whose that is.
STANDINGS = [
    ([(STUDY, "")], "study", "talk", "school"),
    ([(STUDY, ""), (CALL, "да")], "talk", "visit", "ruo"),
    ([(STUDY, ""), (CALL, "отказ")], "talk", "visit", "ruo"),
    # A call that reached nobody, or says nothing of it, is tried again.
    ([(STUDY, ""), (CALL, "не")], "talk", "talk", "school"),
    ([(STUDY, ""), (CALL, "")], "talk", "talk", "school"),
    ([(STUDY, ""), (CALL, "не"), (CALL, "да")], "talk", "visit", "ruo"),
    # A meeting that follows finishes it, whatever came of it.
    ([(STUDY, ""), (CALL, "не"), (MEETING, "не")], "talk", "visit", "ruo"),
    # A rung that was left out is not gone back to.
    ([(CALL, "да")], "talk", "visit", "ruo"),
    ([(VISIT, "да")], "visit", "support", "social"),
    ([(CALL, "не"), (VISIT, "")], "visit", "support", "social"),
    ([(VISIT, "не е открит")], "visit", "check", "police"),
    ([(VISIT, "в чужбина")], "visit", "check", "police"),
    ([(VISIT, "преместен")], "visit", "check", "police"),
    ([(VISIT, "отказ")], "visit", "sanction", "municipality"),
    # The latest visit counts.
    ([(VISIT, "не е открит"), (VISIT, "отказ")], "visit", "sanction", "municipality"),
    ([(VISIT, "не е открит"), (VISIT, "да")], "visit", "support", "social"),
    # A measure is asked for until it is taken; another measure is not it.
    ([(VISIT, "не е открит"), ("справка ГРАО", "")], "measure", "outcome", "school"),
    ([(VISIT, "отказ"), ("АУАН", "")], "measure", "outcome", "school"),
    ([(VISIT, "отказ"), ("уведомяване на ОЗД", "")], "measure", "outcome", "school"),
    ([(VISIT, "отказ"), ("справка МВР", "")], "measure", "sanction", "municipality"),
    ([("справка МВР", ""), (VISIT, "не е открит")], "measure", "outcome", "school"),
    ([("справка МВР", ""), (VISIT, "да")], "measure", "outcome", "school"),
    ([("медиатор", "")], "measure", "outcome", "school"),
    ([(VISIT, "да"), ("записване", "да")], "outcome", "register", "ruo"),
    ([("записване", "да"), (VISIT, "отказ")], "outcome", "register", "ruo"),
]


@pytest.fixture(scope="module")
def standings(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The ladder of a case of each, all of one register."""
    steps = [
        step(f"А-{no}", f"{9 + n:02}.05.2024", kind, contact)
        for no, (steps, *_) in enumerate(STANDINGS)
        for n, (kind, contact) in enumerate(steps)
    ]
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("standings"))) as store:
        put(store, [case(f"А-{no}", "08.05.2024") for no in range(len(STANDINGS))], steps)
        return standing(store)


@pytest.mark.parametrize("no", range(len(STANDINGS)))
def test_the_rung_and_the_next_step(standings: pd.DataFrame, no: int) -> None:
    _, stands, following, owner = STANDINGS[no]
    found = standings.loc[f"А-{no}"]
    assert found[["step", "next_step", "owner"]].to_list() == [stands, following, owner]
    assert found["step_name"] == rungs()[stands]
    assert found["next_name"] == default_terms()[following].name


def test_a_step_is_due_from_the_day_the_case_came_to_wait_for_it(store: Store) -> None:
    # Called in vain on Thu 09.05, reached on Wed 15.05: the visit is due 7 working days after that, not after the 9th:
    # Thu 16, Fri 17, Mon 20, Tue 21, Wed 22, Thu 23, [Fri 24 holiday], Mon 27.
    found = of(store, step("А-1", "09.05.2024", CALL, "не"), step("А-1", "15.05.2024", CALL, "да"))
    assert found[["since", "due_from", "due"]].to_list() == [at("09.05.2024"), at("15.05.2024"), at("27.05.2024")]
    # Until Mon 03.06: 28, 29, 30, 31.05 and 03.06.
    assert found[["days", "late"]].to_list() == [25, 5]


def test_trying_again_puts_nothing_off(store: Store) -> None:
    once = step("А-1", "09.05.2024", VISIT, "не е открит")
    again = step("А-1", "20.05.2024", VISIT, "не е открит")
    found = of(store, once, again)
    # 10, 13, 14, 15 and Thu 16.05.
    assert found[["since", "due_from", "due"]].to_list() == [at("09.05.2024"), at("09.05.2024"), at("16.05.2024")]
    assert found["last_action"] == at("20.05.2024")


def test_a_term_does_not_begin_before_the_signal(store: Store) -> None:
    found = of(store, step("А-1", "22.04.2024", STUDY))
    assert found[["step", "since", "due"]].to_list() == ["study", at("08.05.2024"), at("13.05.2024")]


@pytest.mark.parametrize(
    ("opened", "due", "day", "late"),
    [
        # Three working days: Fri 06.09 is a holiday; Mon 09.09.
        ("03.09.2024", "09.09.2024", "13.09.2024", 4),
        # Sun 22.09 moves to Mon 23.09.
        ("19.09.2024", "25.09.2024", "25.09.2024", 0),
        # Fri 20, Mon 23, [24, 25, 26], Fri 27; then Mon 30, Tue 31, [01.01], Thu 02, Fri 03, [Sat, Sun].
        ("19.12.2024", "27.12.2024", "05.01.2025", 4),
        # Due on a Friday, seen on the Sunday: not late.
        ("14.05.2024", "17.05.2024", "19.05.2024", 0),
        ("14.05.2024", "17.05.2024", "20.05.2024", 1),
        ("14.05.2024", "17.05.2024", "16.05.2024", 0),
    ],
)
def test_due_and_late_by_the_calendar(opened: str, due: str, day: str, late: int) -> None:
    found = ladder_of(cases_of([("А-1", opened)]), actions_of([]), default_terms(), at(day).date()).iloc[0]
    assert (found["due"], found["late"]) == (at(due), late)


# --- what the newest action says itself


def test_its_own_date_and_words_go_before_the_ladder(store: Store) -> None:
    found = of(store, step("А-1", "09.05.2024", VISIT, "да", following="повторно посещение", due="30.05.2024"))
    assert found[["next_step", "next_name", "owner"]].to_list() == ["visit", "повторно посещение", "ruo"]
    assert (found["due"], found["late"]) == (at("30.05.2024"), 2)


def test_words_that_name_no_step_keep_the_owner_of_the_ladder(store: Store) -> None:
    found = of(store, step("А-1", "09.05.2024", STUDY, following="изчакване", due="30.05.2024"))
    assert found[["next_step", "next_name", "owner"]].to_list() == ["talk", "изчакване", "school"]
    assert found["due"] == at("30.05.2024")


def test_a_date_without_words_is_of_the_ladders_step(store: Store) -> None:
    found = of(store, step("А-1", "09.05.2024", STUDY, due="30.05.2024"))
    assert found[["next_step", "next_name"]].to_list() == ["talk", "разговор или среща с родителя"]
    assert found["due"] == at("30.05.2024")


def test_words_without_a_date_are_due_by_the_terms_of_the_step_they_name(store: Store) -> None:
    found = of(store, step("А-1", "09.05.2024", VISIT, "да", following="АУАН"))
    # Ten working days after Thu 09.05: Thu 23.05.
    assert found[["next_step", "owner", "due"]].to_list() == ["sanction", "municipality", at("23.05.2024")]


def test_naming_the_same_step_again_does_not_put_it_off(store: Store) -> None:
    found = of(
        store,
        step("А-1", "09.05.2024", VISIT, "отказ"),
        step("А-1", "27.05.2024", CALL, "не", following="АУАН от общината"),
    )
    assert found[["next_name", "due"]].to_list() == ["АУАН от общината", at("23.05.2024")]


def test_an_older_actions_date_is_over(store: Store) -> None:
    found = of(
        store,
        step("А-1", "09.05.2024", STUDY, following="разговор", due="20.05.2024"),
        step("А-1", "10.05.2024", CALL, "да"),
    )
    # Seven working days after Fri 10.05.
    assert found[["next_step", "due"]].to_list() == ["visit", at("21.05.2024")]


def test_actions_of_one_day_follow_their_hours_then_the_ladder(store: Store) -> None:
    timed = of(
        store,
        step("А-1", "09.05.2024", VISIT, "не е открит", time="9:30"),
        step("А-1", "09.05.2024", CALL, "отказ", time="14.05 ч."),
    )
    assert timed["contact"] == "refused"


def test_without_hours_the_higher_rung_of_a_day_is_the_newer(store: Store) -> None:
    found = of(store, step("А-1", "09.05.2024", VISIT, "не е открит"), step("А-1", "09.05.2024", CALL, "отказ"))
    assert found["contact"] == "not_found"


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("10:30", 630),
        (" 9.05", 545),
        ("23:59 ч.", 1439),
        ("00:00", 0),
        ("24:00", None),
        ("10:300", None),
        ("сутринта", None),
        ("", None),
        (None, None),
    ],
)
def test_an_hour_in_words_of_a_register(text, minute) -> None:
    assert minute_of_day(text) == minute


# --- success apart from the attempt


def test_the_best_and_the_latest_contact(store: Store) -> None:
    found = of(
        store,
        step("А-1", "09.05.2024", CALL, "да"),
        step("А-1", "10.05.2024", VISIT, "не е открит"),
        step("А-1", "13.05.2024", "справка МВР"),
    )
    assert found[["contact", "best_contact"]].to_list() == ["not_found", "made"]
    assert found[["n_calls", "n_meetings", "n_visits"]].to_list() == [1, 0, 1]


def test_never_contacted_are_those_whose_family_nobody_reached(store: Store) -> None:
    steps = [
        ("А-2", CALL, "да"),
        ("А-3", VISIT, "не е открит"),
        ("А-4", VISIT, "отказ"),
        ("А-5", CALL, ""),
        ("А-6", VISIT, "в чужбина"),
    ]
    put(
        store,
        [case(f"А-{n}", "08.05.2024") for n in range(1, 7)],
        [step(number, "09.05.2024", kind, contact) for number, kind, contact in steps],
    )
    found = ladder(store, date(2024, 6, 3), LATER)
    assert sorted(never_contacted(found)["number"]) == ["А-1", "А-3", "А-5", "А-6"]
    assert found.set_index("number")["contact"].isna().to_list() == [True, False, False, False, True, False]


def test_quiet_cases_are_counted_from_the_last_action_or_the_signal(store: Store) -> None:
    put(
        store,
        [case("А-1", "20.05.2024"), case("А-2", "01.05.2024"), case("А-3", "02.05.2024")],
        [step("А-2", "31.05.2024", CALL, "да"), step("А-3", "10.05.2024", CALL, "да")],
    )
    found = ladder(store, date(2024, 6, 3), LATER)
    assert quiet(found, 14)[["number", "quiet_days"]].to_numpy().tolist() == [["А-3", 24], ["А-1", 14]]
    assert quiet(found, 25).empty


# --- the whole


def test_only_cases_in_work_stand_on_the_ladder(store: Store) -> None:
    put(store, [case("А-1", "08.05.2024"), case("А-2", "08.05.2024", "реинтегриран", "20.05.2024")])
    assert list(ladder(store, date(2024, 6, 3), LATER)["number"]) == ["А-1"]


def test_an_empty_store_has_an_empty_ladder(store: Store) -> None:
    found = ladder(store, date(2024, 6, 3), LATER)
    assert found.empty
    assert by_owner(found).empty
    assert quiet(found, 1).empty
    assert never_contacted(found).empty


def test_owed_steps_are_read_aloud(store: Store) -> None:
    put(
        store,
        [
            # РУО: two in Каменград and one in Ведрово. The visit is due seven working days after Thu 09.05: Mon 20.05;
            # after Wed 08.05: Fri 17.05, and until Mon 03.06 that is 10 working days.
            *(case(f"А-{n}", "08.05.2024") for n in (1, 2)),
            case("В-1", "08.05.2024", place="Ведрово"),
            # Общината: the act is due ten working days after Thu 09.05, on Thu 23.05; six working days late.
            case("Г-1", "08.05.2024", place="Горун"),
            # Училището: the study is due on Tue 04.06.
            case("В-2", "30.05.2024", place="Ведрово"),
        ],
        [
            step("А-1", "08.05.2024", CALL, "да"),
            step("А-2", "09.05.2024", CALL, "да"),
            step("В-1", "09.05.2024", MEETING, "да", place="Ведрово"),
            step("Г-1", "09.05.2024", VISIT, "отказ", place="Горун"),
        ],
    )
    found = by_owner(ladder(store, date(2024, 6, 3), LATER))
    assert found["sentence"].to_list() == [
        "РУО не е изпълнило в срок 3 стъпки; най-голямото закъснение е 10 работни дни (Каменград, Ведрово)",
        "Община Горун не е изпълнила в срок 1 стъпка; закъснението е 6 работни дни",
        "Училище: няма стъпка с изтекъл срок",
    ]
    assert found[["owner", "n", "overdue", "worst"]].to_numpy().tolist() == [
        ["ruo", 3, 3, 10],
        ["municipality", 1, 1, 6],
        ["school", 1, 0, 0],
    ]
    assert found["municipalities"].to_list() == [["Каменград", "Ведрово"], ["Горун"], []]


def test_one_working_day_is_said_in_the_singular(store: Store) -> None:
    put(store, [case("А-1", "08.05.2024")], [step("А-1", "09.05.2024", CALL, "да", due="31.05.2024")])
    [said] = by_owner(ladder(store, date(2024, 6, 3), LATER))["sentence"]
    assert said == "РУО не е изпълнило в срок 1 стъпка; закъснението е 1 работен ден (Каменград)"
