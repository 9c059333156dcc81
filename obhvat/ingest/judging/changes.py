"""What a file would change: its rows against those of the file it replaces, before anything is committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pandas as pd

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.knowing.reference import Reference
from obhvat.store.history import Changes, compare_rows

# (school, municipality, label) → period → slice
_Live = dict[tuple[str, str, str], dict[date, int]]


def changes_of(tables: Sequence[Checked], staging: Staging, reference: Reference) -> dict[int, Changes]:
    """By file: the rows added, gone, changed and left the same, where something is there to replace."""
    changes: dict[int, Changes] = {}
    if reference.store is None:
        return changes
    by_dataset: dict[str, list[Checked]] = defaultdict(list)
    for table in tables:
        by_dataset[table.dataset.name].append(table)
    for name, of_dataset in by_dataset.items():
        live = _by_part(reference.live_slices(name))
        older = {table.file_no: _replaced(table, live) for table in of_dataset}
        wanted = sorted({slice_id for ids in older.values() for slice_id in ids})
        if not wanted:
            continue
        sql = f"select * from {name} where slice_id in (select unnest($ids::integer[]))"
        staging.register("older_rows", reference.store.arrow(sql, {"ids": wanted}))
        for table in of_dataset:
            if older[table.file_no]:
                changes[table.file_no] = _compared(table, older[table.file_no], staging)
        staging.execute("drop table older_rows")
    return changes


def _by_part(live: pd.DataFrame) -> _Live:
    parts: _Live = defaultdict(dict)
    columns = live[["school", "municipality", "label", "period", "slice_id"]]
    for school, municipality, label, period, slice_id in columns.itertuples(index=False, name=None):
        parts[(school, municipality, label)][period.date()] = int(slice_id)
    return parts


def _replaced(table: Checked, live: _Live) -> list[int]:
    """The slices a file is compared with: those it replaces; of registers and lists, the newest before."""
    by_date = table.dataset.slice.register or table.dataset.name == "pupils"
    replaced = []
    for part in table.slices:
        periods = live.get((part.school, part.municipality, part.label), {})
        newest = max((p for p in periods if p < part.period), default=None) if by_date else None
        period = part.period if part.period in periods else newest
        if period is not None:
            replaced.append(periods[period])
    return replaced


def _compared(table: Checked, older: Sequence[int], staging: Staging) -> Changes:
    dataset = table.dataset
    columns = ", ".join(f.name for f in dataset.stored)
    counts = staging.read(
        compare_rows(
            dataset,
            f"select {columns} from staged_{dataset.name} where file_no = $file_no",
            f"select {columns} from older_rows where slice_id in (select unnest($older::integer[]))",
        ),
        {"file_no": table.file_no, "older": list(older)},
    )
    added, gone, changed, same = (int(n) for n in counts.iloc[0])
    return Changes(added, gone, changed, same, first=False)
