"""A query reaches the store and nothing else of the computer."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from examples import put, register

from obhvat.errors import StoreUnusable
from obhvat.ingest.checking.staging import Staging
from obhvat.store import Store
from obhvat.store.backup import backup, restore

READING = (
    "from read_csv('{}')",
    "from read_text('{}')",
    "from glob('{}*')",
    "copy meta from '{}'",
    "copy (select 1) to '{}'",
    "attach '{}' as other",
    "set enable_external_access = true",
    "set allowed_paths = ['{}']",
)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the computer that is none of ours."""
    path = tmp_path / "чуждо.csv"
    path.write_text("тайна\n1\n", "utf-8")
    return path


@pytest.mark.parametrize("sql", READING)
def test_the_store_reads_and_writes_no_other_file(store: Store, secret: Path, sql: str) -> None:
    before = secret.read_bytes()
    with store.cursor() as cursor, pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        cursor.execute(sql.format(secret)).fetchall()
    assert secret.read_bytes() == before


def test_a_store_reopened_after_a_restore_reads_no_other_file(store: Store, secret: Path, tmp_path: Path) -> None:
    put(store, register())
    restore(store, backup(store, tmp_path / "копие.duckdb"))
    with store.cursor() as cursor, pytest.raises(duckdb.PermissionException):
        cursor.execute(READING[0].format(secret)).fetchall()


@pytest.mark.parametrize("sql", [sql for sql in READING if "meta" not in sql])
def test_the_database_of_an_upload_reads_and_writes_no_file(secret: Path, sql: str) -> None:
    staging = Staging("ключ")
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        staging.execute(sql.format(secret))
    staging.close()


def test_a_view_in_a_file_that_is_called_a_copy_reads_nothing(store: Store, secret: Path, tmp_path: Path) -> None:
    made = tmp_path / "копие.duckdb"
    with duckdb.connect(made) as other:
        other.execute(f"create view meta as select 'schema' as key, тайна::varchar as value from read_csv('{secret}')")
    with pytest.raises(StoreUnusable, match="не е копие"):
        restore(store, made)
