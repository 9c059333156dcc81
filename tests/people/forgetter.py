"""Forgets in processes that are killed at random moments: run by test_forgetting_crash.py. Prints of each what the
next opening found: „whole“, „gone“, or what of it is half."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random

from forgotten_oblast import TODAY, in_files, pseudonym
from store_files import copy_store

from obhvat.cases.child_answers import erase_child
from obhvat.cases.one_child import find_child
from obhvat.metrics.forgetting import figures_of
from obhvat.people import ALONE
from obhvat.people.child_requests import GROUNDS, requests
from obhvat.people.forgetting import due, forget
from obhvat.people.keeping import protocols
from obhvat.people.log import verify
from obhvat.store import Store

MINE = "дете-101-1"
TABLES = ("pupils", "absences", "cases", "actions", "entered_actions", "slices", "absence_levels", "rejected_rows")


def forget_all(path: Path) -> None:
    with Store(path) as store:
        forget(store, due(store, TODAY), figures_of(store, [], datetime.now()), "Иванова", datetime.now(), TODAY)
        store.write_anew()


def erase_one(path: Path) -> None:
    with Store(path) as store:
        erase_child(store, ALONE, find_child(store, ALONE, MINE), GROUNDS["erased"][0], "по искане")


def rows(path: Path) -> tuple[list, bool]:
    """What is in the tables, and whether there is a protocol."""
    with Store(path) as store:
        counted = [store.rows(f"from {table} order by all") for table in TABLES]
        assert verify(store).is_whole
        return counted, bool(protocols(store) or requests(store))


def kill(folder: Path, kills: int) -> None:
    """Start and kill so many, one after another, each on a copy of its own of the store that the folder holds."""
    chance = Random(2024)
    first = folder / "first" / "obhvat.duckdb"
    with Store(first) as store:
        trace = pseudonym(store, MINE)
    whole, _unused = rows(first)
    for doing in (forget_all, erase_one):
        done = copy_store(first, folder / doing.__name__)
        begun = time.monotonic()
        doing(done)
        seconds = time.monotonic() - begun
        gone, _unused = rows(done)
        for n in range(kills):
            path = copy_store(first, folder / f"{doing.__name__}-{n}")
            pid = os.fork()
            if not pid:
                try:
                    doing(path)
                finally:
                    os._exit(0)
            time.sleep(chance.uniform(0, 1.1 * seconds))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            found, has_protocol = rows(path)
            left = trace in in_files(path.parent)
            if found == whole and not has_protocol:
                print("whole")
            elif found == gone and has_protocol and not left:
                print("gone")
            else:
                print(f"half: {doing.__name__} {n}, protocol {has_protocol}, trace {left}")


if __name__ == "__main__":
    kill(Path(sys.argv[1]), int(sys.argv[2]))
