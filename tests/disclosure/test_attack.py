"""Whoever is given all that an audience can reach computes no number of 1 to 4 children that is hidden from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import command
from small_oblast import SCHOOLS, absences, put, register

from obhvat.attack import Cell, Equations, Row, judged, judged_within, reach, whoever_has
from obhvat.attack.equations import Told, told
from obhvat.attack.reached import Reached
from obhvat.attack.solving import Contradiction, intervals
from obhvat.disclosure import Audience
from obhvat.disclosure.protection import Part, Protection, band_words, protect
from obhvat.disclosure.rules import Place
from obhvat.store import Store

Numbers = list[dict[str, dict[str, int]]]
"""Month → municipality → school → how many."""
LINKED = (
    "cases_in_work",
    "pupils_over_threshold",
    "flags_monthly_unexcused_hours",
    "flags_year_unexcused_hours",
    "flags_term_unexcused_hours",
    "flags_severe_absence",
    "flags_chronic_absence",
)


CASES = ("cases_in_work", "cases_total", "cases_returned", "cases_abroad", "cases_overdue", "pupils_over_threshold")


@pytest.mark.parametrize(("audience", "metrics"), [("members", LINKED), ("press", CASES)])
def test_nobody_computes_a_child_of_the_demo(demo_store: Store, audience: Audience, metrics: tuple[str, ...]) -> None:
    reached = reach(demo_store, audience, years=[2023], metrics=metrics)
    made = judged(reached, audience)
    assert len(made.small) > 20
    assert made.narrowed == []
    if audience == "members":
        assert any("по-малко спрямо" in row.why for row in reached.known)
    # The attacker is not misled: all that it holds is so.
    assert [row for row in reached.known if not row.holds(reached.truth)] == []


def test_nobody_computes_a_child_of_the_awkward_oblast(awkward_store: Store) -> None:
    names = ("cases_in_work", "pupils_over_threshold", "children_over_threshold")
    made = judged(reach(awkward_store, "members", metrics=names), "members")
    assert len(made.small) > 50
    assert made.narrowed == []


def narrowed_of(reached: Reached, place: Place) -> dict[str, list[Cell]]:
    """Who has a place → the small numbers of others that it can compute, if any."""
    within = {given: judged_within(reached, viewer) for given, viewer in whoever_has(reached, place).items()}
    return {given: made.narrowed for given, made in within.items() if made.narrowed}


@pytest.mark.parametrize("which", ["demo_store", "awkward_store"])
def test_who_knows_all_of_a_municipality_computes_no_child_of_another(
    which: str, request: pytest.FixtureRequest
) -> None:
    names = ("cases_in_work", "pupils_over_threshold", "flags_year_unexcused_hours")
    reached = reach(request.getfixturevalue(which), "members", years=[2023], metrics=names)
    assert narrowed_of(reached, "municipality") == {}


def test_who_knows_all_of_a_school_computes_no_child_of_another(demo_store: Store) -> None:
    reached = reach(demo_store, "members", years=[2023], metrics=("pupils_over_threshold",))
    assert narrowed_of(reached, "school") == {}


def oblast(random: Random) -> Numbers:
    """A small one: some municipalities of some schools, over some months."""
    sizes = [random.randint(1, 5) for _ in range(random.randint(2, 6))]
    most = random.choice((3, 8, 40))
    return [
        {str(m): {f"{m}-{s}": random.randint(0, most) for s in range(n)} for m, n in enumerate(sizes)}
        for _ in range(random.randint(1, 5))
    ]


def seen(numbers: Numbers, rule: Callable[..., Protection]) -> Reached:
    """What members see of an oblast when a rule chooses what is hidden, of municipalities and of schools in them."""
    reached = Reached()
    inner = {
        home: rule({t: {s: Part(n) for s, n in month[home].items()} for t, month in enumerate(numbers)})
        for home in numbers[0]
    }
    times = {t: {home: Part(sum(of.values())) for home, of in month.items()} for t, month in enumerate(numbers)}
    outer = rule(times)
    open_ones = {home for home, protection in inner.items() if protection.open_inside}
    if open_ones:
        outer = rule(times, open_ones) if rule is not only_small else outer
    for t, month in enumerate(numbers):
        whole = Cell("x", None, None, t)
        homes = {home: Cell("x", home, None, t) for home in month}
        _tell(reached, whole, sum(sum(of.values()) for of in month.values()), t not in outer.open_inside)
        for home, schools in month.items():
            hidden = home in outer.hidden
            _tell(reached, homes[home], sum(schools.values()), not hidden, has_band=outer.has_bands)
            for school, n in schools.items():
                is_shown = not hidden and school not in inner[home].hidden
                has_band = not hidden and inner[home].has_bands
                _tell(reached, Cell("x", home, school, t), n, is_shown, has_band=has_band)
            reached.known.adds_up(homes[home], [Cell("x", home, school, t) for school in schools], "")
        reached.known.adds_up(whole, [*homes.values()], "")
    return reached


def _tell(reached: Reached, cell: Cell, n: int, is_shown: bool, *, has_band: bool = False) -> None:
    reached.truth[cell] = n
    reached.known.tell(cell, str(n) if is_shown else band_words(n) if has_band else "скрито")


def only_small(times: dict[int, dict[str, Part]]) -> Protection:
    """A rule that hides what is small, and nothing besides."""
    return Protection(frozenset(name for parts in times.values() for name, part in parts.items() if part.is_small))


def test_nobody_computes_a_child_of_a_hundred_small_oblasts() -> None:
    narrowed = [
        made.narrowed for seed in range(100) for made in [judged(seen(oblast(Random(seed)), protect), "members")]
    ]
    assert narrowed == [[]] * 100


def test_nobody_who_knows_its_own_computes_a_child_of_another_in_small_oblasts() -> None:
    rule = partial(protect, has_insiders=True)
    reached = [seen(oblast(Random(seed)), rule) for seed in range(40)]
    assert [narrowed_of(of, "municipality") for of in reached] == [{}] * 40


def test_who_knows_its_own_breaks_a_rule_that_holds_against_others() -> None:
    reached = [seen(oblast(Random(seed)), protect) for seed in range(40)]
    assert sum(bool(narrowed_of(of, "municipality")) for of in reached) > 5


def test_the_attacker_breaks_a_rule_that_hides_only_what_is_small() -> None:
    broken = [seed for seed in range(100) if judged(seen(oblast(Random(seed)), only_small), "members").narrowed]
    assert len(broken) > 30


A, B, C = (Cell("x", name, None, 0) for name in "абв")


def system(cells: Iterable[Cell], bounds: list[tuple[int, int]], rows: list[Row]) -> Equations:
    known = Equations()
    for cell, (low, high) in zip(cells, bounds, strict=True):
        known.between(cell, low, high)
    known.rows += rows
    return known


rows_of_three = st.lists(
    st.tuples(
        st.lists(st.sampled_from((-1, 0, 1)), min_size=3, max_size=3).filter(any), st.integers(-4, 8), st.integers(0, 4)
    ),
    max_size=4,
)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(3, 6)), min_size=3, max_size=3), rows_of_three)
def test_the_smallest_and_largest_are_those_of_all_that_is_possible(
    bounds: list[tuple[int, int]], drawn: list[tuple[list[int], int, int]]
) -> None:
    cells = (A, B, C)
    rows = [
        Row(tuple((cell, sign) for cell, sign in zip(cells, signs, strict=True) if sign), low, low + more, "")
        for signs, low, more in drawn
    ]
    possible = [
        dict(zip(cells, numbers, strict=True))
        for numbers in product(*(range(low, high + 1) for low, high in bounds))
        if all(row.holds(dict(zip(cells, numbers, strict=True))) for row in rows)
    ]
    known = system(cells, bounds, rows)
    if not possible:
        with pytest.raises(Contradiction):
            intervals(known, cells)
        return
    answer = intervals(known, cells)
    exact = {cell: (min(n[cell] for n in possible), max(n[cell] for n in possible)) for cell in cells}
    for cell in cells:
        assert (answer[cell][0] == answer[cell][1]) == (exact[cell][0] == exact[cell][1])
    narrowest = min(high - low for low, high in exact.values())
    assert min(high - low for low, high in answer.values()) == narrowest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("14", Told(14, 14)),
        ("38 от 40", Told(38, 38, 40)),
        ("под 10 от 1203", Told(0, 9, 1203)),
        ("10–19", Told(10, 19)),
        ("130–139 от 12\u2009403", Told(130, 139, 12403)),
        ("скрито", None),
        ("няма данни за януари 2024 г.", None),
    ],
)
def test_words_of_a_number_are_read(words: str, says: Told | None) -> None:
    assert told(words) == says


def test_the_command_says_what_can_be_reached(store: Store, tmp_path: Path) -> None:
    over = zip((3, 6, 8, 7), SCHOOLS, strict=True)
    put(store, register(), *(absences(code, 10, [9] * n + [0.5] * 40) for n, code in over))
    with store.closed():
        said = command("disclosure", "--audience", "members", "--json", "--store", store.path, folder=tmp_path)
    answer = json.loads(said.stdout)
    assert (said.returncode, answer["narrowed_to_one"]) == (0, 0)
    assert answer["cells"] == answer["shown"] + answer["bands"] + answer["hidden"] > 0
    assert answer["narrowest"]["low"] < answer["narrowest"]["high"]
