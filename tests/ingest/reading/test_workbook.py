"""Typed cells as the text a person would have typed."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.parquet import read_parquet
from obhvat.ingest.reading.workbook import cell_text, read_workbook


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("а\xa0б", "а б"),
        (True, "да"),
        (False, "не"),
        (7.0, "7"),
        (7.5, "7.5"),
        (7501010010.0, "7501010010"),
        (12, "12"),
        (date(2024, 2, 5), "2024-02-05"),
        (datetime(2024, 2, 5), "2024-02-05"),
        (datetime(2024, 2, 5, 14, 5), "2024-02-05 14:05:00"),
        (time(10, 30), "10:30"),
    ],
)
def test_a_typed_cell_as_text(value, text):
    assert cell_text(value, Counter()) == text


def test_rows_of_a_sheet_have_the_numbers_of_excel():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        page = book.add_worksheet("Лист")
        page.write_row(3, 1, ["код", "дата"])
        page.write(4, 1, 1400842)
        page.write_datetime(4, 2, datetime(2024, 2, 5))
    grid = read_workbook(out.getvalue())["Лист"]
    filled = [(grid.lines[n], grid.row(n)[1:]) for n in range(len(grid)) if not grid.is_blank(n)]
    assert filled == [(4, ["код", "дата"]), (5, ["1400842", "2024-02-05"])]


def test_empty_sheets_are_passed_over():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Празен")
        book.add_worksheet("Пълен").write(0, 0, "x")
    assert list(read_workbook(out.getvalue())) == ["Пълен"]


def test_a_workbook_of_empty_sheets_is_refused():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Празен")
    with pytest.raises(UnreadableFile, match="няма нито един попълнен лист"):
        read_workbook(out.getvalue())


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array([1400842.0]), "1400842"),
        (pa.array([7.5]), "7.5"),
        (pa.array([7501010010]), "7501010010"),
        (pa.array([True]), "да"),
        (pa.array([None], pa.bool_()), ""),
        (pa.array([None], pa.string()), ""),
        (pa.array([Decimal("1.50")]), "1.50"),
        (pa.array([date(2024, 2, 5)]), "2024-02-05"),
        (pa.array([datetime(2024, 2, 5)]), "2024-02-05 00:00:00.000000"),
        (pa.array([["училище", "РУО"]]), "училище; РУО"),
        (pa.array(["да"]).dictionary_encode(), "да"),
        (pa.array(["да"], pa.large_string()), "да"),
        (pa.array(["да".encode()], pa.binary()), "да"),
        (pa.array([b"\xff\xd8\xff"], pa.binary()), ""),
        (pa.array([UUID(int=7)], pa.uuid()), "00000000-0000-0000-0000-000000000007"),
        (pa.array([None], pa.uuid()), ""),
    ],
    ids=str,
)
def test_a_typed_column_as_text(column, text):
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"колона": column}), out)
    grid = read_parquet(out.getvalue().to_pybytes())
    assert (grid.row(0), grid.row(1)) == (["колона"], [text])


def test_an_opendocument_sheet_with_a_password_says_so():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        parts.writestr("content.xml", bytes(100))
    with pytest.raises(UnreadableFile, match="заключен с парола"):
        read_workbook(out.getvalue())
