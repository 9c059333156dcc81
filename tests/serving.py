"""The application as it is served: a process of its own on a store."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from program import environment


@dataclass
class Served:
    """A running application: where it answers, its store, and where its temporary files would be."""

    address: str
    store: Path
    temporary: Path
    log: Path


def start(folder: Path, store: Path, *more: str) -> tuple[subprocess.Popen, Served]:
    """Start the application on a store and wait until it answers."""
    command = [sys.executable, "-m", "obhvat", "serve", "--no-browser", "--store", store, *more]
    return answering(folder, command, store)


def answering(
    folder: Path, command: list[str | Path], store: Path, port_option: str = "--port"
) -> tuple[subprocess.Popen, Served]:
    """Start a command in a folder, which is its home, too, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temporary = folder / "temporary"
    temporary.mkdir()
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, port_option, str(port)],
            cwd=folder,
            env={**environment(), "LOGNAME": "Експерт", "TMPDIR": str(temporary), "HOME": str(folder)},
            stdout=out,
            stderr=out,
        )
    served = Served(f"http://127.0.0.1:{port}", store, temporary, log)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{served.address}/_stcore/health", timeout=1).read()
            return process, served
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(log.read_text())


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(20)
