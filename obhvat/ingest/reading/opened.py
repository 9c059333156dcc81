"""The first step: from bytes to the tables that stand in a file, before anybody asks what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from obhvat.datasets import INSTRUCTIONS_SHEET
from obhvat.errors import UnreadableFile
from obhvat.ingest.answers import NO_ANSWERS, FileAnswers
from obhvat.ingest.reading.archive import members, unzipped
from obhvat.ingest.reading.encodings import encoding_words
from obhvat.ingest.reading.form import done_words
from obhvat.ingest.reading.grid import CellGrid, Grid
from obhvat.ingest.reading.markup import read_markup
from obhvat.ingest.reading.parquet import read_parquet
from obhvat.ingest.reading.parted import parts_note, read_parts
from obhvat.ingest.reading.returned import Returned, as_sent
from obhvat.ingest.reading.source import TABLE, Source
from obhvat.ingest.reading.table import Table, find_tables
from obhvat.ingest.reading.text import read_text
from obhvat.ingest.reading.workbook import read_workbook
from obhvat.privacy import scrub


@dataclass(frozen=True)
class Arrived:
    """A file as it arrived: what of it may be shown and kept."""

    name: str
    file_hash: str
    """Keyed with the store's key; without a store it knows no file again."""
    size: int
    is_empty: bool = False
    notes: tuple[str, ...] = ()
    """What was done to it before it was opened."""


@dataclass(frozen=True)
class Opened:
    """A table of a file."""

    file: Arrived
    sheet: str
    """Its sheet's own name; may hold anything, so it is never shown."""
    page: str
    """The sheet and which of its tables it is, as it may be shown; empty when the file is one table."""
    table: Table
    returned: Returned | None = None
    """What it says of itself when its rows were handed back; the table is then as they were sent."""
    grid: Grid | None = None
    """The whole sheet or text, with the first table in it: what was done to its cells is told of that one."""

    @property
    def notes(self) -> list[str]:
        """How the file was read, where that is not as usual; of a long file, when it has been read."""
        grid = self.grid
        of_grid = [*encoding_words(grid.encoding), *done_words(grid.done), *grid.notes] if grid is not None else []
        return [*self.file.notes, *of_grid]

    @property
    def title(self) -> str:
        """The file's name, with the sheet's when the workbook has several tables."""
        return title_of(self.file.name, self.page)


Step = TypeVar("Step", covariant=True)


@dataclass(frozen=True)
class Refused(Generic[Step]):
    """A file or a table of which nothing can be stored: how far it came, and why no further."""

    at: Step
    why: str
    may_be_explained: bool = False
    """Whether a person may say what the table's columns are."""


def title_of(name: str, page: str) -> str:
    """A table's title on screen: „файл.xlsx · Лист1“."""
    return f"{name} · {page}" if page else name


def open_file(source: Source, told: Mapping[str, FileAnswers], key: str) -> list[Opened] | Refused[Arrived]:
    """The tables of one file. `told` is what a person said of files, by title, or by "" of all; `key` the store's."""
    file = Arrived(source.safe_name, source.hash_with(key), source.size, notes=parts_note(source))
    how = told.get(file.name, told.get("", NO_ANSWERS))
    try:
        sheets = sheets_in(source, how)
        is_book = len(sheets.keys() - {INSTRUCTIONS_SHEET}) > 1
        return [opened for name, grid in sheets.items() for opened in _tables_of(file, name, grid, is_book, told)]
    except UnreadableFile as error:
        return Refused(replace(file, is_empty=source.is_empty), str(error))


def sheets_in(source: Source, how: FileAnswers = NO_ANSWERS) -> dict[str, Grid]:
    """What stands in a file, by sheet; "" where it has none. Raises UnreadableFile."""
    if source.parts:
        return {"": read_parts(source)}
    match source.kind:
        # Those that can be opened were; this one says why it cannot.
        case "archive":
            members(source)
        case "compressed":
            unzipped(source)
        case "workbook":
            return read_workbook(source.data)
        case "parquet":
            return {"": read_parquet(source)}
        case "html" | "xml" | "mhtml":
            return read_markup(source)
    return {"": read_text(source, how.encoding, how.delimiter)}


def _tables_of(
    file: Arrived, sheet: str, grid: Grid, is_book: bool, told: Mapping[str, FileAnswers]
) -> Iterator[Opened]:
    shown = scrub(sheet) if is_book else ""
    how = told.get(title_of(file.name, shown), told.get("", NO_ANSWERS))
    tables = find_tables(grid, how.header_line)
    if isinstance(grid, CellGrid):
        grid.fill_merged([n for table in tables for n in table.rows])
    for no, table in enumerate(tables, start=1):
        names = (shown, f"{TABLE} {no}" if len(tables) > 1 else "")
        sent, returned = as_sent(table)
        yield Opened(file, sheet, " · ".join(filter(None, names)), sent, returned, grid if no == 1 else None)


def opened_empty(file: Arrived) -> Opened:
    """A file without anything in it, as a table without rows."""
    return Opened(file, "", "", Table(CellGrid([], []), None, [], (), (), 0))
