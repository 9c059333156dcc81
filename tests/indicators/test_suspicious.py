"""Records worth an inspection: each reason found on a few children's data, and not found just under its limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import pytest
from small_stores import (
    DECEMBER,
    GARDEN,
    JANUARY,
    NOVEMBER,
    OCTOBER,
    OTHER,
    SCHOOL,
    listing,
    missed,
    on_list,
    put,
    register,
    sent,
    table,
)

from obhvat.indicators.suspicious import WHAT, reason, suspicious
from obhvat.ingest import Source
from obhvat.store import Store

SEPTEMBER = date(2023, 9, 1)
# Letters whose order numbers are identifiers of their own.
LETTERS = [chr(ord("а") + n) for n in range(30)]
CAMPAIGN = "Код по НЕИСПУО;Учебна година;Месец;Подадени;Подадени на"


def found(store: Store, month: date = OCTOBER) -> list[tuple[str, str, float, float | None]]:
    """School, what, amount, usual."""
    rows = suspicious(store, month, datetime.now())[["school", "what", "amount", "usual"]]
    return [(s, w, a, None if u != u else u) for s, w, a, u in rows.itertuples(index=False)]


def of(store: Store, what: str, month: date = OCTOBER) -> list[tuple[str, float, float | None]]:
    return [(school, amount, usual) for school, kind, amount, usual in found(store, month) if kind == what]


def pupils(n: int, school: str = SCHOOL) -> Iterable[str]:
    return (on_list(child, school=school) for child in LETTERS[:n])


def hours(store: Store, months: dict[date, str], school: str = SCHOOL) -> None:
    """One pupil's unexcused hours in each month."""
    rows = (missed("а", unexcused, month, school=school, excused="1") for month, unexcused in months.items())
    put(store, *map(sent, rows))


def code(n: int) -> str:
    """Of as many schools as are wanted: each is tried by itself, all in one store."""
    return f"91002{n:02}"


def schools(sizes: Iterable[int]) -> list[Source]:
    """A register of schools and their lists, each of so many pupils of its own."""
    rows, lists = [], []
    for n, size in enumerate(sizes):
        rows.append(f"{code(n)};СУ „{n}“;Тест;Горно;гр. Горно;средно училище")
        lists.append(listing(*(of_school(on_list(child, school=code(n)), n) for child in LETTERS[:size])))
    return [table("институции.csv", register().data.decode(), *rows), *lists]


def of_school(line: str, n: int) -> str:
    """A line of a child that is of a school of its own."""
    return line.replace("дете-", f"дете-{n}-")


def months_of_schools(months: Sequence[date], unexcused: Iterable[Sequence[str]]) -> list[Source]:
    """One pupil's unexcused hours in these months, of each school in turn."""
    return [
        sent(of_school(missed("а", hours, month, school=code(n), excused="1"), n))
        for n, row in enumerate(unexcused)
        for month, hours in zip(months, row, strict=True)
    ]


# --- zeros


def test_a_school_of_twenty_without_an_hour_is_suspicious(store: Store) -> None:
    put(store, *schools([20, 19]))
    put(store, *months_of_schools([SEPTEMBER, OCTOBER], [("0", "0")] * 2))
    assert of(store, "zeros") == [(code(0), 2, 20)]


def test_half_an_hour_in_any_month_is_not_zero(store: Store) -> None:
    put(store, register(), listing(*pupils(20)))
    hours(store, {SEPTEMBER: "0,5", OCTOBER: "0"})
    assert of(store, "zeros") == []


def test_a_later_hour_does_not_make_earlier_months_right(store: Store) -> None:
    put(store, register(), listing(*pupils(20)))
    hours(store, {SEPTEMBER: "0", OCTOBER: "0", NOVEMBER: "4"})
    assert (of(store, "zeros", OCTOBER), of(store, "zeros", NOVEMBER)) == ([(SCHOOL, 2, 20)], [])


def test_a_school_that_sent_nothing_is_missing_not_suspicious(store: Store) -> None:
    put(store, register(), listing(*pupils(20)), listing(*pupils(20, OTHER)))
    hours(store, {OCTOBER: "3"})
    assert found(store) == []


def test_a_kindergarten_without_unexcused_days_is_not_suspicious(store: Store) -> None:
    children = [on_list(child, school=GARDEN, grade="четвърта група") for child in LETTERS]
    put(store, register(), listing(*children))
    put(store, sent(missed("а", "0", school=GARDEN, grade="четвърта група", excused="1")))
    assert found(store) == []


# --- halved and doubled


def test_twice_the_usual_is_suspicious(store: Store) -> None:
    put(store, *schools([3] * 4))
    months = [("20", "20", last) for last in ("40", "39,5", "10,5", "10")]
    put(store, *months_of_schools([OCTOBER, NOVEMBER, DECEMBER], months))
    assert found(store, DECEMBER) == [(code(0), "doubled", 40, 20)]


def test_half_the_usual_is_suspicious(store: Store) -> None:
    put(store, *schools([3] * 3))
    months = [("30", "30", last) for last in ("15", "15,5", "0")]
    put(store, *months_of_schools([OCTOBER, NOVEMBER, DECEMBER], months))
    assert found(store, DECEMBER) == [(code(0), "halved", 15, 30), (code(2), "halved", 0, 30)]


def test_under_thirty_hours_chance_is_enough(store: Store) -> None:
    put(store, *schools([3] * 2))
    put(store, *months_of_schools([OCTOBER, NOVEMBER, DECEMBER], [("1", "1", last) for last in ("29,5", "30")]))
    assert [row[:2] for row in found(store, DECEMBER)] == [(code(1), "doubled")]


