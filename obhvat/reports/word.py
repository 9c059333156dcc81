"""Word documents in the plain form Bulgarian administrations use: headings, numbered points, tables, signatures.

A text that was stored with signs no document may hold is printed without them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Tbl
from docx.shared import Cm, Emu, Pt
from docx.text.paragraph import Paragraph

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


@dataclass(frozen=True)
class Table:
    """What stands in a table, as it is shown. `widths`, in centimetres, are chosen by what the columns hold."""

    captions: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] | None = None

    def __bool__(self) -> bool:
        return bool(self.rows)


def table(
    made: Doc, captions: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] | None = None
) -> None:
    """A table at the end of a document; `widths` are in centimetres."""
    page = made.sections[0]
    across = Emu((page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)).cm
    made.add_paragraph()._p.addprevious(grid(Table(captions, [*rows], widths), across))


def grid(table: Table, across: float = 16.5) -> CT_Tbl:
    """A table as wide as `across` centimetres: its captions stand on every page, no row is divided between two pages,
    no word between two lines."""
    size, widths = (_SIZES[0], table.widths) if table.widths else _fitted(table, across)
    rows = [table.captions, *table.rows]
    made = CT_Tbl.new_tbl(len(rows), len(table.captions), Cm(across))
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{''.join(map(_BORDER.format, _EDGES))}</w:tblBorders>")
    made.tblPr.find(qn("w:tblW")).addnext(borders)
    for column, width in zip(made.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Cm(width)
    for n, (row, cells) in enumerate(zip(made.tr_lst, rows, strict=True)):
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if n == 0:
            row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(row.tc_lst, cells, widths, strict=True):
            cell.width = Cm(width)
            line = Paragraph(cell.p_lst[0], None)  # ty: ignore[invalid-argument-type]
            line.paragraph_format.space_after = Pt(2)
            # A short table is not divided; of a long one its captions and its last row do not stand alone.
            line.paragraph_format.keep_with_next = n < len(rows) - 1 and (
                len(rows) <= _SHORT or n in (0, len(rows) - 2)
            )
            run = line.add_run(printable(text))
            run.bold, run.font.size = n == 0, Pt(size)
    return made


_SHORT = 12
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDER = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
_SIZES = (10.5, 9.5, 8.5, 7.5)
# A letter as a share of the type's height: Cyrillic of Times, a little wide, bold captions wider; beside a text.
_LETTER, _BOLD, _MARGINS = 0.54, 0.6, 0.45


def _fitted(table: Table, across: float) -> tuple[float, list[float]]:
    """The largest type in which the longest words stand whole, and the widths of the columns by what they hold."""
    for size in _SIZES:
        letter = size * 2.54 / 72
        least, wanted = [], []
        for n, caption in enumerate(table.captions):
            texts = [(caption, _BOLD), *((row[n], _LETTER) for row in table.rows)]
            words = [(one, width) for text, width in texts for one in _unbroken(text)]
            least.append(max((len(one) * width for one, width in words), default=1) * letter + _MARGINS)
            # A caption may take two lines, a text of many words several.
            long = [len(caption) * _BOLD / 2, *(len(row[n]) * _LETTER for row in table.rows)]
            wanted.append(max(least[-1], max(long) * letter + _MARGINS))
        if sum(least) <= across:
            break
    if sum(least) > across:
        return size, [few * across / sum(least) for few in least]
    if sum(wanted) < across:
        return size, [want * across / sum(wanted) for want in wanted]
    widths, spare = [*least], across - sum(least)
    # The columns that want little get all of it, the others share what is left.
    by_wish = sorted(range(len(widths)), key=lambda n: wanted[n] - least[n])
    for left, n in zip(range(len(widths), 0, -1), by_wish, strict=True):
        more = min(wanted[n] - least[n], spare / left)
        widths[n] += more
        spare -= more
    return size, widths


def _unbroken(text: str) -> list[str]:
    """The parts of a text that stand on one line."""
    return re.split(r"[ \n\t]|(?<=-)", text)


def signatures(made: Doc, roles: Sequence[str]) -> None:
    """A line for each signature, under one another, on the page of what was written last."""
    before = made.paragraphs[-1]
    for role in roles:
        made.add_paragraph()
        made.add_paragraph(f"{role}: …………………………………")
    # They never stand alone on a page.
    every = made.paragraphs
    for line in every[[p._p for p in every].index(before._p) : -1]:
        line.paragraph_format.keep_with_next = True


def as_bytes(made: Doc) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
