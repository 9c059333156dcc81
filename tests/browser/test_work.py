"""The main job, as an expert and a governor do it."""

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import openpyxl
from conftest_browser import Served, look, settled, start, stop
from playwright.sync_api import Dialog, FilePayload, Page, expect
from store_files import copy_store

from obhvat.demo.files import Demo
from obhvat.store import Store


@cache
def practice() -> list[FilePayload]:
    return [{"name": s.name, "mimeType": "text/plain", "buffer": s.data} for s in Demo().practice_files()]


def over_threshold(files: list[FilePayload]) -> int:
    """Pupils with five or more unexcused hours in the national files, counted by hand; bad lines left out."""
    bad = {(files[0]["name"], n) for n in (2, 4, 6, 8)}
    pupils = set()
    for file in files:
        hours: dict[str, float] = {}
        for n, line in enumerate(file["buffer"].decode("windows-1251").splitlines()):
            if (file["name"], n) not in bad:
                cells = line.split("|")
                pupil = f"{cells[0]} {cells[4].zfill(10)}"
                hours[pupil] = hours.get(pupil, 0) + float(cells[15].replace(",", "."))
        pupils |= {pupil for pupil, missed in hours.items() if missed >= 5}
    return len(pupils)


def upload(page: Page, served: Served, files: list[FilePayload]) -> None:
    page.goto(f"{served.address}/upload")
    settled(page).set_input_files("input[type=file]", files)
    page.wait_for_selector(".files.head")


def commit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Запиши")).click()
    page.wait_for_selector(".notice.good")


def test_files_dropped_in_the_browser_change_the_governors_figure(page: Page, own_served_demo: Served):
    files = practice()
    upload(page, own_served_demo, files)
    commit(page)
    assert [p for p in own_served_demo.temporary.rglob("*") if p.is_file()] == []
    page.get_by_role("link", name="Към прегледа").click()
    tile = settled(page).locator(".tile").nth(2)
    expect(tile).to_contain_text("февруари 2024 г.")
    expect(tile.locator(".figure")).to_contain_text(str(over_threshold(files)))


def test_an_upload_gives_rows_back_with_reasons_and_is_undone(page: Page, own_served_demo: Served):
    upload(page, own_served_demo, practice()[:1])
    with page.expect_download() as download:
        page.get_by_role("button", name="Редове за поправка").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read(archive.namelist()[0]))).active
    lines = [row[0] for row in sheet.iter_rows(min_row=3, values_only=True)]
    reasons = [row[-1] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert lines == [3, 5, 7, 9]
    assert "отрицателно" in reasons[0]
    assert "ред 8" in reasons[3]
    commit(page)
    look(page, "data_status").get_by_role("button", name="Отмени файла").click()
    expect(page.get_by_role("button", name="Върни файла в сила")).to_be_visible()
    page.goto(own_served_demo.address)
    expect(settled(page).locator("h1.lead")).to_contain_text("I срок на 2023/2024")


def test_a_municipality_is_chosen_on_the_map_sent_as_a_link_and_kept_on_another_page(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/?period=Ноември")
    name = settled(page).locator(".js-plotly-plot text", has_text="Каменград").first
    box = name.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("h1.lead")).to_contain_text("община Каменград")
    assert "municipality=Каменград" in unquote(page.url)
    said = settled(page).locator("h1.lead").inner_text()
    assert said.startswith("През ноември 2023 г. в община Каменград ")
    page.goto(unquote(page.url))
    assert settled(page).locator("h1.lead").inner_text() == said
    page.get_by_role("link", name="Данни").click()
    page.wait_for_selector(".matrix")
    expect(page.locator("h1.lead")).to_contain_text("община Каменград")
    assert "municipality=Каменград" in unquote(page.url)


def test_a_hostile_file_name_runs_nothing(page: Page, served_demo: Served):
    dialogs = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    hostile = "<img src=x onerror=alert(1)>[x](javascript:alert(2)).csv"
    body = "Код по НЕИСПУО;Наименование;Вид;Община\r\n12;<img src=x onerror=alert(3)>;=1+1;Тест\r\n".encode()
    upload(page, served_demo, [{"name": hostile, "mimeType": "text/csv", "buffer": body}])
    page.get_by_role("button", name="Подробно").click()
    page.wait_for_selector("text=за връщане")
    page.wait_for_timeout(500)
    assert dialogs == []
    assert page.locator(".files img").count() == 0


def test_an_empty_store_leads_to_the_demo_and_its_figures(page: Page, served_empty: Served):
    page.goto(served_empty.address)
    settled(page).get_by_role("button", name="Разгледай примерна област").click()
    # Beside it the line of the empty store may still stand for a moment.
    expect(page.locator("h1.lead", has_text="38 от 40 училища")).to_be_visible(timeout=60_000)


def test_what_was_committed_outlives_the_program_and_the_page_says_that_it_stopped(
    page: Page, demo_path: Path, tmp_path: Path
):
    process, served = start(tmp_path, copy_store(demo_path, tmp_path))
    upload(page, served, practice()[:2])
    commit(page)
    settled(page)
    stop(process)
    with Store(served.store) as store:
        assert store.rows(
            "select count(*) from live_slices('absences', now()::timestamp) where period = '2024-02-01'"
        ) == [(2,)]
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("Програмата на този компютър не отговаря. Записаното е цяло.", timeout=60_000)
    expect(told).to_contain_text("Няма връзка с програмата")
    assert "internet" not in told.inner_text().lower()
