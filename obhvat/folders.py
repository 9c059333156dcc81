"""Where the program's own files are, in a checkout and installed, where it keeps its stores, and how."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_THE_WHEEL = _PACKAGE / "app"


def app_folder() -> Path:
    """The folder of app.py, pages and .streamlit: the top of a checkout, `app` inside an installed package."""
    return _IN_THE_WHEEL if _IN_THE_WHEEL.is_dir() else _PACKAGE.parent


def packed_demo() -> Path:
    """Where a copy of the program that carries the demonstration has its rows (`obhvat.demo.packed`)."""
    return _PACKAGE / "demo" / "made"


def store_folder() -> Path:
    """Where stores are unless one is named: data/store of a checkout; installed, the user's folder for data."""
    if app_folder() != _IN_THE_WHEEL:
        return app_folder() / "data" / "store"
    users = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(users) / "obhvat"


def store_path(store: Path | None, usual: str = "obhvat") -> Path:
    """The store that is meant: the named one, else the usual one of that name."""
    return (store or store_folder() / f"{usual}.duckdb").resolve()


def make_files_private() -> None:
    """Whatever this process makes from now on is for its owner alone, DuckDB's log and temporary files, too."""
    os.umask(0o077)


def prepare_process() -> None:
    """What a process of ours begins with: what it prints is UTF-8 on every system, what it writes its user's alone."""
    make_files_private()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the owner alone. Raises OSError."""
    make_files_private()
    folder.mkdir(parents=True, exist_ok=True)
