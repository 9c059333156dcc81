"""Names of people in texts that were stored before the program knew names: replaced, in every table, and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from obhvat.datasets import all_datasets
from obhvat.language import B_, N_, _
from obhvat.privacy import scrub, scrub_place
from obhvat.texts import number

if TYPE_CHECKING:
    from obhvat.store.store import Store

# Who did it, and officials at the table: they are named.
_OFFICIALS = frozenset(
    {"committed_by", "entered_by", "marked_by", "said_by", "set_by", "chair", "represented_by", "value", "key"}
)
_PLACES = frozenset(
    {"said", "label", "place"}
    | {f.name for d in all_datasets() for f in d.fields if f.type in ("place", "municipality", "school")}
)
_JSON = frozenset({"agenda", "slide"})
_WORDS = {
    "file_name": N_("имена на файлове"),
    "class_name": N_("имена на паралелки"),
    "cells": N_("редове за поправка"),
    "faults": N_("редове за поправка"),
    "agenda": N_("слайдове"),
    "slide": N_("слайдове"),
    "text": N_("решения и предложения"),
    "outcome": N_("решения и предложения"),
}
_OTHER = N_("бележки и други текстове")
# What may hold a name at all: most codes and numbers do not.
_MAY_HOLD = r"\p{L}{3}|\p{L}\. ?\p{L}\."
_MANY = 100_000


def replace_names(connection: duckdb.DuckDBPyConnection, at: datetime) -> int:
    """Write „[име]“ over names in all stored texts, inside a transaction; `replaced_names` tells of it. Returns the
    number of cells that had one."""
    columns = connection.execute(
        """
        select table_name, column_name, data_type
        from duckdb_columns()
        where
            table_name in (select table_name from duckdb_tables() where not temporary)
            and (data_type in ('VARCHAR', 'VARCHAR[]') or column_name = 'faults')
        order by table_name, column_index
        """
    ).fetchall()
    # Most tables of most stores are empty, and to ask each of their columns takes a second and a half.
    tables = {table for table, _column, _type in columns} - {"meta", "replaced_names", "confirmed_names"}
    filled = {table for table in tables if connection.execute(f"from {table} limit 1").fetchone()}
    cells: Counter[str] = Counter()
    for table, column, data_type in columns:
        if column in _OFFICIALS or table not in filled:
            continue
        if n := _replaced_in(connection, table, column, data_type):
            cells[_WORDS.get(column, _OTHER)] += n
    for what, n in cells.items():
        connection.execute(
            "insert into replaced_names values ($at, $what, $cells)", {"at": at, "what": what, "cells": n}
        )
    return cells.total()


@dataclass(frozen=True)
class Replaced:
    """What was replaced in the texts of a store, when, and in how many cells of which."""

    at: datetime
    words: str


def replaced(store: Store) -> Replaced | None:
    """What was replaced in what had been stored before names were known; None when there was nothing."""
    rows = store.rows("select replaced_at, what, cells from replaced_names order by cells, what")
    if not rows:
        return None
    return Replaced(rows[0][0], ", ".join(f"{_(what)} – {number(cells)}" for _moment, what, cells in rows))


def _replaced_in(connection: duckdb.DuckDBPyConnection, table: str, column: str, data_type: str) -> int:
    """Over the different texts of a column: a hundred million rows have a few."""
    name = f'{table}."{column}"'
    # Of each form: its texts, as a list where it has several, and its value with the new ones in their places.
    several, new = {
        "VARCHAR": (f"[{name}]", f"names_of[{name}]"),
        "VARCHAR[]": (name, f"list_transform({name}, lambda text: coalesce(names_of[text], text))"),
    }.get(
        data_type,
        (
            f"list_transform({name}, lambda f: f.value)",
            f"list_transform({name}, lambda f: struct_update(f, value := coalesce(names_of[f.value], f.value)))",
        ),
    )
    texts = connection.execute(
        f"""
        select text
        from (select distinct unnest({several}) as text from {table})
        where regexp_matches(text, $may_hold)
        """,
        {"may_hold": _MAY_HOLD},
    )
    clean = _in_json if column in _JSON else scrub_place if column in _PLACES else scrub
    changed: dict[str, str] = {}
    while some := texts.fetchmany(_MANY):
        changed |= {text: cleaned for (text,) in some if (cleaned := clean(text)) != text and B_("[име]") in cleaned}
    if not changed:
        return 0
    connection.register("names_replaced", pa.table({"old": list(changed), "new": list(changed.values())}))
    try:
        [(n,)] = connection.execute(
            f"""
            update {table}
            set "{column}" = {new}
            from (select map(list(old), list(new)) as names_of, list(old) as names from names_replaced)
            where list_has_any({several}, names)
            """
        ).fetchall()
    finally:
        connection.unregister("names_replaced")
    return n


def _in_json(text: str) -> str:
    """As `scrub`, of every text in a slide or an agenda."""
    parsed = json.loads(text)
    cleaned = _each_text(parsed, scrub)
    return text if cleaned == parsed else json.dumps(cleaned, ensure_ascii=False)


def _each_text(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_each_text(item, clean) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, clean) for key, item in value.items()}
    return value
