"""What people enter about cases: what is accepted and refused, who counts, and that nothing is lost or overwritten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from store_files import copy_store
from uploads import SCHOOL, cases, parts, put, schools, value
from viewers import expert

from obhvat.cases import register
from obhvat.cases.entered import entries_of
from obhvat.cases.entries import add_action, change_status, open_case, withdraw
from obhvat.errors import ObhvatError, UnknownName
from obhvat.people import ALONE
from obhvat.store import Store

SENT, NOW = datetime(2024, 2, 6, 9), datetime(2024, 3, 13, 10)
DAY = NOW.date()
WHO = "експерт"


def fill(store: Store) -> Store:
    """К-1, in work since 12.10.2023, and К-2, abroad since 15.01.2024."""
    rows = (
        "К-1;отпаднал;Каменград;12.10.2023;в работа;12.10.2023;",
        "К-2;отпаднал;Ведрово;03.11.2023;в чужбина;15.01.2024;МВР",
    )
    put(store, schools(), cases("05.02.2024", *rows), at=SENT)
    return store


@pytest.fixture
def two(store: Store) -> Store:
    """The two cases."""
    return fill(store)


@pytest.fixture(scope="module")
def untouched(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same, of all tests in which nothing is written: each looks that nothing was."""
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("untouched"))) as opened:
        yield fill(opened)


def call(store: Store, on: date = date(2024, 3, 1), **said: Any) -> int:
    at = said.pop("at", NOW)
    return add_action(store, "К-1", on, "call", viewer=expert(WHO), at=at, **said)


def after(minutes: int = 1) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_an_action_is_there_with_who_and_when(two: Store) -> None:
    entry = call(
        two, institutions=["school", "ruo"], contact="not_found", time="9.05", team="Екип 3", result="никой не вдига",
        next_step="посещение на адрес", next_due=date(2024, 3, 8),
    )  # fmt: skip
    [row] = register.actions(two, DAY, NOW).to_dict("records")
    assert (row["case_number"], row["municipality"], row["kind"], row["n"]) == ("К-1", "Каменград", "call", 1)
    assert (row["time"], row["team"], list(row["institutions"]), row["contact"]) == (
        "09:05", "Екип 3", ["ruo", "school"], "not_found",
    )  # fmt: skip
    assert row["entry_id"] == entry
    [said] = entries_of(two, "К-1", NOW).to_dict("records")
    assert (said["what"], said["entered_by"], said["entered_at"], said["mark"]) == ("action", WHO, NOW, "")
    assert said["words"] == (
        "телефонен разговор на 01.03.2024 г., 09:05 ч.; екип: Екип 3; участвали: РУО и училище; контакт: не е открит; "
        "резултат: никой не вдига; следва: посещение на адрес; срок: 08.03.2024 г."
    )


def test_an_action_counts_in_the_figures_from_when_it_is_entered(two: Store) -> None:
    call(two)
    assert (value(two, "calls", NOW - timedelta(minutes=1)), value(two, "calls", NOW)) == (None, 1)


def test_actions_of_one_kind_on_one_day_are_numbered(two: Store) -> None:
    for kind, on in (("call", date(2024, 3, 1)), ("call", date(2024, 3, 1)), ("visit", date(2024, 3, 1))):
        add_action(two, "К-1", on, kind, viewer=expert(WHO), at=NOW)
    call(two, date(2024, 3, 2))
    found = register.actions(two, DAY, NOW)
    assert list(zip(found["kind"], found["date"].dt.day, found["n"], strict=True)) == [
        ("call", 1, 1), ("call", 1, 2), ("visit", 1, 1), ("call", 2, 1),
    ]  # fmt: skip


def test_the_number_of_a_withdrawn_action_is_not_given_again(two: Store) -> None:
    withdraw(two, call(two), replace(ALONE, person=WHO), after())
    call(two, at=after(2))
    assert list(register.actions(two, DAY, after(3))["n"]) == [2]


