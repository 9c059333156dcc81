"""The commit: the accepted rows of an upload, their batches and the marts they touch, or nothing at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pandas as pd
import pyarrow as pa

from obhvat import marts
from obhvat.datasets import Dataset
from obhvat.errors import NotAllowed, ObhvatError
from obhvat.events import happened
from obhvat.ingest.knowing.senders import is_limited
from obhvat.ingest.report import FileReport
from obhvat.ingest.since import recorded_already, stop_if_brings_back, stop_if_changed
from obhvat.ingest.upload import Upload
from obhvat.language import BULGARIAN, _, speaking
from obhvat.people import Viewer
from obhvat.store import Store, memory
from obhvat.store.history import Batch, add_batches

_ROWS_AT_ONCE = 400_000
_MEMORY = "400MB"
_PARTS = ["school", "municipality", "period", "label"]


@dataclass(frozen=True)
class Committed:
    """What a commit stored."""

    batch_ids: list[int]
    rows: int
    rejected: int
    already: int = 0
    """Files that were not stored again, because the same bytes say the same in the store."""


@speaking(BULGARIAN)
def _batch(report: FileReport, at: datetime, who: str) -> Batch:
    assert report.dataset is not None
    return Batch(
        dataset=report.dataset.name,
        layout=report.layout,
        file_name=report.stored_as,
        file_hash=report.file_hash,
        encoding=report.encoding,
        columns=[c.caption for c in report.columns],
        rows_read=report.rows_read,
        rows_good=report.rows_good,
        doubts=[d.text for d in (*report.doubts, *report.settled)],
        doubt_codes=[d.code for d in (*report.doubts, *report.settled)],
        slices=report.slices,
        mark=report.mark,
        at=at,
        who=who,
    )


def _remember(cursor: duckdb.DuckDBPyConnection, upload: Upload, file_nos: set[int], at: datetime, who: str) -> None:
    """What a person said of these files is not asked again."""
    told = [f.form for f in upload.files if f.form and f.file_no in file_nos]
    forms = {sign: (form.dataset, form.fields) for sign, form in told}
    aliases = upload.reference.aliases
    new = {in_file: code for in_file, code in upload.aliases.items() if aliases.get(in_file) != code}
    memory.remember(cursor, forms, new, at, who)


def commit(
    upload: Upload,
    store: Store,
    viewer: Viewer,
    file_nos: Sequence[int] | None = None,
    *,
    times: Mapping[int, datetime] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Committed:
    """Store the accepted rows of the chosen files (all that can be, without a choice) in one transaction.

    Doubts are the caller's to confirm first. `times` are given by the demonstration only; everyone else's files
    are committed now. `progress` is told (rows stored, of how many). Raises DiskFull or StoreBusy, with nothing
    stored, StoreChanged when somebody changed what a file was compared with, NotAllowed for who uploads nothing, and
    ObhvatError when nothing can be committed, and in a store of the country.
    """
    viewer.must("upload")
    sender = upload.reference.sender
    if is_limited(viewer) and (sender is None or (sender.role, sender.given) != (viewer.role, viewer.given)):
        raise NotAllowed(_("Файловете са прочетени от друга роля. Прочетете ги отново."))
    if store.remembered("country"):
        raise ObhvatError(
            _("Тази база е на страната и в нея няма ред за дете. Файловете се качват в базата на своята област.")
        )
    named = None if file_nos is None else set(file_nos)
    chosen = [f for f in upload.files if f.can_be_committed and (named is None or f.file_no in named)]
    if not chosen:
        raise ObhvatError(_("Няма файл, който може да се запише."))
    now = datetime.now()
    when = dict.fromkeys((f.file_no for f in chosen), now) | dict(times or {})
    chosen.sort(key=lambda f: (when[f.file_no], f.file_no))
    total, done = sum(f.rows_stored for f in chosen), 0
    little = _little_memory if total > _ROWS_AT_ONCE else contextlib.nullcontext
    with store.transaction() as cursor, little(cursor):
        again = recorded_already(cursor, chosen, upload.reference)
        left_out = {f.file_no for f in again}
        chosen = [f for f in chosen if f.file_no not in left_out]
        if not chosen:
            return Committed([], 0, 0, len(again))
        stop_if_changed(cursor, chosen, upload.reference)
        stop_if_brings_back(chosen, upload, store)
        total = sum(f.rows_stored for f in chosen)
        if not is_limited(viewer):
            # What is meant by a word or a caption is remembered for the files of all.
            _remember(cursor, upload, {f.file_no for f in chosen}, now, viewer.person)
        ids, slices = add_batches(cursor, [_batch(f, when[f.file_no], viewer.person) for f in chosen])
        slices["file_no"] = [chosen[n].file_no for n in slices["batch_no"]]
        of_slices = slices[["file_no", "slice_id", *_PARTS]]
        upload.staging.register("committed_slices", pa.Table.from_pandas(of_slices, preserve_index=False))
        of_files = {"file_no": [f.file_no for f in chosen], "batch_id": ids}
        upload.staging.register("committed_batches", pa.table(of_files))
        for wanted in upload.datasets_of(f.file_no for f in chosen):
            fields = ", ".join(f.name for f in wanted.stored)
            for piece in _pieces(slices[slices["dataset"] == wanted.name]):
                cursor.register("incoming", upload.staging.arrow_reader(_staged_rows(wanted, piece), wanted))
                [(stored,)] = cursor.execute(
                    f"insert into {wanted.name} ({fields}, slice_id, line) select * from incoming"
                ).fetchall()
                cursor.unregister("incoming")
                done += stored
                if progress:
                    progress(done, total)
        if done != total:
            raise AssertionError(f"{done} rows would be stored of {total} accepted")
        _keep_rejected(upload, cursor)
        first, last = int(slices["slice_id"].min()), int(slices["slice_id"].max())
        marts.refresh(cursor, {f.dataset.name for f in chosen if f.dataset}, first, last)
    done = Committed(ids, sum(f.rows_good for f in chosen), sum(f.rows_rejected for f in chosen), len(again))
    seconds = round((datetime.now() - now).total_seconds(), 3)
    happened("recorded", files=len(ids), rows=done.rows, rejected=done.rejected, already=done.already, seconds=seconds)
    return done


def _pieces(slices: pd.DataFrame) -> list[tuple[int, int]]:
    """First and last of slices that are stored at once: to sort takes memory, which is not to grow with the file."""
    pieces: list[tuple[int, int]] = []
    n_rows = 0
    for slice_id, n in slices[["slice_id", "n_rows"]].sort_values("slice_id").itertuples(index=False, name=None):
        if pieces and n_rows + n <= _ROWS_AT_ONCE:
            pieces[-1] = (pieces[-1][0], slice_id)
            n_rows += n
        else:
            pieces.append((slice_id, slice_id))
            n_rows = n
    return pieces


def _staged_rows(wanted: Dataset, piece: tuple[int, int]) -> str:
    """SQL for the accepted rows of slices, each slice's together and in the order of the file."""
    parts = wanted.slice
    first, last = piece
    # Of one slice they stand so already, and all of a large one need not be held.
    in_order = "order by committed.slice_id, staged.line" if first < last else ""
    return f"""
    with staged as (
        select
            *,
            coalesce(({parts.school})::varchar, '') as slice_school,
            coalesce(({parts.municipality})::varchar, '') as slice_municipality,
            ({parts.period})::date as slice_period,
            coalesce(({parts.label})::varchar, '') as slice_label
        from staged_{wanted.name}
    )
    select {", ".join(f"staged.{f.name}" for f in wanted.stored)}, committed.slice_id, staged.line
    from staged
    join committed_slices as committed
        on committed.file_no = staged.file_no
        and committed.school = staged.slice_school
        and committed.municipality = staged.slice_municipality
        and committed.period = staged.slice_period
        and committed.label = staged.slice_label
        and committed.slice_id between {first:d} and {last:d}
    {in_order}
    """


@contextlib.contextmanager
def _little_memory(cursor: duckdb.DuckDBPyConnection) -> Generator[None]:
    """What is counted of many rows goes through the store's temporary files instead of all memory there is."""
    cursor.execute(f"set memory_limit = '{_MEMORY}'").fetchall()
    try:
        yield
    finally:
        cursor.execute("reset memory_limit").fetchall()


def _keep_rejected(upload: Upload, cursor: duckdb.DuckDBPyConnection) -> None:
    if not any(f.rows_rejected for f in upload.files):
        return
    reader = upload.staging.arrow_reader(
        """
        select committed.batch_id, bad.line, bad.cells, bad.faults
        from bad_rows as bad
        join committed_batches as committed on committed.file_no = bad.file_no
        order by committed.batch_id, bad.line
        """
    )
    cursor.register("incoming", reader)
    cursor.execute("insert into rejected_rows select * from incoming").fetchall()
    cursor.unregister("incoming")
