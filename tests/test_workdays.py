"""Working days against calendars written out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.workdays import add_workdays, is_workday, workdays_between

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))

# The weekdays that did not work, from the calendars of the Council of Ministers.
OFF_2024 = "01.01 04.03 01.05 03.05 06.05 24.05 06.09 23.09 24.12 25.12 26.12"
OFF_2023 = "02.01 03.03 14.04 17.04 01.05 08.05 24.05 06.09 22.09 25.12 26.12 27.12"


@pytest.mark.parametrize(("year", "off"), [(2023, OFF_2023), (2024, OFF_2024)])
def test_the_weekdays_of_a_year_that_do_not_work(year, off):
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year == 2024))]
    assert [f"{d:%d.%m}" for d in every if d.weekday() < 5 and not is_workday(d)] == off.split()


def test_weekends_do_not_work():
    assert not is_workday(date(2024, 2, 3))
    assert not is_workday(date(2024, 2, 4))
    assert is_workday(date(2024, 2, 5))


def test_a_vacation_of_schools_is_not_one_of_offices():
    assert is_workday(date(2023, 11, 1))
    assert is_workday(date(2024, 4, 4))


@pytest.mark.parametrize(
    ("day", "n", "due"),
    [
        # Mon 29.04, Tue 30.04, [Wed 01.05 Labour Day], Thu 02.05, [Fri 03.05 Good Friday, 04, 05 Easter, Mon 06.05],
        # Tue 07.05, Wed 08.05
        (date(2024, 4, 29), 1, date(2024, 4, 30)),
        (date(2024, 4, 29), 2, date(2024, 5, 2)),
        (date(2024, 4, 29), 3, date(2024, 5, 7)),
        (date(2024, 4, 29), 4, date(2024, 5, 8)),
        # From a holiday, or a Saturday, the first working day is the next one.
        (date(2024, 5, 5), 1, date(2024, 5, 7)),
        (date(2024, 5, 18), 1, date(2024, 5, 20)),
        # Fri 24.05
        (date(2024, 5, 23), 1, date(2024, 5, 27)),
        # Fri 06.09
        (date(2024, 9, 5), 1, date(2024, 9, 9)),
        # Sun 22.09 moves to Mon 23.09
        (date(2024, 9, 20), 1, date(2024, 9, 24)),
        # Mon 23.12, [Tue 24, Wed 25, Thu 26], Fri 27
        (date(2024, 12, 20), 2, date(2024, 12, 27)),
        # [Mon 25, Tue 26, Wed 27.12 for Christmas Eve on a Sunday]
        (date(2023, 12, 22), 1, date(2023, 12, 28)),
        (date(2023, 12, 29), 1, date(2024, 1, 2)),
        (date(2024, 5, 5), 0, date(2024, 5, 5)),
    ],
)
def test_the_nth_working_day_after_a_day(day, n, due):
    assert add_workdays(day, n) == due


@pytest.mark.parametrize(
    ("a", "b", "n"),
    [
        # 30.04, 02.05, 07.05
        (date(2024, 4, 29), date(2024, 5, 7), 3),
        (date(2024, 4, 29), date(2024, 5, 6), 2),
        (date(2024, 5, 3), date(2024, 5, 6), 0),
        (date(2024, 9, 20), date(2024, 9, 24), 1),
        # 27.12, 28.12 is a Saturday
        (date(2024, 12, 23), date(2024, 12, 28), 1),
        (date(2024, 2, 5), date(2024, 2, 5), 0),
        (date(2024, 2, 5), date(2024, 1, 5), 0),
    ],
)
def test_working_days_between(a, b, n):
    assert workdays_between(a, b) == n


@given(days, st.integers(1, 60))
def test_the_nth_working_day_is_n_working_days_away_and_works(day, n):
    due = add_workdays(day, n)
    assert is_workday(due)
    assert workdays_between(day, due) == n


@given(days, st.integers(-30, 900))
def test_working_days_between_are_those_that_work(a, more):
    assert workdays_between(a, a + timedelta(days=more)) == sum(
        is_workday(a + timedelta(days=n)) for n in range(1, more + 1)
    )


@given(days, st.integers(0, 90), st.integers(0, 90))
def test_working_days_of_two_spans_add_up(a, more, further):
    b = a + timedelta(days=more)
    c = b + timedelta(days=further)
    assert workdays_between(a, c) == workdays_between(a, b) + workdays_between(b, c)
