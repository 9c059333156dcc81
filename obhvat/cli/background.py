"""The application without a terminal: started by a double click, stopped by another."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

from obhvat import __version__, door
from obhvat.cli.options import DemoOption, StoreOption, store_path
from obhvat.cli.terminal import messages
from obhvat.errors import DiskFull, ObhvatError, StoreUnusable
from obhvat.folders import make_folder

# A slow disk and an antivirus that reads every file for the first time.
_SECONDS = 180
# A store with nothing in it and its log, the copy of an upload's size that a commit needs.
_LEAST_MB = 64


def launch(store: StoreOption = None, demo: DemoOption = False) -> None:
    """Стартира приложението без прозорец, отваря го в браузъра и приключва."""
    path = store_path(store, "demo" if demo else "obhvat")
    running = door.running_at(path)
    if running is None:
        messages.print("обхват се отваря. Първият път отнема до минута.")
        running = _started(path, demo)
    elif (other := door.running_version(path)) != __version__:
        raise ObhvatError(
            f"Още работи обхват {other} от друга папка. Щракнете „Спиране“ и после пак „обхват“: "
            f"ще се отвори {__version__} със същите данни."
        )
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
    """The address of an application started beside this process, by this double click or by another that came a moment
    earlier. Raises ObhvatError when it stopped instead, DiskFull and StoreUnusable where nothing can be written."""
    starting = path.with_suffix(".starting")
    try:
        make_folder(path.parent)
        if not _is_first(starting):
            return _awaited(path, None, starting)
        try:
            if (free := shutil.disk_usage(path.parent).free // 1_000_000) < _LEAST_MB:
                raise DiskFull(
                    f"На диска с „{path.parent}“ има място за {free} MB, а за базата трябват поне {_LEAST_MB} MB. "
                    "Освободете място и опитайте пак."
                )
            return _awaited(path, _server(path, demo), starting)
        finally:
            starting.unlink(missing_ok=True)
    except OSError as error:
        raise StoreUnusable(
            f"В „{path.parent}“ не може да се пише, а там са базата и ключът ѝ ({error.strerror}). "
            "Дайте на своя потребител право да пише в тази папка и опитайте пак."
        ) from error


def _is_first(starting: Path) -> bool:
    """Whether nobody else is starting the application: said by a note that only one can make. One that was left by who
    closed the window counts until an application would have answered."""
    try:
        starting.touch(exist_ok=False)
    except FileExistsError:
        with contextlib.suppress(FileNotFoundError):
            if time.time() - starting.stat().st_mtime < _SECONDS:
                return False
        starting.touch()
    return True


def _server(path: Path, demo: bool) -> subprocess.Popen[bytes]:
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
    with path.with_suffix(".log").open("wb") as said:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=path.parent,
            creationflags=detached,
            start_new_session=True,
        )


def _awaited(path: Path, server: subprocess.Popen[bytes] | None, starting: Path) -> str:
    """The address, as soon as the application answers. Without a server it is another's that is awaited."""
    log, until = path.with_suffix(".log"), time.monotonic() + _SECONDS
    while time.monotonic() < until:
        has_ended = not starting.exists() if server is None else server.poll() is not None
        if (running := door.running_at(path)) is not None:
            return running
        if has_ended:
            words = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["Не каза защо."]
            raise ObhvatError(f"обхват не тръгна. {words[0]}\nКакво се е случило, е в „{log}“.")
        time.sleep(0.2)
    raise ObhvatError(f"обхват не отговори за {_SECONDS} секунди. Какво се е случило, е в „{log}“.")


def _without_console() -> Path:
    """The same Python; on Windows the one that opens no window."""
    python = Path(sys.executable)
    windowless = python.with_name("pythonw.exe")
    return windowless if os.name == "nt" and windowless.exists() else python
