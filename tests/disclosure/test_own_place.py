"""Who has one place is shown all of it, and of every other what members are shown."""

from __future__ import annotations

from datetime import datetime

import pytest

from obhvat.disclosure import Disclosure
from obhvat.metrics import all_metrics, figure
from obhvat.people import ROLES, Viewer
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM, NOW = Period(2023, "term", 1), datetime(2030, 1, 1)
NAMES = ["cases_in_work", "cases_overdue", "pupils_over_threshold", "flags_chronic_absence", "unexcused_per_pupil"]


def of_whom(store: Store, role: str) -> Viewer:
    over = figure(store, "pupils_over_threshold", TERM, Scope(known_at=NOW))
    small = over.by("school").query("0 < n < 5")["school"].iloc[0]
    homes = dict(zip(over.counted["school"], over.counted["municipality"], strict=True))
    given = {"coordinator": homes[small], "school": small, "institution": "Полиция (МВР)"}
    return Viewer("", ROLES[role], given[role])


@pytest.mark.parametrize("role", ["coordinator", "school", "institution"])
def test_all_of_one_s_own_place_is_shown_and_elsewhere_what_members_are_shown(demo_store: Store, role: str) -> None:
    viewer = of_whom(demo_store, role)
    own = Disclosure(demo_store, "internal", viewer)
    inside, members = (Disclosure(demo_store, audience) for audience in ("internal", "members"))
    differ = set()
    for name in NAMES:
        whole = figure(demo_store, name, TERM, Scope(known_at=NOW))
        homes = dict(zip(whole.counted["school"], whole.counted["municipality"], strict=True))
        assert own.figure(whole) == members.figure(whole)
        assert own.months(whole).equals(members.months(whole)) if whole.metric.monthly else True
        for place in ("municipality", "school") if whole.metric.place == "school" else ("municipality",):
            for tell in (Disclosure.places, Disclosure.counts):
                told, all_told, few_told = (tell(door, whole, place) for door in (own, inside, members))
                for at in told:
                    mine = viewer.has_place(homes[at] if place == "school" else at, at if place == "school" else "")
                    assert told[at] == (all_told if mine else few_told)[at], (name, at)
                    differ |= {at} if mine and all_told[at] != few_told[at] else set()
            for at in {*homes.values()} if place == "municipality" else [*[*homes][:4], viewer.given]:
                scope = Scope(at, known_at=NOW) if place == "municipality" else Scope(school=at, known_at=NOW)
                of_place = figure(demo_store, name, TERM, scope)
                mine = viewer.has_place(homes.get(at, at), at if place == "school" else "")
                door = inside if mine and of_place.value is not None else members
                assert own.figure(of_place) == door.figure(of_place), (name, at)
                assert own.change(of_place, of_place) == door.change(of_place, of_place)
                assert own.is_closed_below(scope) == door.is_closed_below(scope)
    # Without a place of its own an institution is shown what members are.
    assert bool(differ) == (role != "institution")


@pytest.mark.parametrize("role", ["coordinator", "school", "institution"])
def test_numbers_without_a_place_are_of_what_is_looked_at(demo_store: Store, role: str) -> None:
    viewer = of_whom(demo_store, role)
    at = {"coordinator": Scope(viewer.given), "school": Scope(school=viewer.given), "institution": Scope("Горун")}[role]
    is_own = role != "institution"
    for here, shows in ((at, is_own), (Scope(), False), (Scope("друга"), False)):
        door = Disclosure(demo_store, "internal", viewer, here)
        assert door.count(3).is_hidden == door.hides(3) == door.average(4.5, 3).is_hidden == (not shows)
        assert door.kinds({"а": 3, "б": 9})["а"].is_hidden == (not shows)
        assert door.is_inside == shows
        assert door.shows_cases


def test_a_role_without_its_place_is_shown_nothing_inside(demo_store: Store) -> None:
    door = Disclosure(demo_store, "internal", Viewer("", ROLES["coordinator"], ""))
    whole = figure(demo_store, "cases_in_work", TERM, Scope(known_at=NOW))
    assert door.places(whole) == Disclosure(demo_store, "members").places(whole)
    assert door.hides(3)


def test_every_metric_of_children_is_judged_by_place(demo_store: Store) -> None:
    viewer = of_whom(demo_store, "coordinator")
    own, members = Disclosure(demo_store, "internal", viewer), Disclosure(demo_store, "members")
    inside = Disclosure(demo_store, "internal")
    for metric in all_metrics():
        if metric.children and metric.function != "flags":
            whole = figure(demo_store, metric.id, TERM, Scope(known_at=NOW))
            told = own.places(whole)
            mine = {at: shown for at, shown in inside.places(whole).items() if at == viewer.given}
            assert told == {**members.places(whole), **mine}, metric.id
