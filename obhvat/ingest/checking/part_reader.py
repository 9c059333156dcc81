"""One reader of parts: a cursor of the staging that turns cells into checked rows. Several work side by side.

Rows are read by their columns' different texts where that leaves no doubt, and cell by cell where it does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from obhvat.datasets import Field
from obhvat.datasets.captions import normal
from obhvat.ingest.checking.checks import SPELLED, Check
from obhvat.ingest.checking.distinct import DistinctReader, can_be_read
from obhvat.ingest.checking.parts import Part, in_batches
from obhvat.ingest.checking.statements import (
    SAID,
    SCHOOL_FIELDS,
    cells_view,
    misplaced_width,
    plain_rows_statement,
    school_texts,
    staging_statement,
)
from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.schools import Match

_YES = ("да", "yes", "true", "1", "x", "х", "v")
_NO = ("не", "no", "false", "0")


@dataclass(frozen=True)
class FoundSchool:
    """An institution a file names without a code of the register: what it says, and what was found."""

    file_no: int
    said: str
    words: str
    match: Match
    n_rows: int


@dataclass(frozen=True)
class Rules:
    """By what the rows of tables of one form are read."""

    tables: Sequence[Known]
    checks: Sequence[Check]
    said_schools: Mapping[str, str]
    """What a person said of unclear institutions."""
    reference: Reference
    secret: str

    @property
    def known(self) -> Recognition:
        return self.tables[0].recognition

    @property
    def bound(self) -> dict[str, object]:
        return {"secret": self.secret} if any(f.type == "pupil" for f in self.known.dataset.fields) else {}


@dataclass(frozen=True)
class PartRead:
    """What became of a part. Rows that were read cell by cell are in the table `rows_<dataset>` already."""

    good: pa.Table | None
    """Rows without fault: file_no, line and the dataset's stored columns."""
    schools: list[FoundSchool]
    """Institutions that had to be looked for."""
    lines_without_rows: list[tuple[int, int]]
    """Files and lines whose every part is empty: of a school where no exam was held."""


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


