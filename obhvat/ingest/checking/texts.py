"""Texts as values: a column of a hundred thousand cells holds a few dozen texts, and each is read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from obhvat.datasets import Dataset, Field
from obhvat.datasets.captions import normal
from obhvat.ingest.checking.checks import SPELLED, Check, texts_of
from obhvat.ingest.checking.column import Column, Fault, Texts
from obhvat.ingest.checking.dates import as_day, as_month, has_short_year
from obhvat.ingest.checking.named_schools import NamedSchools
from obhvat.ingest.checking.parts import Part
from obhvat.ingest.checking.remembered import remember, remembered
from obhvat.ingest.checking.statements import texts_statement
from obhvat.ingest.checking.used_words import LISTS, UsedWords
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.reading.cells import UNCOMPUTED
from obhvat.privacy import scrub
from obhvat.privacy.names import without_names
from obhvat.texts import printable

NAME, SHORT_YEAR = "name", "short_year"
"""What may be done to a cell before it is read: a name is replaced, a century is added."""
_MOST_REMEMBERED = 200_000
_FEW = 2000
_ARROW_TYPES = {
    "varchar": pa.string(),
    "varchar[]": pa.list_(pa.string()),
    "integer": pa.int32(),
    "smallint": pa.int16(),
    "tinyint": pa.int8(),
    "decimal(12,2)": pa.decimal128(12, 2),
    "decimal(9,1)": pa.decimal128(9, 1),
    "double": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}
# Types whose texts are kept as they are written, without names of people. In a short one an identifier is a fault.
_WRITTEN = {"free_text": scrub, "text": without_names, "case": without_names}
# What stands in a cell of Excel or of LibreOffice that could not be computed.
_ERRORS = frozenset(
    (
        *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"),
        *("#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA"),
        *(f"Err:{n}" for n in range(501, 541)),
    )
)
_YES = ("да", "д", "yes", "y", "true", "истина", "1", "x", "х", "v")
_NO = ("не", "н", "no", "n", "false", "лъжа", "0")
# Of these `normal` leaves nothing. A cross may be for both.
_MARKS = dict.fromkeys("✓✔☑√+", "true") | {"☐": "false"}


class _Learnt:
    """What the texts of a field mean, as far as they occurred."""

    def __init__(self) -> None:
        self.numbers: dict[Texts, int] = {}
        self.values: pa.Array | None = None
        self.faulty = np.zeros(0, bool)
        self.faults: dict[int, list[Fault]] = {}

    def add(
        self,
        texts: Sequence[Texts],
        values: pa.Array,
        faulty: np.ndarray,
        faults: Mapping[int, list[Fault]] = MappingProxyType({}),
    ) -> None:
        """Texts with their values, and by place among them the faults of those that are faulty."""
        self.faults |= {len(self.numbers) + n: of_text for n, of_text in faults.items()}
        self.values = values if self.values is None else pa.concat_arrays([self.values, values])
        self.faulty = np.concatenate([self.faulty, faulty])
        for key in texts:
            self.numbers[key] = len(self.numbers)

    def column(self, numbers: np.ndarray, keys: Sequence[Texts]) -> Column:
        """A column of which each row's number among texts is given."""
        assert self.values is not None
        of_rows = np.array([self.numbers[key] for key in keys], np.int32)[numbers]
        return Column(of_rows, self.values, self.faulty, self.faults, self.numbers)


