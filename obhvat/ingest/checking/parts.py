"""A table in parts, each as columns of text: small tables stacked together, long ones a piece of the file at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from obhvat.ingest.knowing.known import Known
from obhvat.ingest.reading.grid import Columns, Grid, LineGrid
from obhvat.ingest.reading.table import TOTAL_WORDS, Table, continued
from obhvat.language import current, speak

_SAMPLE = 400
_FEW = 0.3
_STACKED = 200_000
_BATCH = 60_000
_AFTER_GAP = 4
# Remarks and a last sum stand so near the end; the rows there are looked at one by one.
_END = 30


@dataclass(frozen=True)
class Part:
    """Rows of tables of one form: columns c0 … with `width`, how many cells each has (−1 for a damaged row), `file_no`
    and `line`. Columns are text, or bytes in `encoding`, plain or as dictionaries."""

    cells: pa.Table
    encoding: str = "utf-8"
    dates: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    """What was done to dates (see date_order.py)."""
    left_out: tuple[tuple[int, str], ...] = ()
    """Lines of the same piece of the file that are not data, with what they are."""

    def __len__(self) -> int:
        return self.cells.num_rows

    @property
    def file_nos(self) -> np.ndarray:
        return self.cells["file_no"].to_numpy()

    def coded(self, column: int) -> tuple[np.ndarray, list[str]]:
        """A column as the number of each row's text among the different ones, and those."""
        if column not in self._coded:
            cells = self.cells[f"c{column}"]
            if not pa.types.is_dictionary(cells.type):
                cells = cells.dictionary_encode()
            unified = cells.unify_dictionaries().combine_chunks()
            unified = unified.chunk(0) if isinstance(unified, pa.ChunkedArray) else unified
            texts = [t.decode(self.encoding) if isinstance(t, bytes) else t for t in unified.dictionary.to_pylist()]
            self._coded[column] = unified.indices.to_numpy(zero_copy_only=False), texts
        return self._coded[column]

    @cached_property
    def _coded(self) -> dict[int, tuple[np.ndarray, list[str]]]:
        return {}

    def text_of(self, column: int) -> pa.ChunkedArray:
        """A column as text."""
        return _as_text(self.cells[f"c{column}"], self.encoding)

    def taken(self, rows: np.ndarray) -> pa.Table:
        """Chosen rows, every column text."""
        return all_text(self.cells.take(pa.array(rows)), self.encoding)


def keys_of(cells: pa.Table) -> np.ndarray:
    """Files and lines of rows as one number each."""
    return cells["file_no"].to_numpy().astype(np.int64) << 32 | cells["line"].to_numpy()


def all_text(cells: pa.Table, encoding: str = "utf-8") -> pa.Table:
    """The columns c0 … as plain text."""
    columns = [
        _as_text(column, encoding) if name.startswith("c") else column
        for name, column in zip(cells.column_names, cells.columns, strict=True)
    ]
    return pa.table(columns, names=cells.column_names)


def _as_text(cells: pa.ChunkedArray, encoding: str) -> pa.ChunkedArray:
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if not pa.types.is_binary(cells.type):
        return cells
    parts = [
        chunk.view(pa.string())
        if _is_ascii(chunk)
        else chunk.cast(pa.string())
        if encoding == "utf-8"
        else pa.array([cell.decode(encoding) for cell in chunk.to_pylist()], pa.string())
        for chunk in cells.chunks
    ]
    return pa.chunked_array(parts, pa.string())


def _is_ascii(cells: pa.Array) -> bool:
    data = cells.buffers()[2]
    return data is None or not len(data) or int(np.frombuffer(data, np.uint8).max()) < 128


def parts_of(tables: Sequence[Known]) -> Generator[Part]:
    """The rows of tables of one form, once through. Raises UnreadableFile when a later piece cannot be read."""
    small: list[tuple[int, Table]] = []
    n_rows = 0
    for known in tables:
        small.append((known.file_no, known.table))
        n_rows += len(known.table.rows)
        if n_rows > _STACKED or known.table.further:
            yield stacked(small)
            small, n_rows = [], 0
        if known.table.further:
            yield from _ahead(later_parts(known))
    if small:
        yield stacked(small)


def _ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """The same parts; while one is worked on, the next is read."""
    with ThreadPoolExecutor(1, thread_name_prefix="obhvat-reading", initializer=speak, initargs=(current(),)) as reader:
        following = reader.submit(_next, parts)
        while (part := following.result()) is not None:
            following = reader.submit(_next, parts)
            yield part


def _next(parts: Iterator[Part]) -> Part | None:
    return next(parts, None)


def later_parts(known: Known) -> Generator[Part]:
    """The rows of a long file behind its first piece. Raises UnreadableFile when one cannot be read."""
    assert known.table.further is not None
    coded = _columns_of_few_texts(known.table)
    for grid in known.table.further():
        block = grid.by_columns(known.table.width, coded)
        if block is None:
            grid = _like(grid.in_rows(), grid)
            piece = known.data_of(continued(known.table, grid, grid.filled()))
            yield replace(stacked([(known.file_no, piece)]), left_out=piece.left_out)
        else:
            yield from _by_columns(known, grid, block)


def _like(rows: Grid, block: Grid) -> Grid:
    rows.is_last = block.is_last
    return rows


