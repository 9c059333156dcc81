"""Who was given a one-time password or an address is told so, and so are those who answer for children's data."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from obhvat.people import ROLES, Viewer, register, secret
from obhvat.people.means import DAYS, given, given_to, given_to_who_sees_children
from obhvat.people.signing_in import one_time_password, set_address
from obhvat.store import Store

BY = Viewer("Администратор", ROLES["administrator"])
ANA, GOVERNOR = Viewer("Ана: експерт", ROLES["expert"]), Viewer("Управител", ROLES["governor"])


@pytest.fixture
def people(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
    for right in (ANA, GOVERNOR):
        register.give(store, right, BY)
    one_time_password(store, ANA.person, BY)
    set_address(store, ANA.person, "ana@ruo.example", BY)
    one_time_password(store, GOVERNOR.person, BY)
    return store


def test_a_person_is_told_what_others_gave_them(people: Store) -> None:
    told = given_to(people, ANA.person, datetime.now())
    assert [(one.by, one.means) for one in told] == [(BY.person, "address"), (BY.person, "password")]


def test_who_gives_it_to_themself_is_not_told(people: Store) -> None:
    register.give(people, BY, Viewer("Друг", ROLES["administrator"]))
    one_time_password(people, BY.person, BY)
    assert given_to(people, BY.person, datetime.now()) == []


def test_experts_are_told_of_those_who_see_children(people: Store) -> None:
    assert {one.person for one in given_to_who_sees_children(people, datetime.now())} == {ANA.person}
    register.end(people, ANA, BY)
    assert {one.person for one in given_to_who_sees_children(people, datetime.now())} == {ANA.person}
    assert {one.person for one in given(people, datetime.now())} == {ANA.person, GOVERNOR.person}


def test_after_a_month_it_is_told_no_more(people: Store) -> None:
    assert given(people, datetime.now() + timedelta(days=DAYS + 1)) == []
