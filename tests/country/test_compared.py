"""Oblasts beside one another: by what is to be expected of their size."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from signed_oblasts import JANUARY, Oblast, brought, of_month, told, with_definition

from obhvat.country.compared import compared, from_words, held_against, months, pairs, senders
from obhvat.store import Store


@pytest.fixture
def sent(country: Store, oblasts: list[Oblast]) -> Store:
    """Three have sent: in the second many more pupils are over the threshold and few schools were inspected."""
    first, second, third, _silent = oblasts
    brought(
        country,
        first.file(*of_month(400, 10_000, 200, 400)),
        second.file(*of_month(900, 10_000, 120, 400)),
        third.file(*of_month(410, 10_000, 210, 400)),
    )
    return country


def test_an_oblast_far_from_the_others_is_outside(sent: Store) -> None:
    found = compared(sent, "pupils_over_threshold", JANUARY)
    # Two that are alike lie below what the third makes of the whole.
    assert [(place.oblast, place.level) for place in found.outside] == [
        ("Бистрец", -1),
        ("Ведрово", 1),
        ("Каменград", -1),
    ]


def test_oblasts_stand_by_name_and_not_by_rank(sent: Store) -> None:
    places = compared(sent, "pupils_over_threshold", JANUARY).places
    assert [place.oblast for place in places] == ["Бистрец", "Ведрово", "Каменград", "Ясеново"]


def test_a_sum_is_that_of_the_oblasts_that_are_shown(sent: Store) -> None:
    found = compared(sent, "pupils_over_threshold", JANUARY)
    assert (found.n, found.d) == (400 + 900 + 410, 30_000)
    assert found.n == sum(place.n or 0 for place in found.told)
    assert from_words(found) == "от 3 от 4 области (без файл от 1 област)"


def test_a_figure_that_is_not_in_the_file_is_no_missing_file(sent: Store) -> None:
    found = compared(sent, "cases_overdue", JANUARY)
    assert [place.state for place in found.places] == ["not_in_file"] * 3 + ["not_sent"]


def test_zero_hidden_no_data_and_no_file_are_four_things(country: Store, oblasts: list[Oblast]) -> None:
    rows = [told("cases_in_work", 0), told("cases_in_work", None, why="малко"), told("cases_in_work", None)]
    brought(country, *(oblast.file(row) for oblast, row in zip(oblasts, rows, strict=False)))
    found = compared(country, "cases_in_work", JANUARY)
    assert [place.state for place in found.places] == ["told", "hidden", "no_data", "not_sent"]
    assert found.n == 0
    assert from_words(found) == (
        "от 1 от 4 области (скрито при 1 област, без данни при 1 област и без файл от 1 област)"
    )


def test_another_definition_is_not_compared_and_not_added(country: Store, oblasts: list[Oblast]) -> None:
    others = with_definition(of_month(100, 1000, 20, 40), "0" * 16)
    brought(
        country,
        oblasts[0].file(*of_month(40, 1000, 20, 40)),
        oblasts[1].file(*of_month(40, 1000, 20, 40)),
        oblasts[2].file(*others),
    )
    found = compared(country, "pupils_over_threshold", JANUARY)
    assert (found.of("other"), found.n, len(found.compared)) == (("Каменград",), 80, 2)


def test_work_lags_where_need_is_greater_and_less_is_done(sent: Store) -> None:
    need = compared(sent, "pupils_over_threshold", JANUARY)
    work = compared(sent, "schools_inspected", JANUARY, so_far=True)
    assert {pair.oblast: pair.lags for pair in pairs(need, work)} == {
        "Бистрец": False,
        "Ведрово": True,
        "Каменград": False,
        "Ясеново": False,
    }


def test_visits_are_expected_by_how_many_cases_there_are(country: Store, oblasts: list[Oblast]) -> None:
    made = {"Бистрец": (20, 40), "Ведрово": (100, 200), "Каменград": (100, 90)}
    for oblast in oblasts[:3]:
        cases, visits = made[oblast.name]
        brought(country, oblast.file(told("cases_in_work", cases), told("visits", visits)))
    held = held_against(compared(country, "visits", JANUARY), compared(country, "cases_in_work", JANUARY))
    assert {place.oblast: place.level for place in held.told} == {"Бистрец": 0, "Ведрово": 1, "Каменград": -1}
    # Of 20 cases 30 are expected, as there are half as many again as cases in all.
    first = held.told[0]
    assert (math.ceil(first.low or 0), math.floor(first.high or 0)) == (20, 41)


def test_who_has_not_sent_this_month_is_named_with_the_last(sent: Store, oblasts: list[Oblast]) -> None:
    december = date(2023, 12, 1)
    brought(
        sent, oblasts[3].file(told("cases_in_work", 5, period="2023-12"), month=december, later=-timedelta(days=30))
    )
    silent = senders(sent, JANUARY)[-1]
    assert (silent.oblast, silent.made_at, silent.last_month) == ("Ясеново", None, december)
    assert months(sent) == [JANUARY, december]
