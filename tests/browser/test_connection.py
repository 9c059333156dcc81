"""What a page says when the program under it has stopped."""

from pathlib import Path

from conftest_browser import settled, start, stop
from playwright.sync_api import Page, expect
from store_files import copy_store


def test_a_page_whose_program_stopped_says_so_in_bulgarian(page: Page, empty_path: Path, tmp_path: Path):
    process, served = start(tmp_path, copy_store(empty_path, tmp_path))
    page.goto(f"{served.address}/upload")
    settled(page)
    stop(process)
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("Програмата на този компютър не отговаря. Записаното е цяло.", timeout=60_000)
    expect(told).to_contain_text("Няма връзка с програмата")
    assert "internet" not in told.inner_text().lower()
