"""The tables and the views of a store: made at its first opening, brought to this program's version at a later one.

A migration makes or changes tables and runs once. A view or macro is a rule of business: all of them are made anew when
the text of one has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Generator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from obhvat.errors import StoreUnusable
from obhvat.language import _
from obhvat.resources import read_sql
from obhvat.store import pseudonyms
from obhvat.store.cleaning import replace_names

# Each may name those before it.
VIEWS = tuple(f"store/views/{name}.sql" for name in ("live", "lists", "entries", "cases", "actions"))
MIGRATIONS = tuple(
    sorted(
        (p for p in (Path(__file__).parent / "migrations").iterdir() if p.name.endswith(".sql")),
        key=lambda p: p.name,
    )
)


def _step(migration: Path) -> int:
    return int(migration.name.split("_")[0])


SCHEMA_VERSION = _step(MIGRATIONS[-1])
CLEANING = frozenset({8})
"""Migrations that take something away that may not stay in any byte of the file."""
NAMES_KNOWN = 10
"""The migration with which names of people are replaced in what was stored before."""
UNCLEAN = "unclean"
"""The setting of a store whose file is to be written anew."""


def settings_of(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """What a store remembers of itself; nothing when it is new.

    Raises StoreUnusable when the file, of this name, is another program's or a newer one's.
    """
    try:
        settings = dict(connection.execute("select key, value from meta").fetchall())
    except (duckdb.CatalogException, duckdb.BinderException):
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        if tables:
            raise StoreUnusable(_("Файлът „{name}“ е база на друга програма.").format(name=name)) from None
        return {}
    version = int(settings.get("schema", 0))
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            _(
                "Базата „{name}“ е от по-нова версия на обхват (схема {version}, тази програма знае "
                "{SCHEMA_VERSION}). Обновете програмата или върнете копие отпреди по-новата: obhvat restore КОПИЕ."
            ).format(name=name, version=version, SCHEMA_VERSION=SCHEMA_VERSION)
        )
    return settings


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, settings: Mapping[str, str], key: str) -> None:
    """Make what is missing of the tables, the views and the mark of the key, in one transaction: all of it or nothing.

    Nothing is written to a store that is up to date. One from which something was taken away that may not stay is
    marked `UNCLEAN`: its file still holds it where nothing else was written since.
    """
    views = "\n".join(map(read_sql, VIEWS))
    current = {
        "schema": str(SCHEMA_VERSION),
        "views": hashlib.sha256(views.encode()).hexdigest()[:16],
        "key": pseudonyms.fingerprint(key),
    }
    version = int(settings.get("schema", 0))
    steps = [migration for migration in MIGRATIONS if _step(migration) > version]
    if not steps and current.items() <= settings.items():
        return
    if version and CLEANING.intersection(map(_step, steps)):
        current[UNCLEAN] = "1"
    connection.execute("begin")
    try:
        with _keyed_hash(connection, key):
            for migration in steps:
                connection.execute(migration.read_text("utf-8"))
        if 0 < version < NAMES_KNOWN <= SCHEMA_VERSION and replace_names(connection, datetime.now()):
            current[UNCLEAN] = "1"
        if steps or settings.get("views") != current["views"]:
            if version:
                _drop_views(connection)
            connection.execute(views)
        for name, value in current.items():
            connection.execute("insert or replace into meta values ($name, $value)", {"name": name, "value": value})
        connection.execute("commit")
    except BaseException:
        # A commit that found no room has ended the transaction itself.
        with contextlib.suppress(duckdb.Error):
            connection.execute("rollback")
        raise


@contextlib.contextmanager
def _keyed_hash(connection: duckdb.DuckDBPyConnection, key: str) -> Generator[None]:
    """A migration may call `keyed_hash`, which is not SQL."""
    connection.create_function("keyed_hash", partial(pseudonyms.keyed_hash, key), ["varchar", "varchar"], "varchar")
    try:
        yield
    finally:
        # In a transaction that failed nothing can be taken away any more; what failed is what is said.
        with contextlib.suppress(duckdb.Error):
            connection.remove_function("keyed_hash")


def _drop_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Views that this program no longer has must not answer either."""
    made = connection.execute(
        """
        select if(function_type = 'table_macro', 'macro table', 'macro') as kind, function_name
        from duckdb_functions()
        where database_name = current_database() and not internal
        """
    ).fetchall()
    for kind, name in made:
        connection.execute(f'drop {kind} "{name}"')
