"""Text: from bytes to rows of cells with the line each stands on. A long text is read in blocks."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import islice

import numpy as np

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.grid import ONE_SIGN, CellGrid, Grid, LineGrid, TextBlock
from obhvat.ingest.reading.quoting import MOST_LINES, quoted_rows
from obhvat.ingest.reading.source import Source

DELIMITERS = ("|", ";", "\t", ",")
DELIMITER_NAMES = {"|": "отвесна черта", ";": "точка и запетая", "\t": "табулация", ",": "запетая"}
_SAMPLE_LINES = 60
_SIGNS = re.compile(r"[|;,\t^~:!]+")
_FEW_RUNS = 4
_AROUND = 1 << 20
_LONGEST_LINE = 32 << 20
_BLOCK: int = 8 << 20
"""Bytes of a block: some hundred thousand rows."""
_BLOCK_LINES = 250_000
# The encodings whose texts are read as bytes, and what is written over in them as `plain_blanks` does.
_ODD_BYTES = {
    "utf-8": (
        *((blank.encode(), b" ") for blank in ("\xa0", "\u202f", "\u2009", "\u2007")),
        (b"\xef\xbb\xbf", b""),
    ),
    "windows-1251": ((b"\xa0", b" "),),
}
_RUNS_TRIED = 6
_ALIKE = 0.9
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
            raise _undecodable(_line_of(data, error.start), told) from error
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            while data.startswith(mark):
                data = data[len(mark) :]
            try:
                return data.decode(encoding).lstrip("\ufeff"), encoding
            except UnicodeDecodeError as error:
                raise _undecodable(_line_of(data, error.start), encoding) from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data[max(0, error.start - _AROUND) : error.start + _AROUND]):
            raise _undecodable(_line_of(data, error.start), "utf-8") from error
    try:
        return data.decode("windows-1251"), "windows-1251"
    except UnicodeDecodeError as error:
        raise _undecodable(_line_of(data, error.start), "windows-1251") from error


def find_encoding(source: Source, told: str | None = None) -> str:
    """The encoding of a long text, as `decode` finds it, without taking the text into memory.

    Raises UnreadableFile naming the first line that is not in it.
    """
    marked = next((encoding for mark, encoding in _BOMS if source.head.startswith(mark)), None)
    if told or marked:
        encoding = told or marked or ""
        wrong = _first_undecodable(source, encoding)
        if wrong is not None:
            raise _undecodable(_line_at(source, wrong), encoding)
        return encoding
    wrong = _first_undecodable(source, "utf-8")
    if wrong is None:
        return "utf-8"
    with source.open() as opened:
        opened.seek(max(0, wrong - _AROUND))
        if _is_damaged_utf8(opened.read(2 * _AROUND)):
            raise _undecodable(_line_at(source, wrong), "utf-8")
    return find_encoding(source, "windows-1251")


def _first_undecodable(source: Source, encoding: str) -> int | None:
    """Where the first byte stands that the encoding does not have."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    for block in source.blocks():
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            return done + len(block) - len(error.object) + error.start
        done += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return done
    return None


def _line_at(source: Source, position: int) -> int:
    lines = 1
    for block in source.blocks():
        lines += block.count(b"\n", 0, max(0, position))
        position -= len(block)
    return lines


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _is_damaged_utf8(around: bytes) -> bool:
    """Cyrillic in windows-1251 almost never forms valid UTF-8 pairs; a damaged UTF-8 file is full of them."""
    valid = sum(len(m) for m in _MULTIBYTE.findall(around))
    return valid > 0.5 * len(around.translate(None, bytes(range(0x80))))


