"""The schema of the store follows the declarations of the datasets."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from examples import absences, put, register
from older import older_store

from obhvat.datasets import NAMES, dataset
from obhvat.marts import MARTS
from obhvat.resources import read_sql
from obhvat.store import Store, entries, pseudonyms
from obhvat.store.backup import backup
from obhvat.store.schema import MIGRATIONS, SCHEMA_VERSION

COLUMNS = "select column_name, data_type, is_nullable from duckdb_columns() where table_name = $t order by column_index"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A new store, for looking at."""
    with Store(tmp_path_factory.mktemp("made") / "obhvat.duckdb") as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES)
def test_table_has_the_declared_columns_in_order_then_slice_and_line(made: Store, name: str) -> None:
    declared = [(f.name, f.sql_type) for f in dataset(name).stored]
    found = [(column, kind.lower()) for column, kind, _ in made.rows(COLUMNS, {"t": name})]
    assert found == [*declared, ("slice_id", "integer"), ("line", "integer")]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_must_name_its_slice_and_line(made: Store, name: str) -> None:
    nullable = {column: is_nullable for column, _, is_nullable in made.rows(COLUMNS, {"t": name})}
    assert (nullable["slice_id"], nullable["line"]) == (False, False)


@pytest.mark.parametrize("name", NAMES)
def test_no_column_is_for_names_or_identifiers(made: Store, name: str) -> None:
    columns = {column for column, _, _ in made.rows(COLUMNS, {"t": name})}
    assert not columns & {"egn", "identifier", "first_name", "last_name", "family", "address", "phone"}


def test_pupils_are_kept_as_numbers_only(made: Store) -> None:
    kinds = made.rows("select distinct data_type from duckdb_columns() where column_name = 'pupil'")
    assert kinds == [("UBIGINT",)]


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_row_names_its_slice_and_little_is_null(made: Store, name: str) -> None:
    columns = made.rows(COLUMNS, {"t": name})
    assert columns[0][0] == "slice_id"
    # Files of the АСП do not say which absences are excused.
    assert {column for column, _, is_nullable in columns if is_nullable} <= {"excused"}


def test_there_are_no_other_tables(made: Store) -> None:
    own = {"meta", "batches", "batch_marks", "slices", "rejected_rows", "profiles", "aliases", "thresholds"}
    own |= {"replaced_names", "passwords", "people_seen", "accounts", "restricted_children", "erased_children"}
    own |= {"country_keys", "country_files", "country_figures"}
    tables = {row[0] for row in made.rows("select table_name from duckdb_tables()")}
    assert tables == own | {"entries"} | set(entries.TABLES) | set(NAMES) | set(MARTS)


