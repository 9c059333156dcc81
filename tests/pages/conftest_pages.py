"""The application as AppTest runs it, on a store of the test's own."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from places import ROOT
from store_files import copy_store, written
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test

from obhvat.ui.filters import INSIDE, INSIDE_BY_HAND
from obhvat.ui.session import close_store, open_store

Open = Callable[..., AppTest]

# A run compiles app.py and the page, and reads what every installed package says of itself, in search of components:
# half of what it costs. Neither changes while the tests run.
vars(app_test)["ScriptCache"] = cache(ScriptCache)


@cache
def _components() -> BidiComponentManager:
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


@pytest.fixture(scope="session")
def shared_demo() -> list[Path]:
    """The file of the store that all tests of pages look at; empty when the next one must copy it anew."""
    return []


@pytest.fixture
def empty_app(blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a page of the application on an empty store: `open("help", municipality="…")`."""
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(blank_path, tmp_path)))
    yield _open
    close_store()


@pytest.fixture
def demo_app(
    demo_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, shared_demo: list[Path]
) -> Iterator[Open]:
    """The same on the invented oblast. A test that writes takes the store with it; the next one gets a new copy."""
    if not shared_demo:
        shared_demo.append(copy_store(demo_path, tmp_path_factory.mktemp("shared")))
    [store] = shared_demo
    monkeypatch.setenv("OBHVAT_STORE", str(store))
    open_store()
    before = written(store)
    yield _open
    if written(store) != before:
        close_store()
        shutil.rmtree(store.parent)
        shared_demo.clear()


@pytest.fixture
def awkward_app(
    awkward_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """The same on the awkward oblast, in a store of the test's own."""
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(awkward_path, tmp_path_factory.mktemp("awkward"))))
    open_store()
    yield _open
    close_store()


def _open(page: str = "overview", *, by_hand: bool = True, **address: str) -> AppTest:
    """A page at an address; the internal view, which no address opens, as if a person had chosen it before."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app._bidi_component_manager = _components()
    app.session_state[INSIDE_BY_HAND] = by_hand and address.get("audience") == INSIDE
    for name, value in address.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"pages/{page}.py")
    return app.run()


def words(app: AppTest) -> str:
    """All text the page shows in HTML of its own, without tags."""
    written = " ".join(e.proto.body for e in app.get("html") if "<style>" not in e.proto.body)
    return html.unescape(re.sub(r"<[^>]+>", " ", written))


def written_html(app: AppTest) -> str:
    """The HTML itself."""
    return " ".join(e.proto.body for e in app.get("html") if "<style>" not in e.proto.body)


def rows_of(app: AppTest, opening: str) -> list[list[str]]:
    """The rows of the first table after `opening` in the page's HTML, as the text of their cells."""
    written = written_html(app).split(opening, 1)[1]
    table = ElementTree.fromstring(re.findall(r"<table.*?</table>", written)[0])
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
