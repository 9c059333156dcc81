"""ZIP archives, and the workbooks that are ones: what is inside, within limits that keep the program alive."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.source import Source

MOST_UNPACKED = 256 << 20
"""Bytes an archive may unpack to. Forty schools' months are 6 MB; an XLSX of a million rows is 200 MB."""
MOST_MEMBERS = 5000
_CHUNK = 1 << 20
_UTF8_NAME = 0x800


def unpacked(sources: Sequence[Source]) -> list[Source]:
    """Files with every archive replaced by its members. An archive that cannot be opened stays as it is."""
    opened: list[Source] = []
    for source in sources:
        try:
            opened += members(source) if source.is_archive else [source]
        except UnreadableFile:
            opened.append(source)
    return opened


def members(archive: Source) -> list[Source]:
    """The files inside an archive, without folders and what Windows and macOS leave beside them.

    Raises UnreadableFile when it is damaged, locked, too large, or holds nothing.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
            inside = [info for info in opened.infolist() if not _is_litter(info)]
            if any(info.flag_bits & 1 for info in inside):
                raise UnreadableFile("Архивът е заключен с парола. Извадете файловете от него и ги качете.")
            if not inside:
                raise UnreadableFile("Архивът е празен. Изпратете го отново.")
            check_size(opened)
            files = [Source(_name(info), opened.read(info)) for info in inside]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise UnreadableFile("Файлът е повреден при пренасянето. Изпратете го отново.") from error
    if any(source.is_archive for source in files):
        raise UnreadableFile("В архива има друг архив. Извадете файловете от него и ги качете.")
    return files


def check_size(opened: zipfile.ZipFile) -> None:
    """Unpack without keeping. Raises UnreadableFile beyond the limits; what an archive says of itself may be a lie."""
    too_large = UnreadableFile(
        f"Файлът се разопакова до повече от {MOST_UNPACKED >> 20} MB и не се отваря. Разделете го на части."
    )
    inside = opened.infolist()
    if len(inside) > MOST_MEMBERS or sum(info.file_size for info in inside) > MOST_UNPACKED:
        raise too_large
    left = MOST_UNPACKED
    for info in inside:
        with opened.open(info) as member:
            while chunk := member.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise too_large


def _is_litter(info: zipfile.ZipInfo) -> bool:
    name = info.filename.rsplit("/", 1)[-1]
    return info.is_dir() or "__MACOSX/" in info.filename or name.startswith((".", "~$")) or name == "Thumbs.db"


def _name(info: zipfile.ZipInfo) -> str:
    """Windows writes Cyrillic names in the code page of DOS, which Python reads as another one."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return info.filename
