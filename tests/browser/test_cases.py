"""The page of cases in a browser: two people at one case, a status moves the count, the register reads back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from urllib.parse import unquote

import pytest
from conftest_browser import Served, inside, settled
from playwright.sync_api import Browser, Page, expect
from test_words import english_by_part

from obhvat.cases.register import actions, cases
from obhvat.ingest import Source, read_files
from obhvat.store import Store

expect.set_options(timeout=20_000)

LIST = "Списък и случай"
PARTS = ("Разпределение", "Етапи и срокове", "Свършена работа", "Върнати и останали", "Записи за проверка",
         "Списък и случай", "Предложени случаи", "Разминавания")  # fmt: skip
CASE = "КГ-030"
DAY = date(2024, 1, 31)


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A second visitor."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="bg-BG", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def open_case(page: Page, served: Served, number: str = CASE) -> Page:
    page.goto(f"{served.address}/cases")
    inside(page, LIST)
    pick(page, "Случай", number)
    expect(page.get_by_role("heading", name=f"Случай {number}")).to_be_visible()
    return settled(page)


def pick(page: Page, label: str, option: str) -> None:
    """Choose in a box by typing."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()


def fill_step(page: Page, result: str) -> None:
    pick(page, "Вид действие", "телефонен разговор")
    page.get_by_label("Резултат", exact=True).fill(result)
    page.get_by_label("Резултат", exact=True).press("Tab")


def lead(page: Page) -> str:
    return page.locator("h1.lead").inner_text()


def test_two_people_add_to_one_case_at_once(page: Page, other: Page, own_served_demo: Served):
    both = {"родителят ще дойде": page, "номерът не отговаря": other}
    for result, who in both.items():
        open_case(who, own_served_demo)
        fill_step(who, result)
    for who in both.values():
        who.get_by_role("button", name="Запиши действието").click(no_wait_after=True)
    for who in both.values():
        expect(who.locator(".notice.good", has_text=f"Записано по {CASE}")).to_be_visible()
    open_case(page, own_served_demo)
    for result in both:
        expect(page.locator("table.grid td", has_text=result)).to_have_count(1)


def test_a_status_moves_the_count(page: Page, own_served_demo: Served):
    open_case(page, own_served_demo)
    assert "14 случая" in lead(page)
    pick(page, "Статус", "реинтегриран")
    page.get_by_role("button", name="Запиши статуса").click()
    expect(page.locator("h1.lead")).to_contain_text("13 случая")
    page.goto(f"{own_served_demo.address}/overview")
    expect(page.locator("h1.lead")).to_contain_text("13 случая")


def test_a_row_of_the_list_opens_its_case(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/cases")
    inside(page, LIST)
    settled(page)
    table = page.locator("[class*='st-key-cases-'] [data-testid=stDataFrame]").first
    before = page.get_by_role("heading", name=re.compile("^Случай [А-Я]")).inner_text()
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 14, box["y"] + 35 * 3.5)
    expect(page.get_by_role("heading", name=re.compile("^Случай [А-Я]"))).not_to_have_text(before)


def test_the_downloaded_register_reads_back(page: Page, own_served_demo: Served, demo_store: Store):
    open_case(page, own_served_demo)
    fill_step(page, "родителят ще дойде")
    page.get_by_role("button", name="Запиши действието").click()
    expect(page.locator(".notice.good")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Изтегли регистъра като Excel").click()
    name = download.value.suggested_filename
    assert name == f"случаи-{DAY}.xlsx"
    now = datetime.now()
    of_cases = cases(demo_store, DAY, now)
    before = actions(demo_store, DAY, now)
    with closing(
        read_files([Source(name, download.value.path().read_bytes())], demo_store, today=date(2024, 2, 6))
    ) as upload:
        told = {f.dataset.name: (f.rows_good, f.rows_rejected) for f in upload.files if f.dataset}
    assert told == {
        "cases": (len(of_cases), 0),
        "actions": (int(before["case_number"].isin(of_cases["number"]).sum()) + 1, 0),
    }


def test_no_part_has_an_english_word(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/cases")
    assert english_by_part(inside(page), PARTS) == {part: [] for part in PARTS}


def test_no_case_enters_the_address(page: Page, served_demo: Served):
    visited = []
    page.on("framenavigated", lambda frame: visited.append(frame.url))
    open_case(page, served_demo)
    visited.append(page.url)
    assert [url for url in visited if re.search(r"[А-Я]{2}-\d{3}", unquote(url))] == []


def test_members_cannot_reach_a_case_by_its_address(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/cases?audience=За членовете&part=Списък и случай")
    expect(settled(page).get_by_role("heading", name=re.compile("^Разпределение"))).to_be_visible()
    expect(page.get_by_text("Ново действие")).to_have_count(0)
