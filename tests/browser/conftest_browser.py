"""The real application in a real browser: a server process on a store of the test's own, and Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from serving import Served, start, stop
from store_files import copy_store, written

from obhvat import door
from obhvat.store import Store
from obhvat.ui.filters import INSIDE

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests are left out on a developer's machine, never where CI is set.

    One that fails is tried once more, and the end of the run names it: a browser on a loaded machine is late at times,
    what is broken fails twice.
    """
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skipif(True, reason="няма Chromium"))


# What a page asks of its server: when it asked for what has not begun yet, and how often it asked or was touched.
TOLD = """(() => {
    const told = window.told = {times: 0, at: -Infinity};
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (message) {
        told.times += 1;
        told.at = performance.now();
        send.call(this, message);
    };
    for (const touch of ['pointerdown', 'keydown', 'wheel']) addEventListener(touch, () => { told.times += 1; }, true);
    new MutationObserver(changes => {
        if (changes.some(change => change.target.dataset.testScriptState === 'running')) told.at = -Infinity;
    }).observe(document, {subtree: true, attributeFilter: ['data-test-script-state']});
})()"""

# Resolved when the script has ended, nothing waits for a script of Streamlit's that draws it, and nothing of the page
# has changed for a while. Between a click and the beginning
# of what it asks for, a second at most on a loaded machine, the script has ended, too.
STILL = """() => new Promise(still => {
    let waiting;
    const ended = () => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
        && !(performance.now() - window.told?.at < 1000) && !document.querySelector('[data-testid=stSkeleton]');
    const changed = () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => ended() ? (watching.disconnect(), still(true)) : changed(), 150);
    };
    const watching = new MutationObserver(changed);
    watching.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    changed();
})"""

# As a key of the browser does: the frame of the page is not loaded again, which is half of what a load takes.
GO = "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *("--no-sandbox", "--disable-background-networking", "--disable-gpu", "--process-per-site"),
                # Scripts that come in pieces are compiled anew for every page, whole ones are remembered: a quarter of
                # what a page costs. Of this option the last counts; the other names are Playwright's.
                "--disable-features=ScriptStreaming,SmallScriptStreaming,AvoidUnnecessaryBeforeUnloadCheckSync,PaintHolding",
                # A page lives for seconds: to make its scripts quicker takes longer than they then save.
                "--js-flags=--no-maglev --no-turbofan",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser at the projector's size that has Streamlit's scripts by the second page, as a visitor's has."""
    with browser.new_context(
        viewport={"width": 1920, "height": 1080}, locale="bg-BG", accept_downloads=True, reduced_motion="reduce"
    ) as context:
        keep_scripts(context, "http://127.0.0.1")
        yield context


