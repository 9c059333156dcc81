"""What an audience may see of schools and municipalities cannot be used to compute what it may not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obhvat.disclosure import HIDDEN, OBLAST, SMALLEST_SHOWN, Audience, Disclosure
from obhvat.metrics import Figure, figure, metric, year_before
from obhvat.periods import Period
from obhvat.scope import Count, Scope
from obhvat.store import Store
from obhvat.texts import out_of

Oblast = dict[str, list[int]]
oblasts = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), min_size=2, max_size=5).map(
    lambda numbers: {f"община {n}": inside for n, inside in enumerate(numbers)}
)
TERM = Period(2023, "term", 1)
AUDIENCES: tuple[Audience, ...] = ("internal", "members", "press")


def figure_of(oblast: Oblast, metric_id: str = "pupils_over_threshold", scope: Scope = Scope()) -> Figure:
    counts = tuple(
        Count(municipality, f"{municipality}/{n}", number, 100, True, date(2023, 10, 1))
        for municipality, numbers in oblast.items()
        for n, number in enumerate(numbers)
    )
    return Figure(metric(metric_id), Period(2023, "month", 10), scope, counts)


@pytest.fixture
def members(demo_store: Store) -> Disclosure:
    return Disclosure(demo_store, "members")


@pytest.fixture
def press(demo_store: Store) -> Disclosure:
    return Disclosure(demo_store, "press")


@pytest.fixture
def inside(demo_store: Store) -> Disclosure:
    return Disclosure(demo_store, "internal")


# What is shown of numbers already at hand asks nothing of the store: the examples may share it.
any_oblast = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@any_oblast
@given(oblast=oblasts)
def test_a_hidden_school_is_never_alone_in_a_municipality_that_is_shown(members: Disclosure, oblast: Oblast) -> None:
    whole = figure_of(oblast)
    for municipality in set(oblast) - members.hidden_municipalities(whole):
        assert len(members.hidden_schools(whole, municipality)) != 1


@any_oblast
@given(oblast=oblasts)
def test_no_school_of_a_hidden_municipality_is_shown(members: Disclosure, oblast: Oblast) -> None:
    whole = figure_of(oblast)
    for municipality in members.hidden_municipalities(whole):
        every = {f"{municipality}/{n}" for n in range(len(oblast[municipality]))}
        assert members.hidden_schools(whole, municipality) == every


@any_oblast
@given(oblast=oblasts)
def test_every_small_school_is_hidden_from_members(members: Disclosure, oblast: Oblast) -> None:
    shown = members.places(figure_of(oblast), "school")
    for municipality, numbers in oblast.items():
        for n, number in enumerate(numbers):
            if 0 < number < SMALLEST_SHOWN:
                assert shown[f"{municipality}/{n}"].text == HIDDEN
                assert shown[f"{municipality}/{n}"].value is None


@any_oblast
@given(oblast=oblasts)
def test_places_within_places_are_hidden_by_the_rule_of_schools(members: Disclosure, oblast: Oblast) -> None:
    whole = figure_of(oblast)
    outer = {name: sum(numbers) for name, numbers in oblast.items()}
    inner = {name: {f"{name}/{n}": number for n, number in enumerate(numbers)} for name, numbers in oblast.items()}
    every = frozenset().union(*(members.hidden_schools(whole, name) for name in oblast))
    assert members.hidden_within(outer, inner) == every


def test_the_only_small_school_takes_another_of_its_municipality_with_it(members: Disclosure) -> None:
    whole = figure_of({"Горун": [3, 9, 20], "Ведрово": [2, 30]})
    assert members.hidden_schools(whole, "Горун") == {"Горун/0", "Горун/1"}


def test_figures_that_count_no_children_are_not_hidden(members: Disclosure) -> None:
    whole = figure_of({"Горун": [1, 0], "Ведрово": [1, 1]}, "submissions")
    assert members.hidden_municipalities(whole) == frozenset()
    assert {name: shown.text for name, shown in members.places(whole).items()} == {
        "Горун": "1 от 200",
        "Ведрово": "2 от 200",
    }


def test_a_small_school_is_seen_inside_only(demo_store: Store) -> None:
    counted = figure(demo_store, "pupils_over_threshold", TERM).counted
    small = counted[counted["n"].between(1, SMALLEST_SHOWN - 1)].iloc[0]
    over = figure(demo_store, "pupils_over_threshold", TERM, Scope(str(small["municipality"]), str(small["school"])))
    shown = {audience: Disclosure(demo_store, audience).figure(over) for audience in AUDIENCES}
    assert [shown[audience].is_hidden for audience in AUDIENCES] == [False, True, True]
    assert shown["internal"].text == out_of(over.n, over.d)
    assert (shown["members"].text, shown["members"].value) == (HIDDEN, None)


def test_what_is_hidden_has_no_change(demo_store: Store, members: Disclosure, inside: Disclosure) -> None:
    whole = figure(demo_store, "pupils_over_threshold", TERM)
    for place in whole.by("municipality")["municipality"]:
        over = figure(demo_store, "pupils_over_threshold", TERM, Scope(municipality=place))
        before = year_before(demo_store, over)
        assert members.change(over, before).is_hidden == members.figure(over).is_hidden
        assert "спрямо" in inside.change(over, before).text


def test_members_see_the_oblast_and_the_press_nothing_under_it(
    demo_store: Store, members: Disclosure, press: Disclosure
) -> None:
    whole = figure(demo_store, "cases_in_work", TERM)
    assert members.figure(whole).text == press.figure(whole).text == str(whole.n)
    assert all(shown.is_hidden for shown in press.places(whole).values() if shown.text != "няма данни")


@pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (4, True), (5, False), (None, False), (-2, True)])
def test_a_number_of_one_to_four_children_is_hidden(
    n: int | None, hidden: bool, members: Disclosure, press: Disclosure, inside: Disclosure
) -> None:
    assert members.hides(n) is press.hides(n) is press.total(n).is_hidden is members.count(n).is_hidden is hidden
    # The oblast's own number is told to members, and everything inside.
    assert not members.total(n).is_hidden
    assert not inside.hides(n)


def test_an_average_of_few_is_hidden(members: Disclosure, inside: Disclosure) -> None:
    assert members.average(5.25, 4).text == HIDDEN
    assert members.average(5.25, 5).text == inside.average(5.25, 1).text == "5,25"


def test_kinds_are_hidden_with_their_cover(members: Disclosure, inside: Disclosure) -> None:
    parts = {"върнати": 3, "в друга област": 20, "в чужбина": 7, "отказ": 0}
    assert {name: shown.text for name, shown in members.kinds(parts).items()} == {
        "върнати": HIDDEN,
        "в друга област": "20",
        "в чужбина": HIDDEN,
        "отказ": "0",
    }
    assert not any(shown.is_hidden for shown in inside.kinds(parts).values())


def test_places_of_two_moments_are_hidden_in_both(members: Disclosure, press: Disclosure, inside: Disclosure) -> None:
    over = metric("pupils_over_threshold")
    then = {OBLAST: 52, "Горун": 3, "Ведрово": 20, "Самодол": 29}
    now = {OBLAST: 71, "Горун": 12, "Ведрово": 20, "Самодол": 39}
    assert members.hidden_changes(over, then, now) == {"Горун", "Ведрово"}
    assert press.hidden_changes(over, then, now) == {"Горун", "Ведрово", "Самодол"}
    assert press.hidden_changes(over, {OBLAST: 4}, {OBLAST: 9}) == {OBLAST}
    assert press.hidden_changes(metric("cases_abroad"), {OBLAST: 40}, {OBLAST: 90}) == {OBLAST}
    assert inside.hidden_changes(over, then, now) == frozenset()
    assert members.hidden_changes(metric("submissions"), then, now) == frozenset()


def test_months_are_hidden_where_one_of_them_is(members: Disclosure, inside: Disclosure) -> None:
    whole = figure_of({"Горун": [3, 9], "Ведрово": [2, 0], "Самодол": [40]})
    assert members.hides_months(whole, Scope(municipality="Ведрово"))
    assert not members.hides_months(whole, Scope(municipality="Самодол"))
    assert not members.hides_months(whole, Scope())
    assert members.hides_months(whole, Scope("Самодол", "Самодол/0"))
    assert not inside.hides_months(whole, Scope("Самодол", "Самодол/0"))


def test_a_part_of_the_oblast_is_not_told_in_parts_outside(members: Disclosure, inside: Disclosure) -> None:
    assert members.is_closed_below(Scope(municipality="Горун"))
    assert not members.is_closed_below(Scope())
    assert not inside.is_closed_below(Scope(municipality="Горун"))
