"""What the children of test_crash do until they are killed. Imported once, by the process they are forked from."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from examples import SCHOOL, absences, register

from obhvat.ingest import Source, commit, read_files
from obhvat.store import Store

CHILDREN = 1200


def files() -> list[Source]:
    """A register, a list, and a month with rows that are handed back: what a commit writes of every kind."""
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    rows = [f"{SCHOOL};15.09.2023;дете-{n};{1 + n % 12};{n % 9}а" for n in range(CHILDREN)]
    missed: Sequence[float | str] = [n % 17 / 2 if n % 100 else "лошо" for n in range(1, CHILDREN + 1)]
    return [register(), Source("ученици.csv", "\n".join([head, *rows]).encode()), absences(10, missed)]


def commit_until_killed(path: Path, parent: Connection, log_limit: str) -> None:
    """Commit the same files again and again, and say after each commit which batches it made."""
    store = Store(path)
    # A small limit makes DuckDB move its log into the file at every commit, so that kills meet that too.
    store.rows(f"pragma wal_autocheckpoint = '{log_limit}'")
    upload = read_files(files(), store)
    parent.send([])
    while True:
        parent.send(commit(upload, store).batch_ids)


def open_first_time(path: Path, parent: Connection) -> None:
    """Make a store, saying when it begins."""
    parent.send([])
    Store(path)
    parent.send([])
