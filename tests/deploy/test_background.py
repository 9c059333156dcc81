"""Started and stopped without a terminal, as by a double click."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from program import command, environment, obhvat
from serving import start, stop

from obhvat import __version__, door
from obhvat.door import double_click
from obhvat.errors import ObhvatError
from obhvat.store import Store
from obhvat.ui import starting


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "own" / "obhvat.duckdb"


def test_it_is_started_once_by_two_double_clicks_answers_and_is_stopped(tmp_path: Path, store: Path) -> None:
    launch = [sys.executable, "-m", "obhvat", "launch", "--store", str(store)]
    both = [
        subprocess.Popen(launch, env=environment(BROWSER="true"), cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        said = [process.communicate()[1] for process in both]
        address = door.running_at(store)
        assert [process.returncode for process in both] == [0, 0], said
        assert all(words.endswith(f"обхват работи на {address}.\n") for words in said), said
        again = command("launch", "--store", store, folder=tmp_path, BROWSER="true")
        assert again.stderr == f"обхват работи на {address}.\n"
        of_another_folder(store)
        refused = command("launch", "--store", store, folder=tmp_path, BROWSER="true")
        assert (refused.returncode, refused.stderr) == (
            1,
            "Още работи обхват 0.0.9 от друга папка. Щракнете „Спиране“ и после пак „обхват“: "
            f"ще се отвори {__version__} със същите данни.\n",
        )
    finally:
        stopped = obhvat("stop", "--store", store, folder=tmp_path)
    assert (stopped.returncode, stopped.stderr) == (0, "обхват спря.\n")
    assert door.running_at(store) is None
    assert not {".running", ".starting"} & {file.suffix for file in store.parent.iterdir()}
    # Whoever starts it again at once finds nobody there.
    Store(store).close()
    log = store.with_suffix(".log").read_text("utf-8")
    assert "Traceback" not in log
    assert len(re.findall("обхват работи на", log)) == 1


def of_another_folder(store: Path) -> None:
    """Let the application that runs be of another version."""
    note = store.with_suffix(".running")
    note.write_text(json.dumps(json.loads(note.read_text("utf-8")) | {"version": "0.0.9"}), "utf-8")


def test_what_does_not_run_is_not_stopped(tmp_path: Path, store: Path) -> None:
    stopped = command("stop", "--store", store, folder=tmp_path)
    assert (stopped.returncode, stopped.stderr) == (0, "обхват не работи.\n")


class _Refusing(BaseHTTPRequestHandler):
    """A door behind which something is in the way of stopping."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"error": "Още записва."}).encode())


def test_one_that_refuses_does_not_keep_the_other_from_being_stopped(tmp_path: Path, store: Path) -> None:
    other = tmp_path / "other.duckdb"
    running, _served = start(tmp_path, other)
    try:
        with HTTPServer(("127.0.0.1", 0), _Refusing) as refusing:
            Thread(target=refusing.serve_forever, daemon=True).start()
            store.parent.mkdir()
            door.announce(store, refusing.server_port, "token")
            with pytest.raises(ObhvatError, match="Още записва"):
                double_click.stop(store, other)
            refusing.shutdown()
        assert door.running_at(other) is None
    finally:
        stop(running)


@pytest.mark.parametrize("ago", [1000, -1000], ids=["long ago", "before the clock was put back"])
def test_a_start_that_was_left_in_the_middle_is_begun_again(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch, ago: int
) -> None:
    store.parent.mkdir()
    left = store.with_suffix(".starting")
    left.touch()
    then = time.time() - ago
    os.utime(left, (then, then))
    ended(monkeypatch, free=1_000_000)
    # It was this one's to start: there is no room for it.
    assert "има място за 1 MB" in command("launch", "--store", store, folder=tmp_path).stderr
    assert not left.exists()


def ended(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def test_a_full_disk_is_said_before_anything_is_started(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(monkeypatch, free=3_500_000)
    done = command("launch", "--store", store, folder=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[1:]) == (
        6,
        [
            f"На диска с „{store.parent}“ има място за 3 MB, а за базата трябват поне 64 MB. "
            "Освободете място и опитайте пак."
        ],
    )
    assert list(store.parent.iterdir()) == []


def test_a_place_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file where the folder would be")
    done = command("launch", "--store", tmp_path / "own" / "obhvat.duckdb", folder=tmp_path)
    assert done.returncode == 5
    said = done.stderr.splitlines()[1]
    assert said.startswith(f"В „{tmp_path / 'own'}“ не може да се пише, а там са базата и ключът ѝ")
    assert said.endswith("Дайте на своя потребител право да пише в тази папка и опитайте пак.")


def test_a_double_click_means_the_usual_store_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = tmp_path / "usual"
    monkeypatch.setattr("obhvat.folders.store_folder", lambda: usual)
    monkeypatch.setenv("OBHVAT_STORE", "")
    ended(monkeypatch, free=1_000_000)
    with pytest.raises(SystemExit) as left:
        double_click.main([])
    assert left.value.code == 6
    assert f"На диска с „{usual}“ има място за 1 MB" in capsys.readouterr().err
    double_click.main(["--stop"])
    assert capsys.readouterr().err == "обхват не работи.\n"


def test_a_port_on_which_another_program_answers_is_left_to_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]
        assert starting.free_port(wanted) != wanted


def test_a_port_that_has_just_been_left_is_taken_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as left:
        port = left.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as asking, left.accept()[0] as answering:
            answering.shutdown(socket.SHUT_RDWR)
            asking.recv(1)
    assert starting.free_port(port) == port


def test_with_twenty_ports_taken_the_system_gives_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_is_free", lambda _: False)
    assert starting.free_port(8501) not in range(8501, 8521)


def test_what_a_person_waits_for_is_not_kept_by_what_others_need() -> None:
    # Each module is a file that Windows looks at before it is read.
    said = """
import sys, obhvat.door.double_click
print(*(name for name, module in sys.modules.items() if "site-packages" in str(getattr(module, "__file__", ""))))
print(*sys.modules)
import obhvat.ui.server
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, encoding="utf-8", check=True)
    others, of_launcher, of_server = (set(line.split()) for line in done.stdout.splitlines())
    # Before the application is started: nothing but Python's, and not its HTTP.
    assert {name for name in others if not name.startswith(("obhvat", "_distutils_hack"))} == set()
    assert of_launcher & {"http.client", "ssl", "webbrowser"} == set()
    # Before it answers: neither the command line nor what reads and writes files.
    assert of_server & {"typer", "rich", "pydantic", "obhvat.cli", "obhvat.ingest", "rapidfuzz", "xlsxwriter"} == set()
