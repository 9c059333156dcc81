"""Walk through an application that runs from the Windows folder, in Chromium; say what was seen and how long it took.

PYTHONPATH=tests python tests/browser/windows_walk.py demo ADDRESS
    the demonstration's first figure, every page, the documents, each opened
… own ADDRESS FILES_FOLDER
    national files into an empty store, a figure of theirs, undo and back
… again ADDRESS FILES_FOLDER VERSION
    a newer folder: its version, the figure that was left there, the same files known again
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import docx
import openpyxl
from conftest_browser import CHROMIUM, inside, settled
from pdfminer.high_level import extract_text
from places import ROOT
from playwright.sync_api import Page, expect, sync_playwright

# Far above what anything takes: the machine may be busy with other things.
MOST = 300_000
# Not the room: who is in it is shown nothing else.
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - {"room"})
WHAT_IS_READ = {
    ".docx": lambda file: "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs),
    ".pdf": lambda file: extract_text(str(file)),
    ".xlsx": lambda file: "\n".join(openpyxl.load_workbook(file).sheetnames),
}
DOCUMENTS = ("Протокол (Word)", "Слайдове за членовете (PDF)", "Всички таблици (Excel)", "Отчет до МОН (Word)")


def lead(page: Page) -> str:
    return settled(page).locator("h1.lead").inner_text()


def first_figure(page: Page, address: str) -> str:
    started = time.monotonic()
    page.goto(address)
    page.wait_for_selector(".tile .figure")
    print(f"the first figure: {time.monotonic() - started:.1f} s after the address was opened")
    return lead(page)


def every_page(page: Page, address: str) -> None:
    for name in PAGES:
        page.goto(f"{address}/{name}")
        settled(page)
        assert page.locator("[data-testid=stException]").count() == 0, name
    print(f"{len(PAGES)} pages are opened")


def documents(page: Page, address: str) -> None:
    page.goto(f"{address}/meeting")
    settled(page).get_by_role("button", name="Открий заседание").click()
    page.get_by_text("Това заседание").wait_for()
    settled(page).locator("button", has_text="Документи").click()
    settled(page)
    for label in DOCUMENTS:
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).click()
        file = Path(waiting.value.path())
        name = Path(waiting.value.suggested_filename)
        named = file.rename(file.with_suffix(name.suffix))
        text = WHAT_IS_READ[name.suffix](named)
        assert re.search("[а-я]{5}", text), label
        print(f"{name}: {named.stat().st_size:,} bytes, {len(text):,} characters of text")


def choose(page: Page, address: str, files: list[Path]) -> None:
    page.goto(f"{address}/upload")
    settled(page).set_input_files("input[type=file]", files)
    expect(page.locator(".lead")).to_contain_text("Прочет", timeout=MOST)
    print("  ", lead(page))


def upload_and_undo(page: Page, address: str, files: list[Path]) -> None:
    choose(page, address, files)
    page.get_by_role("button", name=re.compile("^Запиши")).click()
    page.wait_for_selector(".notice.good")
    page.get_by_role("link", name="Към прегледа").click()
    page.wait_for_selector(".tile .figure")
    figure = lead(page)
    print("  ", figure)
    page.goto(f"{address}/data_status")
    settled(page).get_by_role("button", name=re.compile("^Отмени цялото качване")).click()
    back = page.get_by_role("button", name=re.compile("^Върни цялото качване"))
    expect(back).to_be_visible(timeout=MOST)
    page.goto(address)
    assert lead(page) != figure
    page.goto(f"{address}/data_status")
    settled(page)
    back.click()
    expect(page.get_by_role("button", name=re.compile("^Отмени цялото качване"))).to_be_visible(timeout=MOST)
    page.goto(address)
    page.wait_for_selector(".tile .figure")
    assert lead(page) == figure
    print("the upload was undone and brought back")


def found_again(page: Page, address: str, files: list[Path], version: str) -> None:
    print("  ", first_figure(page, address))
    page.goto(f"{address}/help")
    settled(page).get_by_role("tab", name="Какво е ново").click()
    expect(page.locator("body")).to_contain_text(f"Версия {version} на обхват", timeout=MOST)
    print(f"„Помощ“ says {version}")
    # By a hash with the key: with another key they would be new.
    choose(page, address, files)
    expect(page.locator("body")).to_contain_text("Същият файл вече е качен", timeout=MOST)
    print("the same file is known again")


def national(folder: str) -> list[Path]:
    """The registers of institutions and of cases, and what every institution submits for January."""
    names = ("институции_2023.csv", "случаи_2024-02-05.xlsx", "*_2023_1_File.txt")
    found = [file for name in names for file in sorted(Path(folder).glob(name))]
    assert len(found) > 50, found
    return found


def main(what: str, address: str, *more: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(locale="bg-BG", viewport={"width": 1366, "height": 768}).new_page()
        page.set_default_timeout(MOST)
        page.set_default_navigation_timeout(MOST)
        match what, more:
            case "demo", []:
                print("  ", first_figure(page, address))
                page.goto(f"{address}/risk")
                print("  ", inside(page).locator("h1.lead").inner_text())
                documents(page, address)
                every_page(page, address)
            case "own", [folder]:
                upload_and_undo(page, address, national(folder))
            case "again", [folder, version]:
                found_again(page, address, national(folder)[-1:], version)
            case _:
                raise SystemExit(__doc__)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
