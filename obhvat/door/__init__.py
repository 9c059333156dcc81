"""The door between the command line and a running application, which alone may open its store.

The application leaves its port and a token in a file beside the store, readable by its owner. Whoever can read
that file may ask for all that a command does. A command asks at the door first, whether the application has opened its
store yet or not; where nobody answers it opens the store itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from obhvat import __version__
from obhvat.door.wishes import Telling, fulfil, quietly
from obhvat.errors import ObhvatError, StoreBusy

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
    """Take the note away when the application stops."""
    with contextlib.suppress(OSError):
        _note(store_path).unlink(missing_ok=True)


def running_at(store_path: Path) -> str | None:
    """The address of the application that has this store open, or None when none answers."""
    try:
        address = f"http://127.0.0.1:{json.loads(_note(store_path).read_text('utf-8'))['port']}"
        urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()  # noqa: S310 - our own address
    except (OSError, ValueError, KeyError):
        return None
    return address


def running_version(store_path: Path) -> str:
    """The version of the application that left its address beside this store."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        return json.loads(_note(store_path).read_text("utf-8"))["version"]
    return "на друга версия"


class _Refused(ObhvatError):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code


def ask(store_path: Path, wish: dict[str, Any]) -> dict[str, Any] | None:
    """Ask the application of this store; None when none answers. Raises what the application refused."""
    try:
        note = json.loads(_note(store_path).read_text("utf-8"))
        post = urllib.request.Request(
            f"http://127.0.0.1:{note['port']}/door",
            data=json.dumps(wish).encode(),
            headers={"x-obhvat-token": note["token"], "content-type": "application/json"},
        )
        with urllib.request.urlopen(post, timeout=_SECONDS) as reply:  # noqa: S310
            result = json.load(reply)
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        # A note that was left behind may name the port of another application, which does not know the token.
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
