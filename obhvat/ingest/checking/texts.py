"""Texts as values: a column of a hundred thousand cells holds a few dozen texts, and each is read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from obhvat.datasets import Dataset, Field
from obhvat.datasets.captions import normal
from obhvat.ingest.checking.checks import SPELLED, Check, texts_of
from obhvat.ingest.checking.column import Column, Fault, Texts
from obhvat.ingest.checking.named_schools import NamedSchools
from obhvat.ingest.checking.parts import Part
from obhvat.ingest.checking.statements import texts_statement
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference
from obhvat.privacy import scrub
from obhvat.privacy.names import without_names

_MOST_REMEMBERED = 200_000
_ARROW_TYPES = {
    "varchar": pa.string(),
    "varchar[]": pa.list_(pa.string()),
    "integer": pa.int32(),
    "smallint": pa.int16(),
    "tinyint": pa.int8(),
    "decimal(12,2)": pa.decimal128(12, 2),
    "decimal(9,1)": pa.decimal128(9, 1),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}
# Types whose texts are kept as they are written, without names of people. In a short one an identifier is a fault.
_WRITTEN = {"free_text": scrub, "text": without_names, "case": without_names}
_YES = ("да", "yes", "true", "1", "x", "х", "v")
_NO = ("не", "no", "false", "0")


class _Learnt:
    """What the texts of a field mean, as far as they occurred."""

    def __init__(self) -> None:
        self.numbers: dict[Texts, int] = {}
        self.values: pa.Array | None = None
        self.faulty = np.zeros(0, bool)
        self.faults: dict[int, list[Fault]] = {}

    def add(self, texts: Sequence[Texts], values: pa.Array, faulty: np.ndarray) -> None:
        self.values = values if self.values is None else pa.concat_arrays([self.values, values])
        self.faulty = np.concatenate([self.faulty, faulty])
        for key in texts:
            self.numbers[key] = len(self.numbers)


class TextReader:
    """Reads the columns of parts of tables of one form."""

    def __init__(
        self,
        tables: Sequence[Known],
        checks: Sequence[Check],
        reference: Reference,
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
        self._municipalities = reference.municipalities()
        self._schools = schools
        self._ask = ask
        self._learnt = {f.name: _Learnt() for f in self._dataset.fields}
        self.names: Counter[int] = Counter()
        """By file: cells of the part read last in which a name was replaced."""

    @property
    def _dataset(self) -> Dataset:
        return self._recognition.dataset

    def read(self, part: Part) -> dict[str, Column]:
        """Every field but the pupil, by name."""
        self.names.clear()
        return {f.name: self._column(part, f) for f in self._dataset.fields if f.type != "pupil" and not f.helper}

    def _column(self, part: Part, f: Field) -> Column:
        names = texts_of(f, self._dataset)
        numbers, keys = _together([self._texts(part, self._dataset[name]) for name in names])
        learnt = self._learnt[f.name]
        if len(learnt.numbers) > _MOST_REMEMBERED:
            learnt = self._learnt[f.name] = _Learnt()
        new = [key for key in dict.fromkeys(keys) if key not in learnt.numbers]
        if new:
            self._learn(f, names, new, learnt)
        assert learnt.values is not None
        of_rows = np.array([learnt.numbers[key] for key in keys], np.int32)[numbers]
        return Column(of_rows, learnt.values, learnt.faulty, learnt.faults, learnt.numbers)

    def _texts(self, part: Part, f: Field) -> tuple[np.ndarray, list[str | None]]:
        """A field's raw texts: cells, or what is given for a whole file, or the field's default."""
        column = self._recognition.index_of(f.name)
        if column is not None:
            numbers, cells = part.coded(column)
            if f.type in _WRITTEN:
                cells = self._without_names(part, f, numbers, cells)
            return numbers, [cell.strip(" ") or f.default for cell in cells]
        given = self._given.get(f.name)
        if not given:
            return np.zeros(len(part), np.int32), [f.default]
        return (
            np.searchsorted(self._file_nos, part.file_nos),
            [given.get(int(no), f.default) for no in self._file_nos],
        )

    def _without_names(self, part: Part, f: Field, numbers: np.ndarray, cells: Sequence[str]) -> list[str]:
        """The different texts of a column as they may be kept; cells that were changed are counted."""
        cleaned = list(map(_WRITTEN[f.type], cells))
        changed = np.array([a != b and "[име]" in a for a, b in zip(cleaned, cells, strict=True)], bool)
        if changed.any():
            self.names.update(part.file_nos[changed[numbers]].tolist())
        return cleaned

    def _learn(self, f: Field, names: Sequence[str], new: Sequence[Texts], learnt: _Learnt) -> None:
        columns: dict[str, pa.Array] = {"pos": pa.array(range(len(new)), pa.int32())}
        for name, texts in zip(names, zip(*new, strict=True), strict=True):
            columns[f"r_{name}"] = pa.array(texts, pa.string())
            field = self._dataset[name]
            if field.type in SPELLED:
                codes = [None if text is None else _spelled(field, self._municipalities, text) for text in texts]
                columns[f"codes_{name}"] = pa.array(codes, pa.list_(pa.string()))
            if field.type == "school":
                columns["found_school"] = self._schools.find(columns, new, names)
        if self._says_nothing(f, new):
            learnt.add(new, pa.nulls(len(new), _ARROW_TYPES[f.sql_type]), np.zeros(len(new), bool))
            return
        texts = pa.table(columns)
        statement = texts_statement(self._dataset, f, self._checks[f.name], name_faults=False)
        answer = self._ask(statement, "distinct_texts", texts)
        values = answer["value"].combine_chunks()
        values = values.chunk(0) if isinstance(values, pa.ChunkedArray) else values
        faulty = answer["faulty"].to_numpy().astype(bool)
        if faulty.any():
            statement = texts_statement(self._dataset, f, self._checks[f.name], name_faults=True)
            named = self._ask(statement, "distinct_texts", texts.filter(pa.array(faulty)))["faults"].to_pylist()
            for n, faults in zip(np.flatnonzero(faulty), named, strict=True):
                learnt.faults[len(learnt.numbers) + int(n)] = [fault for fault in faults if fault]
        learnt.add(new, values, faulty)

    def _says_nothing(self, f: Field, keys: Sequence[Texts]) -> bool:
        """Whether a field is empty in all of them and need not be anything: most columns of most forms are."""
        # A fallback of a lenient field is for what is unreadable, not for what is empty.
        may_be_empty = not any(c.rule == "required" for c in self._checks[f.name]) and (f.lenient or not f.fallback)
        empty = all(key[0] is None for key in keys) if f.type != "school" else not any(map(any, keys))
        return may_be_empty and empty


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


def _spelled(field: Field, municipalities: Mapping[str, str], text: str) -> list[str] | None:
    """The codes a text stands for, or None when it is none of the known spellings."""
    form = normal(text)
    if field.type == "municipality":
        bare = form.removeprefix("община ").removeprefix("общ ")
        code = municipalities.get(bare) or (text if not municipalities else None)
        return [code] if code else None
    if field.type == "boolean":
        by_word = {normal(w): "true" for w in (*_YES, *field.true_words)}
        by_word |= {normal(w): "false" for w in (*_NO, *field.false_words)}
        return [by_word[form]] if form in by_word else None
    by_spelling = {s: v.code for v in field.values for s in v.spellings}
    if field.type == "enum":
        return [by_spelling[form]] if form in by_spelling else None
    words = [w for w in text.replace(",", ";").replace("+", ";").split(";") if w.strip()]
    codes = [by_spelling[normal(w)] for w in words if normal(w) in by_spelling]
    return codes if len(codes) == len(words) else None
