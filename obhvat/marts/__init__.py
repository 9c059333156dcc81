"""Marts: one .sql file each. Every mart row names the slice it was made from, so a commit only adds rows,
an undo touches nothing, and the picture as of a past day is a choice of slices."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from obhvat.resources import read_sql

# Mart → the datasets it is made from.
MARTS = {
    "absence_levels": ("absences",),
    "absence_classes": ("absences",),
    "shared_absences": ("absences", "pupils"),
    "list_sizes": ("pupils",),
}
_MONTHS = """
select min(date_trunc('month', period)), max(if(dataset = 'absences', period, date '9999-12-01'))
from slices
where slice_id between $first and $last and dataset in ('absences', 'pupils')
"""


def refresh(cursor: duckdb.DuckDBPyConnection, datasets: set[str], first: int, last: int) -> None:
    """Add the mart rows of the slices from `first` to `last`, inside the transaction that added their rows."""
    slices = {"first": first, "last": last}
    made = [mart for mart, sources in MARTS.items() if datasets.intersection(sources)]
    if not made:
        return
    # Absences of the same month, and of months from a list's date on, may be of the same children.
    [(first_month, last_month)] = cursor.execute(_MONTHS, slices).fetchall()
    for mart in made:
        near = {"first_month": first_month, "last_month": last_month} if mart == "shared_absences" else {}
        cursor.execute(read_sql(f"marts/{mart}.sql"), slices | near).fetchall()


def recount(cursor: duckdb.DuckDBPyConnection, dataset: str, slices: Iterable[int]) -> None:
    """Make anew the mart rows of slices of a dataset that lost rows, inside the transaction that deleted them. Rows of
    a child are deleted by who deletes the child."""
    for mart in (mart for mart, sources in MARTS.items() if sources == (dataset,)):
        for slice_id in slices:
            cursor.execute(f"delete from {mart} where slice_id = $slice_id", {"slice_id": slice_id}).fetchall()
            cursor.execute(read_sql(f"marts/{mart}.sql"), {"first": slice_id, "last": slice_id}).fetchall()
