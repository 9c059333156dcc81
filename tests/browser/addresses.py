"""Going to another page of the application without loading its frame anew, which is most of what a page costs here."""

from __future__ import annotations

from conftest_browser import settled
from playwright.sync_api import Page

_GO = """to => {
    const begun = new MutationObserver(() => { begun.disconnect(); window.begun = true; });
    window.begun = false;
    begun.observe(document.querySelector('[data-testid=stApp]'), {attributeFilter: ['data-test-script-state']});
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
}"""


def gone(page: Page, to: str) -> Page:
    """Go to an address, as „/cases?municipality=Горун“, the way the keys of a browser go back to it, and wait until
    its page is drawn. It is drawn in the same session: an address that is typed begins another."""
    page.evaluate(_GO, to)
    page.wait_for_function("() => window.begun")
    return settled(page)
