"""Stores as older programs left them."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path

import duckdb

from obhvat.store.pseudonyms import fingerprint, make_key
from obhvat.store.schema import MIGRATIONS


@contextlib.contextmanager
def older_store(path: Path, schema: int) -> Generator[duckdb.DuckDBPyConnection]:
    """A file, in a folder of its own, with the tables of a schema and the mark of its key: open for what it held."""
    path.parent.mkdir()
    with duckdb.connect(path) as old:
        # What is looked for in the bytes of the file must not hide there.
        old.execute("pragma force_compression = 'uncompressed'")
        old.create_function("keyed_hash", lambda of, text: text, ["varchar", "varchar"], "varchar")
        for migration in MIGRATIONS[:schema]:
            old.execute(migration.read_text("utf-8"))
        mark = fingerprint(make_key(path))
        old.execute("insert into meta values ('schema', $schema), ('key', $mark)", {"schema": schema, "mark": mark})
        yield old
