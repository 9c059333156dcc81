"""Walk through an application that runs from the Windows folder, in Chromium: the demonstration's first figure and its
documents; national files into an empty store, a figure of theirs, undo. Says what it saw and how long it took.

    PYTHONPATH=tests python tests/browser/windows_walk.py DEMO_ADDRESS EMPTY_ADDRESS FILES_FOLDER
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from conftest_browser import CHROMIUM, inside, settled
from playwright.sync_api import Page, expect, sync_playwright

# By what the bytes of each kind of document begin.
DOCUMENTS = {
    "Протокол (Word)": b"PK",
    "Слайдове за членовете (PDF)": b"%PDF",
    "Всички таблици (Excel)": b"PK",
    "Отчет до МОН (Word)": b"PK",
}


def first_figure(page: Page, address: str) -> None:
    started = time.monotonic()
    page.goto(address)
    page.wait_for_selector(".tile .figure", timeout=120_000)
    print(f"the first figure: {time.monotonic() - started:.1f} s after the address was opened")
    print("  ", settled(page).locator("h1.lead").inner_text())


def documents(page: Page, address: str) -> None:
    page.goto(f"{address}/meeting")
    settled(page).get_by_role("button", name="Открий заседание").click()
    page.get_by_text("Това заседание").wait_for()
    settled(page).locator("button", has_text="Документи").click()
    settled(page)
    for label, begins in DOCUMENTS.items():
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).click()
        data = Path(waiting.value.path()).read_bytes()
        assert data.startswith(begins), label
        print(f"{waiting.value.suggested_filename}: {len(data):,} bytes")


def upload_and_undo(page: Page, address: str, files: list[Path]) -> None:
    page.goto(f"{address}/upload")
    settled(page).set_input_files("input[type=file]", files)
    expect(page.locator(".lead")).to_contain_text("Прочет", timeout=120_000)
    print("  ", page.locator("h1.lead").inner_text())
    page.get_by_role("button", name=re.compile("^Запиши")).click()
    page.wait_for_selector(".notice.good", timeout=120_000)
    page.get_by_role("link", name="Към прегледа").click()
    page.wait_for_selector(".tile .figure", timeout=60_000)
    print("  ", settled(page).locator("h1.lead").inner_text())
    page.goto(f"{address}/data_status")
    undo = settled(page).get_by_role("button", name=re.compile("^Отмени цялото качване"))
    undo.click()
    expect(page.get_by_role("button", name=re.compile("^Върни цялото качване"))).to_be_visible(timeout=30_000)
    print("the upload was undone")


def main(demo: str, empty: str, folder: str) -> None:
    files = [file for name in ("институции_2023.csv", "*_2024_1_File.txt") for file in sorted(Path(folder).glob(name))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(locale="bg-BG", viewport={"width": 1366, "height": 768}).new_page()
        page.set_default_timeout(60_000)
        first_figure(page, demo)
        page.goto(f"{demo}/risk")
        print("  ", inside(page).locator("h1.lead").inner_text())
        documents(page, demo)
        upload_and_undo(page, empty, files)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