def test_migrations_are_numbered_one_after_another() -> None:
    assert [int(m.name[:4]) for m in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_new_store_records_the_newest_migration(made: Store) -> None:
    assert (made.remembered("schema"), SCHEMA_VERSION) == (str(len(MIGRATIONS)), len(MIGRATIONS))


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
        patch.setattr("obhvat.store.schema.MIGRATIONS", (*MIGRATIONS, broken))
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
    monkeypatch.setattr("obhvat.store.schema.MIGRATIONS", (*MIGRATIONS, added))
    monkeypatch.setattr("obhvat.store.schema.SCHEMA_VERSION", 9001)
    for _ in range(2):
        with Store(path) as opened:
            assert (opened.rows("from added"), opened.remembered("schema")) == ([(1,)], "9001")


# A store of the program that still had its macros in migrations: what it answered with is not what is asked now.
OLD_SCHEMA, OLD_MACROS = 4, Path(__file__).with_name("old_macros.sql")
# When a file is opened again, DuckDB forgets `materialized` and decides for itself, sets its own parentheses, and what
# a star replaces comes in another order.
MACROS = """
    select function_name, parameters, list_sort(regexp_extract_all(written, '[\\w'']+|[^\\w\\s()"]')) as says
    from (
        select *, replace(macro_definition, ' AS MATERIALIZED (', ' AS (') as written
        from duckdb_functions()
        where database_name = current_database() and not internal
    )
    order by all
"""


@pytest.fixture
def old_path(tmp_path: Path) -> Path:
    """A file as that program left it, with its key and one institution."""
    path = tmp_path / "old" / "obhvat.duckdb"
    with older_store(path, OLD_SCHEMA) as old:
        old.execute(OLD_MACROS.read_text("utf-8"))
        old.execute("insert into schools by name select '9000101' as code, 1 as slice_id, 2 as line")
    return path


def test_a_migration_only_makes_and_changes_tables() -> None:
    text = "\n".join(migration.read_text("utf-8") for migration in MIGRATIONS)
    assert set(re.findall(r"^create (?:or replace )?(\w+)", text, re.M)) == {"table"}


def test_a_store_of_an_older_program_answers_by_the_views_of_this_one(old_path: Path, made: Store) -> None:
    with Store(old_path) as opened:
        assert opened.rows("select code, line from schools") == [("9000101", 2)]
        assert opened.rows(MACROS) == made.rows(MACROS)
        put(opened, register(), absences())
        assert opened.rows("select label from live_slices('absences', $at)", {"at": datetime.max}) != []
        assert opened.rows("select number from case_rows($at, $at::date)", {"at": datetime.max}) == []


def test_a_store_that_is_up_to_date_is_not_written_to(old_path: Path) -> None:
    Store(old_path).close()
    before = old_path.read_bytes()
    Store(old_path).close()
    assert old_path.read_bytes() == before


def test_views_are_made_anew_when_one_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = "create macro undone_batches(known_at) as table select 7 as batch_id;"
    path = tmp_path / "a.duckdb"
    with Store(path) as made:
        before = made.rows(MACROS)
    alone = "store/views/entries.sql"
    texts = {"changed": changed, alone: read_sql(alone)}
    with monkeypatch.context() as patch:
        patch.setattr("obhvat.store.schema.VIEWS", tuple(texts))
        patch.setattr("obhvat.store.schema.read_sql", texts.__getitem__)
        with Store(path) as opened:
            assert opened.rows("from undone_batches($at)", {"at": datetime.max}) == [(7,)]
            assert "live_slices" not in {name for name, *_ in opened.rows(MACROS)}
    with Store(path) as again:
        assert again.rows(MACROS) == before


def test_views_that_cannot_be_made_leave_those_that_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.duckdb"
    with Store(path) as made:
        before = made.rows(MACROS)
    with monkeypatch.context() as patch:
        patch.setattr("obhvat.store.schema.read_sql", lambda name: "create macro broken(a) as table from nothing;")
        with pytest.raises(duckdb.Error):
            Store(path)
    with Store(path) as again:
        assert again.rows(MACROS) == before


def test_a_store_that_several_open_at_once_is_made_once(old_path: Path) -> None:
    opened: list[Store] = []
    openers = [threading.Thread(target=lambda: opened.append(Store(old_path)), daemon=True) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(60)
    assert len(opened) == 4
    assert [len(one.rows(MACROS)) for one in opened] == [len(opened[0].rows(MACROS))] * 4
    for one in opened:
        one.close()


def test_a_backup_answers_by_the_same_views(store: Store, tmp_path: Path) -> None:
    copy = backup(store, tmp_path / "copy" / "a.duckdb")
    shutil.copy2(pseudonyms.key_path(store.path), copy.with_suffix(".key"))
    with Store(copy) as opened:
        assert opened.rows(MACROS) == store.rows(MACROS)


def test_results_of_an_older_program_have_the_names_and_the_points_of_this_one(tmp_path: Path) -> None:
    """Migration 11. A term's subject stays as its school wrote it."""
    path = tmp_path / "стара" / "стара.duckdb"
    with older_store(path, 10) as old:
        old.execute(
            """
            insert into results by name
            select *, 1 as slice_id, 2 as line
            from (
                values
                    ('nvo7', 2017, 'Математика', null, 28.04),
                    ('nvo7', 2021, 'Математика', null, 50.5),
                    ('nvo7', 2015, 'Математика', null, 30.1),
                    ('nvo4', 2018, 'Математика', 50, 40),
                    ('dzi', 2017, 'Иц', null, 4.38),
                    ('dzi', 2021, 'Ие пп b1 1', null, 5.1),
                    ('dzi', 2022, 'Английски език (ПП, B2)', null, 5.2),
                    ('dzi', 2023, 'Математика (ПП)', null, 3.9),
                    ('term1', 2023, 'Математика (ПП)', null, 4.5)
            ) as old(exam, school_year, subject, maximum, average)
            """
        )
    with Store(path) as opened:
        assert opened.rows("select exam, school_year, subject, maximum, average from results order by rowid") == [
            ("nvo7", 2017, "Математика", 65, 28.04),
            ("nvo7", 2021, "Математика", 100, 50.5),
            ("nvo7", 2015, "Математика", None, 30.1),
            ("nvo4", 2018, "Математика", 50, 40),
            ("dzi", 2017, "История и цивилизации", None, 4.38),
            ("dzi", 2021, "Испански език (B1.1)", None, 5.1),
            ("dzi", 2022, "Английски език (B2)", None, 5.2),
            ("dzi", 2023, "Математика", None, 3.9),
            ("term1", 2023, "Математика (ПП)", None, 4.5),
        ]
