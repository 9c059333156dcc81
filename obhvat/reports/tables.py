"""Tables as files. Nothing in them can run: a cell that begins like a formula is written as text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# What Excel and LibreOffice take for the beginning of a formula or a command.
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_FIRST_EXCEL_YEAR = 1900
_WIDEST, _NOTES_WIDE = 60, 110
_LINE = 15
"""Points of a line."""
_A4 = 9
_FORMATS = ("0", "#,##0", "0.0", "0.00")


def neutral(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe before what begins like a formula. Numbers stay."""
    if not text.startswith(_RISKY):
        return text
    try:
        float(text.replace(",", ".").replace(" ", ""))
    except ValueError:
        return f"'{text}"
    return text


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _text(value: Any) -> str:
    """A value as a Bulgarian Excel reads it from text: 7,5 and not 7.5, which it takes for a date."""
    if isinstance(value, bool):
        return "да" if value else "не"
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    if isinstance(value, datetime) and value.time() != time(0):
        return f"{value:%d.%m.%Y %H:%M}"
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)


def _format(formats: Mapping[str, Format], value: float) -> Format:
    """Thousands apart from five digits on, as Bulgarian sets them, and as many decimals as there are, at most two."""
    if float(value).is_integer():
        return formats["#,##0" if abs(value) >= 10_000 else "0"]
    return formats["0.0" if round(value, 1) == round(value, 2) else "0.00"]


def write_workbook(
    sheets: Mapping[str, pd.DataFrame],
    notes: str = "",
    *,
    notes_first: bool = False,
    notes_name: str = "",
    title: str = "",
    spaced: bool = False,
) -> bytes:
    """An .xlsx with a sheet a table: Bulgarian headers, real numbers and dates, text that cannot run.

    `notes` are a sheet of their own, the last or the first, „Описание“, „Бележки“ or by name; `title` is a
    line above each table; numbers that count are `spaced`, those that are years or codes are not.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "dd.mm.yyyy",
    }
    with xlsxwriter.Workbook(out, options) as book:
        if notes and notes_first:
            _write_notes(book, notes, notes_name)
        head = book.add_format({"bold": True, "bg_color": "#E3EBEE", "border": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        grouped = {form: book.add_format({"num_format": form}) for form in _FORMATS}
        for name, table in sheets.items():
            page = book.add_worksheet(name)
            top = 1 if title else 0
            if title:
                page.write_string(0, 0, neutral(title))
            page.freeze_panes(top + 1, 0)
            _print_whole(page)
            widths = []
            for column, caption in enumerate(table.columns):
                page.write_string(top, column, neutral(str(caption)), head)
                # A caption may take two lines, but no word of it.
                wide = max(len(str(caption)) // 2 + 1, *map(len, str(caption).split(" ")))
                longest = max([wide, *(len(_text(v)) for v in table.iloc[:200, column] if _plain(v) is not None)])
                widths.append(min(_WIDEST, max(9, longest + 2)))
                page.set_column(column, column, widths[-1])
            _set_height(page, top, zip(map(str, table.columns), widths, strict=True))
            for n, row in enumerate(table.itertuples(index=False, name=None), start=top + 1):
                # Of a row only what is wrapped.
                long = (v if isinstance(v, str) and len(v) > _WIDEST else "" for v in row)
                _set_height(page, n, zip(long, widths, strict=True))
                for column, value in enumerate(map(_plain, row)):
                    if value is None:
                        continue
                    if isinstance(value, bool):
                        page.write_string(n, column, "да" if value else "не")
                    elif isinstance(value, int | float):
                        page.write_number(n, column, value, _format(grouped, value) if spaced else None)
                    elif isinstance(value, date) and value.year >= _FIRST_EXCEL_YEAR:
                        page.write_datetime(n, column, value)
                    else:
                        text = _text(value)
                        page.write_string(n, column, neutral(text), wrapped if len(text) > _WIDEST else None)
        if notes and not notes_first:
            _write_notes(book, notes, notes_name)
    return out.getvalue()


def _write_notes(book: xlsxwriter.Workbook, notes: str, name: str) -> None:
    page = book.add_worksheet(name or ("Описание" if not book.worksheets() else "Бележки"))
    page.set_column(0, 0, _NOTES_WIDE)
    _print_whole(page)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for n, line in enumerate(notes.splitlines()):
        page.write_string(n, 0, neutral(line), wrapped)
        _set_height(page, n, [(line, _NOTES_WIDE)])


def _set_height(page: Worksheet, row: int, cells: Iterable[tuple[str, float]]) -> None:
    """As tall as the longest text asks for in its column: not every program finds it out by itself."""
    lines = max((math.ceil(1.1 * len(text) / width) for text, width in cells), default=1)
    if lines > 1:
        page.set_row(row, _LINE * lines)


def _print_whole(page: Worksheet) -> None:
    """On paper all columns are beside each other."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def write_csv(table: pd.DataFrame, *, title: str = "", encoding: str = "utf-8-sig") -> bytes:
    """The table as CSV for Excel: semicolons, CRLF, a byte order mark, text that cannot run. `title` is a line
    above it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    if title:
        writer.writerow([neutral(title)])
    writer.writerow([neutral(str(c)) for c in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow(["" if (v := _plain(value)) is None else neutral(_text(v)) for value in row])
    return out.getvalue().encode(encoding)
