"""What DuckDB says went wrong with a file, as errors the user can act on."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import duckdb

from obhvat.errors import DiskFull, ObhvatError, StoreBusy, StoreUnusable, UnreadableFile
from obhvat.language import _
from obhvat.texts import moment

_DISK_WORDS = ("no space left", "disk full", "file too large", "not enough space", "quota")
_RIGHTS_WORDS = ("permission denied", "access is denied", "read-only file system", "operation not permitted")
_DAMAGE_WORDS = (
    "not a valid DuckDB database",
    "Serialization Error",
    "Corrupt database file",
    "Corrupt WAL",
    "Failure while replaying WAL",
    "Could not read enough bytes",
)
_PID = re.compile(r"PID (\d+)")


def damaged(path: Path) -> StoreUnusable:
    return StoreUnusable(
        _(
            "Файлът „{name}“ не е база на обхват или е повреден. Възстановете последното копие: obhvat restore КОПИЕ."
        ).format(name=path.name)
    )


def is_damage(error: duckdb.Error) -> bool:
    """Whether a file does not hold what was written to it."""
    return any(words in str(error) for words in _DAMAGE_WORDS)


def understood(error: duckdb.Error, path: Path) -> ObhvatError | None:
    """A DuckDB error about the database at a path, or None when it is ours to mend."""
    if is_damage(error):
        return damaged(path)
    # A folder may be called „quota“.
    text = str(error).replace(str(path), path.name)
    lower = text.replace(path.name, "").lower()
    if "lock on file" in text or "being used by another process" in text:
        pid = _PID.search(text)
        return StoreBusy(
            _(
                "Базата „{name}“ е отворена от друга програма{process}. Затворете другото копие на "
                "обхват и опитайте отново."
            ).format(name=path.name, process=_(" (процес {pid})").format(pid=pid[1]) if pid else "")
        )
    if any(words in lower for words in _DISK_WORDS):
        return DiskFull(
            _(
                "Няма място на диска. Нищо от това качване не е записано; по-старите данни са цели. Освободете място "
                "и качете файловете отново."
            )
        )
    if any(words in lower for words in _RIGHTS_WORDS):
        return StoreUnusable(
            _(
                "В базата „{name}“ не може да се пише. Дайте на своя потребител право да променя файла и папката му, "
                "или преместете базата и ключа ѝ там, където може да се пише."
            ).format(name=path.name)
        )
    if "newer version of DuckDB" in text or "newer DuckDB version" in text:
        return StoreUnusable(
            _("Базата „{name}“ е записана с по-нова програма. Обновете обхват.").format(name=path.name)
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return ObhvatError(_("Не достига памет. Затворете други програми и опитайте отново; записаното е цяло."))
    return None


def in_one_sentence(error: Exception) -> tuple[str, int] | None:
    """What a person is told of an error, and the exit code; None when it is a mistake of ours."""
    match error:
        case ObhvatError():
            return str(error), error.exit_code
        case OSError():
            return _("Няма достъп до „{filename}“: {reason}.").format(
                filename=error.filename, reason=error.strerror
            ), ObhvatError.exit_code
        case ValueError():
            return str(error), UnreadableFile.exit_code
        case duckdb.Error():
            return (
                _("Базата не може да се прочете или запише. Проверете я с „obhvat check-store“."),
                StoreUnusable.exit_code,
            )
    return None


def clock_is_behind(recorded: datetime) -> str:
    """What is said when the last record is of a moment that is still to come."""
    return _(
        "Последният запис в базата е от {recorded}, а това още не е настъпило: часовникът на компютъра е бил "
        "напред или сега изостава. Проверете го. Всичко записано се вижда и се брои."
    ).format(recorded=moment(recorded))
