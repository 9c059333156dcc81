"""What the program writes is for its owner alone, whatever the account's habits are."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import absences, put, register
from program import obhvat

from obhvat.store import Store
from obhvat.store.backup import backup, restore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows няма такива права")


@pytest.fixture(autouse=True)
def _everybody_may_read() -> Iterator[None]:
    """The habits of an account that hides nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, str]:
    """The rights of a folder and of everything in it."""
    return {
        str(path.relative_to(folder.parent)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in (folder, *folder.rglob("*"))
    }


def others_have_none(folder: Path) -> bool:
    return {kind[-2:] for kind in rights(folder).values()} == {"00"}


def test_a_store_its_log_and_its_temporary_files(tmp_path: Path) -> None:
    with Store(tmp_path / "data" / "store" / "a.duckdb") as made:
        put(made, register(), absences())
        with made.cursor() as cursor:
            cursor.execute("set memory_limit = '20MB'")
            cursor.execute("create temp table large as select range as n, hash(range) as h from range(3000000)")
            names = set(rights(tmp_path / "data"))
            assert {"data/store/a.duckdb", "data/store/a.key", "data/store/a.duckdb.wal"} <= names
            assert any(name.startswith("data/store/a.duckdb.tmp/") for name in names)
            assert others_have_none(tmp_path / "data")


def test_a_store_that_was_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Store(folder / "a.duckdb") as made:
        put(made, register())
        backup(made, folder)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with Store(folder / "a.duckdb"):
        assert len(rights(folder)) == 4
        assert others_have_none(folder)


def test_a_folder_with_other_things_stays_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir(mode=0o755)
    (folder / "писмо.docx").touch(0o644)
    (folder / "чужда.duckdb").touch(0o644)
    with Store(folder / "a.duckdb"):
        pass
    told = rights(folder)
    assert (told["documents"], told["documents/писмо.docx"], told["documents/чужда.duckdb"]) == (
        "0o755",
        "0o644",
        "0o644",
    )
    assert (told["documents/a.duckdb"], told["documents/a.key"]) == ("0o600", "0o600")


def test_a_folder_that_many_share_stays_open(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with Store(shared / "a.duckdb"):
        pass
    assert rights(shared)["shared"] == "0o1777"


def test_copies_in_any_folder(store: Store, tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    os.umask(0)
    made = backup(store, open_folder)
    assert oct(stat.S_IMODE(made.stat().st_mode)) == "0o600"
    backup(store, tmp_path / "new" / "below" / "a.duckdb")
    assert others_have_none(tmp_path / "new")
    kept = restore(store, made)
    assert kept
    assert others_have_none(store.path.parent)


def test_what_commands_write(tmp_path: Path) -> None:
    (tmp_path / "лоши.csv").write_bytes(absences().data.replace(b";1", b";-1"))
    places = {"folder": tmp_path, "OBHVAT_STORE": str(tmp_path / "new" / "a.duckdb")}
    obhvat("import", tmp_path / "лоши.csv", "--yes", "--rejected", tmp_path / "back", **places)
    made = obhvat("backup", tmp_path / "copies", **places)
    assert len(rights(tmp_path / "back")) == 2
    assert all(others_have_none(tmp_path / name) for name in ("new", "back", "copies"))
    assert "Ключът „a.key“ не е в копието" in " ".join(made.stderr.split())
