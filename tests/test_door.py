"""The command line while the application runs: a real application, asked through its door."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from program import command, environment, obhvat

from obhvat import door
from obhvat.errors import StoreBusy
from obhvat.store import Store


@dataclass(frozen=True)
class Application:
    """A running application: its store, and how its door is opened."""

    store: Path
    port: int
    token: str

    def ask(self, asked: dict[str, Any], token: str | None) -> tuple[int, dict[str, Any]]:
        """Status and answer of the door."""
        headers = {"content-type": "application/json"} | ({"x-obhvat-token": token} if token is not None else {})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/door", json.dumps(asked).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def note_of(store: Path, program: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The note an application leaves when it answers."""
    while program.poll() is None:
        try:
            note = json.loads(store.with_suffix(".running").read_text("utf-8"))
            with socket.create_connection(("127.0.0.1", note["port"])):
                return note
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("the application ended")


@pytest.fixture(scope="module")
def application(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The application with the demonstration's store open."""
    folder = tmp_path_factory.mktemp("application")
    for suffix in (".duckdb", ".key"):
        shutil.copy2(demo_path.with_suffix(suffix), folder)
    store = folder / demo_path.name
    serve = [
        sys.executable,
        "-m",
        "obhvat",
        "serve",
        "--no-browser",
        "--port",
        str(free_port()),
        "--store",
        str(store),
    ]
    with (folder / "log").open("wb") as log:
        program = subprocess.Popen(serve, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        try:
            note = note_of(store, program)
            running = Application(store, note["port"], note["token"])
            # Asked once, the application has its store open and keeps it.
            running.ask({"do": "figure", "metric": "calls"}, running.token)
            yield running
        finally:
            program.terminate()
            program.wait(30)


def test_the_application_holds_its_store(application: Application) -> None:
    with pytest.raises(StoreBusy):
        Store(application.store)


def test_a_figure_is_answered_while_the_application_runs(application: Application, demo_store: Store) -> None:
    done = obhvat("figure", "cases_in_work", "--json", "--store", application.store, folder=application.store.parent)
    answer = json.loads(done.stdout)
    assert (answer["value"], answer["period"], done.stderr) == (14, "2023-I", "")


def test_a_figure_is_answered_as_of_a_day(application: Application) -> None:
    arguments = ("figure", "schools_inspected", "--as-of", "2023-07-05", "--json", "--store", application.store)
    answer = json.loads(command(*arguments, folder=application.store.parent).stdout)
    assert (answer["period"], answer["n"], answer["as_of"]) == ("2022-II", 36, "2023-07-05T23:59:59")


def test_a_refusal_of_the_application_is_one_line_with_its_code(application: Application) -> None:
    done = command("figure", "няма-такъв", "--store", application.store, folder=application.store.parent)
    assert (done.returncode, done.stderr.startswith("Няма показател"), done.stderr.count("\n")) == (2, True, 1)


def test_backup_and_restore_work_while_the_application_runs(application: Application, tmp_path: Path) -> None:
    made = command("backup", "копие.duckdb", "--store", application.store, folder=tmp_path)
    done = command("restore", "копие.duckdb", "--store", application.store, folder=tmp_path)
    assert (made.returncode, done.returncode, "Предишната е запазена" in done.stdout) == (0, 0, True)
    _, answer = application.ask({"do": "figure", "metric": "cases_in_work"}, application.token)
    assert answer["value"] == 14


def test_a_backup_that_exists_is_refused_through_the_door(application: Application, tmp_path: Path) -> None:
    (tmp_path / "копие.duckdb").write_text("важно", "utf-8")
    done = command("backup", "копие.duckdb", "--store", application.store, folder=tmp_path)
    assert (done.returncode, "вече съществува" in done.stderr) == (5, True)


@pytest.mark.parametrize("token", [None, "", "wrong", "x" * 4000])
@pytest.mark.parametrize("asked", [{"do": "figure", "metric": "calls"}, {"do": "backup", "path": "/tmp/out.duckdb"}])
def test_the_door_stays_shut_without_the_token(
    application: Application, asked: dict[str, str], token: str | None
) -> None:
    status, answer = application.ask(asked, token)
    assert (status, list(answer)) == (403, ["error"])


def test_an_unknown_wish_is_answered_with_a_sentence(application: Application) -> None:
    assert application.ask({"do": "delete"}, application.token) == (200, {"error": "Не разбирам „delete“.", "code": 1})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows няма такива права")
def test_the_note_is_readable_by_its_owner_only(application: Application) -> None:
    assert stat.S_IMODE(application.store.with_suffix(".running").stat().st_mode) == 0o600


def test_the_note_goes_away_with_the_application(tmp_path: Path) -> None:
    door.announce(tmp_path / "a.duckdb", 1, "token")
    door.withdraw(tmp_path / "a.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_note_nobody_answers_leaves_the_store_busy(tmp_path: Path) -> None:
    door.announce(tmp_path / "a.duckdb", free_port(), "token")
    with pytest.raises(StoreBusy, match="заета"):
        door.ask(tmp_path / "a.duckdb", StoreBusy("заета"), {"do": "figure"})


def test_without_a_note_the_store_is_busy(tmp_path: Path) -> None:
    with pytest.raises(StoreBusy, match="заета"):
        door.ask(tmp_path / "a.duckdb", StoreBusy("заета"), {"do": "figure"})


def test_an_answer_with_an_unknown_metric_has_sentence_and_code(demo_store: Store) -> None:
    answer = door.answer(demo_store, {"do": "figure", "metric": "няма-такъв"})
    assert (answer["error"].startswith("Няма показател"), answer["code"]) == (True, 2)


def test_a_refusal_keeps_the_exit_code_of_its_error(demo_store: Store, tmp_path: Path) -> None:
    answer = door.answer(demo_store, {"do": "restore", "path": str(tmp_path / "няма.duckdb")})
    assert answer["code"] == 5
