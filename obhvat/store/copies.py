"""Copies that are made beside the work: when somebody asks, or once a day by themselves, and how many stay."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from obhvat.errors import StoreUnusable
from obhvat.folders import make_folder
from obhvat.language import _
from obhvat.store.backup import backup
from obhvat.store.exchange import folder_of_copies
from obhvat.store.files import DAILY, looks_of
from obhvat.store.store import Store
from obhvat.store.whole_copy import FOLDER

KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 4, 12
"""Of the daily copies the newest stays of each of so many days, weeks and months that have one."""
_NAME = re.compile(r"-(?P<at>\d{4}-\d\d-\d\d-\d{6})(?P<daily>-дневно)?(?P<older>-схема-\d+)?\.duckdb$")
_AT = "%Y-%m-%d-%H%M%S"
_DAILY = "daily_copies"
# Two who ask at once get one copy; the second waits for the first.
_making = threading.Lock()


@dataclass(frozen=True)
class Copy:
    """A copy of the store."""

    path: Path
    made_at: datetime
    is_daily: bool
    """Made by itself; it may be removed when there are newer ones. What a person asked for stays."""
    size: int
    is_of_older: bool = False
    """Made before a newer program changed the store, for going back; it stays."""


def usual_folder(store: Store) -> Path:
    """Where copies are unless a person chose: a folder beside the store."""
    return folder_of_copies(store.path)


def folder_of(store: Store) -> Path:
    return Path(store.remembered(FOLDER) or usual_folder(store))


def choose_folder(store: Store, folder: str) -> None:
    """Keep the next copies in a folder; an empty text means the usual one. Raises StoreUnusable."""
    if not folder.strip():
        store.remember(FOLDER, "")
        return
    path = Path(folder.strip()).expanduser()
    if not path.is_absolute():
        raise StoreUnusable(
            _("„{path}“ не е пълен път до папка. Напишете го от корена: {usual_folder}.").format(
                path=path, usual_folder=usual_folder(store)
            )
        )
    try:
        make_folder(path)
    except OSError as error:
        raise StoreUnusable(
            _("Няма как да се направи папка „{path}“: {reason}.").format(path=path, reason=error.strerror)
        ) from error
    if not path.is_dir() or not os.access(path, os.W_OK):
        raise StoreUnusable(_("В „{path}“ не може да се пише. Изберете друга папка.").format(path=path))
    store.remember(FOLDER, str(path))


def is_daily(store: Store) -> bool:
    """Whether a copy is to be made every day by itself."""
    return store.remembered(_DAILY) == "1"


def choose_daily(store: Store, wanted: bool) -> None:
    store.remember(_DAILY, "1" if wanted else "")


def copies(store: Store) -> list[Copy]:
    """The copies in the folder, the newest first."""
    try:
        files = [(file, file.stat().st_size) for file in folder_of(store).iterdir()]
    except OSError:
        # A folder that is not there yet, or a stick that was taken out.
        return []
    made = []
    for file, size in files:
        name = _NAME.search(file.name)
        if name and file.name.startswith(f"{store.path.stem}-20"):
            at = datetime.strptime(name["at"], _AT)
            made.append(Copy(file, at, bool(name["daily"]), size, bool(name["older"])))
    return sorted(made, key=lambda copy: (copy.made_at, copy.path.name), reverse=True)


def made_until(store: Store, now: datetime) -> list[Copy]:
    """The copies whose name says that they were made by now: one made while the clock ran ahead has nothing newer."""
    return [copy for copy in copies(store) if copy.made_at <= now]


def make(store: Store, asked_at: datetime, *, daily: bool = False) -> Copy:
    """Copy the store, unless a copy was begun since the moment it was asked for. Returns the copy.

    Raises StoreUnusable and DiskFull as `backup`.
    """
    with _making:
        # The name of a copy has no parts of a second.
        now = datetime.now().replace(microsecond=0)
        made = made_until(store, now)
        if made and made[0].made_at >= asked_at.replace(microsecond=0):
            return made[0]
        path = folder_of(store) / f"{store.path.stem}-{now:{_AT}}{DAILY if daily else ''}.duckdb"
        backup(store, path)
        copy = Copy(path, now, daily, path.stat().st_size)
        if daily:
            _remove_old(copies(store))
        return copy


def make_if_due(store: Store, now: datetime) -> Copy | None:
    """Make the copy of the day, when it is wanted and something was recorded after the last one."""
    if not is_daily(store):
        return None
    made, recorded = made_until(store, now), store.last_recorded()
    today = datetime.combine(now, time.min)
    if recorded is None or (made and (made[0].made_at >= today or made[0].made_at > recorded)):
        return None
    return make(store, today, daily=True)


def _remove_old(made: Sequence[Copy]) -> None:
    stay = to_stay(made)
    for copy in made:
        if copy not in stay:
            copy.path.unlink(missing_ok=True)
            looks_of(copy.path).unlink(missing_ok=True)


def to_stay(made: Sequence[Copy]) -> list[Copy]:
    """Of copies, the newest first, those that stay."""
    stay = {copy for copy in made if not copy.is_daily}
    for form, n in (("%Y-%m-%d", KEPT_DAYS), ("%G-%V", KEPT_WEEKS), ("%Y-%m", KEPT_MONTHS)):
        newest: dict[str, Copy] = {}
        for copy in made:
            if copy.is_daily:
                newest.setdefault(f"{copy.made_at:{form}}", copy)
        stay |= set(list(newest.values())[:n])
    return [copy for copy in made if copy in stay]
