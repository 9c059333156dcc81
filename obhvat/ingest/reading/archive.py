"""ZIP archives, and the workbooks that are ones: what is inside, within limits that keep the program alive."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

import pyarrow as pa

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.source import CODECS, Source
from obhvat.language import N_, _

MOST_UNPACKED = 256 << 20
"""Bytes an archive may unpack to. Forty schools' months are 6 MB; an XLSX of a million rows is 200 MB."""
MOST_MEMBERS = 5000
_CHUNK = 1 << 20
_UTF8_NAME = 0x800
_PACKED = re.compile(r"\.(?:gz|bz2|zst)$", re.IGNORECASE)
_DAMAGED = N_("Файлът е повреден при пренасянето. Изпратете го отново.")
_OTHERWISE_PACKED = N_("Архивът е сгъстен по начин, който тук не се чете. Извадете файловете от него и ги качете.")
_NESTED = N_("В архива има друг архив. Извадете файловете от него и ги качете.")
_TOO_LARGE = N_("Файлът се разопакова до повече от {most} MB и не се отваря. Разделете го на части.")


def unpacked(sources: Sequence[Source]) -> list[Source]:
    """Files with every archive replaced by its members and every packed file by what is in it. One that cannot be
    opened stays as it is."""
    opened: list[Source] = []
    for source in sources:
        try:
            inside = members(source) if source.is_archive else [source]
            opened += [unzipped(s) if s.head.startswith(tuple(CODECS)) else s for s in inside]
        except UnreadableFile:
            opened.append(source)
    return opened


def unzipped(packed: Source) -> Source:
    """The one file in a .gz, .bz2 or .zst.

    Raises UnreadableFile when it is damaged, too large, or an archive itself.
    """
    codec = next(codec for mark, codec in CODECS.items() if packed.head.startswith(mark))
    out = bytearray()
    try:
        with pa.input_stream(pa.py_buffer(packed.data), compression=codec) as opened:
            while chunk := opened.read(_CHUNK):
                out += chunk
                if len(out) > MOST_UNPACKED:
                    raise UnreadableFile(_(_TOO_LARGE).format(most=MOST_UNPACKED >> 20))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(_(_DAMAGED)) from error
    file = Source(_PACKED.sub("", packed.name), bytes(out))
    if file.is_archive or file.head[257:262] == b"ustar" or file.head.startswith(tuple(CODECS)):
        raise UnreadableFile(_(_NESTED))
    return file


def members(archive: Source) -> list[Source]:
    """The files inside an archive, without folders and what Windows and macOS leave beside them.

    Raises UnreadableFile when it is damaged, locked, too large, or holds nothing.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
            inside = [info for info in opened.infolist() if not _is_litter(info)]
            if any(info.flag_bits & 1 for info in inside):
                raise UnreadableFile(_("Архивът е заключен с парола. Извадете файловете от него и ги качете."))
            if not inside:
                raise UnreadableFile(_("Архивът е празен. Изпратете го отново."))
            check_size(opened)
            files = [Source(_name(info), opened.read(info)) for info in inside]
    except NotImplementedError as error:
        raise UnreadableFile(_(_OTHERWISE_PACKED)) from error
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError) as error:
        raise UnreadableFile(_(_DAMAGED)) from error
    if any(source.is_archive for source in files):
        raise UnreadableFile(_(_NESTED))
    return files


def check_size(opened: zipfile.ZipFile) -> None:
    """Unpack without keeping. Raises UnreadableFile beyond the limits; what an archive says of itself may be a lie."""
    inside = opened.infolist()
    if len(inside) > MOST_MEMBERS or sum(info.file_size for info in inside) > MOST_UNPACKED:
        raise UnreadableFile(_(_TOO_LARGE).format(most=MOST_UNPACKED >> 20))
    left = MOST_UNPACKED
    for info in inside:
        with opened.open(info) as member:
            while chunk := member.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise UnreadableFile(_(_TOO_LARGE).format(most=MOST_UNPACKED >> 20))


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
