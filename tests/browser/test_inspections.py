"""The pages of checks and of one school under the mouse: a click opens a school, a plan is made, saved and printed."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import openpyxl
import pytest
from conftest_browser import Served, inside, settled
from docx import Document
from playwright.sync_api import Page, expect
from test_risk import choose_row, lead
from test_words import english, english_by_part

from obhvat.ui.filters import INSIDE

PARTS = ["Проверени училища", "Повторни проверки", "Констатации и препоръки", "Вписване в дневника", "План за проверки"]
MEMBERS, PRESS = "За членовете", "За пресата"


def open_checks(page: Page, served: Served, part: str = "", audience: str = INSIDE, **address: str) -> Page:
    chosen = {"audience": audience, **({"part": part} if part else {}), **address}
    page.goto(f"{served.address}/inspections?{'&'.join(f'{k}={v}' for k, v in chosen.items())}")
    page.wait_for_selector(".tiles")
    return inside(page) if audience == INSIDE else settled(page)


def plan(page: Page) -> list[str]:
    """The schools of the plan, in its order."""
    settled(page)
    return [re.sub(r"^\d+\. ", "", text) for text in page.locator(".visit > b").all_inner_texts()]


def row(page: Page, sign: str, n: int) -> None:
    """Press a button of a school of the plan, counted from 0."""
    page.get_by_role("button", name=sign, exact=True).nth(n).click()
    settled(page)


def test_a_cell_of_the_matrix_opens_its_school(page: Page, served_demo: Served):
    open_checks(page, served_demo, municipality="Ведрово")
    cell = page.locator("[class*='st-key-matrix-'] .js-plotly-plot .textpoint").first
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/school?*")
    expect(lead(page)).to_contain_text("през I срок на 2023/2024 г.")
    assert {"municipality=Ведрово", "audience=Вътрешен"} <= set(re.split("[?&]", unquote(page.url)))


def test_a_row_opens_its_school_and_the_way_back_keeps_the_filters(page: Page, served_demo: Served):
    open_checks(page, served_demo, audience=MEMBERS, municipality="Ведрово")
    choose_row(page, "schools-", 0)
    expect(lead(page)).to_contain_text("ОУ „Млада гора“, с. Изворско – няма проверка")
    assert re.search(r"/school\?.*school=[^&]+9002005", unquote(page.url))
    settled(page).get_by_role("button", name="Към проверките").click()
    expect(lead(page)).to_contain_text("са проверени 7 от 8 училища")
    assert "municipality=Ведрово" in unquote(page.url)
    assert "school=" not in page.url


def test_the_way_to_risk_keeps_the_filters(page: Page, served_demo: Served):
    open_checks(page, served_demo, municipality="Ведрово")
    choose_row(page, "schools-", 0)
    expect(lead(page)).to_contain_text("Млада гора")
    settled(page).get_by_role("button", name="Към риска").click()
    expect(lead(page)).to_contain_text("община Ведрово")
    assert "/risk" in page.url


def test_the_map_narrows_to_a_municipality_and_back(page: Page, served_demo: Served):
    open_checks(page, served_demo)
    for name, says in (("Ведрово", "7 от 8"), ("Ведрово", "38 от 40")):
        patch = page.locator("[class*='st-key-coverage-map-'] .js-plotly-plot text", has_text=name).first
        # The map is drawn again after each click.
        page.wait_for_timeout(1000)
        box = patch.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(lead(page)).to_contain_text(says)
        settled(page)


def test_the_part_is_in_the_address(page: Page, served_demo: Served):
    open_checks(page, served_demo).locator("[data-testid=stButtonGroup]").get_by_text("Повторни проверки").click()
    expect(page.get_by_role("heading", name="Оправдана ли е повторната проверка")).to_be_visible()
    assert "part=Повторни" in unquote(page.url)
    page.goto(page.url)
    expect(page.get_by_role("heading", name="Оправдана ли е повторната проверка")).to_be_visible()


def test_a_plan_is_made_saved_and_still_there(page: Page, own_served_demo: Served):
    open_checks(page, own_served_demo, "План за проверки")
    proposed = plan(page)
    assert len(proposed) == 8
    row(page, "↓", 0)
    assert plan(page)[:2] == [proposed[1], proposed[0]]
    row(page, "↑", 1)
    assert plan(page)[:2] == proposed[:2]
    row(page, "✕", 2)
    assert plan(page) == [*proposed[:2], *proposed[3:]]
    choice = page.get_by_label("Добави училище")
    choice.scroll_into_view_if_needed()
    choice.click()
    choice.fill("Здравец")
    page.get_by_role("option", name=re.compile("СУ „Здравец“")).click()
    expect(page.get_by_text("добавено от експерт")).to_be_visible()
    wanted = plan(page)
    assert wanted == [*proposed[:2], *proposed[3:], "СУ „Здравец“, с. Студеница"]
    page.get_by_role("button", name="Запази плана").click()
    expect(page.get_by_text(re.compile("^Запазен от"))).to_be_visible()
    page.reload()
    inside(page)
    assert plan(page) == wanted
    expect(page.get_by_text("добавено от експерт")).to_be_visible()
    page.goto(f"{own_served_demo.address}/inspections?audience={MEMBERS}&part=План за проверки")
    page.wait_for_selector(".visit")
    assert plan(page) == wanted
    expect(page.get_by_role("button", name="Запази плана")).to_have_count(0)


def test_the_downloads_are_the_plan(page: Page, served_demo: Served):
    open_checks(page, served_demo, "План за проверки")
    row(page, "↓", 0)
    wanted = plan(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Списък за заповед").click()
    assert download.value.suggested_filename == "проверки-2024-02-12.docx"
    [table] = Document(io.BytesIO(download.value.path().read_bytes())).tables
    written = [[cell.text for cell in line.cells] for line in table.rows][1:]
    assert [f"{line[1]}, {line[2]}" for line in written] == wanted
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))["План"]
    rows = [[str(cell) for cell in line] for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows == [line[: len(rows[0])] for line in written]


def test_the_slider_makes_room(page: Page, served_demo: Served):
    open_checks(page, served_demo, "План за проверки")
    before = plan(page)
    slider = page.get_by_role("slider", name="Колко проверки могат експертите през седмицата")
    slider.focus()
    for _ in range(2):
        slider.press("ArrowRight")
    expect(page.locator(".visit")).to_have_count(10)
    assert plan(page)[:8] == before


def test_the_calendar_of_weeks_is_in_bulgarian(page: Page, served_demo: Served):
    open_checks(page, served_demo, "План за проверки")
    before = english(page)
    page.locator("[data-testid=stDateInput]").last.get_by_role("button").last.click()
    expect(page.get_by_role("button", name="Следващ месец")).to_be_visible()
    assert english(page) == before


@pytest.mark.parametrize("audience", [INSIDE, MEMBERS, PRESS])
def test_no_part_has_an_english_word(page: Page, served_demo: Served, audience: str):
    open_checks(page, served_demo, audience=audience)
    assert english_by_part(page, PARTS) == {part: [] for part in PARTS}


@pytest.mark.parametrize("address", ["school", "school?school=ОУ „Зорница“, гр. Каменград · 9001001"])
def test_the_page_of_a_school_has_no_english_word(page: Page, served_demo: Served, address: str):
    page.goto(f"{served_demo.address}/{address}")
    assert english(settled(page)) == []


def test_a_school_fits_the_projector(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/school?audience={MEMBERS}&school=ОУ „Зорница“, гр. Каменград · 9001001")
    settled(page)
    below = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.part')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert below <= 1080


def test_an_empty_store_offers_the_start(page: Page, served_empty: Served):
    for path in ("inspections", "school"):
        page.goto(f"{served_empty.address}/{path}")
        expect(settled(page).get_by_role("button", name="Разгледай примерна област")).to_be_visible()
