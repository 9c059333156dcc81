"""The demonstration: an invented oblast, loaded through the same door as everyone's files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from obhvat.datasets import NAMES
from obhvat.demo.files import Demo
from obhvat.demo.packed import is_packed, unpack_into
from obhvat.demo.writers import OblastFiles
from obhvat.ingest import Committed, commit, read_files
from obhvat.ingest.answers import NO_ANSWERS
from obhvat.marts import MARTS
from obhvat.people import ALONE, Viewer
from obhvat.store import Store, entries

USER = "примерни данни"
LET_GO = "let go"
"""What a process that makes the demonstration for another says when the store is closed."""


def load_demo(
    store: Store, progress: Callable[[int, int], None] | None = None, oblast: OblastFiles | None = None
) -> Committed:
    """Make the files, read and check them, and commit them with the moments they would have arrived at.

    Drop after drop, each judged by what was there before it; what is doubtful is confirmed. Where this copy of the
    program carries the demonstration, its rows are put in instead: they are the same.
    """
    if oblast is None and is_packed():
        return unpack_into(store)
    oblast = oblast or Demo()
    uploads = oblast.uploads()
    done, of = 0, sum(map(len, uploads))
    parts: list[Committed] = []

    def tell(read: int, _: int) -> None:
        if progress:
            progress(done + read, of)

    for files in uploads:
        told = {f.source.safe_name: f.told for f in files if f.told != NO_ANSWERS}
        upload = read_files([f.source for f in files], store, today=files[-1].at.date(), told=told, progress=tell)
        try:
            by_name = {f.source.safe_name: f.at for f in files}
            times = {report.file_no: by_name[report.name] for report in upload.files}
            parts.append(commit(upload, store, replace(ALONE, person=USER), times=times))
        finally:
            upload.close()
        done += len(files)
    store.remember("demo", oblast.name)
    ids = [batch_id for part in parts for batch_id in part.batch_ids]
    return Committed(ids, sum(part.rows for part in parts), sum(part.rejected for part in parts))


def clear_demo(store: Store, viewer: Viewer) -> int:
    """Take the invented rows out of a store; what people committed themselves stays. Returns how many files.

    These rows were made by the program and can be made again. Raises NotAllowed for who undoes nothing of others.
    """
    viewer.must("undo")
    with store.transaction() as cursor:
        ids = "select batch_id from batches where committed_by = $demo"
        slices = f"select slice_id from slices where batch_id in ({ids})"
        for table in (*NAMES, *MARTS):
            cursor.execute(f"delete from {table} where slice_id in ({slices})", {"demo": USER}).fetchall()
        for table in ("rejected_rows", "batch_marks", "slices"):
            cursor.execute(f"delete from {table} where batch_id in ({ids})", {"demo": USER}).fetchall()
        own = "select entry_id from entries where entered_by = $demo"
        for table in entries.TABLES:
            cursor.execute(f"delete from {table} where entry_id in ({own})", {"demo": USER}).fetchall()
        cursor.execute("delete from entries where entered_by = $demo", {"demo": USER}).fetchall()
        [(n,)] = cursor.execute("delete from batches where committed_by = $demo", {"demo": USER}).fetchall()
        cursor.execute("delete from meta where key = 'demo'").fetchall()
    store.forget_answers()
    return n
