"""Word documents in the plain form Bulgarian administrations use: headings, numbered points, tables, signatures.

A text that was stored with signs no document may hold is printed without them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from obhvat.texts import printable

_FONT = "Times New Roman"


def new_document(title: str, *, across: bool = False) -> Doc:
    """An empty A4 document in Bulgarian, upright or across."""
    made = Document()
    made.core_properties.title = printable(title)
    made.core_properties.language = "bg-BG"
    made.core_properties.author = "обхват"
    page = made.sections[0]
    page.page_width, page.page_height = (Cm(29.7), Cm(21)) if across else (Cm(21), Cm(29.7))
    page.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    page.left_margin, page.right_margin = (Cm(1.7), Cm(1.7)) if across else (Cm(2.5), Cm(2))
    page.top_margin = page.bottom_margin = Cm(1.7) if across else Cm(2)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(12)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "bg-BG")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(6)
    return made


def centred(made: Doc, text: str, *, bold: bool = False, size: int = 12) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(printable(text))
    run.bold, run.font.size = bold, Pt(size)


def heading(made: Doc, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(printable(text))
    run.bold = True


def paragraph(made: Doc, text: str) -> None:
    made.add_paragraph(printable(text)).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def points(made: Doc, items: Iterable[str]) -> None:
    """Numbered points, as text: a number survives copying into another document."""
    for n, item in enumerate(items, start=1):
        line = made.add_paragraph(f"{n}. {printable(item)}")
        line.paragraph_format.left_indent = Cm(0.6)


def table(
    made: Doc, captions: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] | None = None
) -> None:
    """A table with its captions repeated on every page; `widths` are in centimetres."""
    grid = made.add_table(rows=1, cols=len(captions))
    grid.style = "Table Grid"
    for cell, caption in zip(grid.rows[0].cells, captions, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(printable(caption)).bold = True
    repeated = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = printable(text)
    if widths:
        grid.autofit = False
        for row in grid.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
    for row in grid.rows:
        for cell in row.cells:
            for line in cell.paragraphs:
                line.paragraph_format.space_after = Pt(2)
                for run in line.runs:
                    run.font.size = Pt(10.5)
    made.add_paragraph()


def signatures(made: Doc, roles: Sequence[str]) -> None:
    """A line for each signature, under one another."""
    for role in roles:
        made.add_paragraph()
        made.add_paragraph(f"{role}: …………………………………")


def as_bytes(made: Doc) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
