"""Whoever asks gets the rows of children that the role gives and no other: the raw rows are divided anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from inspect import signature
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obhvat.cases import children
from obhvat.cases.ladder import ladder
from obhvat.cases.register import cases
from obhvat.cases.terms import OWNERS
from obhvat.errors import NotAllowed
from obhvat.indicators.children import measures_of
from obhvat.indicators.measures import measures
from obhvat.people import ROLES, Viewer
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM, DAY, KNOWN_AT = Period(2023, "term", 1), date(2024, 2, 5), datetime(2030, 1, 1)
DAYS = [date(2023, 11, 30), date(2024, 1, 31), DAY, date(2024, 3, 13)]
Asked = Callable[[Store, Viewer, date], Any]
BY_PLACE: dict[str, Asked] = {
    "cases": lambda store, viewer, day: children.cases_of(store, viewer, day, KNOWN_AT),
    "actions": lambda store, viewer, day: children.actions_of(store, viewer, day, KNOWN_AT),
    "ladder": lambda store, viewer, day: children.ladder_of(store, viewer, day, KNOWN_AT),
    "visits": lambda store, viewer, day: children.visits_without_study(store, viewer, TERM, KNOWN_AT, day),
    "repeated": lambda store, viewer, day: children.repeat_dropouts(store, viewer, day, KNOWN_AT, Scope()),
    "signals": lambda store, viewer, day: children.signals_of(store, viewer, TERM, day, KNOWN_AT, []).explode(
        "numbers"
    ),
}
OF_WHO_DECIDES: dict[str, Asked] = {
    "conflicts": lambda store, viewer, day: children.conflicts_for(store, viewer, day, KNOWN_AT),
    "same_child": lambda store, viewer, day: children.same_child_for(store, viewer, day, KNOWN_AT),
    "dropped": lambda store, viewer, day: children.dropped_cases_for(store, viewer, KNOWN_AT),
    "behind": lambda store, viewer, day: children.children_behind(store, viewer, day.replace(day=1), KNOWN_AT, []),
    "proposals": lambda store, viewer, day: children.proposals_for(store, viewer, day.replace(day=1), KNOWN_AT),
    "waiting": lambda store, viewer, day: children.waiting_steps_for(store, viewer, KNOWN_AT),
    "rejected": lambda store, viewer, day: children.rejected_for(store, viewer, 1)[1],
}
OTHERS: dict[str, Asked] = {
    "lines": lambda store, viewer, day: children.lines_left_out(store, viewer, day, KNOWN_AT, Scope()),
    "doubts": lambda store, viewer, day: children.doubts_of(store, viewer, day, KNOWN_AT, Scope()),
    "entries": lambda store, viewer, day: children.entries_of(store, viewer, "ОКЦ-2024-001", KNOWN_AT, day),
    "files": lambda store, viewer, day: children.register_tables(store, viewer, day, KNOWN_AT)["случаи"],
}
EVERYTHING = BY_PLACE | OF_WHO_DECIDES | OTHERS
NO_CHILD = [role for role in ROLES if ROLES[role].cases == "none"]
NARROW = [role for role in ROLES if ROLES[role].cases not in ("all", "none")]


def test_no_way_out_is_forgotten_here() -> None:
    ways = [way for way in vars(children).values() if getattr(way, "__module__", "") == children.__name__]
    ways = [way for way in ways if not way.__name__.startswith("_")]
    assert [way.__name__ for way in ways if list(signature(way).parameters)[:2] != ["store", "viewer"]] == []
    assert len(EVERYTHING) == len(ways)


@pytest.mark.parametrize("asked", EVERYTHING.values(), ids=EVERYTHING)
@pytest.mark.parametrize("role", NO_CHILD)
def test_who_is_shown_no_child_is_refused_before_anything_is_asked(role: str, asked: Asked) -> None:
    with pytest.raises(NotAllowed, match="Ролята"):
        asked(None, Viewer("", ROLES[role]), DAY)  # ty: ignore[invalid-argument-type]


@pytest.mark.parametrize("asked", OF_WHO_DECIDES.values(), ids=OF_WHO_DECIDES)
@pytest.mark.parametrize("role", NARROW)
def test_what_is_decided_is_told_to_who_decides(role: str, asked: Asked) -> None:
    with pytest.raises(NotAllowed, match="няма това право"):
        asked(None, Viewer("", ROLES[role], "Каменград"), DAY)  # ty: ignore[invalid-argument-type]


def numbers_of(store: Store, viewer: Viewer, day: date) -> set[str]:
    """The cases of a viewer, from the raw rows of all registers and of the steps."""
    lines = store.read("select number, municipality, school_municipality, school from cases")
    if viewer.role.cases == "municipality":
        lines = lines[(lines["municipality"] == viewer.given) | (lines["school_municipality"] == viewer.given)]
        return set(lines["number"])
    if viewer.role.cases == "school":
        return set(lines.loc[lines["school"] == viewer.given, "number"])
    if viewer.role.cases == "partner":
        [code] = [code for code, name in OWNERS.items() if name == viewer.given]
        steps = store.read("select case_number, date, institutions from actions")
        took = [isinstance(names, list | tuple) or hasattr(names, "__len__") for names in steps["institutions"]]
        steps = steps[took]
        mine = [code in set(names) for names in steps["institutions"]]
        waits = ladder(store, day, KNOWN_AT)
        return {*steps.loc[mine, "case_number"], *waits.loc[waits["owner"] == code, "number"]}
    return set(lines["number"])


def viewers(store: Store) -> st.SearchStrategy[Viewer]:
    lines = store.read("select distinct municipality, school_municipality, school from cases")
    places = {
        "coordinator": sorted({*lines["municipality"].dropna(), *lines["school_municipality"].dropna()}),
        "school": sorted(lines["school"].dropna().unique()),
        "institution": [OWNERS[code] for code in ("police", "social", "health")],
    }
    return st.sampled_from([Viewer("", ROLES[role], name) for role, names in places.items() for name in names])


@pytest.mark.parametrize("which", ["demo_store", "awkward_store"])
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_row_outside_the_scope(which: str, request: pytest.FixtureRequest, data: st.DataObject) -> None:
    store: Store = request.getfixturevalue(which)
    viewer, day = data.draw(viewers(store)), data.draw(st.sampled_from(DAYS))
    mine = numbers_of(store, viewer, day)
    for name, asked in BY_PLACE.items():
        rows = asked(store, viewer, day)
        column = {"actions": "case_number", "signals": "numbers"}.get(name, "number")
        outside = set(rows[column].dropna()) - mine
        if name == "actions" and viewer.role.cases == "municipality":
            # Steps of cases that are on no register stay with the municipality that told of them.
            told = rows[rows[column].isin(outside)]
            assert set(told["municipality"]) <= {viewer.given}
            outside = set()
        assert not outside, (name, viewer.role.id, viewer.given)


@pytest.mark.parametrize("which", ["demo_store", "awkward_store"])
def test_the_municipalities_together_see_every_case(which: str, request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue(which)
    every = cases(store, DAY, KNOWN_AT)
    seen = [
        children.cases_of(store, Viewer("", ROLES["coordinator"], place), DAY, KNOWN_AT)
        for place in every["municipality"].unique()
    ]
    assert set(pd.concat(seen)["number"]) == set(every["number"])
    for place, rows in zip(every["municipality"].unique(), seen, strict=True):
        expected = every[(every["municipality"] == place) | (every["school_municipality"] == place)]
        assert rows["number"].tolist() == expected["number"].tolist()


def test_pupils_are_of_the_viewer_s_schools(demo_store: Store) -> None:
    every = measures(demo_store, date(2024, 1, 1), KNOWN_AT)
    school, place = every["school"].iloc[0], every["municipality"].iloc[-1]
    for role, own, column in (("school", school, "school"), ("coordinator", place, "municipality")):
        mine = measures_of(demo_store, Viewer("", ROLES[role], own), date(2024, 1, 1), KNOWN_AT)
        assert sorted(mine["pupil"]) == sorted(every.loc[every[column] == own, "pupil"])
    for role in ("institution", *NO_CHILD):
        with pytest.raises(NotAllowed):
            measures_of(demo_store, Viewer("", ROLES[role], "ДСП"), date(2024, 1, 1), KNOWN_AT)
