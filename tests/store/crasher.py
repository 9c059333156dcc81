"""What the children of test_backup, test_crash and others do. Imported once, by the process they are forked from."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from examples import SCHOOL, absences, everything, put
from viewers import expert

from obhvat.errors import DiskFull, ObhvatError
from obhvat.ingest import Source, commit, read_files
from obhvat.periods import MONTH_NAMES, school_days
from obhvat.store import Store
from obhvat.store.backup import backup, restore_closed
from obhvat.store.history import history, mark

CHILDREN = 600
# Counted once here instead of once in every child.
SCHOOL_DAYS = [
    school_days(date(year, month, 1)) for year in range(2010, date.today().year + 2) for month in MONTH_NAMES
]


def files(n: int) -> list[Source]:
    """A list, and a month with rows that are handed back: two datasets and all marts in one commit. Others for another
    number: what the store has already is not written again."""
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    rows = [f"{SCHOOL};15.09.2023;дете-{child};{1 + (n + child) % 12};{child % 9}а" for child in range(CHILDREN)]
    missed: Sequence[float | str] = [
        (n + child) % 17 / 2 if child % 100 else "лошо" for child in range(1, CHILDREN + 1)
    ]
    return [Source("ученици.csv", "\n".join([head, *rows]).encode()), absences(10, missed)]


def commit_until_killed(path: Path, parent: Connection, n: int, log_limit: str) -> None:
    """Say when files are about to be committed, and then which batches that made in how many seconds."""
    store = Store(path)
    # A small limit makes DuckDB move its log into the file at every commit, so that kills meet that too.
    store.rows(f"pragma wal_autocheckpoint = '{log_limit}'")
    upload = read_files(files(n), store)
    parent.send([])
    began = time.monotonic()
    batches = commit(upload, store, expert()).batch_ids
    parent.send((batches, time.monotonic() - began))
    signal.pause()


def open_first_time(path: Path, parent: Connection) -> None:
    """Make a store, saying when it begins."""
    parent.send([])
    Store(path)
    parent.send([])


def write_without_room(path: Path, parent: Connection, room: int, log_limit: str) -> None:
    """Commit where a file may not be longer than `room`, and again when it may. Says the error, whether everything is
    as it was after it, and how many absences there are in the end."""
    with Store(path) as store:
        store.rows(f"pragma wal_autocheckpoint = '{log_limit}'")
        before = everything(store)
        _limit(room)
        try:
            put(store, absences(11, (1,) * 4000))
        except DiskFull as error:
            parent.send(str(error))
        parent.send(everything(store) == before)
        _limit(None)
        put(store, absences(12, (1, 2)))
        parent.send(store.rows("select count(*) from absences")[0][0])


def backup_without_room(path: Path, parent: Connection, target: Path, room: int) -> None:
    """Copy a store where a file may not be longer than `room`; says the error, and how many schools there are after."""
    with Store(path) as store:
        _limit(room)
        try:
            backup(store, target)
        except DiskFull as error:
            parent.send(str(error))
        _limit(None)
        parent.send(store.rows("select count(*) from schools")[0][0])


def start_without_room(path: Path, parent: Connection, room: int) -> None:
    """Make a store where a file may not be longer than `room`; says the error, and what else would be on screen."""
    _limit(room)
    with contextlib.redirect_stderr(io.StringIO()) as noise:
        try:
            Store(path)
        except DiskFull as error:
            parent.send(str(error))
    parent.send(noise.getvalue())


def undo_in_zone(path: Path, parent: Connection, zone: str, batch: int) -> None:
    """Undo a batch where clocks are those of a time zone; says how far they are, and the state of the newest batch."""
    os.environ["TZ"] = zone
    time.tzset()
    parent.send(datetime.now().astimezone().utcoffset())
    with Store(path) as store:
        mark(store, [batch], "undo", "проба")
        parent.send(history(store)["state"].iloc[0])


def commit_and_end(path: Path, parent: Connection) -> None:
    """Leave a store whose last commit is in its log only, as after a power cut."""
    # Whoever lets go of the store closes it, and what is in its log goes into the file.
    store = Store(path)
    put(store, absences(12))
    os._exit(0)


def restore_interrupted(path: Path, parent: Connection, copy: Path, steps: Sequence[int], how: str) -> None:
    """Restore a closed store where some of the steps that change its folder, of which the first is 1, are not done:
    they fail, or the power is cut before them. Says how many steps there were, and what was refused."""
    n = 0

    def before(event: str, details: tuple[object, ...]) -> None:
        nonlocal n
        if event in ("os.rename", "os.link", "os.remove") and str(details[0]).startswith(str(path.parent)):
            n += 1
            if n in steps and how == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if n in steps:
                raise OSError(errno.EIO, "Грешка на диска", details[0])

    sys.addaudithook(before)
    refused = ""
    try:
        restore_closed(path, copy)
    except ObhvatError as error:
        refused = str(error)
    parent.send((n, refused))


def _limit(room: int | None) -> None:
    # Windows has none.
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft = resource.RLIM_INFINITY if room is None else room
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))
