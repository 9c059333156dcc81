"""The door between the command line and a running application, which alone may open its store.

The application leaves its port and a token in a file beside the store, readable by its owner. Whoever can read
that file may ask for a figure, a backup, a restore or a reading of the whole store.
"""

from __future__ import annotations

import contextlib
import json
import os
import urllib.error
import urllib.request
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obhvat.errors import ObhvatError, StoreBusy

if TYPE_CHECKING:
    from obhvat.store import Store

_SECONDS = 600


def _note(store_path: Path) -> Path:
    return store_path.resolve().with_suffix(".running")


def announce(store_path: Path, port: int, token: str) -> None:
    """Say where this application answers."""
    note = _note(store_path)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"pid": os.getpid(), "port": port, "token": token}, file)


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


def figure(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    """A figure with its n, N and definition. Raises UnknownName, and ValueError for what is no period."""
    # Asking needs none of this, and it takes longer to import than to ask.
    from obhvat.metrics import answer_as_json
    from obhvat.periods import parse_period
    from obhvat.scope import Scope

    known_at = request.get("known_at")
    moment = datetime.fromisoformat(known_at) if known_at else (store.now() if store.recorded_ahead() else None)
    scope = Scope(request.get("municipality"), request.get("school"), moment)
    period = parse_period(request["period"]) if request.get("period") else None
    day = date.fromisoformat(request["day"]) if request.get("day") else None
    return answer_as_json(store, request["metric"], period, scope, day)


def answer(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    """Do what the command line asks. Errors come back as a Bulgarian sentence and an exit code."""
    from obhvat.store.backup import backup, restore
    from obhvat.store.sound import check

    try:
        match request["do"]:
            case "backup":
                return {"path": str(backup(store, Path(request["path"])))}
            case "restore":
                former = restore(store, Path(request["path"]))
                return {"kept": str(former) if former else None}
            case "check-store":
                return {"rows": check(store)}
            case "figure":
                return figure(store, request)
            case other:
                return {"error": f"Не разбирам „{other}“.", "code": 1}
    except (ObhvatError, ValueError) as error:
        return {"error": str(error), "code": getattr(error, "exit_code", 2)}


class _Refused(ObhvatError):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code


def ask(store_path: Path, busy: StoreBusy, request: dict[str, Any]) -> dict[str, Any]:
    """Ask the application that holds the store. Raises `busy` when none answers, or what the application refused."""
    try:
        note = json.loads(_note(store_path).read_text("utf-8"))
        post = urllib.request.Request(
            f"http://127.0.0.1:{note['port']}/door",
            data=json.dumps(request).encode(),
            headers={"x-obhvat-token": note["token"], "content-type": "application/json"},
        )
        with urllib.request.urlopen(post, timeout=_SECONDS) as reply:  # noqa: S310
            result = json.load(reply)
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        raise busy from None
    if "error" in result:
        raise _Refused(result["error"], result.get("code", 1))
    return result