def test_september_is_no_measure_and_is_not_measured(store: Store) -> None:
    put(store, register(), listing(*pupils(3)))
    hours(store, {SEPTEMBER: "2", OCTOBER: "40"})
    assert found(store, OCTOBER) == []
    hours(store, {NOVEMBER: "40"})
    # Only one earlier month that counts: too few for anything usual.
    assert found(store, NOVEMBER) == []
    hours(store, {DECEMBER: "80"})
    assert found(store, DECEMBER) == [(SCHOOL, "doubled", 80, 40)]


def test_usual_is_the_middle_of_the_schools_own_months(store: Store) -> None:
    put(store, register(), listing(*pupils(3)), listing(*pupils(3, OTHER)))
    hours(store, {OCTOBER: "20", NOVEMBER: "30", DECEMBER: "90", JANUARY: "60"})
    hours(store, {OCTOBER: "60", NOVEMBER: "60", DECEMBER: "60", JANUARY: "60"}, OTHER)
    assert found(store, JANUARY) == [(SCHOOL, "doubled", 60, 30)]


# --- subgroups


def doubled(no: int, n: int, single: int = 0) -> list[str]:
    """Lines of one class of a school: pupils in two subgroups with the same hours, and pupils once."""
    twice = [missed(c, "3", school=code(no), class_name="7а", group=g) for c in LETTERS[:n] for g in "12"]
    once = [missed(c, "3", school=code(no), class_name="7а") for c in LETTERS[n : n + single]]
    return [of_school(line, no) for line in twice + once]


def test_half_a_class_standing_twice_is_suspicious(store: Store) -> None:
    classes = [(5, 0), (4, 0), (5, 5), (5, 6)]
    put(store, *schools([20] * 4), *(sent(*doubled(no, *of_class)) for no, of_class in enumerate(classes)))
    assert of(store, "subgroups") == [(code(0), 5, 5), (code(2), 5, 10)]


def test_two_subgroups_with_other_hours_are_two_subgroups(store: Store) -> None:
    rows = [
        missed(child, hours, class_name="7а", group=group)
        for child in LETTERS[:8]
        for group, hours in (("1", "3"), ("2", "2"))
    ]
    put(store, register(), listing(*pupils(20)), sent(*rows))
    assert of(store, "subgroups") == []


def test_pupils_of_other_classes_with_the_same_hours_are_not_doubled(store: Store) -> None:
    put(store, register(), listing(*pupils(20)), sent(*(missed(child, "3") for child in LETTERS[:10])))
    assert of(store, "subgroups") == []


# --- submitted in one day


def campaign(months: Iterable[tuple[str, str, str]], school: str = SCHOOL) -> list[str]:
    return [f"{school};2023/2024;{month};{submitted};{day}" for month, submitted, day in months]


def test_three_months_submitted_in_one_day_are_suspicious(store: Store) -> None:
    days = [
        ["08.01.2024"] * 3,
        ["08.01.2024"] * 2 + ["09.01.2024"],
        ["08.01.2024"] * 2 + [""],
        [""] * 3,
    ]
    put(store, *schools([3] * 4))
    files = {
        month: [row for n, of_school in enumerate(days) for row in campaign([(month, "да", of_school[at])], code(n))]
        for at, month in enumerate(("10", "11", "12"))
    }
    put(store, *(table(f"подавания-{month}.csv", CAMPAIGN, *rows) for month, rows in files.items()))
    assert of(store, "one_day", JANUARY) == [(code(0), 3, None)]


def test_months_that_were_not_submitted_are_not_counted(store: Store) -> None:
    put(store, register(), listing(*pupils(3)))
    months = (("10", "да"), ("11", "да"), ("12", "не"))
    put(store, *(table(f"подавания-{m}.csv", CAMPAIGN, *campaign([(m, sent, "08.01.2024")])) for m, sent in months))
    assert of(store, "one_day", JANUARY) == []


# --- the demonstration, and words


def test_the_demonstration_has_the_faults_it_was_given(demo_store: Store) -> None:
    found = suspicious(demo_store, NOVEMBER, datetime(2024, 3, 13))
    said = set(found[["school", "what", "about"]].itertuples(index=False, name=None))
    assert said == {("9002001", "subgroups", "9б"), ("9002005", "zeros", "")}


@pytest.mark.parametrize(
    ("what", "amount", "usual", "about", "said"),
    [
        ("zeros", 1, 41, "", "1 месец без нито един неизвинен час при 41 ученици в списъка: вероятно не се нанасят"),
        ("doubled", 80, 40, "", "80 неизвинени часа за месеца при обичайни 40 от началото на годината"),
        ("halved", 7.5, 40, "", "7,5 неизвинени часа за месеца при обичайни 40 от началото на годината"),
        ("subgroups", 13, 26, "9б", "в паралелка 9б 13 от 26 ученици стоят два пъти с еднакви часове"),
        ("one_day", 3, None, "08.01.2024", "отсъствията за 3 месеца са подадени на 08.01.2024 г."),
    ],
)
def test_a_reason_is_said_in_words(what: str, amount: float, usual: float | None, about: str, said: str) -> None:
    assert reason(what, amount, usual, about) == said


def test_every_reason_has_a_name() -> None:
    kinds = {"zeros", "doubled", "halved", "subgroups", "one_day"}
    assert set(WHAT) == kinds
