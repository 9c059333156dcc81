"""A table: which row is the header, which rows are data, and which are titles, numbering and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from obhvat.datasets import PERSONAL_CAPTIONS, all_datasets
from obhvat.datasets.captions import normal
from obhvat.ingest.grid import Grid, LineGrid
from obhvat.ingest.source import without_ids
from obhvat.layouts import Layout, all_layouts

_HEADER_SEARCH = 30
_SAMPLE = 12
_TOTAL_WORDS = ("общо", "всичко", "сума", "total")


@dataclass(frozen=True)
class Table:
    """The table found in a file or a sheet."""

    grid: Grid
    header: tuple[str, ...] | None
    """Captions, or None when the file has none."""
    rows: list[int]
    """The grid's rows that are data."""
    header_lines: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...]
    """Lines that are not data, with what they are: `title`, `numbering`, `total`."""
    width: int
    layout: Layout | None = None
    """The headerless layout whose form the rows have."""

    def sample(self, size: int) -> list[list[str]]:
        """About `size` rows from all over the table."""
        return [self.grid.row(n) for n in self.rows[:: max(1, len(self.rows) // size)]]


@cache
def known_captions() -> frozenset[str]:
    """Every caption of ours, of the layouts and of personal data, in `normal` form."""
    fields = {s for d in all_datasets() for f in d.fields for s in f.spellings}
    listed = {normal(c) for one in all_layouts() for wanted in one.captions for c in wanted}
    return frozenset(fields | listed | PERSONAL_CAPTIONS)


def _is_numbering(row: list[str]) -> bool:
    """1, 2, 3 … under the captions; the first cell may be empty or „№“."""
    filled = [cell.strip() for cell in row if cell.strip()]
    numbers = filled if filled and filled[0].isdigit() else filled[1:]
    return (
        len(numbers) > 1
        and all(n.isdigit() for n in numbers)
        and [int(n) for n in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))
        and int(numbers[0]) in (0, 1, 2)
    )


def _is_total(row: list[str]) -> bool:
    first = next((cell for cell in row if cell.strip()), "")
    return normal(first).startswith(_TOTAL_WORDS)


def _find_header(rows: list[list[str]]) -> int | None:
    """The row with the most captions we know, or the first row of words as wide as the table."""
    known = known_captions()
    hits = [sum(normal(cell) in known for cell in row if cell.strip()) for row in rows[:_HEADER_SEARCH]]
    best = max(range(len(hits)), key=hits.__getitem__, default=None)
    if best is not None and hits[best] >= 2:
        return best
    width = max(map(len, rows[:_HEADER_SEARCH]), default=0)
    for n, row in enumerate(rows[:_HEADER_SEARCH]):
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) > 0.6 * width and not any(c.replace(",", "").replace(".", "").isdigit() for c in filled):
            return n
        if len(filled) > 1:
            return None
    return None


def stacked(tables: Sequence[tuple[int, Table]]) -> pa.Table:
    """Rows of several tables of one width, each with its number: c0 …, `width`, `file_no`, `line`."""
    width = tables[0][1].width
    grids = [t.grid for _, t in tables]
    lines = [g for g in grids if isinstance(g, LineGrid)]
    if len(lines) == len(grids) > 1 and len({g.delimiter for g in lines}) == 1:
        joined = LineGrid.joined(lines, [t.rows for _, t in tables])
        file_nos = [no for no, t in tables for _ in t.rows]
        return _placed(joined.columns(range(len(joined)), width), file_nos, joined.lines)
    parts = []
    for no, t in tables:
        parts.append(_placed(t.grid.columns(t.rows, width), [no] * len(t.grid), t.grid.lines))
    return pa.concat_tables(parts).combine_chunks()


def _placed(columns: pa.Table, file_nos: Sequence[int], lines: Sequence[int]) -> pa.Table:
    rows = columns["row"]
    return (
        columns.drop_columns("row")
        .append_column("file_no", pa.array(file_nos, pa.int32()).take(rows))
        .append_column("line", pa.array(lines, pa.int32()).take(rows))
    )


def find_table(grid: Grid) -> Table:
    """The table in a grid. A file without a known header is a table without captions."""
    filled = [n for n in range(len(grid)) if not grid.is_blank(n)]
    sample = [grid.row(n) for n in filled[:: max(1, len(filled) // _SAMPLE)]]
    layout = next((x for x in all_layouts() if x.delimiter == grid.delimiter and x.fits_cells(sample)), None)
    top = [grid.row(n) for n in range(min(len(grid), _HEADER_SEARCH))]
    head = None if layout else _find_header(top)
    left_out: list[tuple[int, str]] = []
    header: tuple[str, ...] | None = None
    data = filled
    if head is not None:
        left_out += [(grid.lines[n], "title") for n in filled if n < head]
        header = tuple(without_ids(cell.strip()) for cell in top[head])
        while header and not header[-1]:
            header = header[:-1]
        data = [n for n in filled if n > head]
        if data and _is_numbering(grid.row(data[0])):
            left_out.append((grid.lines[data.pop(0)], "numbering"))
        while data and _is_total(grid.row(data[-1])):
            left_out.append((grid.lines[data.pop()], "total"))
    if layout:
        width = len(layout.columns)
    else:
        width = len(header) if header else max((len(grid.row(n)) for n in data), default=0)
    return Table(
        grid=grid,
        header=header,
        rows=data,
        header_lines=() if head is None else (grid.lines[head],),
        left_out=tuple(sorted(left_out)),
        width=width,
        layout=layout,
    )
