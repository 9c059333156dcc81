"""The plan of checks for a week as files: a list for the order of the head of РУО, and a table."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pandas as pd
from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell, _Row

from obhvat.reports.tables import write_workbook

CAPTIONS = ("№", "Училище", "Населено място", "Община", "Код по НЕИСПУО", "Основание за проверката")
_BY_HAND = ("Ден", "Експерт")
"""Columns of the order that are filled in by hand."""
_WIDTHS = (1.0, 5.6, 3.0, 2.8, 2.3, 6.6, 1.8, 3.2)
_FONT = "Times New Roman"


def order_rows(plan: pd.DataFrame) -> pd.DataFrame:
    """The plan's rows as both files write them, under CAPTIONS.

    `plan`: columns name, settlement, municipality, school (code), reason, in the order of the visits.
    """
    rows = plan[["name", "settlement", "municipality", "school", "reason"]]
    rows.insert(0, "n", range(1, len(rows) + 1))
    return rows.set_axis(CAPTIONS, axis=1)


def week_words(week: date) -> str:
    """„05.02.2024 – 09.02.2024 г.“: the working week that begins on a Monday."""
    return f"{week:%d.%m.%Y} – {week + timedelta(days=4):%d.%m.%Y} г."


def order_workbook(plan: pd.DataFrame, week: date, notes: str) -> bytes:
    """The plan as .xlsx: one row a visit, and what it was made from."""
    return write_workbook({"План": order_rows(plan)}, f"Седмица: {week_words(week)}\n{notes}")


def order_document(plan: pd.DataFrame, week: date, oblast: str | None, notes: str) -> bytes:
    """The plan as .docx: the list that goes with an order for checks, with room for its number, the day and the expert
    of each visit, and the signature."""
    document = Document()
    _prepare(document)
    document.core_properties.title = f"Проверки през седмицата {week_words(week)}"
    document.core_properties.author = "обхват"
    _line(document, f"РЕГИОНАЛНО УПРАВЛЕНИЕ НА ОБРАЗОВАНИЕТО{f' – {oblast.upper()}' if oblast else ''}", bold=True)
    _line(document, "Списък към заповед № …………… / …………… г.")
    _line(document, f"Училища за проверка през седмицата {week_words(week)}", bold=True, size=14)
    rows = order_rows(plan)
    table = document.add_table(rows=1, cols=len(CAPTIONS) + len(_BY_HAND), style="Table Grid")
    table.autofit = False
    for cell, caption in zip(table.rows[0].cells, (*CAPTIONS, *_BY_HAND), strict=True):
        _write(cell, caption, bold=True)
    _repeat(table.rows[0])
    for row in rows.itertuples(index=False, name=None):
        cells = table.add_row().cells
        for cell, value in zip(cells, (*row, *("" for _ in _BY_HAND)), strict=True):
            _write(cell, str(value))
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = Cm(width)
    for line in notes.splitlines():
        _line(document, line, size=9, centred=False)
    _line(document, "Началник на РУО: ………………………………………  (подпис и печат)", centred=False, before=18)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Doc) -> None:
    """A4 across, Bulgarian for the spelling checker, one typeface also for Cyrillic."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(1.7)
    page.top_margin = page.bottom_margin = Cm(1.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    properties = normal.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), _FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "bg-BG")
    properties.append(language)


def _line(
    document: Doc, text: str, *, bold: bool = False, size: int = 11, centred: bool = True, before: int = 0
) -> None:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)


def _write(cell: _Cell, text: str, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, Pt(10)


def _repeat(row: _Row) -> None:
    """The head of the table on every page of it."""
    properties = row._tr.get_or_add_trPr()
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    properties.append(head)
