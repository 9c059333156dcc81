"""Single wrong bytes in a copy, a store and its log: what was written is there, or it is said that it is not."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from children import told_by
from crasher import commit_and_end
from examples import absences, everything, put, register
from program import command

from obhvat.errors import StoreUnusable
from obhvat.store import Store
from obhvat.store.backup import backup, restore_closed
from obhvat.store.files import log_of, remove
from obhvat.store.pseudonyms import key_path
from obhvat.store.sound import check

HEADS, BLOCK = 3 * 4096, 262_144
Contents = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with no log."""
    path = tmp_path_factory.mktemp("whole") / "a.duckdb"
    with Store(path) as made:
        put(made, register(), absences(10, (1,) * 300), absences(11))
    return path


@pytest.fixture(scope="module")
def before(whole: Path) -> Contents:
    with Store(whole) as opened:
        return everything(opened)


@pytest.fixture
def place(whole: Path, tmp_path: Path) -> Path:
    """Where a damaged store is put; its key is there."""
    shutil.copy2(key_path(whole), tmp_path / "b.key")
    return tmp_path / "b.duckdb"


def places(size: int, random: Random, n: int) -> Iterator[int]:
    """In each head, in each block, and anywhere."""
    yield from (8, 100, 4096, 4200, 8192, 8300)
    yield from (start + random.randrange(BLOCK) for start in range(HEADS, size, BLOCK))
    yield from (random.randrange(size) for _ in range(n))


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :]


def test_a_damaged_copy_is_refused_or_makes_the_whole_store(whole: Path, before: Contents, place: Path) -> None:
    data, copy = whole.read_bytes(), place.with_name("копие.duckdb")
    refused = []
    for at in places(len(data), Random(1), 10):
        copy.write_bytes(flipped(data, at))
        try:
            restore_closed(place, copy)
        except StoreUnusable as error:
            refused.append(str(error))
            assert not place.exists()
        else:
            with Store(place) as opened:
                assert everything(opened) == before
                put(opened, absences(12))
            remove(place)
    assert len(refused) >= 15
    assert all("не се чете цялото" in sentence for sentence in refused)


@pytest.mark.skipif(not duckdb.__version__.startswith("1."), reason="друга DuckDB казва грешката си другояче")
def test_a_damaged_store_is_refused_found_out_or_whole(whole: Path, before: Contents, place: Path) -> None:
    data, said = whole.read_bytes(), []
    for at in places(len(data), Random(2), 10):
        place.write_bytes(flipped(data, at))
        try:
            with Store(place) as opened:
                check(opened)
                assert everything(opened) == before
                put(opened, absences(12))
        except StoreUnusable as error:
            said.append(str(error))
        remove(place)
    assert len(said) >= 20
    assert all("повреден" in sentence for sentence in said)


