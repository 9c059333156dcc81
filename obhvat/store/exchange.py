"""Putting a file in the place of a store: at any moment either store is there, or the next opening ends what was begun.

The new store waits beside the old one in a file with the suffix „.ready“, under the name that the old one is kept by.
While there is such a file the exchange is not over, and whoever opens the store ends it first.
"""

from __future__ import annotations

import contextlib
import glob
from datetime import datetime
from pathlib import Path

from obhvat.errors import StoreUnusable
from obhvat.language import _
from obhvat.store import pseudonyms
from obhvat.store.files import COPIES, REPLACED, discard, log_of, logs_of, settle

_READY = ".ready"


def folder_of_copies(store_path: Path) -> Path:
    """Where the application keeps its copies unless a person chose another folder."""
    return store_path.with_suffix(COPIES)


def kept_beside(store_path: Path, suffix: str = ".duckdb") -> list[Path]:
    """The stores that were replaced by copies and are kept beside it, the oldest first."""
    return sorted(store_path.parent.glob(f"{glob.escape(store_path.stem)}{REPLACED}*{suffix}"))


def exchange(incoming: Path, store_path: Path) -> Path | None:
    """Put a closed database, which has no log, where the store is. Returns where the store that was there is kept.

    Raises StoreUnusable when the files could not be moved; it says whether the store is as it was.
    """
    kept = _unused(store_path.with_name(f"{store_path.stem}{REPLACED}{datetime.now():%Y-%m-%d-%H%M%S}.duckdb"))
    ready = kept.with_suffix(_READY)
    try:
        settle(incoming)
        incoming.replace(ready)
        _end(ready, store_path)
    except OSError as error:
        _take_back(ready, store_path)
        discard(incoming)
        after = (
            _("Копието ще застане на мястото ѝ при следващото отваряне")
            if ready.exists()
            else _("Базата е каквато беше")
        )
        raise StoreUnusable(
            _(
                "Копието не може да се постави на мястото на „{name}“: {reason}. {after}. Затворете програмите, "
                "които държат файла, и опитайте отново."
            ).format(name=store_path.name, reason=error.strerror, after=after)
        ) from error
    return kept if kept.exists() else None


def end_what_was_begun(store_path: Path) -> None:
    """End an exchange that was cut short. Raises StoreUnusable when the files cannot be moved."""
    for ready in kept_beside(store_path, _READY):
        try:
            _end(ready, store_path)
        except OSError as error:
            raise StoreUnusable(
                _(
                    "Връщането на копие на мястото на „{name}“ не е завършило и не може да се довърши: {reason}. "
                    "Затворете програмите, които държат файла, и опитайте отново; нищо не е изгубено."
                ).format(name=store_path.name, reason=error.strerror)
            ) from error


def _end(ready: Path, store_path: Path) -> None:
    """Each step is skipped where it is done already."""
    kept = ready.with_suffix(".duckdb")
    settle(store_path.parent)
    # A log beside another database would be read into it, and one without its database belongs to nothing.
    _move_logs(store_path, kept)
    if store_path.exists() and not kept.exists():
        try:
            kept.hardlink_to(store_path)
        except OSError:
            # A memory stick knows no second name of a file.
            store_path.rename(kept)
        settle(store_path.parent)
    ready.replace(store_path)
    settle(store_path.parent)


def _take_back(ready: Path, store_path: Path) -> None:
    """Undo the steps of an exchange, the last one first; what cannot be undone the next opening ends."""
    kept = ready.with_suffix(".duckdb")
    if not ready.exists():
        return
    with contextlib.suppress(OSError):
        if kept.exists() and not store_path.exists():
            kept.rename(store_path)
        _move_logs(kept, store_path)
        kept.unlink(missing_ok=True)
        ready.unlink()


def _move_logs(source: Path, target: Path) -> None:
    for log, to in zip(logs_of(source), logs_of(target), strict=True):
        with contextlib.suppress(FileNotFoundError):
            log.replace(to)


def _unused(path: Path) -> Path:
    """The path, numbered when there is such a file: nothing that was kept is ever overwritten."""
    names = (path.with_name(f"{path.stem}{mark}{path.suffix}") for mark in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists() and not log_of(name).exists())


def refuse_to_begin_anew(store_path: Path) -> None:
    """Raises StoreUnusable when a store is not in its place, and what stands there says that there was one."""
    if store_path.exists() and store_path.stat().st_size:
        return
    folders = (store_path.parent, folder_of_copies(store_path))
    backups = [copy for f in folders for copy in f.glob(f"{glob.escape(store_path.stem)}-20??-??-??-??????*.duckdb")]
    copies = sorted([*backups, *kept_beside(store_path)], key=lambda path: path.stat().st_mtime)
    left = [path for path in logs_of(store_path) if path.exists()]
    # A key alone may be one that a new store is to have, an empty file with a key was a store.
    if (copies or left or store_path.exists()) and pseudonyms.read_key(store_path):
        left.insert(0, pseudonyms.key_path(store_path))
    if not left and not copies:
        return
    stand = _(" и ").join(f"„{path.name}“" for path in [*left[:1], *copies[-1:]])
    advice = (
        _("върнете последното копие: obhvat restore „{relative_to}“").format(
            relative_to=copies[-1].relative_to(store_path.parent)
        )
        if copies
        else _("върнете копие: obhvat restore КОПИЕ")
    )
    raise StoreUnusable(
        _(
            "Базата „{name}“ я няма, а до мястото ѝ стои {stand}. Нова не се прави, защото данните биха "
            "изглеждали изчезнали. Ако файлът е преместен, върнете го в „{parent}“; ако е изгубен, {advice}. За "
            "нова, празна база преместете тези файлове в друга папка."
        ).format(name=store_path.name, stand=stand, parent=store_path.parent, advice=advice)
    )
