"""Who lost their last right long ago: their name leaves the register with the last line of the log that has it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from passwords import give_password
from viewers import expert

from obhvat.errors import ObhvatError
from obhvat.metrics.forgetting import forget_due
from obhvat.people import ROLES, Viewer, register, secret
from obhvat.people.forgetting import due
from obhvat.people.keeping import set_years
from obhvat.people.signing_in import set_address
from obhvat.store import Store

BY, OTHER = (Viewer(name, ROLES["administrator"]) for name in ("Първи администратор", "Втори администратор"))
CONSOLE = register.without_signing_in("ана", "команден ред")
ANA = Viewer("Ана Петрова", ROLES["expert"])
ANA_AS_SECRETARY = Viewer("Ана Петрова", ROLES["secretary"])
CALLED = "бивш служител № 1, Секретар на координационния център"
GIVEN, ENDED = datetime(2026, 1, 10, 9), datetime(2026, 6, 1, 9)
LATER = date(2040, 1, 1)


@pytest.fixture
def people(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Ана, who had two roles and has none; the administrator who gave them, and has none; one who has."""
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
    for right in (BY, OTHER):
        register.give(store, right, CONSOLE, at=GIVEN)
    register.give(store, ANA, BY, at=GIVEN)
    register.change(store, ANA, ANA_AS_SECRETARY, BY, at=GIVEN + timedelta(days=30))
    give_password(store, ANA.person, "три сини коня")
    set_address(store, ANA.person, "ana@ruo.example", BY)
    register.end(store, ANA_AS_SECRETARY, BY, at=ENDED)
    register.end(store, BY, OTHER, at=ENDED)
    return store


def of_people(store: Store, today: date) -> list[int]:
    return [thing.n_rows for thing in due(store, today) if thing.kind.id == "people"]


def test_a_name_goes_from_the_register_and_the_role_stays(people: Store) -> None:
    forget_due(people, expert("Иванова"), today=LATER)
    told = register.changes(people)
    assert set(told["person"]) == {CALLED, "бивш служител № 2, Администратор на хората", OTHER.person}
    assert set(told["entered_by"]) == {"бивш служител № 2, Администратор на хората", "заличено", OTHER.person}
    before = {(right.person, right.role.id) for right in register.rights_on(people, date(2026, 5, 1))}
    assert (CALLED, "secretary") in before
    assert [person.name for person in register.people(people, people.now().date())] == [OTHER.person]
    for table in ("passwords", "accounts", "people_seen"):
        assert people.rows(f"select count(*) from {table}") == [(0,)]
    assert of_people(people, LATER) == []


def test_who_has_a_right_or_is_to_have_one_stays(people: Store) -> None:
    register.give(people, ANA, OTHER, since=date(2039, 1, 1), at=datetime(2026, 7, 1))
    forget_due(people, expert("Иванова"), today=LATER)
    assert {ANA.person, OTHER.person} < set(register.changes(people)["person"])


def test_nobody_goes_before_the_last_line_of_the_log_that_names_them(people: Store) -> None:
    set_years(people, {"looks": 50}, expert("Иванова"))
    # Who gave a right and was never in the register is in no line by that name alone.
    [n] = of_people(people, LATER)
    assert n == 2
    forget_due(people, expert("Иванова"), today=LATER)
    assert {ANA.person, BY.person} < set(register.changes(people)["person"])


def test_nothing_is_due_before_its_term(people: Store) -> None:
    assert of_people(people, date(2031, 1, 9)) == []


def test_nobody_is_called_as_who_was_forgotten(people: Store) -> None:
    with pytest.raises(ObhvatError, match="друго име"):
        register.give(people, Viewer(CALLED, ROLES["expert"]), OTHER)
