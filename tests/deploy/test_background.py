"""Started and stopped without a terminal, as by a double click."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import obhvat

from obhvat import door


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "own" / "obhvat.duckdb"


def test_it_is_started_answers_and_is_stopped(tmp_path: Path, store: Path) -> None:
    started = obhvat("launch", "--store", store, folder=tmp_path, BROWSER="true")
    try:
        assert started.returncode == 0, started.stderr
        address = door.running_at(store)
        assert f"обхват работи на {address}." in started.stderr
        again = obhvat("launch", "--store", store, folder=tmp_path, BROWSER="true")
        assert again.stderr == f"обхват работи на {address}.\n"
    finally:
        stopped = obhvat("stop", "--store", store, folder=tmp_path)
    assert (stopped.returncode, stopped.stderr) == (0, "обхват спря.\n")
    assert door.running_at(store) is None
    assert not store.with_suffix(".running").exists()
    assert "Traceback" not in store.with_suffix(".log").read_text("utf-8")


def test_what_does_not_run_is_not_stopped(tmp_path: Path, store: Path) -> None:
    stopped = obhvat("stop", "--store", store, folder=tmp_path)
    assert (stopped.returncode, stopped.stderr) == (0, "обхват не работи.\n")
