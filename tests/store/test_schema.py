"""The schema of the store follows the declarations of the datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from obhvat.datasets import NAMES, dataset
from obhvat.marts import MARTS
from obhvat.store import Store, entries
from obhvat.store.store import MIGRATIONS, SCHEMA_VERSION

COLUMNS = "select column_name, data_type, is_nullable from duckdb_columns() where table_name = $t order by column_index"


@pytest.mark.parametrize("name", NAMES)
def test_table_has_the_declared_columns_in_order_then_slice_and_line(store: Store, name: str) -> None:
    declared = [(f.name, f.sql_type) for f in dataset(name).stored]
    found = [(column, kind.lower()) for column, kind, _ in store.rows(COLUMNS, {"t": name})]
    assert found == [*declared, ("slice_id", "integer"), ("line", "integer")]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_must_name_its_slice_and_line(store: Store, name: str) -> None:
    nullable = {column: is_nullable for column, _, is_nullable in store.rows(COLUMNS, {"t": name})}
    assert (nullable["slice_id"], nullable["line"]) == (False, False)


@pytest.mark.parametrize("name", NAMES)
def test_no_column_is_for_names_or_identifiers(store: Store, name: str) -> None:
    columns = {column for column, _, _ in store.rows(COLUMNS, {"t": name})}
    assert not columns & {"egn", "identifier", "first_name", "last_name", "family", "address", "phone"}


def test_pupils_are_kept_as_numbers_only(store: Store) -> None:
    kinds = store.rows("select distinct data_type from duckdb_columns() where column_name = 'pupil'")
    assert kinds == [("UBIGINT",)]


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_row_names_its_slice_and_little_is_null(store: Store, name: str) -> None:
    columns = store.rows(COLUMNS, {"t": name})
    assert columns[0][0] == "slice_id"
    # Files of the АСП do not say which absences are excused.
    assert {column for column, _, is_nullable in columns if is_nullable} <= {"excused"}


def test_there_are_no_other_tables(store: Store) -> None:
    own = {"meta", "batches", "batch_marks", "slices", "rejected_rows", "profiles", "school_aliases", "thresholds"}
    tables = {row[0] for row in store.rows("select table_name from duckdb_tables()")}
    assert tables == own | {"entries"} | set(entries.TABLES) | set(NAMES) | set(MARTS)


def test_migrations_are_numbered_one_after_another() -> None:
    assert [int(m.name[:4]) for m in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_new_store_records_the_newest_migration(store: Store) -> None:
    assert (store.remembered("schema"), SCHEMA_VERSION) == (str(len(MIGRATIONS)), len(MIGRATIONS))


def test_migrations_are_not_run_again(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb") as first:
        first.rows("alter table schools rename column name to renamed")
    with Store(tmp_path / "a.duckdb") as again:
        assert "renamed" in {row[0] for row in again.rows(COLUMNS, {"t": "schools"})}


def test_a_migration_that_fails_leaves_the_schema_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, broken = tmp_path / "a.duckdb", tmp_path / "9001_broken.sql"
    broken.write_text("create table half (n integer); create table half (n integer);", "utf-8")
    with Store(path):
        pass
    with monkeypatch.context() as patch:
        patch.setattr("obhvat.store.store.MIGRATIONS", (*MIGRATIONS, broken))
        with pytest.raises(Exception, match="half"):
            Store(path)
    with Store(path) as opened:
        tables = {row[0] for row in opened.rows("select table_name from duckdb_tables()")}
        assert ("half" in tables, opened.remembered("schema")) == (False, str(SCHEMA_VERSION))


def test_a_new_migration_runs_once_and_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, added = tmp_path / "a.duckdb", tmp_path / "9001_added.sql"
    added.write_text("create table added (n integer); insert into added values (1);", "utf-8")
    with Store(path):
        pass
    monkeypatch.setattr("obhvat.store.store.MIGRATIONS", (*MIGRATIONS, added))
    monkeypatch.setattr("obhvat.store.store.SCHEMA_VERSION", 9001)
    for _ in range(2):
        with Store(path) as opened:
            assert (opened.rows("from added"), opened.remembered("schema")) == ([(1,)], "9001")
