"""axe finds nothing on any page and in the view of who leads (on slides: test_slide_sizes); every page is Bulgarian,
asks nothing from outside, and on a laptop is no wider than the screen, with the choice of view in sight."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest_browser import STILL, Looking, Served, settled
from playwright.sync_api import Page, expect
from test_words import english

from obhvat.ui.filters import AUDIENCES
from obhvat.ui.shell import PAGES, ROOM

AXE = Axe()
# The field for files is Streamlit's: it calls itself presentation and has a label of its own.
OF_STREAMLIT = {"presentation-role-conflict"}
SETTLED = {"resultTypes": ["violations"]}
SIZES = {"150": (911, 512), "100": (1366, 768)}
MEMBERS = next(iter(AUDIENCES))
# Pages of which all is in force at once, whatever place and period is looked at.
WITHOUT_FILTERS = {"meeting", "upload", "settings", "people", "help"}

# Words that are wider than what holds them, and what reaches over the edge of the screen. A folded table grows narrow
# or wide when it is unfolded.
CUT = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const cut = main.scrollWidth > main.clientWidth ? ['page'] : [];
    for (const e of main.querySelectorAll('h1, h2, p, td, th, button, .tile, .notice, .stPlotlyChart')) {
        const box = e.getBoundingClientRect();
        const folded = e.closest('[data-testid=stElementToolbar]') && !e.checkVisibility();
        if (box.width && box.right > innerWidth + 1 && !e.closest('.matrix') && !folded)
            cut.push(e.textContent.slice(0, 40));
    }
    for (const e of main.querySelectorAll('.tile, .notice, button p'))
        if (e.scrollWidth > e.clientWidth + 1) cut.push(e.textContent.slice(0, 40));
    const menu = document.querySelector('[data-testid=stTopNav]').getBoundingClientRect();
    for (const e of document.querySelectorAll('[data-testid=stTopNavLink]'))
        if (e.checkVisibility({opacityProperty: true}) && e.getBoundingClientRect().right > menu.right + 1)
            cut.push(e.textContent);
    return cut;
}"""


def violations(page: Page) -> list[str]:
    """Each rule that is broken with the first element that breaks it."""
    found = AXE.run(page, options=SETTLED).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["id"] not in OF_STREAMLIT]


@pytest.mark.parametrize("path", [path for path, *_ in PAGES if path != ROOM])
def test_a_page_is_whole_breaks_no_rule_has_no_english_word_and_asks_nothing_from_outside(
    page: Page, served_demo: Served, path: str
):
    """Loaded on a laptop at 150 %, then as it is; made as large as on the projector, axe reads it."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    found = {}
    for zoom, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if not found:
            page.goto(f"{served_demo.address}/{path}")
        found[zoom] = [*settled(page).evaluate(CUT), *english(page)]
        if path not in WITHOUT_FILTERS:
            for view in AUDIENCES:
                expect(page.get_by_role("radio", name=view), zoom).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1920, "height": 1080})
    found["1920"] = [*english(settled(page)), *violations(page)]
    assert found == {size: [] for size in found}
    assert asked
    assert [u for u in asked if not u.startswith((served_demo.address, "data:", "blob:"))] == []


def test_one_school_is_bulgarian_breaks_no_rule_and_fits_the_projector(looking: Looking):
    page = looking.at("school", MEMBERS, school="ОУ „Зорница“, гр. Каменград · 9001001")
    assert [*english(page), *violations(page)] == []
    below = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.part')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert below <= 1080


def test_the_view_of_who_leads_breaks_no_rule(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/room?view=presenter")
    page.wait_for_function(STILL)
    assert violations(page) == []
