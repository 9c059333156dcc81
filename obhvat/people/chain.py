"""The lines of the log of looks: each keyed to the one before it, and what says that the oldest were taken away."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from obhvat.store.pseudonyms import keyed_hash

_SAME = re.compile(rb'"as":"([0-9a-f]{16})"')
_CUT = b'{"cut":'


class Cut(NamedTuple):
    """How many lines were taken away before the first that is there, and the hash of the last of them."""

    lines: int = 0
    before: str = ""


def chained(key: str, before: str, body: str) -> str:
    """The hash that a line begins with."""
    return keyed_hash(key, "look", f"{before} {body}")


def parts(lines: list[bytes]) -> tuple[Cut, list[bytes]]:
    """What was taken away, and the lines that are there. What is no cut as it was written is a line."""
    if lines and lines[0][65:].startswith(_CUT):
        try:
            said = json.loads(lines[0][65:])
            return Cut(int(said["cut"]), str(said["before"])), lines[1:]
        except (ValueError, KeyError, TypeError):
            pass
    return Cut(), lines


def cut_line(key: str, cut: Cut, until: date) -> bytes:
    """The line in the place of those that were taken away, the last of them of a day."""
    body = json.dumps({"cut": cut.lines, "before": cut.before, "until": until.isoformat()}, separators=(",", ":"))
    return f"{keyed_hash(key, 'looks cut', body)} {body}\n".encode()


def broken(key: str, lines: list[bytes]) -> list[int]:
    """The lines, counted from 1, that are not as they were written or where they were written."""
    cut, kept = parts(lines)
    wrong, first = [], 1
    if cut.lines:
        sealed, _space, body = lines[0].partition(b" ")
        if not _is(sealed, keyed_hash(key, "looks cut", body.decode("utf-8", "replace"))):
            wrong.append(1)
        first = 2
    before = cut.before
    for number, line in enumerate(kept, first):
        hashed, _space, body = line.partition(b" ")
        if not _is(hashed, chained(key, before, body.decode("utf-8", "replace"))):
            wrong.append(number)
        before = hashed.decode("ascii", "replace")
    return wrong


def anchor(key: str, n: int, last: str) -> str:
    """How far a log had come, for the store to remember: the number of lines, the hash of the last, and a hash of both,
    so that nobody without the key can make another."""
    return f"{n} {last or '-'} {_sealed(key, n, last or '-')}"


def against(key: str, remembered: str | None, lines: list[bytes]) -> tuple[int, bool]:
    """How many lines are missing at the end, and whether it is another log or what is remembered was changed."""
    if not remembered:
        return 0, False
    number, last, sealed = remembered.split(" ")
    n = int(number)
    if not hmac.compare_digest(sealed, _sealed(key, n, last)):
        return 0, True
    cut, kept = parts(lines)
    if cut.lines + len(kept) < n:
        return n - cut.lines - len(kept), False
    if n <= cut.lines:
        # Of the lines that were taken away the last is known.
        return 0, n == cut.lines > 0 and last != cut.before
    return 0, n > 0 and not kept[n - cut.lines - 1].startswith(f"{last} ".encode())


def _sealed(key: str, n: int, last: str) -> str:
    return keyed_hash(key, "looks until", f"{n} {last}")


def oldest(kept: Sequence[bytes], day_of: Callable[[bytes], date | None], until: date) -> int:
    """How many of the first lines are of a day or before. A list that a later line names stays, and what follows it."""
    days = (day_of(line) for line in kept)
    n = next((n for n, day in enumerate(days) if day is not None and day > until), len(kept))
    named = {same[1] for line in kept[n:] if (same := _SAME.search(line))}
    return next((place for place in range(n) if kept[place][:16] in named), n)


def about(lines: Sequence[bytes], names: Collection[bytes]) -> list[bytes]:
    """The lines that hold one of these names, and those that tell of the same list as one of them."""
    found, lists = [], set()
    for line in lines:
        if any(name in line[64:] for name in names):
            lists.add(line[:16])
            found.append(line)
        elif lists and (same := _SAME.search(line)) and same[1] in lists:
            found.append(line)
    return found


def _is(hashed: bytes, wanted: str) -> bool:
    return hmac.compare_digest(hashed, wanted.encode())
