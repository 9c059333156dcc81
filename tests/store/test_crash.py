"""Power cuts and full disks: real processes killed in the middle of a commit, and the store opened after each."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from children import all_of, told_by
from crasher import CHILDREN, commit_until_killed, open_first_time, start_without_room, write_without_room
from examples import absences, everything, put, register, unfinished_parts

from obhvat.errors import DiskFull
from obhvat.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="няма SIGKILL и RLIMIT_FSIZE")

KILLS = 54
FIRST_STARTS = 12
ROWS_OF_A_BATCH = {"schools": 2, "pupils": CHILDREN, "absences": CHILDREN - CHILDREN // 100}


@dataclass
class Crashes:
    """What was found after every kill."""

    exit_codes: list[int | None] = field(default_factory=list)
    ended: int = 0
    """How many had committed."""
    lost: list[str] = field(default_factory=list)
    """Batches that were committed, or were there before, and are not there."""
    parts: list[str] = field(default_factory=list)
    """Uploads of which not all files are there."""
    halves: list[str] = field(default_factory=list)
    """Files of which not all rows, rejected rows and mart rows are there."""

    def add(self, other: Crashes) -> None:
        self.exit_codes += other.exit_codes
        self.ended += other.ended
        self.lost += other.lost
        self.parts += other.parts
        self.halves += other.halves


# To start a process is to ask after those started before: of two threads that ask how one ended, one is told 255.
_ASKING = threading.Lock()


def killed_child(
    nursery: Any, do: Callable[..., None], given: tuple[object, ...], delay: float | None
) -> tuple[list[Any], int | None]:
    """Start a child, kill it `delay` seconds after it began its work, or once it said that it ended it; what it said,
    and its exit code."""
    ours, theirs = nursery.Pipe(duplex=False)
    child = nursery.Process(target=do, args=(given[0], theirs, *given[1:]))
    with _ASKING:
        child.start()
    theirs.close()
    said = [ours.recv()]
    if delay is None:
        said.append(ours.recv())
    else:
        time.sleep(delay)
    child.kill()
    with _ASKING:
        child.join()
    said += all_of(ours)
    ours.close()
    return said[1:], child.exitcode


@pytest.fixture(scope="module")
def crashes(nursery: Any, tmp_path_factory: pytest.TempPathFactory) -> Crashes:
    """Two stores, one for each processor, whose writers are killed again and again."""
    found, folder = Crashes(), tmp_path_factory.mktemp("crash")
    with ThreadPoolExecutor(2) as pool:
        series = [pool.submit(killed_writers, nursery, folder / f"{n}.duckdb", Random(n)) for n in (1, 2)]
        for one in series:
            found.add(one.result())
    return found


def killed_writers(nursery: Any, path: Path, random: Random) -> Crashes:
    """A store whose writers are killed, looked at after each: every ninth when it has committed, which is measured,
    the others at random moments of that."""
    found, duration = Crashes(), 0.0
    with Store(path) as made:
        put(made, register())
        known = {row[0] for row in made.rows("select batch_id from batches")}
    for n in range(KILLS // 2):
        delay = random.uniform(0, 1.1 * duration) if n % 9 else None
        given = (path, n, ("16MB", "20KB")[n % 2])
        said, exit_code = killed_child(nursery, commit_until_killed, given, delay)
        told = {batch for batches, _ in said for batch in batches}
        if delay is None:
            [(_, duration)] = said
        with Store(path) as opened:
            there = {row[0] for row in opened.rows("select batch_id from batches")}
            found.halves += [f"{n}: {part}" for part in unfinished_parts(opened) + wrong_sizes(opened)]
        found.exit_codes.append(exit_code)
        found.ended += len(said)
        found.lost += [f"{n}: {batch}" for batch in (known | told) - there]
        # The last commit may be there without anybody having been told of it, but then whole.
        untold = there - known - told
        found.parts += [f"{n}: {sorted(untold)}"] if len(untold) not in (0, 2) else []
        known = there
    return found


def wrong_sizes(store: Store) -> list[str]:
    """Batches that hold another number of rows than their file: all files are the same."""
    batches = store.rows("select batch_id, dataset, rows_good from batches")
    return [str(batch) for batch in batches if batch[2] != ROWS_OF_A_BATCH[batch[1]]]


def test_at_least_fifty_writers_were_killed(crashes: Crashes) -> None:
    assert crashes.exit_codes == [-signal.SIGKILL] * KILLS
    assert KILLS >= 50
    assert KILLS // 9 <= crashes.ended < KILLS


def test_nothing_committed_is_lost(crashes: Crashes) -> None:
    assert crashes.lost == []


def test_an_upload_is_there_whole_or_not_at_all(crashes: Crashes) -> None:
    assert crashes.parts == []


def test_no_batch_row_or_mart_is_half_written(crashes: Crashes) -> None:
    assert crashes.halves == []


def test_a_store_whose_first_start_was_cut_short_opens(nursery: Any, tmp_path: Path) -> None:
    random, tables = Random(7), set()
    began = time.monotonic()
    with Store(tmp_path / "whole.duckdb") as whole:
        tables.add(whole.rows("select count(*) from duckdb_tables()")[0][0])
    duration = time.monotonic() - began
    for n in range(FIRST_STARTS):
        path = tmp_path / f"{n}.duckdb"
        killed_child(nursery, open_first_time, (path,), random.uniform(0, duration))
        with Store(path) as opened:
            tables.add(opened.rows("select count(*) from duckdb_tables()")[0][0])
    assert len(tables) == 1


@pytest.fixture
def known(store: Store) -> Store:
    """A store with a register and a month."""
    put(store, register(), absences(10))
    return store


def without_room(nursery: Any, known: Store, room: int, log_limit: str) -> list[Any]:
    with known.closed():
        return told_by(nursery, write_without_room, known.path, room, log_limit)


@pytest.mark.parametrize(("room", "log_limit"), [(1, "16MB"), (30_000, "16MB"), (1, "1KB"), (60_000, "1KB")])
def test_a_full_disk_is_named_and_nothing_is_written(nursery: Any, known: Store, room: int, log_limit: str) -> None:
    message, same, _ = without_room(nursery, known, room, log_limit)
    assert message.startswith("Няма място на диска. Нищо от това качване не е записано")
    assert same is True


def test_a_store_is_usable_when_there_is_room_again(nursery: Any, known: Store) -> None:
    before = everything(known)
    *_, rows = without_room(nursery, known, 30_000, "16MB")
    assert rows == 5
    there = known.rows("from absences where line < 5 and month = '2023-10-01'")
    assert sorted(there, key=repr) == before["absences"]
    assert unfinished_parts(known) == []


@pytest.mark.parametrize("room", [1, 5000])
def test_a_first_start_without_room_is_named(nursery: Any, tmp_path: Path, room: int) -> None:
    message, noise = told_by(nursery, start_without_room, tmp_path / "a.duckdb", room)
    assert (noise, message[:23]) == ("", "Няма място на диска. Ни")


@pytest.mark.parametrize("room", [100, 5000, 15_000])
def test_a_store_opens_after_a_first_start_without_room(nursery: Any, tmp_path: Path, room: int) -> None:
    path = tmp_path / "a.duckdb"
    told_by(nursery, start_without_room, path, room)
    with Store(path) as opened:
        assert opened.rows("select count(*) from batches") == [(0,)]


def test_a_full_disk_has_its_own_exit_code() -> None:
    assert DiskFull.exit_code == 6
