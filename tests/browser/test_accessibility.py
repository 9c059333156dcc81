"""axe finds nothing on any page, on any slide, and in the view of who leads; every page is Bulgarian and asks nothing
from outside."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest_browser import STILL, Served, settled
from playwright.sync_api import Page
from test_words import english

from obhvat.ui.shell import PAGES, ROOM

AXE = Axe()
# The field for files is Streamlit's: it calls itself presentation and has a label of its own.
OF_STREAMLIT = {"presentation-role-conflict"}
SETTLED = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Each rule that is broken with the first element that breaks it."""
    found = AXE.run(page, options=SETTLED).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["id"] not in OF_STREAMLIT]


@pytest.mark.parametrize("path", ["", *(path for path, *_ in PAGES if path not in ("overview", ROOM, "school"))])
def test_a_page_breaks_no_rule_has_no_english_word_and_asks_nothing_from_outside(
    page: Page, served_demo: Served, path: str
):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served_demo.address}/{path}")
    assert english(settled(page)) == []
    assert violations(page) == []
    assert asked
    assert [u for u in asked if not u.startswith((served_demo.address, "data:", "blob:"))] == []


def test_one_school_breaks_no_rule(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/school?school=9000101")
    assert violations(settled(page)) == []


def test_no_slide_breaks_a_rule(page: Page, served_demo: Served):
    broken, place = {}, ""
    page.goto(f"{served_demo.address}/room")
    while True:
        page.wait_for_selector(".room-slide")
        page.wait_for_function(STILL)
        if place == (place := page.locator(".room-foot span:last-child").inner_text()):
            break
        if rules := violations(page):
            broken[place] = rules
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)
    assert broken == {}
    assert place.partition(" ")[0] not in ("", "1")


def test_the_view_of_who_leads_breaks_no_rule(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/room?view=presenter")
    page.wait_for_function(STILL)
    assert violations(page) == []