def test_two_sessions_adding_at_once_lose_nothing(two: Store) -> None:
    start, failed = threading.Barrier(2), []

    def session(handle: Store, who: str) -> None:
        start.wait()
        try:
            for _ in range(15):
                add_action(handle, "К-1", date(2024, 3, 1), "call", viewer=expert(who))
        except Exception as error:
            failed.append(error)

    handles = {"first": two, "second": two}
    threads = [threading.Thread(target=session, args=(handle, who)) for who, handle in handles.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = datetime.now()
    assert not failed
    assert sorted(register.actions(two, DAY, now)["n"]) == list(range(1, 31))
    assert entries_of(two, "К-1", now)["entered_by"].value_counts().to_dict() == {"first": 15, "second": 15}
    assert value(two, "calls", now) == 30


def test_two_sessions_opening_cases_at_once_get_different_numbers(two: Store) -> None:
    start, numbers = threading.Barrier(2), []

    def session() -> None:
        start.wait()
        for _ in range(5):
            numbers.append(
                open_case(
                    two, municipality="Ведрово", category="dropped_out", opened_on=date(2024, 3, 1), viewer=expert(WHO)
                )
            )

    threads = [threading.Thread(target=session) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"ОКЦ-2024-{n:03}" for n in range(1, 11)]


def test_a_status_moves_the_case_in_the_reconciliation(two: Store) -> None:
    change_status(two, "К-1", "after_dropout", date(2024, 3, 1), confidence="document", viewer=expert(WHO), at=NOW)
    assert parts(two, NOW - timedelta(minutes=1)) == {"cases_in_work": 1, "cases_total": 1}
    assert parts(two, NOW) == {"cases_returned": 1, "cases_total": 1}


def test_a_status_counts_from_its_day_on(two: Store) -> None:
    change_status(two, "К-1", "refused", date(2024, 3, 1), viewer=expert(WHO), at=NOW)
    standing = {
        on: register.cases(two, on, NOW).set_index("number").at["К-1", "status"]
        for on in (date(2024, 2, 29), date(2024, 3, 1))
    }
    assert standing == {date(2024, 2, 29): "in_work", date(2024, 3, 1): "refused"}


def test_the_first_status_stays_in_the_history_and_comes_back_when_the_second_is_withdrawn(two: Store) -> None:
    change_status(two, "К-1", "not_found", date(2024, 2, 20), viewer=expert(WHO), at=NOW)
    second = change_status(two, "К-1", "abroad", date(2024, 3, 1), confidence="word", viewer=expert(WHO), at=after())
    withdraw(two, second, replace(ALONE, person="друг"), after(2))
    found = entries_of(two, "К-1", after(2))
    assert list(found["words"]) == [
        "неоткрит на адреса от 20.02.2024 г.",
        "в чужбина от 01.03.2024 г.; потвърждение: по сведения",
    ]
    assert list(found["mark"]) == ["", "withdrawn"]
    assert (found["marked_by"].iloc[1], found["marked_at"].iloc[1]) == ("друг", after(2))
    assert parts(two, after()) == {"cases_abroad": 1, "cases_total": 1}
    assert parts(two, after(2)) == {"cases_not_found": 1, "cases_total": 1}


def test_what_was_withdrawn_later_still_counts_as_known_before(two: Store) -> None:
    entry = call(two)
    withdraw(two, entry, replace(ALONE, person=WHO), after())
    assert (value(two, "calls", NOW), value(two, "calls", after())) == (1, None)
    assert list(entries_of(two, "К-1", NOW)["mark"]) == [""]


def test_an_opened_case_is_in_the_register_and_can_be_worked_on(two: Store) -> None:
    number = open_case(
        two, municipality="Каменград", category="grade8_missing", opened_on=date(2024, 3, 1), school=SCHOOL, grade=7,
        reason="unwilling", source="school", repeat=True, viewer=expert(WHO), at=NOW,
    )  # fmt: skip
    assert number == "ОКЦ-2024-001"
    case = register.cases(two, DAY, NOW).set_index("number").loc[number]
    assert (case["status"], case["status_on"].date(), case["school_municipality"], case["has_pupil"]) == (
        "in_work", date(2024, 3, 1), "Каменград", False,
    )  # fmt: skip
    add_action(two, number, date(2024, 3, 4), "study", viewer=expert(WHO), at=NOW)
    change_status(two, number, "first_time", date(2024, 3, 10), viewer=expert(WHO), at=after())
    assert parts(two, NOW) == {"cases_in_work": 2, "cases_total": 2}
    assert parts(two, after()) == {"cases_in_work": 1, "cases_returned": 1, "cases_total": 2}
    assert list(entries_of(two, number, after())["words"]) == [
        "завършил VII клас, незаписан в VIII; Каменград; училище: 9000101; випуск: 7; сигнал от 01.03.2024 г.; "
        "причина: нежелание; източник: училище; повторен",
        "проучване на случая на 04.03.2024 г.",
        "записан за първи път от 10.03.2024 г.",
    ]


def test_a_withdrawn_case_does_not_count(two: Store) -> None:
    number = open_case(
        two, municipality="Ведрово", category="at_risk", opened_on=date(2024, 3, 1), viewer=expert(WHO), at=NOW
    )
    [entry] = entries_of(two, number, NOW)["entry_id"]
    withdraw(two, entry, replace(ALONE, person=WHO), after())
    assert parts(two, after()) == {"cases_in_work": 1, "cases_total": 1}


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"case_number": "К-9"}, UnknownName, "Случай „К-9“ няма"),
        ({"day": date(2024, 3, 14)}, ObhvatError, "бъдеща дата: 14.03.2024 г."),
        ({"day": date(2023, 10, 11)}, ObhvatError, "преди сигнала по случая от 12.10.2023 г."),
        ({"kind": "walk"}, UnknownName, "не е от списъка „Вид действие“.*телефонен разговор"),
        ({"institutions": ["school", "court"]}, UnknownName, "„court“ не е от списъка „Участвали институции“"),
        ({"contact": "yes"}, UnknownName, "„yes“ не е от списъка „Осъществен контакт“"),
        ({"time": "25:00"}, ObhvatError, "„25:00“ не е час"),
        ({"next_due": date(2024, 2, 29)}, ObhvatError, "Срокът 29.02.2024 г. е преди действието"),
        ({"result": "я" * 501}, ObhvatError, "501 знака"),
        ({"viewer": expert(" ")}, ObhvatError, "кой въвежда"),
    ],
)
def test_an_action_is_refused(untouched: Store, said: dict[str, Any], error: type[Exception], words: str) -> None:
    arguments: dict[str, Any] = {
        "case_number": "К-1",
        "day": date(2024, 3, 1),
        "kind": "call",
        "viewer": expert(WHO),
        "at": NOW,
    } | said
    with pytest.raises(error, match=words):
        add_action(untouched, **arguments)
    assert register.actions(untouched, DAY, NOW).empty
    assert untouched.rows("select count(*) from entries") == [(0,)]