class PartReader:
    """Reads parts by `rules`, one after another."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, rules: Rules) -> None:
        self._cursor = cursor
        self._rules = rules
        self._all_known: pa.Table | None = None
        """What the last part said of its institutions, when all were in the register."""
        self._municipalities = rules.reference.municipalities()
        self._by_texts = (
            DistinctReader(rules.known, rules.tables, rules.checks, self._asked, self._spell)
            if can_be_read(rules.known)
            else None
        )

    def read(self, part: Part) -> PartRead:
        schools = self._find_schools(part, self._rules.known, self._rules.said_schools)
        good, rows = None, np.arange(len(part))
        if self._by_texts:
            plain, doubtful = self._by_texts.read(part)
            rows = np.flatnonzero(doubtful)
            if len(plain):
                good, failed = self._with_pseudonyms(plain)
                rows = np.union1d(rows, failed)
        silent = self._read_cells(part.taken(rows)) if len(rows) else []
        return PartRead(good, schools, silent)

    def _arrow(self, sql: str) -> pa.Table:
        # On 1.5 a relation works its rows out four times as long; from 2.0 on only a relation gives Arrow whole.
        if duckdb.__version__.startswith("1."):
            return self._cursor.execute(sql, self._rules.bound).to_arrow_table()
        return self._cursor.sql(sql, params=self._rules.bound).to_arrow_table()

    def _execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        self._cursor.execute(sql, dict(parameters or {})).fetchall()

    def _frame(self, sql: str) -> pd.DataFrame:
        return self._cursor.execute(sql).df()

    def _read_cells(self, cells: pa.Table) -> list[tuple[int, int]]:
        """Read rows cell by cell into the table. Returns the lines that became no row."""
        known, silent = self._rules.known, []
        with self._table("wide_cells", in_batches(cells)):
            try:
                self._execute(cells_view(known), {"parts": list(known.parts)} if known.part_field else None)
                self._spell_cells(known.long(), self._rules.tables)
                self._execute(staging_statement(known, self._rules.tables, self._rules.checks), self._rules.bound)
                if known.part_field:
                    table = f"rows_{known.dataset.name}"
                    silent = self._cursor.execute(
                        f"select file_no, line from wide_cells anti join {table} using (file_no, line)"
                    ).fetchall()
            finally:
                self._execute(f"drop {'table' if known.part_field else 'view'} if exists cells")
        return silent

    def _with_pseudonyms(self, plain: pa.Table) -> tuple[pa.Table, np.ndarray]:
        """The stored columns of rows whose values are read, and which rows fail a check of several fields."""
        dataset = self._rules.known.dataset
        with self._table("plain_rows", in_batches(plain)):
            statement = plain_rows_statement(self._rules.known, self._rules.checks)
            found = self._arrow(statement)
        if not found["row"].equals(plain["row"]):
            raise AssertionError("rows came back in another order")
        columns = [
            found[f.name].combine_chunks().dictionary_encode()
            if f.name in found.column_names and f.type != "pupil"
            else found[f.name]
            if f.name in found.column_names
            else plain[f"v_{f.name}"]
            for f in dataset.stored
        ]
        good = pa.table(
            [plain["file_no"], plain["line"], *columns],
            names=["file_no", "line", *(f.name for f in dataset.stored)],
        )
        failed = found["doubtful"].to_numpy(zero_copy_only=False).astype(bool)
        # A copy, even of all rows: what comes from the database stands in twice the room it needs.
        good = good.filter(pa.array(~failed))
        return good, plain["row"].to_numpy()[failed]

    @contextlib.contextmanager
    def _table(self, name: str, cells: pa.Table) -> Generator[None]:
        """A table of Arrow under a name, without a copy."""
        self._cursor.register(name, cells)
        try:
            yield
        finally:
            self._cursor.unregister(name)

    def _keep(self, name: str, table: pa.Table) -> None:
        """Keep a small table under `name` until the next part."""
        self._cursor.register(f"{name}_arrow", table)
        self._execute(f"create or replace temp table {name} as from {name}_arrow")
        self._cursor.unregister(f"{name}_arrow")

    def _asked(self, sql: str, texts: pa.Table) -> pa.Table:
        with self._table("distinct_texts", texts):
            return self._cursor.sql(sql).to_arrow_table()

    def _find_schools(self, part: Part, wide: Recognition, said: Mapping[str, str]) -> list[FoundSchool]:
        """Look for the institutions whose code is not in the register, and leave what was found for the statements."""
        found: list[FoundSchool] = []
        if wide.index_of("school") is not None or wide.index_of("school_name") is not None:
            texts = ", ".join(f"{sql} as {name}" for name, sql in school_texts(wide).items())
            columns = [n for n in map(wide.index_of, SCHOOL_FIELDS) if n is not None]
            different = part.different(columns)
            texts_of_part = different.select([*(f"c{n}" for n in columns), "width", "file_no"])
            if self._all_known and texts_of_part.equals(self._all_known):
                return []
            with self._table("cells", different):
                unclear = self._frame(
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
            finder = self._rules.reference.finder(said)
            for file_no, key, *words, n in unclear.itertuples(index=False, name=None):
                code, name, settlement, municipality = (w if isinstance(w, str) else "" for w in words)
                match = finder.find(key, code, name, settlement, municipality)
                shown = ", ".join(filter(None, (code and f"код {code}", name, settlement, municipality)))
                found.append(FoundSchool(file_no, key, shown, match, int(n)))
            # Most parts of a file are of the same few institutions as the one before.
            self._all_known = None if found else texts_of_part
        certain = {f.said: f.match.code for f in found if f.match.code}
        self._keep(
            "schools_found",
            pa.table({"said": pa.array(certain, pa.string()), "code": pa.array(certain.values(), pa.string())}),
        )
        return found

    def _spell_cells(self, known: Recognition, tables: Sequence[Known]) -> None:
        """Match the distinct texts of enumerated columns in Python, and leave the pairs for the statement."""
        pairs: list[tuple[str, str, list[str]]] = []
        for f in known.dataset.fields:
            if f.type not in SPELLED:
                continue
            column = known.index_of(f.name)
            texts = [] if column is None else self._frame(f"select distinct clean(c{column}) as t from cells")["t"]
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
        self._keep(
            "spellings",
            pa.table(
                {
                    "field": pa.array([p[0] for p in pairs], pa.string()),
                    "text": pa.array([p[1] for p in pairs], pa.string()),
                    "codes": pa.array([p[2] for p in pairs], pa.list_(pa.string())),
                }
            ),
        )
