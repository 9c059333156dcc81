"""The register by commands: on a fresh machine, with an end, an address, a one-time password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from program import command

from obhvat.people.secret import WrongSecret
from obhvat.people.signing_in import change_password, person_at, sign_in
from obhvat.store import Store
from obhvat.texts import day

Say = Callable[..., str]
TODAY = date.today()


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Where no store is yet."""
    return tmp_path / "new" / "obhvat.duckdb"


@pytest.fixture
def say(fresh: Path) -> Say:
    fresh.parent.mkdir()

    def said(*arguments: object) -> str:
        done = command("people", *arguments, "--store", fresh, folder=fresh.parent)
        return done.stdout + done.stderr

    return said


def test_the_first_administrator_of_a_fresh_machine(say: Say, fresh: Path) -> None:
    assert "Няма база" in say("list")
    assert not fresh.exists()
    assert "„ана“ има право: Администратор на хората." in say("add", "ана", "--role", "administrator")
    told = say("password", "ана")
    assert "само сега" in told
    assert "7 дни" in told
    words = told.split(": ", 1)[1].splitlines()[0]
    assert "(влиза с еднократна парола)" in say("list")
    with Store(fresh) as store:
        change_password(store, "ана", words, "сиви тихи гори", "сиви тихи гори")
        assert [right.role.id for right in sign_in(store, "ана", "сиви тихи гори")] == ["administrator"]
    assert "(влиза с парола, последно " in say("list")
    assert "няма да остане администратор" in say("end", "ана")


def test_a_forgotten_password_gives_way_to_a_new_one(say: Say, fresh: Path) -> None:
    say("add", "ана", "--role", "administrator")
    first, second = (say("password", "ана").split(": ", 1)[1].splitlines()[0] for _ in range(2))
    with Store(fresh) as store:
        with pytest.raises(WrongSecret):
            change_password(store, "ана", first, "сиви тихи гори", "сиви тихи гори")
        change_password(store, "ана", second, "сиви тихи гори", "сиви тихи гори")
    assert "В регистъра няма „борис“" in say("password", "борис")


def test_a_right_with_an_end_and_an_address(say: Say, fresh: Path) -> None:
    last = TODAY + timedelta(days=3)
    say("add", "гост", "--role", "press", "--until", f"{last:%d.%m.%Y}")
    assert say("list").strip() == f"гост: Гост от пресата от {day(TODAY)} до {day(last)} (още не може да влезе)"
    assert "влиза с адрес „gost@vestnik.bg“" in say("address", "гост", "gost@vestnik.bg")
    assert "(влиза с gost@vestnik.bg)" in say("list")
    assert say("list", "--on", f"{last + timedelta(days=1):%Y-%m-%d}").strip() == "гост: без право"
    with Store(fresh) as store:
        assert person_at(store, "gost@vestnik.bg") == "гост"
    assert "не е електронен адрес" in say("address", "гост", "gost")
    assert "вече не влиза с адрес" in say("address", "гост", "")


def test_who_has_the_machine_may_give_to_themself_and_the_history_says_how(say: Say) -> None:
    say("add", "ана", "--role", "administrator")
    say("add", "ана", "--role", "expert")
    assert say("list", "--history").count("(команден ред): „ана“ получава") == 2
