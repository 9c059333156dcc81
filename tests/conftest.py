"""Fixtures every test may use: an empty store, the invented oblast's files, and a store loaded with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from obhvat.demo import load_demo
from obhvat.demo.files import Demo, DemoFile
from obhvat.store import Store

ROOT = Path(__file__).resolve().parents[1]
# Real public files and samples of the national layouts, when this checkout stands beside them.
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="няма ../shared")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the test's own."""
    with Store(tmp_path / "store" / "obhvat.duckdb") as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_files() -> list[DemoFile]:
    """The files of the invented oblast, as they would arrive."""
    return Demo().files()


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file loaded with the invented oblast, closed. Copy it before writing (`own_demo`)."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    with Store(path) as made:
        load_demo(made)
    return path


@pytest.fixture(scope="session")
def demo_store(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The invented oblast, for reading only: all tests share it."""
    with Store(_copied(demo_path, tmp_path_factory.mktemp("read"))) as opened:
        yield opened


@pytest.fixture
def own_demo(demo_path: Path, tmp_path: Path) -> Iterator[Store]:
    """The invented oblast in a store that the test may change."""
    with Store(_copied(demo_path, tmp_path)) as opened:
        yield opened


def _copied(demo_path: Path, folder: Path) -> Path:
    for suffix in (".duckdb", ".key"):
        shutil.copy2(demo_path.with_suffix(suffix), folder)
    return folder / demo_path.name
