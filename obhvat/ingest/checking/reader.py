"""The reader of cells: a cursor of the staging that turns parts of tables into checked rows. Several work side by side.

Each distinct text of a column becomes a value and its faults, rows take theirs by number, and what needs the whole row
is asked of SQL.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from obhvat.errors import UnreadableFile
from obhvat.ingest.checking.checks import NUMBERS, Check, texts_of
from obhvat.ingest.checking.column import Column, Fault
from obhvat.ingest.checking.dates import as_written
from obhvat.ingest.checking.named_schools import NamedSchool, NamedSchools
from obhvat.ingest.checking.parts import Part, all_text, in_batches, keys_of
from obhvat.ingest.checking.statements import (
    least_width,
    long_cells_statement,
    read_of_rows,
    rows_statement,
)
from obhvat.ingest.checking.texts import TextReader
from obhvat.ingest.checking.used_words import UsedWord, UsedWords
from obhvat.ingest.knowing.fields import ColumnUse, Recognition
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference
from obhvat.language import _
from obhvat.periods import school_days
from obhvat.privacy import mask, scrub, scrub_place
from obhvat.texts import number

# A child without an identifier (domain.md §4.1, вид −1) is told apart by school and names, which are hashed too.
_NO_ID = "-1"
_PLACES = frozenset({"place", "municipality", "school"})
# Letters of a value that are shown of a fault.
_LONGEST = 60
_FEW_ROWS = 2000
_MOST_FAULTS = 100_000


@dataclass(frozen=True)
class Rules:
    """By what the rows of tables of one form are read."""

    tables: Sequence[Known]
    checks: Sequence[Check]
    aliases: Mapping[str, str]
    """What a person said that words and unclear institutions mean."""
    reference: Reference
    references: Mapping[str, pa.Table]
    """What statements look values up in, by the name they call it by."""
    secret: str

    @property
    def recognition(self) -> Recognition:
        return self.tables[0].recognition


@dataclass(frozen=True)
class BadLine:
    """A line that goes back to its sender, with everything that is wrong with it."""

    file_no: int
    line: int
    cells: Sequence[str]
    """As they may be kept: masked, and none where they stand under the wrong captions."""
    faults: Sequence[Fault]


@dataclass(frozen=True)
class PartRead:
    """What became of a part."""

    good: pa.Table | None = None
    """Rows without fault: file_no, line and the dataset's stored columns, every different value kept once."""
    bad: list[BadLine] = field(default_factory=list)
    schools: list[NamedSchool] = field(default_factory=list)
    """Institutions that had to be looked for."""
    words: list[UsedWord] = field(default_factory=list)
    """Words of lists that are written otherwise."""
    changed: Counter[tuple[int, str]] = field(default_factory=Counter)
    """By file and what was done (texts.NAME, texts.SHORT_YEAR): cells."""
    lines_without_rows: list[tuple[int, int]] = field(default_factory=list)
    """Files and lines whose every part is empty: of a school where no exam was held."""


