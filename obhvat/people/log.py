"""Who looked at which child: a line each in a file beside the store, which is only ever added to.

**No look without its line.** What shows a child's row calls `looked` first; the line is on the disk when it returns,
and where it cannot be written nothing is shown. One line tells of a quarter of an hour: the same person in the same
role who sees the same rows again within it, as a page does whenever it is drawn anew, writes none. Everything that is
done or taken away (an export, an upload, an undo) has a line each time.

**A file, not a table.** It stays when a file is undone, when an older copy of the store is put back and when the
store is damaged; to write it invalidates no kept answer and waits for no commit. A copy of the store takes it along
under its own name (`obhvat.store.backup`).

**Keyed lines.** Each begins with a hash, with the store's key, of the hash before it and of itself: a line that was
changed, added or taken out of the middle is noticed (`verify`). That lines are missing at the end is noticed back to
the last anchor: how far the log had come, kept in the store every five minutes while the application runs, when
something is uploaded, undone or copied, and when the application stops. Who has the key can write what they like, and
who puts back an older log together with a store of that time leaves no trace.

**No child in it.** A line names a case and a child only by such a hash, and lists by the hashes of all who stood in
them. «Кой е гледал» makes the hash from the case that is open and finds its lines; from the log alone nobody comes to
a child. So nothing in it has to be erased when a child's rows are forgotten, which no chain would survive: who no
longer has the number cannot ask. A number that was given twice, in two municipalities or years, is one hash: rather a
look too many. What was typed to search is not in it, only that somebody searched.

**An end.** Lines have a term, too (keeping.toml). When it is over the oldest go, a keyed line in their place names the
hash of the last of them, so that the chain still holds, and the protocol of the forgetting says how many they were.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args
from weakref import WeakKeyDictionary

from obhvat.errors import DiskFull
from obhvat.events import happened
from obhvat.language import N_, _
from obhvat.people import chain
from obhvat.people.account import account
from obhvat.people.viewer import Viewer
from obhvat.store import Store
from obhvat.store.files import looks_of, settle
from obhvat.store.pseudonyms import keyed_hash

Seen = Literal["case", "cases", "child", "children", "proposals", "rows", "letters"]
Export = Literal["export_cases", "export_children", "export_rows", "export_letters"]
Done = Literal[
    "search", "upload", "undo", "redo", "copy", "restore", "right", "sign_in", "refused", "forget", "request"
]
What = Seen | Export | Done

WHAT: dict[What, str] = {
    "case": N_("отваря случай"),
    "cases": N_("вижда списък със случаи"),
    "child": N_("отваря дете от списък"),
    "children": N_("вижда списък с деца"),
    "proposals": N_("вижда предложени случаи"),
    "rows": N_("вижда редове от файл"),
    "letters": N_("вижда писма със случаи"),
    "export_cases": N_("изтегля регистъра на случаите"),
    "export_children": N_("изтегля списък с деца"),
    "export_rows": N_("изтегля редове за поправка"),
    "export_letters": N_("изтегля писма със случаи"),
    "search": N_("търси дете"),
    "upload": N_("качва файлове"),
    "undo": N_("отменя файлове"),
    "redo": N_("връща файлове в сила"),
    "copy": N_("прави копие на базата"),
    "restore": N_("връща копие на базата"),
    "right": N_("променя права"),
    "sign_in": N_("влиза"),
    "refused": N_("неуспешно влизане"),
    "forget": N_("заличава данни"),
    "request": N_("отговаря на искане за дете"),
}
"""What a line tells of, as people read it."""
QUARTER = 15 * 60
"""Seconds in which the same look has one line."""
_REMEMBERED = "looks"
CUT = "looks cut"
"""The setting of a store whose log is to lose the lines of this day and before."""
# The store is written then anyway, or is about to be copied.
_ANCHORED = frozenset[What]({"upload", "undo", "redo", "copy", "restore", "right", "forget", "request"})
_MOST_RECENT = 2000
_LIST = 8


class Look(NamedTuple):
    """One line: when, who in which role did what, where, with how many children (None where it is not of any)."""

    at: datetime
    person: str
    role: str
    what: What
    place: str
    n: int | None


@dataclass(frozen=True)
class Verified:
    """What was found in a log."""

    lines: int
    broken: tuple[int, ...]
    """Lines that are not as they were written, or before which one is missing; counted from 1."""
    missing: int
    """How many of the last lines that the store remembers are not there."""
    exchanged: bool
    """Whether it is whole, but not the one that the store remembers, or what the store remembers was changed."""
    cut: int = 0
    """How many older lines were taken away when their term was over."""

    @property
    def is_whole(self) -> bool:
        return not (self.broken or self.missing or self.exchanged)


class Log:
    """The log of one store. Any thread may write; only the process that has the store open does."""

    def __init__(self, store_path: Path, key: str) -> None:
        self.path = looks_of(store_path)
        self._key = key
        self._lock = threading.Lock()
        self._file: int | None = None
        self._last, self._lines = "", 0
        self._recent: dict[int, float] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def write(
        self,
        viewer: Viewer,
        what: What,
        *,
        cases: Collection[str] = (),
        children: Collection[int] = (),
        place: str = "",
        n: int | None = None,
    ) -> None:
        """As `looked`."""
        again = hash((viewer, what, tuple(cases), tuple(children), place, n))
        with self._lock:
            now = time.monotonic()
            with contextlib.suppress(OSError):
                # What was written in a file that is not there any more is written anew; what is wrong is said below.
                self._follow()
            if what in get_args(Seen) and now - self._recent.get(again, -QUARTER) < QUARTER:
                return
            line: dict[str, Any] = {
                "at": datetime.now().isoformat(timespec="seconds"),
                "who": viewer.person or account(),
                "role": viewer.role.id,
                "what": what,
                "where": place,
            }
            if cases or children or n is not None:
                line["n"] = n if n is not None else max(len(cases), len(children))
            of = tuple(sorted(self.names(cases, children)))
            if of:
                line |= {"as": self._lists[of]} if of in self._lists else {"of": of}
            try:
                written = self._append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
            except OSError as error:
                raise DiskFull(
                    _(
                        "Не може да се пише в „{name}“, където остава кой какво е гледал: {reason}. Без този запис "
                        "данни за деца не се показват и не се променят. Освободете място или върнете правата си върху "
                        "файла и опитайте отново."
                    ).format(name=self.path.name, reason=error.strerror)
                ) from error
            if len(of) >= _LIST:
                self._lists.setdefault(of, written[:16])
            if what not in get_args(Seen):
                happened(what, n=line.get("n", 0))
            self._recent[again] = now
            if len(self._recent) > _MOST_RECENT:
                self._recent = {look: at for look, at in self._recent.items() if now - at < QUARTER}

    def names(self, cases: Collection[str], children: Collection[int]) -> set[str]:
        """What cases, by number, and children, by pseudonym, are called in the log."""
        return {keyed_hash(self._key, "looked at case", str(number))[:16] for number in cases} | {
            keyed_hash(self._key, "looked at child", str(int(child)))[:16] for child in children
        }

    def _append(self, body: str) -> str:
        """Add a line; returns its hash. Raises OSError with the file as it was."""
        self._follow()
        chained = chain.chained(self._key, self._last, body)
        line = f"{chained} {body}\n".encode()
        with open(self.path, "ab", buffering=0, opener=_for_the_owner) as file:
            before = file.tell()
            try:
                while line:
                    line = line[file.write(line) :]
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(before)
                raise
        if self._file is None:
            settle(self.path.parent)
            self._file = self.path.stat().st_ino
        self._last, self._lines = chained, self._lines + 1
        return chained

    def _follow(self) -> None:
        """Know the last line, anew when a copy's log took the place of the file. What a power cut left of a line is
        taken away: it was not written, and so nothing was shown."""
        try:
            file = self.path.stat().st_ino
        except FileNotFoundError:
            self._file, self._last, self._lines = None, "", 0
            self._lists.clear()
            self._recent.clear()
            return
        if file == self._file:
            # The file may end elsewhere than it did here: then somebody else wrote, and the next line tells it.
            return
        with self.path.open("r+b") as log:
            whole, newline, torn = log.read().rpartition(b"\n")
            if torn:
                log.truncate(len(whole + newline))
        cut, lines = chain.parts(whole.split(b"\n") if newline else [])
        self._file, self._last, self._lines = (
            file,
            lines[-1][:64].decode("ascii", "replace") if lines else cut.before,
            cut.lines + len(lines),
        )
        self._lists.clear()
        self._recent.clear()

    def looks(
        self,
        *,
        cases: Collection[str] = (),
        children: Collection[int] = (),
        person: str | None = None,
        what: What | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> list[Look]:
        """The lines, the newest first: those about any of these cases and children, where some are named; of a person,
        of a kind, between two days, both included. Lines that cannot be read are left out."""
        lines = self._read()
        if cases or children:
            lines = chain.about(lines, {name.encode() for name in self.names(cases, children)})
        if what is not None:
            # To read a line takes much longer than to find this in it.
            lines = [line for line in lines if f'"what":"{what}"'.encode() in line]
        found = []
        for line in reversed(lines):
            look = _parsed(line)
            if (
                look is not None
                and (person is None or look.person.casefold() == person.casefold())
                and (what is None or look.what == what)
                and (since is None or look.at.date() >= since)
                and (until is None or look.at.date() <= until)
            ):
                found.append(look)
        return found

    def verify(self, remembered: str | None = None) -> Verified:
        """Whether every line is as it was written and where it was written; `remembered` as `anchor` made it."""
        lines = self._read()
        cut, kept = chain.parts(lines)
        missing, exchanged = chain.against(self._key, remembered, lines)
        return Verified(len(kept), tuple(chain.broken(self._key, lines)), missing, exchanged, cut.lines)

    def due(self, until: date) -> int:
        """How many lines are of a day or before, and go; none of a log that is not whole: it is evidence."""
        lines = self._read()
        n = chain.oldest(chain.parts(lines)[1], _day_of, until)
        return n if n and not chain.broken(self._key, lines) else 0

    def cut(self, until: date) -> int:
        """Take away the lines of a day and before; the first line then names the hash of the last of them, so that the
        others are still known to be all that followed. Returns how many went. Raises OSError with the file as it was.
        """
        n = self.due(until)
        if not n:
            return 0
        with self._lock:
            cut, kept = chain.parts(self._read())
            gone = chain.Cut(cut.lines + n, kept[n - 1][:64].decode("ascii"))
            shorter = self.path.with_name(f"{self.path.name}.tmp")
            with open(shorter, "wb", opener=_for_the_owner) as file:
                file.write(chain.cut_line(self._key, gone, until) + b"".join(line + b"\n" for line in kept[n:]))
                file.flush()
                os.fsync(file.fileno())
            shorter.replace(self.path)
            settle(self.path.parent)
            self._follow()
        return n

    def holds(self, remembered: str | None) -> bool:
        """Whether the log is the one that the store remembers, or its continuation."""
        return chain.against(self._key, remembered, self._read()) == (0, False)

    def anchor(self) -> str:
        """How far the log has come, for the store to remember: the number of lines, the hash of the last, and a hash
        of both, so that nobody without the key can make another."""
        with self._lock:
            self._follow()
            return chain.anchor(self._key, self._lines, self._last)

    def _read(self) -> list[bytes]:
        """The whole lines, the oldest first."""
        try:
            return self.path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _day_of(line: bytes) -> date | None:
    look = _parsed(line)
    return look.at.date() if look else None


def _parsed(line: bytes) -> Look | None:
    try:
        said = json.loads(line[65:])
        return Look(
            datetime.fromisoformat(said["at"]), said["who"], said["role"], said["what"], said["where"], said.get("n")
        )
    except (ValueError, KeyError, TypeError):
        return None


_logs: WeakKeyDictionary[Store, Log] = WeakKeyDictionary()
_finding = threading.Lock()


def log_of(store: Store) -> Log:
    """The log of an open store."""
    with _finding:
        if store not in _logs:
            _logs[store] = log = Log(store.path, store.key)
            # A protocol that was written before the program was stopped.
            _cut_as_said(store, log)
        return _logs[store]


def cut_as_said(store: Store) -> None:
    """Take away the lines of which a protocol says that they are."""
    _cut_as_said(store, log_of(store))


def _cut_as_said(store: Store, log: Log) -> None:
    if until := store.remembered(CUT):
        # Where it cannot be written now, the next opening does it.
        with contextlib.suppress(OSError):
            log.cut(date.fromisoformat(until))
            store.remember(CUT, "")


def looked(
    store: Store,
    viewer: Viewer,
    what: What,
    *,
    cases: Collection[str] = (),
    children: Collection[int] = (),
    place: str = "",
    n: int | None = None,
) -> None:
    """Write that somebody sees these cases (by number) and children (by pseudonym), or does something, before they are
    shown or it is done.

    `place` says in words where, or what is taken away; no name of a person, of a child's file or of what was typed.
    `n` is how many children or rows it is of, where they are not named. Raises DiskFull when it cannot be written.
    """
    log_of(store).write(viewer, what, cases=cases, children=children, place=place, n=n)
    if what in _ANCHORED:
        anchor(store)


def anchor(store: Store) -> None:
    """Let the store remember how far its log has come, so that lines that are missing at the end are noticed."""
    log = log_of(store)
    remembered = store.remembered(_REMEMBERED)
    # What is missing by now stays missed.
    if log.path.exists() and log.holds(remembered) and (now := log.anchor()) != remembered:
        store.remember(_REMEMBERED, now)


def verify(store: Store) -> Verified:
    """Whether the log of a store is whole, as far as the store remembers it."""
    return log_of(store).verify(store.remembered(_REMEMBERED))
