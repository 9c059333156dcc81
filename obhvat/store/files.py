"""A database as files: itself, its log, and a copy made while it is open."""

from __future__ import annotations

from pathlib import Path

import duckdb


def log_of(database: Path) -> Path:
    """Where DuckDB keeps what is not in the file yet."""
    return database.with_name(database.name + ".wal")


def remove(database: Path) -> None:
    """Remove a database and its log, where there are any."""
    for file in (database, log_of(database)):
        file.unlink(missing_ok=True)


def copy_database(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy everything committed into a new file, and no byte of what was deleted. Raises duckdb.Error."""
    source = cursor.execute("select current_database()").fetchall()[0][0]
    place = str(target).replace("'", "''")
    cursor.execute(f"attach '{place}' as database_copy").fetchall()
    try:
        cursor.execute(f'copy from database "{source}" to database_copy').fetchall()
    finally:
        cursor.execute("detach database_copy").fetchall()
