"""What an audience may see of schools and municipalities cannot be used to compute what it may not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from small_oblast import SCHOOLS, cases, put, register

from obhvat.disclosure import HIDDEN, OBLAST, SMALLEST_SHOWN, Audience, Disclosure
from obhvat.metrics import Figure, all_metrics, figure, metric, year_before
from obhvat.periods import Period, month_period, parts_of_year
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import NO_DATA, out_of

TERM = Period(2023, "term", 1)
YEAR = Period(2023, "year")
AUDIENCES: tuple[Audience, ...] = ("internal", "members", "press")


@pytest.fixture
def members(demo_store: Store) -> Disclosure:
    return Disclosure(demo_store, "members")


@pytest.fixture
def press(demo_store: Store) -> Disclosure:
    return Disclosure(demo_store, "press")


@pytest.fixture
def inside(demo_store: Store) -> Disclosure:
    return Disclosure(demo_store, "internal")


def hidden_in(members: Disclosure, of: Figure) -> set[str]:
    return {place for place, shown in members.places(of).items() if shown.is_hidden}


@pytest.mark.parametrize("metric_id", ["cases_in_work", "pupils_over_threshold", "flags_chronic_absence"])
def test_the_same_municipalities_are_hidden_the_whole_year(
    demo_store: Store, members: Disclosure, metric_id: str
) -> None:
    periods = [YEAR, *parts_of_year(2023), *map(month_period, YEAR.months)]
    figures = [figure(demo_store, metric_id, period) for period in periods]
    hidden = {frozenset(hidden_in(members, of)) for of in figures if of.has_data}
    assert len(hidden) == 1
    assert hidden != {frozenset()}


def test_a_hidden_place_is_told_by_its_band(demo_store: Store, members: Disclosure) -> None:
    over = figure(demo_store, "pupils_over_threshold", TERM)
    parts = over.by("municipality").set_index("municipality")
    for place, shown in members.places(over).items():
        n, d = int(parts.at[place, "n"]), int(parts.at[place, "d"])
        band = "под 10" if n < 10 else f"{n // 10 * 10}–{n // 10 * 10 + 9}"
        assert shown.text == (f"{band} от {d}" if shown.is_hidden else out_of(n, d))


def test_nothing_is_told_of_the_schools_of_a_hidden_municipality(demo_store: Store, members: Disclosure) -> None:
    over = figure(demo_store, "pupils_over_threshold", TERM)
    homes = over.counted.set_index("school")["municipality"]
    hidden = hidden_in(members, over)
    texts = {shown.text for code, shown in members.places(over, "school").items() if homes[code] in hidden}
    assert texts - {NO_DATA} == {HIDDEN}


def test_a_day_of_ones_own_tells_nothing_below_the_oblast(demo_store: Store, members: Disclosure) -> None:
    on_day = figure(demo_store, "cases_in_work", TERM, day=date(2023, 12, 6))
    assert not members.figure(on_day).is_hidden
    assert {shown.text for shown in members.places(on_day).values()} == {HIDDEN}


def test_figures_that_count_no_children_are_not_hidden(demo_store: Store, members: Disclosure) -> None:
    assert hidden_in(members, figure(demo_store, "submissions", TERM)) == set()


def test_of_cases_only_those_in_work_are_told_below_the_oblast(demo_store: Store, members: Disclosure) -> None:
    told = [
        m.id for m in all_metrics() if m.grain == "municipality" and m.children and m.is_told_outside(below_oblast=True)
    ]
    assert told == ["cases_in_work"]
    whole = figure(demo_store, "cases_returned", TERM)
    assert not members.figure(whole).is_hidden
    assert {shown.text for shown in members.places(whole).values()} == {HIDDEN}


def test_a_small_school_is_seen_inside_only(demo_store: Store) -> None:
    counted = figure(demo_store, "pupils_over_threshold", TERM).counted
    small = counted[counted["n"].between(1, SMALLEST_SHOWN - 1)].iloc[0]
    over = figure(demo_store, "pupils_over_threshold", TERM, Scope(str(small["municipality"]), str(small["school"])))
    shown = {audience: Disclosure(demo_store, audience).figure(over) for audience in AUDIENCES}
    assert [shown[audience].is_hidden for audience in AUDIENCES] == [False, True, True]
    assert shown["internal"].text == out_of(over.n, over.d)
    assert shown["members"].value is None


def test_what_is_hidden_has_no_change(demo_store: Store, members: Disclosure, inside: Disclosure) -> None:
    whole = figure(demo_store, "pupils_over_threshold", TERM)
    for place in whole.by("municipality")["municipality"]:
        over = figure(demo_store, "pupils_over_threshold", TERM, Scope(municipality=place))
        before = year_before(demo_store, over)
        either = members.figure(over).is_hidden or members.figure(before).is_hidden
        assert members.change(over, before).is_hidden == either
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
    assert members.hides(n) is press.hides(n) is press.count(n).is_hidden is members.count(n).is_hidden is hidden
    assert not inside.hides(n)


def test_an_average_of_few_is_hidden(members: Disclosure, inside: Disclosure) -> None:
    assert members.average(5.25, 4).text == HIDDEN
    assert members.average(5.25, 5).text == inside.average(5.25, 1).text == "5,25"


def test_kinds_are_hidden_with_their_cover(members: Disclosure, press: Disclosure, inside: Disclosure) -> None:
    parts = {"I": 3, "II": 20, "III": 7, "IV": 0}
    hidden = {"I": HIDDEN, "II": "20", "III": HIDDEN, "IV": "0"}
    assert {name: shown.text for name, shown in members.kinds(parts).items()} == hidden
    assert {name: shown.text for name, shown in press.kinds(parts).items()} == hidden
    assert not any(shown.is_hidden for shown in inside.kinds(parts).values())


def test_places_of_two_moments_are_hidden_in_both(
    demo_store: Store, members: Disclosure, press: Disclosure, inside: Disclosure
) -> None:
    over = metric("pupils_over_threshold")
    hidden = hidden_in(members, figure(demo_store, over.id, TERM))
    parts = {OBLAST: 52, "Ведрово": 20, "Самодол": 29}
    looked = ([figure(demo_store, over.id, TERM)] * 2,)
    assert members.hidden_changes(over, parts, parts, *looked) == hidden
    assert press.hidden_changes(over, parts, parts, *looked) == {"Ведрово", "Самодол"}
    assert press.hidden_changes(over, {OBLAST: 4}, {OBLAST: 9}, *looked) == {OBLAST}
    assert press.hidden_changes(metric("cases_abroad"), {OBLAST: 40}, {OBLAST: 90}, *looked) == {OBLAST}
    assert inside.hidden_changes(over, parts, parts, *looked) == frozenset()
    assert members.hidden_changes(metric("submissions"), parts, parts, *looked) == frozenset()


def test_months_are_hidden_where_the_place_is(demo_store: Store, members: Disclosure, inside: Disclosure) -> None:
    whole = figure(demo_store, "pupils_over_threshold", YEAR)
    hidden = hidden_in(members, whole)
    for place in whole.by("municipality")["municipality"]:
        of_place = figure(demo_store, "pupils_over_threshold", YEAR, Scope(municipality=place))
        assert members.months(of_place).empty == (place in hidden)
        assert len(inside.months(of_place)) == 12
    assert len(members.months(whole)) == 12


def test_outcomes_the_press_is_told_of_together_are_the_same_all_year(demo_store: Store, press: Disclosure) -> None:
    totals = [figure(demo_store, "cases_total", period) for period in (YEAR, TERM, *map(month_period, YEAR.months))]
    together = {press.outcomes_together(total) for total in totals} - {None}
    assert together == {frozenset({"cases_returned", "cases_other_oblast", "cases_abroad"})}


def test_a_part_of_the_oblast_is_not_told_in_parts_outside(members: Disclosure, inside: Disclosure) -> None:
    assert members.is_closed_below(Scope(municipality="Горун"))
    assert not members.is_closed_below(Scope())
    assert not inside.is_closed_below(Scope(municipality="Горун"))


def of_cases(store: Store, in_work: dict[str, int], returned: int = 0) -> None:
    """A register of cases of Каменград (КГ), Ведрово (ВД) and Горун (ГО) as of the end of January."""
    statuses = {f"{place}-{n}": "в работа" for place, many in in_work.items() for n in range(many)}
    back = {f"КГ-върнат-{n}": "записан след отпадане" for n in range(returned)}
    of_three = cases(date(2024, 1, 31), statuses | back, {"ВД": "Ведрово", "ГО": "Горун"})
    schools = SCHOOLS | {"9000301": "Горун"} if "ГО" in in_work else SCHOOLS
    put(store, register(schools), of_three, at=datetime(2024, 2, 2))


def told_of(store: Store, name: str, day: date | None) -> str:
    """What members are told of the oblast."""
    of = figure(store, name, TERM, Scope(known_at=datetime(2024, 2, 10)), day)
    return Disclosure(store, "members").figure(of).text


@pytest.mark.parametrize("day", [None, date(2024, 1, 20)])
@pytest.mark.parametrize(
    ("in_work", "text"),
    [
        ({"КГ": 3}, HIDDEN),
        ({"КГ": 4, "ВД": 4}, HIDDEN),
        # In full, though whoever is of Ведрово knows its 9.
        ({"КГ": 3, "ВД": 9}, "12"),
        ({"КГ": 3, "ВД": 9, "ГО": 7}, "19"),
    ],
)
def test_the_oblast_is_hidden_where_it_tells_of_a_municipality_on_any_day(
    store: Store, in_work: dict[str, int], text: str, day: date | None
) -> None:
    of_cases(store, in_work)
    assert told_of(store, "cases_in_work", day) == text


def test_of_how_many_cases_steps_are_late_is_hidden_with_the_cases(store: Store) -> None:
    """„0 от 3“ says that there are three."""
    of_cases(store, {"КГ": 3})
    of = figure(store, "cases_quiet", TERM, Scope(known_at=datetime(2024, 2, 10)), days=900)
    assert (of.n, of.d) == (0, 3)
    assert Disclosure(store, "members").figure(of).text == HIDDEN


def test_the_outcomes_of_a_municipality_that_sent_alone_are_its_own(store: Store) -> None:
    of_cases(store, {"КГ": 20}, returned=3)
    total = figure(store, "cases_total", TERM, Scope(known_at=datetime(2024, 2, 10)))
    assert Disclosure(store, "members").outcomes_together(total) is None
    assert Disclosure(store, "internal").outcomes_together(total) == frozenset()
