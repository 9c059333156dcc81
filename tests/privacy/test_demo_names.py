"""In the demonstration nobody is named: the detector finds nothing to replace and nothing to ask about."""

from __future__ import annotations

from collections.abc import Iterator

from obhvat.datasets import all_datasets
from obhvat.privacy import scrub_place
from obhvat.privacy.names import names_in
from obhvat.store import Store

_OFFICIAL = {"committed_by", "entered_by", "marked_by", "set_by", "said_by"}


def texts(store: Store) -> Iterator[tuple[str, str]]:
    """Every different text of a store, with its column."""
    columns = store.rows(
        """
        select table_name, column_name, data_type
        from duckdb_columns()
        where
            table_name in (select table_name from duckdb_tables())
            and data_type in ('VARCHAR', 'VARCHAR[]')
        """
    )
    for table, column, data_type in columns:
        if column not in _OFFICIAL:
            every = f"unnest({column})" if data_type.endswith("[]") else column
            for (text,) in store.rows(f"select distinct {every} from {table}"):
                if text:
                    yield f"{table}.{column}", text


def taken_for_names(store: Store) -> list[tuple[str, str]]:
    places = {f.name for d in all_datasets() for f in d.fields if f.type in ("place", "municipality")}
    found = []
    for where, text in texts(store):
        column = where.split(".")[1]
        # What the program says itself is not asked about.
        is_told = column in places or column == "doubts"
        if scrub_place(text) != text if is_told else names_in(text):
            found.append((where, text))
    return found


def test_nothing_in_the_demo_looks_like_a_name(demo_store: Store) -> None:
    assert len({text for _, text in texts(demo_store)}) > 500
    assert taken_for_names(demo_store) == []


def test_nothing_in_the_awkward_sister_looks_like_a_name(awkward_store: Store) -> None:
    assert len({text for _, text in texts(awkward_store)}) > 200
    assert taken_for_names(awkward_store) == []
