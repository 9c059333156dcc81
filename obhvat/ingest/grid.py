"""A grid: rows of cells as they stand in a file or a sheet, before anything is taken for a header.

Three forms of the same thing: lines that only need splitting, rows already in cells, and columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv


class Grid:
    """Rows of text cells, each with the file line it begins on."""

    def __init__(self, lines: Sequence[int], encoding: str = "", delimiter: str = "") -> None:
        self.lines = lines
        self.encoding = encoding
        self.delimiter = delimiter

    def __len__(self) -> int:
        return len(self.lines)

    def row(self, n: int) -> list[str]:
        """The cells of row `n`, as many as were written."""
        raise NotImplementedError

    def is_blank(self, n: int) -> bool:
        return not any(map(str.strip, self.row(n)))

    def filled(self) -> list[int]:
        """The rows that are not blank."""
        return [n for n in range(len(self)) if not self.is_blank(n)]

    def text(self, n: int) -> str:
        """All of row `n` as one text, to be searched before it is taken apart."""
        return "|".join(self.row(n))

    def row_is(self, n: int, cells: Sequence[str]) -> bool:
        """Whether row `n` holds exactly these cells."""
        return self.row(n) == cells

    def is_damaged(self, n: int) -> bool:
        """Whether nobody can say which cells the row has: a quotation mark in it is never closed."""
        return False

    def columns(self, rows: Sequence[int], width: int) -> pa.Table:
        """Chosen rows as columns c0 … c<width−1> of text, with `row`, their number in the grid, and `width`: how
        many cells each has, −1 for a damaged row. The order may change. Cells beyond `width` are left out; blank ones
        do not count.
        """
        cells = [self.row(n) for n in rows]
        columns = list(zip_longest(*cells, fillvalue=""))[:width]
        columns += [("",) * len(cells)] * (width - len(columns))
        widths = [-1 if self.is_damaged(n) else _filled_width(row, width) for n, row in zip(rows, cells, strict=True)]
        return _table([pa.array(c, pa.string()) for c in columns], rows, widths)


class CellGrid(Grid):
    """Rows already in cells: quoted text and workbooks."""

    def __init__(
        self,
        rows: Sequence[list[str]],
        lines: Sequence[int],
        encoding: str = "",
        delimiter: str = "",
        damaged: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(lines, encoding, delimiter)
        self._rows = rows
        self._damaged = damaged

    def row(self, n: int) -> list[str]:
        return self._rows[n]

    def is_damaged(self, n: int) -> bool:
        return n in self._damaged


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

    def row_is(self, n: int, cells: Sequence[str]) -> bool:
        return self._text_lines[n] == self._sign.join(cells)

    def columns(self, rows: Sequence[int], width: int) -> pa.Table:
        lines = [self._text_lines[n] for n in rows]
        whole = self._parsed(lines, width) if width > 1 and rows else None
        if whole is not None:
            return _table(whole.columns, rows, np.full(len(rows), width))
        wanted = width - 1
        regular = [n for n, line in zip(rows, lines, strict=True) if line.count(self._sign) == wanted]
        parsed = self._parsed([self._text_lines[n] for n in regular], width) if wanted and regular else None
        if parsed is None:
            return super().columns(rows, width)
        parts = [_table(parsed.columns, regular, np.full(len(regular), width))]
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


class ColumnGrid(Grid):
    """Typed columns made text, with their names as the first row: Parquet."""

    def __init__(self, table: pa.Table) -> None:
        super().__init__(range(1, table.num_rows + 2))
        self._names = list(table.column_names)
        self._columns = [_as_text(column) for column in table.columns]

    def row(self, n: int) -> list[str]:
        return self._names if n == 0 else [column[n - 1].as_py() for column in self._columns]

    def is_blank(self, n: int) -> bool:
        return False

    def text(self, n: int) -> str:
        # A column of a data file holds no totals of itself but in the words of its first column.
        return self._names[0] if n == 0 else self._columns[0][n - 1].as_py()

    def columns(self, rows: Sequence[int], width: int) -> pa.Table:
        taken = pa.array([n - 1 for n in rows], pa.int64())
        columns = [column.take(taken) for column in self._columns[:width]]
        return _table(columns, rows, [width] * len(rows))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A typed column as the text a person would have typed; missing values are empty."""
    kind = column.type
    if pa.types.is_boolean(kind):
        column = pc.if_else(column, "да", "не")
    elif pa.types.is_timestamp(kind):
        column = pc.strftime(column, format="%Y-%m-%d %H:%M:%S")
    elif pa.types.is_list(kind):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), "; ")
    elif pa.types.is_floating(kind):
        # Whole numbers that a program kept as floats: 1400842.0 is the code 1400842.
        text = pc.replace_substring_regex(column.cast(pa.string()), r"\.0$", "")
        column = text
    elif pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    return pc.fill_null(column.cast(pa.string()), "")


def _filled_width(row: Sequence[str], expected: int) -> int:
    if len(row) <= expected:
        return len(row)
    return next((n for n in range(len(row), expected, -1) if row[n - 1].strip()), expected)


def _table(
    columns: Sequence[pa.Array | pa.ChunkedArray], rows: Sequence[int], widths: Sequence[int] | np.ndarray
) -> pa.Table:
    names = [f"c{n}" for n in range(len(columns))]
    return pa.table(
        [*columns, pa.array(np.asarray(rows, np.int64)), pa.array(np.asarray(widths, np.int32))],
        names=[*names, "row", "width"],
    )
