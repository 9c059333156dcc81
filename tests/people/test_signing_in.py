"""Names and passwords: what is taken for one, how it is kept, and who is let in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from program import command

from obhvat.errors import ObhvatError
from obhvat.people import ROLES, Viewer, register, secret
from obhvat.people.secret import WrongSecret, hashed
from obhvat.people.signing_in import keep_password, refuse_easy, sign_in
from obhvat.store import Store
from obhvat.store.backup import backup

NAME, PASSWORD, NOON = "Ана.Петрова", "три сини коня", datetime(2024, 3, 13, 12)
EXPERT = Viewer(NAME, ROLES["expert"])


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is nothing these tests are about."""
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})


@pytest.fixture
def known(store: Store) -> Store:
    register.give(store, EXPERT, "а", at=NOON)
    keep_password(store, NAME, hashed(PASSWORD, store.key))
    return store


@pytest.mark.parametrize(
    "easy",
    [
        "кратка",
        "1234567890",
        "aaaaaaaaaaaa",
        "Password123!",
        "парола2024!",
        "Петрова2024",
        "ана петрова 1",
        "121212121212",
    ],
)
def test_an_easy_password_is_refused(easy: str) -> None:
    with pytest.raises(ObhvatError):
        refuse_easy(easy, NAME)


@pytest.mark.parametrize("good", [PASSWORD, "kон-батерия 7 скоба", "Sn0w over Pernik"])
def test_a_good_password_is_taken(good: str) -> None:
    refuse_easy(good, NAME)


def test_who_is_known_is_let_in_with_the_rights_of_today(known: Store) -> None:
    register.give(known, Viewer(NAME, ROLES["administrator"]), "а", at=NOON)
    assert [right.role.id for right in sign_in(known, "ана.петрова", PASSWORD, NOON)] == ["administrator", "expert"]
    [person] = register.people(known, NOON.date())
    assert (person.seen_at, person.has_password) == (NOON, True)


def test_a_wrong_name_and_a_wrong_password_say_the_same(known: Store) -> None:
    for name, password in ((NAME, "три сини кона"), ("Никой", PASSWORD)):
        with pytest.raises(WrongSecret, match=r"^Грешно име или парола\.$"):
            sign_in(known, name, password, NOON)


def test_whose_right_has_ended_is_not_let_in(known: Store) -> None:
    register.end(known, EXPERT, "а", at=NOON + timedelta(days=1))
    assert sign_in(known, NAME, PASSWORD, NOON)
    with pytest.raises(WrongSecret, match="няма право"):
        sign_in(known, NAME, PASSWORD, NOON + timedelta(days=1))


def test_ten_wrong_tries_wait_after_a_restart_too(known: Store) -> None:
    for _ in range(10):
        with pytest.raises(WrongSecret):
            sign_in(known, NAME, "не е тази", NOON)
    path = known.path
    known.close()
    with Store(path) as again:
        with pytest.raises(WrongSecret, match="след 1 минута"):
            sign_in(again, NAME, PASSWORD, NOON)
        assert sign_in(again, NAME, PASSWORD, NOON + timedelta(minutes=1))


def test_a_new_password_is_no_history(known: Store) -> None:
    before = known.rows("select hash from passwords")
    keep_password(known, NAME, hashed("други сини коне", known.key))
    assert known.rows("select count(*) from passwords") == [(1,)]
    assert known.rows("select hash from passwords") != before
    with pytest.raises(ObhvatError, match="Първо го добавете"):
        keep_password(known, "Никой", "")


def test_a_copy_without_the_key_lets_no_password_be_tried(known: Store) -> None:
    [(kept,)] = known.rows("select hash from passwords")
    assert secret.is_of(PASSWORD, kept, known.key)
    assert not secret.is_of(PASSWORD, kept, "")
    assert PASSWORD.encode() not in backup(known, known.path.parent / "copy.duckdb").read_bytes()


def test_a_password_is_typed_and_never_an_argument(known: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = known.path
    known.close()
    asked = []
    monkeypatch.setattr("typer.prompt", lambda text, **how: asked.append((text, how["hide_input"])) or "нови тихи гори")
    done = command("people", "password", NAME, "--store", path, folder=path.parent)
    assert "е сменена" in done.stdout
    assert asked == [("Парола", True), ("Още веднъж", True)]
    with Store(path) as again:
        assert sign_in(again, NAME, "нови тихи гори", datetime.now())
