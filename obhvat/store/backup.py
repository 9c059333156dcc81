"""Backups: a consistent copy of the store while it is in use, and putting one back."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

import duckdb

from obhvat.errors import DiskFull, StoreUnusable
from obhvat.folders import make_folder
from obhvat.language import _
from obhvat.store import pseudonyms
from obhvat.store.exchange import end_what_was_begun, exchange
from obhvat.store.files import REPLACED, copy_database, discard, looks_of, quoted, remove, shut
from obhvat.store.schema import SCHEMA_VERSION
from obhvat.store.sound import read_file, read_whole, refuse_damaged_log
from obhvat.store.store import Store
from obhvat.store.whole_copy import copy_looks, copy_whole


def default_name(store: Store) -> str:
    """Name of a backup made now: obhvat-2024-03-13-1405.duckdb."""
    return f"{store.path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}.duckdb"


def backup(store: Store, target: Path) -> Path:
    """Copy the store to `target`, a file or a folder, while others read and write it. Returns the file.

    The copy holds everything committed before it began, for its owner alone, and was read whole. Who looked at what
    goes along in a file of the same name. The key is in neither: keep `<store>.key` elsewhere.
    Raises StoreUnusable when the file exists or its folder cannot be made, DiskFull when it does not fit.
    """
    target = _target_file(store, target)
    if target.exists():
        raise StoreUnusable(
            _("Файлът „{target}“ вече съществува. Изберете друго име за копието.").format(target=target)
        )
    with contextlib.ExitStack() as held:
        held.enter_context(store.writing())
        copy_whole(held.enter_context(store.cursor()), store.path, store.unfinished, target, copied=held.close)
    return target


def what_a_copy_is(key: str) -> str:
    """What a copy is good for with its key, a file of this name, and without: said where one is made."""
    return _(
        "Ключът „{key}“ не е в копието. С него копието се връща с „obhvat restore“. Без него програмата не го отваря "
        "и кодовете в него не водят до дете, но случаите, бележките и числата се четат с друга програма: пазете "
        "копието като самата база, а ключа – на друго място. Изгубен ключ не се възстановява. Кой какво е гледал, е до "
        "копието във файл със същото име и „.looks“: местете ги заедно."
    ).format(key=key)


def _target_file(store: Store, target: Path) -> Path:
    try:
        if target.is_dir() or target.suffix != ".duckdb":
            make_folder(target)
            return target / default_name(store)
        make_folder(target.parent)
    except OSError as error:
        raise StoreUnusable(
            _("Няма как да се направи папка за копието „{target}“: {reason}.").format(
                target=target, reason=error.strerror
            )
        ) from error
    return target


def restore(store: Store, backup_file: Path) -> Path | None:
    """Replace an open store by a backup; running queries end first. Returns where the replaced store is kept.

    Before anything moves, all of the backup is read and what was made of it is read again.
    Raises StoreUnusable for a file that is not a whole backup of this store, StoreBusy when queries do not end.
    """
    # What others wrote while the backup is read would not be seen any more.
    with store.writing():
        incoming = _incoming(store.path, backup_file, store.key)
        with store.closed():
            kept = exchange(incoming, store.path)
            _bring_looks(backup_file, store.path)
            return kept


def restore_closed(store_path: Path, backup_file: Path) -> Path | None:
    """As `restore`, for a store that no program holds: one that cannot be opened, or does not exist."""
    make_folder(store_path.parent)
    end_what_was_begun(store_path)
    kept = exchange(_incoming(store_path, backup_file, pseudonyms.read_key(store_path)), store_path)
    _bring_looks(backup_file, store_path)
    return kept


def _bring_looks(backup_file: Path, store_path: Path) -> None:
    """After a copy was put back: the log beside the store stays, because what was looked at since the copy was looked
    at. The copy's takes its place where it has all of it and more, as on a new machine; where they are of two stores,
    the one that stood here is kept under a name of its own."""
    mine, brought = looks_of(store_path), looks_of(backup_file)
    if not brought.exists() or mine == brought:
        return
    here = _whole_lines(mine) if mine.exists() else []
    there = _whole_lines(brought)
    # A line is keyed to all those before it, some of which may have gone with their term.
    if not there or there[-1] in here:
        return
    if here and here[-1] not in there:
        mine.rename(mine.with_name(f"{mine.stem}{REPLACED}{datetime.now():%Y-%m-%d-%H%M%S}{mine.suffix}"))
    copy_looks(backup_file, store_path)


def _whole_lines(log: Path) -> list[bytes]:
    return log.read_bytes().split(b"\n")[:-1]


def _incoming(store_path: Path, backup_file: Path, key: str | None) -> Path:
    """A store beside the store, made of all that a backup holds, with nothing left in a log. Raises StoreUnusable."""
    refuse_no_copy(store_path, backup_file)
    incoming = store_path.with_suffix(".incoming")
    try:
        remove(incoming)
        copied = _copied_whole(backup_file, incoming, key)
        if read_file(incoming) != copied:
            raise DiskFull(
                _("Копието се прочете другояче, отколкото беше записано: проверете диска. Базата не е променена.")
            )
    except (duckdb.Error, OSError) as error:
        discard(incoming)
        raise DiskFull(
            _(
                "Копието не се побра в „{parent}“ или там не може да се пише. Освободете място и опитайте отново; "
                "базата не е променена."
            ).format(parent=incoming.parent)
        ) from error
    except BaseException:
        discard(incoming)
        raise
    return incoming


def refuse_no_copy(store_path: Path, backup_file: Path) -> None:
    """Raises StoreUnusable when there is no such file, or it is the store itself."""
    if not backup_file.is_file():
        raise StoreUnusable(_("Няма файл „{backup_file}“.").format(backup_file=backup_file))
    if store_path.exists() and backup_file.samefile(store_path):
        raise StoreUnusable(_("„{name}“ е самата база, а не нейно копие.").format(name=backup_file.name))


def not_whole(backup_file: Path) -> StoreUnusable:
    return StoreUnusable(
        _(
            "„{name}“ не е копие на база на обхват или е повредено: не се чете цялото. Базата не е променена; "
            "опитайте с друго копие."
        ).format(name=backup_file.name)
    )


def _copied_whole(backup_file: Path, incoming: Path, key: str | None) -> dict[str, int]:
    """Copy a backup, reading all of it: table → rows. Raises StoreUnusable for what is no whole backup of this key."""
    name = backup_file.name
    with duckdb.connect() as reader:
        try:
            refuse_damaged_log(backup_file)
            reader.execute(f"attach {quoted(backup_file)} as backup (read_only)").fetchall()
            shut(reader, incoming)
            _know_again(dict(reader.execute("select key, value from backup.meta").fetchall()), name, key)
            rows = read_whole(reader, "backup", name)
        except duckdb.Error as error:
            raise not_whole(backup_file) from error
        reader.execute("use backup").fetchall()
        copy_database(reader, incoming)
    return rows


def _know_again(settings: dict[str, str], name: str, key: str | None) -> None:
    """Raises StoreUnusable when a backup is a newer program's or another key's."""
    if int(settings.get("schema", 0)) > SCHEMA_VERSION:
        raise StoreUnusable(_("„{name}“ е от по-нова версия на обхват. Обновете програмата.").format(name=name))
    if key is not None and settings.get("key") != pseudonyms.fingerprint(key):
        raise StoreUnusable(
            _("„{name}“ е направено с друг ключ. Сложете неговия ключ до базата и опитайте отново.").format(name=name)
        )
