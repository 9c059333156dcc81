"""The application without a terminal: started by a double click, stopped by another."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

from obhvat import door
from obhvat.cli.options import DemoOption, StoreOption, store_path
from obhvat.cli.terminal import messages
from obhvat.errors import ObhvatError
from obhvat.folders import make_folder

# A slow disk and an antivirus that reads every file for the first time.
_SECONDS = 180


def launch(store: StoreOption = None, demo: DemoOption = False) -> None:
    """Стартира приложението без прозорец, отваря го в браузъра и приключва."""
    path = store_path(store, "demo" if demo else "obhvat")
    running = door.running_at(path)
    if running is None:
        messages.print("обхват се отваря. Първият път отнема до минута.")
        running = _started(path, demo)
    messages.print(f"обхват работи на {running}.")
    webbrowser.open(running)


def stop(store: StoreOption = None, demo: DemoOption = False) -> None:
    """Спира приложението, което работи с базата."""
    path = store_path(store, "demo" if demo else "obhvat")
    if door.ask(path, {"do": "stop"}) is None:
        messages.print("обхват не работи.")
        return
    until = time.monotonic() + _SECONDS
    while door.running_at(path):
        if time.monotonic() > until:
            raise ObhvatError("обхват още не е спрял. Ако записва, изчакайте и опитайте пак.")
        time.sleep(0.2)
    messages.print("обхват спря.")


def _started(path: Path, demo: bool) -> str:
    """The address of an application started beside this process. Raises ObhvatError when it stopped instead."""
    make_folder(path.parent)
    log = path.with_suffix(".log")
    command = [
        _without_console(),
        "-m",
        "obhvat",
        "serve",
        "--no-browser",
        "--store",
        path,
        *(["--demo"] if demo else []),
    ]
    detached = subprocess.DETACHED_PROCESS if sys.platform == "win32" else 0
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=path.parent,
            creationflags=detached,
            start_new_session=True,
        )
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if (running := door.running_at(path)) is not None:
            return running
        if process.poll() is not None:
            words = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["Не каза защо."]
            raise ObhvatError(f"обхват не тръгна. {words[0]}\nКакво се е случило, е в „{log}“.")
        time.sleep(0.2)
    raise ObhvatError(f"обхват не отговори за {_SECONDS} секунди. Какво се е случило, е в „{log}“.")


def _without_console() -> Path:
    """The same Python; on Windows the one that opens no window."""
    python = Path(sys.executable)
    windowless = python.with_name("pythonw.exe")
    return windowless if os.name == "nt" and windowless.exists() else python
