"""A child in two institutions in one month is one child with what it missed in both: counted here by hand."""

from __future__ import annotations

import pytest
from small_stores import GARDEN, OTHER, REGISTER, SCHOOL, listing, missed, on_list, put, sent, table

from obhvat.ingest import Source
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = Period(2023, "term", 1)
SECOND_GARDEN = "9100104"


@pytest.fixture
def two_of_each(store: Store) -> Store:
    garden = f"{SECOND_GARDEN};ДГ „Четвърто“;Тест;Долно;с. Долно;детска градина"
    put(store, table("институции.csv", f"{REGISTER}\n{garden}"))
    return store


def over(store: Store, metric: str) -> dict[str, float]:
    """By institution, as the figure says it."""
    counts = figure(store, metric, TERM, Scope()).counts
    return {count.school: count.n for count in counts if count.school and count.n}


# The metric of the threshold, and that of the rule of risk: they may never differ.
HOURS = ("pupils_over_threshold", "flags_monthly_unexcused_hours")
DAYS = ("children_over_threshold", "flags_monthly_unexcused_days")


@pytest.mark.parametrize("second_first", [False, True])
def test_three_hours_in_each_of_two_schools_are_six_hours_of_one_child(two_of_each: Store, second_first):
    files = [sent(missed("а", "3")), sent(missed("а", "3", school=OTHER))]
    for file in reversed(files) if second_first else files:
        put(two_of_each, file)
    metric, rule = HOURS
    # Nothing says where it was last: at the one of the higher code, in whatever order the files came.
    assert over(two_of_each, metric) == over(two_of_each, rule) == {OTHER: 1}
    assert figure(two_of_each, metric, TERM, Scope(municipality="Долно")).n == 1
    assert figure(two_of_each, metric, TERM, Scope(municipality="Горно")).n == 0


def test_two_days_in_each_of_two_kindergartens_are_four_days_of_one_child(two_of_each: Store):
    put(two_of_each, sent(missed("б", "2", school=GARDEN, grade="четвърта група")))
    assert over(two_of_each, DAYS[0]) == {}
    put(two_of_each, sent(missed("б", "2", school=SECOND_GARDEN, grade="четвърта група")))
    assert over(two_of_each, DAYS[0]) == over(two_of_each, DAYS[1]) == {SECOND_GARDEN: 1}


def test_the_list_says_at_which_of_them_it_is(two_of_each: Store):
    put(two_of_each, sent(missed("а", "3")), sent(missed("а", "3", school=OTHER)))
    put(two_of_each, listing(on_list("а", "20.10.2023")))
    assert over(two_of_each, HOURS[0]) == over(two_of_each, HOURS[1]) == {SCHOOL: 1}


def test_hours_and_days_of_one_child_are_not_added(two_of_each: Store):
    put(two_of_each, sent(missed("а", "4")), sent(missed("а", "3", school=GARDEN, grade="четвърта група")))
    for metric, rule in (HOURS, DAYS):
        assert over(two_of_each, metric) == over(two_of_each, rule) == {}


def test_over_in_each_it_is_still_one(two_of_each: Store):
    put(two_of_each, sent(missed("а", "7")), sent(missed("а", "8", school=OTHER)))
    assert over(two_of_each, HOURS[0]) == over(two_of_each, HOURS[1]) == {OTHER: 1}


def test_a_corrected_month_of_one_of_them_is_counted_anew(two_of_each: Store):
    put(two_of_each, sent(missed("а", "3")), sent(missed("а", "3", school=OTHER)))
    corrected = Source("поправен.csv", sent(missed("а", "1", school=OTHER)).data)
    put(two_of_each, corrected)
    assert over(two_of_each, HOURS[0]) == over(two_of_each, HOURS[1]) == {}
