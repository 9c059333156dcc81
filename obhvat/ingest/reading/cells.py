"""What the library that reads workbooks does not tell of their cells: which are errors, which are shown as percents,
which formulas nobody computed, what is merged and what is hidden.

The sheets' own XML is asked, and only where a first look shows that one of these may be in it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree  # ty: ignore[missing-module-member]

UNCOMPUTED = "="
"""Stands in a cell whose formula has no result."""

SAFELY = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ODS_TAGS = tuple(f"{{*}}{kind}" for kind in ("table", "table-column", "table-row", "table-cell", "covered-table-cell"))
_PIECE = 1 << 20
_TAG = 400
_MOST_COLUMNS = 16_384
# As many rows as an OpenDocument sheet may repeat (workbook.py).
_MOST_REPEATED = 5_000
_PERCENT_FORMATS = {9, 10}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LOOK = rb'<(?:\w+:)?f[ >/]|\bt="e"|\bhidden="|\b(?:ht|width)="0"'
_LOOK_ODS = re.compile(rb'value-type="(?:percentage|error)"|visibility="|-spanned="|table:formula="')
# Programs that write a result only after they computed it, and leave no other mark of that.
_CALCULATORS = ("LibreOffice", "OpenOffice", "Collabora", "WPS", "Gnumeric", "Numbers", "Google")


@dataclass
class Marks:
    """Of a sheet, by row and column from 0."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose text their value does not give: errors, percents, formulas without a result."""
    doubtful: dict[tuple[int, int], str] = field(default_factory=dict)
    """Formulas whose stored result is 0 or empty in a workbook that does not show that anybody computed it."""
    has_results: bool = False
    """Whether others of a sheet of which that is not known have a result: then only what is surely not 0 is asked."""
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """First row, last row and first column of cells merged over several rows."""
    filled: set[tuple[int, int]] = field(default_factory=set)
    """Cells that took the value of the merged one above them."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def uncomputed(self) -> set[tuple[int, int]]:
        return {cell for cell, text in self.texts.items() if text == UNCOMPUTED}

    @property
    def percents(self) -> set[tuple[int, int]]:
        return {cell for cell, text in self.texts.items() if text.endswith("%")}


def marks_of(parts: zipfile.ZipFile) -> dict[str, Marks]:
    """By sheet, what is to be known of its cells; nothing of sheets without any of it.

    Raises ValueError or KeyError for a damaged workbook.
    """
    names = set(parts.namelist())
    try:
        if "xl/workbook.xml" in names:
            return _of_excel(parts, names)
        return _of_opendocument(parts) if "content.xml" in names else {}
    except etree.LxmlError as error:
        raise ValueError("damaged XML") from error


def is_percent(shown: str) -> bool:
    """Whether a format of numbers shows a share as a percent: „0.00%“, but not „0" %"“."""
    return shown == "Percent" or "%" in _NOT_SHOWN.sub("", shown)


def percent_text(share: float) -> str:
    """A share as a percent cell shows it, in full: 0.28125 is „28.125 %“."""
    return f"{share * 100:.12g} %"


def _of_excel(parts: zipfile.ZipFile, names: set[str]) -> dict[str, Marks]:
    percents = _percent_styles(parts) if "xl/styles.xml" in names else set()
    styled = rf'|\bs="(?:{"|".join(map(str, sorted(percents)))})"'.encode() if percents else b""
    look = re.compile(_LOOK + styled)
    sheets = {
        name: path for name, path in _sheet_paths(parts).items() if path in names and _is_found(look, parts, path)
    }
    marks = {}
    is_computed = _says_computed(parts, names)
    for name, path in sheets.items():
        marks[name], has_results = _of_sheet(parts, path, percents)
        is_computed = is_computed or (has_results and is_computed is None)
    if is_computed:
        for of_sheet in marks.values():
            of_sheet.doubtful.clear()
    return marks


def _of_sheet(parts: zipfile.ZipFile, path: str, percents: set[int]) -> tuple[Marks, bool]:
    """Of a sheet of Excel its marks, and whether a formula has a result that is neither 0 nor empty: those are what a
    library stores that computes nothing."""
    marks, has_results = Marks(), False
    percent_styles, row = set(map(str, percents)), -1
    with parts.open(path) as opened:
        for _, element in etree.iterparse(opened, tag=("{*}row", "{*}col"), **SAFELY):
            if element.tag.endswith("col"):
                if is_true(element.get("hidden")) or element.get("width") == "0":
                    first, last = int(element.get("min", 1)), int(element.get("max", 1))
                    marks.hidden_columns.update(range(first - 1, min(last, _MOST_COLUMNS)))
                continue
            row, column = int(element.get("r") or row + 2) - 1, -1
            if is_true(element.get("hidden")) or element.get("ht") == "0":
                marks.hidden_rows.add(row)
            for cell in element:
                column = _column_of(cell.get("r"), column + 1)
                kind, is_shown_as_percent = cell.get("t", "n"), cell.get("s") in percent_styles
                # A formula stands first in its cell.
                has_formula = len(cell) > 0 and cell[0].tag.endswith("}f")
                if not (has_formula or is_shown_as_percent or kind == "e"):
                    continue
                value = cell.findtext("{*}v") or ""
                if text := _text_of(kind, value, is_shown_as_percent):
                    marks.texts[(row, column)] = text
                if has_formula and not value and kind != "str":
                    marks.texts[(row, column)] = UNCOMPUTED
                elif has_formula and kind in ("n", "str", "b") and _is_nothing(value):
                    marks.doubtful[(row, column)] = cell[0].text or ""
                else:
                    has_results = has_results or has_formula
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return marks, has_results


def _text_of(kind: str, value: str, is_percent: bool) -> str:
    if kind == "e":
        return value
    return percent_text(float(value)) if is_percent and kind == "n" and value else ""


def _is_nothing(value: str) -> bool:
    try:
        return not value or float(value) == 0
    except ValueError:
        return False


def _says_computed(parts: zipfile.ZipFile, names: set[str]) -> bool | None:
    """Whether the results that are stored were computed, as far as the workbook tells; None when it does not.

    One that is to be computed when it is opened says that its results are none.
    """
    book = _parsed(parts, "xl/workbook.xml")
    calculation = book.find("{*}calcPr")
    if calculation is not None and is_true(calculation.get("fullCalcOnLoad")):
        return False
    application = ""
    if "docProps/app.xml" in names:
        application = _parsed(parts, "docProps/app.xml").findtext("{*}Application") or ""
    by_mark = "xl/calcChain.xml" in names or (calculation is not None and calculation.get("calcId"))
    return True if by_mark or any(name in application for name in _CALCULATORS) else None


def _percent_styles(parts: zipfile.ZipFile) -> set[int]:
    """Numbers of the cell styles whose format shows a share as a percent."""
    styles = _parsed(parts, "xl/styles.xml")
    formats = _PERCENT_FORMATS | {
        int(f.get("numFmtId", 0))
        for f in styles.iterfind("{*}numFmts/{*}numFmt")
        if is_percent(f.get("formatCode", ""))
    }
    return {n for n, xf in enumerate(styles.iterfind("{*}cellXfs/{*}xf")) if int(xf.get("numFmtId", 0)) in formats}


def _sheet_paths(parts: zipfile.ZipFile) -> dict[str, str]:
    targets = {r.get("Id"): r.get("Target", "") for r in _parsed(parts, "xl/_rels/workbook.xml.rels")}
    paths = {}
    for sheet in _parsed(parts, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        relation = next((v for k, v in sheet.attrib.items() if etree.QName(k).localname == "id"), None)
        target = targets.get(relation, "")
        paths[sheet.get("name", "")] = target[1:] if target.startswith("/") else str(PurePosixPath("xl", target))
    return paths


def _parsed(parts: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(parts.read(name), etree.XMLParser(**SAFELY))


def _is_found(look: re.Pattern[bytes], parts: zipfile.ZipFile, name: str) -> bool:
    with parts.open(name) as opened:
        before = b""
        while piece := opened.read(_PIECE):
            if look.search(before + piece):
                return True
            before = piece[-_TAG:]
    return False


def is_true(text: str | None) -> bool:
    return text in ("1", "true")


def _column_of(reference: str | None, otherwise: int) -> int:
    letters = _REFERENCE.match(reference or "")
    if not letters:
        return otherwise
    n = 0
    for letter in letters[1]:
        n = n * 26 + ord(letter) - ord("A") + 1
    return n - 1


def _of_opendocument(parts: zipfile.ZipFile) -> dict[str, Marks]:
    if not _is_found(_LOOK_ODS, parts, "content.xml"):
        return {}
    sheets: dict[str, Marks] = {}
    marks, row, column = Marks(), 0, 0
    with parts.open("content.xml") as opened:
        for event, element in etree.iterparse(opened, events=("start", "end"), tag=_ODS_TAGS, **SAFELY):
            kind = etree.QName(element).localname
            said = {etree.QName(name).localname: value for name, value in element.attrib.items()}
            if event == "start":
                if kind == "table":
                    marks, row, column = sheets.setdefault(said.get("name", ""), Marks()), 0, 0
                elif kind == "table-row":
                    column = 0
                continue
            if kind == "table-row":
                times = int(said.get("number-rows-repeated", 1))
                _repeat(marks, row, times)
                if said.get("visibility", "visible") != "visible":
                    marks.hidden_rows.update(range(row, row + min(times, _MOST_REPEATED)))
                row, column = row + times, 0
                element.clear()
            elif kind != "table":
                times = int(said.get("number-columns-repeated", 1))
                if kind == "table-column":
                    if said.get("visibility", "visible") != "visible":
                        marks.hidden_columns.update(range(column, min(column + times, _MOST_COLUMNS)))
                elif kind == "table-cell":
                    _cell_of_opendocument(marks, row, column, min(times, _MOST_REPEATED), said, element)
                column += times
                if kind == "table-column":
                    element.clear()
    return sheets


def _cell_of_opendocument(
    marks: Marks, row: int, column: int, times: int, said: dict[str, str], element: etree._Element
) -> None:
    text = ""
    if "error" in [v for k, v in element.attrib.items() if k.endswith("}value-type")]:
        text = "".join(element.itertext())
    elif said.get("value-type") == "percentage":
        text = percent_text(float(said.get("value", 0)))
    elif "formula" in said and "value-type" not in said:
        text = UNCOMPUTED
    elif "formula" in said and said.get("value-type") == "float":
        if _is_nothing(said.get("value", "")):
            marks.doubtful[(row, column)] = _as_excel(said["formula"])
        else:
            marks.has_results = True
    if text:
        marks.texts |= dict.fromkeys(((row, column + n) for n in range(times)), text)
    down = int(said.get("number-rows-spanned", 1))
    if down > 1:
        marks.merged.append((row, row + down - 1, column))


def _as_excel(formula: str) -> str:
    """A formula of OpenDocument as Excel has it: „of:=[.F2]-[.G2]“ is „F2-G2“."""
    places = re.sub(r"\[\.([$A-Z0-9]+)(?::\.([$A-Z0-9]+))?\]", lambda m: ":".join(filter(None, m.groups())), formula)
    return places.partition("=")[2].replace(";", ",")


def _repeat(marks: Marks, row: int, times: int) -> None:
    for n in range(1, min(times, _MOST_REPEATED)):
        marks.texts |= {(row + n, column): text for (r, column), text in list(marks.texts.items()) if r == row}
