"""The door between the command line and a running application, which alone may open its store.

The application leaves its port and a token in a file beside the store, readable by its owner. Whoever can read
that file may ask for all that a command does. A command asks at the door first, whether the application has opened its
store yet or not; where nobody answers it opens the store itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

from obhvat import __version__
from obhvat.door.wishes import Telling, fulfil, quietly
from obhvat.errors import ObhvatError, StoreBusy

_HERE = "127.0.0.1"
_SECONDS = 3600


def _note(store_path: Path) -> Path:
    return store_path.resolve().with_suffix(".running")


def announce(store_path: Path, port: int, token: str) -> None:
    """Say where this application answers."""
    note = _note(store_path)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"pid": os.getpid(), "port": port, "token": token, "version": __version__}, file)


def withdraw(store_path: Path) -> None:
    """Take the note away when the application has closed its store."""
    with contextlib.suppress(OSError):
        _note(store_path).unlink(missing_ok=True)


def is_announced(store_path: Path) -> bool:
    """Whether an application has the store open, or left its note behind."""
    return _note(store_path).exists()


def running_at(store_path: Path) -> str | None:
    """The address of the application that has this store open, or None when none answers."""
    try:
        port = json.loads(_note(store_path).read_text("utf-8"))["port"]
        return f"http://{_HERE}:{port}" if _answers(port) else None
    except (OSError, ValueError, KeyError):
        return None


def _answers(port: int) -> bool:
    """Whether an application answers there. Asked in so many words: what speaks HTTP takes longer to import."""
    with socket.create_connection((_HERE, port), timeout=2) as asked:
        asked.sendall(f"GET /_stcore/health HTTP/1.1\r\nhost: {_HERE}\r\nconnection: close\r\n\r\n".encode())
        return asked.makefile("rb").readline().split()[1:2] == [b"200"]


def running_version(store_path: Path) -> str:
    """The version of the application that left its address beside this store."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        return json.loads(_note(store_path).read_text("utf-8"))["version"]
    return "на друга версия"


def _post(port: int, token: str, wish: dict[str, Any]) -> dict[str, Any] | None:
    """What the door there answers. A note that was left behind may name the port of another application, which does
    not know the token. Raises OSError, ValueError."""
    # A double click asks nothing, and does not wait for it to be imported.
    from http.client import HTTPConnection, HTTPException

    with contextlib.closing(HTTPConnection(_HERE, port, timeout=_SECONDS)) as asked, contextlib.suppress(HTTPException):
        asked.request("POST", "/door", json.dumps(wish), {"x-obhvat-token": token, "content-type": "application/json"})
        reply = asked.getresponse()
        if reply.status == 200:
            return json.load(reply)
    return None


class _Refused(ObhvatError):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code


def ask(store_path: Path, wish: dict[str, Any]) -> dict[str, Any] | None:
    """Ask the application of this store; None when none answers. Raises what the application refused."""
    try:
        note = json.loads(_note(store_path).read_text("utf-8"))
        result = _post(note["port"], note["token"], wish)
    except (OSError, ValueError, KeyError):
        return None
    if result is None:
        return None
    if "error" in result:
        raise _Refused(result["error"], result.get("code", 1))
    return result


def have(store_path: Path, wish: dict[str, Any], telling: Telling = quietly) -> dict[str, Any]:
    """Have a wish fulfilled by the application of this store, or here when none runs. Raises as `fulfil`."""
    # What opens stores takes longer to import than to ask.
    asked = ask(store_path, wish)
    if asked is not None:
        return asked
    from obhvat.store import Store

    try:
        return fulfil(store_path, lambda create: Store(store_path, create=create), wish, telling)
    except StoreBusy:
        # An application may have opened it in the meantime.
        asked = ask(store_path, wish)
        if asked is None:
            raise
        return asked


__all__ = ["announce", "ask", "have", "running_at", "running_version", "withdraw"]
