"""Sheets and Parquet: typed cells made the text a person would have typed, so that one set of rules reads all."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from obhvat.errors import UnreadableFile
from obhvat.ingest.archive import check_size
from obhvat.ingest.grid import CellGrid, ColumnGrid, Grid
from obhvat.ingest.text import plain_blanks


def cell_text(value: Any) -> str:
    """A typed cell as text: whole floats without a point, dates as ISO, truth as да and не."""
    if value is None:
        return ""
    if isinstance(value, str):
        return plain_blanks(value)
    if isinstance(value, bool):
        return "да" if value else "не"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
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
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                check_size(parts)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets: dict[str, Grid] = {}
        for meta in workbook.sheets_metadata:
            if meta.visible is not SheetVisibleEnum.Visible:
                continue
            rows = [[cell_text(c) for c in row] for row in _all_rows(workbook, meta.name)]
            if any(any(cell.strip() for cell in row) for row in rows):
                sheets[meta.name] = CellGrid(rows, range(1, len(rows) + 1))
    except (CalamineError, zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise UnreadableFile(
            "Книгата не може да се отвори: повредена е или е в непознат вид. "
            "Отворете я в Excel и я запишете като .xlsx."
        ) from error
    if not sheets:
        raise UnreadableFile("В книгата няма нито един попълнен лист.")
    return sheets


def _all_rows(workbook: CalamineWorkbook, sheet: str) -> list[list[Any]]:
    return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def read_parquet(data: bytes) -> Grid:
    """The table of a Parquet file, its column names as the first row; a data row's line is its number + 1."""
    try:
        table = pq.read_table(pa.BufferReader(data))
        # Damaged pages can hold text that is no UTF-8; unchecked it would fail only where it is shown.
        table.validate(full=True)
        return ColumnGrid(table)
    except (pa.ArrowException, ValueError, OSError) as error:
        raise UnreadableFile("Файлът Parquet е повреден или в непознат вид. Създайте го отново.") from error