def _columns_of_few_texts(table: Table) -> frozenset[int]:
    """By the first rows: columns in which the same texts come again and again."""
    sample = [row for row in table.sample(_SAMPLE) if len(row) == table.width]
    return frozenset(n for n in range(table.width) if len({row[n] for row in sample}) <= max(1, _FEW * len(sample)))


def _by_columns(known: Known, grid: Grid, block: Columns) -> Iterator[Part]:
    """A piece whose columns were taken apart at once, without the few rows that are looked at one by one."""
    part = Part(_placed(block.columns, block.rows, grid, known.file_no, known.table.width), block.encoding)
    looked_at = _rows_to_look_at(part, known, grid, block)
    if len(looked_at):
        rows = _like(grid.in_rows(), grid)
        filled = [int(n) for n in looked_at if not rows.is_blank(int(n))]
        some = known.data_of(continued(known.table, rows, filled))
        keep = ~np.isin(block.rows, looked_at)
        if not keep.all():
            part = Part(part.cells.filter(pa.array(keep)), block.encoding)
        yield replace(stacked([(known.file_no, some)]), left_out=some.left_out)
    if len(part):
        yield part


def _rows_to_look_at(part: Part, known: Known, grid: Grid, block: Columns) -> np.ndarray:
    """The grid's rows that may be no data: blank, of another width, sums, repeated captions, the end of the file."""
    table = known.table
    marks = np.zeros(len(grid), bool)
    if known.oblasts:
        numbers, texts = part.coded(known.oblasts.column)
        marks[block.rows[np.array(list(map(known.oblasts.may_be_other, texts)), bool)[numbers]]] = True
    marks[block.odd_rows] = True
    blank = np.ones(len(part), bool)
    for n in range(table.width):
        if not blank.any() and table.header is None:
            break
        column = part.cells.column(n)
        caption = table.caption_row[n].strip() if n < len(table.caption_row) else ""
        if pa.types.is_dictionary(column.type):
            numbers, texts = part.coded(n)
            is_blank = np.array([not t.strip() for t in texts], bool)
            odd = np.array([_may_be_no_data(t, caption) for t in texts], bool)
            blank &= is_blank[numbers] if is_blank.any() else False
            if table.header is not None and odd.any():
                marks[block.rows[odd[numbers]]] = True
        else:
            blank &= pc.equal(pc.binary_length(column), 0).to_numpy()
            if table.header is not None:
                _mark_plain(part.text_of(n), caption, block.rows, marks)
    marks[block.rows[blank]] = True
    if table.header is not None:
        # Captions of another table stand under an empty row.
        for n in block.rows[blank]:
            marks[n + 1 : n + 1 + _AFTER_GAP] = True
        if grid.is_last:
            marks[-_END:] = True
    return np.flatnonzero(marks)


def _may_be_no_data(text: str, caption: str) -> bool:
    small = text.lower()
    return any(word in small for word in TOTAL_WORDS) or bool(caption and text.strip() == caption)


def _mark_plain(texts: pa.ChunkedArray, caption: str, rows: np.ndarray, marks: np.ndarray) -> None:
    """Mark the rows whose text in a column of many different ones may be of a sum or a caption."""
    words = pc.invert(pc.fill_null(pc.ascii_is_decimal(texts), False)).to_numpy()
    for n in np.flatnonzero(words):
        if _may_be_no_data(texts[int(n)].as_py(), caption):
            marks[rows[n]] = True


def in_batches(table: pa.Table) -> pa.Table:
    """In batches of equal rows for every column: DuckDB reads each with a thread of its own."""
    return pa.Table.from_batches(table.combine_chunks().to_batches(max_chunksize=_BATCH), table.schema)


def stacked(tables: Sequence[tuple[int, Table]]) -> Part:
    """Rows of several tables of one width, one after another."""
    width = tables[0][1].width
    grids = [t.grid for _, t in tables]
    lines = [g for g in grids if isinstance(g, LineGrid)]
    if len(lines) == len(grids) > 1 and len({g.delimiter for g in lines}) == 1:
        joined = LineGrid.joined(lines, [t.rows for _, t in tables])
        file_nos = np.asarray([no for no, t in tables for _ in t.rows], np.int32)
        cells = _numbered(joined.columns(range(len(joined)), width), file_nos, joined.lines)
    else:
        cells = pa.concat_tables(
            [
                _numbered(t.grid.columns(t.rows, width), np.full(len(t.grid), no, np.int32), t.grid.lines)
                for no, t in tables
            ]
        )
    return Part(cells.combine_chunks())


def _numbered(columns: pa.Table, file_nos: np.ndarray, lines: Sequence[int]) -> pa.Table:
    rows = columns["row"].to_numpy()
    return (
        columns.drop_columns("row")
        .append_column("file_no", pa.array(file_nos[rows]))
        .append_column("line", pa.array(np.asarray(lines, np.int32)[rows]))
    )


def _placed(columns: Sequence[pa.Array], rows: np.ndarray, grid: Grid, no: int, width: int) -> pa.Table:
    """Rows taken apart by columns stand each on a line of its own."""
    n = len(rows)
    names = [f"c{i}" for i in range(width)]
    return pa.table(
        [
            *columns,
            pa.array(np.full(n, width, np.int32)),
            pa.array(np.full(n, no, np.int32)),
            pa.array((rows + grid.lines[0]).astype(np.int32)),
        ],
        names=[*names, "width", "file_no", "line"],
    )
