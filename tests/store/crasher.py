"""What the children of test_crash do until they are killed. Imported once, by the process they are forked from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from examples import SCHOOL, absences

from obhvat.ingest import Source, commit, read_files
from obhvat.periods import MONTH_NAMES, school_days
from obhvat.store import Store

CHILDREN = 1200
# Counted once here instead of once in every child.
SCHOOL_DAYS = [
    school_days(date(year, month, 1)) for year in range(2010, date.today().year + 2) for month in MONTH_NAMES
]


def files() -> list[Source]:
    """A list, and a month with rows that are handed back: two datasets and all marts in one commit."""
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    rows = [f"{SCHOOL};15.09.2023;дете-{n};{1 + n % 12};{n % 9}а" for n in range(CHILDREN)]
    missed: Sequence[float | str] = [n % 17 / 2 if n % 100 else "лошо" for n in range(1, CHILDREN + 1)]
    return [Source("ученици.csv", "\n".join([head, *rows]).encode()), absences(10, missed)]


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
