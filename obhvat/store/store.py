"""The DuckDB file: opening it, reading from it, and writing to it in one transaction at a time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Generator, Hashable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from obhvat.errors import StoreBusy, StoreUnusable
from obhvat.events import happened
from obhvat.folders import make_folder
from obhvat.language import _, current
from obhvat.store import owner, pseudonyms, schema, trouble
from obhvat.store.exchange import end_what_was_begun, refuse_to_begin_anew
from obhvat.store.files import copy_database, log_of, remove, shut
from obhvat.store.kept import Kept
from obhvat.store.moments import ARRIVALS, EVERY, OF_DATA, Kinds, Moments, Tied, kinds_read
from obhvat.store.sound import refuse_damaged_log
from obhvat.store.whole_copy import FOLDER, copy_of_schema

Answer = TypeVar("Answer")

# A query must never reach for the network: an extension that is not in the wheel is an error at once.
CONFIG: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
# A DuckDB file begins with three headers of 4096 bytes.
_HEADERS = 3 * 4096
# Two that open a store at once do not both make its tables, or open the file that the other replaces.
_preparing = threading.Lock()


class Store:
    """One store: its file, its key, and the only connection to it in this process.

    Any thread may read; each read has its own cursor. Writers wait for one another. A store that is replaced by
    a backup while the program runs is closed and opened again under the readers' feet, between their queries.
    """

    def __init__(self, path: Path | str, *, create: bool = True) -> None:
        """Open a store, making or migrating it as needed.

        Raises StoreBusy when another process holds it, DiskFull when there is no room for the copy that is made before
        a migration, StoreUnusable when it is not ours, is newer than this program, is damaged, has lost its key, does
        not exist and `create` is false, or is not where its key and its copies are.
        """
        self.path = Path(path).resolve()
        self.unfinished = self.path.with_suffix(".unfinished")
        """Where a copy is made, the only file beside its own that a query may write to."""
        self._anew = self.path.with_suffix(".anew")
        end_what_was_begun(self.path)
        if not create and not self.path.exists():
            refuse_to_begin_anew(self.path)
            raise StoreUnusable(
                _("Няма база „{path}“. Стартирайте програмата веднъж или посочете друга с --store.").format(
                    path=self.path
                )
            )
        self._writing = threading.RLock()
        self._gate = threading.Condition()
        self._readers = 0
        self._kept = Kept()
        # Raised when a commit begins and again when it has ended: odd while it runs.
        self._commits = 0
        self._moments_of = (-1, Moments())
        self._tied = Tied()
        self._open()

    def _open(self) -> None:
        make_folder(self.path.parent)
        end_what_was_begun(self.path)
        refuse_to_begin_anew(self.path)
        owner.mend(self.path)
        self._forget_cut_short_start()
        refuse_damaged_log(self.path)
        with self._explained(), _preparing:
            with self._readable():
                self._connection = self._connected()
            try:
                with self._readable():
                    settings = schema.settings_of(self._connection, self.path.name)
                self.key = self._own_key(settings.get("key"))
                self._bring_up_to_date(settings)
                if self._connection.execute("from meta where key = ?", [schema.UNCLEAN]).fetchall():
                    self._write_anew()
            except BaseException:
                self._connection.close()
                raise

    def _bring_up_to_date(self, settings: Mapping[str, str]) -> None:
        """Whom the newer program does not suit goes back to the older one with the copy that is made before."""
        was = int(settings.get("schema", 0))
        # What a schema took away because it may not stay, stays in no copy of ours.
        if schema.NAMES_KNOWN <= was < schema.SCHEMA_VERSION:
            copy_of_schema(self._connection, self.path, self.unfinished, was, settings.get(FOLDER))
        schema.bring_up_to_date(self._connection, settings, self.key)
        if was != schema.SCHEMA_VERSION:
            happened("migrated", was=was, now=schema.SCHEMA_VERSION)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(self.path, config=CONFIG)
        shut(connection, self._anew, self.unfinished)
        return connection

    @contextlib.contextmanager
    def _readable(self) -> Generator[None]:
        """Whatever else DuckDB says of a file that it opens, the file is not as it was written."""
        try:
            yield
        except duckdb.Error as error:
            raise trouble.understood(error, self.path) or trouble.damaged(self.path) from error

    def _write_anew(self) -> None:
        """Put a copy in the place of the file: what was deleted or written over is still in the bytes of the file.

        Where there is no room for a copy, or somebody else has the store open, it is tried at the next opening.
        """
        anew = self._anew
        with contextlib.suppress(duckdb.Error, OSError):
            remove(anew)
            copy_database(self._connection, anew)
            with duckdb.connect(anew, config=CONFIG) as copy:
                copy.execute("delete from meta where key = ?", [schema.UNCLEAN]).fetchall()
            self._connection.close()
            # To be read only it is not opened while anybody has it for writing.
            duckdb.connect(self.path, read_only=True).close()
            if not log_of(self.path).exists():
                anew.replace(self.path)
        with contextlib.suppress(OSError):
            remove(anew)
        self._connection.close()
        self._connection = self._connected()

    def _forget_cut_short_start(self) -> None:
        """Remove what a first start left when it ended before DuckDB's headers were written: no key, no data."""
        if not self.path.is_file() or pseudonyms.key_path(self.path).exists():
            return
        if self.path.stat().st_size < _HEADERS:
            begun = self.path.read_bytes()
            if not begun or begun[8:12] == b"DUCK":
                self.path.unlink()

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        """What DuckDB says, as errors the user can act on."""
        try:
            yield
        except duckdb.Error as error:
            raise (trouble.understood(error, self.path) or error) from error

    def _own_key(self, mark: str | None) -> str:
        """The key of this store; a new store, which has no mark of one, gets a key."""
        key = pseudonyms.read_key(self.path)
        if mark is None:
            return key or pseudonyms.make_key(self.path)
        if key is None:
            raise StoreUnusable(
                _(
                    "Липсва ключът на базата „{name}“. Върнете файла на мястото му от резервното копие: без него "
                    "новите файлове не могат да се свържат със старите."
                ).format(name=pseudonyms.key_path(self.path).name)
            )
        if pseudonyms.fingerprint(key) != mark:
            raise StoreUnusable(
                _(
                    "Ключът „{name}“ не е на тази база. Върнете ключа, който е бил до нея: с друг ключ едно дете би се "
                    "броило два пъти."
                ).format(name=pseudonyms.key_path(self.path).name)
            )
        return key

    @contextlib.contextmanager
    def cursor(self) -> Generator[duckdb.DuckDBPyConnection]:
        """A cursor for reading, valid inside the `with`."""
        with self._gate:
            self._readers += 1
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        finally:
            with self._gate:
                self._readers -= 1
                self._gate.notify_all()

    def read(
        self, sql: str, parameters: Mapping[str, Any] | None = None, tables: Mapping[str, pa.Table] | None = None
    ) -> pd.DataFrame:
        """The result of a query, whole. Parameters are bound by name; pass exactly those the query names. It reads
        `tables` beside the store's own, by these names."""
        self._tied.allow_query(sql)
        with self._explained(), self.cursor() as cursor:
            for name, table in (tables or {}).items():
                # Read where it lies, pyarrow is given limits of a join as numbers of 63 bits: pseudonyms have 64.
                cursor.register("told", table)
                cursor.execute(f"create temp table {name} as from told").fetchall()
            return cursor.execute(sql, dict(parameters or {})).df()

    def arrow(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """As `read`, with every value in its own type: for rows that are compared with others."""
        self._tied.allow_query(sql)
        with self._explained(), self.cursor() as cursor:
            return cursor.sql(sql, params=dict(parameters or {})).to_arrow_table()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """As `read`, as tuples: for a handful of values."""
        self._tied.allow_query(sql)
        with self._explained(), self.cursor() as cursor:
            return cursor.execute(sql, dict(parameters or {})).fetchall()

    def kept(
        self, question: Hashable, known_at: datetime, answer: Callable[[], Answer], *, daily: bool = True
    ) -> Answer:
        """The answer to a question about the store as known at a moment: worked out once and kept, until something is
        committed, undone, entered or set that was known by then, or (unless `daily` is false) the day is another.

        The question names who asks and everything but the moment that the answer depends on. The answer may depend on
        the day of the moment, not on its hour. It is shared between sessions: do not change it.
        """
        return self._kept_of(EVERY, question, known_at, answer, daily=daily)

    def kept_of_data(
        self,
        question: Hashable,
        known_at: datetime,
        answer: Callable[[], Answer],
        *,
        daily: bool = True,
        reads: tuple[str, ...] = (),
        until: date | None = None,
    ) -> Answer:
        """The same of a question about what was uploaded, done and set alone: it is kept also when a meeting is opened
        or closed and a decision is written.

        An answer that is worked out from nothing but the question and these queries (`reads`) is kept as long as the
        kinds of data that they read are the same (`kinds_read`); with `until` while absences and lists of later days
        come, of which they may read nothing. Raises AssertionError when it asks of others.
        """
        kinds = OF_DATA.intersection(frozenset().union(*map(kinds_read, reads))) if reads else OF_DATA
        return self._kept_of(kinds, question, known_at, answer, daily=daily, until=until)

    def _kept_of(
        self,
        kinds: Kinds,
        question: Hashable,
        known_at: datetime,
        answer: Callable[[], Answer],
        *,
        daily: bool,
        until: date | None = None,
    ) -> Answer:
        self._tied.allow(kinds, until)
        known = self._moments().known(kinds, known_at, until)
        commits = self._commits if self._tied.commits is None else self._tied.commits
        # Texts are in the language of who asks.
        asked = (question, current(), known, known_at.date() if daily else None)

        def worked_out() -> Answer:
            with self._tied.to(kinds, until, commits):
                return answer()

        def holds() -> bool:
            return commits % 2 == 0 and commits == self._commits

        return self._kept.get(asked, worked_out, holds)

    def now(self) -> datetime:
        """This moment, or the last one at which something was recorded by a clock that was ahead: what is stored is
        always seen."""
        return max(datetime.now(), self.recorded_ahead() or datetime.min)

    def recorded_ahead(self) -> datetime | None:
        """The last moment at which something was recorded, when by the clock it is still to come."""
        last = self.last_recorded()
        return last if last and last > datetime.now() else None

    def last_recorded(self) -> datetime | None:
        """The last moment at which something was recorded."""
        self._tied.allow(EVERY)
        moments = self._moments().every
        return moments[-1].astype("datetime64[us]").item() if len(moments) else None

    def forget_answers(self) -> None:
        """Work every question out anew: after rows were deleted."""
        self._kept.clear()

    def write_anew(self) -> bool:
        """Leave no byte of what was deleted in a store marked `schema.UNCLEAN`. Returns whether it is done; where there
        is no room or somebody reads for long, the next opening does it."""
        self.forget_answers()
        with contextlib.suppress(StoreBusy), self.closed():
            pass
        return not self.is_unclean

    @property
    def is_unclean(self) -> bool:
        """Whether the file still has the bytes of what was deleted."""
        return self.remembered(schema.UNCLEAN) is not None

    def _moments(self) -> Moments:
        """All moments at which something came to be known, in order; read again only after a commit."""
        commits = self._commits
        of, moments = self._moments_of
        if of != commits or commits % 2:
            with self._explained(), self.cursor() as cursor:
                moments = Moments(cursor.execute(ARRIVALS).df())
            self._moments_of = commits, moments
        return moments

    @contextlib.contextmanager
    def writing(self) -> Generator[None]:
        """Hold other writers off without a transaction."""
        with self._writing:
            yield

    @contextlib.contextmanager
    def transaction(self) -> Generator[duckdb.DuckDBPyConnection]:
        """A cursor for writing: everything inside the `with` is committed together, or nothing.

        Raises DiskFull when it could not be written; the store is then as it was before.
        """
        with self._writing:
            try:
                with self.cursor() as cursor:
                    cursor.execute("begin")
                    try:
                        yield cursor
                        with self._committing():
                            cursor.execute("commit")
                    except BaseException:
                        with contextlib.suppress(duckdb.Error):
                            cursor.execute("rollback")
                        raise
            except duckdb.Error as error:
                self._reopen_if_broken()
                raise (trouble.understood(error, self.path) or error) from error

    @contextlib.contextmanager
    def _committing(self) -> Generator[None]:
        """Answers worked out while the data changes are not kept: nobody knows which data they are about."""
        self._commits += 1
        try:
            yield
        finally:
            self._commits += 1

    def remember(self, name: str, value: str) -> None:
        """Keep one of the store's own settings."""
        with self.transaction() as cursor:
            cursor.execute("insert or replace into meta values ($name, $value)", {"name": name, "value": value})

    def remembered(self, name: str) -> str | None:
        """One of the store's own settings, or None."""
        values = self.rows("select value from meta where key = $name", {"name": name})
        return values[0][0] if values else None

    def _reopen_if_broken(self) -> None:
        """A failed write can leave the connection unusable; what was committed is in the file."""
        try:
            self._connection.execute("select 1").fetchall()
        except duckdb.Error:
            with self.closed():
                pass

    @contextlib.contextmanager
    def closed(self, seconds: float = 30.0) -> Generator[None]:
        """The store with its file closed: for replacing the file. Readers wait; it is opened again at the end.

        Raises StoreBusy when running queries do not end in `seconds`.
        """
        until = time.monotonic() + seconds
        with self._writing, self._gate:
            while self._readers:
                if not self._gate.wait(timeout=until - time.monotonic()):
                    raise StoreBusy(_("Базата се ползва в момента. Опитайте отново след малко."))
            with contextlib.suppress(duckdb.Error):
                self._connection.close()
            try:
                with self._committing():
                    yield
            finally:
                self._kept.clear()
                self._open()

    def close(self) -> None:
        """Close the file. Everything committed is in it."""
        self._connection.close()
        self._kept.clear()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