@pytest.mark.parametrize("field", ["result", "next_step", "team"])
@pytest.mark.parametrize(
    "text",
    [
        "детето с 1299000123",
        "ЕГН 129900 0123",
        "тел. 0888 123 457",
        "търсен на +359 88 812-34-57",
        "(076) 60-12-34",
        "076/601234",
        "пишете на maika@abv.bg",
        "говорено с Мария Петрова Иванова от съседния вход",
    ],
)
def test_personal_data_is_refused_and_not_kept(untouched: Store, field: str, text: str) -> None:
    written: dict[str, Any] = {field: text}
    with pytest.raises(ObhvatError) as refused:
        call(untouched, **written)
    assert text not in str(refused.value)
    assert register.actions(untouched, DAY, NOW).empty


@pytest.mark.parametrize(
    "text",
    [
        "среща на 05.02.2024 г. в 10:30, после на 12.02.2024",
        "заповед РД09-2047/28.08.2023 г., писмо 9105-158/19.07.2023",
        "записан в 1403219, преди в 1403220",
        "обадихме се 3 пъти, 2 от 5 адреса са празни",
        "ще се върне до 2024-03-15",
    ],
)
def test_dates_codes_and_numbers_of_documents_are_accepted(two: Store, text: str) -> None:
    call(two, result=text)
    assert list(register.actions(two, DAY, NOW)["result"]) == [text]


