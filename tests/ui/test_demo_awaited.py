"""A demonstration that another process makes: it is there when the store is closed, not when the process ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from obhvat.demo import packed
from obhvat.people import ALONE
from obhvat.store import Store
from obhvat.ui.session import await_demo, close_store, demo_work, open_store, start_demo

ENDED = 20


@pytest.fixture
def builders() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for builder in started:
        builder.kill()
        builder.communicate()
    demo_work.error = ""
    assert not demo_work.running


def saying(builders: list[subprocess.Popen[str]], program: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program]
    builders.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    return builders[-1]


def test_it_is_there_while_its_process_still_ends(builders: list[subprocess.Popen[str]]) -> None:
    builder = saying(builders, "print('3 5\\nlet go', flush=True); input()")
    await_demo(builder)
    assert demo_work.ended.wait(ENDED)
    assert builder.poll() is None
    assert (demo_work.done, demo_work.of, demo_work.error) == (3, 5, "")


def test_a_process_that_stops_before_is_said(builders: list[subprocess.Popen[str]]) -> None:
    await_demo(saying(builders, "print('3 5', flush=True)"))
    assert demo_work.ended.wait(ENDED)
    assert demo_work.error == "процесът, който я създава, спря"


def test_one_that_is_carried_is_there_when_it_was_begun(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed.pack(demo_store, tmp_path / "made")
    monkeypatch.setattr(packed, "packed_demo", lambda: tmp_path / "made")
    monkeypatch.setenv("OBHVAT_STORE", str(tmp_path / "demo.duckdb"))
    try:
        start_demo(ALONE)
        assert not demo_work.running
        files = "select count(*) from batches"
        assert open_store().rows(files) == demo_store.rows(files)
    finally:
        close_store()
