"""Sheets and Parquet: typed cells made the text a person would have typed, so that one set of rules reads all."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.archive import check_size
from obhvat.ingest.reading.cells import UNCOMPUTED, Marks, marks_of
from obhvat.ingest.reading.form import plain_cell
from obhvat.ingest.reading.formulas import computed
from obhvat.ingest.reading.grid import CellGrid, Grid
from obhvat.ingest.reading.source import LOCKED
from obhvat.language import B_, _

# Cells that may be empty: a million, and of a filled sheet most of it.
_ROOM = 1_000_000
_SPARSE = 8
_CELL = re.compile(rb'<c (?:[a-z]+="[^"]*" )*r="([A-Z]{1,3})([0-9]{1,7})"')
# A value repeated so often in an OpenDocument sheet is nobody's table; empty cells are repeated to the sheet's end.
_REPEATED = 5_000
_REPEATS = re.compile(rb'<table:table-cell(?=[^>]*office:value)[^>]*table:number-columns-repeated="([0-9]+)"')
_MANIFEST = "META-INF/manifest.xml"
_PIECE = 1 << 20
_TAG = 400


def cell_text(value: Any, done: Counter[str]) -> str:
    """A typed cell as text: whole floats without a point, dates as ISO, truth as да and не. `done` counts what was done
    to texts."""
    if value is None:
        return ""
    if isinstance(value, str):
        return plain_cell(value, done)
    if isinstance(value, bool):
        return B_("да") if value else B_("не")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        # A day kept as a fraction of days may end a moment before its midnight.
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def read_workbook(data: bytes) -> dict[str, Grid]:
    """Visible, non-empty sheets by name; a row's line is its row number in Excel.

    Raises UnreadableFile for a workbook that cannot be opened.
    """
    try:
        marks: dict[str, Marks] = {}
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                check_size(parts)
                if _MANIFEST in parts.namelist() and b"encryption-data" in parts.read(_MANIFEST):
                    raise UnreadableFile(_(LOCKED))
                _check_extent(parts)
                marks = marks_of(parts)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets: dict[str, Grid] = {}
        for meta in workbook.sheets_metadata:
            if meta.visible is not SheetVisibleEnum.Visible:
                continue
            grid = _grid(workbook.get_sheet_by_name(meta.name), marks.get(meta.name, Marks()))
            if grid.filled():
                sheets[meta.name] = grid
    except PasswordError as error:
        raise UnreadableFile(_(LOCKED)) from error
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        LookupError,
        NotImplementedError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise UnreadableFile(
            _(
                "Книгата не може да се отвори: повредена е или е в непознат вид. Отворете я в Excel и я запишете "
                "като .xlsx."
            )
        ) from error
    if not sheets:
        raise UnreadableFile(_("В книгата няма нито един попълнен лист."))
    return sheets


def _check_extent(parts: zipfile.ZipFile) -> None:
    """Refuse a sheet whose few cells stand so far apart that the table between them would not fit in memory.

    The reader makes room for every cell up to the last one, and ends the program when there is none.
    Raises UnreadableFile.
    """
    for name in parts.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            last_row, last_column, n = 0, 0, 0
            for text in _pieces(parts, name):
                for column, row in _CELL.findall(text):
                    n += 1
                    last_row = max(last_row, int(row))
                    last_column = max(last_column, _column_number(column))
            if last_row * last_column > _ROOM + _SPARSE * n:
                raise _too_far()
        elif name == "content.xml":
            for text in _pieces(parts, name):
                if any(int(times) > _REPEATED for times in _REPEATS.findall(text)):
                    raise _too_far()


def _too_far() -> UnreadableFile:
    return UnreadableFile(
        _(
            "В листа има клетка много далеч от таблицата и той не се побира в паметта. Изтрийте празните редове "
            "и колони около таблицата и запишете файла наново."
        )
    )


def _pieces(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part of a workbook in pieces that overlap by a tag."""
    with parts.open(name) as opened:
        before = b""
        while piece := opened.read(_PIECE):
            yield before + piece
            before = piece[-_TAG:].rpartition(b"<")[2] if len(piece) > _TAG else b""


def _column_number(letters: bytes) -> int:
    n = 0
    for letter in letters:
        n = n * 26 + letter - ord("A") + 1
    return n


def _grid(sheet: CalamineSheet, marks: Marks) -> CellGrid:
    done: Counter[str] = Counter()
    typed = sheet.to_python(skip_empty_area=False)
    rows = [[cell_text(c, done) for c in row] for row in typed]
    for cell, formula in marks.doubtful.items():
        result = computed(formula, typed, marks.doubtful)
        is_zero = cell_text(_at(typed, cell), done) in ("0", B_("не")) and result == 0
        if not is_zero and not (result is None and marks.has_results):
            marks.texts[cell] = UNCOMPUTED
    for (row, column), text in marks.texts.items():
        if row < len(rows):
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = text
    for (top, left), (bottom, _unused) in sheet.merged_cell_ranges or ():
        if bottom > top:
            marks.merged.append((top, bottom, left))
    return cell_grid(rows, marks, done)


def _at(rows: list[list[Any]], cell: tuple[int, int]) -> Any:
    row, column = cell
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def cell_grid(rows: list[list[str]], marks: Marks, done: Counter[str]) -> CellGrid:
    """A sheet from its first row on."""
    grid = CellGrid(rows, range(1, len(rows) + 1), marks=marks)
    grid.done = done
    return grid
