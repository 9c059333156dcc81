"""Text: from bytes to rows of cells with the line each stands on."""

from __future__ import annotations

import re
from collections import Counter

from obhvat.errors import UnreadableFile
from obhvat.ingest.grid import CellGrid, Grid, LineGrid
from obhvat.ingest.quoting import quoted_rows

DELIMITERS = ("|", ";", "\t", ",")
DELIMITER_NAMES = {"|": "отвесна черта", ";": "точка и запетая", "\t": "табулация", ",": "запетая"}
_SAMPLE_LINES = 60
_SIGNS = re.compile(r"[|;,\t^~:!]+")
_FEW_RUNS = 4
_AROUND = 1 << 20
_LONGEST_LINE = 32 << 20
_RUNS_TRIED = 6
_ALIKE = 0.9
# Stands for a delimiter of several signs while rows are split: a control character made for that.
_ONE_SIGN = "\x1f"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DOS_END = b"\r\n\x1a\x00"
_TOLD_DELIMITER = re.compile(r'"?sep=([|;\t,:^~])"?\s*', re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")

# Blanks that Excel and web pages leave in cells: no-break, thin and tabulated ones, and stray byte order marks.
_BLANKS = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\ufeff": ""})
_ODD_BLANK = re.compile("[\xa0\u202f\u2009\u2007\ufeff]")


def plain_blanks(text: str) -> str:
    """`text` with every odd blank made a plain one."""
    return text.translate(_BLANKS) if _ODD_BLANK.search(text) else text


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def decode(data: bytes, told: str | None = None) -> tuple[str, str]:
    """Text and the encoding it was in: as `told`, else by its mark, else UTF-8 when valid, else windows-1251.

    Raises UnreadableFile naming the first line that is in neither.
    """
    # DOS programs close a text file with 0x1A; АСП exports still do.
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.rstrip(_DOS_END)
    if told:
        try:
            return data.decode(told).lstrip("\ufeff"), told
        except UnicodeDecodeError as error:
            raise _undecodable(data, error, told) from error
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
        around = data[max(0, error.start - _AROUND) : error.start + _AROUND]
        valid = sum(len(m) for m in _MULTIBYTE.findall(around))
        high = len(around.translate(None, bytes(range(0x80))))
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


def find_delimiter(text: str) -> str:
    """The delimiter under which most of the first lines have the same number of cells, more than one."""

    def agreement(delimiter: str) -> tuple[float, int]:
        rows, _, _ = quoted_rows(sample, delimiter)
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        return (count / max(1, widths.total()) if width > 1 else 0.0, width)

    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    present = [d for d in DELIMITERS if d in sample]
    return _widened(sample, max(present, key=agreement) if len(present) > 1 else (present or [";"])[0])


def _widened(sample: str, delimiter: str) -> str:
    """The delimiter with the signs that stand beside it everywhere: „||“, „~|~“."""
    lines = [line for line in sample.split("\n") if delimiter in line]
    runs = Counter(run for run in _SIGNS.findall(sample) if delimiter in run and len(run) > 1)
    for run in sorted((run for run, n in runs.most_common(_RUNS_TRIED) if n >= _FEW_RUNS), key=len):
        alike = sum(line.count(delimiter) == run.count(delimiter) * line.count(run) for line in lines)
        if alike >= _ALIKE * len(lines):
            return run
    return delimiter


def _check_lines(data: bytes) -> None:
    """Refuse a line that no table has: nobody could correct it, and it would not fit in memory.

    Raises UnreadableFile.
    """
    for start in range(0, len(data) - _LONGEST_LINE, _LONGEST_LINE):
        end = start + _LONGEST_LINE
        if data.find(b"\n", start, end) < 0 and data.find(b"\r", start, end) < 0:
            raise UnreadableFile(
                f"Ред {_line_of(data, start)} е по-дълъг от {_LONGEST_LINE >> 20} MB: това не е таблица, или краищата "
                "на редовете са изгубени. Свалете файла отново."
            )


def read_text(data: bytes, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """Rows of a delimited text file; `encoding` and `delimiter` as a person says, else as found.

    Raises UnreadableFile as `decode` does, and for a line longer than any table has.
    """
    _check_lines(data)
    text, encoding = decode(data, encoding)
    text = plain_blanks(text).replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    told = _TOLD_DELIMITER.fullmatch(first)
    delimiter = delimiter or (told[1] if told else find_delimiter(text))
    body, first_line = (rest, 2) if told else (text, 1)
    sign = delimiter
    if len(delimiter) > 1:
        body, sign = body.replace(delimiter, _ONE_SIGN), _ONE_SIGN
    # The national files never quote, and a stray quotation mark in a name must not swallow the lines behind it.
    if '"' not in body or delimiter == "|":
        text_lines = body.split("\n")
        return LineGrid(text_lines, range(first_line, first_line + len(text_lines)), encoding, delimiter, sign)
    rows, lines, damaged = quoted_rows(body, sign)
    if sign != delimiter:
        rows = [[cell.replace(sign, delimiter) for cell in row] for row in rows]
    return CellGrid(rows, [n + first_line - 1 for n in lines], encoding, delimiter, damaged)
