"""Stores as files: copies of one that is closed, and by what they stay the same."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from places import ROOT

from obhvat.store import Store


def copy_store(path: Path, folder: Path) -> Path:
    """Copy a closed store and its key into a folder; returns the copy's file."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in (".duckdb", ".key"):
        shutil.copy2(path.with_suffix(suffix), folder)
    return folder / path.name


_opening = threading.RLock()


class OpenedWhenAsked(Store):
    """A store that is opened when it is first asked for anything: most tests begin with a copy of what others put in
    one, and to open the store before takes as long as to open the copy."""

    is_open = False

    def _open(self) -> None:
        if self.is_open:
            super()._open()

    def __getattr__(self, name: str) -> Any:
        # What it has once it is open; of threads that ask at once the first opens it.
        if name not in ("_connection", "key"):
            raise AttributeError(name)
        with _opening:
            if not self.is_open:
                self.is_open = True
                super()._open()
            return self.__dict__[name]


def replace(store: Store, path: Path) -> None:
    """Put a copy of a closed store, of the same key, in the place of a store."""
    with contextlib.nullcontext() if not_open(store) else store.closed():
        shutil.copyfile(path, store.path)


def not_open(store: Store) -> bool:
    return isinstance(store, OpenedWhenAsked) and not store.is_open


def throw_away(store: Store) -> None:
    """Close a store that nobody opens again: what is in its log need not be moved into the file, nor the disk waited
    for."""
    if not_open(store):
        return
    # A test may have closed it.
    with contextlib.suppress(duckdb.Error), store.cursor() as cursor:
        cursor.execute("pragma disable_checkpoint_on_shutdown").fetchall()
    store.close()


def written(path: Path) -> list[tuple[int, int]]:
    """What changes in a store's files with every commit: size and time of the database and of its log."""
    files = (path, path.with_name(f"{path.name}.wal"))
    return [(f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.exists()]


def program_hash() -> str:
    """A hash of everything that decides what the demonstration's store holds: our program and its libraries."""
    parts = hashlib.sha256()
    for file in sorted((ROOT / "obhvat").rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            parts.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    for library in ("duckdb", "numpy", "pandas", "pyarrow"):
        parts.update(f"{library} {version(library)}".encode())
    return parts.hexdigest()
