"""What a file would change: its rows against those of the file it replaces, before anything is committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pandas as pd

from obhvat.datasets import Dataset
from obhvat.ingest.reference import Reference
from obhvat.ingest.report import FileReport
from obhvat.ingest.staging import Staging
from obhvat.store.history import Changes, compare_rows

# (school, municipality, label) → period → slice
_Live = dict[tuple[str, str, str], dict[date, int]]


def add_changes(files: Sequence[FileReport], staging: Staging, reference: Reference) -> None:
    """Count for each file the rows added, gone, changed and left the same, where something is there to replace."""
    if reference.store is None:
        return
    by_dataset: dict[str, list[FileReport]] = defaultdict(list)
    for report in files:
        if report.dataset and report.refused is None:
            by_dataset[report.dataset.name].append(report)
    for name, reports in by_dataset.items():
        live = _by_part(reference.live_slices(name))
        older = {report.file_no: _replaced(report, live) for report in reports}
        wanted = sorted({slice_id for ids in older.values() for slice_id in ids})
        if not wanted:
            continue
        sql = f"select * from {name} where slice_id in (select unnest($ids::integer[]))"
        staging.register("older_rows", reference.store.arrow(sql, {"ids": wanted}))
        for report in reports:
            if report.dataset and older[report.file_no]:
                report.changes = _compared(report.dataset, report.file_no, older[report.file_no], staging)
        staging.execute("drop table older_rows")


def _by_part(live: pd.DataFrame) -> _Live:
    parts: _Live = defaultdict(dict)
    columns = live[["school", "municipality", "label", "period", "slice_id"]]
    for school, municipality, label, period, slice_id in columns.itertuples(index=False, name=None):
        parts[(school, municipality, label)][period.date()] = int(slice_id)
    return parts


def _replaced(report: FileReport, live: _Live) -> list[int]:
    """The slices a file is compared with: those it replaces; of registers and lists, the newest before."""
    assert report.dataset is not None
    by_date = report.dataset.slice.register or report.dataset.name == "pupils"
    found = []
    for part in report.slices:
        periods = live.get((part.school, part.municipality, part.label), {})
        newest = max((p for p in periods if p < part.period), default=None) if by_date else None
        period = part.period if part.period in periods else newest
        if period is not None:
            found.append(periods[period])
    return found


def _compared(wanted: Dataset, file_no: int, older: Sequence[int], staging: Staging) -> Changes:
    columns = ", ".join(f.name for f in wanted.stored)
    counts = staging.read(
        compare_rows(
            wanted,
            f"select {columns} from staged_{wanted.name} where file_no = $file_no and faults is null",
            f"select {columns} from older_rows where slice_id in (select unnest($older::integer[]))",
        ),
        {"file_no": file_no, "older": list(older)},
    )
    added, gone, changed, same = (int(n) for n in counts.iloc[0])
    return Changes(added, gone, changed, same, first=False)