class CellReader:
    """Reads parts by `rules`, one after another."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, rules: Rules) -> None:
        self._cursor = cursor
        self._rules = rules
        self._known: set[str] = set()
        """Those of `rules.references` that the cursor has."""
        self._is_for_few = False
        self._wide = rules.recognition
        self._recognition = rules.recognition.long()
        self._dataset = rules.recognition.dataset
        self._pupil = next((f for f in self._dataset.fields if f.type == "pupil"), None)
        self._row_checks = [c for c in rules.checks if c.of_row]
        self._read_of_rows = {f"v_{name}" for name in read_of_rows(self._dataset, self._row_checks)}
        self._schools = NamedSchools(self._wide, rules.reference, rules.aliases, self._ask)
        self._words = UsedWords(self._dataset, rules.reference, rules.aliases)
        self._texts = TextReader(rules.tables, rules.checks, self._words, self._schools, self._ask)

    def read(self, part: Part) -> PartRead:
        if not len(part):
            return PartRead()
        rows = self._long(part) if self._wide.part_field else part
        columns = self._texts.read(rows)
        misplaced = self._misplaced(rows.cells)
        values = self._values(rows, columns)
        of_rows = self._of_rows(values, name_faults=False)
        faulty = misplaced | np.any([c.faulty_rows for c in columns.values() if c.faulty.any()] or [misplaced], axis=0)
        faulty |= of_rows["faulty"].to_numpy()
        if len(lines := _hopeless(keys_of(rows.cells)[faulty])):
            # Their file is refused: what is wrong with each, and what of it may be kept, takes longer than to read it.
            return PartRead(bad=[BadLine(key >> 32, key & 0xFFFFFFFF, [], []) for key in lines.tolist()])
        faults = self._faults(rows, columns, values, of_rows, np.flatnonzero(faulty), misplaced)
        if self._wide.part_field:
            # A line with one bad part goes back whole: half of a school's results would be a wrong picture.
            faulty = np.isin(keys_of(rows.cells), keys_of(rows.cells)[faulty])
        return PartRead(
            good=self._stored(rows, values, of_rows, ~faulty),
            bad=self._bad_lines(part, faults),
            schools=self._named_schools(rows, columns, misplaced),
            words=self._words.counted(columns, rows.file_nos, ~misplaced),
            changed=self._texts.changed.copy(),
            lines_without_rows=_lines_without(part, rows) if self._wide.part_field else [],
        )

    def masked(self, cells: pa.Table) -> dict[tuple[int, int], list[str]]:
        """By file and line, the cells of rows as they may be kept."""
        columns = self._wide.columns
        kept = [
            map(self._kept_of(use), cells[f"c{n}"].to_pylist()) if use.use == "field" else repeat("")
            for n, use in enumerate(columns)
        ]
        rows = zip(keys_of(cells).tolist(), self._misplaced(cells).tolist(), *kept, strict=False)
        # Of a row with too many or too few cells nothing is kept: it may have a name in any column.
        return {
            (key >> 32, key & 0xFFFFFFFF): [""] * len(columns) if is_misplaced else of_row
            for key, is_misplaced, *of_row in rows
        }

    def _kept_of(self, use: ColumnUse) -> Callable[[str | None], str]:
        """What may be kept of a cell of a column that is a field."""
        of = self._wide.dataset[use.field] if use.field else None
        clean = scrub_place if of and of.type in _PLACES else scrub
        is_id, is_decimal = bool(of and of.type == "pupil"), self._is_decimal(use.field)

        def kept(cell: str | None) -> str:
            cell = (cell or "").strip(" ")
            return as_written(clean(mask(cell) if is_id and cell else cell), is_decimal)

        return kept

    def _is_decimal(self, name: str | None) -> bool:
        """Whether the cells of a field are numbers whose point is the program's: a sheet's have none."""
        is_number = name is not None and name in self._dataset and self._dataset[name].type in NUMBERS
        return is_number and not self._rules.tables[0].table.grid.delimiter

    def _ask(self, sql: str, name: str, table: pa.Table, bound: Mapping[str, object] | None = None) -> pa.Table:
        """The answer of a statement over a table that stands under a name while it runs."""
        for of, known in self._rules.references.items():
            if of in sql and of not in self._known:
                self._known.add(of)
                self._cursor.register(of, known)
        with self._table(name, table):
            # To make a plan better takes longer than to run it as it stands over a few rows.
            if self._is_for_few != (len(table) <= _FEW_ROWS):
                self._is_for_few = not self._is_for_few
                self._cursor.execute(f"pragma {'disable' if self._is_for_few else 'enable'}_optimizer")
            # On 1.5 a relation works its rows out four times as long; from 2.0 on only a relation gives Arrow whole.
            if duckdb.__version__.startswith("1."):
                return self._cursor.execute(sql, dict(bound or {})).to_arrow_table()
            return self._cursor.sql(sql, params=dict(bound or {})).to_arrow_table()

    @contextlib.contextmanager
    def _table(self, name: str, table: pa.Table) -> Generator[None]:
        """A table of Arrow under a name, without a copy."""
        self._cursor.register(name, table)
        try:
            yield
        finally:
            self._cursor.unregister(name)

    def _long(self, part: Part) -> Part:
        """Each part of a row that says something as a row of its own."""
        cells = all_text(part.cells, part.encoding)
        return Part(self._ask(long_cells_statement(self._wide), "wide_cells", cells, {"parts": self._wide.parts}))

    def _misplaced(self, cells: pa.Table) -> np.ndarray:
        """Whether a row's cells may stand under the wrong captions: it has too few or too many, or is damaged."""
        width = cells["width"].to_numpy()
        return (width < least_width(self._wide)) | (width > len(self._wide.columns))

    def _values(self, rows: Part, columns: Mapping[str, Column]) -> pa.Table:
        """The table `rows` of `rows_statement`."""
        values: dict[str, pa.Array | pa.ChunkedArray] = {"row": pa.array(np.arange(len(rows), dtype=np.int32))}
        values |= {f"v_{name}": column.as_arrow() for name, column in columns.items()}
        values |= {
            f"r_{f.name}": columns[f.name].own_texts()
            for f in self._dataset.fields
            if any(c.field == f.name for c in self._row_checks) and f is not self._pupil
        }
        month = next((f for f in self._dataset.fields if f.type == "month"), None)
        values["school_days"] = (
            columns[month.name].mapped(lambda day: None if day is None else school_days(day), pa.int32())
            if month
            else pa.nulls(len(rows), pa.int32())
        )
        if self._pupil:
            column = self._recognition.index_of(self._pupil.name)
            texts = pa.nulls(len(rows), pa.string()) if column is None else rows.text_of(column)
            values["r_pupil"] = texts = pc.if_else(pc.equal(texts, ""), None, texts)
            values["is_plain"] = pc.and_(pc.equal(pc.binary_length(texts), 10), pc.ascii_is_decimal(texts))
            values["nameless"] = self._nameless(rows, columns)
        return pa.table(values)

    def _nameless(self, rows: Part, columns: Mapping[str, Column]) -> pa.Array:
        """Of children without an identifier, what is hashed in its place."""
        no_id = columns["id_type"].own_texts() if "id_type" in columns else None
        chosen = np.flatnonzero(pc.fill_null(pc.equal(no_id, _NO_ID), False)) if no_id is not None else np.zeros(0, int)
        names = [f"c{n}" for n, c in enumerate(self._recognition.columns) if c.use == "personal"]
        if not len(chosen) or not names:
            return pa.nulls(len(rows), pa.string())
        cells = rows.taken(chosen)
        schools = columns["school"].own_texts().take(pa.array(chosen)).cast(pa.string())
        parts = [schools.to_pylist(), *(cells[name].to_pylist() for name in names)]
        texts = [" ".join(t.strip(" ") for t in texts if t and t.strip(" ")) for texts in zip(*parts, strict=True)]
        all_rows = np.full(len(rows), None, object)
        all_rows[chosen] = texts
        return pa.array(all_rows, pa.string())

    def _of_rows(self, values: pa.Table, *, name_faults: bool) -> pa.Table:
        """What `rows_statement` says of rows. Of many datasets a whole row tells nothing more."""
        if not (self._pupil or self._dataset.derived or self._row_checks):
            return pa.table({"row": values["row"], "faulty": pa.repeat(False, len(values))})
        all_plain = bool(self._pupil) and bool(pc.all(values["is_plain"], min_count=0).as_py())
        statement = rows_statement(self._dataset, self._row_checks, name_faults=name_faults, all_plain=all_plain)
        bound = {"secret": self._rules.secret} if self._pupil else {}
        unread = {f"v_{f.name}" for f in self._dataset.fields} - self._read_of_rows
        read = values.drop_columns([name for name in values.column_names if name in unread])
        answer = self._ask(statement, "rows", in_batches(read), bound)
        if not answer["row"].equals(values["row"]):
            raise AssertionError("rows came back in another order")
        return answer

    def _faults(
        self,
        rows: Part,
        columns: Mapping[str, Column],
        values: pa.Table,
        of_rows: pa.Table,
        faulty: np.ndarray,
        misplaced: np.ndarray,
    ) -> dict[tuple[int, int], list[Fault]]:
        """By file and line, what is wrong with rows. A row with too many or too few cells, or a quotation mark that is
        never closed, has that one fault: its cells stand under the wrong captions."""
        by_row: dict[int, list[Fault]] = {int(n): [] for n in faulty}
        width = rows.cells["width"]
        for n in faulty[misplaced[faulty]]:
            by_row[int(n)].append(_misplaced_fault(width[int(n)].as_py(), len(self._wide.columns)))
        faulty = faulty[~misplaced[faulty]]
        for column in columns.values():
            for n in faulty[column.faulty_rows[faulty]]:
                by_row[int(n)] += column.faults[int(column.numbers[n])]
        as_rows = faulty[of_rows["faulty"].to_numpy()[faulty]]
        if len(as_rows):
            named = self._of_rows(values.take(pa.array(as_rows)), name_faults=True)["faults"].to_pylist()
            for n, faults in zip(as_rows, named, strict=True):
                by_row[int(n)] += [fault for fault in faults if fault]
        of_parts = {c.field for c in self._wide.columns if c.part}
        parts = columns[self._wide.part_field].own_texts() if self._wide.part_field else None
        by_line: dict[tuple[int, int], list[Fault]] = defaultdict(list)
        file_nos, lines = rows.cells["file_no"], rows.cells["line"]
        for n, faults in by_row.items():
            line = by_line[(file_nos[n].as_py(), lines[n].as_py())]
            for fault in sorted(faults, key=lambda fault: fault["n"]):
                name = (
                    f"{fault['field']}|{parts[n].as_py()}" if parts and fault["field"] in of_parts else fault["field"]
                )
                named_fault = {"field": name, "rule": fault["rule"], "value": None, "limit": fault["limit"]}
                if fault["value"] is not None:
                    named_fault["value"] = self._shown(fault)
                if named_fault not in line:
                    line.append(named_fault)
        return by_line

    def _shown(self, fault: Fault) -> str:
        """The value of a fault as it may be kept."""
        is_place = fault["field"] in self._dataset and self._dataset[fault["field"]].type in _PLACES
        shown = (scrub_place if is_place else scrub)(fault["value"])
        return as_written(shown, self._is_decimal(fault["field"]))[:_LONGEST]

    def _stored(self, rows: Part, values: pa.Table, of_rows: pa.Table, good: np.ndarray) -> pa.Table | None:
        """The rows that are good, as they are kept."""
        if not good.any():
            return None
        stored: dict[str, pa.Array | pa.ChunkedArray] = {n: rows.cells[n] for n in ("file_no", "line")}
        for f in self._dataset.stored:
            if f.name not in of_rows.column_names:
                stored[f.name] = values[f"v_{f.name}"]
            elif f.type == "pupil":
                stored[f.name] = of_rows[f.name]
            else:
                stored[f.name] = of_rows[f.name].combine_chunks().dictionary_encode()
        # A copy, even of all rows: what comes from the database stands in twice the room it needs.
        return pa.table(stored).filter(pa.array(good))

    def _bad_lines(self, part: Part, faults: Mapping[tuple[int, int], Sequence[Fault]]) -> list[BadLine]:
        if not faults:
            return []
        bad = np.array([no << 32 | line for no, line in faults])
        cells = self.masked(part.taken(np.flatnonzero(np.isin(keys_of(part.cells), bad))))
        return [BadLine(*key, cells[key], _different(of_line)) for key, of_line in faults.items()]

    def _named_schools(self, rows: Part, columns: Mapping[str, Column], misplaced: np.ndarray) -> list[NamedSchool]:
        school = next((f for f in self._dataset.fields if f.type == "school"), None)
        if not school:
            return []
        names = texts_of(school, self._dataset)
        return self._schools.counted(columns[school.name], names, rows.file_nos, ~misplaced)


