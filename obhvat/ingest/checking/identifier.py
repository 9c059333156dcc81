"""Identifiers that a person typed, as files' identifiers become pseudonyms: in memory alone."""

from __future__ import annotations

import pyarrow as pa

from obhvat.ingest.checking.database import empty_database, put_aside


def pseudonym_of(key: str, typed: str) -> int | None:
    """By which pseudonym the store with this key knows a child; None for what is no identifier."""
    return pseudonyms_of(key, pa.array([" ".join(typed.split())]))[0].as_py()


def pseudonyms_of(key: str, typed: pa.Array) -> pa.Array:
    """The same of many, in their order."""
    database = empty_database()
    with database.cursor() as cursor:
        cursor.register("asked", pa.table({"typed": typed}))
        made = cursor.sql(
            """
            select pseudonym($key, plain) as pupil
            from (select identifier(clean(typed)) as plain from asked)
            """,
            params={"key": key},
        )
        pseudonyms = made.to_arrow_table()["pupil"].combine_chunks()
    put_aside(database, len(typed))
    return pseudonyms
