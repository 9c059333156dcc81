"""Who left, on stores of a few children: signed off, vanished, with a case; not who moved or finished."""

from __future__ import annotations

from datetime import date, datetime

import filling
import pytest

from obhvat.indicators.backtest import heard_of, known_until, leavers, past_months, unknown, window_end
from obhvat.ingest import Source
from obhvat.store import Store

REGISTER = """Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
9100101;СУ „Първо“;Тест;Тест;гр. Тест;средно училище
9100102;ОУ „Второ“;Тест;Тест;с. Село;основно училище
9100103;ОУ „Трето“;Тест;Тест;с. Дол;основно училище
"""
LIST = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка;Отписан на"
MONTH = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;Дата на отписване;"
    "По уважителни причини;По неуважителни причини"
)
CASES = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Училище (код);Дата на сигнала;Дата на отпадане;Статус"
AFTER = date(2023, 10, 31)


def table(name: str, head: str, *rows: str) -> Source:
    return Source(name, "\n".join([head, *rows]).encode())


def put(store: Store, name: str, head: str, *rows: str) -> None:
    filling.put(store, [table(name, head, *rows)], today=date(2024, 12, 1))


@pytest.fixture
def school(store: Store) -> Store:
    """Three schools; the first's list in September, and in January without дете-4."""
    september = [f"9100101;15.09.2023;дете-{n};{7 if n < 9 else 12};7а;" for n in range(1, 10)]
    files = (table("институции.csv", REGISTER.strip()), table("ученици-септември.csv", LIST, *september))
    filling.put(store, files, today=date(2024, 12, 1))
    return store


def january(store: Store, *children: int, day: str = "31.01.2024", code: str = "9100101") -> None:
    put(store, f"ученици-{code}-{day}.csv", LIST, *(f"{code};{day};дете-{n};7;7а;" for n in children))


def signed_off(store: Store, child: int, day: str, grade: int = 7, month: str = "11") -> None:
    year = "2023/2024"
    put(store, f"отсъствия-{month}.csv", MONTH, f"9100101;{year};{month};дете-{child};{grade};7а;{day};0;3")


def found(store: Store, after: date = AFTER, months: int = 3) -> dict[int, tuple[str, str, date]]:
    """Child → school, how, when."""
    rows = leavers(store, after, months, datetime.now())
    # Children have no names in the store; the first list has them in their order, after its line of captions.
    names = dict(store.rows("select pupil, line - 1 from pupils where as_of = '2023-09-15'"))
    return {
        names[pupil]: (school, how, left_on.date())
        for school, pupil, left_on, how in rows[["school", "pupil", "left_on", "how"]].itertuples(index=False)
    }


def test_who_is_signed_off_in_the_window_has_left(school: Store) -> None:
    signed_off(school, 1, "10.11.2023")
    assert found(school) == {1: ("9100101", "unsubscribed", date(2023, 11, 10))}


def test_a_list_signs_off_too(school: Store) -> None:
    put(school, "ученици-декември.csv", LIST, "9100101;31.01.2024;дете-1;7;7а;05.12.2023", *ON_JANUARY)
    assert found(school) == {1: ("9100101", "unsubscribed", date(2023, 12, 5))}


ON_JANUARY = tuple(f"9100101;31.01.2024;дете-{n};7;7а;" for n in range(2, 10))


@pytest.mark.parametrize(("day", "month"), [("31.10.2023", "10"), ("01.02.2024", "02")])
def test_who_is_signed_off_outside_the_window_has_not_left_in_it(school: Store, day: str, month: str) -> None:
    signed_off(school, 1, day, month=month)
    january(school, *range(2, 10))
    assert found(school) == {}


def test_who_is_on_another_schools_later_list_has_moved(school: Store) -> None:
    signed_off(school, 1, "10.11.2023")
    january(school, 1, code="9100102")
    assert found(school) == {}


def test_who_has_absences_at_another_school_later_has_moved(school: Store) -> None:
    signed_off(school, 1, "10.11.2023")
    put(school, "отсъствия-12.csv", MONTH, "9100102;2023/2024;12;дете-1;7;7а;;0;3")
    assert found(school) == {}


def test_who_was_on_another_schools_list_before_has_not_moved_there(school: Store) -> None:
    january(school, 1, code="9100102", day="20.09.2023")
    signed_off(school, 1, "10.11.2023")
    assert found(school) == {1: ("9100101", "unsubscribed", date(2023, 11, 10))}


def test_who_is_missing_from_the_next_list_and_every_other_has_vanished(school: Store) -> None:
    january(school, *range(2, 10))
    # Halfway between the two lists.
    assert found(school) == {1: ("9100101", "vanished", date(2023, 11, 23))}


def test_who_vanished_to_another_school_has_moved(school: Store) -> None:
    january(school, *range(2, 10))
    january(school, 1, code="9100102", day="15.11.2023")
    assert found(school) == {}


def absent(store: Store, child: int, month: str, grade: int = 7) -> None:
    put(store, f"отсъствия-{month}.csv", MONTH, f"9100101;2023/2024;{month};дете-{child};{grade};7а;;0;3")


def test_a_child_vanishes_in_one_window_only(school: Store) -> None:
    january(school, *range(2, 10))
    windows = [date(2023, 9, 30), date(2023, 10, 31), date(2023, 11, 30), date(2023, 12, 31)]
    assert [len(found(school, after, 1)) for after in windows] == [0, 1, 0, 0]


def test_absences_show_that_a_child_was_still_there(school: Store) -> None:
    january(school, *range(2, 10))
    absent(school, 1, "12")
    # Halfway between 31 December and 31 January.
    assert found(school) == {1: ("9100101", "vanished", date(2024, 1, 15))}
    assert found(school, months=2) == {}


