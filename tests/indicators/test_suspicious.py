"""Records worth an inspection: each reason found on a few children's data, and not found just under its limit."""

from __future__ import annotations

from collections.abc import Iterable
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


# --- zeros


@pytest.mark.parametrize(("n", "suspected"), [(20, [(SCHOOL, 2, 20)]), (19, [])])
def test_a_school_of_twenty_without_an_hour_is_suspicious(store: Store, n: int, suspected: list) -> None:
    put(store, register(), listing(*pupils(n)))
    hours(store, {SEPTEMBER: "0", OCTOBER: "0"})
    assert of(store, "zeros") == suspected


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


@pytest.mark.parametrize(
    ("last", "what"),
    [
        ("40", [("doubled", 40, 20)]),
        ("39,5", []),
        ("10,5", []),
        ("10", []),
    ],
)
def test_twice_the_usual_is_suspicious(store: Store, last: str, what: list) -> None:
    put(store, register(), listing(*pupils(3)))
    hours(store, {OCTOBER: "20", NOVEMBER: "20", DECEMBER: last})
    assert [row[1:] for row in found(store, DECEMBER)] == what


@pytest.mark.parametrize(("last", "what"), [("15", [("halved", 15, 30)]), ("15,5", []), ("0", [("halved", 0, 30)])])
def test_half_the_usual_is_suspicious(store: Store, last: str, what: list) -> None:
    put(store, register(), listing(*pupils(3)))
    hours(store, {OCTOBER: "30", NOVEMBER: "30", DECEMBER: last})
    assert [row[1:] for row in found(store, DECEMBER)] == what


@pytest.mark.parametrize(("last", "what"), [("29,5", []), ("30", ["doubled"])])
def test_under_thirty_hours_chance_is_enough(store: Store, last: str, what: list) -> None:
    put(store, register(), listing(*pupils(3)))
    hours(store, {OCTOBER: "1", NOVEMBER: "1", DECEMBER: last})
    assert [row[1] for row in found(store, DECEMBER)] == what


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


def doubled(n: int, single: int = 0) -> list[str]:
    """Lines of one class: pupils in two subgroups with the same hours, and pupils once."""
    twice = [missed(child, "3", class_name="7а", group=group) for child in LETTERS[:n] for group in "12"]
    once = [missed(child, "3", class_name="7а") for child in LETTERS[n : n + single]]
    return twice + once


@pytest.mark.parametrize(
    ("n", "single", "suspected"),
    [(5, 0, [(SCHOOL, 5, 5)]), (4, 0, []), (5, 5, [(SCHOOL, 5, 10)]), (5, 6, [])],
)
def test_half_a_class_standing_twice_is_suspicious(store: Store, n: int, single: int, suspected: list) -> None:
    put(store, register(), listing(*pupils(20)), sent(*doubled(n, single)))
    assert of(store, "subgroups") == suspected


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


def campaign(months: Iterable[tuple[str, str, str]]) -> list[str]:
    return [f"{SCHOOL};2023/2024;{month};{submitted};{day}" for month, submitted, day in months]


@pytest.mark.parametrize(
    ("days", "suspected"),
    [
        (["08.01.2024"] * 3, [(SCHOOL, 3, None)]),
        (["08.01.2024"] * 2 + ["09.01.2024"], []),
        (["08.01.2024"] * 2 + [""], []),
        ([""] * 3, []),
    ],
)
def test_three_months_submitted_in_one_day_are_suspicious(store: Store, days: list[str], suspected: list) -> None:
    put(store, register(), listing(*pupils(3)))
    months = zip(("10", "11", "12"), days, strict=True)
    put(store, *(table(f"подавания-{m}.csv", CAMPAIGN, *campaign([(m, "да", day)])) for m, day in months))
    assert of(store, "one_day", JANUARY) == suspected


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
