"""Bytes: what arrived, under which name, and what kind of file it is by its content."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.packed import Packed
from obhvat.language import N_, _
from obhvat.privacy import scrub
from obhvat.store.pseudonyms import keyed_hash

Kind = Literal["text", "workbook", "parquet", "archive", "compressed", "html", "xml", "mhtml"]
_DOCUMENTS = {
    "word/document.xml": N_("документ на Word"),
    "ppt/presentation.xml": N_("презентация"),
    "Index/Document.iwa": N_("файл на Numbers или Pages"),
}
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body|table|meta"
    rb"|style|link|title|script|div|span|font|center|form|p|br|h[1-6]|tr|tbody)\b",
    re.IGNORECASE | re.DOTALL,
)
# A page saved with all its parts: an e-mail, whose head is lines of names and values.
_MHTML = re.compile(
    rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:mime-version:|content-type:\s*multipart/related)", re.IGNORECASE
)
CODECS = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}
"""How the bytes of one packed file begin, and how it is packed."""
_ARCHIVES = {
    b"Rar!\x1a\x07": (0, "RAR"),
    b"7z\xbc\xaf\x27\x1c": (0, "7z"),
    b"\xfd7zXZ\0": (0, "XZ"),
    b"\x04\x22\x4d\x18": (0, "LZ4"),
    b"MSCF": (0, "CAB"),
    b"ustar": (257, "TAR"),
}
"""How archives begin that are not opened, and where that stands."""
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<(?:ss:)?workbook)", re.IGNORECASE)
_NOTHING = b" \t\r\n\x00\x1a\xef\xbb\xbf"
_HEAD = 2048
_BLOCK = 4 << 20
_LONG = 16 << 20

TABLE = "таблица"
"""What a part of a file is called, with its number: it is a part of the file's name."""
LOCKED = N_("Файлът е заключен с парола. Премахнете паролата в Excel и го запишете отново.")

_OF_DISK = N_("дискът не го дава")
_WHY_CLOSED: dict[type[OSError], str] = {
    FileNotFoundError: N_("няма такъв файл"),
    PermissionError: N_("нямате право да го четете или е отворен в друга програма"),
    IsADirectoryError: N_("това е папка"),
}


@dataclass(frozen=True)
class Source:
    """A file as it was sent. What was uploaded stays in memory: identifiers must not reach a temporary file; a file
    of this computer stays where it is and is read as it is needed."""

    name: str
    """May be a path in a folder or an archive: shown only as `safe_name`."""
    content: bytes | Path | Packed
    parts: tuple[Source, ...] = ()
    """The files of a table that was written in parts; it has no content of its own then."""

    @classmethod
    def uploaded(cls, name: str, data: bytes) -> Source:
        """What came over the network; a long text is packed."""
        source = cls(name, data)
        with contextlib.suppress(UnreadableFile):
            if len(data) > _LONG and source.kind == "text":
                return cls(name, Packed.of(data))
        return source

    @classmethod
    def of_path(cls, path: Path) -> Source:
        """Raises UnreadableFile when the file cannot be opened."""
        try:
            with path.open("rb"):
                return cls(path.name, path)
        except OSError as error:
            reason = _(_WHY_CLOSED.get(type(error), _OF_DISK))
            raise UnreadableFile(
                _("Файлът „{path}“ не може да се отвори: {reason}.").format(path=scrub(str(path)), reason=reason)
            ) from error

    @property
    def data(self) -> bytes:
        """The whole file in memory: for forms that cannot be read in blocks."""
        if isinstance(self.content, bytes):
            return self.content
        with self.open() as opened:
            return opened.read()

    @property
    def size(self) -> int:
        if self.parts:
            return sum(part.size for part in self.parts)
        match self.content:
            case bytes():
                return len(self.content)
            case Packed():
                return self.content.size
        return self.content.stat().st_size

    def open(self) -> BinaryIO:
        match self.content:
            case bytes():
                return io.BytesIO(self.content)
            case Packed():
                return self.content.open()
        return self.content.open("rb")

    def blocks(self) -> Iterator[bytes]:
        """The bytes from the beginning, a block at a time; of parts, one after another."""
        for part in self.parts:
            yield from part.blocks()
        with self.open() as opened:
            while block := opened.read(_BLOCK):
                yield block

    def part(self, start: int, size: int) -> bytes:
        """So many bytes after the first `start`."""
        with self.open() as opened:
            while start:
                start -= len(opened.read(min(start, _BLOCK)))
            return opened.read(size)

    @cached_property
    def head(self) -> bytes:
        with self.open() as opened:
            return opened.read(_HEAD)

    def hash_with(self, key: str) -> str:
        """By what a store with this key knows the file again."""
        return keyed_hash(key, "file", self._sha256)

    @cached_property
    def _sha256(self) -> str:
        """Trying every identifier finds what stands in a small file with this hash: it leaves memory keyed only."""
        digest = hashlib.sha256()
        for block in self.blocks():
            digest.update(block)
        return digest.hexdigest()

    @cached_property
    def safe_name(self) -> str:
        """The name without folders, digits long enough to be an identifier, and names of people."""
        return scrub(Path(self.name.replace("\\", "/")).name)

    @cached_property
    def kind(self) -> Kind:
        """What the bytes are, whatever the extension says.

        Raises UnreadableFile for an empty file and for forms that are not read.
        """
        if self.parts:
            return self.parts[0].kind
        head = self.head
        if self.is_empty:
            raise UnreadableFile(_("Файлът е празен. Изтеглете го отново от системата, от която идва."))
        if head.startswith(b"PAR1"):
            return "parquet"
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in self.data:
                raise UnreadableFile(_(LOCKED))
            return "workbook"
        for part, name in _DOCUMENTS.items():
            if part in self._zipped_names:
                raise UnreadableFile(
                    _("Това е {name}, а не таблица. Качете файл CSV, Excel, ODS или Parquet.").format(name=_(name))
                )
        if head.startswith(b"PK\x03\x04"):
            return "archive" if self.is_archive else "workbook"
        if head.startswith(tuple(CODECS)):
            return "compressed"
        for mark, (place, name) in _ARCHIVES.items():
            if head.startswith(mark, place):
                raise UnreadableFile(
                    _(
                        "Това е архив {name}, който не се отваря тук. Разархивирайте го (например със 7-Zip) и качете "
                        "файловете от него или ги сложете в архив ZIP."
                    ).format(name=name)
                )
        if head.startswith((b"%PDF", b"SQLite format", b"\x89PNG", b"\xff\xd8\xff")) or head[8:12] == b"DUCK":
            raise UnreadableFile(_("Това не е таблица. Качете файл CSV, Excel, ODS или Parquet."))
        plain = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        if _HTML.match(plain):
            return "html"
        if _XML.match(plain):
            return "xml"
        return "mhtml" if _MHTML.match(plain) else "text"

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing is in it but blanks and marks."""
        return not self.head.strip(_NOTHING) and not any(block.strip(_NOTHING) for block in self.blocks())

    @cached_property
    def is_archive(self) -> bool:
        """Whether it is a ZIP of files, and not a workbook, which is one too."""
        return self.head.startswith(b"PK\x03\x04") and not self._zipped_names & (_WORKBOOK_PARTS | _DOCUMENTS.keys())

    @cached_property
    def _zipped_names(self) -> frozenset[str]:
        if not self.head.startswith(b"PK\x03\x04"):
            return frozenset()
        try:
            with self.open() as opened, zipfile.ZipFile(opened) as parts:
                return frozenset(parts.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return frozenset()
