"""Every dataset in every form that is read: the same rows come out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from drops import TODAY, staged_of

from obhvat.datasets import INSTRUCTIONS_SHEET, NAMES, Dataset, all_datasets, dataset
from obhvat.ingest import Source, read_files
from obhvat.reports.templates import template


def rows_of(wanted: Dataset) -> list[list[str]]:
    return [[f.caption for f in wanted.printed], *map(list, zip(*(f.examples for f in wanted.printed), strict=True))]


def delimited(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def parquet(rows: list[list[str]]) -> bytes:
    out = pa.BufferOutputStream()
    columns = [pa.array([cell or None for cell in column], pa.string()) for column in zip(*rows[1:], strict=True)]
    pq.write_table(pa.table(columns, names=rows[0]), out)
    return out.getvalue().to_pybytes()


def xlsx(rows: list[list[str]], sheet: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(n, column, cell)
    return out.getvalue()


FORMS = {
    "utf-8 ;": lambda d: delimited(rows_of(d), ";", "utf-8"),
    "utf-8 with mark ,": lambda d: delimited(rows_of(d), ",", "utf-8-sig"),
    "utf-16 tab": lambda d: delimited(rows_of(d), "\t", "utf-16"),
    "windows-1251 ;": lambda d: delimited(rows_of(d), ";", "windows-1251"),
    "windows-1251 ,": lambda d: delimited(rows_of(d), ",", "windows-1251"),
    "windows-1251 tab": lambda d: delimited(rows_of(d), "\t", "windows-1251"),
    "parquet": lambda d: parquet(rows_of(d)),
    "xlsx": lambda d: xlsx(rows_of(d), d.title[:31]),
    "backwards": lambda d: delimited([row[::-1] for row in rows_of(d)], ";", "utf-8"),
    "our csv": lambda d: template(d, "csv", filled=True),
    "our parquet": lambda d: template(d, "parquet", filled=True),
    "our xlsx": lambda d: template(d, "xlsx", filled=True),
}


Rows = list[tuple[object, ...]]
Everything = Callable[[str], Mapping[str, Rows]]


@pytest.fixture(scope="module")
def everything() -> Iterator[Everything]:
    """Dataset → form → its rows: all datasets in all forms, read as one drop."""
    sources = [Source(f"{d.file_stem} {form}", make(d)) for d in all_datasets() for form, make in FORMS.items()]
    upload = read_files(sources, None, today=TODAY)

    @cache
    def of(name: str) -> Mapping[str, Rows]:
        wanted = dataset(name)
        columns = ", ".join(f"staged_{name}.{c.name}" for c in wanted.stored)
        rows = staged_of(upload, name, f"line, {columns}")
        numbers = {f.name: f.file_no for f in upload.files}
        return {form: rows[numbers[f"{wanted.file_stem} {form}"]] for form in FORMS}

    yield of
    upload.close()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_a_file_does_not_change_its_rows(everything, name, form):
    rows = everything(name)[form]
    assert [row[0] for row in rows] == list(range(2, 2 + len(dataset(name).fields[0].examples)))
    assert rows == everything(name)["utf-8 ;"]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_an_example_has_its_value(everything, name):
    fields = [f for f in dataset(name).fields if f.stored]
    rows = everything(name)["utf-8 ;"]
    unread = [[f.name for f, value in zip(fields, row[1:], strict=False) if value is None] for row in rows]
    assert unread == [[f.name for f in fields if not f.examples[n]] for n in range(len(rows))]


def test_the_example_absences_by_hand(everything):
    rows = everything("absences")["windows-1251 tab"]
    without_pupils = [row[:3] + row[4:] for row in rows]
    october = date(2023, 10, 1)
    assert without_pupils == [
        (2, "9000101", october, 7, "1", None, "7а", None, 4.0, 7.5, "hours"),
        (3, "9000101", october, 7, "2", None, "7б", None, 0.0, 1.0, "hours"),
        (4, "9000101", october, -1, "1", None, "Слънчо", None, 2.0, 0.0, "days"),
    ]


def test_the_example_actions_by_hand(everything):
    told, rows = date(2024, 2, 5), everything("actions")["xlsx"]
    assert [row[:9] for row in rows] == [
        (2, "КГ-001", told, "Каменград", date(2023, 10, 13), "10:30", "call", 1, None),
        (3, "КГ-001", told, "Каменград", date(2023, 10, 20), None, "visit", 1, "Екип 3"),
        (4, "ВД-001", told, "Ведрово", date(2023, 9, 25), None, "study", 1, None),
    ]
    assert [row[9:11] for row in rows] == [
        (["school"], "made"),
        (["ruo", "school", "police"], "not_found"),
        (["municipality"], None),
    ]


def test_the_example_cases_by_hand(everything):
    rows = everything("cases")["parquet"]
    assert [(row[1], row[4], row[5], row[7], row[-1]) for row in rows] == [
        ("КГ-001", "dropped_out", "Каменград", "9000101", "in_work"),
        ("КГ-002", "dropped_out", "Каменград", "9000101", "returned"),
        ("ВД-001", "never_enrolled", "Ведрово", None, "abroad"),
    ]


def test_files_of_one_kind_with_different_delimiters_are_read_together(read):
    sources = [Source(f"{n}.csv", FORMS[form](dataset("pupils"))) for n, form in enumerate(FORMS) if n < 6]
    assert [f.rows_good for f in read(*sources).files] == [3] * 6


def test_the_sheet_with_instructions_is_not_mentioned(read):
    [report] = read(Source("образец.xlsx", template(dataset("rounds"), "xlsx", filled=True))).files
    assert [n for n in report.notes if INSTRUCTIONS_SHEET in n] == []


def test_an_unknown_sheet_is_mentioned(read):
    out = io.BytesIO()
    rows = rows_of(dataset("rounds"))
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Обходи")
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
        book.add_worksheet("График").write_row(0, 0, ["някакви", "думи"])
    [report] = read(Source("обходи.xlsx", out.getvalue())).files
    assert report.title == "обходи.xlsx · Обходи"
    assert "Непознати таблици, които не са четени: График." in report.notes


def test_two_sheets_of_data_are_two_reports(read):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name in ("rounds", "inspections"):
            page = book.add_worksheet(dataset(name).title)
            for n, row in enumerate(rows_of(dataset(name))):
                page.write_row(n, 0, row)
    upload = read(Source("двете.xlsx", out.getvalue()))
    assert [(f.title, f.rows_good) for f in upload.files] == [("двете.xlsx · Обходи", 2), ("двете.xlsx · Проверки", 2)]
