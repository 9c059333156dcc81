"""A newer program changes the store of an older one, and the older one can be gone back to."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from examples import put, register
from older import older_store
from program import command

from obhvat.errors import DiskFull
from obhvat.store import Store, copies
from obhvat.store.exchange import folder_of_copies
from obhvat.store.files import copy_database
from obhvat.store.schema import MIGRATIONS, SCHEMA_VERSION

NEWER = 9001


@contextmanager
def newer_program(folder: Path) -> Generator[None]:
    """This program as it will be after the next migration, which renames what this one reads."""
    step = folder / f"{NEWER}_next.sql"
    step.write_text("alter table schools rename column name to called;", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("obhvat.store.schema.MIGRATIONS", (*MIGRATIONS, step))
        patch.setattr("obhvat.store.schema.SCHEMA_VERSION", NEWER)
        patch.setattr("obhvat.store.schema.VIEWS", ())
        yield


def old_path(folder: Path) -> Path:
    """A store of an older program that remembers something."""
    path = folder / "old" / "a.duckdb"
    with older_store(path, SCHEMA_VERSION - 1) as old:
        old.execute("insert into meta values ('said', 'нещо')")
    return path


def remembered(path: Path) -> dict[str, str]:
    with duckdb.connect(path, read_only=True) as held:
        return dict(held.execute("select key, value from meta where key in ('schema', 'said')").fetchall())


def test_a_copy_is_made_before_an_older_store_is_changed(tmp_path: Path) -> None:
    path = old_path(tmp_path)
    with Store(path) as opened:
        [copy] = copies.copies(opened)
        assert (copy.is_of_older, copy.is_daily) == (True, False)
        assert copy.path.name.endswith(f"-схема-{SCHEMA_VERSION - 1}.duckdb")
        assert copies.to_stay([copy]) == [copy]
        assert opened.remembered("schema") == str(SCHEMA_VERSION)
    assert remembered(copy.path) == {"schema": f"{SCHEMA_VERSION - 1}", "said": "нещо"}
    if os.name != "nt":
        assert copy.path.stat().st_mode & 0o077 == 0
    with Store(path) as opened:
        assert copies.copies(opened) == [copy]


def test_without_room_for_the_copy_nothing_is_changed(tmp_path: Path) -> None:
    path = old_path(tmp_path)
    folder_of_copies(path).write_text("не е папка", "utf-8")
    with pytest.raises(DiskFull, match="Преди обновяването на базата се прави копие"):
        Store(path)
    assert remembered(path) == {"schema": f"{SCHEMA_VERSION - 1}", "said": "нещо"}


def test_the_older_program_says_that_the_store_is_newer_and_goes_back_with_the_copy(tmp_path: Path) -> None:
    path, chosen = tmp_path / "a.duckdb", tmp_path / "друг диск"
    with Store(path) as opened:
        copies.choose_folder(opened, str(chosen))
        put(opened, register())
        schools = opened.rows("select code, name from schools order by all")
    with newer_program(tmp_path), Store(path) as opened:
        [copy] = copies.copies(opened)
        assert copy.path.parent == chosen
        assert opened.rows("select code, called from schools order by all") == schools
    refused = command("figure", "calls", "--store", path, folder=tmp_path)
    assert (refused.returncode, refused.stderr) == (
        5,
        f"Базата „a.duckdb“ е от по-нова версия на обхват (схема {NEWER}, тази програма знае {SCHEMA_VERSION}). "
        "Обновете програмата или върнете копие отпреди по-новата: obhvat restore КОПИЕ.\n",
    )
    back = command("restore", copy.path, "--store", path, folder=tmp_path)
    assert back.returncode == 0, back.stderr
    assert "Предишната е запазена в „" in back.stdout
    with Store(path) as opened:
        assert opened.rows("select code, name from schools order by all") == schools


def test_a_copy_is_written_for_the_same_duckdb_as_the_store(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'a.duckdb'}' as a (storage_version 'v1.2.0')")
        connection.execute("use a")
        connection.execute("create table t as select 1 as n")
        copy_database(connection, tmp_path / "b.duckdb")
        connection.execute(f"attach '{tmp_path / 'b.duckdb'}' as b")
        written = (
            "select database_name, tags['storage_version'] from duckdb_databases() where not internal order by all"
        )
        assert connection.execute(written).fetchall()[:2] == [("a", "v1.2.0+"), ("b", "v1.2.0+")]
