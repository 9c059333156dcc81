"""Who has which right today and had on a past day, counted once more by hand; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import command

from obhvat.errors import ObhvatError
from obhvat.people import ROLES, Viewer, register
from obhvat.store import Store

FIRST, DAYS = date(2024, 3, 1), 12
BY, SECOND, THIRD = (Viewer(name, ROLES["administrator"]) for name in ("а", "б", "в"))
RIGHTS = [
    Viewer("ана@ruo.bg", ROLES["expert"]),
    Viewer("ана@ruo.bg", ROLES["governor"]),
    Viewer("секретар", ROLES["secretary"]),
    Viewer("инспектор", ROLES["institution"], "ОД на МВР"),
    Viewer("инспектор", ROLES["institution"], "ДСП"),
]
# On which day, which right is given or ended, and from how many days later.
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(RIGHTS), st.booleans(), st.integers(0, 4)), min_size=1, max_size=14
)


def at(day: int) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day), datetime.min.time()).replace(hour=10)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_rights_of_every_day_are_those_painted_by_hand(new_store: Callable[[], Store], steps: list) -> None:
    """By hand: each word is written over all days from its own on, so the last word of a day is what it has."""
    store, today = new_store(), 0
    painted: list[dict[Viewer, bool]] = [{} for _ in range(DAYS * 4)]
    for later, right, has, in_days in steps:
        today += later
        day = today + in_days
        had = painted[day].get(right, False)
        since = FIRST + timedelta(days=day)
        if had == has:
            with pytest.raises(ObhvatError):
                (register.give if has else register.end)(store, right, BY, since, at(today))
            continue
        (register.give if has else register.end)(store, right, BY, since, at(today))
        for each in painted[day:]:
            each[right] = has
    for n, each in enumerate(painted):
        assert set(register.rights_on(store, FIRST + timedelta(days=n))) == {r for r, has in each.items() if has}


def test_a_past_day_stays_as_it_was(store: Store) -> None:
    expert, secretary = RIGHTS[0], RIGHTS[2]
    register.give(store, expert, BY, at=at(0))
    register.give(store, secretary, BY, at=at(0))
    register.change(store, expert, Viewer(expert.person, ROLES["secretary"]), SECOND, at=at(5))
    register.end(store, secretary, THIRD, at=at(7))
    on = {
        n: {(r.person, r.role.id) for r in register.rights_on(store, FIRST + timedelta(days=n))} for n in (0, 4, 5, 7)
    }
    assert on[0] == on[4] == {("ана@ruo.bg", "expert"), ("секретар", "secretary")}
    assert on[5] == {("ана@ruo.bg", "secretary"), ("секретар", "secretary")}
    assert on[7] == {("ана@ruo.bg", "secretary")}
    assert register.rights_on(store, FIRST - timedelta(days=1)) == {}
    [first, _second] = register.people(store, FIRST + timedelta(days=7))
    assert (first.name, first.seen_at, first.has_password) == ("ана@ruo.bg", None, False)
    history = register.changes(store)
    assert history["entered_by"].tolist() == ["в", "б", "б", "а", "а"]
    assert history["has"].tolist() == [False, True, False, True, True]


def test_nothing_is_given_or_ended_for_a_day_that_has_passed(store: Store) -> None:
    with pytest.raises(ObhvatError, match="задна дата"):
        register.give(store, RIGHTS[0], BY, FIRST, at(1))
    register.give(store, RIGHTS[0], BY, FIRST, at(0))
    with pytest.raises(ObhvatError, match="задна дата"):
        register.end(store, RIGHTS[0], BY, FIRST, at(1))


def test_one_person_is_not_twice_in_it(store: Store) -> None:
    register.give(store, Viewer("Ана@ruo.bg", ROLES["expert"]), BY, at=at(0))
    kept = register.give(store, Viewer(" ана@RUO.bg ", ROLES["governor"]), BY, at=at(0))
    assert kept.person == "Ана@ruo.bg"


@pytest.mark.parametrize(
    ("name", "role", "place"),
    [
        ("", "expert", ""),
        ("8001014509", "expert", ""),
        ("а" * 81, "expert", ""),
        ("ана", "expert", "Горун"),
        ("ана", "coordinator", "Няма такава"),
        ("ана", "coordinator", ""),
        ("ана", "school", "9999999"),
        ("ана", "institution", "НАП"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, name: str, role: str, place: str) -> None:
    with pytest.raises(ObhvatError):
        register.give(store, Viewer(name, ROLES[role], place), BY, at=at(0))
    assert register.changes(store).empty


def test_it_is_kept_by_commands(store: Store) -> None:
    folder, path = store.path.parent, store.path
    store.close()

    def said(*arguments: object) -> str:
        done = command("people", *arguments, "--store", path, folder=folder)
        return done.stdout + done.stderr

    assert "още няма никого" in said("list")
    assert "„ана“ има право: Експерт от РУО" in said("add", "ана", "--role", "expert")
    assert "вече има това право" in said("add", "ана", "--role", "експерт от руо")
    assert "Институция партньор – ОД на МВР" in said("add", "ана", "--role", "institution", "--for", "мвр")
    assert "Посочете ролята с --instead-of" in said("change", "ана", "--role", "governor")
    assert "Областен управител" in said("change", "ана", "--role", "governor", "--instead-of", "expert")
    assert "вече няма право: Институция партньор" in said("end", "ана", "--role", "institution")
    assert "няма такова право" in said("end", "ана", "--role", "press")
    assert said("list").startswith("ана: Областен управител от ")
    assert said("list", "--on", "01.01.2020").startswith("До 01.01.2020 г. в регистъра е нямало никого.")
    looks = command("audit", "--csv", "--store", path, folder=folder).stdout
    assert looks.count("променя права") == 4
    before = command("--store", path, "people", "list", folder=folder)
    assert before.stdout.startswith("ана: ")
    assert [line.split("„ана“ ")[1].split(" от ")[0] for line in said("list", "--history").splitlines()] == [
        "вече няма Институция партньор – ОД на МВР",
        "получава Областен управител",
        "вече няма Експерт",
        "получава Институция партньор – ОД на МВР",
        "получава Експерт",
    ]
