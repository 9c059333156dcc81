"""Identifiers that a person typed, as files' identifiers become pseudonyms: in memory alone."""

from __future__ import annotations

import contextlib

import duckdb
import pyarrow as pa

from obhvat.ingest.checking.statements import MACROS
from obhvat.store.files import shut
from obhvat.store.store import CONFIG


def pseudonym_of(key: str, typed: str) -> int | None:
    """By which pseudonym the store with this key knows a child; None for what is no identifier."""
    return pseudonyms_of(key, pa.array([" ".join(typed.split())]))[0].as_py()


def pseudonyms_of(key: str, typed: pa.Array) -> pa.Array:
    """The same of many, in their order."""
    with contextlib.closing(duckdb.connect(config=CONFIG)) as database:
        # Nothing of it goes to a disk.
        database.execute("set temp_directory = ''")
        shut(database)
        database.execute(MACROS)
        database.register("asked", pa.table({"typed": typed}))
        made = database.sql(
            """
            select pseudonym($key, plain) as pupil
            from (select identifier(clean(typed)) as plain from asked)
            """,
            params={"key": key},
        )
        return made.to_arrow_table()["pupil"].combine_chunks()
