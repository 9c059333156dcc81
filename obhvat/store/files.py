"""A database as files: itself, its logs, and a copy made while it is open."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import duckdb

# What files beside the store are called by.
COPIES, REPLACED, DAILY, OLDER = ".копия", "-преди-", "-дневно", "-схема-"


def log_of(database: Path) -> Path:
    """Where DuckDB keeps what is not in the file yet."""
    return database.with_name(database.name + ".wal")


def logs_of(database: Path) -> tuple[Path, ...]:
    """All that may hold committed rows beside the file: the log, and what it is while it is moved into the file."""
    log = log_of(database)
    return log, log.with_name(f"{log.name}.checkpoint"), log.with_name(f"{log.name}.recovery")


def looks_of(database: Path) -> Path:
    """Where it is written who looked at which child (`obhvat.people.log`)."""
    return database.with_suffix(".looks")


def remove(database: Path) -> None:
    """Remove a database and its logs, where there are any."""
    for file in (database, *logs_of(database)):
        file.unlink(missing_ok=True)


def discard(database: Path) -> None:
    """Remove what nobody needs, as far as it can be: another error is on its way."""
    with contextlib.suppress(OSError):
        remove(database)


def settle(path: Path) -> None:
    """Wait until the disk has what was written to a file, or which files a folder has. Raises OSError."""
    # Windows opens no folder, and writes its list of files by itself.
    if path.is_dir() and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def quoted(path: Path) -> str:
    """A path as SQL names a file."""
    return "'" + str(path).replace("'", "''") + "'"


def shut(connection: duckdb.DuckDBPyConnection, *copies: Path) -> None:
    """Let no query read or write a file from here on, but the databases that are open and these copies of them.

    A word that slipped into a query, and a view in a file from elsewhere, reach nothing of the computer.
    """
    if connection.execute("select current_setting('enable_external_access')").fetchall() == [(True,)]:
        paths = [file for copy in copies for file in (copy, *logs_of(copy))]
        connection.execute(f"set allowed_paths = [{', '.join(map(quoted, paths))}]").fetchall()
        connection.execute("set enable_external_access = false").fetchall()


def copy_database(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy everything committed into a new file, and no byte of what was deleted. Raises duckdb.Error.

    The copy is written as the file is: of a newer DuckDB, too, the program that wrote the file reads it.
    """
    [(source, written)] = cursor.execute(
        """
        select database_name, rtrim(tags['storage_version'], '+')
        from duckdb_databases()
        where database_name = current_database()
        """
    ).fetchall()
    cursor.execute(f"attach {quoted(target)} as database_copy (storage_version '{written}')").fetchall()
    try:
        cursor.execute(f'copy from database "{source}" to database_copy').fetchall()
    except duckdb.Error:
        # What went wrong matters, not that the copy cannot be put away after it.
        with contextlib.suppress(duckdb.Error):
            cursor.execute("detach database_copy").fetchall()
        raise
    cursor.execute("detach database_copy").fetchall()
