"""The application without a terminal: started by a double click, stopped by another.

`python -m obhvat.door.double_click [--demo] [--store STORE]` starts it and shows it in the browser; with `--stop` it is
stopped, the demonstration, too. A person waits for every file that is opened before the application is started, on
Windows with a virus scanner most: nothing is imported here but the door and what Python brings.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from obhvat import __version__, door
from obhvat.errors import DiskFull, ObhvatError, StoreUnusable
from obhvat.folders import make_folder, prepare_process, store_path

# A slow disk and an antivirus that reads every file for the first time.
_SECONDS = 180
_SECONDS_TO_CLOSE = 20
_LOOK_AFTER = 0.1
# A store with nothing in it and its log, the copy of an upload's size that a commit needs.
_LEAST_MB = 64


def launch(path: Path, *, demo: bool = False) -> None:
    """Start the application beside this process, unless it runs, and show it in the browser. Raises ObhvatError."""
    running = door.running_at(path)
    if running is None:
        _say("обхват се отваря. Първият път отнема до минута.")
        running = _started(path, demo)
    elif (other := door.running_version(path)) != __version__:
        raise ObhvatError(
            f"Още работи обхват {other} от друга папка. Щракнете „Спиране“ и после пак „обхват“: "
            f"ще се отвори {__version__} със същите данни."
        )
    _say(f"обхват работи на {running}.")
    import webbrowser

    webbrowser.open(running)


def stop(*paths: Path) -> None:
    """Stop the applications that work with these stores. Raises ObhvatError for one that does not, after the others."""
    asked, refused = [], None
    for path in paths:
        try:
            asked += [path] if door.ask(path, {"do": "stop"}) is not None else []
        except ObhvatError as error:
            refused = error
    until = time.monotonic() + _SECONDS
    while any(map(door.running_at, asked)):
        if time.monotonic() > until:
            raise ObhvatError("обхват още не е спрял. Ако записва, изчакайте и опитайте пак.")
        time.sleep(_LOOK_AFTER)
    # It answers no more while it closes its store; one that was killed meanwhile leaves its note.
    until = time.monotonic() + _SECONDS_TO_CLOSE
    while any(map(door.is_announced, asked)) and time.monotonic() < until:
        time.sleep(_LOOK_AFTER)
    if refused:
        raise refused
    _say("обхват спря." if asked else "обхват не работи.")


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
            # Much later than now is a note from before the clock was put back.
            if abs(time.time() - starting.stat().st_mtime) < _SECONDS:
                return False
        starting.touch()
    return True


def _server(path: Path, demo: bool) -> subprocess.Popen[bytes]:
    command = [_without_console(), "-m", "obhvat.ui", path, *(["--demo"] if demo else [])]
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
        time.sleep(_LOOK_AFTER)
    raise ObhvatError(f"обхват не отговори за {_SECONDS} секунди. Какво се е случило, е в „{log}“.")


def _without_console() -> Path:
    """The same Python; on Windows the one that opens no window."""
    python = Path(sys.executable)
    windowless = python.with_name("pythonw.exe")
    return windowless if os.name == "nt" and windowless.exists() else python


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> None:
    """What stands before each exit code is in `obhvat.cli`."""
    parser = argparse.ArgumentParser(prog="обхват", add_help=False)
    parser.add_argument("--store", type=Path, default=os.environ.get("OBHVAT_STORE") or None)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--stop", action="store_true")
    told = parser.parse_args(arguments)
    prepare_process()
    try:
        if told.stop:
            stop(*(store_path(told.store, usual) for usual in ("obhvat", "demo")))
        else:
            launch(store_path(told.store, "demo" if told.demo else "obhvat"), demo=told.demo)
    except ObhvatError as error:
        _say(str(error))
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main(sys.argv[1:])