def keep_scripts(context: BrowserContext, address: str) -> None:
    """Open an empty window that stays at an address: it keeps the process that compiled the scripts of pages there,
    half the cost of a page. The pages of the context will say what they ask of their server."""
    context.add_init_script(TOLD)
    stays = context.new_page()
    stays.route("**", lambda route: route.fulfill(body=""))
    stays.goto(address)


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A new page, and nothing kept from the pages before it but scripts."""
    opened = visitor.new_page()
    refused = refusals(opened)
    yield opened
    assert not refused
    if opened.url.startswith("http"):
        opened.evaluate("() => localStorage.clear()")
    opened.close()
    visitor.clear_cookies()


def refusals(page: Page) -> list[str]:
    """What a page will say of what its policy of contents refused."""
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    return refused


class Looking:
    """One page of the invented oblast for all tests that only look: its frame is loaded once, and the question before
    the internal view answered once. What is chosen is in the addresses it is sent to."""

    def __init__(self, visitor: BrowserContext, served: Served) -> None:
        self._visitor, self._served = visitor, served
        self.page: Page | None = None
        self.refused: list[str] = []
        self._stands = ("", 0)

    def at(self, path: str, audience: str = INSIDE, **chosen: str) -> Page:
        """The page at an address, with nothing left of what was done to it there; "" for one that names no audience."""
        named = {"audience": audience, **chosen} if audience else chosen
        address = "?".join(filter(None, (path, "&".join(f"{k}={v}" for k, v in named.items()))))
        page = self.page or self._open()
        if self._stands != (address, self._touched(page)):
            if page.url.partition("?")[0] == f"{self._served.address}/{path}":
                # What is chosen on a page and is not in its address is forgotten on another.
                look(page, _LIGHT)
            look(page, address)
            self._stands = address, self._touched(page)
        return page

    def anew(self) -> None:
        """Do not go on with the page that stands there."""
        if self.page:
            self.page.close()
        self.page, self._stands = None, ("", 0)

    def _open(self) -> Page:
        self.page = self._visitor.new_page()
        self.refused = refusals(self.page)
        self.page.goto(f"{self._served.address}/{_LIGHT}")
        inside(self.page)
        # A test that enters the room leads there all windows that hear it, and all that have its cookie.
        self.page.evaluate("obhvatTabs.onmessage = null")
        self._visitor.clear_cookies()
        return self.page

    @staticmethod
    def _touched(page: Page) -> int:
        return page.evaluate("told.times")


# A page of few words with the choice of the view.
_LIGHT = "school"


@pytest.fixture(scope="session")
def one_looking(visitor: BrowserContext, served_demo: Served) -> Iterator[Looking]:
    opened = Looking(visitor, served_demo)
    yield opened
    opened.anew()


@pytest.fixture
def looking(one_looking: Looking, request: pytest.FixtureRequest) -> Iterator[Looking]:
    """The page that tests share which look at the invented oblast and need no page of their own."""
    if getattr(request.node, "execution_count", 1) > 1:
        one_looking.anew()
    yield one_looking
    assert not one_looking.refused


@pytest.fixture(scope="session")
def served_demo(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application on the invented oblast, for looking only."""
    yield from serving(demo_path, tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def served_to_write(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application for tests that write, one after the other: each begins with a store that is put back."""
    yield from serving(demo_path, tmp_path_factory.mktemp("written"))


@pytest.fixture(scope="session")
def empty_path(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store with the demonstration's key, closed."""
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    shutil.copy2(demo_path.with_suffix(".key"), path.with_suffix(".key"))
    Store(path).close()
    return path


@pytest.fixture
def own_served_demo(served_to_write: Served, demo_path: Path) -> Served:
    """The invented oblast for a test that uploads."""
    return _put_back(served_to_write, demo_path)


@pytest.fixture
def served_empty(served_to_write: Served, empty_path: Path) -> Served:
    """The application with no data."""
    return _put_back(served_to_write, empty_path)


_restored: dict[Path, tuple[Path, list[tuple[int, int]]]] = {}
"""The store of an application → from what it was put back, and what its files were like then."""


def _put_back(served: Served, path: Path) -> Served:
    """Restore a store under the running application, as `obhvat restore` does, unless nothing was written since."""
    if _restored.get(served.store) != (path, written(served.store)):
        answer = door.have(served.store, {"do": "restore", "path": str(path)})
        Path(answer["kept"]).unlink()
        _restored[served.store] = (path, written(served.store))
    return served


def serving(demo_path: Path, folder: Path) -> Iterator[Served]:
    """The application on a copy of the invented oblast, until the next step of the iterator."""
    process, served = start(folder, copy_store(demo_path, folder))
    yield served
    stop(process)


def inside(page: Page, part: str = "") -> Page:
    """Turn a page to the internal view, and to a part of it: no address opens it, only a click, and the first time the
    answer that nobody else sees the screen."""
    # Of a page that is not drawn yet a click is lost.
    settled(page).get_by_role("radio", name=INSIDE).click()
    settled(page)
    if (nobody := page.get_by_role("dialog").get_by_role("button", name="Не", exact=True)).count():
        nobody.click()
        # While it closes it takes the clicks that are meant for the page.
        expect(page.get_by_role("dialog")).to_have_count(0)
        settled(page)
    if part:
        page.get_by_role("radio", name=part, exact=True).click()
        settled(page)
    return page


def look(page: Page, address: str) -> Page:
    """Lead a page that is loaded to another address of its application."""
    page.evaluate(GO, f"/{address}")
    return settled(page)


def settled(page: Page) -> Page:
    """Wait until the script of the page has ended and what it drew is there."""
    page.wait_for_selector(".lead")
    page.wait_for_function(STILL)
    return page
