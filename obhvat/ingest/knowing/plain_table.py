"""A file's table as it was understood, before any mapping: for looking at, with what is personal hidden."""

from __future__ import annotations

from collections.abc import Sequence

from obhvat.datasets.personal import is_personal
from obhvat.errors import UnreadableFile
from obhvat.ingest.knowing.fields import looks_like_id, recognise
from obhvat.ingest.reading.archive import unpacked
from obhvat.ingest.reading.opened import sheets_in
from obhvat.ingest.reading.parted import together
from obhvat.ingest.reading.source import Source
from obhvat.ingest.reading.table import Table, find_tables
from obhvat.language import _
from obhvat.privacy import mask, scrub
from obhvat.privacy.names import names_in
from obhvat.texts import counted, listed

_SAMPLE = 200


def read_table(source: Source, sheet: str | None = None, no: int = 1) -> tuple[list[str] | None, list[list[str]]]:
    """The table of a file as it was understood, before any mapping: captions, or None, and cells.

    `no` counts the tables under one another in a sheet. Cells of columns that hold identifiers are masked and those
    with names are emptied, as everywhere. Raises UnreadableFile.
    """
    inside = together(unpacked([source]))
    source, sheet = next(((s, None) for s in inside if s.safe_name == sheet), (inside[0], sheet))
    sheets = sheets_in(source)
    if sheet is not None and sheet not in sheets:
        raise UnreadableFile(
            _("Няма лист „{name}“. Листовете са: {names}.").format(name=scrub(sheet), names=listed(map(scrub, sheets)))
        )
    grid = sheets[sheet or next(iter(sheets))]
    tables = find_tables(grid)
    if not 1 <= no <= len(tables):
        raise UnreadableFile(
            _("Няма таблица {no}: в листа има {tables}.").format(no=no, tables=counted(len(tables), "таблица"))
        )
    table = tables[no - 1]
    try:
        recognition = recognise(table, source.name, sheet or "")
        hidden = {n for n, c in enumerate(recognition.columns) if c.use == "personal"}
        masked = {
            n for n, c in enumerate(recognition.columns) if c.field and recognition.dataset[c.field].type == "pupil"
        }
    except UnreadableFile:
        sample = table.sample(24)
        hidden = {n for n, c in enumerate(table.header or ()) if is_personal(c)}
        masked = {n for n in range(table.width) if looks_like_id(sample, n)}
    hidden |= {n for n in range(table.width) if n not in masked and _are_names(table, n)}
    rows = []
    for n in table.rows:
        row = grid.row(n)
        rows.append(
            [
                # Beyond the last caption nobody knows what stands: a delimiter in a text moves the names there.
                "" if i in hidden or i >= table.width else mask(cell) if i in masked and cell.strip() else scrub(cell)
                for i, cell in enumerate(row)
            ]
        )
    return None if table.header is None else _captions(table.header), rows


def _captions(header: Sequence[str]) -> list[str]:
    """Captions as they may be shown: a line of names may have been taken for them."""
    names = names_in(" ".join(header))
    shown, start = [], 0
    for caption in header:
        end = start + len(caption)
        is_name = any(name.start < end and start < name.end for name in names)
        shown.append("" if is_name else scrub(caption))
        start = end + 1
    return shown


def _are_names(table: Table, column: int) -> bool:
    """Whether most words of a column are names of people, whatever its caption: then the rare ones are hidden, too."""
    cells = [row[column] for row in table.sample(_SAMPLE) if column < len(row)]
    words = [cell for cell in cells if any(letter.isalpha() for letter in cell)]
    whole = [cell for cell in words if any(name.end - name.start == len(cell.strip()) for name in names_in(cell))]
    return len(whole) * 2 > len(words)
