"""Bytes: what arrived, under which name, and what kind of file it is by its content."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from obhvat.errors import UnreadableFile

Kind = Literal["text", "workbook", "parquet", "archive"]
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!doctype html|<html|<head|<body|<table)",
    re.IGNORECASE | re.DOTALL,
)
_LONG_DIGITS = re.compile(r"\d{9,}")

_WHY_CLOSED: dict[type[OSError], str] = {
    FileNotFoundError: "няма такъв файл",
    PermissionError: "нямате право да го четете или е отворен в друга програма",
    IsADirectoryError: "това е папка",
}


def without_ids(text: str) -> str:
    """A name or a caption without digits long enough to be an identifier."""
    return _LONG_DIGITS.sub("••••••••••", text)


@dataclass(frozen=True)
class Source:
    """A file as it was sent. Its bytes stay in memory: identifiers must not reach a temporary file."""

    name: str
    data: bytes

    @classmethod
    def of_path(cls, path: Path) -> Source:
        """Raises UnreadableFile when the file cannot be opened."""
        try:
            return cls(path.name, path.read_bytes())
        except OSError as error:
            reason = _WHY_CLOSED.get(type(error), "дискът не го дава")
            raise UnreadableFile(f"Файлът „{path}“ не може да се отвори: {reason}.") from error

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def safe_name(self) -> str:
        """The name without folders and without digits long enough to be an identifier."""
        return without_ids(Path(self.name.replace("\\", "/")).name)

    @cached_property
    def kind(self) -> Kind:
        """What the bytes are, whatever the extension says.

        Raises UnreadableFile for an empty file, a saved web page, and forms that are not read.
        """
        head = self.data[:2048]
        if not self.data.strip(b" \t\r\n\x00\x1a\xef\xbb\xbf"):
            raise UnreadableFile("Файлът е празен. Свалете го отново от системата, от която идва.")
        if head.startswith(b"PAR1"):
            return "parquet"
        if head.startswith(b"PK\x03\x04"):
            return "archive" if self.is_archive else "workbook"
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in self.data:
                raise UnreadableFile("Файлът е заключен с парола. Махнете паролата в Excel и го запишете отново.")
            return "workbook"
        if head.startswith((b"%PDF", b"SQLite format", b"\x89PNG", b"\xff\xd8\xff")) or head[8:12] == b"DUCK":
            raise UnreadableFile("Това не е таблица. Качете файл CSV, Excel, ODS или Parquet.")
        if _HTML.match(head):
            raise UnreadableFile(
                "Това е уеб страница, а не таблица: вероятно страница за грешка от портала. Свалете файла отново."
            )
        return "text"

    @cached_property
    def is_archive(self) -> bool:
        """Whether it is a ZIP of files, and not a workbook, which is one too."""
        return self.data.startswith(b"PK\x03\x04") and not self._zipped_names & _WORKBOOK_PARTS

    @cached_property
    def _zipped_names(self) -> frozenset[str]:
        try:
            return frozenset(zipfile.ZipFile(io.BytesIO(self.data)).namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return frozenset()
