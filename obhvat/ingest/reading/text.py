"""Text: from bytes to rows of cells with the line each stands on. A long text is read in blocks."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.encodings import DOS_END, decode, few_letters_words, find_encoding
from obhvat.ingest.reading.form import (
    APOSTROPHE,
    Form,
    find_form,
    kept,
    may_have_odd,
    plain_bytes,
    plain_text,
    unmarked_cell,
)
from obhvat.ingest.reading.grid import ONE_SIGN, CellGrid, Grid, LineGrid, TextBlock
from obhvat.ingest.reading.quoting import MOST_LINES, quoted_rows
from obhvat.ingest.reading.source import Source
from obhvat.language import _

_LONGEST_LINE = 32 << 20
_BLOCK: int = 8 << 20
"""Bytes of a block: some hundred thousand rows."""
_FIRST_BLOCK = 1 << 20
"""Of the block that tells what the file is: its rows are taken apart one by one, while nothing else can be done."""
_BLOCK_LINES = 250_000
_TOLD_DELIMITER = re.compile(r'"?sep=([|;\t,:^~])"?\s*', re.IGNORECASE)


def read_text(data: bytes | Source, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """Rows of a delimited text file; `encoding` and `delimiter` as a person says, else as found. Of a long text the
    grid is the first block, and its `further` the others.

    Raises UnreadableFile as `decode` does, and for a line longer than any table has.
    """
    source = data if isinstance(data, Source) else Source("", data)
    whole = source.data if source.size <= _BLOCK else None
    if whole is not None and whole.count(b"\n") <= _BLOCK_LINES:
        is_told = encoding is not None
        text, encoding = decode(whole, encoding)
        done: Counter[str] = Counter()
        if may_have_odd(whole, encoding):
            text = plain_text(text, done)
        grid, _unused = _first_grid(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, delimiter, done)
        grid.notes = () if is_told else few_letters_words(whole, encoding)
        return grid
    _check_lines(source)
    encoding = find_encoding(source, encoding)
    done = Counter()
    blocks = _blocks(source, encoding, done)
    first = next(blocks)[0].decode(kept(encoding))
    blocks.close()
    grid, form = _first_grid(first, encoding, delimiter, done)

    def further() -> Iterator[TextBlock]:
        done: Counter[str] = Counter()
        for n, (block, first_line, is_last) in enumerate(_blocks(source, encoding, done)):
            if form.is_wrapped:
                block = form.unwrapped(block.decode(kept(encoding)), done).encode(kept(encoding))
            if b"'" in block and not form.is_quoted(block):
                # All that is looked for is ASCII.
                block = form.unmarked(block.decode("latin-1"), done).encode("latin-1")
            if n:
                yield TextBlock(block, first_line, is_last, kept(encoding), form, partial(_split, done=done))
            elif form.is_quoted(block):
                _split(block.decode(kept(encoding)), first_line, encoding, form, done=done)
        grid.done = done

    grid.is_last, grid.further = False, further
    return grid


def _first_grid(text: str, encoding: str, delimiter: str | None, done: Counter[str]) -> tuple[Grid, Form]:
    first, _unused, rest = text.partition("\n")
    told = _TOLD_DELIMITER.fullmatch(first)
    body, first_line = (rest, 2) if told else (text, 1)
    delimiter = delimiter or (told[1] if told else None)
    form = find_form(body)
    if delimiter:
        form = replace(form, delimiter=delimiter)
    grid = _split(form.unwrapped(body, done), first_line, encoding, form, done=done)
    grid.done = done
    return grid, form


def _split(
    body: str, first_line: int, encoding: str, form: Form, width: int | None = None, *, done: Counter[str]
) -> Grid:
    """Rows of a plain text; `width` as in `quoted_rows`, and `done` counts what was done to cells."""
    delimiter = sign = form.delimiter
    if len(delimiter) > 1:
        body, sign = body.replace(delimiter, ONE_SIGN), ONE_SIGN
    if form.quote not in body or delimiter == "|":
        text_lines = replace(form, delimiter=sign).unmarked(body, done).split("\n")
        return LineGrid(text_lines, range(first_line, first_line + len(text_lines)), encoding, delimiter, sign)
    rows, lines, damaged = quoted_rows(body, sign, width, form.quote)
    if form.quote != APOSTROPHE and APOSTROPHE in body:
        rows = [[unmarked_cell(cell, done) for cell in row] for row in rows]
    if sign != delimiter:
        rows = [[cell.replace(sign, delimiter) for cell in row] for row in rows]
    return CellGrid(rows, [n + first_line - 1 for n in lines], encoding, delimiter, damaged)


def _blocks(source: Source, encoding: str, done: Counter[str]) -> Generator[tuple[bytes, int, bool]]:
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
        pieces = _by_lines(data[:cut] if following else data.rstrip(DOS_END), end) if cut else []
        for n, piece in enumerate(pieces, start=1):
            block = plain_bytes(piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), kept(encoding), done)
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
                _(
                    "Ред {line} е по-дълъг от {most} MB: това не е таблица, или краищата на редовете са "
                    "изгубени. Изтеглете файла отново."
                ).format(line=line, most=_LONGEST_LINE >> 20)
            )


def _chunks(source: Source, encoding: str) -> Iterator[bytes]:
    """The text in pieces of about a block, in the encoding its blocks are kept in."""
    with source.open() as opened:
        decoder = None if kept(encoding) == encoding else codecs.getincrementaldecoder(encoding)()
        size = min(_FIRST_BLOCK, _BLOCK)
        while chunk := opened.read(size):
            size = _BLOCK
            yield decoder.decode(chunk).encode() if decoder else chunk


def _line_end(data: bytes, end: bytes) -> int:
    """Behind the last line end that is not inside a quoted cell; 0 when there is none.

    Where a mark was forgotten further up every line end looks as if it were inside: then the last one is taken.
    """
    last = cut = data.rfind(end) + 1
    open_marks = data.count(b'"', 0, cut) % 2
    for _unused in range(MOST_LINES):
        if not open_marks or not cut:
            return cut or last
        above = data.rfind(end, 0, cut - 1) + 1
        open_marks = (open_marks - data.count(b'"', above, cut)) % 2
        cut = above
    return last
