"""Our own templates: a file a dataset, empty or with example rows, in the three forms that are read."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from obhvat.datasets import INSTRUCTIONS_SHEET, Dataset, Field, all_datasets
from obhvat.language import BULGARIAN, N_, _, speaking

Form = Literal["xlsx", "csv", "parquet"]

_TYPES = {
    "text": N_("текст"),
    "free_text": N_("текст, без имена на деца"),
    "place": N_("текст"),
    "municipality": N_("община от регистъра"),
    "school": N_("код по НЕИСПУО"),
    "school_code": N_("код по НЕИСПУО"),
    "case": N_("номер на случай"),
    "ekatte": N_("код по ЕКАТТЕ"),
    "enum": N_("един от изброените"),
    "set": N_("един или няколко от изброените, със запетая"),
    "pupil": N_("ЕГН, ЛНЧ, ЛОН или местен номер"),
    "integer": N_("цяло число"),
    "decimal": N_("число"),
    "mean": N_("число"),
    "halves": N_("число през 0,5"),
    "date": N_("дата ДД.ММ.ГГГГ"),
    "month": N_("месец"),
    "school_year": N_("учебна година 2023/2024"),
    "grade": N_("1–12 или предучилищна група"),
    "boolean": N_("да или не"),
}


def describe(field: Field) -> tuple[str, str, str, str]:
    """A column in words: caption, required or not, what is written in it, other captions it is known by."""
    what = _(_TYPES[field.type])
    if field.values:
        what = f"{what}: {', '.join(v.caption for v in field.values)}"
    elif field.unit:
        what = f"{what}, {_(field.unit)}"
    if field.note:
        what = f"{what} – {_(field.note)}"
    return field.caption, _("да") if field.required else _("не"), what, ", ".join(field.synonyms)


def file_name(dataset: Dataset, form: Form, *, filled: bool) -> str:
    """„случаи-образец.xlsx“, „случаи-примери.csv“."""
    return f"{dataset.file_stem}-{'примери' if filled else 'образец'}.{form}"


@speaking(BULGARIAN)
def template(dataset: Dataset, form: Form, *, filled: bool) -> bytes:
    """A template of a dataset: printed captions, and its example rows when `filled`."""
    captions = [f.caption for f in dataset.printed]
    rows = [list(row) for row in zip(*(f.examples for f in dataset.printed), strict=True)] if filled else []
    if form == "parquet":
        return _parquet(captions, rows)
    return _csv(captions, rows) if form == "csv" else _workbook(dataset, captions, rows)


def all_templates() -> bytes:
    """Every template, empty and with examples, in all forms, as a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for dataset in all_datasets():
            for form in get_args(Form):
                for filled in (False, True):
                    name = file_name(dataset, form, filled=filled)
                    archive.writestr(name, template(dataset, form, filled=filled))
    return out.getvalue()


def _csv(captions: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([captions, *rows])
    return out.getvalue().encode("utf-8-sig")


def _parquet(captions: list[str], rows: list[list[str]]) -> bytes:
    columns = [pa.array([row[n] or None for row in rows], pa.string()) for n in range(len(captions))]
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, names=captions), out)
    return out.getvalue().to_pybytes()


def _workbook(dataset: Dataset, captions: list[str], rows: list[list[str]]) -> bytes:
    """With lists to choose from where a column has a fixed set of words, and a sheet that explains the columns."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        required = book.add_format({"bold": True, "bg_color": "#0E5A72", "font_color": "#FFFFFF", "text_wrap": True})
        optional = book.add_format({"bold": True, "bg_color": "#D5DEE2", "text_wrap": True})
        # Text cells: Excel must not turn 01.10 into a date or drop the zeros in front of a code.
        as_text = book.add_format({"num_format": "@"})
        page = book.add_worksheet(dataset.title[:31])
        page.freeze_panes(1, 0)
        for n, field in enumerate(dataset.printed):
            page.set_column(n, n, max(12, min(34, len(field.caption) + 3)), as_text)
            page.write_string(0, n, field.caption, required if field.required else optional)
            words = [v.caption for v in field.values]
            if field.type == "enum" and len(",".join(words)) < 255 and not any("," in w for w in words):
                page.data_validation(1, n, 2000, n, {"validate": "list", "source": words, "ignore_blank": True})
        for y, row in enumerate(rows, start=1):
            for x, cell in enumerate(row):
                page.write_string(y, x, cell, as_text)
        notes = book.add_worksheet(INSTRUCTIONS_SHEET)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        notes.set_column(0, 0, 30, wrapped)
        notes.set_column(1, 1, 14, wrapped)
        notes.set_column(2, 3, 60, wrapped)
        lines = [("Колона", "Задължителна", "Какво се пише", "Други заглавия, които се разпознават")]
        for y, line in enumerate([*lines, *map(describe, dataset.printed)]):
            for x, cell in enumerate(line):
                notes.write_string(y, x, cell, optional if y == 0 else wrapped)
    return out.getvalue()