def _different(faults: Sequence[Fault]) -> list[Fault]:
    """Faults as they are kept, equal ones once."""
    kept = ({name: fault[name] for name in ("field", "rule", "value", "limit")} for fault in faults)
    return list({tuple(fault.values()): fault for fault in kept}.values())


def _misplaced_fault(width: int, expected: int) -> Fault:
    if width < 0:
        return {"n": -1, "field": "", "rule": "quotation", "value": None, "limit": None}
    return {"n": -1, "field": "", "rule": "columns", "value": str(width), "limit": str(expected)}


def _lines_without(part: Part, rows: Part) -> list[tuple[int, int]]:
    """Files and lines of a part of which no row came out."""
    silent = part.cells.filter(pa.array(~np.isin(keys_of(part.cells), keys_of(rows.cells))))
    return list(zip(silent["file_no"].to_pylist(), silent["line"].to_pylist(), strict=True))


def _hopeless(keys: np.ndarray) -> np.ndarray:
    """The first lines of rows with faults, when they are more than anybody would correct of one file; else none."""
    if len(keys) <= _MOST_FAULTS:
        return keys[:0]
    lines = np.unique(keys)
    file_nos, counts = np.unique(lines >> 32, return_counts=True)
    worst = lines[lines >> 32 == file_nos[counts.argmax()]]
    return worst[: _MOST_FAULTS + 1] if len(worst) > _MOST_FAULTS else lines[:0]


def refuse_if_hopeless(bad: Sequence[BadLine]) -> None:
    """Raises UnreadableFile when a file has more rows with faults than anybody would correct."""
    if len(bad) <= _MOST_FAULTS:
        return
    [(file_no, n)] = Counter(b.file_no for b in bad).most_common(1)
    if n > _MOST_FAULTS:
        first = min(b.line for b in bad if b.file_no == file_no)
        raise UnreadableFile(
            _(
                "Повече от {MOST_FAULTS} реда на файла са с грешки, първият е ред {first}. Вероятно файлът е "
                "повреден или колоните са разместени. Нищо от него не е прието; поискайте го отново."
            ).format(MOST_FAULTS=number(_MOST_FAULTS), first=first)
        )
