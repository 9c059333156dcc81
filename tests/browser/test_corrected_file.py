"""The month a person has: of 13 cases 7 are handed back; corrected in the downloaded file itself, all 13 are there."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
from conftest_browser import Served, inside, look, settled
from playwright.sync_api import Page, expect

REGISTER = (
    "Област;Код по НЕИСПУО;Наименование;Вид по чл. 38;Община;Населено място\n"
    "Примерна;9000101;ОУ „Пример“;основно;Каменград;гр. Каменград\n"
    "Примерна;9000102;СУ „Образец“;средно;Ведрово;гр. Ведрово\n"
)
HEAD = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Причина;Статус\n"
CASE = "КГ-{:03};05.02.2024;отпаднал;{};12.10.2023;{};в работа\n"
GOOD = ("Каменград", "болест"), ("гр. Каменград", "социални причини")
BAD = "Другаде", "слънчево време"


def drop(page: Page, served: Served, *files: Path) -> None:
    page.goto(f"{served.address}/upload")
    settled(page).set_input_files("input[type=file]", list(files))
    expect(page.locator(".lead")).to_contain_text("Прочет", timeout=20_000)


def corrected(archive: bytes) -> bytes:
    """The workbook out of the downloaded ZIP with the wrong cells put right, as Excel would save it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        [name] = opened.namelist()
        book = openpyxl.load_workbook(io.BytesIO(opened.read(name)))
    for row in book["За поправка"].iter_rows(min_row=3):
        for cell in row:
            if cell.value in BAD:
                cell.value = GOOD[0][BAD.index(cell.value)]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_corrected_rows_join_the_accepted_ones(page: Page, served_empty: Served, tmp_path: Path):
    register, cases, back = tmp_path / "институции.csv", tmp_path / "случаи.csv", tmp_path / "случаи-за-поправка.xlsx"
    register.write_text(REGISTER, "utf-8")
    rows = [CASE.format(n, *GOOD[n % 2]) for n in range(6)]
    rows += [CASE.format(n, *((BAD[0], "болест") if n % 2 else ("Ведрово", BAD[1]))) for n in range(6, 13)]
    cases.write_text(HEAD + "".join(rows), "utf-8")
    drop(page, served_empty, register, cases)
    expect(page.locator(".lead")).to_contain_text("15 реда: 8 годни и 7 за връщане")
    with page.expect_download() as download:
        page.get_by_role("button", name="Редове за поправка").click()
    back.write_bytes(corrected(download.value.path().read_bytes()))
    page.get_by_role("button", name="Запиши 2 файла · 8 реда").click()
    expect(page.get_by_text("7 реда чакат поправка от подателите")).to_be_visible(timeout=20_000)
    drop(page, served_empty, back)
    expect(page.get_by_text("добавят се към 6 реда, приети от него преди")).to_be_visible()
    page.get_by_role("button", name="Запиши 1 файл · 13 реда").click()
    expect(page.get_by_text("Записан е 1 файл с 13 реда.")).to_be_visible(timeout=20_000)
    expect(inside(look(page, "cases")).locator("h1.lead")).to_contain_text("13 случая")
