"""School years, terms, months, and how many days of a month can teach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.periods import (
    Period,
    first_day,
    month_label,
    month_of,
    month_period,
    next_month,
    parse_period,
    parts_of_year,
    school_days,
    school_year_of,
    school_year_of_month,
    second_term_day,
    term_of,
)

YEAR, FIRST, SECOND, SUMMER, OCTOBER = (
    Period(2023, "year"),
    Period(2023, "term", 1),
    Period(2023, "term", 2),
    Period(2023, "summer"),
    Period(2023, "month", 10),
)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2023, 9, 14), 2022), (date(2023, 9, 15), 2023), (date(2024, 1, 1), 2023)]
)
def test_the_school_year_turns_on_the_15th_of_september(day, year):
    assert school_year_of(day) == year


@pytest.mark.parametrize(("month", "year"), [(date(2023, 8, 1), 2022), (date(2023, 9, 1), 2023)])
def test_the_data_of_september_is_of_the_year_that_begins(month, year):
    assert school_year_of_month(month) == year


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2023, 9, 14), Period(2022, "summer")),
        (date(2023, 9, 15), FIRST),
        (date(2024, 1, 31), FIRST),
        (date(2024, 2, 1), SECOND),
        (date(2024, 6, 30), SECOND),
        (date(2024, 7, 1), SUMMER),
        (date(2024, 9, 14), SUMMER),
    ],
)
def test_the_part_of_the_year_a_day_is_in(day, period):
    assert term_of(day) == period


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_is_in_one_part_of_one_year_and_in_one_month_of_it(day: date):
    years = [Period(day.year - 1, "year"), Period(day.year, "year")]
    parts = [part for year in years for part in parts_of_year(year.start_year)]
    assert [part for part in parts if part.first <= day <= part.last] == [term_of(day)]
    assert [year.start_year for year in years if year.first <= day <= year.last] == [school_year_of(day)]
    months = [month_period(month) for part in parts for month in part.months]
    around = [month for month in months if month.first <= day <= month.last]
    in_first_days = term_of(day).kind == "summer" and day.month == 9
    assert around == ([] if in_first_days else [month_period(day)])
    assert in_first_days or day.replace(day=1) in term_of(day).months


@given(st.integers(2000, 2100))
def test_the_parts_of_a_year_follow_each_other_and_make_it(start_year: int):
    year, parts = Period(start_year, "year"), parts_of_year(start_year)
    assert [part.first for part in parts[1:]] == [part.last + timedelta(days=1) for part in parts[:-1]]
    assert (parts[0].first, parts[-1].last) == (year.first, year.last)
    assert [month for part in parts for month in part.months] == [*year.months]
    assert year.first == year.year_before.last + timedelta(days=1)


def test_the_days_of_the_minister_s_order():
    assert (first_day(2023), second_term_day(2023)) == (date(2023, 9, 15), date(2024, 2, 6))


def test_a_year_without_an_order_takes_the_usual_days():
    assert (first_day(2031), second_term_day(2031)) == (date(2031, 9, 15), date(2032, 2, 6))


@pytest.mark.parametrize(
    ("month", "days"),
    [
        # 22 weekdays, less 30 and 31 October (autumn vacation).
        (date(2023, 10, 1), 20),
        # 22 weekdays, less 1 November.
        (date(2023, 11, 1), 21),
        # 21 weekdays, less 25 to 29 December.
        (date(2023, 12, 1), 16),
        # 23 weekdays, less 1 and 2 January.
        (date(2024, 1, 1), 21),
        # 21 weekdays, less 5 February (between the terms).
        (date(2024, 2, 1), 20),
        # 21 weekdays, less 4 March: the third is a Sunday.
        (date(2024, 3, 1), 20),
        # 22 weekdays, less 1 to 5 April (spring vacation).
        (date(2024, 4, 1), 17),
        # 23 weekdays, less 1 May, Good Friday, Easter Monday and 24 May.
        (date(2024, 5, 1), 19),
    ],
)
def test_school_days_counted_in_the_calendar(month, days):
    assert school_days(month) == days


@pytest.mark.parametrize(
    ("period", "key", "label", "short"),
    [
        (YEAR, "2023", "учебната 2023/2024 г.", "2023/24"),
        (FIRST, "2023-I", "I срок на 2023/2024 г.", "I срок 2023/24"),
        (SECOND, "2023-II", "II срок на 2023/2024 г.", "II срок 2023/24"),
        (SUMMER, "2023-S", "лятото на 2023/2024 г.", "лято 2023/24"),
        (OCTOBER, "2023-10", "октомври 2023 г.", "10.2023"),
        (Period(2023, "month", 1), "2024-01", "януари 2024 г.", "01.2024"),
        (Period(2099, "year"), "2099", "учебната 2099/2100 г.", "2099/00"),
    ],
)
def test_how_a_period_is_written(period, key, label, short):
    assert (period.key, period.label, period.short) == (key, label, short)


@pytest.mark.parametrize("period", [YEAR, FIRST, SECOND, SUMMER, OCTOBER, Period(2023, "month", 1)])
def test_a_key_is_read_back(period):
    assert parse_period(period.key) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023/2024", YEAR),
        ("2023/24 г.", YEAR),
        (" 2023 ", YEAR),
        ("2023/2024-I", FIRST),
        ("2023-1", FIRST),
        ("2023-T1", FIRST),
        ("2023-II срок", SECOND),
        ("2023/2024 - 2", SECOND),
        ("2023-лято", SUMMER),
        ("2023-Лято", SUMMER),
        ("2023-s", SUMMER),
        ("2023/2024-лято", SUMMER),
        ("лято 2023/24", SUMMER),
        ("лято 2023/2024 г.", SUMMER),
        ("лятото на 2023/2024 г.", SUMMER),
        ("10.2023", OCTOBER),
        ("10/2023", OCTOBER),
        ("1.2024", Period(2023, "month", 1)),
    ],
)
def test_what_a_person_writes_for_a_period(text, period):
    assert parse_period(text) == period


@pytest.mark.parametrize(
    "text",
    ["", "срок", "лято", "лято 2024", "2023-III", "2023-13", "13.2023", "1999", "октомври", "2023-10-01", "';--"],
)
def test_what_is_no_period_says_how_one_is_written(text):
    with pytest.raises(ValueError, match="не е период"):
        parse_period(text)


def test_the_parts_share_the_months_of_the_year():
    assert FIRST.months + SECOND.months + SUMMER.months == YEAR.months
    assert (YEAR.months[0], YEAR.months[4], YEAR.months[-1]) == (date(2023, 9, 1), date(2024, 1, 1), date(2024, 8, 1))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (YEAR, date(2023, 9, 15), date(2024, 9, 14)),
        (FIRST, date(2023, 9, 15), date(2024, 1, 31)),
        (SECOND, date(2024, 2, 1), date(2024, 6, 30)),
        (SUMMER, date(2024, 7, 1), date(2024, 9, 14)),
        (Period(2023, "month", 9), date(2023, 9, 15), date(2023, 9, 30)),
        (OCTOBER, date(2023, 10, 1), date(2023, 10, 31)),
        (Period(2023, "month", 2), date(2024, 2, 1), date(2024, 2, 29)),
        (Period(2023, "month", 12), date(2023, 12, 1), date(2023, 12, 31)),
    ],
)
def test_the_days_of_a_period(period, first, last):
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize("period", [YEAR, FIRST, SECOND, SUMMER, OCTOBER])
def test_the_year_before_is_the_same_period(period):
    assert period.year_before == Period(2022, period.kind, period.n)


@pytest.mark.parametrize(
    ("day", "after"), [(date(2023, 12, 31), date(2024, 1, 1)), (date(2024, 1, 31), date(2024, 2, 1))]
)
def test_the_month_after(day, after):
    assert next_month(day) == after


def test_the_month_of_a_day():
    assert (month_of(date(2024, 2, 29)), month_period(date(2024, 2, 29))) == (
        date(2024, 2, 1),
        Period(2023, "month", 2),
    )


def test_a_month_in_words():
    assert month_label(date(2023, 10, 1)) == "октомври 2023 г."
