"""Rows that were handed back to their sender and return corrected: by what such a file is known, and the lines on which
its rows stood in the file they are of.

The mark stands in a line above the captions: it survives being saved as anything. Without our two columns the table is
as it was sent, so whatever reads it next finds the captions, the columns and the lines of the first file.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from obhvat.datasets.captions import normal
from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.grid import CellGrid
from obhvat.ingest.reading.table import Table, continued
from obhvat.language import _
from obhvat.texts import number

LINE, REASON = "Ред във файла", "Какво да се поправи"
"""The captions of the two columns that we add."""
ADDED = 10_000_001
"""The line of the first row that a sender added to those handed back: behind any line of a file."""

# No digits: beside dates and codes of institutions the mark is neither.
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrtvw")
_MARK = re.compile(r"№ ?((?:[bcdfghjkmnpqrtvw]{4}-){2}[bcdfghjkmnpqrtvw]{4})\b")
_OF = re.compile(r"за поправка: (\d+) от (\d+)")
_LINE = re.compile(r"\s*(\d{1,8})(?:[.,]0+)?\s*")
_MOST = 200_000


@dataclass(frozen=True)
class Returned:
    """What a file of returned rows says of the file they are of."""

    mark: str | None
    """None when the line with it was deleted."""
    is_whole: bool
    """Whether all of that file's rows were handed back."""
    lines: frozenset[int]
    """The lines of that file that are here."""
    n_added: int
    """Rows without a line of theirs."""
    first_added: int
    """The line of the first of them; they stand behind all others here."""


def mark_of(file_hash: str, page: str) -> str:
    """By what a table of a file is known: three groups of letters."""
    letters = hashlib.sha256(f"{file_hash} {page}".encode()).hexdigest()[:12].translate(_LETTERS)
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def title_line(mark: str | None, title: str, n_rows: int, n_read: int, given: Mapping[str, str]) -> str:
    """What stands above the returned rows; `given` is what the file said of all its rows, by caption, in words."""
    return " ".join(
        [
            f"Редове за поправка: {n_rows} от {n_read} във файла „{title}“.",
            *(f"{caption}: {words}." for caption, words in given.items()),
            "Поправете ги тук и върнете този файл: останалите редове се пазят. Не изтривайте този ред.",
            *([f"№ {mark}"] if mark else []),
        ]
    )


def as_sent(table: Table) -> tuple[Table, Returned | None]:
    """The table without our columns, its rows on their own lines; as it is when it has none of ours.

    Raises UnreadableFile when it has more rows than are ever handed back.
    """
    captions = [normal(c) for c in table.header or ()]
    if normal(LINE) not in captions:
        return table, None
    found = next((m for title in table.titles if (m := _MARK.search(title))), None)
    if found is None and normal(REASON) not in captions:
        return table, None
    of_lines = captions.index(normal(LINE))
    ours = {of_lines, *(n for n, caption in enumerate(captions) if caption == normal(REASON))}
    rows, damaged, lines, at_home = [], set(), [], set()
    for piece in _pieces(table):
        for n in piece.rows:
            row = piece.grid.row(n)
            if piece.grid.is_damaged(n):
                damaged.add(len(rows))
            told = _LINE.fullmatch(row[of_lines]) if of_lines < len(row) else None
            line = int(told[1]) if told else 0
            lines.append(0 if line in at_home else line)
            at_home.add(line)
            rows.append(_without(row, ours))
        if len(rows) > _MOST:
            raise UnreadableFile(
                _("Редовете за поправка са повече от {most}. Поискайте целия файл отново.").format(most=number(_MOST))
            )
    at_home.discard(0)
    n_added, first_added = lines.count(0), max([ADDED, *(line + 1 for line in at_home)])
    added = itertools.count(first_added)
    lines = [line or next(added) for line in lines]
    counts = next((m for title in table.titles if (m := _OF.search(title))), None)
    grid = CellGrid(rows, lines, table.grid.encoding, table.grid.delimiter, frozenset(damaged))
    header = tuple(_without(table.header or (), ours))
    sent = replace(
        table,
        grid=grid,
        header=header,
        rows=list(range(len(rows))),
        left_out=tuple((line, what) for line, what in table.left_out if what != "title"),
        width=len(header),
        caption_row=tuple(_without(table.caption_row, ours)),
        further=None,
    )
    is_whole = counts is not None and counts[1] == counts[2]
    mark = found[1] if found else None
    return sent, Returned(mark, is_whole, frozenset(at_home), n_added, first_added)


def _pieces(table: Table) -> Iterator[Table]:
    yield table
    for grid in table.further() if table.further else ():
        rows = grid.in_rows()
        rows.is_last = grid.is_last
        yield continued(table, rows, rows.filled())


def _without(cells: Sequence[str], dropped: set[int]) -> list[str]:
    return [cell for n, cell in enumerate(cells) if n not in dropped]