def test_who_may_have_vanished_before_the_window_is_unknown(school: Store) -> None:
    january(school, *range(2, 10))
    assert len(unknown(school, date(2023, 11, 30), 2, datetime.now())) == 1
    assert unknown(school, AFTER, 3, datetime.now()) == frozenset()
    # Who vanished after the window was there in it.
    assert unknown(school, date(2023, 9, 30), 1, datetime.now()) == frozenset()


def test_lists_a_year_apart_do_not_say_when_a_child_vanished(school: Store) -> None:
    january(school, *range(2, 9), day="15.09.2024")
    assert [len(found(school, after, 6)) for after in (AFTER, date(2024, 3, 31))] == [0, 0]
    assert len(unknown(school, AFTER, 3, datetime.now())) == 1


def test_a_list_long_before_the_window_says_nothing_of_it(school: Store) -> None:
    january(school, *range(2, 10), day="20.10.2023")
    january(school, *range(2, 10))
    assert (found(school), unknown(school, AFTER, 3, datetime.now())) == ({}, frozenset())


def test_without_a_later_list_nobody_can_vanish(school: Store) -> None:
    january(school, 15, code="9100102")
    assert found(school) == {}


def test_who_is_signed_off_before_the_window_does_not_vanish_in_it(school: Store) -> None:
    signed_off(school, 1, "10.10.2023", month="10")
    january(school, *range(2, 10))
    assert found(school) == {}


def test_who_is_back_on_a_later_list_has_not_left(school: Store) -> None:
    signed_off(school, 1, "10.11.2023")
    january(school, *range(1, 10))
    assert found(school) == {}


def test_who_finishes_twelfth_grade_has_not_left(school: Store) -> None:
    signed_off(school, 9, "30.06.2024", grade=12, month="06")
    assert found(school, date(2024, 3, 31)) == {}
    # The same child in the middle of the year has.
    signed_off(school, 9, "10.11.2023", grade=12)
    assert found(school) == {9: ("9100101", "unsubscribed", date(2023, 11, 10))}


def test_twelfth_grade_does_not_vanish_over_the_summer(school: Store) -> None:
    june = [f"9100101;2023/2024;06;дете-{n};{grade};7а;;0;3" for n, grade in ((8, 7), (9, 12))]
    put(school, "отсъствия-06.csv", MONTH, *june)
    january(school, *range(1, 8), day="15.09.2024")
    assert found(school, date(2024, 6, 30)) == {8: ("9100101", "vanished", date(2024, 8, 7))}


def test_who_is_signed_off_in_june_and_on_a_list_in_september_has_moved(school: Store) -> None:
    signed_off(school, 1, "20.06.2024", month="06")
    january(school, 1, code="9100102", day="15.09.2024")
    assert found(school, date(2024, 4, 30), 2) == {}


def test_a_case_that_dropped_out_in_the_window_has_left(school: Store) -> None:
    put(school, "случаи.csv", CASES, *(
        "Т-1;05.02.2024;дете-1;отпаднал;Тест;9100101;20.11.2023;15.11.2023;в работа",
        "Т-2;05.02.2024;дете-2;отпаднал;Тест;9100101;20.10.2023;15.10.2023;в работа",
        "Т-3;05.02.2024;;отпаднал;Тест;9100101;20.11.2023;15.11.2023;в работа",
    ))  # fmt: skip
    assert found(school) == {1: ("9100101", "case", date(2023, 11, 15))}


def test_a_child_is_counted_once_however_it_is_known(school: Store) -> None:
    signed_off(school, 1, "10.11.2023")
    put(school, "случаи.csv", CASES, "Т-1;05.02.2024;дете-1;отпаднал;Тест;;20.11.2023;15.11.2023;в работа")
    january(school, *range(2, 10))
    assert found(school) == {1: ("9100101", "unsubscribed", date(2023, 11, 10))}


def test_what_is_known_later_is_not_known_before(school: Store) -> None:
    known = datetime.now()
    january(school, *range(2, 10))
    assert leavers(school, AFTER, 3, known).empty


def test_schools_that_sent_nothing_afterwards_are_not_heard_of(school: Store) -> None:
    january(school, 15, code="9100103", day="20.09.2023")
    january(school, 16, code="9100102", day="20.11.2023")
    signed_off(school, 1, "10.11.2023")
    assert heard_of(school, AFTER, 3, datetime.now()) == {"9100101", "9100102"}


def test_a_month_can_be_tested_when_something_was_sent_after_it(school: Store) -> None:
    assert past_months(school, datetime.now()) == []
    signed_off(school, 1, "10.10.2023", month="10")
    signed_off(school, 2, "10.11.2023", month="11")
    assert past_months(school, datetime.now()) == [date(2023, 10, 1)]
    assert known_until(school, datetime.now()) == date(2023, 11, 30)
    january(school, *range(3, 10))
    assert past_months(school, datetime.now()) == [date(2023, 11, 1), date(2023, 10, 1)]
    assert known_until(school, datetime.now()) == date(2024, 1, 31)


def test_an_empty_store_knows_of_nobody(store: Store) -> None:
    assert leavers(store, AFTER, 3, datetime.now()).empty
    assert known_until(store, datetime.now()) is None


@pytest.mark.parametrize(
    ("after", "months", "last"),
    [
        (date(2023, 10, 31), 1, date(2023, 11, 30)),
        (date(2023, 10, 31), 3, date(2024, 1, 31)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2023, 10, 15), 2, date(2023, 12, 15)),
    ],
)
def test_a_window_is_whole_months(after: date, months: int, last: date) -> None:
    assert window_end(after, months) == last
