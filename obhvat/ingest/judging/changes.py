"""What a file would change: its rows against those of the file it replaces, before anything is committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from obhvat.datasets import Dataset
from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.before import before, by_part
from obhvat.ingest.knowing.reference import LiveSlice, Reference
from obhvat.store.history import Changes, compare_rows


def changes_of(
    tables: Sequence[Checked], staging: Staging, reference: Reference, live_slices: Mapping[str, Sequence[LiveSlice]]
) -> dict[int, Changes]:
    """By file: the rows added, gone, changed and left the same, where something is there to replace.

    `live_slices` is what stands in the store, by dataset.
    """
    changes: dict[int, Changes] = {}
    if reference.store is None:
        return changes
    by_dataset: dict[str, list[Checked]] = defaultdict(list)
    for table in tables:
        by_dataset[table.dataset.name].append(table)
    for name, of_dataset in by_dataset.items():
        live = by_part(live_slices[name], lambda part: part.slice_id)
        older = {}
        for table in of_dataset:
            replaced = [slice_id for part in table.slices if (slice_id := before(table, part, live)) is not None]
            if replaced:
                older[table.file_no] = replaced
        if older:
            sql = f"select * from {name} where slice_id in (select unnest($ids::integer[]))"
            wanted = sorted({slice_id for ids in older.values() for slice_id in ids})
            staging.register("older_rows", reference.store.arrow(sql, {"ids": wanted}))
            changes |= _compared(of_dataset[0].dataset, older, staging)
            staging.execute("drop table older_rows")
    return changes


def _compared(dataset: Dataset, older: Mapping[int, Sequence[int]], staging: Staging) -> dict[int, Changes]:
    """By file, its staged rows against those of the slices it is compared with."""
    columns = ", ".join(f.name for f in dataset.stored)
    counts = staging.read(
        compare_rows(
            dataset,
            f"""
            select file_no, {columns}
            from staged_{dataset.name}
            where file_no in (select unnest($file_nos::integer[]))
            """,
            f"""
            select compared.file_no, {columns}
            from older_rows
            join (select unnest($file_nos::integer[]) as file_no, unnest($older::integer[]) as slice_id) as compared
                on compared.slice_id = older_rows.slice_id
            """,
            by_file=True,
        ),
        {
            "file_nos": [file_no for file_no, ids in older.items() for _ in ids],
            "older": [slice_id for ids in older.values() for slice_id in ids],
        },
    )
    changes = {file_no: Changes(0, 0, 0, 0, first=False) for file_no in older}
    for file_no, *of_file in counts.astype("int").itertuples(index=False, name=None):
        changes[file_no] = Changes(*of_file, first=False)
    return changes
