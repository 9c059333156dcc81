"""An identifier that a person typed, as files' identifiers become pseudonyms: in memory alone."""

from __future__ import annotations

import contextlib

import duckdb

from obhvat.ingest.checking.statements import MACROS
from obhvat.store.files import shut
from obhvat.store.store import CONFIG


def pseudonym_of(key: str, typed: str) -> int | None:
    """By which pseudonym the store with this key knows a child; None for what is no identifier."""
    with contextlib.closing(duckdb.connect(config=CONFIG)) as database:
        # Nothing of it goes to a disk.
        database.execute("set temp_directory = ''")
        shut(database)
        database.execute(MACROS)
        asked = {"key": key, "typed": " ".join(typed.split())}
        [(pupil,)] = database.execute(
            """
            select pseudonym($key, plain)
            from (select identifier(clean($typed)) as plain)
            """,
            asked,
        ).fetchall()
    return pupil
