"""The plan of checks for a week as files: a list for the order of the head of РУО, and a table."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from obhvat.language import BULGARIAN, _, is_english, speaking
from obhvat.periods import month_name
from obhvat.reports import word
from obhvat.reports.tables import write_workbook

CAPTIONS = ("№", "Училище", "Населено място", "Община", "Код по НЕИСПУО", "Основание за проверката")
_BY_HAND = ("Ден", "Експерт")
"""Columns of the order that are filled in by hand."""
_WIDTHS = (1.0, 5.6, 3.0, 2.8, 2.3, 6.6, 1.8, 3.2)


def order_rows(plan: pd.DataFrame) -> pd.DataFrame:
    """The plan's rows as both files write them, under CAPTIONS.

    `plan`: columns name, settlement, municipality, school (code), reason, in the order of the visits.
    """
    rows = plan[["name", "settlement", "municipality", "school", "reason"]]
    rows.insert(0, "n", range(1, len(rows) + 1))
    return rows.set_axis(CAPTIONS, axis=1)


def week_words(week: date) -> str:
    """„от 5 до 9 февруари 2024 г.“: the working week that begins on a Monday."""
    last = week + timedelta(days=4)
    first = f"{week.day}" if week.month == last.month else f"{week.day} {month_name(week.month)}"
    year = f" {week.year}" + ("" if is_english() else " г.") if week.year != last.year else ""
    end = f"{last.day} {month_name(last.month)}"
    return _("от {first} до {end} {year} г.").format(first=f"{first}{year}", end=end, year=last.year)


@speaking(BULGARIAN)
def order_workbook(plan: pd.DataFrame, week: date, notes: str) -> bytes:
    """The plan as .xlsx: one row a visit, and what it was made from."""
    return write_workbook({"План": order_rows(plan)}, f"Седмица: {week_words(week)}\n{notes}")


@speaking(BULGARIAN)
def order_document(plan: pd.DataFrame, week: date, oblast: str | None, notes: str) -> bytes:
    """The plan as .docx: the list that goes with an order for checks, with room for its number, the day and the expert
    of each visit, and the signature."""
    made = word.new_document(f"Проверки в периода {week_words(week)}", across=True)
    whose = f" – {oblast.upper()}" if oblast else ""
    word.centred(made, f"РЕГИОНАЛНО УПРАВЛЕНИЕ НА ОБРАЗОВАНИЕТО{whose}", bold=True)
    word.centred(made, "Списък към заповед № …………… / …………… г.")
    word.centred(made, f"Училища за проверка в периода {week_words(week)}", bold=True, size=14)
    rows = ([*map(str, row), *("" for _ in _BY_HAND)] for row in order_rows(plan).itertuples(index=False, name=None))
    word.table(made, (*CAPTIONS, *_BY_HAND), rows, _WIDTHS)
    for line in notes.splitlines():
        word.paragraph(made, line)
    word.signatures(made, ("Началник на РУО (подпис и печат)",))
    return word.as_bytes(made)
