"""Databases in memory through which raw identifiers pass."""

from __future__ import annotations

import contextlib

import duckdb

from obhvat.ingest.checking.statements import MACROS
from obhvat.store.files import shut
from obhvat.store.store import CONFIG

# Memory of a database that held more goes back to the system only when it is closed.
_FEW_ROWS = 50_000
# Uploads of several people, or of one who looks at one and drops the next, are open at once.
_MOST_IDLE = 4
_idle: list[duckdb.DuckDBPyConnection] = []


def empty_database() -> duckdb.DuckDBPyConnection:
    """A database in memory, empty but for the macros of types: an idle one, as making one takes as long as reading a
    school's file, or a new one."""
    with contextlib.suppress(IndexError):
        return _idle.pop()
    database = duckdb.connect(config=CONFIG)
    # It must rather run out of memory than spill to disk.
    database.execute("set temp_directory = ''")
    shut(database)
    database.execute(MACROS)
    return database


def put_aside(database: duckdb.DuckDBPyConnection, n_rows: int) -> None:
    """Keep an emptied database, by which rows were read, for who asks next, or close it."""
    if n_rows <= _FEW_ROWS and len(_idle) < _MOST_IDLE:
        _idle.append(database)
    else:
        database.close()
