"""The page of checks under the mouse: a click opens a school, a plan is made, saved and printed."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import openpyxl
from conftest_browser import Looking, Served, inside, settled
from docx import Document
from playwright.sync_api import Page, expect
from test_risk import choose_row, click_in_picture, lead
from test_words import english, english_by_part

from obhvat.ui.filters import INSIDE

PARTS = ["Проверени училища", "Повторни проверки", "Констатации и препоръки", "Вписване в дневника", "План за проверки"]
MEMBERS, PRESS = "За членовете", "За пресата"


def plan(page: Page) -> list[str]:
    """The schools of the plan, in its order."""
    settled(page)
    return [re.sub(r"^\d+\. ", "", text) for text in page.locator(".visit > b").all_inner_texts()]


def row(page: Page, sign: str, n: int) -> None:
    """Press a button of a school of the plan, counted from 0."""
    page.get_by_role("button", name=sign, exact=True).nth(n).click()
    settled(page)


def printed(page: Page) -> list[str]:
    """The schools of the plan in its order as a document of Word, which its workbook agrees with."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Списък за заповед").click()
    assert download.value.suggested_filename == "проверки-2024-02-12.docx"
    [table] = Document(io.BytesIO(download.value.path().read_bytes())).tables
    written = [[cell.text for cell in line.cells] for line in table.rows][1:]
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))["План"]
    rows = [[str(cell) for cell in line] for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows == [line[: len(rows[0])] for line in written]
    return [f"{line[1]}, {line[2]}" for line in written]


def test_a_cell_of_the_matrix_opens_its_school_and_it_the_risk(looking: Looking):
    page = looking.at("inspections", municipality="Ведрово")
    cell = page.locator("[class*='st-key-matrix-'] .js-plotly-plot .textpoint").first
    click_in_picture(page, cell)
    page.wait_for_url("**/school?*")
    expect(lead(page)).to_contain_text("през I срок на 2023/2024 г.")
    assert {"municipality=Ведрово", "audience=Вътрешен"} <= set(re.split("[?&]", unquote(page.url)))
    settled(page).get_by_role("button", name="Към риска").click()
    expect(lead(page)).to_contain_text("община Ведрово")
    assert "/risk" in page.url


def test_a_row_opens_its_school_and_the_way_back_keeps_the_filters(looking: Looking):
    page = looking.at("inspections", MEMBERS, municipality="Ведрово")
    choose_row(page, "schools-", 0)
    expect(lead(page)).to_contain_text("ОУ „Млада гора“, с. Изворско – няма проверка")
    assert re.search(r"/school\?.*school=[^&]+9002005", unquote(page.url))
    settled(page).get_by_role("button", name="Към проверките").click()
    expect(lead(page)).to_contain_text("са проверени 7 от 8 училища")
    assert "municipality=Ведрово" in unquote(page.url)
    assert "school=" not in page.url


def test_the_map_narrows_to_a_municipality_and_back(looking: Looking):
    page = looking.at("inspections")
    for name, says in (("Ведрово", "7 от 8"), ("Ведрово", "38 от 40")):
        click_in_picture(
            page, page.locator("[class*='st-key-coverage-map-'] .js-plotly-plot text", has_text=name).first
        )
        expect(lead(page)).to_contain_text(says)
        settled(page)


def test_the_part_is_in_the_address(looking: Looking):
    page = looking.at("inspections")
    page.locator("[data-testid=stButtonGroup]").get_by_text("Повторни проверки").click()
    expect(page.get_by_role("heading", name="Оправдана ли е повторната проверка")).to_be_visible()
    assert "part=Повторни" in unquote(page.url)


def test_a_plan_is_made_saved_printed_and_still_there(page: Page, own_served_demo: Served):
    page.goto(f"{own_served_demo.address}/inspections?part=План за проверки")
    inside(page)
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
    assert printed(page) == wanted
    page.goto(f"{own_served_demo.address}/inspections?audience={MEMBERS}&part=План за проверки")
    page.wait_for_selector(".visit")
    assert plan(page) == wanted
    expect(page.get_by_role("button", name="Запази плана")).to_have_count(0)
    inside(page)
    assert plan(page) == wanted
    expect(page.get_by_text("добавено от експерт")).to_be_visible()


def test_the_slider_makes_room(looking: Looking):
    page = looking.at("inspections", part="План за проверки")
    before = plan(page)
    slider = page.get_by_role("slider", name="Колко проверки могат експертите през седмицата")
    slider.focus()
    for _ in range(2):
        slider.press("ArrowRight")
    expect(page.locator(".visit")).to_have_count(len(before) + 2)
    assert plan(page)[: len(before)] == before


def test_no_part_has_an_english_word_nor_has_the_calendar_of_weeks(looking: Looking):
    page, last = looking.at("inspections", PRESS), PRESS
    for audience, parts in ((PRESS, PARTS), (MEMBERS, PARTS[::-1]), (INSIDE, PARTS)):
        if audience != last:
            page.get_by_role("radio", name=audience, exact=True).click()
            settled(page)
        assert (audience, english_by_part(page, parts)) == (audience, {part: [] for part in parts})
    page.locator("[data-testid=stDateInput]").last.get_by_role("button").last.click()
    expect(page.get_by_role("button", name="Следващ месец")).to_be_visible()
    assert english(page) == []
