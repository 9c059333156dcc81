"""A copy of a store: all that was committed, read whole once it is there, with the log of looks beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from obhvat.errors import DiskFull
from obhvat.events import timed
from obhvat.folders import make_folder
from obhvat.language import _
from obhvat.store.exchange import folder_of_copies
from obhvat.store.files import OLDER, copy_database, discard, looks_of, remove, settle
from obhvat.store.sound import read_file
from obhvat.store.trouble import damaged, is_damage

FOLDER = "copies_folder"
"""The setting of a store that names the folder of its copies where a person chose one."""


def copy_whole(
    cursor: duckdb.DuckDBPyConnection,
    store_path: Path,
    unfinished: Path,
    target: Path,
    copied: Callable[[], None] = lambda: None,
) -> None:
    """Copy an open store to a file that is not there yet. `unfinished` is the file beside it that the cursor may write;
    `copied` is called when the cursor is needed no more, before the copy is read.

    Raises DiskFull when the copy does not fit or cannot be written there, StoreUnusable for a damaged store.
    """
    arrived = target.with_suffix(".unfinished")
    try:
        with timed("copied") as numbers:
            remove(arrived)
            remove(unfinished)
            copy_database(cursor, unfinished)
            shutil.move(unfinished, arrived, copy_function=shutil.copyfile)
            copied()
            read_file(arrived)
            settle(arrived)
            copy_looks(store_path, target)
            arrived.replace(target)
            numbers["bytes"] = target.stat().st_size
    except (duckdb.Error, OSError) as error:
        if isinstance(error, duckdb.Error) and is_damage(error):
            raise damaged(store_path) from error
        raise DiskFull(
            _(
                "Копието не можа да се запише в „{parent}“. Проверете дали там и до базата, където се подготвя, има "
                "място и може да се пише. Базата не е променена."
            ).format(parent=target.parent)
        ) from error
    finally:
        discard(unfinished)
        discard(arrived)


def copy_looks(database: Path, target: Path) -> None:
    """Put a copy of the log of looks beside another database, whole or not at all."""
    if looks_of(database).exists():
        arrived = target.with_suffix(".tmp")
        shutil.copyfile(looks_of(database), arrived)
        settle(arrived)
        arrived.replace(looks_of(target))


def copy_of_schema(
    connection: duckdb.DuckDBPyConnection, store_path: Path, unfinished: Path, version: int, chosen: str | None
) -> None:
    """Copy a store of an older schema before it is changed, so that the older program can be gone back to. It is named
    for the schema, in the chosen folder of copies or, where there is none, beside the store. Raises as `copy_whole`."""
    folder = Path(chosen) if chosen and Path(chosen).is_dir() else folder_of_copies(store_path)
    try:
        make_folder(folder)
    except OSError as error:
        raise DiskFull(
            _("Преди обновяването на базата се прави копие, а папка „{folder}“ за него не може да се направи.").format(
                folder=folder
            )
        ) from error
    name = f"{store_path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{OLDER}{version}.duckdb"
    copy_whole(connection, store_path, unfinished, folder / name)
