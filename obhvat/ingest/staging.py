"""Checked rows: tables of one form are read, pseudonymised and checked together by one statement.

Staging is a database in memory, apart from the store. Raw cells exist only while their statement runs; what
stays are values, pseudonyms, and for rows that were not accepted their masked cells.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from obhvat.datasets import Dataset, Field
from obhvat.datasets.captions import normal
from obhvat.ingest.checks import SPELLED, row_checks
from obhvat.ingest.fields import Recognition
from obhvat.ingest.reference import Reference, schools_with_grades
from obhvat.ingest.schools import Match
from obhvat.ingest.statements import (
    SAID,
    StagedTable,
    cells_view,
    masked_cells,
    misplaced,
    misplaced_width,
    school_texts,
    staging_statement,
)
from obhvat.ingest.table import stacked
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
        """
        first = tables[0].recognition
        dataset = first.dataset
        self._connection.register("wide_cells", stacked([(t.file_no, t.table) for t in tables]))
        try:
            self.execute(cells_view(first), {"parts": list(first.parts)} if first.part_field else None)
            known = first.long()
            self._spell(dataset, known, tables)
            found = self._find_schools(first, said_schools)
            checks = row_checks(dataset, self._today, first.waived)
            self.execute(staging_statement(first, tables, checks), self._bound(dataset))
            file_nos = [t.file_no for t in tables]
            self._check_whole_files(dataset, file_nos)
            if first.part_field:
                self._reject_whole_lines(dataset, file_nos)
            self.execute(
                f"""
                insert into bad_rows
                with bad as (
                    select file_no, line, list_distinct(flatten(list(faults))) as faults
                    from staged_{dataset.name}
                    where faults is not null and file_no in (select unnest($file_nos::integer[]))
                    group by file_no, line
                )
                select bad.file_no, bad.line, {masked_cells(first)}, bad.faults
                from bad
                join wide_cells as cells on cells.file_no = bad.file_no and cells.line = bad.line
                """,
                {"file_nos": file_nos},
            )
            self._hide_rejected(dataset)
            return found
        finally:
            self.execute(f"drop {'table' if first.part_field else 'view'} if exists cells")
            self._connection.unregister("wide_cells")

    def lines_without_rows(self, tables: Sequence[StagedTable]) -> dict[int, list[int]]:
        """Lines whose every part is empty: of a school where no exam was held. By file number."""
        name = tables[0].recognition.dataset.name
        kept = self.read(
            f"select distinct file_no, line from staged_{name} where file_no in (select unnest($nos::integer[]))",
            {"nos": [t.file_no for t in tables]},
        )
        lines = kept.groupby("file_no")["line"].agg(set).to_dict()
        return {
            t.file_no: [
                line for n in t.table.rows if (line := t.table.grid.lines[n]) not in lines.get(t.file_no, set())
            ]
            for t in tables
        }

    def _find_schools(self, wide: Recognition, said: Mapping[str, str]) -> list[FoundSchool]:
        """Look for the institutions whose code is not in the register, and leave what was found for the statement."""
        found: list[FoundSchool] = []
        if wide.index_of("school") is not None or wide.index_of("school_name") is not None:
            texts = ", ".join(f"{sql} as {name}" for name, sql in school_texts(wide).items())
            unclear = self.read(
                f"""
                with texts as (select file_no, line, width, {texts} from cells)
                select
                    file_no,
                    {SAID} as said,
                    scrub(code) as code,
                    scrub(name) as name,
                    scrub(settlement) as settlement,
                    scrub(municipality) as municipality,
                    count(distinct line) as n
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

    def _spell(self, dataset: Dataset, known: Recognition, tables: Sequence[StagedTable]) -> None:
        """Match the distinct texts of enumerated columns in Python, and leave the pairs for the statement."""
        pairs: list[tuple[str, str, list[str]]] = []
        for f in dataset.fields:
            if f.type not in SPELLED:
                continue
            column = known.index_of(f.name)
            texts = [] if column is None else self.read(f"select distinct clean(c{column}) as t from cells")["t"]
            words = {*texts, *(t.given[f.name] for t in tables if f.name in t.given), f.default} - {None}
            pairs += [
                (f.name, text, codes)
                for text in words
                if isinstance(text, str) and (codes := _spelling(f, self._municipalities, text)) is not None
            ]
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
                    group by file_no, {key}
                    having count(*) > 1
                ) as keys
            ) as repeated
            where {staged}.file_no = repeated.file_no and {staged}.line = repeated.line
            """,
            bound,
        )

    @property
    def datasets(self) -> Iterable[Dataset]:
        return self._datasets.values()
