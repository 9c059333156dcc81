"""Checked rows: tables of one form are read, pseudonymised and checked together by one statement.

Staging is a database in memory, apart from the store. Raw cells exist only while their statement runs; what
stays are values, pseudonyms, and for rows that were not accepted their masked cells.
"""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from obhvat.datasets import Dataset, Field
from obhvat.datasets.captions import normal
from obhvat.ingest.checks import SPELLED, Check, row_checks
from obhvat.ingest.distinct import DistinctReader, can_be_read
from obhvat.ingest.fields import Recognition
from obhvat.ingest.parts import Part, in_batches, parts_of
from obhvat.ingest.reference import Reference, schools_with_grades
from obhvat.ingest.schools import Match
from obhvat.ingest.statements import (
    SAID,
    SCHOOL_FIELDS,
    StagedTable,
    cells_view,
    masked_cells,
    misplaced,
    misplaced_width,
    plain_rows_statements,
    school_texts,
    staging_statement,
)
from obhvat.periods import school_days

_YES = ("да", "yes", "true", "1", "x", "х", "v")
_NO = ("не", "no", "false", "0")
_FIRST_YEAR = 2010
_FAULTS = 'faults struct(field varchar, rule varchar, value varchar, "limit" varchar)[]'


@dataclass(frozen=True)
class FoundSchool:
    """An institution a file names without a code of the register: what it says, and what was found."""

    file_no: int
    said: str
    words: str
    match: Match
    n_rows: int


@cache
def _types_sql() -> str:
    return (Path(__file__).parent / "types.sql").read_text("utf-8")


@cache
def _school_days_table() -> pa.Table:
    months = [date(y, m, 1) for y in range(_FIRST_YEAR, date.today().year + 2) for m in range(1, 13)]
    return pa.table({"month": months, "school_days": [school_days(m) for m in months]})


def _spelling(field: Field, municipalities: Mapping[str, str], text: str) -> list[str] | None:
    """The codes a text stands for, or None when it is none of the known spellings."""
    if field.type == "municipality":
        bare = normal(text).removeprefix("община ").removeprefix("общ ")
        found = municipalities.get(bare) or (text if not municipalities else None)
        return [found] if found else None
    if field.type == "boolean":
        known = {normal(w): "true" for w in (*_YES, *field.true_words)}
        known |= {normal(w): "false" for w in (*_NO, *field.false_words)}
        return [known[normal(text)]] if normal(text) in known else None
    by_spelling = {s: v.code for v in field.values for s in v.spellings}
    if field.type == "enum":
        return [by_spelling[normal(text)]] if normal(text) in by_spelling else None
    parts = [p for p in text.replace(",", ";").replace("+", ";").split(";") if p.strip()]
    codes = [by_spelling.get(normal(p)) for p in parts]
    return None if any(c is None for c in codes) else [c for c in codes if c is not None]


