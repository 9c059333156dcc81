"""Processes that do something to a store, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


def told_by(nursery: Any, do: Callable[..., None], path: Path, *given: object, exit_code: int = 0) -> list[Any]:
    """All that a child says, which must end by itself."""
    ours, theirs = nursery.Pipe(duplex=False)
    child = nursery.Process(target=do, args=(path, theirs, *given))
    child.start()
    theirs.close()
    said = all_of(ours)
    ours.close()
    child.join()
    assert child.exitcode == exit_code
    return said


def all_of(pipe: Connection) -> list[Any]:
    said = []
    try:
        while True:
            said.append(pipe.recv())
    except EOFError:
        return said
