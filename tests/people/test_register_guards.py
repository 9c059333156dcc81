"""What nobody may do with the register: without the right, for themself, without leaving an administrator."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from obhvat.errors import NotAllowed, ObhvatError
from obhvat.people import ALONE, ROLES, Viewer, register
from obhvat.people.log import log_of
from obhvat.people.places import places_of
from obhvat.people.roles import Role
from obhvat.store import Store

NOON = datetime(2024, 3, 13, 12)
TODAY, DAY = NOON.date(), timedelta(days=1)
ADMINISTRATOR = ROLES["administrator"]
ANNA, BORIS = Viewer("ана", ADMINISTRATOR), Viewer("борис", ADMINISTRATOR)
SERVER = register.without_signing_in("root", "команден ред")
GUEST = Viewer("гост", ROLES["press"])


@pytest.fixture
def administered(store: Store) -> Store:
    register.give(store, ANNA, SERVER, at=NOON)
    return store


@pytest.mark.parametrize("role", [role for role in ROLES.values() if not role.may("people")], ids=lambda role: role.id)
def test_who_has_no_right_to_it_changes_nothing(administered: Store, role: Role) -> None:
    by = Viewer("някой", role)
    for refused in (
        lambda: register.give(administered, GUEST, by, at=NOON),
        lambda: register.end(administered, ANNA, by, at=NOON),
        lambda: register.change(administered, ANNA, Viewer("ана", ROLES["press"]), by, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert len(register.changes(administered)) == 1
    assert not ALONE.may("people")


def test_nobody_gives_a_right_to_themself_but_by_the_command_line(administered: Store) -> None:
    expert = Viewer("Ана", ROLES["expert"])
    with pytest.raises(ObhvatError, match=r"на себе си.*obhvat people add"):
        register.give(administered, expert, ANNA, at=NOON)
    register.give(administered, BORIS, ANNA, at=NOON)
    with pytest.raises(ObhvatError, match="на себе си"):
        register.change(administered, ANNA, expert, ANNA, at=NOON)
    register.give(administered, expert, SERVER, at=NOON)
    assert register.changes(administered)["entered_by"].tolist()[0] == "root (команден ред)"


def test_the_last_administrator_stays(administered: Store) -> None:
    for take in (
        lambda: register.end(administered, ANNA, SERVER, at=NOON),
        lambda: register.end(administered, ANNA, ANNA, TODAY + 9 * DAY, NOON),
        lambda: register.change(administered, ANNA, Viewer("ана", ROLES["expert"]), SERVER, at=NOON),
    ):
        with pytest.raises(ObhvatError, match="няма да остане администратор"):
            take()
    register.give(administered, BORIS, ANNA, TODAY + 2 * DAY, NOON)
    with pytest.raises(ObhvatError, match="няма да остане администратор"):
        register.end(administered, ANNA, BORIS, TODAY + DAY, NOON)
    register.end(administered, ANNA, BORIS, TODAY + 2 * DAY, NOON)
    with pytest.raises(ObhvatError, match="няма да остане администратор"):
        register.end(administered, BORIS, ANNA, TODAY + 5 * DAY, NOON)
    assert [list(register.rights_on(administered, TODAY + n * DAY)) for n in (0, 1, 2)] == [[ANNA], [ANNA], [BORIS]]


def test_an_administrator_for_a_while_does_not_take_the_place_of_the_last_one(administered: Store) -> None:
    register.give(administered, BORIS, ANNA, at=NOON, until=TODAY + 3 * DAY)
    with pytest.raises(ObhvatError, match="няма да остане администратор"):
        register.end(administered, ANNA, BORIS, TODAY + DAY, NOON)


def test_a_right_until_a_day_ends_after_it_and_every_day_says_so(administered: Store) -> None:
    last = TODAY + 2 * DAY
    register.give(administered, GUEST, ANNA, at=NOON, until=last)
    assert [GUEST in register.rights_on(administered, TODAY + n * DAY) for n in range(4)] == [True, True, True, False]
    guest = register.people(administered, TODAY)[1]
    assert (guest.name, guest.rights, guest.until) == ("гост", {GUEST: TODAY}, {GUEST: last})
    # Prolonged: what was said of its end does not hold any more.
    register.give(administered, GUEST, ANNA, last + DAY, NOON)
    assert register.last_days(administered, TODAY) == {}
    with pytest.raises(ObhvatError, match="преди първия"):
        register.give(administered, BORIS, ANNA, TODAY + DAY, NOON, until=TODAY)


def test_each_change_has_its_line_in_the_log_and_a_refused_one_has_none(administered: Store) -> None:
    register.give(administered, GUEST, ANNA, at=NOON)
    register.change(administered, GUEST, Viewer("гост", ROLES["governor"]), ANNA, at=NOON)
    with pytest.raises(ObhvatError):
        register.end(administered, GUEST, ANNA, at=NOON)
    register.end(administered, Viewer("гост", ROLES["governor"]), ANNA, at=NOON)
    looks = log_of(administered).looks()
    assert {look.what for look in looks} == {"right"}
    assert [(look.person, look.place) for look in looks] == [
        ("ана", "гост: край на Областен управител"),
        ("ана", "гост: Областен управител вместо Гост от пресата"),
        ("ана", "гост: Гост от пресата"),
        ("root (команден ред)", "ана: Администратор на хората"),
    ]


def test_an_identifier_is_no_name(store: Store) -> None:
    with pytest.raises(ObhvatError, match="ЕГН"):
        register.give(store, Viewer("Иван 8001014509", ROLES["expert"]), SERVER, at=NOON)


def test_places_are_those_of_the_store(demo_store: Store, store: Store) -> None:
    assert places_of(demo_store, ROLES["expert"]) == {}
    assert "Студеница" in places_of(demo_store, ROLES["coordinator"])
    assert "ОД на МВР" in places_of(store, ROLES["institution"])
    schools = places_of(demo_store, ROLES["school"])
    [(count,)] = demo_store.rows("select count(distinct code) from schools where active")
    assert len(schools) == count
    assert places_of(store, ROLES["school"]) == {}


def test_the_days_of_the_register_are_days(store: Store) -> None:
    with pytest.raises(ObhvatError, match="задна дата"):
        register.give(store, GUEST, SERVER, date(2024, 3, 12), NOON)
