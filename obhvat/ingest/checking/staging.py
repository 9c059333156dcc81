"""Checked rows: tables of one form are read, pseudonymised and checked together by one statement.

Staging is a database in memory, apart from the store. Raw cells exist only while their statement runs; what
stays are values, pseudonyms, and for rows that were not accepted their masked cells. Rows read by their different
texts stay in Arrow with every different value kept once (`good_<dataset>`), which takes a tenth of the room of a table;
the others are in a table (`rows_<dataset>`). `staged_<dataset>` shows both.
"""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict, deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain
from queue import SimpleQueue

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from obhvat import privacy
from obhvat.datasets import Dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest.checking.checks import row_checks
from obhvat.ingest.checking.part_reader import FoundSchool, PartRead, PartReader, Rules
from obhvat.ingest.checking.parts import Part, parts_of
from obhvat.ingest.checking.statements import masked_cells, misplaced
from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference, schools_with_grades
from obhvat.periods import school_days
from obhvat.resources import read_sql
from obhvat.texts import number

_FIRST_YEAR = 2010
_READERS = 2
_MOST_FAULTS = 100_000
_FAULTS = 'faults struct(field varchar, rule varchar, value varchar, "limit" varchar)[]'


@cache
def _school_days_table() -> pa.Table:
    months = [date(y, m, 1) for y in range(_FIRST_YEAR, date.today().year + 2) for m in range(1, 13)]
    return pa.table({"month": months, "school_days": [school_days(m) for m in months]})


def _hopeless(first: int) -> UnreadableFile:
    return UnreadableFile(
        f"Повече от {number(_MOST_FAULTS)} реда на файла са с грешки, първият е ред {first}. Вероятно файлът е "
        "повреден или колоните са разместени. Нищо от него не е прието; поискайте го отново."
    )


