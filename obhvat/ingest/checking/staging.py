"""The staging: accepted rows and returned lines of one upload, until they are committed.

It is a database in memory, apart from the store. Raw cells exist only while their statement runs. Accepted rows are
tables of Arrow in which every different value is kept once, a tenth of the room of a table of the database, and are
never changed; `staged_<dataset>` shows them. `bad_rows` has the lines that go back.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from queue import SimpleQueue
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from obhvat.datasets import Dataset
from obhvat.ingest.checking.checks import row_checks
from obhvat.ingest.checking.column import Fault
from obhvat.ingest.checking.database import empty_database, put_aside
from obhvat.ingest.checking.date_order import Done, settled
from obhvat.ingest.checking.named_schools import NamedSchool
from obhvat.ingest.checking.parts import Part, keys_of
from obhvat.ingest.checking.reader import BadLine, CellReader, PartRead, Rules, refuse_if_hopeless
from obhvat.ingest.checking.used_words import UsedWord, together
from obhvat.ingest.checking.whole_files import (
    different,
    may_repeat,
    repeated_keys,
    repeats,
    strangers,
    with_repeated,
    with_several,
)
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference, schools_with_grades
from obhvat.language import current, speak
from obhvat.store.history import SlicePart

_READERS = 2
_BATCH = 100_000
_FAULT = pa.struct([(name, pa.string()) for name in ("field", "rule", "value", "limit")])
_BAD_ROWS = pa.schema(
    {"file_no": pa.int32(), "line": pa.int32(), "cells": pa.list_(pa.string()), "faults": pa.list_(_FAULT)}
)
_BAD_ROWS_TABLE = """
create table bad_rows (
    file_no integer,
    line integer,
    cells varchar[],
    faults struct(field varchar, rule varchar, value varchar, "limit" varchar)[]
)
"""


@dataclass(frozen=True)
class Added:
    """What came out of tables beside their rows."""

    schools: list[NamedSchool]
    """Institutions that had to be looked for."""
    words: list[UsedWord]
    """Words of lists that are written otherwise."""
    left_out: Mapping[int, Sequence[tuple[int, str]]]
    """By file: lines of later pieces that are not data, and lines of which no part says anything."""
    changed: Mapping[tuple[int, str], int]
    """By file and what was done (texts.NAME, texts.SHORT_YEAR): cells."""
    dates: Done


class Staging:
    """The accepted rows of one upload, a view `staged_<dataset>` each, and the lines that were not accepted."""

    def __init__(self, secret: str, today: date | None = None) -> None:
        self._database = empty_database()
        self._connection = self._database.cursor()
        self._tables = {"bad_rows"}
        self._connection.execute(_BAD_ROWS_TABLE)
        self._asking = threading.Lock()
        self._schools: pd.DataFrame | None = None
        self._references: dict[str, pa.Table] = {}
        self._good: dict[str, list[pa.Table]] = defaultdict(list)
        self.in_parts: set[str] = set()
        """Datasets some of whose lines became several rows."""
        self.with_repeated_pupils: dict[str, list[int]] = defaultdict(list)
        """By dataset, the files in which a pupil stands more than once."""
        self._secret = secret
        self._today = today or date.today()
        self._changed: dict[str, Dataset] = {}
        """Datasets whose accepted rows are others than their view shows."""
        self._n_bad: Counter[int] = Counter()
        """By file: lines that were not accepted."""

    def close(self) -> None:
        """Forget everything. A database that held little is emptied for the next upload."""
        with self._asking:
            tables, self._tables = self._tables, set()
            if not tables:
                return
            n_rows = sum(good.num_rows for parts in self._good.values() for good in parts)
            with contextlib.closing(self._connection):
                self._connection.execute("; ".join(f"drop table if exists {name}" for name in tables))
            put_aside(self._database, n_rows)
            self._good.clear()

    def read(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The result of a query, whole. One at a time: a download asks from its own thread."""
        with self._asking:
            self._show_changed()
            return self._connection.execute(sql, dict(parameters or {})).df()

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """As `read`, as tuples: for a handful of values, of which a table would be made longer than they are read."""
        with self._asking:
            self._show_changed()
            return self._connection.execute(sql, dict(parameters or {})).fetchall()

    def arrow_reader(self, sql: str, dataset: Dataset | None = None) -> pa.RecordBatchReader:
        """Rows as a stream, from the accepted ones of a dataset if it is named; the staging must not be written to
        until it is read to the end."""
        cursor = self._connection.cursor()
        if dataset:
            self._show(cursor, dataset)
        return cursor.sql(sql).to_arrow_reader(_BATCH)

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        with self._asking:
            self._show_changed()
            self._connection.execute(sql, dict(parameters or {})).fetchall()

    def register(self, name: str, table: pa.Table) -> None:
        """Copy a small table in under `name`."""
        self._tables.add(name)
        self._connection.register(f"{name}_arrow", table)
        self.execute(f"create or replace table {name} as from {name}_arrow")
        self._connection.unregister(f"{name}_arrow")

    def set_reference(self, reference: Reference, dataset: Dataset) -> None:
        """What the next tables, of one dataset, are checked against."""
        if reference.schools is not self._schools:
            self._references["ref_schools"] = schools_with_grades(reference.schools, reference.own_schools)
            self._schools = reference.schools
        if any(f.type == "case" for f in dataset.fields):
            cases = reference.cases[["number", "municipality"]].astype("str")
            self._references["ref_cases"] = pa.Table.from_pandas(cases, preserve_index=False)
        self._reference = reference

    def prepare(self, dataset: Dataset) -> None:
        """Make a dataset's empty view; an upload may hold nothing but a school's empty month."""
        self._changed[dataset.name] = dataset

    def _show_changed(self) -> None:
        """Make the views of datasets whose accepted rows changed since the last query."""
        while self._changed:
            self._show(self._connection, self._changed.popitem()[1])

    def _show(self, connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
        """Make `staged_<dataset>` on a connection: file_no, line and the stored columns of the accepted rows."""
        types = {"file_no": "integer", "line": "integer"} | {f.name: f.sql_type for f in dataset.stored}
        nothing = ", ".join(f"null::{sql_type} as {name}" for name, sql_type in types.items())
        sql = f"create or replace temp view staged_{dataset.name} as select {nothing} where false"
        for n, good in enumerate(_alike(self._good[dataset.name])):
            connection.register(f"good_{dataset.name}_{n}", good)
            sql += f" union all select {', '.join(types)} from good_{dataset.name}_{n}"
        connection.execute(sql)

    def add(self, tables: Sequence[Known], aliases: Mapping[str, str]) -> Added:
        """Read and check tables of one form: the same dataset, mapping and personal columns.

        `aliases` is what a person said that words and unclear institutions mean. Raises UnreadableFile when a later
        piece of a long file cannot be read, or has more faults than anybody would correct.
        """
        recognition = tables[0].recognition
        dataset = recognition.dataset
        known = {name for name, references in self._references.items() if len(references)}
        checks = row_checks(dataset, self._today, recognition.waived, self._reference.sender, known)
        rules = Rules(tables, checks, aliases, self._reference, self._references, self._secret)
        schools: dict[tuple[int, str], NamedSchool] = {}
        words: list[UsedWord] = []
        left_out: dict[int, list[tuple[int, str]]] = defaultdict(list)
        changed: Counter[tuple[int, str]] = Counter()
        dates: Done = Counter()
        bad: list[BadLine] = []
        parts, last = 0, None
        # Closed here, whatever happens: threads are reading behind them.
        with (
            contextlib.closing(settled(tables)) as unread,
            contextlib.closing(self._read_parts(rules, unread)) as all_read,
        ):
            for part, read in all_read:
                parts, last = parts + 1, part
                for school in read.schools:
                    key = (school.file_no, school.said)
                    n_rows = school.n_rows + (schools[key].n_rows if key in schools else 0)
                    schools[key] = replace(school, n_rows=n_rows)
                words += read.words
                if read.good is not None:
                    self._good[dataset.name].append(read.good)
                for file_no, line in read.lines_without_rows:
                    left_out[file_no].append((line, "no_results"))
                if part.left_out:
                    # Only later pieces of one long file have them.
                    left_out[tables[0].file_no] += part.left_out
                changed += read.changed
                dates += part.dates
                bad += read.bad
                refuse_if_hopeless(bad)
        self._changed[dataset.name] = dataset
        again = [last] if parts == 1 and last else settled(tables)
        bad += self._reject_by_whole_files(rules, again)
        refuse_if_hopeless(bad)
        if recognition.part_field:
            self.in_parts.add(dataset.name)
        self._keep_bad(bad)
        return Added(list(schools.values()), together(words), left_out, changed, dates)

    def slices(self, dataset: Dataset) -> dict[int, list[SlicePart]]:
        """By file: the slices it has good rows for."""
        part = dataset.slice
        slices = self.rows(
            f"""
            select
                file_no,
                coalesce(({part.school})::varchar, '') as school,
                coalesce(({part.municipality})::varchar, '') as municipality,
                ({part.period})::date as period,
                coalesce(({part.label})::varchar, '') as label,
                count(*) as n_rows
            from staged_{dataset.name}
            group by all
            order by all
            """
        )
        by_file: dict[int, list[SlicePart]] = defaultdict(list)
        for file_no, *of_part in slices:
            by_file[file_no].append(SlicePart(*of_part))
        return by_file

    def says(self, dataset: str, column: str) -> bool:
        """Whether a column of the accepted rows has a value."""
        return any(good[column].null_count < len(good) for good in self._good[dataset])

    def different(self, dataset: str, column: str, file_no: int) -> Collection[Any]:
        """The different values of a column in a file."""
        return different(self._good[dataset], column).get(file_no, ())

    def put_beside(self, dataset: Dataset, rows: pa.Table) -> None:
        """Accepted rows from elsewhere: columns file_no, line and the stored ones."""
        if len(rows):
            self._good[dataset.name].append(rows)
            self._changed[dataset.name] = dataset

    def put_waiting(self, file_no: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """Lines of a file that were handed back before: line, cells, faults."""
        self._keep_bad([BadLine(file_no, row["line"], row["cells"], row["faults"]) for row in rows])

    def bad_counts(self) -> dict[int, int]:
        """By file: lines that were not accepted."""
        return dict(self._n_bad)

    def forget(self, dataset: Dataset, file_no: int) -> None:
        """Leave nothing of a file that turned out unreadable."""
        self._filter(dataset, lambda good: pc.not_equal(good["file_no"], pa.scalar(file_no, pa.int32())))
        self._forget_bad(file_no, "true", {})

    def keep_oblast(self, dataset: Dataset, file_no: int, oblast: str | None, column: int | None) -> None:
        """Of a register leave only the institutions of one oblast, which stands in a column of the file, or none."""

        def is_kept(good: pa.Table) -> pa.Array:
            of_oblast = pc.fill_null(pc.equal(good["oblast"].cast(pa.string()), oblast or ""), False)
            return pc.or_(pc.not_equal(good["file_no"], pa.scalar(file_no, pa.int32())), of_oblast)

        self._filter(dataset, is_kept)
        of_others = "coalesce(cells[$column], '') <> $oblast"
        self._forget_bad(file_no, of_others, {"column": (column or 0) + 1, "oblast": oblast or "–"})

    def _forget_bad(self, file_no: int, which: str, bound: Mapping[str, object]) -> None:
        if self._n_bad[file_no]:
            bound = {"file_no": file_no, **bound}
            [(n,)] = self.rows(f"delete from bad_rows where file_no = $file_no and {which}", bound)
            self._n_bad[file_no] -= n

    def _filter(self, dataset: Dataset, is_kept: Callable[[pa.Table], pa.Array | pa.ChunkedArray]) -> None:
        """Drop accepted rows."""
        self._good[dataset.name] = [good.filter(is_kept(good)) for good in self._good[dataset.name]]
        self._changed[dataset.name] = dataset

    def _read_parts(self, rules: Rules, parts: Iterator[Part]) -> Generator[tuple[Part, PartRead]]:
        """Every part with what became of it, in order; long files are read by as many readers as there are cores."""
        first = next(parts, None)
        following = next(parts, None)
        readers: SimpleQueue[CellReader] = SimpleQueue()

        def read(part: Part) -> PartRead:
            reader = readers.get()
            try:
                return reader.read(part)
            finally:
                readers.put(reader)

        with contextlib.ExitStack() as opened:
            for _ in range(_READERS if following else 1):
                readers.put(CellReader(opened.enter_context(self._connection.cursor()), rules))
            if first:
                yield first, read(first)
            if following is None:
                return
            at_work: deque[tuple[Part, Future[PartRead]]] = deque()
            pool = opened.enter_context(
                ThreadPoolExecutor(
                    _READERS, thread_name_prefix="obhvat-checking", initializer=speak, initargs=(current(),)
                )
            )
            for part in chain([following], parts):
                at_work.append((part, pool.submit(read, part)))
                if len(at_work) > _READERS:
                    done, result = at_work.popleft()
                    yield done, result.result()
            for done, result in at_work:
                yield done, result.result()

    def _reject_by_whole_files(self, rules: Rules, parts: Iterable[Part]) -> list[BadLine]:
        """Take out rows that were good by themselves but not beside the others of their file."""
        dataset = rules.recognition.dataset
        file_nos = [t.file_no for t in rules.tables]
        faults: dict[tuple[int, int], list[Fault]] = {}
        of_one = [c for c, is_wanted in (("school", dataset.one_school), ("month", dataset.one_month)) if is_wanted]
        for column in of_one:
            if of_several := sorted(with_several(self._good[dataset.name], column).intersection(file_nos)):
                faults |= self._reject(dataset, column, f"one_{column}", strangers(dataset, column), of_several)
        pupil = next((name for name in dataset.key if dataset[name].type == "pupil"), None)
        # A repeated key has a repeated pupil, and most files have none: then nothing has to be grouped.
        suspects = self._with_repeated_pupils(dataset, pupil, file_nos) if pupil else file_nos
        self.with_repeated_pupils[dataset.name] += suspects if pupil else []
        if not pupil and not may_repeat(self._good[dataset.name], dataset.key):
            suspects = []
        if suspects:
            faults |= self._reject(dataset, dataset.key[-1], "key", repeated_keys(dataset), suspects)
        if not faults:
            return []
        keys = np.array([no << 32 | line for no, line in faults])
        cells: dict[tuple[int, int], list[str]] = {}
        with self._connection.cursor() as cursor:
            reader = CellReader(cursor, rules)
            for part in parts:
                rows = np.flatnonzero(np.isin(keys_of(part.cells), keys))
                if len(rows):
                    cells |= reader.masked(part.taken(rows))
        return [BadLine(*key, cells[key], of_line) for key, of_line in faults.items()]

    def _reject(
        self, dataset: Dataset, field: str, rule: str, wrong: str, file_nos: list[int]
    ) -> dict[tuple[int, int], list[Fault]]:
        """Take out the rows of a query; gives their faults by file and line."""
        faults: dict[tuple[int, int], list[Fault]] = defaultdict(list)
        for file_no, line, value, limit in self.rows(wrong, {"file_nos": file_nos}):
            fault = {"field": field, "rule": rule, "value": value, "limit": limit}
            if fault not in faults[(file_no, line)]:
                faults[(file_no, line)].append(fault)
        if faults:
            keys = np.array([no << 32 | line for no, line in faults])
            self._filter(dataset, lambda good: pa.array(~np.isin(keys_of(good), keys)))
        return faults

    def _keep_bad(self, bad: Sequence[BadLine]) -> None:
        if not bad:
            return
        rows = pa.Table.from_pylist(
            [{"file_no": b.file_no, "line": b.line, "cells": b.cells, "faults": b.faults} for b in bad], _BAD_ROWS
        )
        self._connection.register("bad_lines", rows)
        self.execute("insert into bad_rows select file_no, line, cells, faults from bad_lines")
        self._n_bad.update(line.file_no for line in bad)
        self._connection.unregister("bad_lines")

    def _with_repeated_pupils(self, dataset: Dataset, pupil: str, file_nos: list[int]) -> list[int]:
        """The files in which a pupil stands more than once."""
        if len(file_nos) > 1:
            return [no for (no,) in self.rows(with_repeated(dataset, pupil), {"file_nos": file_nos})]
        return file_nos if repeats(self._good[dataset.name], pupil, file_nos[0]) else []


def _alike(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """Tables of one schema as one: how a column is kept depends on how many different values it has."""
    by_schema: dict[str, list[pa.Table]] = defaultdict(list)
    for table in tables:
        by_schema[str(table.schema)].append(table)
    return [pa.concat_tables(same) for same in by_schema.values()]
