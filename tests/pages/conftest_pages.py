"""The application as AppTest runs it, on a store of the test's own."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from places import ROOT
from store_files import copy_store, written
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from obhvat.store import Store
from obhvat.store.moments import Known, Moments
from obhvat.ui.filters import INSIDE, INSIDE_BY_HAND
from obhvat.ui.session import close_store, open_store

Open = Callable[..., AppTest]

# A run compiles app.py and the page, and reads what every installed package says of itself, in search of components:
# half of what it costs. Neither changes while the tests run.
vars(app_test)["ScriptCache"] = cache(ScriptCache)


def _until_it_ends(runner: LocalScriptRunner, timeout: float = 3) -> None:
    """Streamlit's own looks a thousand times a second, and the script stands still at each look."""
    thread = runner._script_thread
    assert thread is not None
    thread.join(timeout)
    if not runner.script_stopped():
        runner.request_stop()
        thread.join()
        raise RuntimeError(f"AppTest script run timed out after {timeout}(s)")


vars(local_script_runner)["require_widgets_deltas"] = _until_it_ends


@cache
def _components() -> BidiComponentManager:
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


@dataclass
class SharedDemo:
    """The store of an invented oblast that all tests of pages look at."""

    path: Path | None = None
    """None when the next test must copy it anew."""
    moments: Moments | None = None
    """When what is in the demonstration came to be known."""
    answers: dict[Hashable, tuple[Any, int]] = field(default_factory=dict)
    """What was worked out of it: the next copy holds the same, so it holds there, too."""

    def take(self, store: Store) -> None:
        """What was asked of a copy about a moment before anything that a test wrote in it."""
        self.moments = moments = self.moments or store._moments()

        def is_of_demo(known: Known) -> bool:
            last = datetime(1970, 1, 1) + timedelta(microseconds=known.last)
            return known == moments.known(known.kinds, last, known.until)

        answers: dict[Any, tuple[Any, int]] = {**store._kept._answers}
        self.answers |= {asked: answer for asked, answer in answers.items() if is_of_demo(asked[2])}

    def give(self, store: Store) -> None:
        for question, (answer, size) in self.answers.items():
            store._kept._keep(question, answer, size)


@pytest.fixture(scope="session")
def shared_demo() -> SharedDemo:
    return SharedDemo()


@pytest.fixture(scope="session")
def shared_awkward() -> SharedDemo:
    return SharedDemo()


@pytest.fixture
def empty_app(blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a page of the application on an empty store: `open("help", municipality="…")`."""
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(blank_path, tmp_path)))
    yield open_page
    close_store()


@pytest.fixture
def demo_app(
    demo_path: Path,
    demo_store: Store,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    shared_demo: SharedDemo,
) -> Iterator[Open]:
    """The same on the invented oblast. A test that writes takes the store with it; the next one gets a new copy."""
    yield from _opening(demo_path, demo_store, tmp_path_factory, monkeypatch, shared_demo)


@pytest.fixture
def awkward_app(
    awkward_path: Path,
    awkward_store: Store,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    shared_awkward: SharedDemo,
) -> Iterator[Open]:
    """The same on the awkward oblast."""
    yield from _opening(awkward_path, awkward_store, tmp_path_factory, monkeypatch, shared_awkward)


def _opening(
    original: Path,
    looked_at: Store,
    folders: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    shared: SharedDemo,
) -> Iterator[Open]:
    path = shared.path or copy_store(original, folders.mktemp("shared"))
    monkeypatch.setenv("OBHVAT_STORE", str(path))
    store = open_store()
    if not shared.path:
        shared.path = path
        # The store that other tests look at holds the same.
        shared.take(looked_at)
        shared.give(store)
    before = written(path)
    yield open_page
    shared.take(store)
    if written(path) != before:
        close_store()
        shutil.rmtree(path.parent)
        shared.path = None


def open_page(page: str = "overview", *, by_hand: bool = True, **address: str) -> AppTest:
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
