"""Quoted text: cells with delimiters and line ends inside, and lines whose quotation mark is never closed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

# A note of a person has a few lines; a mark that is still open after so many was forgotten.
MOST_LINES = 200
_WIDTH_SAMPLE = 1000

csv.field_size_limit(1 << 30)


Quoted = tuple[list[list[str]], list[int], frozenset[int]]
_SWAPPED = str.maketrans({'"': "'", "'": '"'})


def quoted_rows(text: str, delimiter: str, width: int | None = None, quote: str = '"') -> Quoted:
    """Rows, the line each begins on, and which rows are damaged: a mark opens in them that nothing closes.

    A damaged row is its line split at every delimiter, and the lines behind it are rows of their own. Line ends
    inside the text must be \\n. `width`: how many cells a row has, where that is known from before. `quote`: the
    apostrophe, where cells stand in apostrophes.
    """
    if quote != '"':
        rows, begins, damaged = quoted_rows(text.translate(_SWAPPED), delimiter, width)
        return [[cell.translate(_SWAPPED) for cell in row] for row in rows], begins, damaged
    # A blank may stand between a delimiter and a mark.
    spaced = _sound_rows(text, delimiter, skip_blanks=True) if f'{delimiter} "' in text else None
    return spaced or _sound_rows(text, delimiter) or _mended_rows(text.split("\n"), delimiter, width)


def _sound_rows(text: str, delimiter: str, *, skip_blanks: bool = False) -> Quoted | None:
    """The rows of a text whose quotation nobody can doubt, or None."""
    rows, begins, before = [], [], 0
    long: list[tuple[int, int, int]] = []
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=skip_blanks)
    try:
        for row in reader:
            if reader.line_num - before > 1:
                long.append((len(row), before, reader.line_num))
            rows.append(row)
            begins.append(before + 1)
            before = reader.line_num
    except csv.Error:
        return None
    if long:
        # Titles and remarks are shorter than the rows of a table.
        [(usual, _)] = Counter(len(row) for row in rows if row).most_common(1)
        lines, shape = text.split("\n"), _Shape(delimiter)
        if any(width != usual or shape.hides_rows(lines[a:b], usual) for width, a, b in long):
            return None
    return rows, begins, frozenset()


def _mended_rows(lines: list[str], delimiter: str, width: int | None) -> Quoted:
    shape = _Shape(delimiter)
    width = width or shape.usual_width(lines)
    rows: list[list[str]] = []
    begins: list[int] = []
    damaged: set[int] = set()
    n = 0
    while n < len(lines):
        taken = 1
        if '"' not in lines[n]:
            row = lines[n].split(delimiter) if lines[n] else []
        elif shape.is_open(lines[n]):
            row, taken = shape.long_row(lines, n, width)
            if row is None:
                damaged.add(len(rows))
                row = lines[n].split(delimiter)
        else:
            row = next(csv.reader([lines[n]], delimiter=delimiter), [])
        rows.append(row)
        begins.append(n + 1)
        n += taken
    return rows, begins, frozenset(damaged)


class _Shape:
    """What a row looks like under a delimiter."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        d = re.escape(delimiter)
        self._quoted = re.compile('"(?:[^"]|"")*+"')
        plain = f'[^"{d}\\n][^{d}\\n]*|'
        cell = f'(?:"(?:[^"]|"")*+"|{plain})'
        self._row = re.compile(f"{cell}(?:{d}{cell})*")
        clean = f'(?:"(?:[^"]|"")*+"|[^"{d}]*)'
        self._clean_row = re.compile(f"{clean}(?:{d}{clean})*")

    def is_open(self, line: str) -> bool:
        """Whether the line ends inside quotation marks."""
        at = 0
        while True:
            if line.startswith('"', at):
                closed = self._quoted.match(line, at)
                if closed is None:
                    return True
                at = closed.end()
            at = line.find(self.delimiter, at) + 1
            if not at:
                return False

    def usual_width(self, lines: list[str]) -> int:
        """How many cells most rows have that stand on one line."""
        closed = islice((line for line in lines if line.strip() and not self.is_open(line)), _WIDTH_SAMPLE)
        widths = Counter(len(row) for row in csv.reader(closed, delimiter=self.delimiter))
        return widths.most_common(1)[0][0] if widths else 0

    def long_row(self, lines: list[str], first: int, width: int) -> tuple[list[str] | None, int]:
        """The row of `width` cells that begins on a line and ends on a later one, and how many lines it takes.

        (None, 1) when the mark that is open on the line does not belong to such a row.
        """
        text = lines[first]
        for n in range(first + 1, min(len(lines), first + MOST_LINES)):
            text += f"\n{lines[n]}"
            if self._row.fullmatch(text):
                row = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])
                fits = len(row) == width and not self.hides_rows(lines[first : n + 1], width)
                return (row, n + 1 - first) if fits else (None, 1)
        return None, 1

    def hides_rows(self, lines: list[str], width: int) -> bool:
        """Whether one row on several lines is rather several rows, the first of which forgot to close its mark."""
        if len(lines) > MOST_LINES:
            return True
        *inner, last = (self._is_row(line, width) for line in lines[1:])
        return width > 1 and (any(inner) or (last and lines[0].count(self.delimiter) == width - 1))

    def _is_row(self, line: str, width: int) -> bool:
        """Whether the line is a row by itself; a mark inside a word may be the end of a cell from above, and behind a
        comma of a sentence a blank stands."""
        if line.count(self.delimiter) == line.count(f"{self.delimiter} ") > 0:
            return False
        return bool(self._clean_row.fullmatch(line)) and (
            len(next(csv.reader([line], delimiter=self.delimiter), [])) == width
        )