class TextReader:
    """Reads the columns of parts of tables of one form."""

    def __init__(
        self,
        tables: Sequence[Known],
        checks: Sequence[Check],
        words: UsedWords,
        schools: NamedSchools,
        ask: Callable[[str, str, pa.Table], pa.Table],
    ) -> None:
        """`ask` answers a statement over a table under a name."""
        self._recognition = tables[0].recognition.long()
        self._given: Mapping[str, Mapping[int, str]] = {
            name: {t.file_no: t.given[name] for t in tables if name in t.given} for t in tables for name in t.given
        }
        self._file_nos = np.array(sorted(t.file_no for t in tables))
        self._checks = {f.name: [c for c in checks if c.field == f.name and not c.of_row] for f in self._dataset.fields}
        self._words = words
        self._schools = schools
        self._ask = ask
        self._learnt = {f.name: _Learnt() for f in self._dataset.fields}
        self._remembered = {f.name: remembered(self._dataset, f, self._checks[f.name]) for f in self._dataset.fields}
        self.changed: Counter[tuple[int, str]] = Counter()
        """By file and what was done (NAME, SHORT_YEAR): cells of the part read last that were changed."""

    @property
    def _dataset(self) -> Dataset:
        return self._recognition.dataset

    def read(self, part: Part) -> dict[str, Column]:
        """Every field but the pupil, by name."""
        self.changed.clear()
        fields = [f for f in self._dataset.fields if f.type != "pupil" and not f.helper]
        coded = {f.name: self._coded(part, f) for f in fields}
        self._learn({f.name: new for f in fields if (new := self._new(f, coded[f.name][1]))})
        return {name: self._learnt[name].column(*of_field) for name, of_field in coded.items()}

    def _coded(self, part: Part, f: Field) -> tuple[np.ndarray, list[Texts]]:
        """Of each row the number of its texts among the different ones of a field, and those."""
        return _together(
            [
                self._texts(part, of := self._dataset[name], counts=of.helper or of == f)
                for name in texts_of(f, self._dataset)
            ]
        )

    def _new(self, f: Field, keys: Sequence[Texts]) -> list[Texts]:
        """The texts of a field whose meaning must be asked."""
        if len(self._learnt[f.name].numbers) > _MOST_REMEMBERED:
            self._learnt[f.name] = _Learnt()
        learnt = self._learnt[f.name]
        new = [key for key in dict.fromkeys(keys) if key not in learnt.numbers]
        if new and self._says_nothing(f, new):
            learnt.add(new, pa.nulls(len(new), _ARROW_TYPES[f.sql_type]), np.zeros(len(new), bool))
            return []
        known = self._remembered[f.name] or {}
        if told := [key for key in new if key in known]:
            values = pa.array([known[key] for key in told], _ARROW_TYPES[f.sql_type])
            learnt.add(told, values, np.zeros(len(told), bool))
        return [key for key in new if key not in known] if told else new

    def _texts(self, part: Part, f: Field, *, counts: bool) -> tuple[np.ndarray, list[str | None]]:
        """A field's raw texts: cells, or what is given for a whole file, or the field's default. A field that others
        are read with counts what was changed only once."""
        column = self._recognition.index_of(f.name)
        if column is not None:
            numbers, cells = part.coded(column)
            cells = list(map(printable, cells))
            if f.type in _WRITTEN:
                cells = self._without_names(part, f, numbers, cells, counts)
                if self._words.is_key(f):
                    cells = self._words.as_known(f, [_in_one_line(cell) for cell in cells], numbers, part.file_nos)
            elif f.type in ("date", "month"):
                cells = [cell.strip(" ") for cell in cells]
                days = list(map(as_day if f.type == "date" else as_month, cells))
                if counts:
                    self._count(part, numbers, list(map(has_short_year, cells, days)), SHORT_YEAR)
                cells = days
            return numbers, [cell.strip(" ") or f.default for cell in cells]
        given = self._given.get(f.name)
        if not given:
            return np.zeros(len(part), np.int32), [f.default]
        return (
            np.searchsorted(self._file_nos, part.file_nos),
            [given.get(int(no), f.default) for no in self._file_nos],
        )

    def _without_names(
        self, part: Part, f: Field, numbers: np.ndarray, cells: Sequence[str], counts: bool
    ) -> list[str]:
        """The different texts of a column as they may be kept; cells that were changed are counted."""
        cleaned = list(map(_WRITTEN[f.type], cells))
        if counts:
            self._count(part, numbers, [a != b and "[име]" in a for a, b in zip(cleaned, cells, strict=True)], NAME)
        return cleaned

    def _count(self, part: Part, numbers: np.ndarray, is_changed: Sequence[bool], what: str) -> None:
        """Cells by the different texts of their column that were changed."""
        if any(is_changed):
            file_nos = part.file_nos[np.array(is_changed)[numbers]]
            self.changed.update((file_no, what) for file_no in file_nos.tolist())

    def _learn(self, new: Mapping[str, Sequence[Texts]]) -> None:
        """Ask what new texts mean: of all fields that have few at once, as a statement takes longer to plan than to
        run over them."""
        few = {name: keys for name, keys in new.items() if len(keys) <= _FEW}
        for asked in (few, *({name: keys} for name, keys in new.items() if name not in few)):
            if asked:
                self._ask_for(asked)

    def _ask_for(self, new: Mapping[str, Sequence[Texts]]) -> None:
        fields = [self._dataset[name] for name in new]
        texts = pa.concat_tables(
            [self._texts_table(n, f, new[f.name]) for n, f in enumerate(fields)], promote_options="default"
        )
        texts = texts.append_column("pos", pa.array(np.arange(len(texts), dtype=np.int32)))

        def ask(texts: pa.Table, *, name_faults: bool) -> pa.Table:
            # Only of fields that have any: a fault of one is named without planning what the others mean.
            own, field_nos = np.unique(texts["field_no"].to_numpy(), return_inverse=True)
            texts = texts.set_column(0, "field_no", pa.array(field_nos, pa.int16()))
            silent = {name for name in texts.column_names if texts[name].null_count == len(texts)}
            asked = [fields[n] for n in own]
            statement = texts_statement(self._dataset, asked, self._checks, silent, name_faults=name_faults)
            return self._ask(statement, "distinct_texts", texts)

        answer = ask(texts, name_faults=False)
        faulty = answer["faulty"].to_numpy().astype(bool, copy=True)
        faults: dict[int, list[Fault]] = {}
        if faulty.any():
            named = ask(texts.filter(pa.array(faulty)), name_faults=True)["faults"].to_pylist()
            faults = {
                int(n): [self._named(f) for f in of_text if f]
                for n, of_text in zip(np.flatnonzero(faulty), named, strict=True)
            }
        for n, (name, key) in enumerate((name, key) for name, keys in new.items() for key in keys):
            # It has no value, so nothing else is said of it.
            if broken := _broken(name, key[0]):
                faulty[n], faults[n] = True, [broken]
        first = 0
        for name, keys in new.items():
            own = np.arange(first, first + len(keys))
            # A copy: a part of an array is not read right by everybody.
            values = pa.concat_arrays(answer[name].take(pa.array(own)).chunks)
            of_field = {n - first: faults[n] for n in own.tolist() if n in faults}
            self._learnt[name].add(keys, values, faulty[own], of_field)
            self._remember(name, keys, values, faulty[own])
            first += len(keys)

    def _remember(self, name: str, keys: Sequence[Texts], values: pa.Array, faulty: np.ndarray) -> None:
        meanings = self._remembered[name]
        if meanings is not None and len(keys) <= _FEW:
            good = zip(keys, values.to_pylist(), faulty, strict=True)
            remember(meanings, ((key, value) for key, value, is_faulty in good if not is_faulty))

    def _texts_table(self, field_no: int, f: Field, keys: Sequence[Texts]) -> pa.Table:
        """New texts of a field, as `texts_statement` reads them."""
        names = texts_of(f, self._dataset)
        columns: dict[str, pa.Array] = {"field_no": pa.array(np.full(len(keys), field_no, np.int16))}
        for name, texts in zip(names, zip(*keys, strict=True), strict=True):
            columns[f"r_{name}"] = pa.array(texts, pa.string())
            field = self._dataset[name]
            if field.type in SPELLED:
                codes = [None if text is None else self._codes(field, text) for text in texts]
                columns[f"codes_{name}"] = pa.array(codes, pa.list_(pa.string()))
            if field.type == "school":
                columns["found_school"] = self._schools.find(texts, keys, names)
        return pa.table(columns)

    def _codes(self, f: Field, text: str) -> list[str] | None:
        return self._words.codes(f, text) if f.type in LISTS else _truth(f, text)

    def _named(self, fault: Fault) -> Fault:
        """A fault with what may be meant by a word that is not of its list, or with the list where that is not ours."""
        if fault["rule"] not in ("enumeration", "municipality"):
            return fault
        likely = self._words.likely(fault["field"], fault["value"])
        if likely:
            return {**fault, "rule": "likely", "limit": likely}
        return {**fault, "limit": self._words.allowed(fault["field"])} if fault["rule"] == "municipality" else fault

    def _says_nothing(self, f: Field, keys: Sequence[Texts]) -> bool:
        """Whether a field is empty in all of them and need not be anything: most columns of most forms are."""
        # A fallback of a lenient field is for what is unreadable, not for what is empty.
        may_be_empty = not any(c.rule == "required" for c in self._checks[f.name]) and (f.lenient or not f.fallback)
        empty = all(key[0] is None for key in keys) if f.type != "school" else not any(map(any, keys))
        return may_be_empty and empty


