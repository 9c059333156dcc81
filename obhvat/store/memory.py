"""What a person said of files once, so that it need not be said again: senders' columns, what is meant by words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from obhvat.store.store import Store


def profiles(store: Store) -> list[tuple[str, str, list[str | None]]]:
    """Signature, dataset and fields (None where a column is not used) of each remembered form."""
    return store.rows(
        """
        select signature, arg_max(dataset, said_at), arg_max(fields, said_at)
        from profiles
        group by signature
        having arg_max(dataset, said_at) <> ''
        """
    )


def aliases(store: Store) -> list[tuple[str, str]]:
    """What files say, and the code of the institution or of the word that is meant."""
    return store.rows("select said, arg_max(means, said_at) from aliases group by said")


def remember(
    cursor: duckdb.DuckDBPyConnection,
    forms: Mapping[str, tuple[str, Sequence[str | None]]],
    meant: Mapping[str, str],
    at: datetime,
    who: str,
) -> None:
    """Remember senders' forms (signature → dataset and fields) and what is meant by words, inside a transaction."""
    for sign, (dataset, fields) in forms.items():
        cursor.execute("insert into profiles values (?, ?, ?, ?, ?)", [sign, dataset, list(fields), at, who]).fetchall()
    for alias, code in meant.items():
        cursor.execute("insert into aliases values (?, ?, ?, ?)", [alias, code, at, who]).fetchall()


def forget_profile(store: Store, signature: str, who: str) -> None:
    """Ask again next time how a form is to be understood; the history of what was said stays."""
    with store.transaction() as cursor:
        remember(cursor, {signature: ("", [])}, {}, datetime.now(), who)
