"""The key of a store: made once, kept beside it, readable by its owner only."""

from __future__ import annotations

import hashlib
import stat
import sys
from pathlib import Path

import pytest
from examples import absences, put, register

from obhvat.errors import StoreUnusable
from obhvat.ingest import Source
from obhvat.store import Store
from obhvat.store.pseudonyms import fingerprint, key_path, make_key, read_key

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows няма такива права")


def pupils(store: Store) -> list[int]:
    return [row[0] for row in store.rows("select pupil from absences order by line")]


@posix
def test_the_key_is_readable_by_its_owner_only(store: Store) -> None:
    assert stat.S_IMODE(key_path(store.path).stat().st_mode) == 0o600


def test_the_key_is_not_in_the_store(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb") as made:
        key = made.key
        put(made, register(), absences())
    assert key.encode() not in (tmp_path / "a.duckdb").read_bytes()


def test_the_key_stays_when_the_store_is_opened_again(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb") as first:
        key = first.key
    with Store(tmp_path / "a.duckdb") as again:
        assert again.key == key


def test_two_stores_have_different_keys(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb") as a, Store(tmp_path / "b.duckdb") as b:
        assert a.key != b.key


def test_a_lost_key_is_named(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb"):
        pass
    key_path(tmp_path / "a.duckdb").unlink()
    with pytest.raises(StoreUnusable, match=r"Липсва ключът на базата „a\.key“"):
        Store(tmp_path / "a.duckdb")


def test_a_lost_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb"):
        pass
    key_path(tmp_path / "a.duckdb").unlink()
    with pytest.raises(StoreUnusable):
        Store(tmp_path / "a.duckdb")
    assert read_key(tmp_path / "a.duckdb") is None


def test_the_key_of_another_store_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with Store(tmp_path / f"{name}.duckdb"):
            pass
    (tmp_path / "b.key").replace(tmp_path / "a.key")
    with pytest.raises(StoreUnusable, match=r"„a\.key“ не е на тази база"):
        Store(tmp_path / "a.duckdb")


def test_an_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    key = make_key(tmp_path / "a.duckdb")
    with pytest.raises(StoreUnusable, match="не се презаписва"):
        make_key(tmp_path / "a.duckdb")
    assert read_key(tmp_path / "a.duckdb") == key


def test_a_first_start_that_was_cut_short_before_the_key_begins_again(tmp_path: Path) -> None:
    (tmp_path / "a.key").touch()
    with Store(tmp_path / "a.duckdb") as made:
        assert read_key(made.path) == made.key


def test_an_emptied_key_of_a_store_with_data_is_lost(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb"):
        pass
    (tmp_path / "a.key").write_text("", "ascii")
    with pytest.raises(StoreUnusable, match="Липсва ключът"):
        Store(tmp_path / "a.duckdb")


def test_a_key_without_a_store_is_taken_up(tmp_path: Path) -> None:
    key = make_key(tmp_path / "a.duckdb")
    with Store(tmp_path / "a.duckdb") as made:
        assert made.key == key


def test_the_fingerprint_does_not_hold_the_key(store: Store) -> None:
    mark = store.remembered("key")
    assert mark == fingerprint(store.key)
    assert mark not in store.key


def test_a_pseudonym_is_the_keyed_hash_of_ten_digits(store: Store) -> None:
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;По уважителни причини;По неуважителни причини"
    row = "9000101;2023/2024;10;0999000017;5;0;1"
    put(store, register(), Source("отсъствия.csv", f"{head}\n{row}".encode()))
    digest = hashlib.sha256(f"{store.key}:0999000017".encode()).digest()
    assert pupils(store) == [int.from_bytes(digest[:8], "big")]


def test_a_child_keeps_its_pseudonym_when_excel_takes_the_first_zero(store: Store) -> None:
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;По уважителни причини;По неуважителни причини"
    for month, identifier in (("10", "0999000017"), ("11", "999000017")):
        row = f"9000101;2023/2024;{month};{identifier};5;0;1"
        put(store, register(), Source("отсъствия.csv", f"{head}\n{row}".encode()))
    first, second = pupils(store)
    assert first == second


def test_another_key_gives_another_pseudonym(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        with Store(tmp_path / f"{name}.duckdb") as made:
            put(made, register(), absences(10, (1,)))
            found += pupils(made)
    assert len(set(found)) == 2
