"""Backups while the store is written to, and putting one back."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from children import told_by
from crasher import backup_without_room, commit_and_end
from examples import absences, everything, put, register, unfinished_parts
from viewers import expert

from obhvat.errors import StoreUnusable
from obhvat.ingest import commit, read_files
from obhvat.store import Store
from obhvat.store.backup import backup, restore, restore_closed
from obhvat.store.pseudonyms import key_path

posix = pytest.mark.skipif(sys.platform == "win32", reason="няма forkserver и RLIMIT_FSIZE")


@pytest.fixture
def known(store: Store) -> Store:
    """A store with a register and a month."""
    put(store, register(), absences(10))
    return store


@contextlib.contextmanager
def beside(loop: Callable[[], None], enough: threading.Event) -> Generator[None]:
    """A thread that loops until it is told `enough`: at the end, or when what it runs beside fails."""
    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join(60)


def opened_copy(store: Store, copy: Path, folder: Path) -> Store:
    """A backup opened as a store of its own, with the key of the store it was made from."""
    folder.mkdir()
    shutil.copy2(copy, folder / "copy.duckdb")
    shutil.copy2(key_path(store.path), folder / "copy.key")
    return Store(folder / "copy.duckdb")


def test_a_backup_holds_everything(known: Store, tmp_path: Path) -> None:
    before = everything(known)
    made = backup(known, tmp_path / "копие.duckdb")
    with opened_copy(known, made, tmp_path / "other") as copy:
        assert everything(copy) == before


def test_a_backup_goes_into_a_folder_under_a_name_with_the_time(known: Store, tmp_path: Path) -> None:
    made = backup(known, tmp_path / "копия")
    assert made.parent == tmp_path / "копия"
    assert made.match("obhvat-20??-??-??-??????.duckdb")


def test_a_backup_leaves_nothing_beside_it(known: Store, tmp_path: Path) -> None:
    made = backup(known, tmp_path / "копия" / "a.duckdb")
    assert [f.name for f in made.parent.iterdir()] == ["a.duckdb"]


def test_a_backup_does_not_overwrite(known: Store, tmp_path: Path) -> None:
    target = tmp_path / "a.duckdb"
    target.write_text("важно", "utf-8")
    with pytest.raises(StoreUnusable, match="вече съществува"):
        backup(known, target)
    assert target.read_text("utf-8") == "важно"


def test_a_backup_does_not_overwrite_the_store_itself(known: Store) -> None:
    with pytest.raises(StoreUnusable, match="вече съществува"):
        backup(known, known.path)


def test_a_backup_into_an_impossible_folder_is_refused(known: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreUnusable, match="Няма как да се направи папка"):
        backup(known, tmp_path / "file" / "a.duckdb")


def test_the_key_is_not_in_a_backup(known: Store, tmp_path: Path) -> None:
    assert known.key.encode() not in backup(known, tmp_path / "a.duckdb").read_bytes()


def test_backups_made_while_others_write_hold_whole_uploads(known: Store, tmp_path: Path) -> None:
    enough = threading.Event()

    def write() -> None:
        # The same bytes are not written twice.
        for hours in itertools.cycle((1, 2)):
            if enough.is_set():
                return
            files = [absences(11, (hours,) * 150), absences(12, (hours,) * 150)]
            with contextlib.closing(read_files(files, known)) as upload:
                commit(upload, known, expert())

    with beside(write, enough):
        made = [backup(known, tmp_path / f"{n}.duckdb") for n in range(4)]
    for n, one in enumerate(made):
        with opened_copy(known, one, tmp_path / f"other-{n}") as copy:
            assert unfinished_parts(copy) == []
            assert copy.rows("select (count(*) - 3) % 300 from absences") == [(0,)]


@posix
@pytest.mark.parametrize("room", [1, 20_000, 1_000_000])
def test_a_backup_that_does_not_fit_leaves_no_file_and_a_usable_store(
    nursery: Any, known: Store, tmp_path: Path, room: int
) -> None:
    target = tmp_path / "копия" / "a.duckdb"
    with known.closed():
        message, rows = told_by(nursery, backup_without_room, known.path, target, room)
    assert message.startswith("Копието не можа да се запише")
    assert rows == 2
    assert list(target.parent.iterdir()) == []


def test_restore_brings_back_what_was_there(known: Store, tmp_path: Path) -> None:
    before = everything(known)
    copy = backup(known, tmp_path / "a.duckdb")
    put(known, absences(11))
    restore(known, copy)
    assert everything(known) == before


def test_a_restored_store_can_be_written_to(known: Store, tmp_path: Path) -> None:
    restore(known, backup(known, tmp_path / "a.duckdb"))
    put(known, absences(11))
    assert known.rows("select count(*) from absences") == [(6,)]


def test_the_backup_stays_as_it_is(known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    before = copy.read_bytes()
    restore(known, copy)
    put(known, absences(11))
    assert copy.read_bytes() == before


def test_the_replaced_store_is_kept_with_all_it_had(known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    put(known, absences(11))
    before = everything(known)
    kept = restore(known, copy)
    assert kept is not None
    with opened_copy(known, kept, tmp_path / "other") as old:
        assert everything(old) == before


def test_restoring_twice_at_once_keeps_both_replaced_stores(known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    put(known, absences(11))
    before = everything(known)
    first, second = restore(known, copy), restore(known, copy)
    assert first is not None
    assert first != second
    with opened_copy(known, first, tmp_path / "other") as old:
        assert everything(old) == before


def test_a_kept_store_can_be_restored_again(known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    put(known, absences(11))
    before = everything(known)
    kept = restore(known, copy)
    assert kept is not None
    restore(known, kept)
    assert everything(known) == before


def test_reading_goes_on_while_the_store_is_replaced(known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    enough, seen = threading.Event(), set()

    def read() -> None:
        # Others get to the processor, too.
        while not enough.wait(0.001):
            seen.add(known.rows("select count(*) from absences")[0][0])

    with beside(read, enough):
        for _ in range(3):
            restore(known, copy)
    assert seen == {3}


def test_a_backup_of_another_store_is_refused(known: Store, tmp_path: Path) -> None:
    with Store(tmp_path / "other.duckdb") as other:
        copy = backup(other, tmp_path / "a.duckdb")
    with pytest.raises(StoreUnusable, match="с друг ключ"):
        restore(known, copy)


def test_a_backup_of_a_newer_program_is_refused(known: Store, tmp_path: Path) -> None:
    schema = known.remembered("schema")
    assert schema is not None
    known.remember("schema", "9999")
    copy = backup(known, tmp_path / "a.duckdb")
    known.remember("schema", schema)
    with pytest.raises(StoreUnusable, match="от по-нова версия"):
        restore(known, copy)


@pytest.mark.parametrize("content", [b"", b"not a database" * 1000])
def test_a_file_that_is_no_backup_is_refused(known: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.duckdb").write_bytes(content)
    with pytest.raises(StoreUnusable, match="не е копие"):
        restore(known, tmp_path / "a.duckdb")


def test_a_backup_that_is_not_there_is_refused(known: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="Няма файл"):
        restore(known, tmp_path / "none.duckdb")


def test_a_refused_backup_changes_nothing(known: Store, tmp_path: Path) -> None:
    before = everything(known)
    with pytest.raises(StoreUnusable):
        restore(known, tmp_path / "none.duckdb")
    assert everything(known) == before
    assert {f.suffix for f in known.path.parent.iterdir()} <= {".duckdb", ".key", ".wal"}


def test_a_backup_becomes_a_store_where_there_is_none(known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    place = tmp_path / "нова" / "база.duckdb"
    assert restore_closed(place, copy) is None
    shutil.copy2(key_path(known.path), key_path(place))
    with Store(place) as opened:
        assert everything(opened) == everything(known)


@posix
def test_what_is_only_in_the_log_of_a_crashed_store_is_kept(nursery: Any, known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    known.close()
    told_by(nursery, commit_and_end, known.path)
    log = known.path.with_name(known.path.name + ".wal")
    assert log.stat().st_size > 0
    kept = restore_closed(known.path, copy)
    assert kept is not None
    restore_closed(known.path, kept)
    with Store(known.path) as opened:
        assert opened.rows("select count(*) from absences") == [(6,)]


@posix
def test_a_log_without_its_store_is_not_read_into_a_backup(nursery: Any, known: Store, tmp_path: Path) -> None:
    copy = backup(known, tmp_path / "a.duckdb")
    known.close()
    told_by(nursery, commit_and_end, known.path)
    known.path.unlink()
    restore_closed(known.path, copy)
    with Store(known.path) as opened:
        assert opened.rows("select count(*) from absences") == [(3,)]
