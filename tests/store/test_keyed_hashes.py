"""Files are known again without a hash that gives away what stands in them, those of an older program, too."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import duckdb
import pytest
from examples import absences, put, register
from older import older_store

from obhvat.ingest import Source, read_files
from obhvat.store import Store
from obhvat.store.files import log_of
from obhvat.store.pseudonyms import keyed_hash
from obhvat.store.schema import UNCLEAN
from obhvat.store.store import CONFIG

OLD_SCHEMA = 7
"""The last that kept plain hashes."""
FILE = Source("отсъствия-10.csv", absences(10).data)
PLAIN = hashlib.sha256(FILE.data).hexdigest()


@pytest.fixture
def old_path(tmp_path: Path) -> Path:
    """A store of the program that knew a file by its plain hash, with one file."""
    path = tmp_path / "old" / "obhvat.duckdb"
    with older_store(path, OLD_SCHEMA) as old:
        old.execute(
            """
            insert into batches
            values (1, 1, 'absences', '', 'отсъствия-10.csv', $hash, '', [], 2, 2, 0, [], [], '2024-03-01', 'Проба')
            """,
            {"hash": PLAIN},
        )
    return path


def doubts(store: Store, *sources: Source) -> list[str]:
    upload = read_files(sources, store)
    upload.close()
    return [doubt.code for report in upload.files for doubt in report.doubts]


def test_a_file_is_known_again_by_its_bytes(store: Store) -> None:
    put(store, register(), FILE)
    assert "same_file" in doubts(store, Source("друго име.csv", FILE.data))
    assert "same_file" not in doubts(store, Source(FILE.name, FILE.data + b"\n"))


def test_the_hash_cannot_be_had_without_the_key(store: Store) -> None:
    put(store, register(), FILE)
    [(kept,)] = store.rows("select file_hash from batches where dataset = 'absences'")
    assert kept == keyed_hash(store.key, "file", PLAIN)
    assert kept not in {PLAIN, keyed_hash("", "file", PLAIN), keyed_hash(store.key, "", PLAIN)}
    assert FILE.hash_with("another key") != kept


def test_a_hash_of_one_thing_is_none_of_another() -> None:
    assert len({keyed_hash(key, of, "1") for key in ("a", "b") for of in ("file", "proposal")}) == 4


def test_a_file_of_an_older_store_is_known_again_and_its_plain_hash_is_in_no_byte(old_path: Path) -> None:
    assert PLAIN.encode() in old_path.read_bytes()
    with Store(old_path) as opened:
        put(opened, register())
        assert "same_file" in doubts(opened, FILE)
        assert opened.remembered(UNCLEAN) is None
    for path in old_path.parent.iterdir():
        assert PLAIN.encode() not in path.read_bytes()
    assert {path.suffix for path in old_path.parent.iterdir()} == {".duckdb", ".key"}


def test_a_store_that_another_has_open_is_written_anew_at_the_next_opening(old_path: Path) -> None:
    with duckdb.connect(old_path, config=CONFIG), Store(old_path) as opened:
        assert opened.remembered(UNCLEAN) == "1"
        put(opened, register(), absences(11))
    with Store(old_path) as again:
        assert again.remembered(UNCLEAN) is None
        assert again.rows("select count(*) from absences") == [(3,)]
    assert PLAIN.encode() not in old_path.read_bytes()
    assert not log_of(old_path).exists()


def test_a_store_without_room_for_a_copy_opens_all_the_same(old_path: Path) -> None:
    # A folder in the way of the copy is what a full disk is.
    (old_path.with_suffix(".anew") / "something").mkdir(parents=True)
    with pytest.raises(OSError, match="anew"):
        old_path.with_suffix(".anew").unlink()
    with Store(old_path) as opened:
        assert opened.remembered(UNCLEAN) == "1"
        assert "same_file" in doubts(opened, FILE)
    shutil.rmtree(old_path.with_suffix(".anew"))
    Store(old_path).close()
    assert PLAIN.encode() not in old_path.read_bytes()
