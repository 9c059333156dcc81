"""The page of cases in a browser: two people at one case, a status moves the count, the register reads back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from urllib.parse import unquote

import pytest
from conftest_browser import Looking, Served, inside, look, settled
from playwright.sync_api import BrowserContext, Locator, Page, expect
from test_risk import choose_row
from test_words import english_by_part

from obhvat.cases.register import actions, cases
from obhvat.ingest import Source, read_files
from obhvat.store import Store
from obhvat.ui.filters import INSIDE

expect.set_options(timeout=20_000)

LIST = "Списък и случай"
PARTS = ("Разпределение", "Етапи и срокове", "Свършена работа", "Върнати и останали", "Записи за проверка",
         "Списък и случай", "Предложени случаи", "Разминавания")  # fmt: skip
CASE = "КГ-030"
DAY = date(2024, 1, 31)


@pytest.fixture
def other(visitor: BrowserContext) -> Iterator[Page]:
    """The window of a second visitor."""
    opened = visitor.new_page()
    yield opened
    opened.close()


def open_case(page: Page, served: Served) -> str:
    """Open the list of cases, and say which case stands under it."""
    page.goto(f"{served.address}/school")
    look(inside(page), f"cases?audience={INSIDE}&part={LIST}")
    return heading(page).inner_text().split()[1]


def heading(page: Page) -> Locator:
    """Above the case that is open."""
    return page.get_by_role("heading", name=re.compile("^Случай [А-Я]"))


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


def test_two_people_add_to_one_case_at_once_and_the_downloaded_register_reads_back(
    page: Page, other: Page, own_served_demo: Served, demo_store: Store
):
    both = {"родителят ще дойде": page, "номерът не отговаря": other}
    numbers = set()
    for result, who in both.items():
        numbers.add(open_case(who, own_served_demo))
        fill_step(who, result)
    [number] = numbers
    for who in both.values():
        who.get_by_role("button", name="Запиши действието").click(no_wait_after=True)
    for who in both.values():
        expect(who.locator(".notice.good", has_text=f"Записано по {number}")).to_be_visible()
    look(page, f"cases?audience={INSIDE}&part={LIST}")
    expect(heading(page)).to_contain_text(number)
    for result in both:
        expect(page.locator("table.grid td", has_text=result)).to_have_count(1)
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
        "actions": (int(before["case_number"].isin(of_cases["number"]).sum()) + 2, 0),
    }


def test_a_status_moves_the_count(page: Page, own_served_demo: Served):
    open_case(page, own_served_demo)
    assert "14 случая" in lead(page)
    pick(page, "Статус", "реинтегриран")
    page.get_by_role("button", name="Запиши статуса").click()
    expect(page.locator("h1.lead")).to_contain_text("13 случая")
    look(settled(page), "")
    expect(page.locator("h1.lead")).to_contain_text("13 случая")


def test_a_case_is_opened_by_a_row_or_its_number_and_does_not_enter_the_address(looking: Looking):
    visited = []
    page = looking.at("cases", part=LIST)
    page.on("framenavigated", note := lambda frame: visited.append(frame.url))
    before = heading(page).inner_text()
    choose_row(page, "cases-", 2)
    expect(heading(page)).not_to_have_text(before)
    visited.append(page.url)
    assert heading(page).inner_text() != f"Случай {CASE}"
    pick(settled(page), "Случай", CASE)
    # What readers of screens say of the list.
    expect(page.locator("[data-live-announcer]")).to_contain_text("1 възможност.")
    expect(page.get_by_role("heading", name=f"Случай {CASE}")).to_be_visible()
    settled(page)
    visited.append(page.url)
    page.remove_listener("framenavigated", note)
    assert [url for url in visited if re.search(r"[А-Я]{2}-\d{3}", unquote(url))] == []


def test_no_part_has_an_english_word(looking: Looking):
    assert english_by_part(looking.at("cases"), PARTS) == {part: [] for part in PARTS}


def test_members_cannot_reach_a_case_by_its_address(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/cases?audience=За членовете&part=Списък и случай")
    expect(settled(page).get_by_role("heading", name=re.compile("^Разпределение"))).to_be_visible()
    expect(page.get_by_text("Ново действие")).to_have_count(0)
