"""The PIN of who works alone on this machine: kept beside the store, as the key is, never in it.

So it is in no copy, and putting a copy back neither loses it nor brings an older one. Who has the account of the
machine can take it away (`obhvat pin clear`), as they can read the store; it keeps out who sits down at an open screen.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from threading import Lock

from obhvat.errors import ObhvatError, StoreUnusable
from obhvat.language import _
from obhvat.people.secret import FREE, Tries, WrongSecret, hashed, is_of
from obhvat.store.pseudonyms import read_key
from obhvat.texts import counted

LEAST, MOST = 4, 12
"""Digits of a PIN."""
_trying = Lock()


def pin_path(store_path: Path) -> Path:
    """Where the PIN of a store is kept: its hash, and how many wrong ones were tried."""
    return store_path.with_suffix(".pin")


def is_set(store_path: Path) -> bool:
    return pin_path(store_path).exists()


def set_pin(store_path: Path, pin: str) -> None:
    """Keep a PIN. Raises ObhvatError for one that is too easy to guess."""
    if not (pin.isascii() and pin.isdecimal() and LEAST <= len(pin) <= MOST):
        raise ObhvatError(_("ПИН е от {LEAST} до {MOST} цифри.").format(LEAST=LEAST, MOST=MOST))
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise ObhvatError(_("Този ПИН се налучква лесно: изберете друг, не еднакви или поредни цифри."))
    with _trying:
        _write(store_path, hashed(pin, _key(store_path)), Tries())


def clear_pin(store_path: Path) -> bool:
    """Take the PIN away; whether there was one."""
    had = is_set(store_path)
    pin_path(store_path).unlink(missing_ok=True)
    return had


def try_pin(store_path: Path, pin: str, now: datetime | None = None) -> None:
    """Raises WrongSecret when it is not the PIN, or when too many wrong ones were tried; restarts change nothing."""
    now = now or datetime.now()
    # A try is counted before it is looked at, so that none is free: neither of many at once nor of one cut short.
    with _trying:
        kept, counted_then = _read(store_path)
        tries = counted_then.as_of(now)
        if tries != counted_then:
            _write(store_path, kept, tries)
        tries.refuse_early(now)
        tries = tries.one_more(now)
        _write(store_path, kept, tries)
        if is_of(pin, kept, _key(store_path)):
            _write(store_path, kept, Tries())
            return
    tries.refuse_early(now)
    left = FREE - tries.wrong
    raise WrongSecret(_("Грешен ПИН. Още {left}, после се чака.").format(left=counted(left, "опит")))


def _read(store_path: Path) -> tuple[str, Tries]:
    try:
        content = json.loads(pin_path(store_path).read_text("utf-8"))
        last = content["last"]
        return content["hash"], Tries(content["wrong"], datetime.fromisoformat(last) if last else None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreUnusable(
            _("Файлът „{name}“ с ПИН не се чете. Премахнете го с „obhvat pin clear“ и задайте нов ПИН.").format(
                name=pin_path(store_path).name
            )
        ) from error


def _write(store_path: Path, kept: str, tries: Tries) -> None:
    """For the owner alone, in one piece: a file cut short would lock everybody out."""
    path = pin_path(store_path)
    begun = path.with_suffix(".pin-begun")
    begun.unlink(missing_ok=True)
    content = {"hash": kept, "wrong": tries.wrong, "last": tries.last.isoformat() if tries.last else None}
    with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    begun.replace(path)


def _key(store_path: Path) -> str:
    key = read_key(store_path)
    if key is None:
        raise StoreUnusable(_("Няма база, за която да се зададе ПИН."))
    return key
