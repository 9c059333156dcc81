"""Parquet: typed columns made the text a person would have typed, a piece at a time.

A file of four kilobytes can say a long text a hundred thousand times: what a piece will take is known before it is
made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.form import ODD_SIGN, plain_cell
from obhvat.ingest.reading.grid import Columns, Grid, in_table
from obhvat.ingest.reading.source import Source
from obhvat.language import B_, _
from obhvat.privacy import scrub
from obhvat.texts import listed

_HERE = "Europe/Sofia"
_PIECE_ROWS = 100_000
_FEW_ROWS = 1_000
"""Of a piece of texts that are written as what they add to the one before."""
_MOST_BYTES = 256 << 20
_MOST_CELLS, _CELLS_A_BYTE = 20_000_000, 200
_BYTES_A_BYTE = 50


def read_parquet(data: bytes | Source) -> Grid:
    """The table of a Parquet file, its column names as the first row; a data row's line is its number + 1. Of a long
    file the grid is the first rows, and its `further` the others."""
    source = data if isinstance(data, Source) else Source("", data)
    pieces = _pieces(source)
    grid = next(pieces)
    pieces.close()
    if not grid.is_last:
        grid.further = lambda: islice(_pieces(source), 1, None)
    return grid


def _pieces(source: Source) -> Generator[ColumnGrid]:
    """Raises UnreadableFile."""
    try:
        with source.open() as opened:
            metadata = pq.read_metadata(opened)
            _check_extent(metadata, source.size)
            schema = metadata.schema.to_arrow_schema()
            names = [f.name for f in schema if _is_readable(f.type)]
            notes = _left_out([f.name for f in schema if not _is_readable(f.type)])
            if not names:
                raise UnreadableFile(_("Във файла Parquet няма нито една колона с текст, числа или дати."))
            # Texts are read as they are kept, each different one once; those that are not kept so, a few at a time.
            is_incremental = _is_incremental(metadata)
            texts = [] if is_incremental else [f.name for f in schema if _is_text(f.type)]
            rows, most = (_FEW_ROWS, _MOST_BYTES // 16) if is_incremental else (_PIECE_ROWS, _MOST_BYTES)
            file = pq.ParquetFile(opened, metadata=metadata, read_dictionary=texts)
            line, left = 1, metadata.num_rows
            for batch in file.iter_batches(rows, columns=names if notes else None):
                if _expanded(batch) > most:
                    raise _too_much()
                table = pa.Table.from_batches([batch])
                left -= table.num_rows
                # Damaged pages can hold text that is no UTF-8; unchecked it would fail only where it is shown.
                table.validate(full=True)
                grid = ColumnGrid(table, line, left <= 0)
                grid.notes += notes
                yield grid
                line += table.num_rows + (line == 1)
            if line == 1:
                yield ColumnGrid(schema.empty_table())
    except (pa.ArrowException, ValueError, OSError) as error:
        raise UnreadableFile(_("Файлът Parquet е повреден или в непознат вид. Създайте го отново.")) from error


def _check_extent(metadata: pq.FileMetaData, size: int) -> None:
    """Refuse a file that says of itself that it is many times larger than it looks. Raises UnreadableFile."""
    cells = metadata.num_rows * metadata.num_columns
    groups = (metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    if cells > _MOST_CELLS + _CELLS_A_BYTE * size or any(n > _MOST_BYTES + _BYTES_A_BYTE * size for n in groups):
        raise _too_much()


def _too_much() -> UnreadableFile:
    return UnreadableFile(
        _(
            "Файлът Parquet се разгръща в много повече данни, отколкото е голям, и не се побира в паметта. Това "
            "не е таблица на училище; поискайте файла отново или го изпратете като CSV."
        )
    )


def _is_incremental(metadata: pq.FileMetaData) -> bool:
    """Whether some texts are written as what they add to the one before."""
    chunks = (
        metadata.row_group(group).column(n)
        for group in range(metadata.num_row_groups)
        for n in range(metadata.num_columns)
    )
    return any("DELTA_BYTE_ARRAY" in chunk.encodings for chunk in chunks)


def _expanded(batch: pa.RecordBatch) -> int:
    """How many bytes a piece takes when each of its texts stands by itself."""
    total = 0
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            total += pc.sum(lengths.cast(pa.int64())).as_py() or 0
        else:
            total += column.nbytes
    return total


def _is_text(kind: pa.DataType) -> bool:
    return any(
        of(kind) for of in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    )


def _is_readable(kind: pa.DataType) -> bool:
    """Whether values of a type are what a person could have typed."""
    if pa.types.is_dictionary(kind) or pa.types.is_list(kind):
        return _is_readable(kind.value_type) and not pa.types.is_list(kind.value_type)
    of_types = pa.types
    return (
        _is_text(kind)
        or isinstance(kind, pa.UuidType)
        or any(
            of(kind)
            for of in (
                *(of_types.is_boolean, of_types.is_integer, of_types.is_floating, of_types.is_decimal),
                *(of_types.is_date, of_types.is_timestamp, of_types.is_time, of_types.is_null),
            )
        )
    )


def _left_out(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    columns = listed(f"„{scrub(name)}“" for name in names)
    return (_("Колони, чийто вид не е текст, число или дата, не са четени: {columns}.").format(columns=columns),)


class ColumnGrid(Grid):
    """Typed columns made text, with their names as the first row: Parquet."""

    def __init__(self, table: pa.Table, first_line: int = 1, is_last: bool = True) -> None:
        """`first_line`: 1 for the beginning of a file, where the names stand; of a later piece its first row's."""
        self._names = [plain_cell(name, Counter()) for name in table.column_names] if first_line == 1 else None
        super().__init__(range(first_line, first_line + table.num_rows + (first_line == 1)))
        self.is_last = is_last
        self._columns = list(map(self._as_text, table.column_names, table.columns))

    def _as_text(self, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """A typed column as the text a person would have typed; missing values are empty, and so are bytes that are no
        text."""
        try:
            kind = column.type
            if pa.types.is_timestamp(kind) and kind.tz not in (None, _HERE):
                words = _("Часовете в „{caption}“ са по друг часови пояс; взет е денят по българско време.").format(
                    caption=scrub(name)
                )
                self.notes = (*self.notes, words)
            text = _typed_as_text(column)
            return _plain(text, self.done) if _is_text(kind) or pa.types.is_dictionary(kind) else text
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            if _is_text(column.type) and not pa.types.is_binary(column.type):
                raise
            self.notes = (*self.notes, *_left_out([name]))
            return pa.chunked_array([pa.array([""] * len(column), pa.string())])

    def row(self, n: int) -> list[str]:
        if self._names is not None:
            n -= 1
        return self._names if n < 0 and self._names else [column[n].as_py() for column in self._columns]

    def is_blank(self, n: int) -> bool:
        return False

    def text(self, n: int) -> str:
        # A column of a data file holds no totals of itself but in the words of its first column.
        return self._names[0] if self._names and n == 0 else self._first[n - bool(self._names)]

    @cached_property
    def _first(self) -> list[str]:
        return self._columns[0].to_pylist()

    def row_is(self, n: int, cells: Sequence[str]) -> bool:
        # A row is made of all the columns: hardly any need be.
        return self.text(n) == cells[0] and super().row_is(n, cells)

    def without_digits(self, rows: Sequence[int]) -> list[int]:
        # Its only captions are its names.
        return []

    def by_columns(self, width: int, coded: frozenset[int]) -> Columns | None:
        columns = [c.combine_chunks().cast(pa.binary()) for c in self._columns[:width]]
        return Columns(
            [c.dictionary_encode() if n in coded else c for n, c in enumerate(columns)],
            np.arange(len(self)),
            [],
            "utf-8",
        )

    def columns(self, rows: Sequence[int], width: int) -> pa.Table:
        taken = pa.array([n - bool(self._names) for n in rows], pa.int64())
        columns = [column.take(taken) for column in self._columns[:width]]
        return in_table(columns, rows, [width] * len(rows))


def _typed_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _typed_as_text(column.cast(kind.value_type))
    if pa.types.is_boolean(kind):
        column = pc.if_else(column, B_("да"), B_("не"))
    elif pa.types.is_timestamp(kind):
        column = pc.strftime(_here(column) if kind.tz else column, format="%Y-%m-%d %H:%M:%S")
    elif pa.types.is_list(kind):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), "; ")
    elif pa.types.is_floating(kind):
        # Whole numbers that a program kept as floats: 1400842.0 is the code 1400842.
        column = column.cast(pa.float32()) if pa.types.is_float16(kind) else column
        column = pc.replace_substring_regex(column.cast(pa.string()), r"\.0$", "")
    elif isinstance(kind, pa.UuidType):
        column = pa.chunked_array([pa.array([v and str(v) for v in column.to_pylist()], pa.string())])
    return pc.fill_null(column.cast(pa.string()), "")


def _here(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments as clocks showed them here."""
    moments = pd.DatetimeIndex(column.cast(pa.timestamp(column.type.unit)).to_pandas())
    shown = moments.tz_localize("UTC").tz_convert(ZoneInfo(_HERE)).tz_localize(None)
    return pa.chunked_array([pa.array(shown, pa.timestamp(column.type.unit), from_pandas=True)])


def _plain(column: pa.ChunkedArray, done: Counter[str]) -> pa.ChunkedArray:
    """Texts without what nobody sees, as `plain_cell` makes them."""
    may_be_odd = pc.match_substring_regex(column, f"{ODD_SIGN}|^'")
    if pc.any(may_be_odd).as_py():
        column = pa.chunked_array([pa.array([plain_cell(text, done) for text in column.to_pylist()], pa.string())])
    return column
