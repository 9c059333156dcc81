"""The command line while the application runs: a real application, asked through its door."""

from __future__ import annotations

import contextlib
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
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from program import command, environment, obhvat
from viewers import expert

from obhvat import door
from obhvat.door.wishes import answer
from obhvat.errors import StoreBusy
from obhvat.ingest import Source, commit, read_files
from obhvat.store import Store
from obhvat.store.backup import backup
from obhvat.store.entries import add_entry
from obhvat.store.history import mark
from obhvat.texts import day

# A month of one school of the demonstration, with a line that goes back.
FILE = """Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини
9001001;2023;11;дете-1;5;5а;1;2
9001001;2023;11;дете-2;5;5а;0;3
9001001;2023;11;дете-3;5;5а;0;лошо
"""


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
            yield running
        finally:
            program.terminate()
            program.wait(30)


def test_what_is_asked_at_the_door_opens_the_store_of_an_application_that_nobody_visited(
    application: Application,
) -> None:
    Store(application.store, create=False).close()
    assert command("figure", "calls", "--store", application.store, folder=application.store.parent).returncode == 0
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


def test_people_are_kept_while_the_application_runs(application: Application) -> None:
    def said(*arguments: str) -> str:
        done = command("people", *arguments, "--store", application.store, folder=application.store.parent)
        return done.stdout + done.stderr

    assert "има право: Администратор на хората" in said("add", "ана", "--role", "administrator")
    assert "Координатор на община и нейните екипи – Горун" in said(
        "add", "б", "--role", "coordinator", "--for", "Горун"
    )
    assert "Еднократна парола на „ана“: " in said("password", "ана")
    assert said("list").splitlines()[0].endswith("(влиза с еднократна парола)")
    assert "няма да остане администратор" in said("end", "ана")
    assert "вече няма право" in said("end", "б")


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


def test_files_are_checked_recorded_and_undone_while_the_application_runs(
    application: Application, tmp_path: Path
) -> None:
    (tmp_path / "нов.csv").write_text(FILE, "utf-8")
    at = ("--store", application.store)
    [report] = json.loads(command("check", "нов.csv", "--json", *at, folder=tmp_path).stdout)
    # By the register of the application: it knows the school.
    assert (report["dataset"], report["rows_good"], report["unclear_schools"]) == ("absences", 2, [])
    done = command("import", "нов.csv", "--yes", "--rejected", "върнати", *at, folder=tmp_path)
    assert "Записани: 1 файл, 2 реда." in done.stdout
    assert [file.suffix for file in (tmp_path / "върнати").iterdir()] == [".xlsx"]
    newest = command("undo", *at, folder=tmp_path).stdout.splitlines()[1].split()
    assert "нов.csv" in newest
    assert "Отменен е: „нов.csv“" in command("undo", newest[0], *at, folder=tmp_path).stdout
    assert "отменен" in command("undo", *at, folder=tmp_path).stdout.splitlines()[1]
    assert "Върнат е в сила: „нов.csv“" in command("undo", newest[0], "--back", *at, folder=tmp_path).stdout
    assert command("undo", "999999", *at, folder=tmp_path).returncode == 2


def test_a_restore_says_what_goes_out_of_view_before_it_does(application: Application, tmp_path: Path) -> None:
    at = ("--store", application.store)
    command("backup", "копие.duckdb", *at, folder=tmp_path)
    (tmp_path / "друг.csv").write_text(FILE.replace(";11;", ";12;"), "utf-8")
    assert command("import", "друг.csv", "--yes", *at, folder=tmp_path).returncode == 3
    done = command("restore", "копие.duckdb", *at, folder=tmp_path)
    first, second, _ = done.stdout.splitlines()
    assert ("1 файл („друг.csv“ от " in first, second.startswith("Базата е върната")) == (True, True)


@pytest.mark.parametrize("at_first", [b"not a database" * 1000, None], ids=["damaged", "missing"])
def test_a_store_that_the_application_cannot_open_is_restored_through_it(
    demo_path: Path, tmp_path: Path, at_first: bytes | None
) -> None:
    store = tmp_path / "a.duckdb"
    shutil.copy2(demo_path.with_suffix(".key"), store.with_suffix(".key"))
    if at_first:
        store.write_bytes(at_first)
    opened: list[Store] = []

    def opening(create: bool) -> contextlib.AbstractContextManager[Store]:
        opened.append(Store(store, create=create))
        return opened[-1]

    assert answer(store, opening, {"do": "restore", "path": str(demo_path)}).keys() == {"kept"}
    assert answer(store, opening, {"do": "figure", "metric": "cases_in_work"})["value"] == 14
    assert len(opened) == 1


