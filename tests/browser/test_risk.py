"""The risk page under the mouse: down to a school and back, another threshold, why a child is on the list."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import openpyxl
import pytest
from conftest_browser import Looking, Served, settled
from playwright.sync_api import FloatRect, Locator, Page, expect
from test_words import english

from obhvat.store import Store
from obhvat.ui.filters import INSIDE

ROW, MARK = 35, 14
"""Height of a row of Streamlit's tables, and where its box for choosing is."""


def table(page: Page, key: str) -> Locator:
    """The table of a widget whose key begins so."""
    return page.locator(f"[class*='st-key-{key}'] [data-testid=stDataFrame]").first


def stands(page: Page, wanted: Locator) -> FloatRect:
    """Where something is on the screen, once what is above it has stopped growing."""
    wanted.scroll_into_view_if_needed()
    box, before = wanted.bounding_box(), None
    while box is None or box != before:
        page.wait_for_timeout(200)
        box, before = wanted.bounding_box(), box
    return box


def choose_row(page: Page, key: str, n: int) -> None:
    """Click the box before a row, counted from 0: Streamlit draws its tables on a canvas."""
    wanted = table(settled(page), key)
    wanted.locator("canvas").first.wait_for()
    box = stands(page, wanted)
    page.mouse.click(box["x"] + MARK, box["y"] + ROW * (n + 1) + ROW / 2)


def click_in_picture(page: Page, wanted: Locator) -> None:
    """Click the middle of something in a picture once the picture has noticed the mouse: it does not listen before."""
    box = stands(settled(page), wanted)
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*at)
    page.wait_for_function("e => e.closest('.js-plotly-plot')._hoverdata", arg=wanted.element_handle())
    page.mouse.click(*at)


def lead(page: Page) -> Locator:
    return page.locator("h1.lead")


@pytest.fixture(scope="session")
def secrets(demo_store: Store) -> set[str]:
    """Every pseudonym in decimal and every case number."""
    pupils = demo_store.rows("select pupil::varchar from pupils union select pupil::varchar from absences")
    return {p for (p,) in pupils} | {n for (n,) in demo_store.rows("select distinct number from cases")}


def test_down_to_a_school_and_back_and_down_by_the_same_row(looking: Looking):
    page = looking.at("risk")
    expect(page.get_by_role("heading", name="По общини")).to_be_visible()
    choose_row(page, "places-", 0)
    expect(lead(page)).to_contain_text("община Каменград")
    assert "municipality=Каменград" in unquote(page.url)
    expect(page.get_by_role("heading", name="По училища")).to_be_visible()
    settled(page)
    choose_row(page, "places-", 0)
    expect(page.get_by_role("heading", name="По паралелки")).to_be_visible()
    expect(lead(page)).to_contain_text("гр. Каменград")
    assert re.search(r"school=[^&]+9001\d{3}", unquote(page.url))
    settled(page).get_by_role("button", name="Назад към общината").click()
    expect(lead(page)).to_contain_text("община Каменград")
    settled(page).get_by_role("button", name="Назад към областта").click()
    expect(lead(page)).to_contain_text("областта")
    expect(page.get_by_role("heading", name="По общини")).to_be_visible()
    choose_row(page, "places-", 0)
    expect(lead(page)).to_contain_text("община Каменград")


def test_the_slider_changes_every_team(looking: Looking):
    page = looking.at("risk")
    rows = page.locator("table.grid", has_text="Без случай").locator("tbody tr")
    before = rows.all_inner_texts()
    assert len(before) == 7
    assert all(row.split("\t")[1] == row.split("\t")[2] for row in before)
    slider = page.get_by_role("slider", name="Праг")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowRight")
    expect(page.locator("table.grid th", has_text="При 7 и повече часа")).to_be_visible()
    after = [row.split("\t") for row in rows.all_inner_texts()]
    assert [row[1] for row in after] == [row.split("\t")[1] for row in before]
    assert int(after[-1][2]) < int(after[-1][1])
    assert sum(int(row[2]) for row in after[:-1]) == int(after[-1][2])


def test_a_chosen_child_says_why_and_enters_no_address(looking: Looking, secrets: set[str]):
    visited = []
    page = looking.at("risk")
    page.on("framenavigated", note := lambda frame: visited.append(frame.url))
    choose_row(page, "pupils-", 1)
    said = page.locator("ul li", has_text="Праг за спиране на семейната помощ – училище")
    expect(said).to_contain_text("при праг „5 и повече часа“")
    expect(said).to_contain_text("през януари 2024 г.")
    expect(said).to_contain_text(re.compile(r"\d{7}_2023_1_File\.txt, ред \d+"))
    visited.append(page.url)
    choose_row(page, "places-", 0)
    expect(lead(page)).to_contain_text("община Каменград")
    visited.append(page.url)
    page.remove_listener("framenavigated", note)
    urls = [unquote(url) for url in visited]
    assert len(secrets) > 10_000
    assert [url for url in urls if any(number in url for number in secrets)] == []
    allowed = {"municipality", "school", "year", "period", "audience", "rule"}
    assert {name for url in urls for name in re.findall(r"[?&](\w+)=", url)} <= allowed


def test_members_cannot_reach_a_child(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/risk?audience=За членовете&municipality=Ведрово")
    choose_row(page, "places-", 0)
    expect(page.get_by_role("heading", name="По паралелки")).to_be_visible()
    expect(page.get_by_text("По паралелки се показва само във вътрешния изглед.").first).to_be_visible()
    expect(page.locator("[class*='st-key-pupils-'], [class*='st-key-classes']")).to_have_count(0)


@pytest.mark.parametrize("audience", ["За пресата", INSIDE])
def test_the_page_has_no_english_word(looking: Looking, audience: str):
    """As the members see it, it is read beside what axe says of it (test_accessibility)."""
    assert english(looking.at("risk", audience)) == []


def test_the_list_is_downloaded_with_its_threshold(looking: Looking):
    page = looking.at("risk")
    with page.expect_download() as download:
        page.get_by_role("button", name="Изтегли списъка като Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    written = "\n".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c)
    assert download.value.suggested_filename == "риск-2024-01.xlsx"
    assert "Прагове: по подразбиране" in written
    n = re.search(r"(\d+) от ", lead(page).inner_text())
    assert n
    assert book.worksheets[0].max_row > int(n[1])
