"""Fixtures every test may use: an empty store, the invented oblast's files, and a store loaded with them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from obhvat.demo import load_demo
from obhvat.demo.files import Demo, DemoFile
from obhvat.ingest import Source, Upload, read_files
from obhvat.store import Store

# How long something takes is measured in benchmarks, on a quiet machine.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the test's own."""
    with Store(tmp_path / "store" / "obhvat.duckdb") as opened:
        yield opened


@pytest.fixture
def read() -> Iterator[Callable[..., Upload]]:
    """`read_files` on the day the centre met, without a store unless one is given."""
    opened: list[Upload] = []

    def read(*sources: Source, store: Store | None = None, today: date = date(2024, 3, 13), **how: Any) -> Upload:
        opened.append(read_files(sources, store, today=today, **how))
        return opened[-1]

    yield read
    for upload in opened:
        upload.close()


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