class Staging:
    """The checked rows of one upload, a table `staged_<dataset>` each, and their faults."""

    def __init__(self, secret: str, today: date | None = None) -> None:
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        # Raw identifiers pass through this database: it must rather run out of memory than spill to disk.
        self._connection.execute("set temp_directory = ''")
        self._connection.execute(_types_sql())
        self._connection.register("months_arrow", _school_days_table())
        self._connection.execute("create table ref_months as from months_arrow")
        self._connection.unregister("months_arrow")
        self._connection.execute(f"create table bad_rows (file_no integer, line integer, cells varchar[], {_FAULTS})")
        self._asking = threading.Lock()
        self.lines_without_rows: dict[int, list[int]] = defaultdict(list)
        """Of files whose lines have parts: lines that say nothing. By file number."""
        self.in_parts: set[str] = set()
        """Datasets some of whose lines became several rows."""
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
        return self._connection.cursor().sql(sql).to_arrow_reader()

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
        self._municipalities = reference.municipalities()
        self._reference = reference

    def prepare(self, dataset: Dataset) -> None:
        """Make a dataset's empty table; an upload may hold nothing but a school's empty month."""
        if dataset.name not in self._datasets:
            columns = ", ".join(f"{f.name} {f.sql_type}" for f in dataset.stored)
            self.execute(f"create table staged_{dataset.name} (file_no integer, line integer, {columns}, {_FAULTS})")
            self._datasets[dataset.name] = dataset

    def add(self, tables: Sequence[StagedTable], said_schools: Mapping[str, str]) -> list[FoundSchool]:
        """Read and check tables of one form: the same dataset, mapping and personal columns.

        `said_schools` is what a person said of unclear institutions. Returns those that had to be looked for.
        Raises UnreadableFile when a later piece of a long file cannot be read.
        """
        first = tables[0].recognition
        dataset = first.dataset
        checks = row_checks(dataset, self._today, first.waived)
        reader = DistinctReader(first, tables, checks, self._asked, self._spell) if can_be_read(first) else None
        found: dict[tuple[int, str], FoundSchool] = {}
        parts, last = 0, None
        for part in parts_of([t.reading for t in tables]):
            for school in self._find_schools(part, first, said_schools):
                key = (school.file_no, school.said)
                n_rows = school.n_rows + (found[key].n_rows if key in found else 0)
                found[key] = replace(school, n_rows=n_rows)
            self._add_part(part, first, tables, checks, reader)
            parts, last = parts + 1, part
        file_nos = [t.file_no for t in tables]
        self._check_whole_files(dataset, file_nos)
        if first.part_field:
            self.in_parts.add(dataset.name)
            self._reject_whole_lines(dataset, file_nos)
        self._keep_bad_rows(first, file_nos, [last] if parts == 1 and last else parts_of([t.again for t in tables]))
        self._hide_rejected(dataset)
        return list(found.values())

    def _add_part(
        self,
        part: Part,
        first: Recognition,
        tables: Sequence[StagedTable],
        checks: Sequence[Check],
        reader: DistinctReader | None,
    ) -> None:
        """Read and check the rows of a part: by their columns' different texts, and cell by cell where that leaves a
        doubt."""
        rows = np.arange(len(part))
        if reader:
            good, doubtful = reader.read(part)
            rows = np.flatnonzero(doubtful)
            if len(good):
                store_them, name_the_others = plain_rows_statements(first, checks)
                with self._table("plain_rows", in_batches(good)):
                    bound = self._bound(first.dataset)
                    [(stored,)] = self._connection.execute(store_them, bound).fetchall()
                    if stored < len(good):
                        others = self._connection.execute(name_the_others).fetchnumpy()["row"]
                        rows = np.sort(np.concatenate([rows, others]))
        if not len(rows):
            return
        with self._table("wide_cells", in_batches(part.taken(rows))):
            try:
                self.execute(cells_view(first), {"parts": list(first.parts)} if first.part_field else None)
                self._spell_cells(first.long(), tables)
                self.execute(staging_statement(first, tables, checks), self._bound(first.dataset))
                if first.part_field:
                    self._note_lines_without_rows(first.dataset)
            finally:
                self.execute(f"drop {'table' if first.part_field else 'view'} if exists cells")

    @contextlib.contextmanager
    def _table(self, name: str, cells: pa.Table) -> Generator[None]:
        """A table of Arrow under a name, without a copy."""
        self._connection.register(name, cells)
        try:
            yield
        finally:
            self._connection.unregister(name)

    def _asked(self, sql: str, texts: pa.Table) -> pa.Table:
        with self._table("distinct_texts", texts):
            return self._connection.sql(sql).to_arrow_table()

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
        keys = bad["file_no"].to_numpy().astype(np.int64) << 32 | bad["line"].to_numpy()
        for part in parts:
            of_part = part.file_nos.astype(np.int64) << 32 | part.cells["line"].to_numpy()
            with self._table("cells", part.taken(np.flatnonzero(np.isin(of_part, keys)))):
                self.execute(
                    f"""
                    insert into bad_rows
                    select bad.file_no, bad.line, {masked_cells(first)}, bad.faults
                    from bad
                    join cells on cells.file_no = bad.file_no and cells.line = bad.line
                    """
                )

    def _note_lines_without_rows(self, dataset: Dataset) -> None:
        """Lines whose every part is empty: of a school where no exam was held."""
        silent = self.read(
            f"select file_no, line from wide_cells anti join staged_{dataset.name} using (file_no, line)"
        )
        for file_no, line in silent.itertuples(index=False, name=None):
            self.lines_without_rows[int(file_no)].append(int(line))

    def _find_schools(self, part: Part, wide: Recognition, said: Mapping[str, str]) -> list[FoundSchool]:
        """Look for the institutions whose code is not in the register, and leave what was found for the statements."""
        found: list[FoundSchool] = []
        if wide.index_of("school") is not None or wide.index_of("school_name") is not None:
            texts = ", ".join(f"{sql} as {name}" for name, sql in school_texts(wide).items())
            with self._table("cells", part.different([n for n in map(wide.index_of, SCHOOL_FIELDS) if n is not None])):
                unclear = self.read(
                    f"""
                    with texts as (select file_no, n_rows, width, {texts} from cells)
                    select
                        file_no,
                        {SAID} as said,
                        scrub(code) as code,
                        scrub(name) as name,
                        scrub(settlement) as settlement,
                        scrub(municipality) as municipality,
                        sum(n_rows) as n
                    from texts
                    where
                        (select count(*) from ref_schools) > 0
                        and width >= 0 and not ({misplaced_width(wide)})
                        and not regexp_matches({SAID}, '[0-9]{{9,}}')
                        and (code is not null or name is not null)
                        and coalesce(to_school_code(code) not in (select code from ref_schools), true)
                    group by all
                    order by all
                    """
                )
            finder = self._reference.finder(said)
            for file_no, key, *words, n in unclear.itertuples(index=False, name=None):
                code, name, settlement, municipality = (w if isinstance(w, str) else "" for w in words)
                match = finder.find(key, code, name, settlement, municipality)
                shown = ", ".join(filter(None, (code and f"код {code}", name, settlement, municipality)))
                found.append(FoundSchool(file_no, key, shown, match, int(n)))
        certain = {f.said: f.match.code for f in found if f.match.code}
        self.register(
            "schools_found",
            pa.table({"said": pa.array(certain, pa.string()), "code": pa.array(certain.values(), pa.string())}),
        )
        return found

    def _reject_whole_lines(self, dataset: Dataset, file_nos: list[int]) -> None:
        """A line with one bad part goes back whole: half of a school's results would be a wrong picture."""
        self.execute(
            f"""
            update staged_{dataset.name} set faults = []
            from (
                select distinct file_no, line
                from staged_{dataset.name}
                where faults is not null and file_no in (select unnest($file_nos::integer[]))
            ) as bad
            where
                staged_{dataset.name}.file_no = bad.file_no
                and staged_{dataset.name}.line = bad.line
                and faults is null
            """,
            {"file_nos": file_nos},
        )

    def _hide_rejected(self, dataset: Dataset) -> None:
        """Of rows that were not accepted no identifier stays, and nothing of those whose cells are misplaced."""
        texts = [f.name for f in dataset.stored if f.sql_type == "varchar"]
        wrong_place = misplaced("faults")
        hidden = ", ".join(f"{name} = case when not {wrong_place} then scrub({name}) end" for name in texts)
        self.execute(f"update staged_{dataset.name} set {hidden} where faults is not null")

    def _bound(self, dataset: Dataset) -> dict[str, object]:
        return {"secret": self._secret} if any(f.type == "pupil" for f in dataset.fields) else {}

    def _spell_cells(self, known: Recognition, tables: Sequence[StagedTable]) -> None:
        """Match the distinct texts of enumerated columns in Python, and leave the pairs for the statement."""
        pairs: list[tuple[str, str, list[str]]] = []
        for f in known.dataset.fields:
            if f.type not in SPELLED:
                continue
            column = known.index_of(f.name)
            texts = [] if column is None else self.read(f"select distinct clean(c{column}) as t from cells")["t"]
            words = {*texts, *(t.given[f.name] for t in tables if f.name in t.given), f.default} - {None}
            pairs += self._spelled(f, [text for text in words if isinstance(text, str)])
        self._leave_spellings(pairs)

    def _spell(self, f: Field, texts: Sequence[str]) -> None:
        self._leave_spellings(self._spelled(f, list(dict.fromkeys(texts))))

    def _spelled(self, f: Field, texts: Sequence[str]) -> list[tuple[str, str, list[str]]]:
        return [
            (f.name, text, codes) for text in texts if (codes := _spelling(f, self._municipalities, text)) is not None
        ]

    def _leave_spellings(self, pairs: Sequence[tuple[str, str, list[str]]]) -> None:
        self.register(
            "spellings",
            pa.table(
                {
                    "field": pa.array([p[0] for p in pairs], pa.string()),
                    "text": pa.array([p[1] for p in pairs], pa.string()),
                    "codes": pa.array([p[2] for p in pairs], pa.list_(pa.string())),
                }
            ),
        )

    def _check_whole_files(self, dataset: Dataset, file_nos: list[int]) -> None:
        staged, bound = f"staged_{dataset.name}", {"file_nos": file_nos}
        for wanted, rule, column in (
            (dataset.one_school, "one_school", "school"),
            (dataset.one_month, "one_month", "month"),
        ):
            if wanted:
                self.execute(
                    f"""
                    update {staged} set faults = [{{
                        'field': '{column}', 'rule': '{rule}',
                        'value': {column}::varchar, 'limit': main.most::varchar
                    }}]
                    from (
                        select file_no, mode({column}) as most
                        from {staged}
                        where faults is null and file_no in (select unnest($file_nos::integer[]))
                        group by file_no
                        having count(distinct {column}) > 1
                    ) as main
                    where {staged}.file_no = main.file_no and faults is null and {column} <> main.most
                    """,
                    bound,
                )
        key = ", ".join(dataset.key)
        repeated = self.repeated(dataset.name, f"hash(file_no, {key})", dataset.key_where, file_nos)
        if not len(repeated):
            return
        self.register("repeated_keys", pa.table({"h": repeated}))
        self.execute(
            f"""
            update {staged} set faults = [{{
                'field': '{dataset.key[-1]}', 'rule': 'key', 'value': repeated.first::varchar, 'limit': null
            }}]
            from (
                select file_no, unnest(lines[2:]) as line, lines[1] as first
                from (
                    select file_no, list(line order by line) as lines
                    from {staged}
                    where
                        faults is null
                        and {dataset.key_where}
                        and file_no in (select unnest($file_nos::integer[]))
                        and hash(file_no, {key}) in (select h from repeated_keys)
                    group by file_no, {key}
                    having count(*) > 1
                ) as keys
            ) as repeated
            where {staged}.file_no = repeated.file_no and {staged}.line = repeated.line
            """,
            bound,
        )

    def repeated(self, name: str, sql: str, where: str, file_nos: Sequence[int]) -> np.ndarray:
        """The values of a hash that more than one accepted row of the files has.

        Sorting numbers takes a tenth of the memory of grouping rows, and almost always nothing is found.
        """
        with self._asking:
            hashes = self._connection.execute(
                f"""
                select {sql} as h
                from staged_{name}
                where faults is null and {where} and file_no in (select unnest($file_nos::integer[]))
                """,
                {"file_nos": list(file_nos)},
            ).fetchnumpy()["h"]
        hashes = np.sort(hashes)
        return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])

    @property
    def datasets(self) -> Iterable[Dataset]:
        return self._datasets.values()
