"""When something of which kind came to be known, and which kinds a query reads: how long its answer stays the same.

The kinds are the datasets, what is entered here, the thresholds, and what is said at a meeting.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Generator
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from obhvat.datasets import NAMES
from obhvat.resources import read_sql
from obhvat.store.schema import MIGRATIONS, VIEWS

Kinds = frozenset[str]
ENTERED, THRESHOLDS, SAID = "entered", "thresholds", "said"
OF_DATA: Kinds = frozenset({*NAMES, ENTERED, THRESHOLDS})
EVERY: Kinds = OF_DATA | {SAID}
_OF_DAYS: Kinds = frozenset({"absences", "pupils"})

ARRIVALS = f"""
with files as (
    select batches.batch_id, batches.committed_at, batches.dataset, min(slices.period) as since
    from batches
    left join slices on slices.batch_id = batches.batch_id and slices.dataset in {tuple(sorted(_OF_DAYS))}
    group by batches.batch_id, batches.committed_at, batches.dataset
)
select committed_at as moment, dataset as kind, since
from files
union all
select batch_marks.marked_at, files.dataset, files.since
from batch_marks
join files on files.batch_id = batch_marks.batch_id
union all
select
    entered_at,
    if(what in ('meeting', 'attendance', 'decision', 'closing', 'person'), '{SAID}', '{ENTERED}'),
    null
from entries
union all
select set_at, '{THRESHOLDS}', null
from thresholds
order by moment
"""
"""One row is something that came to be known: of absences and lists with the first day that they are of."""


class Known(NamedTuple):
    """What of some kinds was known at a moment. As rows are only ever added, it is the same as long as its number and
    its last moment are."""

    n: int
    last: int
    """Microseconds; 0 when nothing was."""
    kinds: Kinds
    until: date | None = None
    """Of absences and lists only those of days up to this one are counted."""


class Moments:
    """The moments at which something came to be known, in order."""

    def __init__(self, arrivals: pd.DataFrame | None = None) -> None:
        """`arrivals` are the rows of ARRIVALS."""
        of = arrivals if arrivals is not None else pd.DataFrame({"moment": [], "kind": [], "since": []})
        self.every = of["moment"].to_numpy("datetime64[us]")
        self._kinds, self._kind_of = np.unique(of["kind"].to_numpy(str), return_inverse=True)
        self._since = of["since"].to_numpy("datetime64[D]")
        self._of: dict[tuple[Kinds, date | None], np.ndarray] = {(EVERY, None): self.every}

    def known(self, kinds: Kinds, known_at: datetime, until: date | None = None) -> Known:
        """What of these kinds was known at a moment; of absences and lists, of days up to `until`."""
        of = self._of.get((kinds, until))
        if of is None:
            # A kind that has no name here is of all.
            is_of = np.array([kind in kinds or kind not in EVERY for kind in self._kinds.tolist()], bool)
            is_counted = is_of[self._kind_of]
            if until:
                # NaT compares as false.
                is_counted &= ~(self._since > np.datetime64(until))
            of = self._of[kinds, until] = self.every[is_counted]
        n = int(of.searchsorted(np.datetime64(known_at), side="right"))
        return Known(n, int(of[n - 1].astype("int64")) if n else 0, kinds, until)


class Tied(threading.local):
    """The kinds of data by which the answer is kept that is worked out in this thread, if any is, and up to which
    day."""

    kinds: Kinds | None = None
    until: date | None = None
    commits: int | None = None
    """How many there were when the outermost answer was begun, of whose rows those within it may be made."""

    @contextlib.contextmanager
    def to(self, kinds: Kinds, until: date | None, commits: int) -> Generator[None]:
        before = self.kinds, self.until, self.commits
        self.kinds, self.until, self.commits = kinds, until, commits
        try:
            yield
        finally:
            self.kinds, self.until, self.commits = before

    def allow_query(self, sql: str) -> None:
        """As `allow`, of what a query reads."""
        if self.kinds is not None and not self.kinds >= OF_DATA:
            # Up to which day it reads, its parameters say.
            self.allow(kinds_read(sql), self.until)

    def allow(self, kinds: Kinds, until: date | None = None) -> None:
        """Something reads of these kinds, of absences and lists up to a day. Raises AssertionError when the answer
        would not be forgotten with them."""
        if self.kinds is None:
            return
        if not kinds & OF_DATA <= self.kinds:
            raise AssertionError(f"an answer that is kept by {sorted(self.kinds)} reads {sorted(kinds - self.kinds)}")
        if self.until and kinds & _OF_DAYS and (until is None or until > self.until):
            raise AssertionError(f"an answer that is kept until {self.until} reads until {until}")


# Whose first parameter says of which dataset the slices are.
_OF_A_DATASET = re.compile(r"\b(?:live_slices|live_registers|registers_in_force)\(\s*'(\w+)'")
# A row of these never changes: who joins one by its number reads only what told it the number.
_BY_NUMBER = re.compile(
    r"\bjoin slices on slices\.slice_id = \w+\.slice_id\b|\bjoin batches on batches\.batch_id = slices\.batch_id\b"
)
_MARTS = {
    "absence_levels": {"absences"},
    "absence_classes": {"absences"},
    "shared_absences": {"absences", "pupils"},
    "list_sizes": {"pupils"},
}


@cache
def kinds_read(sql: str) -> Kinds:
    """Of which kinds a query reads, at least: those of every table and view that it names, and that these name. A word
    that is the name of one is taken for it, whatever it is there; before a point it only says whose column is meant."""
    sql = re.sub(r"^\s*--.*", "", sql, flags=re.MULTILINE)
    found = set(_OF_A_DATASET.findall(sql))
    named = set(re.findall(r"\b\w+\b(?!\.)", _BY_NUMBER.sub("", _OF_A_DATASET.sub("", sql))))
    of_name = {**_tables(), **{name: kinds_read(body) for name, body in _views().items() if name in named}}
    return frozenset(found.union(*(of_name[name] for name in named & of_name.keys())))


@cache
def _tables() -> dict[str, Kinds]:
    """Of which kinds the rows of a table of the store are."""
    kinds: dict[str, Kinds] = {}
    for migration in map(str, MIGRATIONS):
        text = read_sql("store/migrations/" + re.split(r"[\\/]", migration)[-1])
        for name, columns in re.findall(r"create table (\w+) \((.*?)\n\);", text, re.DOTALL):
            kinds[name] = frozenset({ENTERED, SAID}) if "entry_id" in columns else EVERY
        kinds |= dict.fromkeys(re.findall(r"rename to (\w+)", text), EVERY)
    of_datasets = {name: frozenset({name}) for name in NAMES}
    return (
        kinds | of_datasets | {"thresholds": frozenset({THRESHOLDS})} | {m: frozenset(of) for m, of in _MARTS.items()}
    )


@cache
def _views() -> dict[str, str]:
    """The text of each view, by name. What reads slices of a dataset that it is not told of reads all."""
    text = "\n".join(map(read_sql, VIEWS))
    parts = re.split(r"create macro (\w+)", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
