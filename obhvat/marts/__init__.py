"""Marts: one .sql file each. Every mart row names the slice it was made from, so a commit only adds rows,
an undo touches nothing, and the picture as of a past day is a choice of slices."""

from __future__ import annotations

import duckdb

from obhvat.resources import read_sql

# Mart → the dataset it is made from.
MARTS = {"absence_levels": "absences", "absence_classes": "absences", "list_sizes": "pupils"}


def refresh(cursor: duckdb.DuckDBPyConnection, datasets: set[str], first: int, last: int) -> None:
    """Add the mart rows of the slices from `first` to `last`, inside the transaction that added their rows."""
    for mart, source in MARTS.items():
        if source in datasets:
            cursor.execute(read_sql(f"marts/{mart}.sql"), {"first": first, "last": last}).fetchall()
