"""The real application in a real browser: a server process on a store of the test's own, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from program import environment

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests are left out on a developer's machine, never where CI is set."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skipif(True, reason="няма Chromium"))


@dataclass
class Served:
    """A running application: where it answers, its store, and where its temporary files would be."""

    address: str
    store: Path
    temporary: Path
    log: Path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new visitor at the projector's size."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="bg-BG", accept_downloads=True)
    yield context.new_page()
    context.close()


def start(folder: Path, store: Path, *more: str) -> tuple[subprocess.Popen, Served]:
    """Start the application on a store and wait until it answers."""
    command = [sys.executable, "-m", "obhvat", "serve", "--no-browser", "--store", store, *more]
    return answering(folder, command, store)


def answering(
    folder: Path, command: list[str | Path], store: Path, port_option: str = "--port"
) -> tuple[subprocess.Popen, Served]:
    """Start a command in a folder, which is its home, too, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temporary = folder / "temporary"
    temporary.mkdir()
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, port_option, str(port)],
            cwd=folder,
            env={**environment(), "TMPDIR": str(temporary), "HOME": str(folder)},
            stdout=out,
            stderr=out,
        )
    served = Served(f"http://127.0.0.1:{port}", store, temporary, log)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{served.address}/_stcore/health", timeout=1).read()
            return process, served
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(log.read_text())


@pytest.fixture(scope="session")
def served_demo(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application on the invented oblast, for looking only."""
    folder = tmp_path_factory.mktemp("served")
    yield from _serve(demo_path, folder)


@pytest.fixture
def own_served_demo(demo_path: Path, tmp_path: Path) -> Iterator[Served]:
    """The same for a test that uploads."""
    yield from _serve(demo_path, tmp_path)


@pytest.fixture
def served_empty(tmp_path: Path) -> Iterator[Served]:
    """The application with no data."""
    process, served = start(tmp_path, tmp_path / "empty.duckdb")
    yield served
    stop(process)


def _serve(demo_path: Path, folder: Path) -> Iterator[Served]:
    for suffix in (".duckdb", ".key"):
        shutil.copy2(demo_path.with_suffix(suffix), folder)
    process, served = start(folder, folder / demo_path.name)
    yield served
    stop(process)


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(20)


Go = Callable[[str], Page]


def settled(page: Page) -> Page:
    """Wait until the script of the page has ended and what it drew is there."""
    page.wait_for_selector(".lead")
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(400)
    return page
