"""The PIN: what is taken for one, how it is kept, and how long wrong ones wait."""

from __future__ import annotations

import stat
import sys
from datetime import datetime, timedelta

import pytest
from program import command

from obhvat.errors import ObhvatError, StoreUnusable
from obhvat.people import secret
from obhvat.people.pin import clear_pin, is_set, pin_path, set_pin, try_pin
from obhvat.people.secret import WrongSecret
from obhvat.store import Store
from obhvat.store.backup import backup, restore

PIN, NOON = "4826", datetime(2024, 3, 13, 12)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is nothing these tests are about."""
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})


def wrong(store: Store, now: datetime, times: int = 1) -> str:
    """Try a wrong one, some times; the last answer."""
    said = ""
    for _ in range(times):
        with pytest.raises(WrongSecret) as refused:
            try_pin(store.path, "9999", now)
        said = str(refused.value)
    return said


@pytest.mark.parametrize("easy", ["1234", "98765", "0000", "12", "1234567890123", "48a6", "", "٤٨٢٦"])
def test_what_is_no_pin_is_refused(store: Store, easy: str) -> None:
    with pytest.raises(ObhvatError):
        set_pin(store.path, easy)
    assert not is_set(store.path)


def test_the_right_one_opens_and_no_other(store: Store) -> None:
    set_pin(store.path, PIN)
    try_pin(store.path, PIN)
    assert wrong(store, NOON) == "Грешен ПИН. Още 9 опита, после се чака."


def test_the_file_is_for_its_owner_and_does_not_say_it(store: Store) -> None:
    set_pin(store.path, PIN)
    path = pin_path(store.path)
    assert PIN not in path.read_text()
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_after_ten_wrong_ones_nobody_may_try_and_each_more_waits_longer(store: Store) -> None:
    set_pin(store.path, PIN)
    assert wrong(store, NOON, 10) == "Грешните опити са 10. Опитайте отново след 1 минута."
    with pytest.raises(WrongSecret):
        try_pin(store.path, PIN, NOON + timedelta(seconds=59))
    now = NOON
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        now += timedelta(minutes=minutes)
        said = wrong(store, now)
        assert said.endswith(f"след {min(2 * minutes, 60)} минути.")
    try_pin(store.path, PIN, now + timedelta(minutes=60))
    assert wrong(store, now) == "Грешен ПИН. Още 9 опита, после се чака."


def test_a_clock_that_was_put_back_makes_no_wait_longer(store: Store) -> None:
    set_pin(store.path, PIN)
    wrong(store, NOON, 10)
    put_back = NOON - timedelta(days=30)
    assert "след 1 минута" in wrong(store, put_back)
    with pytest.raises(WrongSecret):
        try_pin(store.path, PIN, put_back + timedelta(seconds=59))
    try_pin(store.path, PIN, put_back + timedelta(minutes=1))


def test_no_copy_holds_it_and_none_brings_an_older_one(store: Store) -> None:
    copy = backup(store, store.path.parent / "copies")
    set_pin(store.path, PIN)
    wrong(store, NOON, 10)
    restore(store, copy)
    with pytest.raises(WrongSecret):
        try_pin(store.path, PIN, NOON)
    try_pin(store.path, PIN, NOON + timedelta(minutes=1))
    assert b"argon2" not in backup(store, store.path.parent / "later.duckdb").read_bytes()


def test_a_file_that_was_cut_short_locks_and_says_what_to_do(store: Store) -> None:
    set_pin(store.path, PIN)
    pin_path(store.path).write_text('{"hash":')
    with pytest.raises(StoreUnusable, match="obhvat pin clear"):
        try_pin(store.path, PIN)
    assert is_set(store.path)


def test_who_has_the_account_of_the_machine_takes_it_away(store: Store) -> None:
    set_pin(store.path, PIN)
    done = command("pin", "clear", "--store", store.path, folder=store.path.parent)
    assert done.returncode == 0
    assert "ПИН е премахнат" in done.stdout
    assert not is_set(store.path)
    assert not clear_pin(store.path)
