"""What people enter in the application: every entry has a number, a moment and a person, and none is overwritten."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb

from obhvat.privacy import ask_about_names
from obhvat.store.store import Store
from obhvat.texts import printable

# The tables whose rows are entries, each with the column entry_id.
TABLES = (
    "entry_marks",
    "entered_cases",
    "child_cases",
    "declined_proposals",
    "entered_statuses",
    "entered_actions",
    "step_terms",
    "planned_visits",
    "meetings",
    "attendance",
    "decisions",
    "frozen_figures",
    "frozen_slides",
    "frozen_stamps",
    "confirmed_names",
    "word_forms",
    "people",
    "keeping_terms",
    "forgotten",
    "kept_figures",
    "child_requests",
)


def add_entry(cursor: duckdb.DuckDBPyConnection, what: str, who: str, at: datetime | None = None) -> int:
    """Record an entry inside a transaction; its rows follow with `add_row`. Returns its number."""
    [(entry_id,)] = cursor.execute(
        """
        insert into entries
        select coalesce(max(entry_id), 0) + 1, $what, $at, $who
        from entries
        returning entry_id
        """,
        {"what": what, "at": at or datetime.now(), "who": who},
    ).fetchall()
    return entry_id


def add_row(cursor: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    """Put a row of an entry into one of TABLES; columns it does not name are null. Texts are kept `printable`."""
    assert table in TABLES
    names = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    cursor.execute(
        f"insert into {table} ({names}) values ({values})", {name: _kept(value) for name, value in row.items()}
    ).fetchall()


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    return [_kept(part) for part in value] if isinstance(value, list | tuple) else value


def ask_about(store: Store, texts: Iterable[str], confirmed: Collection[str]) -> list[str]:
    """As `ask_about_names`; municipalities and settlements of the register are known to be places."""

    def asked() -> frozenset[str]:
        rows = store.rows("select municipality from schools union select settlement from schools")
        return frozenset(re.sub(r"^(?:гр|с)\.\s*", "", place) for (place,) in rows if place)

    return ask_about_names(texts, confirmed, store.kept("places", datetime.max, asked))


def add_confirmed(cursor: duckdb.DuckDBPyConnection, entry_id: int, names: Iterable[str]) -> None:
    """Keep, with an entry, what in its texts looked like a name and was confirmed by its author to be nobody's."""
    for name in names:
        add_row(cursor, "confirmed_names", {"entry_id": entry_id, "name": name})


def mark_entry(store: Store, entry_id: int, mark: str, who: str, at: datetime | None = None) -> None:
    """Say a later word about an entry: withdrawn, entered, uploaded, both, closed. Nothing is deleted."""
    with store.transaction() as cursor:
        marking = add_entry(cursor, "mark", who, at)
        add_row(cursor, "entry_marks", {"entry_id": marking, "marked_entry": entry_id, "mark": mark})
