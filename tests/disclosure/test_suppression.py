"""Small numbers cannot be computed from what is shown, even by a reader who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.disclosure.suppression import SMALLEST_SHOWN, hidden_parts

Parts = dict[str, int | None]
parts_of_an_oblast = st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=2, max_size=8).map(
    lambda numbers: {chr(ord("а") + n): number for n, number in enumerate(numbers)}
)


class Sight(NamedTuple):
    """What a reader is shown."""

    total: int
    shown: tuple[tuple[str, int | None], ...]
    hidden: frozenset[str]


@pytest.mark.parametrize(("places", "most"), [(2, 20), (3, 13), (4, 10)])
def test_a_reader_who_knows_the_rule_has_at_least_two_values_for_every_small_part(places: int, most: int) -> None:
    """Every oblast there can be, grouped by what a reader sees of it: the total, the shown parts, what is hidden."""
    seen: dict[Sight, list[tuple[int, ...]]] = defaultdict(list)
    for numbers in product(range(most + 1), repeat=places):
        parts = {str(n): number for n, number in enumerate(numbers)}
        hidden = hidden_parts(parts)
        shown = tuple(sorted((name, n) for name, n in parts.items() if name not in hidden))
        seen[Sight(sum(numbers), shown, hidden)].append(numbers)
    known = [
        (sight, int(name))
        for sight, oblasts in seen.items()
        for name in sight.hidden
        if len({numbers[int(name)] for numbers in oblasts}) == 1 and 0 < oblasts[0][int(name)] < SMALLEST_SHOWN
    ]
    assert known == []


@given(parts_of_an_oblast)
def test_no_number_below_five_is_shown(parts: Parts) -> None:
    shown = parts.keys() - hidden_parts(parts)
    assert all(n is None or n == 0 or n >= 5 for n in (parts[name] for name in shown))


@given(parts_of_an_oblast)
def test_one_hidden_part_is_never_alone(parts: Parts) -> None:
    numbers = [n for n in parts.values() if n is not None]
    hidden = hidden_parts(parts)
    assert len(hidden) != 1 or len(numbers) == 1


def can_change(name: str, hidden: dict[str, int]) -> bool:
    """Whether a small hidden part could be one more or less, and another hidden one take the difference."""
    return any(
        1 <= hidden[name] + step <= 4 and n - step >= 0 and (n < SMALLEST_SHOWN) == (n - step < SMALLEST_SHOWN)
        for step in (-1, 1)
        for other, n in hidden.items()
        if other != name
    )


@given(parts_of_an_oblast)
def test_every_small_hidden_part_could_be_another_number(parts: Parts) -> None:
    numbers = {name: n for name, n in parts.items() if n is not None}
    hidden = {name: numbers[name] for name in hidden_parts(parts)}
    small = [name for name, n in hidden.items() if 0 < n < SMALLEST_SHOWN]
    assert hidden == numbers or all(can_change(name, hidden) for name in small)


@given(parts_of_an_oblast)
def test_parts_without_data_are_not_hidden(parts: Parts) -> None:
    assert all(parts[name] is not None for name in hidden_parts(parts))


@given(parts_of_an_oblast, st.randoms())
def test_the_order_of_the_parts_does_not_matter(parts: Parts, random: Random) -> None:
    names = list(parts)
    random.shuffle(names)
    assert hidden_parts({name: parts[name] for name in names}) == hidden_parts(parts)


@given(st.lists(st.integers(5, 60) | st.just(0), max_size=8))
def test_nothing_is_hidden_where_nothing_is_small(numbers: list[int]) -> None:
    assert hidden_parts({str(n): number for n, number in enumerate(numbers)}) == frozenset()


def test_a_small_part_takes_the_smallest_larger_one_with_it() -> None:
    assert hidden_parts({"а": 3, "б": 20, "в": 7, "г": 0}) == {"а", "в"}


def test_two_small_parts_that_hide_each_other_take_nobody_with_them() -> None:
    assert hidden_parts({"а": 3, "б": 2, "в": 20}) == {"а", "б"}


def test_two_ones_take_another_with_them() -> None:
    assert hidden_parts({"а": 1, "б": 1, "в": 20, "г": 30}) == {"а", "б", "в"}


def test_two_fours_take_another_with_them() -> None:
    assert hidden_parts({"а": 4, "б": 4, "в": 20, "г": 30}) == {"а", "б", "в"}


def test_equal_parts_are_hidden_together() -> None:
    assert hidden_parts({"а": 3, "б": 9, "в": 9, "г": 12}) == {"а", "б", "в"}


def test_four_is_hidden_and_five_is_shown() -> None:
    assert hidden_parts({"а": 4, "б": 3, "в": 5}) == {"а", "б"}


def test_zero_is_shown_where_it_protects_nobody() -> None:
    assert "г" not in hidden_parts({"а": 3, "б": 2, "г": 0})
