"""Encodings: of which letters the bytes of a text are, decided by what reads as Bulgarian.

Nearly any bytes are a text in any of the Cyrillic code pages, so that of the first one that decodes nothing follows. A
mark at the beginning tells, then valid UTF-8 and the zeros of UTF-16; among code pages the letters of the words do.
Libraries that guess were tried on a school's month, where a few dozen letters stand: charset-normalizer names four
pages of six wrongly, chardet knows all but МИК.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.source import Source
from obhvat.language import B_, N_, _
from obhvat.resources import read_text

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "windows-1251": N_("windows-1251 (кирилица)"),
    "utf-16": "UTF-16",
    "cp866": "DOS (cp866)",
    "mik": N_("DOS (МИК)"),
    "koi8-r": "KOI8-R",
    "iso8859-5": "ISO-8859-5",
    "mac-cyrillic": N_("Mac (кирилица)"),
}
_USUAL = ("utf-8", "windows-1251", "utf-16")
DOS_END = b"\r\n\x1a\x00"

_PAGES = ("windows-1251", "cp866", "mik", "koi8-r", "iso8859-5", "mac-cyrillic")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_AROUND, _NEAR, _NEARER = 1 << 20, 1 << 13, 1 << 10
_CYRILLIC = re.compile(rb"[\xd0\xd1][\x80-\xbf]")
_WORD = re.compile(rb"[\x80-\xff]+")
_LETTERS = re.compile(rb"[\x80-\xff]{3}")
_ASCII = bytes(range(0x80))
_MOST_WORDS = 1_000
_FEW = 10
# How much more likely another page must be than the one in which nearly all files are. In KOI8 the same bytes are
# letters, too, small ones where the other has capitals.
_MARGIN = dict.fromkeys(_PAGES, 4.0) | {"windows-1251": 0.0, "koi8-r": 8.0}
_WORST = -6.0
"""Letters that are no language in any page: then the page is not to be known by them."""
# The first bytes of the letters of UTF-16: of ASCII, of Cyrillic, of quotation marks and dashes, of „№“.
_UTF16_HIGH = frozenset(b"\x00\x04\x20\x21")

_MARKS = frozenset("„“”–№«»§°\xa0")
_LETTER, _MARK, _CAPITAL, _WRONG_CASE, _STRANGE = (math.log(p) for p in (0.02, 0.01, 0.5, 0.003, 0.0001))
_PLAIN = re.compile(rb"[\xc0-\xdf][\xe0-\xff]{2,}")
_CLASSES = B_("а б в г д е ж з ") * 200

# МИК, the page of Bulgarian DOS: the alphabet at 0x80 without a gap, from 0xC0 on frames and mathematics.
_MIK = "".join(
    (
        *map(chr, range(128)),
        *map(chr, range(0x410, 0x450)),
        "└┴┬├─┼╣║╚╔╩╦╠═╬┐░▒▓│┤№§╗╝┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0",
    )
)
_MIK_BYTES = codecs.charmap_build(_MIK)


class _MikDecoder(codecs.IncrementalDecoder):
    def decode(self, input: Any, final: bool = False) -> str:  # noqa: A002 - so it is called by others
        return codecs.charmap_decode(input, self.errors, _MIK)[0]


def _mik(name: str) -> codecs.CodecInfo | None:
    if name != "mik":
        return None
    return codecs.CodecInfo(
        name="mik",
        encode=lambda text, errors="strict": codecs.charmap_encode(text, errors, _MIK_BYTES),
        decode=lambda data, errors="strict": codecs.charmap_decode(data, errors, _MIK),
        incrementaldecoder=_MikDecoder,
    )


codecs.register(_mik)


def decode(data: bytes, told: str | None = None) -> tuple[str, str]:
    """Text and the encoding it was in: as `told`, else by its mark, else by what reads as Bulgarian.

    Raises UnreadableFile naming the first line that is not in it.
    """
    encoding = told or _of_mark(data) or _of_zeros(data)
    if encoding is None:
        try:
            # DOS programs close a text file with 0x1A; АСП exports still do.
            return data.rstrip(DOS_END).decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            encoding = _of_words(data[max(0, error.start - _AROUND) : error.start + _AROUND])
    if not encoding.startswith("utf-16"):
        data = data.rstrip(DOS_END)
    try:
        return data.decode(encoding).lstrip("\ufeff").rstrip("\r\n\x1a\x00"), encoding
    except UnicodeDecodeError as error:
        raise _undecodable(data.count(b"\n", 0, error.start) + 1, encoding) from error


def find_encoding(source: Source, told: str | None = None) -> str:
    """The encoding of a long text, as `decode` finds it, without taking the text into memory.

    Raises UnreadableFile naming the first line that is not in it.
    """
    encoding = told or _of_mark(source.head) or _of_zeros(source.head) or "utf-8"
    wrong = _first_undecodable(source, encoding)
    if wrong is not None and encoding == "utf-8" and not told and not _of_mark(source.head):
        encoding = _of_words(source.part(max(0, wrong - _AROUND), 2 * _AROUND))
        if encoding != "utf-8":
            wrong = _first_undecodable(source, encoding)
    if wrong is not None:
        raise _undecodable(_line_at(source, wrong), encoding)
    return encoding


def encoding_words(encoding: str) -> list[str]:
    """That a file is in an encoding in which hardly any is sent."""
    if not encoding or encoding.startswith(_USUAL):
        return []
    name = _(ENCODING_NAMES.get(encoding, encoding))
    return [
        _("Файлът е в кодиране {name} и е прочетен с него. Ако думите са сбъркани, изберете друго кодиране.").format(
            name=name
        )
    ]


def few_letters_words(data: bytes, encoding: str) -> tuple[str, ...]:
    """That a text has too few letters beyond ASCII to know its code page: „7б“ of DOS is „7Ў“ of Windows."""
    if encoding not in _PAGES or _LETTERS.search(data):
        return ()
    name = _(ENCODING_NAMES[encoding])
    if all(set(word.decode("windows-1251", "replace")) <= _MARKS - {"\xa0"} for word in set(_WORD.findall(data))):
        return ()
    return (
        _(
            "Буквите на кирилица са малко и кодирането не личи от тях; прието е {name}. Вижте дали паралелките "
            "са верни, иначе изберете друго кодиране."
        ).format(name=name),
    )


def _of_mark(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)


def _of_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte is one of few, and zero where a sign of ASCII stands."""
    head = data[: 2048 & ~1]
    for encoding, high, low in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        zeros = high.count(0)
        if zeros * 20 > len(high) > 3 and not low.count(0) and sum(b in _UTF16_HIGH for b in high) > 0.98 * len(high):
            return encoding
    return None


