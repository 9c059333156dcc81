"""Every page on a laptop, as it is and at 150 %: nothing wider than the screen, the choice of view in sight, and no
English word."""

from __future__ import annotations

import pytest
from conftest_browser import Served, settled
from playwright.sync_api import Page, expect
from test_words import english

from obhvat.ui.filters import AUDIENCES
from obhvat.ui.shell import PAGES, ROOM

SIZES = {"100": (1366, 768), "150": (911, 512)}
# Pages of which all is in force at once, whatever place and period is looked at.
WITHOUT_FILTERS = {"meeting", "upload", "settings", "people", "help"}

# Words that are wider than what holds them, and what reaches over the edge of the screen.
_CUT = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const cut = main.scrollWidth > main.clientWidth ? ['page'] : [];
    for (const e of main.querySelectorAll('h1, h2, p, td, th, button, .tile, .notice, .stPlotlyChart')) {
        const box = e.getBoundingClientRect();
        if (box.width && box.right > innerWidth + 1 && !e.closest('.matrix')) cut.push(e.textContent.slice(0, 40));
    }
    for (const e of main.querySelectorAll('.tile, .notice, button p'))
        if (e.scrollWidth > e.clientWidth + 1) cut.push(e.textContent.slice(0, 40));
    return cut;
}"""


@pytest.mark.parametrize("zoom", SIZES)
def test_a_laptop_shows_every_page_whole(page: Page, served_demo: Served, zoom: str):
    width, height = SIZES[zoom]
    page.set_viewport_size({"width": width, "height": height})
    found = {}
    for path, title, _ in PAGES:
        if path == ROOM:
            continue
        page.goto(f"{served_demo.address}/{path}")
        settled(page)
        found[path] = [*page.evaluate(_CUT), *english(page)]
        if path not in WITHOUT_FILTERS:
            for view in AUDIENCES:
                expect(page.get_by_role("radio", name=view), title).to_be_in_viewport(ratio=1)
    assert found == {path: [] for path in found}
