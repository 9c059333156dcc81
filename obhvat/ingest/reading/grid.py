"""A grid: rows of cells as they stand in a file or a sheet, before anything is taken for a header.

Three forms of the same thing: lines that only need splitting, rows already in cells, and columns. Of a long file the
grid is its beginning, and `further` gives the later pieces one by one; pieces are read columns first.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.csv

from obhvat.ingest.reading.cells import Marks
from obhvat.ingest.reading.form import Form

# Stands for a delimiter of several signs while rows are split: a control character made for that.
ONE_SIGN = "\x1f"
_DIGIT = re.compile("[0-9]")
_CODED = pa.dictionary(pa.int32(), pa.binary())


class Grid(ABC):
    """Rows of text cells, each with the file line it begins on."""

    is_last = True
    """Whether the file ends with this piece of it."""
    marks: Marks | None = None
    """What is to be known of the cells of a sheet beside their texts."""

    def __init__(self, lines: Sequence[int], encoding: str = "", delimiter: str = "") -> None:
        self.lines = lines
        self.encoding = encoding
        self.delimiter = delimiter
        self.done: Counter[str] = Counter()
        """What was done to the cells of the file, by kind (see form.py); of a long file, when it has been read."""
        self.notes: tuple[str, ...] = ()
        """What else is to be said of how it was read."""
        self.further: Callable[[], Iterator[Grid]] | None = None
        """Reads the pieces of the file behind this one, from the first each time."""

    def __len__(self) -> int:
        return len(self.lines)

    @abstractmethod
    def row(self, n: int) -> list[str]:
        """The cells of row `n`, as many as were written."""

    def is_blank(self, n: int) -> bool:
        return not any(map(str.strip, self.row(n)))

    def filled(self) -> list[int]:
        """The rows that are not blank."""
        return [n for n in range(len(self)) if not self.is_blank(n)]

    def text(self, n: int) -> str:
        """All of row `n` as one text, to be searched before it is taken apart."""
        return "|".join(self.row(n))

    def rows_with(self, words: Sequence[str], rows: Sequence[int]) -> set[int]:
        """Which of the rows have one of the small-letter words in them."""
        return {n for n in rows if any(word in small for small in (self.text(n).lower(),) for word in words)}

    def without_digits(self, rows: Sequence[int]) -> list[int]:
        """Which of the rows are words alone, as captions are and data hardly ever."""
        return [n for n in rows if not _DIGIT.search(self.text(n))]

    def row_is(self, n: int, cells: Sequence[str]) -> bool:
        """Whether row `n` holds exactly these cells."""
        return self.row(n) == list(cells)

    def is_damaged(self, n: int) -> bool:
        """Whether nobody can say which cells the row has: a quotation mark in it is never closed."""
        return False

    def by_columns(self, width: int, coded: frozenset[int]) -> Columns | None:
        """The piece taken apart at once; None when some of it must be looked at row by row.

        `coded`: the columns of few different texts.
        """
        return None

    def in_rows(self) -> Grid:
        """The piece in a form whose rows are quick to look at."""
        return self

    def columns(self, rows: Sequence[int], width: int) -> pa.Table:
        """Chosen rows as columns c0 … c<width−1> of text, with `row`, their number in the grid, and `width`: how
        many cells each has, −1 for a damaged row. The order may change. Cells beyond `width` are left out; blank ones
        do not count.
        """
        cells = [self.row(n) for n in rows]
        columns = list(zip_longest(*cells, fillvalue=""))[:width]
        columns += [("",) * len(cells)] * (width - len(columns))
        widths = [-1 if self.is_damaged(n) else _filled_width(row, width) for n, row in zip(rows, cells, strict=True)]
        return in_table([pa.array(c, pa.string()) for c in columns], rows, widths)


@dataclass(frozen=True)
class Columns:
    """A piece of a file in columns: rows of the expected width, and those that are not."""

    columns: list[pa.Array]
    """Coded ones as dictionaries of bytes, the others bytes or text, in `encoding`."""
    rows: np.ndarray
    """The grid's row of each."""
    odd_rows: list[int]
    """Rows with more or fewer cells."""
    encoding: str


