"""The application served in a process of its own, and what it takes of the machine: read from /proc of Linux."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tabs import HOST

_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """The application in a process of its own, and what it takes of the machine."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._process = process
        self._most = 0

    def _processes(self) -> list[int]:
        """Its own and those it started, by their numbers."""
        found, parents = [self._process.pid], _parents()
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu(self) -> float:
        """Seconds of processor so far."""
        ticks = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def most_memory(self) -> int:
        """The most bytes it had at any look; what processes share is counted once."""
        now = 0
        for pid in self._processes():
            said = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            now += int(said[1]) * 1024 if said else 0
        self._most = max(self._most, now)
        return self._most


def _parents() -> dict[int, int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    return parents


def busy() -> float:
    """Seconds of processor that the whole machine has worked."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def copy_of(store: Path, copy: Path) -> None:
    """Copy a store that is closed, with its key and its log of looks, without its own copies."""
    for file in store.parent.glob(f"{store.stem}.*"):
        if file.is_file():
            shutil.copy(file, copy.with_suffix(file.suffix))


@contextmanager
def serving(store: Path, *, together: bool) -> Generator[Server]:
    """A server of a copy of a store, with nothing kept."""
    with tempfile.TemporaryDirectory(prefix="obhvat-people-") as folder, socket.socket() as free:
        copy = Path(folder) / store.name
        copy_of(store, copy)
        free.bind((HOST, 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "obhvat", "serve", "--no-browser", "--store", str(copy), "--port", str(port)]
        with (Path(folder) / "said.log").open("w+") as said:
            process = subprocess.Popen(
                [*command, *(["--together"] if together else [])], stdout=said, stderr=said, text=True, cwd=folder
            )
            try:
                _await(process, port)
                yield Server(process, port)
            finally:
                process.terminate()
                process.wait(30)
                said.seek(0)
                if "Traceback" in (text := said.read()):
                    print(text[-4000:], file=sys.stderr)


def _await(process: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if asked(port, "GET", "/_stcore/health").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Сървърът не тръгна.")


def asked(port: int, method: str, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """What it answers to a form, or to who only asks."""
    asking = http.client.HTTPConnection(HOST, port, timeout=30)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}:{port}"}
    asking.request(method, path, urlencode(form) if form else None, kind if form else {})
    return asking.getresponse()
