"""The plan as files, opened again with other programs than those that wrote them."""

import io
from datetime import date

import openpyxl
import pandas as pd
from docx import Document

from obhvat.reports.visit_order import CAPTIONS, order_document, order_workbook, week_words

WEEK = date(2024, 2, 12)
PLAN = pd.DataFrame(
    [
        ("9001001", "ОУ „Зорница“", "гр. Каменград", "Каменград", "няма проверка през срока"),
        ("9002004", "СУ „Явор“ <b>&amp;</b>", "с. Долно", "Ведрово", "=1+1"),
    ],
    columns=["school", "name", "settlement", "municipality", "reason"],
)
ROWS = [
    ["1", "ОУ „Зорница“", "гр. Каменград", "Каменград", "9001001", "няма проверка през срока"],
    ["2", "СУ „Явор“ <b>&amp;</b>", "с. Долно", "Ведрово", "9002004", "=1+1"],
]


def opened(data: bytes):
    return Document(io.BytesIO(data))


def test_the_order_has_the_plans_rows_in_their_order():
    [table] = opened(order_document(PLAN, WEEK, "Измислена", "бележка")).tables
    head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert tuple(head[: len(CAPTIONS)]) == CAPTIONS
    assert [row[: len(CAPTIONS)] for row in rows] == ROWS


def test_the_order_leaves_room_for_day_and_expert():
    [table] = opened(order_document(PLAN, WEEK, None, "")).tables
    assert [cell.text for cell in table.rows[0].cells][-2:] == ["Ден", "Експерт"]
    assert all(cell.text == "" for row in table.rows[1:] for cell in row.cells[-2:])


def test_the_order_says_whose_and_for_when_it_is():
    said = "\n".join(p.text for p in opened(order_document(PLAN, WEEK, "Измислена", "Данните са към …")).paragraphs)
    assert "РЕГИОНАЛНО УПРАВЛЕНИЕ НА ОБРАЗОВАНИЕТО – ИЗМИСЛЕНА" in said
    assert "от 12 до 16 февруари 2024 г." in said
    assert "Данните са към …" in said


def test_an_empty_plan_is_a_list_with_a_head():
    [table] = opened(order_document(PLAN.iloc[:0], WEEK, None, "")).tables
    assert len(table.rows) == 1


def test_the_workbook_has_the_same_rows_and_nothing_that_runs():
    book = openpyxl.load_workbook(io.BytesIO(order_workbook(PLAN, WEEK, "бележка")))
    head, *rows = book["План"].iter_rows(values_only=True)
    assert head == CAPTIONS
    assert [list(map(str, row)) for row in rows] == [ROWS[0], [*ROWS[1][:-1], "'=1+1"]]
    assert book["Бележки"]["A1"].value == f"Седмица: {week_words(WEEK)}"


def test_a_week_is_its_five_working_days():
    assert week_words(date(2024, 4, 29)) == "от 29 април до 3 май 2024 г."