class CellGrid(Grid):
    """Rows already in cells: quoted text and workbooks."""

    def __init__(
        self,
        rows: Sequence[list[str]],
        lines: Sequence[int],
        encoding: str = "",
        delimiter: str = "",
        damaged: frozenset[int] = frozenset(),
        marks: Marks | None = None,
    ) -> None:
        super().__init__(lines, encoding, delimiter)
        self._rows = rows
        self._damaged = damaged
        self.marks = marks

    def row(self, n: int) -> list[str]:
        return self._rows[n]

    def is_damaged(self, n: int) -> bool:
        return n in self._damaged

    def fill_merged(self, rows: Collection[int]) -> None:
        """Write the value of cells merged over several of the rows into each of them that is empty there."""
        marks = self.marks or Marks()
        inside = set(rows) if marks.merged else set()
        for top, bottom, column in marks.merged:
            if top not in inside or column >= len(self._rows[top]) or not self._rows[top][column].strip():
                continue
            for n in range(top + 1, min(bottom + 1, len(self._rows))):
                row = self._rows[n]
                if n in inside and not any(cell.strip() for cell in row[column : column + 1]):
                    row += [""] * (column + 1 - len(row))
                    row[column] = self._rows[top][column]
                    marks.filled.add((n, column))


class LineGrid(Grid):
    """Lines of text without quotation: a row is its line split at `sign`, one character for the delimiter."""

    def __init__(
        self, text_lines: Sequence[str], lines: Sequence[int], encoding: str, delimiter: str, sign: str
    ) -> None:
        super().__init__(lines, encoding, delimiter)
        self._text_lines = text_lines
        self._sign = sign

    @staticmethod
    def joined(grids: Sequence[LineGrid], rows: Sequence[Sequence[int]]) -> LineGrid:
        """Chosen rows of several grids, one after another: small files are then split in one pass."""
        text = [grid._text_lines[n] for grid, chosen in zip(grids, rows, strict=True) for n in chosen]
        lines = [grid.lines[n] for grid, chosen in zip(grids, rows, strict=True) for n in chosen]
        return LineGrid(text, lines, grids[0].encoding, grids[0].delimiter, grids[0]._sign)

    def row(self, n: int) -> list[str]:
        return self._text_lines[n].split(self._sign)

    def is_blank(self, n: int) -> bool:
        return not self._text_lines[n].strip(f"{self._sign} \t")

    def filled(self) -> list[int]:
        blank = f"{self._sign} \t"
        # Most lines begin with a letter or a digit, which is quicker to see than that something is left of them.
        return [n for n, line in enumerate(self._text_lines) if line and (line[0] not in blank or line.strip(blank))]

    def text(self, n: int) -> str:
        return self._text_lines[n]

    def rows_with(self, words: Sequence[str], rows: Sequence[int]) -> set[int]:
        # Hardly ever any row has: then the whole text is searched at once.
        whole = "\n".join(self._text_lines).lower()
        return super().rows_with(words, rows) if any(word in whole for word in words) else set()

    def row_is(self, n: int, cells: Sequence[str]) -> bool:
        return self._text_lines[n] == self._sign.join(cells)

    def columns(self, rows: Sequence[int], width: int) -> pa.Table:
        lines = [self._text_lines[n] for n in rows]
        whole = self._parsed(lines, width) if width > 1 and rows else None
        if whole is not None:
            return in_table(whole.columns, rows, np.full(len(rows), width))
        wanted = width - 1
        regular = [n for n, line in zip(rows, lines, strict=True) if line.count(self._sign) == wanted]
        parsed = self._parsed([self._text_lines[n] for n in regular], width) if wanted and regular else None
        if parsed is None:
            return super().columns(rows, width)
        parts = [in_table(parsed.columns, regular, np.full(len(regular), width))]
        done = set(regular)
        parts.append(super().columns([n for n in rows if n not in done], width))
        return pa.concat_tables(parts)

    def _parsed(self, lines: Sequence[str], width: int) -> pa.Table | None:
        """Lines of `width` cells each as columns; None when one has more or fewer."""
        names = [f"c{n}" for n in range(width)]
        body = "\n".join(lines)
        try:
            parsed = pa.csv.read_csv(
                pa.py_buffer(f"{body}\n".encode()),
                read_options=pa.csv.ReadOptions(column_names=names, block_size=1 << 22),
                parse_options=pa.csv.ParseOptions(delimiter=self._sign, quote_char=False, ignore_empty_lines=False),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        return parsed if parsed.num_rows == len(lines) else None


class TextBlock(Grid):
    """A later block of a long text: bytes with plain line ends, taken apart by columns, and into rows only when that
    does not go."""

    def __init__(
        self,
        data: bytes,
        first_line: int,
        is_last: bool,
        encoding: str,
        form: Form,
        split: Callable[[str, int, str, Form, int | None], Grid],
    ) -> None:
        super().__init__(range(first_line, first_line + data.count(b"\n") + 1), encoding, form.delimiter)
        self.is_last = is_last
        self._form = form
        self._data = data
        self._split = split
        self._width: int | None = None

    @cached_property
    def _in_rows(self) -> Grid:
        return self._split(self._data.decode(self.encoding), self.lines[0], self.encoding, self._form, self._width)

    def in_rows(self) -> Grid:
        return self._in_rows

    def row(self, n: int) -> list[str]:
        """Only of a block without cells on several lines."""
        return self._in_rows.row(n)

    def by_columns(self, width: int, coded: frozenset[int]) -> Columns | None:
        self._width = width
        # What stands in apostrophes, or behind a blank, is quoted only for `quoted_rows`.
        if width < 2 or self._form.quote != '"' or f'{self.delimiter} "'.encode() in self._data:
            return None
        data, sign = self._data, self.delimiter
        if len(sign) > 1:
            data, sign = data.replace(sign.encode(self.encoding), ONE_SIGN.encode()), ONE_SIGN
        quoted = self._form.is_quoted(data)
        if quoted and self._form.has_marked_cells(data):
            return None
        cells, odd = _split_by_columns(data, width, sign, quoted, coded), []
        if cells is None and not quoted:
            lines = data.split(b"\n")
            mark = sign.encode(self.encoding)
            odd = [n for n, line in enumerate(lines) if line.count(mark) != width - 1]
            regular = (line for line in lines if line.count(mark) == width - 1)
            cells = _split_by_columns(b"\n".join(regular), width, sign, quoted, coded)
        # A cell on several lines, or a mark that is never closed, makes fewer rows than lines.
        if cells is None or cells.num_rows + len(odd) != len(self):
            return None
        rows = np.delete(np.arange(len(self)), odd) if odd else np.arange(len(self))
        return Columns([c.combine_chunks() for c in cells.columns], rows, odd, self.encoding)


def _split_by_columns(data: bytes, width: int, sign: str, quoted: bool, coded: frozenset[int]) -> pa.Table | None:
    """Bytes taken apart at once; None when a line has more or fewer cells than `width`."""
    names = [f"c{n}" for n in range(width)]
    try:
        return pa.csv.read_csv(
            pa.py_buffer(data + b"\n"),
            read_options=pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 2),
            parse_options=pa.csv.ParseOptions(
                delimiter=sign, quote_char='"' if quoted else False, ignore_empty_lines=False
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types={name: _CODED if n in coded else pa.binary() for n, name in enumerate(names)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _filled_width(row: Sequence[str], expected: int) -> int:
    if len(row) <= expected:
        return len(row)
    return next((n for n in range(len(row), expected, -1) if row[n - 1].strip()), expected)


def in_table(
    columns: Sequence[pa.Array | pa.ChunkedArray], rows: Sequence[int], widths: Sequence[int] | np.ndarray
) -> pa.Table:
    names = [f"c{n}" for n in range(len(columns))]
    return pa.table(
        [*columns, pa.array(np.asarray(rows, np.int64)), pa.array(np.asarray(widths, np.int32))],
        names=[*names, "row", "width"],
    )
