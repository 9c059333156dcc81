"""Tables that web systems save as .xls: a page with a table, an „XML Spreadsheet 2003“ of Excel, a page with all its
parts in one file (MHTML). They are read like the sheets of a workbook."""

from __future__ import annotations

import codecs
import email
import re
from collections import Counter
from collections.abc import Iterator
from email import policy

from lxml import etree, html  # ty: ignore[missing-module-member]

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.cells import SAFELY, UNCOMPUTED, Marks, is_percent, is_true, percent_text
from obhvat.ingest.reading.encodings import decode
from obhvat.ingest.reading.grid import CellGrid, Grid
from obhvat.ingest.reading.source import TABLE, Source
from obhvat.ingest.reading.workbook import cell_grid, cell_text
from obhvat.language import N_, _

# A tree of one takes up to ten times the room of its bytes.
_MOST_BYTES = 64 << 20
_MOST_CELLS = 4_000_000
_MOST_SPANNED = 1000
# What pages say that nobody told anything else: no Cyrillic letter is in them.
_NOT_TOLD = ("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:E[-+]?\d+)?", re.IGNORECASE)
_SHOWN_NUMBER = re.compile(r"(?!0\d)-?\d{1,3}(?:[ .,]?\d{3})*(?:[.,]\d+)?")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# In cells: what was struck out, what is not chosen in a list, what is hidden.
_UNSEEN = """
    //td//del[not(descendant::table)]
    | //td//*[@style and not(self::tr or self::td or self::th or descendant-or-self::table)]
    | //td//select/option[not(@selected)][preceding-sibling::option or ../option[@selected]]
"""
_SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_TAG = f"{{{_SHEET}}}"
_NO_TABLE = N_(
    "Това е уеб страница, а не таблица: вероятно страница за вход или за грешка на портала. Влезте в "
    "портала и вземете справката оттам."
)
_OTHER_XML = N_(
    "Това е XML, но не таблица на Excel. Изнесете справката като Excel или CSV от програмата, в която е направена."
)
_DAMAGED = N_(
    "Таблицата е повредена и не се чете докрай. Отворете файла в Excel и го запишете като работна книга (.xlsx)."
)
_TOO_LARGE = N_(
    "Таблицата е твърде голяма, за да се прочете в този вид. Отворете файла в Excel и го запишете като .xlsx."
)


def read_markup(source: Source) -> dict[str, Grid]:
    """Tables by name, as the sheets of a workbook; a row's line is its number in its table.

    Raises UnreadableFile for a page without a table and for what is damaged or too large.
    """
    if source.size > _MOST_BYTES:
        raise UnreadableFile(_(_TOO_LARGE))
    data = source.data
    try:
        if source.kind == "xml":
            return _sheets_of_xml(data)
        pages = _pages(data) if source.kind == "mhtml" else [(data, None)]
        tables = [table for page, charset in pages for table in _tables_of_page(page, charset)]
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile(_(_DAMAGED)) from error
    if not tables:
        raise UnreadableFile(_(_NO_TABLE))
    return {f"{TABLE} {n}" if len(tables) > 1 else "": table for n, table in enumerate(tables, start=1)}


def _pages(data: bytes) -> Iterator[tuple[bytes, str | None]]:
    for part in email.message_from_bytes(data, policy=policy.default).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            yield payload if isinstance(payload, bytes) else b"", part.get_content_charset()


def _tables_of_page(data: bytes, charset: str | None) -> Iterator[CellGrid]:
    """Tables with at least two rows of at least two cells: others only hold a page together."""
    text, _unused = decode(data, _encoding(data, charset))
    if "<" not in text:
        return
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(text.encode(), parser=parser)
    for unseen in root.xpath(_UNSEEN):
        if not (unseen.get("style") and not _HIDDEN.search(unseen.get("style"))):
            unseen.drop_tree()
    for apart in root.iter("br", "p", "div", "li"):
        apart.tail = f" {apart.tail or ''}"
    for above in root.iter("sup", "sub"):
        above.text = f" {above.text or ''}"
    for table in root.iter("table"):
        grid = _grid_of(table)
        if sum(sum(map(bool, grid.row(n))) > 1 for n in range(len(grid))) > 1:
            yield grid


def _encoding(data: bytes, said: str | None) -> str | None:
    """The encoding that a page says it is in, when it has one and it is that."""
    named = _CHARSET.search(data, 0, 4096)
    for name in (said, named[1].decode("ascii", "ignore") if named else None):
        try:
            if name and codecs.lookup(name).name not in _NOT_TOLD:
                data.decode(name)
                return name
        except (LookupError, UnicodeError):
            continue
    return None