def _broken(field: str, text: str | None) -> Fault | None:
    """The fault of a cell that holds an error, or a formula without a result."""
    if text == UNCOMPUTED:
        return {"n": 0, "field": field, "rule": "formula", "value": None, "limit": None}
    if text in _ERRORS:
        return {"n": 0, "field": field, "rule": "error_cell", "value": text, "limit": None}
    return None


def _together(columns: Sequence[tuple[np.ndarray, list[str | None]]]) -> tuple[np.ndarray, list[Texts]]:
    """Several coded columns as one: of each row the number of its combination, and the combinations."""
    if len(columns) == 1:
        numbers, texts = columns[0]
        return numbers, [(text,) for text in texts]
    mixed = np.zeros(len(columns[0][0]), np.int64)
    for numbers, texts in columns:
        if len(texts) > 1:
            mixed = mixed * len(texts) + numbers
    coded = pa.array(mixed).dictionary_encode()
    keys: list[Texts] = []
    for code in coded.dictionary.to_pylist():
        key: list[str | None] = []
        for _, texts in reversed(columns):
            code, n = divmod(code, len(texts)) if len(texts) > 1 else (code, 0)
            key.append(texts[n])
        keys.append(tuple(reversed(key)))
    return coded.indices.to_numpy(), keys


def _truth(f: Field, text: str) -> list[str] | None:
    """Of „да“ and „не“, or None when a text is neither."""
    if mark := _MARKS.get(text.strip("\ufe0f ")):
        return [mark]
    form = normal(text)
    by_word = {normal(w): "true" for w in (*_YES, *f.true_words)}
    by_word |= {normal(w): "false" for w in (*_NO, *f.false_words)}
    return [by_word[form]] if form in by_word else None


def _in_one_line(cell: str) -> str:
    """A line break within a cell is a blank: a class is the same however narrow its column was."""
    return " ".join(filter(None, (line.strip(" ") for line in cell.splitlines())))
