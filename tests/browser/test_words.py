"""What everyone sees is Bulgarian. Pages with data are read beside what axe says of them (test_accessibility)."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest_browser import Served, look, settled
from playwright.sync_api import FilePayload, Page, expect
from streamlit import __file__ as streamlit_file

from obhvat.demo.files import Demo
from obhvat.ui.words import WORDS, replaced

# Names of formats, commands and keys, written as they are.
NAMES = {"csv", "excel", "parquet", "zip", "xlsx", "utf", "windows", "obhvat", "backup", "restore", "key", "txt", "ods",
         "file", "gb", "kb", "mb", "egn", "ps", "ok", "esc", "looks", "serve",
         "together", "figures", "export", "country", "import"}  # fmt: skip
STATIC = Path(streamlit_file).parent / "static" / "static" / "js"

VISIBLE = """() => {
    const words = [];
    const shown = e => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (e && !['SCRIPT', 'STYLE', 'NOSCRIPT', 'CODE'].includes(e.tagName) && !e.closest('[translate=no]')
            && e.dataset.testid !== 'stIconMaterial' && shown(e)) words.push(walk.currentNode.textContent);
    }
    for (const e of document.querySelectorAll('[aria-label],[placeholder],[title]'))
        if (shown(e) && !e.closest('[data-testid=stIconMaterial]'))
            words.push(e.getAttribute('aria-label') || '', e.placeholder || '', e.title || '');
    return words;
}"""


def english(page: Page) -> list[str]:
    found = []
    for text in page.evaluate(VISIBLE):
        found += [w for w in re.findall(r"[A-Za-z]{2,}", text) if w.lower() not in NAMES and not set(w) <= set("IVX")]
    return found


def english_by_part(page: Page, parts: Sequence[str]) -> dict[str, list[str]]:
    """English words of each part of a page, chosen one after the other; the first of them is open."""
    words = {}
    for part in parts:
        choice = page.get_by_role("radio", name=part, exact=True)
        if part != parts[0]:
            choice.click()
        expect(choice).to_be_checked()
        words[part] = english(settled(page))
    return words


PATHS = ["", "inspections", "school", "backtest", "upload", "data_status", "settings", "help"]
STARTS = {"", "inspections", "school"}
"""Pages that say where to begin; those of the others that need data say so in their own way."""


def test_no_page_of_an_empty_store_has_an_english_word_and_where_to_begin_is_offered(page: Page, served_empty: Served):
    found = {}
    page.goto(served_empty.address)
    for path in PATHS:
        found[path] = english(look(page, path))
        if path in STARTS:
            expect(page.get_by_role("button", name="Разгледай примерна област")).to_be_visible()
    assert found == {path: [] for path in PATHS}


def test_an_upload_has_no_english_word(page: Page, own_served_demo: Served):
    page.goto(f"{own_served_demo.address}/upload")
    files: list[FilePayload] = [
        {"name": s.name, "mimeType": "text/plain", "buffer": s.data} for s in Demo().practice_files()[:3]
    ]
    settled(page).set_input_files("input[type=file]", files)
    page.wait_for_selector(".files.head")
    page.get_by_role("button", name="Подробно").first.click()
    page.wait_for_selector("text=Първите годни редове")
    assert english(settled(page)) == []


@pytest.mark.parametrize("script", WORDS)
def test_every_replaced_word_is_still_in_streamlits_scripts(script: str):
    found: dict[str, int] = {}
    for path in STATIC.glob(f"{script}.*.js"):
        for word, n in replaced(path.read_text("utf-8"), WORDS[script])[1].items():
            found[word] = found.get(word, 0) + n
    assert [word for word in WORDS[script] if not found.get(word)] == []
