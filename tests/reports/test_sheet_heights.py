"""Rows of a workbook are as tall as their texts ask for, in programs that do not find it out by themselves, too."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import load_workbook

from obhvat.reports.tables import write_workbook


def test_only_what_is_wrapped_is_taller_and_a_sheet_is_as_wide_as_a_page():
    table = pd.DataFrame({"Показател": ["Случаи", "Дума " * 30], "Брой": [1, 2]})
    book = load_workbook(io.BytesIO(write_workbook({"Числа": table}, "Кратко\n" + "дълго " * 60, notes_first=True)))
    page, notes = book["Числа"], book.worksheets[0]
    assert page.row_dimensions[2].height is None
    assert page.row_dimensions[3].height >= 45
    assert notes.row_dimensions[1].height is None
    assert notes.row_dimensions[2].height >= 60
    assert page.page_setup.fitToHeight == 0
    assert page.sheet_properties.pageSetUpPr.fitToPage
