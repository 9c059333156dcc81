"""A restore that is asked for while the demonstration is being made waits for its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import put, register
from starlette.applications import Starlette
from starlette.testclient import TestClient

from obhvat.store import Store
from obhvat.store.backup import backup
from obhvat.ui import server, session
from obhvat.ui.doorkeeper import DOOR
from obhvat.ui.session import demo_work


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "s" / "a.duckdb"
    monkeypatch.setenv("OBHVAT_STORE", str(path))
    monkeypatch.setenv("OBHVAT_TOGETHER", "")
    yield path
    demo_work.ended.set()
    session.close_store()


def schools() -> int:
    return session.open_store().rows("select count(*) from schools")[0][0]


def test_what_is_being_made_never_goes_into_the_store_that_is_put_back(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    with Store(path) as empty:
        backup(empty, copy)
    wish = {"do": "restore", "path": str(copy)}
    with TestClient(Starlette(routes=[server._door("d")])) as asked:
        demo_work.ended.clear()
        answers = []
        asks = threading.Thread(
            target=lambda: answers.append(asked.post(DOOR, json=wish, headers={"x-obhvat-token": "d"}).json())
        )
        asks.start()
        put(session.open_store(), register())
        asks.join(0.3)
        assert answers == []
        assert schools() == 2
        demo_work.ended.set()
        asks.join()
    assert "kept" in answers[0]
    assert schools() == 0
