"""Restoring when the power is cut, when files cannot be moved, and when there is no store where one was."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from children import told_by
from crasher import commit_and_end, restore_interrupted
from examples import absences, everything, put, register
from program import command

from obhvat.errors import StoreUnusable
from obhvat.store import Store
from obhvat.store.backup import backup, restore, restore_closed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="няма SIGKILL")
# Four to tidy up, one to begin, three logs, the second name of the store, and the new store in its place.
STEPS = 10
Contents = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def crashed(nursery: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, its key, its log that alone has a month, and a copy made before that."""
    folder = tmp_path_factory.mktemp("crashed")
    with Store(folder / "a.duckdb") as made:
        put(made, register(), absences(10))
        backup(made, folder / "копие.duckdb")
        put(made, absences(11))
    told_by(nursery, commit_and_end, folder / "a.duckdb")
    assert (folder / "a.duckdb.wal").stat().st_size > 0
    return folder


@pytest.fixture
def a_crashed(crashed: Path, tmp_path: Path) -> Path:
    """A store of its own of `crashed`."""
    return Path(shutil.copytree(crashed, tmp_path / "store")) / "a.duckdb"


@pytest.fixture(scope="module")
def both(crashed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Contents, Contents]:
    """All that the store has, and all that its copy has."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copytree(crashed, folder, dirs_exist_ok=True)
    shutil.copy2(folder / "a.key", folder / "копие.key")
    with Store(folder / "a.duckdb") as old, Store(folder / "копие.duckdb") as new:
        return everything(old), everything(new)


def contents_of(path: Path) -> Contents:
    with Store(path, create=False) as opened:
        return everything(opened)


def kept_of(path: Path) -> Path:
    """The only store that was replaced, with the key that it needs."""
    [kept] = path.parent.glob("a-преди-*.duckdb")
    shutil.copy2(path.with_suffix(".key"), kept.with_suffix(".key"))
    return kept


def test_the_steps_of_a_restore_are_as_many_as_are_tried(nursery: Any, a_crashed: Path) -> None:
    assert told_by(nursery, restore_interrupted, a_crashed, a_crashed.parent / "копие.duckdb", (), "killed") == [
        (STEPS, "")
    ]


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_power_cut_at_any_step_leaves_the_store_or_its_copy(
    nursery: Any, a_crashed: Path, both: tuple[Contents, Contents], step: int
) -> None:
    old, new = both
    copy = a_crashed.parent / "копие.duckdb"
    assert told_by(nursery, restore_interrupted, a_crashed, copy, (step,), "killed", exit_code=-9) == []
    there = contents_of(a_crashed)
    assert there in (old, new)
    if there == new:
        assert contents_of(kept_of(a_crashed)) == old
    assert not list(a_crashed.parent.glob("*.ready"))
    restore_closed(a_crashed, copy)
    assert contents_of(a_crashed) == new


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_step_that_fails_changes_nothing(
    nursery: Any, a_crashed: Path, both: tuple[Contents, Contents], step: int
) -> None:
    copy = a_crashed.parent / "копие.duckdb"
    [(_, refused)] = told_by(nursery, restore_interrupted, a_crashed, copy, (step,), "fails")
    if step == STEPS - 1:
        # On a disk where no file has two names the store is moved.
        assert refused == ""
    else:
        assert "не е променена" in refused or "Базата е каквато беше" in refused
    assert contents_of(a_crashed) == both[refused == ""]
    assert {path.suffix for path in a_crashed.parent.iterdir()} <= {".duckdb", ".key", ".wal"}


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_when_nothing_can_be_moved_any_more_nothing_is_lost(
    nursery: Any, a_crashed: Path, both: tuple[Contents, Contents], step: int
) -> None:
    old, new = both
    copy = a_crashed.parent / "копие.duckdb"
    [(_, refused)] = told_by(nursery, restore_interrupted, a_crashed, copy, range(step, 100), "fails")
    there = contents_of(a_crashed)
    assert there == (new if "при следващото отваряне" in refused else old)
    if there == new:
        assert contents_of(kept_of(a_crashed)) == old


def test_a_store_that_is_away_from_its_key_and_its_copies_is_not_made_anew(store: Store, tmp_path: Path) -> None:
    put(store, register())
    copy = backup(store, tmp_path / "a.duckdb")
    kept = restore(store, copy)
    assert kept
    store.close()
    store.path.rename(tmp_path / "отнесена.duckdb")
    with pytest.raises(StoreUnusable) as refused:
        Store(store.path)
    assert f"obhvat restore „{kept.name}“" in str(refused.value)
    assert "Нова не се прави" in str(refused.value)
    assert not store.path.exists()
    restore_closed(store.path, kept)
    with Store(store.path) as opened:
        assert opened.rows("select count(*) from schools") == [(2,)]


@pytest.mark.parametrize("beside", ["a.duckdb.wal", "a-преди-2024-03-13-140500.duckdb", "a-2024-03-13-140500.duckdb"])
def test_what_stands_beside_a_store_says_that_there_was_one(tmp_path: Path, beside: str) -> None:
    (tmp_path / beside).write_bytes(b"")
    with pytest.raises(StoreUnusable, match="преместете тези файлове"):
        Store(tmp_path / "a.duckdb")
    assert not (tmp_path / "a.duckdb").exists()


def test_an_empty_file_beside_its_key_was_a_store(store: Store) -> None:
    store.close()
    store.path.write_bytes(b"")
    with pytest.raises(StoreUnusable, match="Нова не се прави"):
        Store(store.path)


@pytest.mark.parametrize("arguments", ["figure calls", "import а.csv", "backup копие.duckdb", "check-store", "demo"])
def test_every_command_says_that_the_store_is_away(store: Store, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "а.csv").write_text("а;б\n1;2\n", "utf-8")
    backup(store, store.path.parent)
    store.close()
    store.path.unlink()
    done = command(*arguments.split(), "--store", store.path, folder=tmp_path)
    [line] = done.stderr.splitlines()
    assert (done.returncode, "Нова не се прави" in line) == (5, True)


def test_a_store_is_not_restored_from_itself(store: Store) -> None:
    with pytest.raises(StoreUnusable, match="самата база"):
        restore(store, store.path)


def test_a_kept_store_whose_key_is_away_is_restored_with_a_word_about_it(store: Store, tmp_path: Path) -> None:
    copy = backup(store, tmp_path / "a.duckdb")
    done = command("restore", copy, "--store", tmp_path / "нова" / "b.duckdb", folder=tmp_path)
    assert (done.returncode, "липсва ключът „b.key“" in done.stderr) == (0, True)
