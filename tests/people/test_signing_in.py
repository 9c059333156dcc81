"""Names and passwords: what is taken for one, how it is kept, and who is let in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from passwords import give_password
from program import command

from obhvat.errors import NotAllowed, ObhvatError
from obhvat.people import ROLES, Viewer, register, secret
from obhvat.people.log import log_of
from obhvat.people.secret import WrongSecret
from obhvat.people.signing_in import (
    ONE_TIME,
    MustChange,
    change_password,
    one_time_password,
    person_at,
    refuse_easy,
    set_address,
    sign_in,
)
from obhvat.store import Store
from obhvat.store.backup import backup

NAME, PASSWORD, NOON = "Ана.Петрова", "три сини коня", datetime(2024, 3, 13, 12)
EXPERT = Viewer(NAME, ROLES["expert"])
BY = Viewer("администратор", ROLES["administrator"])


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is nothing these tests are about."""
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})


@pytest.fixture
def known(store: Store) -> Store:
    register.give(store, EXPERT, BY, at=NOON)
    give_password(store, NAME, PASSWORD)
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
    register.give(known, Viewer(NAME, ROLES["administrator"]), BY, at=NOON)
    assert [right.role.id for right in sign_in(known, "ана.петрова", PASSWORD, NOON)] == ["administrator", "expert"]
    [person] = register.people(known, NOON.date())
    assert (person.seen_at, person.has_password) == (NOON, True)


def test_a_wrong_name_and_a_wrong_password_say_the_same(known: Store) -> None:
    for name, password in ((NAME, "три сини кона"), ("Никой", PASSWORD)):
        with pytest.raises(WrongSecret, match=r"^Грешно име или парола\.$"):
            sign_in(known, name, password, NOON)


def test_whose_right_has_ended_is_not_let_in(known: Store) -> None:
    register.end(known, EXPERT, BY, at=NOON + timedelta(days=1))
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


def test_a_clock_that_was_put_back_makes_no_wait_longer(known: Store) -> None:
    for _ in range(10):
        with pytest.raises(WrongSecret):
            sign_in(known, NAME, "не е тази", NOON + timedelta(hours=5))
    with pytest.raises(WrongSecret, match="след 1 минута"):
        sign_in(known, NAME, PASSWORD, NOON)
    assert sign_in(known, NAME, PASSWORD, NOON + timedelta(minutes=1))


def test_a_new_password_is_no_history(known: Store) -> None:
    before = known.rows("select hash from passwords")
    give_password(known, NAME, "други сини коне")
    assert known.rows("select count(*) from passwords") == [(1,)]
    assert known.rows("select hash from passwords") != before
    with pytest.raises(ObhvatError, match="Първо го добавете"):
        one_time_password(known, "Никой", BY)


def test_a_copy_without_the_key_lets_no_password_be_tried(known: Store) -> None:
    [(kept,)] = known.rows("select hash from passwords")
    assert secret.is_of(PASSWORD, kept, known.key)
    assert not secret.is_of(PASSWORD, kept, "")
    assert PASSWORD.encode() not in backup(known, known.path.parent / "copy.duckdb").read_bytes()


def test_a_command_makes_a_one_time_password(known: Store) -> None:
    path = known.path
    known.close()
    done = command("people", "password", NAME, "--store", path, folder=path.parent)
    assert "само сега" in done.stdout
    words = done.stdout.split(": ", 1)[1].splitlines()[0]
    with Store(path) as again, pytest.raises(MustChange):
        sign_in(again, NAME, words, again.now())


def test_a_one_time_password_lets_its_person_only_choose_their_own(known: Store) -> None:
    words = one_time_password(known, "ана.петрова", BY)
    assert len(words.split()) == 4
    assert [person.is_one_time for person in register.people(known, known.now().date())] == [True]
    with pytest.raises(WrongSecret, match="Грешно"):
        sign_in(known, NAME, PASSWORD, NOON)
    now = known.now()
    with pytest.raises(MustChange):
        sign_in(known, NAME, words, now)
    for new, again, why in (
        (words, words, "същата"),
        ("Петрова2024", "Петрова2024", "налучква"),
        ("сиви тихи гори", "сини тихи гори", "различна"),
    ):
        with pytest.raises(ObhvatError, match=why):
            change_password(known, NAME, words, new, again, now)
    with pytest.raises(WrongSecret, match="Грешно"):
        change_password(known, NAME, "не е тази", "сиви тихи гори", "сиви тихи гори", now)
    assert change_password(known, "ана.петрова", words, "сиви тихи гори", "сиви тихи гори", now) == NAME
    [person] = register.people(known, now.date())
    assert (person.is_one_time, person.seen_at) == (False, now)
    assert sign_in(known, NAME, "сиви тихи гори", now) == [EXPERT]
    assert [(look.person, look.place) for look in log_of(known).looks(what="right")][:2] == [
        (NAME, "своята парола"),
        ("администратор", f"{NAME}: еднократна парола"),
    ]


def test_a_one_time_password_holds_a_week_and_stands_nowhere(known: Store) -> None:
    words = one_time_password(known, NAME, BY)
    later = known.now() + ONE_TIME + timedelta(minutes=1)
    for late in (
        lambda: sign_in(known, NAME, words, later),
        lambda: change_password(known, NAME, words, "", "", later),
    ):
        with pytest.raises(WrongSecret, match="Поискайте нова"):
            late()
    assert words.encode() not in known.path.read_bytes() + log_of(known).path.read_bytes()
    assert one_time_password(known, NAME, BY) != words
    with pytest.raises(NotAllowed):
        one_time_password(known, NAME, EXPERT)


def test_an_address_is_of_one_person(known: Store) -> None:
    boris = register.give(known, Viewer("борис@ruo.bg", ROLES["governor"]), BY, at=NOON)
    set_address(known, NAME, " Ana.Petrova@RUO.bg ", BY)
    assert person_at(known, "ana.petrova@ruo.bg") == NAME
    assert person_at(known, "Борис@ruo.bg") == boris.person
    assert person_at(known, "няма@ruo.bg") is None
    for taken in ("ana.petrova@ruo.bg", "без знак", "a@b@c.bg"):
        with pytest.raises(ObhvatError):
            set_address(known, "борис@ruo.bg", taken, BY)
    with pytest.raises(ObhvatError, match="влиза"):
        register.give(known, Viewer("ana.petrova@ruo.bg", ROLES["press"]), BY, at=NOON)
    with pytest.raises(NotAllowed):
        set_address(known, NAME, "", EXPERT)
    set_address(known, NAME, "", BY)
    assert person_at(known, "ana.petrova@ruo.bg") is None
