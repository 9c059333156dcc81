"""Files for their owner alone: what tells of children is not for the other accounts of a machine.

What this program makes is so from the beginning (`folders.make_files_private`); here is what others left. On Windows a
file takes the rights of its folder, and the usual folder is in the user's profile, which is the user's alone: there
only the key is given rights of its own.
"""

from __future__ import annotations

import contextlib
import stat
import sys
from pathlib import Path

from obhvat.store.files import COPIES

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OURS = (
    ".duckdb",
    ".wal",
    ".key",
    ".signing",
    ".looks",
    ".pin",
    ".running",
    ".incoming",
    ".ready",
    ".unfinished",
    ".anew",
    ".tmp",
    COPIES,
)


def mend(store_path: Path) -> None:
    """Take others' rights away from a store, what stands beside it under its name, and a folder of nothing else: an
    older program, or a copy by hand, left them."""
    folder = store_path.parent
    if not folder.is_dir():
        return
    beside = [path for path in folder.iterdir() if path.suffix in _OURS]
    for path in beside:
        if path.name.startswith(store_path.stem):
            _close(path)
            for inside in path.iterdir() if path.is_dir() else ():
                _close(inside)
    # A folder that holds something else, or that many share, is not ours to close.
    if len(beside) == len(list(folder.iterdir())) and not folder.stat().st_mode & stat.S_ISVTX:
        _close(folder)


def is_private(path: Path) -> bool:
    """Whether only the owner has rights: folders that keep none (a memory stick, a share) cannot do it."""
    return sys.platform == "win32" or not path.stat().st_mode & _OTHERS


def _close(path: Path) -> None:
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