def _of_words(around: bytes) -> str:
    """The encoding of bytes that are not valid UTF-8: UTF-8 when most are and some are damaged, else the code page in
    which their words are the most Bulgarian."""
    # In a code page words almost never have the pairs of bytes that Cyrillic letters are; a damaged file is full of
    # them.
    n_letters = len(around.translate(None, _ASCII))
    may_begin = around.count(b"\xd0") + around.count(b"\xd1")
    if may_begin * 4 > n_letters and len(_CYRILLIC.findall(around)) * 4 > n_letters:
        return "utf-8"
    for near in (_NEARER, _NEAR):
        middle = around[max(0, len(around) // 2 - near) : len(around) // 2 + near]
        if len(_PLAIN.findall(middle)) > max(_FEW, 0.3 * len(_WORD.findall(middle))):
            # Words that begin with a capital are words in no other page.
            return "windows-1251"
    words = sorted(set(_WORD.findall(around)))
    words = words[:: 1 + len(words) // _MOST_WORDS]
    likely = {page: sum(_likelihood(word, page) for word in words) - _MARGIN[page] for page in _PAGES}
    best = max(likely, key=likely.__getitem__)
    return best if likely[best] > _WORST * sum(map(len, words)) else _PAGES[0]


@cache
def _pairs() -> Mapping[tuple[str, str], float]:
    """The logarithm of how often a letter follows another in Bulgarian, blanks at the ends of words: as in what we
    wrote ourselves about schools, and in names."""
    texts = (read_text("domain.md"), read_text("changelog.md"), read_text("privacy/given_names.txt"), _CLASSES)
    letters = re.sub("[^а-ъьюя]+", " ", " ".join(texts).lower())
    pairs, firsts = Counter(pairwise(letters)), Counter(letters)
    every = sorted(firsts)
    return {(a, b): math.log((pairs[a, b] + 0.5) / (firsts[a] + 0.5 * len(every))) for a in every for b in every}


@cache
def _signs(page: str) -> tuple[tuple[str, float, int], ...]:
    """Of each byte of a page the small letter it is, a blank if none; the logarithm of how often such a sign stands in
    a word; and whether it is a capital (1), small (−1) or neither."""
    signs = []
    for byte in range(256):
        sign = bytes([byte]).decode(page, "replace")
        if (sign.lower(), " ") in _pairs():
            signs.append((sign.lower(), _CAPITAL if sign.isupper() else 0.0, 1 if sign.isupper() else -1))
        else:
            signs.append((" ", _MARK if sign in _MARKS else _STRANGE, 0))
    return tuple(signs)


def _likelihood(word: bytes, page: str) -> float:
    signs, pairs = _signs(page), _pairs()
    total, before, case_before = 0.0, " ", 0
    for byte in word:
        letter, often, case = signs[byte]
        total += often
        if letter != " " or before != " ":
            total += pairs[before, letter]
        if case_before < 0 < case:
            total += _WRONG_CASE
        before, case_before = letter, case
    return total + (pairs[before, " "] if before != " " else 0)


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


def _undecodable(line: int, encoding: str) -> UnreadableFile:
    return UnreadableFile(
        _(
            "Ред {line} съдържа знаци, които не са в кодировката на останалата част от файла ({encoding}). "
            "Запишете файла наново от Excel като „CSV UTF-8“ и го качете отново."
        ).format(line=line, encoding=encoding)
    )