@pytest.fixture(scope="module")
def logged(nursery: Any, whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose last month is in its log only."""
    folder = tmp_path_factory.mktemp("logged")
    for suffix in (".duckdb", ".key"):
        shutil.copy2(whole.with_suffix(suffix), folder)
    told_by(nursery, commit_and_end, folder / "a.duckdb")
    return folder / "a.duckdb"


@pytest.mark.skipif(not duckdb.__version__.startswith("1."), reason="друга DuckDB пише дневника си другояче")
def test_a_damaged_log_is_never_taken_for_one_that_was_cut_short(logged: Path, place: Path) -> None:
    log, random = log_of(logged).read_bytes(), Random(3)
    spots = [*range(0, 26, 3), *range(len(log) - 21, len(log), 4), *(random.randrange(len(log)) for _ in range(15))]
    for at in spots:
        shutil.copy2(logged, place)
        log_of(place).write_bytes(flipped(log, at))
        with pytest.raises(StoreUnusable, match="повреден"):
            Store(place)
        assert log_of(place).exists()


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_a_log_whose_writing_was_cut_short_is_read_so_far(
    logged: Path, before: Contents, place: Path, share: float
) -> None:
    log = log_of(logged).read_bytes()
    shutil.copy2(logged, place)
    log_of(place).write_bytes(log[: int(share * len(log))])
    with Store(place) as opened:
        assert everything(opened) == before


def test_a_copy_goes_over_a_store_with_a_damaged_log(
    logged: Path, whole: Path, before: Contents, place: Path, tmp_path: Path
) -> None:
    shutil.copy2(logged, place)
    log_of(place).write_bytes(flipped(log_of(logged).read_bytes(), 200))
    done = command("restore", whole, "--store", place, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    with Store(place) as opened:
        assert everything(opened) == before
    assert len(list(tmp_path.glob("b-преди-*.duckdb.wal"))) == 1


@pytest.mark.parametrize("arguments", ["figure calls", "import а.csv", "check а.csv", "backup к.duckdb", "check-store"])
@pytest.mark.parametrize("part", ["head", "log"])
def test_every_command_says_in_a_sentence_that_a_store_is_damaged(
    logged: Path, place: Path, tmp_path: Path, part: str, arguments: str
) -> None:
    (tmp_path / "а.csv").write_bytes(absences().data)
    shutil.copy2(logged, place)
    shutil.copy2(log_of(logged), log_of(place))
    damaged = place if part == "head" else log_of(place)
    damaged.write_bytes(flipped(damaged.read_bytes(), 10))
    done = command(*arguments.split(), "--store", place, folder=tmp_path)
    [line] = done.stderr.splitlines()
    assert (done.returncode, "obhvat restore" in line) == (5, True)


@pytest.fixture
def unreadable(whole: Path, place: Path) -> Path:
    """A store that opens, and has a block that cannot be read."""
    data = whole.read_bytes()
    for start in range(HEADS, len(data), BLOCK):
        place.write_bytes(flipped(data, start + 100))
        with contextlib.suppress(StoreUnusable), Store(place) as opened:
            try:
                everything(opened)
            except StoreUnusable:
                return place
    raise AssertionError("no such block")


def test_a_store_that_cannot_be_read_is_no_full_disk(unreadable: Path, tmp_path: Path) -> None:
    with Store(unreadable) as opened, pytest.raises(StoreUnusable, match="повреден"):
        backup(opened, tmp_path / "копие.duckdb")
    assert not (tmp_path / "копие.duckdb").exists()


def test_check_store_reads_what_nobody_asked_for(unreadable: Path, whole: Path, tmp_path: Path) -> None:
    done = command("check-store", "--store", unreadable, folder=tmp_path)
    assert (done.returncode, "повреден" in done.stderr) == (5, True)
    done = command("check-store", "--store", whole, folder=tmp_path)
    assert done.stdout.startswith("„a.duckdb“ е прочетена цяла: ")


def test_rows_that_are_not_where_their_batch_wrote_them_are_missed(store: Store, tmp_path: Path) -> None:
    put(store, register(), absences())
    assert check(store)["absences"] == 3
    with store.transaction() as cursor:
        cursor.execute("delete from absences where line = 2").fetchall()
    with pytest.raises(StoreUnusable, match="се четат 2 реда там, където са записани 3 реда"):
        check(store)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_key_that_an_editor_marked_is_the_key(whole: Path, before: Contents, place: Path, encoding: str) -> None:
    shutil.copy2(whole, place)
    key_path(place).write_text(key_path(whole).read_text("ascii") + "\r\n", encoding)
    with Store(place) as opened:
        assert everything(opened) == before


def test_a_key_that_is_no_text_is_said_in_a_sentence(whole: Path, place: Path) -> None:
    shutil.copy2(whole, place)
    key_path(place).write_bytes(b"\x89PNG\xff")
    with pytest.raises(StoreUnusable, match="не е ключ на обхват"):
        Store(place)
