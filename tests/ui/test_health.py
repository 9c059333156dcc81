"""What a server answers to who asks whether it is well: yes or no, of the store and not only of the program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from obhvat.errors import StoreUnusable
from obhvat.people import ROLES, Viewer, register
from obhvat.store import Store, copies
from obhvat.store.pseudonyms import key_path
from obhvat.ui import server, session
from obhvat.ui.doorkeeper import HEALTH


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "s" / "a.duckdb"
    monkeypatch.setenv("OBHVAT_STORE", str(path))
    monkeypatch.setenv("OBHVAT_TOGETHER", "")
    yield path
    session.close_store()


@pytest.fixture
def asked() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[server.health()])) as client:
        yield client


def test_a_store_that_answers_is_well(path: Path, asked: TestClient) -> None:
    Store(path).close()
    answer = asked.get(HEALTH)
    assert (answer.status_code, answer.text) == (200, "ok")
    path.rename(path.with_name("отнесена.duckdb"))
    answer = asked.get(HEALTH)
    assert (answer.status_code, answer.text) == (503, "no")


def test_one_that_lost_its_key_is_not(path: Path, asked: TestClient) -> None:
    Store(path).close()
    key_path(path).unlink()
    answer = asked.get(HEALTH)
    assert (answer.status_code, answer.text) == (503, "no")


def test_one_that_another_program_holds_is_not(path: Path, asked: TestClient) -> None:
    Store(path).close()
    holds = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holds, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        answer = asked.get(HEALTH)
        other.kill()
    assert (answer.status_code, answer.text) == (503, "no")
    assert asked.get(HEALTH).text == "ok"


@pytest.mark.skipif(sys.platform == "win32", reason="няма RLIMIT_FSIZE")
def test_one_that_can_be_read_and_not_written_is_not(path: Path, asked: TestClient) -> None:
    import resource

    Store(path).close()
    assert asked.get(HEALTH).text == "ok"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        answer = asked.get(HEALTH)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (answer.status_code, answer.text) == (503, "no")


def test_a_server_makes_copies_where_it_was_told_without_a_click(path: Path) -> None:
    chosen = path.parent / "копия"
    server.keep_copies_in(chosen)
    store = session.open_store()
    register.give(store, Viewer("Ана Петрова", ROLES["expert"]), Viewer("Администратор", ROLES["administrator"]))
    session.daily_copies.make_if_due()
    assert [(copy.path.parent, copy.is_daily) for copy in copies.copies(store)] == [(chosen, True)]
    (path.parent / "файл").touch()
    with pytest.raises(StoreUnusable, match="Няма как да се направи папка"):
        server.keep_copies_in(path.parent / "файл" / "копия")


def test_a_server_does_not_start_on_a_newer_store(path: Path) -> None:
    with Store(path) as store:
        store.remember("schema", "9001")
    with pytest.raises(StoreUnusable, match=r"схема 9001, тази програма знае \d+"):
        server.serve(path, 1, open_browser=False, together=True)
