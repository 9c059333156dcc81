"""Reading by different texts: a column of a hundred thousand cells holds a few dozen texts, and each is read once.

Only rows about which nothing can be wrong are taken this way; every other row goes through the statement that reads
it cell by cell and names its faults (obhvat/ingest/statements.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from obhvat.datasets import Dataset, Field
from obhvat.ingest.checking.checks import SPELLED, Check, texts_of
from obhvat.ingest.checking.parts import Part
from obhvat.ingest.checking.statements import texts_statement
from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.knowing.known import Known
from obhvat.periods import school_days

Texts = tuple[str | None, ...]
_MOST_REMEMBERED = 200_000
_OF_CELLS = re.compile(r"\br_\w|_ref\b")


def can_be_read(known: Recognition) -> bool:
    """Whether the dataset's values are made of texts of a few columns, and its rules of values alone."""
    rules = [sql for r in known.dataset.rules for sql in (r.fails,)] + [d.sql for d in known.dataset.derived]
    return (
        not known.part_field
        and not any((f.fallback and not f.fallback_of) or f.void_when for f in known.dataset.fields)
        and sum(f.type == "pupil" for f in known.dataset.fields) < 2
        and not any(_OF_CELLS.search(sql) for sql in rules)
    )


class _Read:
    """What the texts of a field mean, as far as they occurred."""

    def __init__(self) -> None:
        self.numbers: dict[Texts, int] = {}
        self.values: pa.Array | None = None
        self.doubtful = np.zeros(0, bool)


class DistinctReader:
    """Reads the parts of tables of one form."""

    def __init__(
        self,
        known: Recognition,
        tables: Sequence[Known],
        checks: Sequence[Check],
        ask: Callable[[str, pa.Table], pa.Table],
        spell: Callable[[Field, Sequence[str]], None],
    ) -> None:
        """`ask` answers a statement over the table `distinct_texts`; `spell` leaves the spellings of a field's texts
        for it."""
        self._known = known
        self._given: Mapping[str, Mapping[int, str]] = {
            name: {t.file_no: t.given[name] for t in tables if name in t.given} for t in tables for name in t.given
        }
        self._file_nos = np.array(sorted(t.file_no for t in tables))
        self._checks = {f.name: [c for c in checks if c.field == f.name and not c.of_row] for f in known.dataset.fields}
        self._ask = ask
        self._spell = spell
        self._read = {f.name: _Read() for f in self._fields}

    @property
    def _dataset(self) -> Dataset:
        return self._known.dataset

    @property
    def _fields(self) -> list[Field]:
        return [f for f in self._dataset.fields if f.type != "pupil" and not f.helper]

    def read(self, part: Part) -> tuple[pa.Table, np.ndarray]:
        """The rows without doubt, as values v_<field> beside `row`, their number in the part, `file_no`, `line` and the
        pupil's text; and which rows are doubtful."""
        doubtful = part.cells["width"].to_numpy() != len(self._known.columns)
        columns: dict[str, pa.Array | pa.ChunkedArray] = {}
        for f in self._fields:
            numbers, read = self._numbers(part, f)
            if read.doubtful.any():
                doubtful = doubtful | read.doubtful[numbers]
            columns[f"v_{f.name}"] = _taken(read.values, numbers)
            if f.type == "month" and read.values is not None:
                days = [None if month is None else school_days(month) for month in read.values.to_pylist()]
                columns["school_days"] = _taken(pa.array(days, pa.int32()), numbers)
        pupil = next((f for f in self._dataset.fields if f.type == "pupil"), None)
        if pupil:
            column = self._known.index_of(pupil.name)
            if column is None:
                return pa.table({}), np.ones(len(part), bool)
            texts = part.text_of(column)
            columns["r_pupil"] = texts
            columns["is_plain"] = pc.and_(pc.equal(pc.binary_length(texts), 10), pc.ascii_is_decimal(texts))
        columns |= {
            "row": pa.array(np.arange(len(part), dtype=np.int32)),
            "file_no": part.cells["file_no"],
            "line": part.cells["line"],
        }
        good = pa.table(columns)
        return (good.filter(pa.array(~doubtful)) if doubtful.any() else good), doubtful

    def _numbers(self, part: Part, f: Field) -> tuple[np.ndarray, _Read]:
        """Of each row the number of the field's value among those read so far."""
        names = texts_of(f, self._dataset)
        numbers, keys = _together([self._texts(part, self._dataset[name]) for name in names])
        read = self._read[f.name]
        if len(read.numbers) > _MOST_REMEMBERED:
            read = self._read[f.name] = _Read()
        new = [key for key in dict.fromkeys(keys) if key not in read.numbers]
        if new or read.values is None:
            self._learn(f, names, new, read)
        return np.array([read.numbers[key] for key in keys], np.int32)[numbers], read

    def _texts(self, part: Part, f: Field) -> tuple[np.ndarray, list[str | None]]:
        """A field's raw texts: cells, or what is given for a whole file, or the field's default."""
        column = self._known.index_of(f.name)
        if column is not None:
            numbers, cells = part.coded(column)
            return numbers, [cell.strip(" ") or f.default for cell in cells]
        given = self._given.get(f.name)
        if not given:
            return np.zeros(len(part), np.int32), [f.default]
        return (
            np.searchsorted(self._file_nos, part.file_nos),
            [given.get(int(no), f.default) for no in self._file_nos],
        )

    def _learn(self, f: Field, names: Sequence[str], new: Sequence[Texts], read: _Read) -> None:
        for n, name in enumerate(names):
            if self._dataset[name].type in SPELLED:
                self._spell(self._dataset[name], [text for key in new if (text := key[n]) is not None])
        texts = pa.table(
            {
                "pos": pa.array(range(len(new)), pa.int32()),
                **{f"r_{name}": pa.array([key[n] for key in new], pa.string()) for n, name in enumerate(names)},
            }
        )
        found = self._ask(texts_statement(self._dataset, f, names, self._checks[f.name]), texts)
        values = found["value"].combine_chunks()
        values = values.chunk(0) if isinstance(values, pa.ChunkedArray) else values
        read.values = values if read.values is None else pa.concat_arrays([read.values, values])
        read.doubtful = np.concatenate([read.doubtful, found["doubtful"].to_numpy().astype(bool)])
        for key in new:
            read.numbers[key] = len(read.numbers)


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


def _taken(values: pa.Array | None, numbers: np.ndarray) -> pa.Array:
    """The values of rows, each different one kept once."""
    assert values is not None
    if pa.types.is_list(values.type):
        return values.take(pa.array(numbers, pa.int32()))
    small = next(t for t in (np.int16, np.int32) if len(values) <= np.iinfo(t).max)
    missing = values.is_null().to_numpy(zero_copy_only=False)
    if missing.all():
        return pa.nulls(len(numbers), values.type)
    # A missing value is a missing number: nulls among the values themselves are not read by everybody.
    indices = pa.array(numbers.astype(small), mask=missing[numbers] if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pc.fill_null(values, values.drop_null()[0]))