@pytest.mark.parametrize("token", [None, "", "wrong", "x" * 4000])
@pytest.mark.parametrize("asked", [{"do": "figure", "metric": "calls"}, {"do": "backup", "path": "/tmp/out.duckdb"}])
def test_the_door_stays_shut_without_the_token(
    application: Application, asked: dict[str, str], token: str | None
) -> None:
    status, answer = application.ask(asked, token)
    assert (status, list(answer)) == (403, ["error"])


def test_an_unknown_wish_is_answered_with_a_sentence(application: Application) -> None:
    assert application.ask({"do": "delete"}, application.token) == (200, {"error": "Не разбирам „delete“.", "code": 1})


def test_a_wish_that_breaks_the_application_is_answered_with_a_sentence(application: Application) -> None:
    status, answer = application.ask({"do": "restore"}, application.token)
    assert status == 200
    assert answer["error"].startswith("В програмата има грешка. Записаните данни са цели.")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows няма такива права")
def test_the_note_is_readable_by_its_owner_only(application: Application) -> None:
    assert stat.S_IMODE(application.store.with_suffix(".running").stat().st_mode) == 0o600


def test_the_note_goes_away_with_the_application(tmp_path: Path) -> None:
    door.announce(tmp_path / "a.duckdb", 1, "token")
    door.withdraw(tmp_path / "a.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_note_that_was_left_behind_is_passed_over(tmp_path: Path) -> None:
    door.announce(tmp_path / "a.duckdb", free_port(), "token")
    assert door.ask(tmp_path / "a.duckdb", {"do": "figure"}) is None


def test_without_a_note_nobody_answers(tmp_path: Path) -> None:
    assert door.ask(tmp_path / "a.duckdb", {"do": "figure"}) is None


def answered(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    """What the application would answer that has a store open."""
    return answer(store.path, lambda _: contextlib.nullcontext(store), wish)


def test_an_answer_with_an_unknown_metric_has_sentence_and_code(demo_store: Store) -> None:
    refused = answered(demo_store, {"do": "figure", "metric": "няма-такъв"})
    assert (refused["error"].startswith("Няма показател"), refused["code"]) == (True, 2)


def test_a_refusal_keeps_the_exit_code_of_its_error(demo_store: Store, tmp_path: Path) -> None:
    assert answered(demo_store, {"do": "restore", "path": str(tmp_path / "няма.duckdb")})["code"] == 5


def test_what_was_recorded_after_a_copy_is_told(own_demo: Store, tmp_path: Path) -> None:
    copy = backup(own_demo, tmp_path / "копие.duckdb")
    wish = {"do": "since-copy", "path": str(copy)}
    assert answered(own_demo, wish)["words"] == ""
    newest = own_demo.rows("select max(batch_id) from batches")[0][0]
    mark(own_demo, [newest], "undo", "тест")
    upload = read_files([Source("нов.csv", FILE.encode())], own_demo, today=date(2024, 3, 13))
    commit(upload, own_demo, expert())
    with own_demo.transaction() as cursor:
        for what in ("decision", "decision", "status"):
            add_entry(cursor, what, "тест")
    words = answered(own_demo, wish)["words"]
    assert f"{day(date.today())} в " in words
    for part in ("1 файл („нов.csv“ от ", "1 отмяна на файлове", "2 решения", "1 запис по случаи и проверки"):
        assert part in words
    assert "остава до върнатата" in words


def test_what_is_no_copy_is_refused_before_it_is_compared(own_demo: Store, tmp_path: Path) -> None:
    (tmp_path / "а.duckdb").write_bytes(b"not a database" * 1000)
    refused = answered(own_demo, {"do": "since-copy", "path": str(tmp_path / "а.duckdb")})
    assert (refused["error"].startswith("„а.duckdb“ не е копие"), refused["code"]) == (True, 5)
