"""What is hidden of parts cannot be computed from the rest, at any of the times together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.disclosure.protection import SMALLEST_SHOWN, Part, Protection, band_words, protect

Numbers = list[dict[str, int]]
any_numbers = st.integers(2, 6).flatmap(
    lambda places: st.lists(
        st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=places, max_size=places).map(
            lambda numbers: {chr(ord("а") + i): n for i, n in enumerate(numbers)}
        ),
        min_size=1,
        max_size=4,
    )
)


def times_of(numbers: Numbers) -> dict[int, dict[str, Part]]:
    return {time: {name: Part(n) for name, n in parts.items()} for time, parts in enumerate(numbers)}


@given(any_numbers)
def test_a_part_that_is_ever_small_is_hidden_at_all_times(numbers: Numbers) -> None:
    hidden = protect(times_of(numbers)).hidden
    for parts in numbers:
        assert {name for name, n in parts.items() if 0 < n < SMALLEST_SHOWN} <= hidden


@given(any_numbers)
def test_a_hidden_small_number_can_be_another(numbers: Numbers) -> None:
    """Of the hidden ones only the sum is known, and where they are told the bands: another writing of the same."""
    protection = protect(times_of(numbers))
    for time, parts in enumerate(numbers):
        if time in protection.open_times:
            continue
        hidden = {name: n for name, n in parts.items() if name in protection.hidden}
        for name, n in hidden.items():
            if 0 < n < SMALLEST_SHOWN:
                swaps = [(step, other) for other in hidden for step in (-1, 1) if other != name]
                others = [{**hidden, name: n + step, other: hidden[other] - step} for step, other in swaps]
                assert any(_looks_the_same(hidden, other, protection.has_bands) for other in others)


def _looks_the_same(numbers: dict[str, int], others: dict[str, int], has_bands: bool) -> bool:
    if min(others.values()) < 0:
        return False
    return not has_bands or all(band_words(numbers[name]) == band_words(others[name]) for name in numbers)


@given(any_numbers)
def test_nothing_is_hidden_where_nothing_is_small(numbers: Numbers) -> None:
    large = [{name: 0 if n < SMALLEST_SHOWN else n for name, n in parts.items()} for parts in numbers]
    assert protect(times_of(large)).hidden == frozenset()


@given(any_numbers)
def test_what_was_hidden_before_stays_hidden(numbers: Numbers) -> None:
    before = protect(times_of(numbers[:1])).hidden
    assert before <= protect(times_of(numbers), before).hidden


@given(any_numbers, st.randoms())
def test_the_order_of_parts_changes_nothing(numbers: Numbers, random) -> None:
    mixed = []
    for parts in numbers:
        names = [*parts]
        random.shuffle(names)
        mixed.append({name: parts[name] for name in names})
    assert protect(times_of(mixed)) == protect(times_of(numbers))


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ([{"а": 3, "б": 9, "в": 20}], "аб"),  # the smallest of the others is the cover
        ([{"а": 3, "б": 2, "в": 20}], "аб"),  # two small ones cover each other
        ([{"а": 1, "б": 1, "в": 20}], "абв"),  # 2 = 1 + 1
        ([{"а": 3, "б": 9, "в": 9, "г": 12}], "абв"),  # equal ones together
        ([{"а": 3, "б": 30, "в": 40}, {"а": 30, "б": 30, "в": 4}], "ав"),  # each at its time, both at both
        ([{"а": 3, "б": 0, "в": 20}], "ав"),  # with nobody in it nothing is covered
    ],
)
def test_as_little_is_hidden_as_it_takes(numbers: Numbers, hidden: str) -> None:
    assert protect(times_of(numbers)).hidden == {*hidden}


def test_a_small_part_of_a_whole_is_hidden_by_what_it_leaves_too() -> None:
    assert protect({0: {"а": Part(96, 98), "б": Part(20, 400), "в": Part(60, 400)}}).hidden == {"а", "б"}


def test_nobody_is_over_a_threshold_where_nobody_missed_enough() -> None:
    """A cover that a reader knows to have none is no cover."""
    parts = {"а": Part(3, 90, 9), "б": Part(0, 80, 0), "в": Part(20, 300, 90)}
    assert protect({0: parts}).hidden == {"а", "в"}


def test_one_that_sent_alone_is_hidden_with_its_total() -> None:
    alone = protect({0: {"а": Part(3)}, 1: {"а": Part(9), "б": Part(12)}})
    assert (alone.hidden, alone.open_times) == ({"а"}, {0})


def test_nothing_is_hidden_in_vain() -> None:
    """Where nobody else has sent anything, to hide the others of other months covers nothing."""
    months = {0: {"а": Part(3)}, 1: {"а": Part(9), "б": Part(12), "в": Part(30)}}
    assert protect(months) == Protection(frozenset("а"), True, frozenset({0}), frozenset({0}))


def test_what_is_told_elsewhere_is_no_cover() -> None:
    outcomes = {"в работа": Part(6), "върнати": Part(3), "в чужбина": Part(7), "друго": Part(9)}
    assert protect({0: outcomes}, never=("в работа",)).hidden == {"върнати", "в чужбина"}


def test_bands_are_told_where_they_leave_room() -> None:
    assert protect({0: {"а": Part(3), "б": Part(4), "в": Part(50)}}).has_bands
    # From 11 with „под 10“ and „10–19“ follows 1 and 10, or nobody and 11, which is not hidden.
    assert not protect({0: {"а": Part(1), "б": Part(10)}}).has_bands
    assert [band_words(n) for n in (0, 9, 10, 137)] == ["под 10", "под 10", "10–19", "130–139"]