def test_a_text_is_one_line_that_no_spreadsheet_takes_for_a_formula(two: Store) -> None:
    call(two, result="- говорено\n  с   майката", next_step=" ")
    [row] = register.actions(two, DAY, NOW).to_dict("records")
    assert (row["result"], pd.isna(row["next_step"])) == ("говорено с майката", True)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"case_number": "К-9"}, "Случай „К-9“ няма"),
        ({"status": "lost"}, "не е от списъка „Статус“"),
        ({"confidence": "rumour"}, "не е от списъка „Потвърждение“"),
        ({"status_on": date(2024, 3, 14)}, "бъдеща дата"),
        ({"status_on": date(2023, 11, 2)}, "преди сигнала по случая от 03.11.2023 г."),
        ({"status_on": date(2024, 1, 14)}, "„в чужбина“ от 15.01.2024 г. Новият статус не може"),
    ],
)
def test_a_status_is_refused(two: Store, said: dict[str, Any], words: str) -> None:
    arguments: dict[str, Any] = {
        "case_number": "К-2",
        "status": "from_abroad",
        "status_on": date(2024, 3, 1),
        "viewer": expert(WHO),
        "at": NOW,
    }
    with pytest.raises(ObhvatError, match=words):
        change_status(two, **arguments | said)


def test_a_status_of_the_day_of_the_current_one_replaces_it(two: Store) -> None:
    change_status(two, "К-2", "from_abroad", date(2024, 1, 15), viewer=expert(WHO), at=NOW)
    assert register.cases(two, DAY, NOW).set_index("number").at["К-2", "status"] == "from_abroad"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"municipality": "Другаде"}, "Община „Другаде“ няма.*Ведрово и Каменград"),
        ({"school": "9999999"}, "Институция с код „9999999“ няма"),
        ({"category": "lost"}, "не е от списъка „Категория“"),
        ({"reason": "x"}, "не е от списъка „Причина“"),
        ({"source": "x"}, "не е от списъка „Източник“"),
        ({"opened_on": date(2024, 3, 14)}, "Сигналът не може да е с бъдеща дата"),
        ({"dropped_on": date(2024, 3, 2)}, "Отпадането на 02.03.2024 г. е след сигнала"),
    ],
)
def test_a_case_is_refused(two: Store, said: dict[str, Any], words: str) -> None:
    arguments: dict[str, Any] = {
        "municipality": "Ведрово",
        "category": "dropped_out",
        "opened_on": date(2024, 3, 1),
        "viewer": expert(WHO),
        "at": NOW,
    }
    with pytest.raises(ObhvatError, match=words):
        open_case(two, **arguments | said)


def test_a_case_without_a_register_of_institutions_asks_for_it(store: Store) -> None:
    with pytest.raises(UnknownName, match="Качете регистъра"):
        open_case(
            store, municipality="Ведрово", category="at_risk", opened_on=date(2024, 3, 1), viewer=expert(WHO), at=NOW
        )


def test_a_number_of_two_cases_is_not_worked_on(two: Store) -> None:
    put(two, cases("01.03.2024", "К-1;отпаднал;Ведрово;12.02.2024;в работа;;"), at=NOW - timedelta(days=1))
    with pytest.raises(ObhvatError, match="повече от един случай"):
        call(two)


def _of_another_kind(store: Store) -> int:
    with store.transaction() as cursor:
        cursor.execute("insert into entries values (77, 'meeting', $at, 'експерт')", {"at": NOW})
    return 77


def _twice(store: Store) -> int:
    entry = call(store)
    withdraw(store, entry, replace(ALONE, person=WHO), after())
    return entry


@pytest.mark.parametrize(
    ("entry", "words"), [(lambda _: 99, "номер 99"), (_of_another_kind, "номер 77"), (_twice, "вече е оттеглено")]
)
def test_withdrawing_is_refused(two: Store, entry: Callable[[Store], int], words: str) -> None:
    entry_id = entry(two)
    with pytest.raises(ObhvatError, match=words):
        withdraw(two, entry_id, replace(ALONE, person=WHO), after(2))
