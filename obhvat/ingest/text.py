"""Text: from bytes to rows of cells with the line each stands on."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from obhvat.errors import UnreadableFile

DELIMITERS = ("|", ";", "\t", ",")
DELIMITER_NAMES = {"|": "отвесна черта", ";": "точка и запетая", "\t": "табулация", ",": "запетая"}
_SAMPLE_LINES = 200
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")

csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class Lines:
    """Rows of cells as they stand in a file, before anything is taken for a header."""

    rows: list[list[str]]
    lines: list[int]
    """The file line each row begins on, from 1."""
    encoding: str = ""
    delimiter: str = ""


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding it was in: by its mark, else UTF-8 when valid, else windows-1251.

    Raises UnreadableFile naming the first line that is in neither.
    """
    # DOS programs close a text file with 0x1A; АСП exports still do.
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.rstrip(b"\x1a\x00\r\n \t")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            while data.startswith(mark):
                data = data[len(mark) :]
            try:
                return data.decode(encoding).lstrip("\ufeff"), encoding
            except UnicodeDecodeError as error:
                raise _undecodable(data, error, encoding) from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # Cyrillic in windows-1251 almost never forms valid UTF-8 pairs; a damaged UTF-8 file is full of them.
        valid = sum(len(m) for m in _MULTIBYTE.findall(data))
        high = sum(data.count(bytes([b])) for b in range(0x80, 0x100))
        if valid > 0.5 * high:
            raise _undecodable(data, error, "utf-8") from error
    try:
        return data.decode("windows-1251"), "windows-1251"
    except UnicodeDecodeError as error:
        raise _undecodable(data, error, "windows-1251") from error


def _undecodable(data: bytes, error: UnicodeDecodeError, encoding: str) -> UnreadableFile:
    return UnreadableFile(
        f"Ред {_line_of(data, error.start)} съдържа знаци, които не са в кодировката на останалата част от файла "
        f"({encoding}). Запишете файла наново от Excel като „CSV UTF-8“ и го качете отново."
    )


def _cells(text: str, delimiter: str, quoted: bool) -> tuple[list[list[str]], list[int]]:
    if not quoted:
        rows = [line.split(delimiter) for line in text.splitlines()]
        return rows, list(range(1, len(rows) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, doublequote=True)
    rows, lines, before = [], [], 0
    for row in reader:
        rows.append(row)
        lines.append(before + 1)
        before = reader.line_num
    return rows, lines


def find_delimiter(text: str) -> str:
    """The delimiter under which most of the first lines have the same number of cells, more than one."""

    def agreement(delimiter: str) -> tuple[float, int]:
        rows, _ = _cells(sample, delimiter, quoted=True)
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        return (count / max(1, widths.total()) if width > 1 else 0.0, width)

    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    return max(DELIMITERS, key=agreement)


def read_text(data: bytes) -> Lines:
    """Rows of a delimited text file. Raises UnreadableFile as `decode` does."""
    text, encoding = decode(data)
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
    delimiter = told[1] if told else find_delimiter(text)
    # The national files never quote, and a stray quotation mark in a name must not swallow the lines behind it.
    quoted = '"' in text and delimiter != "|"
    rows, lines = _cells(rest if told else text, delimiter, quoted)
    return Lines(rows, [n + 1 for n in lines] if told else lines, encoding, delimiter)
