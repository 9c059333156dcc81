"""Who is signed in: by what they are known, how long, and that a right asked anew is the right of now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from passwords import give_password

from obhvat.errors import NotAllowed
from obhvat.people import ROLES, Viewer, register, signed_in
from obhvat.people.log import log_of
from obhvat.people.signing_in import change_password
from obhvat.store import Store

EXPERT = Viewer("Ана Петрова", ROLES["expert"])
OF_PEOPLE = Viewer("Ана Петрова", ROLES["administrator"])
PRESS = Viewer("Гост", ROLES["press"])
BY = Viewer("Администратор", ROLES["administrator"])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [1_000_000.0]
    monkeypatch.setattr(signed_in, "time", lambda: at[0])
    return at


@pytest.fixture
def people(store: Store) -> Store:
    for right in (replace(BY, person="Втори администратор"), EXPERT, OF_PEOPLE, PRESS):
        register.give(store, right, BY)
    return store


def test_each_sign_in_has_a_token_of_its_own(people: Store) -> None:
    first, second = (signed_in.let_in(people, PRESS.person) for _ in range(2))
    assert first != second
    assert len(first) >= 43
    assert signed_in.viewer(people, first) == signed_in.viewer(people, second) == PRESS
    signed_in.sign_out(first)
    assert signed_in.viewer(people, first) is None
    assert signed_in.viewer(people, second) == PRESS


@pytest.mark.parametrize("token", [None, "", "x" * 43])
def test_a_token_that_nobody_gave_is_nobody(people: Store, token: str | None) -> None:
    assert signed_in.person(token) is None
    assert signed_in.viewer(people, token) is None
    with pytest.raises(NotAllowed):
        signed_in.act_in(people, token, EXPERT)


def test_who_has_several_roles_acts_in_none_until_they_choose(people: Store) -> None:
    token = signed_in.let_in(people, EXPERT.person)
    assert signed_in.viewer(people, token) is None
    assert signed_in.stay(token) == ""
    assert set(signed_in.rights_of(people, token)) == {EXPERT, OF_PEOPLE}
    with pytest.raises(NotAllowed):
        signed_in.act_in(people, token, Viewer(EXPERT.person, ROLES["governor"]))
    with pytest.raises(NotAllowed):
        signed_in.act_in(people, token, PRESS)
    signed_in.act_in(people, token, EXPERT)
    before = signed_in.stay(token)
    signed_in.act_in(people, token, OF_PEOPLE)
    assert signed_in.viewer(people, token) == OF_PEOPLE
    assert signed_in.stay(token) not in ("", before)
    entered = [(look.person, look.role) for look in log_of(people).looks(what="sign_in")]
    assert entered == [(EXPERT.person, "administrator"), (EXPERT.person, "expert")]


def test_a_right_that_is_ended_is_ended_at_once(people: Store) -> None:
    token = signed_in.let_in(people, EXPERT.person)
    signed_in.act_in(people, token, EXPERT)
    register.end(people, EXPERT, BY)
    assert signed_in.viewer(people, token) is None
    assert signed_in.person(token) == EXPERT.person
    register.end(people, OF_PEOPLE, BY)
    assert signed_in.viewer(people, token) is None
    assert signed_in.person(token) is None


def test_half_an_hour_without_work_signs_out(people: Store, clock: list[float]) -> None:
    token = signed_in.let_in(people, PRESS.person)
    for _ in range(3):
        clock[0] += signed_in.QUIET - 1
        signed_in.work(token)
    assert signed_in.person(token) == PRESS.person
    clock[0] += signed_in.QUIET
    signed_in.work(token)
    assert signed_in.person(token) is None


def test_so_do_twelve_hours_of_work_and_a_clock_that_was_put_back(people: Store, clock: list[float]) -> None:
    token = signed_in.let_in(people, PRESS.person)
    while clock[0] < 1_000_000 + signed_in.LONGEST:
        assert signed_in.person(token)
        clock[0] += 1200
        signed_in.work(token)
    assert signed_in.person(token) is None
    other = signed_in.let_in(people, PRESS.person)
    clock[0] -= 60
    assert signed_in.person(other) is None


def test_a_changed_password_signs_out_everywhere(people: Store) -> None:
    tokens = [signed_in.let_in(people, PRESS.person) for _ in range(2)]
    stays = signed_in.let_in(people, EXPERT.person)
    give_password(people, PRESS.person, "три сини коня")
    assert [signed_in.person(token) for token in tokens] == [None, None]
    token = signed_in.let_in(people, PRESS.person)
    change_password(people, PRESS.person, "три сини коня", "сиви тихи гори", "сиви тихи гори")
    assert signed_in.person(token) is None
    assert signed_in.person(stays) == EXPERT.person


def test_what_was_typed_in_the_place_of_a_name_is_not_in_the_log(people: Store) -> None:
    signed_in.refused(people, "ГОСТ", "парола")
    signed_in.refused(people, "три сини коня", "парола")
    assert [look.person for look in log_of(people).looks(what="refused")] == ["непознато име", "Гост"]
    assert "коня" not in log_of(people).path.read_text("utf-8")