def _grid_of(table: etree._Element) -> CellGrid:
    """A page's table as rows of cells; what a cell spans beside itself is empty."""
    depth = len(list(table.iterancestors("table"))) + 1
    own_text = etree.XPath(f".//text()[count(ancestor::table) = {depth} and not(parent::style or parent::script)]")
    rows: list[list[str]] = []
    marks, done, n_cells = Marks(), Counter(), 0
    taken: dict[int, set[int]] = {}
    for element in table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"):
        n, row = len(rows), []
        for cell in element.iterchildren("td", "th"):
            while len(row) in taken.get(n, ()):
                row.append("")
            across, down = _spanned(cell.get("colspan")), _spanned(cell.get("rowspan"))
            if down > 1:
                marks.merged.append((n, n + down - 1, len(row)))
                for below in range(n + 1, n + down):
                    taken.setdefault(below, set()).update(range(len(row), len(row) + across))
            seen = " ".join("".join(own_text(cell)).split())
            row += [cell_text(_in_full(cell, seen), done), *[""] * (across - 1)]
        if _HIDDEN.search(element.get("style", "")):
            marks.hidden_rows.add(n)
        taken.pop(n, None)
        rows.append(row)
        n_cells += len(row)
        if n_cells > _MOST_CELLS:
            raise UnreadableFile(_(_TOO_LARGE))
    return cell_grid(rows, marks, done)


def _in_full(cell: etree._Element, seen: str) -> str:
    """A number as Excel and LibreOffice write it beside what a cell shows, which may be rounded."""
    number = cell.get("x:num") or cell.get("sdval") or ""
    if not _NUMBER.fullmatch(number):
        return seen
    if seen.endswith("%"):
        return percent_text(float(number))
    return number if _SHOWN_NUMBER.fullmatch(seen) else seen


def _spanned(said: str | None) -> int:
    return min(max(int(said), 1), _MOST_SPANNED) if said and said.strip().isdigit() else 1


def _sheets_of_xml(data: bytes) -> dict[str, Grid]:
    root = etree.fromstring(data.strip(), etree.XMLParser(**SAFELY))
    if root.getroottree().docinfo.doctype or root.tag != f"{_TAG}Workbook":
        raise UnreadableFile(_(_OTHER_XML))
    percents = {
        style.get(f"{_TAG}ID")
        for style in root.iterfind(f"{_TAG}Styles/{_TAG}Style")
        for shown in style.iterfind(f"{_TAG}NumberFormat")
        if is_percent(shown.get(f"{_TAG}Format", ""))
    }
    sheets: dict[str, Grid] = {}
    for sheet in root.iterfind(f"{_TAG}Worksheet"):
        table = sheet.find(f"{_TAG}Table")
        is_hidden = (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "").startswith("SheetHidden")
        grid = _grid_of_xml(table, percents) if table is not None and not is_hidden else None
        if grid is not None and grid.filled():
            sheets[sheet.get(f"{_TAG}Name", "")] = grid
    if not sheets:
        raise UnreadableFile(_("В книгата няма нито един попълнен лист."))
    return sheets


def _grid_of_xml(table: etree._Element, percents: set[str | None]) -> CellGrid:
    rows: list[list[str]] = []
    marks, done, room = Marks(), Counter(), _MOST_CELLS
    columns = 0
    for column in table.iterfind(f"{_TAG}Column"):
        first = int(column.get(f"{_TAG}Index", columns + 1)) - 1
        columns = first + 1 + min(int(column.get(f"{_TAG}Span", 0)), _MOST_SPANNED)
        if is_true(column.get(f"{_TAG}Hidden")):
            marks.hidden_columns.update(range(first, columns))
    for element in table.iterfind(f"{_TAG}Row"):
        n = int(element.get(f"{_TAG}Index", len(rows) + 1)) - 1
        row: list[str] = []
        for cell in element.iterfind(f"{_TAG}Cell"):
            place = int(cell.get(f"{_TAG}Index", len(row) + 1)) - 1
            room -= max(0, place - len(row)) + 1
            if room < max(0, n - len(rows)):
                raise UnreadableFile(_(_TOO_LARGE))
            row += [""] * (place - len(row))
            down = int(cell.get(f"{_TAG}MergeDown", 0))
            if down:
                marks.merged.append((n, n + down, place))
            text = _text_of_xml(cell, percents, done)
            if text == UNCOMPUTED or text.endswith(" %"):
                marks.texts[(n, place)] = text
            row += [text, *[""] * min(int(cell.get(f"{_TAG}MergeAcross", 0)), _MOST_SPANNED)]
        if n - len(rows) > room:
            raise UnreadableFile(_(_TOO_LARGE))
        room -= max(0, n - len(rows))
        rows += [[] for _unused in range(n - len(rows))]
        if is_true(element.get(f"{_TAG}Hidden")):
            marks.hidden_rows.add(n)
        rows += [row, *([] for _unused in range(min(int(element.get(f"{_TAG}Span", 0)), room)))]
    return cell_grid(rows, marks, done)


def _text_of_xml(cell: etree._Element, percents: set[str | None], done: Counter[str]) -> str:
    data = cell.find(f"{_TAG}Data")
    text = "" if data is None else "".join(data.itertext())
    kind = "" if data is None else data.get(f"{_TAG}Type", "String")
    if not text and kind != "String" and cell.get(f"{_TAG}Formula"):
        return UNCOMPUTED
    if kind == "Number" and text:
        return percent_text(float(text)) if cell.get(f"{_TAG}StyleID") in percents else cell_text(float(text), done)
    if kind == "DateTime":
        return text.removesuffix("T00:00:00.000").removesuffix("T00:00:00").replace("T", " ")
    if kind == "Boolean":
        return cell_text(text.strip() == "1", done)
    return cell_text(" ".join(text.split("\n")), done)