def _undecodable(line: int, encoding: str) -> UnreadableFile:
    return UnreadableFile(
        f"Ред {line} съдържа знаци, които не са в кодировката на останалата част от файла "
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


def read_text(data: bytes | Source, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """Rows of a delimited text file; `encoding` and `delimiter` as a person says, else as found. Of a long text the
    grid is the first block, and its `further` the others.

    Raises UnreadableFile as `decode` does, and for a line longer than any table has.
    """
    source = data if isinstance(data, Source) else Source("", data)
    if source.size <= _BLOCK and source.data.count(b"\n") <= _BLOCK_LINES:
        text, encoding = decode(source.data, encoding)
        return _first_grid(plain_blanks(text).replace("\r\n", "\n").replace("\r", "\n"), encoding, delimiter)
    _check_lines(source)
    encoding = find_encoding(source, encoding)
    blocks = _blocks(source, encoding)
    grid = _first_grid(next(blocks)[0].decode(_kept(encoding)), encoding, delimiter)
    blocks.close()

    def further() -> Iterator[TextBlock]:
        for block, first_line, is_last in islice(_blocks(source, encoding), 1, None):
            yield TextBlock(block, first_line, is_last, _kept(encoding), grid.delimiter, _split)

    grid.is_last, grid.further = False, further
    return grid


def _first_grid(text: str, encoding: str, delimiter: str | None) -> Grid:
    first, _, rest = text.partition("\n")
    told = _TOLD_DELIMITER.fullmatch(first)
    delimiter = delimiter or (told[1] if told else find_delimiter(text))
    body, first_line = (rest, 2) if told else (text, 1)
    return _split(body, first_line, encoding, delimiter)


def _split(body: str, first_line: int, encoding: str, delimiter: str, width: int | None = None) -> Grid:
    """Rows of a text whose blanks and line ends are plain ones; `width` as in `quoted_rows`."""
    sign = delimiter
    if len(delimiter) > 1:
        body, sign = body.replace(delimiter, ONE_SIGN), ONE_SIGN
    # The national files never quote, and a stray quotation mark in a name must not swallow the lines behind it.
    if '"' not in body or delimiter == "|":
        text_lines = body.split("\n")
        return LineGrid(text_lines, range(first_line, first_line + len(text_lines)), encoding, delimiter, sign)
    rows, lines, damaged = quoted_rows(body, sign, width)
    if sign != delimiter:
        rows = [[cell.replace(sign, delimiter) for cell in row] for row in rows]
    return CellGrid(rows, [n + first_line - 1 for n in lines], encoding, delimiter, damaged)


def _kept(encoding: str) -> str:
    """The encoding a block's bytes are in: others than these two are written over into UTF-8."""
    return encoding if encoding in _ODD_BYTES else "utf-8"


def _blocks(source: Source, encoding: str) -> Generator[tuple[bytes, int, bool]]:
    """A long text cut at line ends, with plain blanks and line ends: block, its first line, whether it is the last."""
    line, before, end = 1, b"", b""
    chunks = _chunks(source, encoding)
    chunk = next(chunks, b"")
    while chunk:
        following = next(chunks, b"")
        if len(following) < _BLOCK // 4:
            chunk, following = chunk + following, b""
        data = before + chunk
        end = end or (b"\n" if b"\n" in data else b"\r")
        cut = _line_end(data, end) if following else len(data)
        before, chunk = data[cut:], following
        pieces = _by_lines(data[:cut] if following else data.rstrip(_DOS_END), end) if cut else []
        for n, piece in enumerate(pieces, start=1):
            block = _plain(piece, _kept(encoding))
            yield block.removesuffix(b"\n"), line, not following and n == len(pieces)
            line += block.count(b"\n")


def _by_lines(data: bytes, end: bytes) -> list[bytes]:
    """A block of very short lines in several, none with more than a block may have."""
    if data.count(end) <= _BLOCK_LINES:
        return [data]
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == end[0])
    cuts = [int(n) + 1 for n in ends[_BLOCK_LINES - 1 :: _BLOCK_LINES]]
    # The last piece is never a few lines only: remarks and sums at the end are known by what stands above them.
    starts = [0, *cuts[:-1]]
    return [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]


def _check_lines(source: Source) -> None:
    """Refuse a line that no table has: nobody could correct it, and it would not fit in memory.

    Raises UnreadableFile.
    """
    line, length = 1, 0
    for block in source.blocks():
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        length = length + len(block) if last < 0 else len(block) - last
        line += block.count(b"\n")
        if length > _LONGEST_LINE:
            raise UnreadableFile(
                f"Ред {line} е по-дълъг от {_LONGEST_LINE >> 20} MB: това не е таблица, или "
                "краищата на редовете са изгубени. Свалете файла отново."
            )


def _chunks(source: Source, encoding: str) -> Iterator[bytes]:
    """The text in pieces of about a block, in the encoding its blocks are kept in."""
    with source.open() as opened:
        decoder = None if encoding in _ODD_BYTES else codecs.getincrementaldecoder(encoding)()
        while chunk := opened.read(_BLOCK):
            yield decoder.decode(chunk).encode() if decoder else chunk


def _plain(data: bytes, encoding: str) -> bytes:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for odd, plain in _ODD_BYTES[encoding]:
        # One byte is found much sooner than several, and hardly any text has it.
        if odd[:1] in data:
            data = data.replace(odd, plain)
    return data


def _line_end(data: bytes, end: bytes) -> int:
    """Behind the last line end that is not inside a quoted cell; 0 when there is none.

    Where a mark was forgotten further up every line end looks as if it were inside: then the last one is taken.
    """
    last = cut = data.rfind(end) + 1
    open_marks = data.count(b'"', 0, cut) % 2
    for _ in range(MOST_LINES):
        if not open_marks or not cut:
            return cut or last
        above = data.rfind(end, 0, cut - 1) + 1
        open_marks = (open_marks - data.count(b'"', above, cut)) % 2
        cut = above
    return last
