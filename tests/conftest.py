"""Fixtures every test may use: an empty store, the invented oblast's files, and a store loaded with them."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filling import begin
from hypothesis import settings
from recount.whole import Recount
from store_files import OpenedWhenAsked, copy_store, program_hash, throw_away

from obhvat.demo import load_demo
from obhvat.demo.awkward import Awkward
from obhvat.demo.files import Demo
from obhvat.demo.writers import DemoFile, OblastFiles
from obhvat.ingest import Source, Upload, read_files
from obhvat.store import Store
from obhvat.store.store import CONFIG

# How long something takes is measured in benchmarks, on a quiet machine. The same examples at every run: what a
# change broke is then told from what chance found; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("house")
# A process that a test starts finds the program compiled, whatever the machine says of ours.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Workers run beside one another: a second thread of each for tables of a few rows costs a fifth more.
CONFIG["threads"] = 1
# A query over a few rows is planned longer than it runs, and a plan is a hundred thousand small pieces of memory: those
# that are given back are kept for the next, in workers and servers, which start after this: a seventh of a query.
os.environ.setdefault(
    "GLIBC_TUNABLES",
    "glibc.malloc.tcache_count=2000:glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456:"
    "glibc.malloc.top_pad=16777216",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """A worker for each core, and one that uses what the others leave while they wait for a browser, a process or the
    disk."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return cores + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[object]:
    """Thousands of tests and what they import stay to the end: to look for garbage among them takes a quarter of the
    time of collecting them, and of each test's."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A page that was run in-process leaves itself behind as `__main__`, which a process started later would run."""
    main = sys.modules["__main__"]
    try:
        return (yield)
    finally:
        sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def blank_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file with nothing in it, closed: a copy is opened in a third of the time a new one takes."""
    path = tmp_path_factory.mktemp("blank") / "obhvat.duckdb"
    Store(path).close()
    return path


@pytest.fixture
def store(blank_path: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store of the test's own."""
    opened = begin(OpenedWhenAsked(copy_store(blank_path, tmp_path / "store")))
    yield opened
    throw_away(opened)


@pytest.fixture
def new_store(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Store]]:
    """Opens empty stores, as many as a test asks for: an example of a property test wants its own."""
    opened: list[Store] = []

    def make() -> Store:
        opened.append(begin(OpenedWhenAsked(copy_store(blank_path, tmp_path_factory.mktemp("store")))))
        return opened[-1]

    yield make
    for each in opened:
        throw_away(each)


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
def demo_recount(demo_files: list[DemoFile]) -> Recount:
    """What they say, counted without the program."""
    return Recount(demo_files)


@pytest.fixture(scope="session")
def awkward_recount(awkward_files: list[DemoFile]) -> Recount:
    return Recount(awkward_files)


@pytest.fixture(scope="session")
def awkward_files() -> list[DemoFile]:
    """The files of its awkward sister, as they would arrive: the same name may come twice."""
    return Awkward().files()


def _loaded(config: pytest.Config, folders: pytest.TempPathFactory, name: str, oblast: type[OblastFiles]) -> Path:
    """A store file loaded with an invented oblast, closed.

    It is kept between runs for as long as the program that makes it stays the same.
    """
    cache = getattr(config, "cache", None)
    kept = (cache.mkdir(name) if cache else folders.mktemp(name)) / program_hash()
    with _one_at_a_time(kept.parent):
        if not kept.exists():
            making = kept.with_name(f"{os.getpid()}-{kept.name}")
            with Store(making / f"{name}.duckdb") as loaded:
                load_demo(loaded, oblast=oblast())
            for old in kept.parent.iterdir():
                if old.name.isalnum() and old != kept:
                    shutil.rmtree(old, ignore_errors=True)
            try:
                making.rename(kept)
            except OSError:
                # The other worker was first; what it made is the same.
                shutil.rmtree(making)
    return kept / f"{name}.duckdb"


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Generator[None]:
    """Workers that would make the same wait for the first; on Windows, which has no such lock, each makes its own."""
    with (folder / ".making").open("wb") as lock:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def demo_path(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file loaded with the invented oblast, closed. Copy it before writing (`own_demo`)."""
    return _loaded(pytestconfig, tmp_path_factory, "demo", Demo)


@pytest.fixture(scope="session")
def awkward_path(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of its awkward sister."""
    return _loaded(pytestconfig, tmp_path_factory, "awkward", Awkward)


@pytest.fixture(scope="session")
def demo_store(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The invented oblast, for reading only: all tests share it."""
    with Store(copy_store(demo_path, tmp_path_factory.mktemp("read"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def awkward_store(awkward_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The awkward oblast, for reading only: all tests share it."""
    with Store(copy_store(awkward_path, tmp_path_factory.mktemp("read"))) as opened:
        yield opened


@pytest.fixture
def own_demo(demo_path: Path, tmp_path: Path) -> Iterator[Store]:
    """The invented oblast in a store that the test may change."""
    opened = Store(copy_store(demo_path, tmp_path))
    yield opened
    throw_away(opened)