def _keys(file_nos: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Files and lines as one number each."""
    return file_nos.astype(np.int64) << 32 | lines


def _alike(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """Tables of one schema as one: how a column is kept depends on how many different values it has."""
    by_schema: dict[str, list[pa.Table]] = defaultdict(list)
    for table in tables:
        by_schema[str(table.schema)].append(table)
    return [pa.concat_tables(same) for same in by_schema.values()]


@dataclass(frozen=True)
class Added:
    """What came out of tables beside their rows."""

    schools: list[FoundSchool]
    """Institutions that had to be looked for."""
    left_out: Mapping[int, Sequence[tuple[int, str]]]
    """By file: lines of later pieces that are not data, and lines of which no part says anything."""


class Staging:
    """The checked rows of one upload, a table `staged_<dataset>` each, and their faults."""

    def __init__(self, secret: str, today: date | None = None) -> None:
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        # Raw identifiers pass through this database: it must rather run out of memory than spill to disk.
        self._connection.execute("set temp_directory = ''")
        self._connection.execute(privacy.MACROS + read_sql("ingest/checking/types.sql"))
        self._connection.register("months_arrow", _school_days_table())
        self._connection.execute("create table ref_months as from months_arrow")
        self._connection.unregister("months_arrow")
        self._connection.execute(f"create table bad_rows (file_no integer, line integer, cells varchar[], {_FAULTS})")
        self._good: dict[str, list[pa.Table]] = defaultdict(list)
        self._asking = threading.Lock()
        self.in_parts: set[str] = set()
        """Datasets some of whose lines became several rows."""
        self.with_repeated_pupils: dict[str, list[int]] = defaultdict(list)
        """By dataset, the files in which a pupil stands more than once."""
        self._secret = secret
        self._today = today or date.today()
        self._datasets: dict[str, Dataset] = {}

    def close(self) -> None:
        self._connection.close()

    def read(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The result of a query, whole. One at a time: a download asks from its own thread."""
        with self._asking:
            return self._connection.execute(sql, dict(parameters or {})).df()

    def arrow_reader(self, sql: str) -> pa.RecordBatchReader:
        """Rows as a stream; the staging must not be written to until it is read to the end."""
        cursor = self._connection.cursor()
        for dataset in self._datasets.values():
            self._show(cursor, dataset)
        return cursor.sql(sql).to_arrow_reader()

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        with self._asking:
            self._connection.execute(sql, dict(parameters or {})).fetchall()

    def register(self, name: str, frame: pd.DataFrame | pa.Table) -> None:
        """Copy a small table in under `name`."""
        self._connection.register(f"{name}_arrow", frame)
        self.execute(f"create or replace table {name} as from {name}_arrow")
        self._connection.unregister(f"{name}_arrow")

    def set_reference(self, reference: Reference) -> None:
        """What the next tables are checked against."""
        self.register("ref_schools", schools_with_grades(reference.schools))
        self.register("ref_cases", reference.cases[["number", "municipality"]].astype("str"))
        self._reference = reference

    def prepare(self, dataset: Dataset) -> None:
        """Make a dataset's empty table; an upload may hold nothing but a school's empty month."""
        if dataset.name not in self._datasets:
            columns = ", ".join(f"{f.name} {f.sql_type}" for f in dataset.stored)
            self.execute(f"create table rows_{dataset.name} (file_no integer, line integer, {columns}, {_FAULTS})")
            self._datasets[dataset.name] = dataset
            self._show(self._connection, dataset)

    def _show(self, connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
        """Make `staged_<dataset>` on a connection: the rows of the table and those in Arrow."""
        columns = ", ".join(("file_no", "line", *(f.name for f in dataset.stored)))
        sql = f"create or replace temp view staged_{dataset.name} as select {columns}, faults from rows_{dataset.name}"
        for n, good in enumerate(_alike(self._good[dataset.name])):
            connection.register(f"good_{dataset.name}_{n}", good)
            sql += f" union all select {columns}, null from good_{dataset.name}_{n}"
        connection.execute(sql)

    def add(self, tables: Sequence[Known], said_schools: Mapping[str, str]) -> Added:
        """Read and check tables of one form: the same dataset, mapping and personal columns.

        `said_schools` is what a person said of unclear institutions.
        Raises UnreadableFile when a later piece of a long file cannot be read.
        """
        first = tables[0].recognition
        dataset = first.dataset
        rules = Rules(
            tables, row_checks(dataset, self._today, first.waived), said_schools, self._reference, self._secret
        )
        found: dict[tuple[int, str], FoundSchool] = {}
        left_out: dict[int, list[tuple[int, str]]] = defaultdict(list)
        parts, last = 0, None
        # Closed here, whatever happens: threads are reading behind them.
        with (
            contextlib.closing(parts_of(tables)) as unread,
            contextlib.closing(self._read_parts(rules, unread)) as all_read,
        ):
            for part, read in all_read:
                for school in read.schools:
                    key = (school.file_no, school.said)
                    n_rows = school.n_rows + (found[key].n_rows if key in found else 0)
                    found[key] = replace(school, n_rows=n_rows)
                if read.good is not None:
                    self._good[dataset.name].append(read.good)
                for file_no, line in read.lines_without_rows:
                    left_out[file_no].append((line, "no_results"))
                if part.left_out:
                    # Only later pieces of one long file have them.
                    left_out[tables[0].file_no] += part.left_out
                parts, last = parts + 1, part
                self._refuse_if_hopeless(dataset, tables[0].file_no)
        self._show(self._connection, dataset)
        file_nos = [t.file_no for t in tables]
        self._check_whole_files(dataset, file_nos)
        if first.part_field:
            self.in_parts.add(dataset.name)
            self._reject_whole_lines(dataset, file_nos)
        self._keep_bad_rows(first, file_nos, [last] if parts == 1 and last else parts_of(tables))
        self._hide_rejected(dataset)
        return Added(list(found.values()), left_out)

    def _refuse_if_hopeless(self, dataset: Dataset, file_no: int) -> None:
        """Raises UnreadableFile when a file has more rows with faults than anybody would correct."""
        [n, first] = self.read(
            f"select count(*), min(line) from rows_{dataset.name} where faults is not null and file_no = $no",
            {"no": file_no},
        ).iloc[0]
        if n > _MOST_FAULTS:
            raise _hopeless(int(first))

    def forget(self, dataset: Dataset, file_no: int) -> None:
        """Leave nothing of a file that turned out unreadable."""
        self._good[dataset.name] = [
            t.filter(pc.not_equal(t["file_no"], pa.scalar(file_no, pa.int32()))) for t in self._good[dataset.name]
        ]
        self._show(self._connection, dataset)
        for table in (f"rows_{dataset.name}", "bad_rows"):
            self.execute(f"delete from {table} where file_no = $file_no", {"file_no": file_no})

    def keep_oblast(self, file_no: int, oblast: str | None) -> None:
        """Of a register leave only the institutions of one oblast, or none."""
        which = "and oblast is distinct from $oblast" if oblast else ""
        bound = {"n": file_no} | ({"oblast": oblast} if oblast else {})
        self.execute(f"delete from rows_schools where file_no = $n {which}", bound)
        self.execute(
            "delete from bad_rows where file_no = $n "
            "and line not in (select line from staged_schools where file_no = $n)",
            {"n": file_no},
        )

    def _read_parts(self, rules: Rules, parts: Iterator[Part]) -> Generator[tuple[Part, PartRead]]:
        """Every part with what became of it, in order; long files are read by as many readers as there are cores."""
        first = next(parts, None)
        following = next(parts, None)
        readers: SimpleQueue[PartReader] = SimpleQueue()

        def read(part: Part) -> PartRead:
            if not len(part):
                return PartRead(None, [], [])
            reader = readers.get()
            try:
                return reader.read(part)
            finally:
                readers.put(reader)

        with contextlib.ExitStack() as opened:
            for _ in range(_READERS if following else 1):
                readers.put(PartReader(opened.enter_context(self._connection.cursor()), rules))
            if first:
                yield first, read(first)
            if following is None:
                return
            at_work: deque[tuple[Part, Future[PartRead]]] = deque()
            pool = opened.enter_context(ThreadPoolExecutor(_READERS, thread_name_prefix="obhvat-checking"))
            for part in chain([following], parts):
                at_work.append((part, pool.submit(read, part)))
                if len(at_work) > _READERS:
                    done, result = at_work.popleft()
                    yield done, result.result()
            for done, result in at_work:
                yield done, result.result()

    @contextlib.contextmanager
    def _table(self, name: str, cells: pa.Table) -> Generator[None]:
        """A table of Arrow under a name, without a copy."""
        self._connection.register(name, cells)
        try:
            yield
        finally:
            self._connection.unregister(name)

    def _keep_bad_rows(self, first: Recognition, file_nos: list[int], parts: Iterable[Part]) -> None:
        """Keep the masked cells of the rows that were not accepted, beside their faults."""
        self.execute(
            f"""
            create or replace temp table bad as
            select file_no, line, list_distinct(flatten(list(faults))) as faults
            from staged_{first.dataset.name}
            where faults is not null and file_no in (select unnest($file_nos::integer[]))
            group by file_no, line
            """,
            {"file_nos": file_nos},
        )
        bad = self.read("select file_no, line from bad")
        if not len(bad):
            return
        keys = _keys(bad["file_no"].to_numpy(), bad["line"].to_numpy())
        for part in parts:
            of_part = _keys(part.file_nos, part.cells["line"].to_numpy())
            with self._table("cells", part.taken(np.flatnonzero(np.isin(of_part, keys)))):
                self.execute(
                    f"""
                    insert into bad_rows
                    select bad.file_no, bad.line, {masked_cells(first)}, bad.faults
                    from bad
                    join cells on cells.file_no = bad.file_no and cells.line = bad.line
                    """
                )

    def _reject_whole_lines(self, dataset: Dataset, file_nos: list[int]) -> None:
        """A line with one bad part goes back whole: half of a school's results would be a wrong picture."""
        self.execute(
            f"""
            update rows_{dataset.name} set faults = []
            from (
                select distinct file_no, line
                from staged_{dataset.name}
                where faults is not null and file_no in (select unnest($file_nos::integer[]))
            ) as bad
            where
                rows_{dataset.name}.file_no = bad.file_no
                and rows_{dataset.name}.line = bad.line
                and faults is null
            """,
            {"file_nos": file_nos},
        )

    def _hide_rejected(self, dataset: Dataset) -> None:
        """Of rows that were not accepted no identifier stays, and nothing of those whose cells are misplaced."""
        texts = [f.name for f in dataset.stored if f.sql_type == "varchar"]
        wrong_place = misplaced("faults")
        hidden = ", ".join(f"{name} = case when not {wrong_place} then scrub({name}) end" for name in texts)
        self.execute(f"update rows_{dataset.name} set {hidden} where faults is not null")

    def _check_whole_files(self, dataset: Dataset, file_nos: list[int]) -> None:
        for wanted, rule, column in (
            (dataset.one_school, "one_school", "school"),
            (dataset.one_month, "one_month", "month"),
        ):
            if wanted:
                self._fault(
                    dataset,
                    column,
                    rule,
                    f"""
                    with counted as (
                        select file_no, {column} as found, count(*) as n, min(line) as first
                        from staged_{dataset.name}
                        where faults is null and file_no in (select unnest($file_nos::integer[]))
                        group by file_no, {column}
                    ),
                    main as (
                        select file_no, arg_max(found, (n, -first)) as most
                        from counted
                        group by file_no
                        having count(*) > 1
                    )
                    select staged.file_no, line, {column}::varchar as value, main.most::varchar as "limit"
                    from staged_{dataset.name} as staged
                    join main on main.file_no = staged.file_no and staged.{column} <> main.most
                    where faults is null
                    """,
                    file_nos,
                )
        key = ", ".join(dataset.key)
        pupil = next((name for name in dataset.key if dataset[name].type == "pupil"), None)
        # A repeated key has a repeated pupil, and most files have none: then nothing has to be grouped.
        suspects = self._with_repeated_pupils(dataset, pupil, file_nos) if pupil else file_nos
        self.with_repeated_pupils[dataset.name] += suspects if pupil else []
        if not suspects:
            return
        self._fault(
            dataset,
            dataset.key[-1],
            "key",
            f"""
            select file_no, unnest(lines[2:]) as line, lines[1]::varchar as value, null::varchar as "limit"
            from (
                select file_no, list(line order by line) as lines
                from staged_{dataset.name}
                where
                    faults is null
                    and {dataset.key_where}
                    and file_no in (select unnest($file_nos::integer[]))
                group by file_no, {key}
                having count(*) > 1
            )
            """,
            suspects,
        )

    def _fault(self, dataset: Dataset, field: str, rule: str, wrong: str, file_nos: list[int]) -> None:
        """Find fault with rows that were good by themselves: `wrong` gives file_no, line, value and limit."""
        self.execute(f"create or replace temp table wrong as {wrong}", {"file_nos": file_nos})
        keys = self.read("select file_no, line from wrong")
        if not len(keys):
            return
        if len(keys) > _MOST_FAULTS:
            raise _hopeless(int(keys["line"].min()))
        self._move(dataset, _keys(keys["file_no"].to_numpy(), keys["line"].to_numpy()))
        self.execute(
            f"""
            update rows_{dataset.name} as found set faults = [{{
                'field': '{field}', 'rule': '{rule}', 'value': wrong.value, 'limit': wrong."limit"
            }}]
            from wrong
            where found.file_no = wrong.file_no and found.line = wrong.line
            """
        )

    def _move(self, dataset: Dataset, keys: np.ndarray) -> None:
        """Move rows from Arrow into the table, where they can be changed."""
        columns = ", ".join(("file_no", "line", *(f.name for f in dataset.stored)))
        for n, good in enumerate(self._good[dataset.name]):
            moved = np.isin(_keys(good["file_no"].to_numpy(), good["line"].to_numpy()), keys)
            if moved.any():
                with self._table("moved", good.filter(pa.array(moved))):
                    self.execute(f"insert into rows_{dataset.name} select {columns}, null from moved")
                self._good[dataset.name][n] = good.filter(pa.array(~moved))
        self._show(self._connection, dataset)

    def _with_repeated_pupils(self, dataset: Dataset, pupil: str, file_nos: list[int]) -> list[int]:
        """The files in which a pupil stands more than once."""
        if len(file_nos) > 1:
            found = self.read(
                f"""
                select file_no
                from staged_{dataset.name}
                where faults is null and file_no in (select unnest($file_nos::integer[]))
                group by file_no
                having count(distinct {pupil}) < count({pupil})
                """,
                {"file_nos": file_nos},
            )
            return found["file_no"].tolist()
        # One large file: sorting numbers takes a tenth of the memory of grouping rows.
        of_table = self.read(
            f"select {pupil} as pupil from rows_{dataset.name} "
            f"where faults is null and {pupil} is not null and file_no in (select unnest($file_nos::integer[]))",
            {"file_nos": file_nos},
        )["pupil"].to_numpy()
        good = [t for t in self._good[dataset.name] if len(t)]
        pupils = np.zeros(len(of_table) + sum(map(len, good)), np.uint64)
        pupils[: len(of_table)] = of_table
        n = len(of_table)
        for t in good:
            of_file = t[pupil].filter(pc.equal(t["file_no"], file_nos[0])).drop_null().to_numpy()
            pupils[n : n + len(of_file)] = of_file
            n += len(of_file)
        pupils = pupils[:n]
        pupils.sort()
        return file_nos if bool((pupils[1:] == pupils[:-1]).any()) else []

    @property
    def datasets(self) -> Iterable[Dataset]:
        return self._datasets.values()
