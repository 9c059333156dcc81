"""Backups: a consistent copy of the store while it is in use, and putting one back."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from obhvat.errors import DiskFull, StoreUnusable
from obhvat.folders import make_folder
from obhvat.store import pseudonyms
from obhvat.store.files import copy_database, log_of, remove
from obhvat.store.schema import SCHEMA_VERSION
from obhvat.store.store import Store


def default_name(store: Store) -> str:
    """Name of a backup made now: obhvat-2024-03-13-1405.duckdb."""
    return f"{store.path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}.duckdb"


def backup(store: Store, target: Path) -> Path:
    """Copy the store to `target`, a file or a folder, while others read and write it. Returns the file.

    The copy holds everything committed before it began, for its owner alone. The key is not in it: keep `<store>.key`
    elsewhere.
    Raises StoreUnusable when the file exists or its folder cannot be made, DiskFull when it does not fit.
    """
    target = _target_file(store, target)
    if target.exists():
        raise StoreUnusable(f"Файлът „{target}“ вече съществува. Изберете друго име за копието.")
    unfinished = target.with_suffix(".unfinished")
    remove(unfinished)
    try:
        with store.writing(), store.cursor() as cursor:
            copy_database(cursor, unfinished)
        unfinished.replace(target)
    except (duckdb.Error, OSError) as error:
        raise DiskFull(
            f"Копието не можа да се запише в „{target.parent}“. Проверете дали има място и дали в папката може да се "
            "пише. Базата не е променена."
        ) from error
    finally:
        remove(unfinished)
    return target


def what_a_copy_is(key: str) -> str:
    """What a copy is good for with its key, a file of this name, and without: said where one is made."""
    return (
        f"Ключът „{key}“ не е в копието. С него копието се връща с „obhvat restore“. Без него програмата не го отваря "
        "и кодовете в него не водят до дете, но случаите, бележките и числата се четат с друга програма: пазете "
        "копието като самата база, а ключа – на друго място. Изгубен ключ не се възстановява."
    )


def _target_file(store: Store, target: Path) -> Path:
    try:
        if target.is_dir() or target.suffix != ".duckdb":
            make_folder(target)
            return target / default_name(store)
        make_folder(target.parent)
    except OSError as error:
        raise StoreUnusable(f"Няма как да се направи папка за копието „{target}“: {error.strerror}.") from error
    return target


def check_backup(path: Path, key: str | None) -> None:
    """Raises StoreUnusable when a file is not a backup this program and this key can use."""
    if not path.is_file():
        raise StoreUnusable(f"Няма файл „{path}“.")
    try:
        with duckdb.connect(path, read_only=True) as copy:
            kept = dict(copy.execute("select key, value from meta").fetchall())
    except duckdb.Error as error:
        raise StoreUnusable(f"„{path.name}“ не е копие на база на обхват или е повредено.") from error
    if int(kept.get("schema", 0)) > SCHEMA_VERSION:
        raise StoreUnusable(f"„{path.name}“ е от по-нова версия на обхват. Обновете програмата.")
    if key is not None and kept.get("key") != pseudonyms.fingerprint(key):
        raise StoreUnusable(f"„{path.name}“ е направено с друг ключ. Сложете неговия ключ до базата и опитайте отново.")


def _swap(backup_file: Path, store_path: Path) -> Path | None:
    """Put a copy of the backup where the store is; the store that was there is kept beside it."""
    incoming = store_path.with_suffix(".incoming")
    remove(incoming)
    try:
        _each_file(shutil.copyfile, backup_file, incoming)
    except OSError as error:
        remove(incoming)
        raise DiskFull(f"Копието не се побра до базата „{store_path.name}“. Тя не е променена.") from error
    kept = None
    if store_path.exists():
        kept = _unused(store_path.with_name(f"{store_path.stem}-преди-{datetime.now():%Y-%m-%d-%H%M%S}.duckdb"))
        _each_file(Path.replace, store_path, kept)
    # A log without its database belongs to nothing, and would be read into the backup.
    log_of(store_path).unlink(missing_ok=True)
    _each_file(Path.replace, incoming, store_path)
    return kept


def _each_file(do: Callable[[Path, Path], object], source: Path, target: Path) -> None:
    """Do something with a database and with its log, when there is one: the log holds committed rows too."""
    do(source, target)
    with contextlib.suppress(FileNotFoundError):
        do(log_of(source), log_of(target))


def _unused(path: Path) -> Path:
    """The path, numbered when there is such a file: nothing that was kept is ever overwritten."""
    names = (path.with_name(f"{path.stem}{mark}{path.suffix}") for mark in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def restore(store: Store, backup_file: Path) -> Path | None:
    """Replace an open store by a backup; running queries end first. Returns where the replaced store is kept.

    Raises StoreUnusable for a file that is not a backup of this store, StoreBusy when queries do not end.
    """
    check_backup(backup_file, store.key)
    with store.closed():
        return _swap(backup_file, store.path)


def restore_closed(store_path: Path, backup_file: Path) -> Path | None:
    """As `restore`, for a store that no program holds, or that does not exist."""
    check_backup(backup_file, pseudonyms.read_key(store_path))
    make_folder(store_path.parent)
    return _swap(backup_file, store_path)
