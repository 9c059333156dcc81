"""A table: which row is the header, which rows are data, and which are titles, numbering and totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from obhvat.datasets import PERSONAL_CAPTIONS, all_datasets
from obhvat.datasets.captions import normal
from obhvat.ingest.text import Lines
from obhvat.layouts import Layout, all_layouts

_HEADER_SEARCH = 30
_TOTAL_WORDS = ("общо", "всичко", "сума", "total")


@dataclass(frozen=True)
class Table:
    """The table found in a file or a sheet. Rows are as wide as they were written."""

    header: tuple[str, ...] | None
    """Captions, or None when the file has none."""
    rows: list[list[str]]
    lines: list[int]
    header_lines: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...]
    """Lines that are not data, with what they are: `title`, `numbering`, `total`, `blank`."""
    width: int
    encoding: str
    delimiter: str
    layout: Layout | None = None
    """The headerless layout whose form the rows have."""


@cache
def _known_captions() -> frozenset[str]:
    fields = {s for d in all_datasets() for f in d.fields for s in f.spellings}
    listed = {normal(c) for one in all_layouts() for wanted in one.captions for c in wanted}
    return frozenset(fields | listed | PERSONAL_CAPTIONS)


def _is_blank(row: list[str]) -> bool:
    return not any(cell.strip() for cell in row)


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
    known = _known_captions()
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


def find_table(found: Lines) -> Table:
    """The table in rows of cells. A file without a known header is a table without captions."""
    filled = [n for n, row in enumerate(found.rows) if not _is_blank(row)]
    sample = [found.rows[n] for n in filled[:200]]
    layout = next(
        (x for x in all_layouts() if x.delimiter == found.delimiter != "" and x.fits_cells(sample)), None
    )
    head = None if layout else _find_header(found.rows)
    left_out: list[tuple[int, str]] = []
    start, header = 0, None
    if head is not None:
        left_out += [(found.lines[n], "title") for n in filled if n < head]
        header, start = tuple(cell.strip(" \t\r\n\ufeff") for cell in found.rows[head]), head + 1
        while header and not header[-1]:
            header = header[:-1]
    data = [n for n in filled if n >= start]
    if head is not None and data and _is_numbering(found.rows[data[0]]):
        left_out.append((found.lines[data.pop(0)], "numbering"))
    while head is not None and data and _is_total(found.rows[data[-1]]):
        left_out.append((found.lines[data.pop()], "total"))
    width = len(header) if header else max((len(found.rows[n]) for n in data), default=0)
    return Table(
        header=header,
        rows=[found.rows[n] for n in data],
        lines=[found.lines[n] for n in data],
        header_lines=() if head is None else (found.lines[head],),
        left_out=tuple(sorted(left_out)),
        width=len(layout.columns) if layout else width,
        encoding=found.encoding,
        delimiter=found.delimiter,
        layout=layout,
    )
