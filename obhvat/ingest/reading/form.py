"""The form of a delimited text: what stands between its cells, what they are quoted with, and whether whole lines are.

Found by what makes most of the first lines rows of one width. What programs leave in a text that nobody sees goes here,
too: it would stand in a caption or a key and make two of one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from obhvat.ingest.reading.quoting import quoted_rows
from obhvat.language import B_, N_, _
from obhvat.texts import UNSEEN, counted, number

DELIMITERS = ("|", ";", "\t", ",")
DELIMITER_NAMES = {"|": N_("отвесна черта"), ";": N_("точка и запетая"), "\t": N_("табулация"), ",": N_("запетая")}
APOSTROPHE = "'"
_SAMPLE_LINES = 60
_LINES_SOUGHT = 400
_SIGN = "|;,\t^~:!"
_BLANK_LINE = f'{_SIGN} "\r'
_RUNS = re.compile(f"[{_SIGN}]{{2,}}")
_ALONE = {d: re.compile(f"(?<![{_SIGN}]){re.escape(d)}(?![{_SIGN}])") for d in DELIMITERS}
_FEW_RUNS = 4
_RUNS_TRIED = 6
_ALIKE = 0.9
_IN_APOSTROPHES = re.compile(r"(?:^|[|;\t,]) ?'[^'\n]*'(?=[|;\t,]|$)", re.MULTILINE)
_WRAPPED = re.compile(r'^"((?:[^"\n]|"")*)"[ \t]*$', re.MULTILINE)


def _of_class(signs: str) -> list[str]:
    """The characters of a class of a pattern."""
    return re.findall(f"[{signs}]", "".join(map(chr, range(0x10000))))


# Blanks that Excel and web pages leave in cells, and a hyphen of Word: all print like plain ones. Macs write „й“ as two
# characters.
_BLANK = "\xa0\u2000-\u200a\u202f\u205f\u3000"
ODD_SIGN = f"[{_BLANK}{UNSEEN}\u2010\u2011\u0306\u0300]"
"""A pattern of one."""
_ODD = re.compile(ODD_SIGN)
_ODD_BLANK, _UNSEEN, _HYPHEN = re.compile(f"[{_BLANK}]"), re.compile(f"[{UNSEEN}]"), re.compile("[\u2010\u2011]")
_COMPOSED = {B_("и\u0306"): B_("й"), B_("И\u0306"): B_("Й"), B_("и\u0300"): "ѝ", B_("И\u0300"): "Ѝ"}
_PLAIN = {**dict.fromkeys(_of_class(_BLANK), " "), **dict.fromkeys(_of_class(UNSEEN), ""), **_COMPOSED}
_PLAIN |= dict.fromkeys("\u2010\u2011", "-")
# The encodings whose long texts are read as bytes, and what is written over in them.
_PLAIN_BYTES = {
    "utf-8": [(odd.encode(), plain.encode()) for odd, plain in _PLAIN.items()],
    "windows-1251": [(b"\xa0", b" "), (b"\xad", b"")],
}


def _telling(odd: bytes) -> bytes:
    """The byte by which it is seen sooner that a text has none: of letters in two parts what the second begins with, of
    others what they begin with. Hardly any text has it."""
    return b"\xcc" if b"\xcc" in odd else odd[:1]


_TELLING = {encoding: {_telling(odd) for odd, _unused in pairs} for encoding, pairs in _PLAIN_BYTES.items()}

INVISIBLE, APOSTROPHES, WRAPPED_LINES = "invisible", "apostrophes", "wrapped_lines"
"""What is done to the cells of a file, by kind."""


@dataclass(frozen=True)
class Form:
    """How a text is written."""

    delimiter: str
    quote: str = '"'
    is_wrapped: bool = False
    """Whether its lines stand in quotation marks as a whole."""

    def unwrapped(self, text: str, done: Counter[str]) -> str:
        """`text`, whose line ends are plain, without the quotation marks around whole lines."""
        if not self.is_wrapped:
            return text
        text, n = _WRAPPED.subn(lambda line: line[1].replace('""', '"'), text)
        done[WRAPPED_LINES] += n
        return text

    def unmarked(self, text: str, done: Counter[str]) -> str:
        """A text without quotation, and without the apostrophe by which Excel tells text from numbers: it stands before
        a cell and is no part of it."""
        if APOSTROPHE not in text:
            return text
        text, n = _apostrophes(self.delimiter).subn("", text)
        done[APOSTROPHES] += n
        return text

    def is_quoted(self, data: bytes) -> bool:
        """Whether quotation marks are no letters there: the national files never quote, and a stray mark in a name must
        not swallow the lines behind it."""
        return self.delimiter != "|" and self.quote.encode() in data

    def has_marked_cells(self, data: bytes) -> bool:
        """Whether a cell of quoted bytes may begin with an apostrophe."""
        return APOSTROPHE.encode() in data and _AT_BEGIN.search(data) is not None


_AT_BEGIN = re.compile(rb"(?<=[\n\"|;,\t^~:!])'")


@cache
def _apostrophes(delimiter: str) -> re.Pattern[str]:
    """An apostrophe at the beginning of a cell that has no other, before a letter, a digit or a sign of a number."""
    d = re.escape(delimiter)
    # The apostrophe first: the pattern is then looked for only where one stands.
    return re.compile(f"'(?<=(?:\\A|(?<=\\n)|(?<={d}))')(?![\\s;,\"]|{d}|\\Z)(?=[^'{d}\\n]*(?:{d}|\\n|\\Z))")


def plain_text(text: str, done: Counter[str]) -> str:
    """`text` with plain blanks and hyphens, and without signs that nobody sees; those are counted."""
    if text.isascii() or not _ODD.search(text):
        return text
    for two, one in _COMPOSED.items():
        text = text.replace(two, one)
    text, n = _UNSEEN.subn("", text)
    done[INVISIBLE] += n
    return _HYPHEN.sub("-", _ODD_BLANK.sub(" ", text))


def plain_cell(text: str, done: Counter[str]) -> str:
    """What `plain_text` and `unmarked_cell` do."""
    return unmarked_cell(plain_text(text, done), done)


def unmarked_cell(text: str, done: Counter[str]) -> str:
    """A cell without Excel's apostrophe."""
    if text.startswith(APOSTROPHE) and text.count(APOSTROPHE) == 1 and text[1:2] not in ("", *' ;,"'):
        done[APOSTROPHES] += 1
        return text[1:]
    return text


def kept(encoding: str) -> str:
    """The encoding in which a long text is read: others than the usual are written over into UTF-8."""
    return encoding if encoding in _PLAIN_BYTES else "utf-8"


def may_have_odd(data: bytes, encoding: str) -> bool:
    """Whether `plain_text` may have to do anything in a text of these bytes."""
    return encoding not in _TELLING or any(byte in data for byte in _TELLING[encoding])


def plain_bytes(data: bytes, encoding: str, done: Counter[str]) -> bytes:
    """What `plain_text` does, to bytes in a `kept` encoding."""
    told = {byte for byte in _TELLING[encoding] if byte in data}
    for odd, plain in _PLAIN_BYTES[encoding]:
        if _telling(odd) in told and (n := data.count(odd)):
            data = data.replace(odd, plain)
            done[INVISIBLE] += n * (not plain)
    return data


def done_words(done: Counter[str]) -> list[str]:
    """What was done to the cells of a file, a sentence a kind."""
    sentences = {
        INVISIBLE: _("Премахнати са невидими знаци (меки тирета, знаци без ширина): {done}.").format(
            done=number(done[INVISIBLE])
        ),
        APOSTROPHES: _("Премахнат е апострофът, с който Excel бележи текст, в началото на {done}.").format(
            done=counted(done[APOSTROPHES], "клетка")
        ),
        WRAPPED_LINES: _("Премахнати са кавичките около {done}.").format(done=counted(done[WRAPPED_LINES], "цял ред")),
    }
    return [sentence for kind, sentence in sentences.items() if done[kind]]


def find_form(text: str) -> Form:
    """The form under which most of the first lines have the same number of cells, more than one."""
    lines = list(islice((line for line in text.split("\n", _LINES_SOUGHT) if line.strip(_BLANK_LINE)), _SAMPLE_LINES))
    sample = "\n".join(lines)
    present = [d for d in DELIMITERS if d in sample] or [";"]
    if len(present) == 1 and '"' not in sample and APOSTROPHE not in sample:
        return Form(_widened(sample, present[0]))
    found, best = _most_equal(sample, '"')
    if any(map(_WRAPPED.fullmatch, lines)):
        inside = Form("", is_wrapped=True).unwrapped(sample, Counter())
        of_inside, share = _most_equal(inside, '"')
        if share > best:
            return Form(_widened(inside, of_inside), is_wrapped=True)
    n_apart = len(_IN_APOSTROPHES.findall(sample))
    if n_apart:
        by_apostrophes, share = _most_equal(sample, APOSTROPHE)
        if share > best or (share == best and n_apart * 2 >= len(lines)):
            return Form(_widened(sample, by_apostrophes), APOSTROPHE)
    return Form(_widened(sample, found))


def _most_equal(sample: str, quote: str) -> tuple[str, tuple[float, int]]:
    """The delimiter under which the lines are the most equal; the share of the lines that are, and their width."""

    def agreement(delimiter: str) -> tuple[float, int]:
        rows, _unused, _unused = quoted_rows(sample, delimiter, quote=quote)
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        return (count / max(1, widths.total()) if width > 1 else 0.0, width)

    present = [d for d in DELIMITERS if d in sample] or [";"]
    return max(((d, agreement(d)) for d in present), key=lambda found: found[1])


def _widened(sample: str, delimiter: str) -> str:
    """The delimiter with the signs that stand beside it everywhere: „||“, „~|~“."""
    lines = [line for line in sample.split("\n") if delimiter in line]
    # Where it stands alone, it stands in no run.
    if len(lines) - sum(map(bool, map(_ALONE[delimiter].search, lines))) < _ALIKE * len(lines):
        return delimiter
    runs = Counter(run for run in _RUNS.findall(sample) if delimiter in run)
    for run in sorted((run for run, n in runs.most_common(_RUNS_TRIED) if n >= _FEW_RUNS), key=len):
        if _stands_everywhere(run, delimiter, lines):
            return run
    return delimiter


def _stands_everywhere(run: str, delimiter: str, lines: Sequence[str]) -> bool:
    """Whether in nearly all lines the delimiter stands in such runs only. The first lines mostly say no."""
    in_run, least, alike = run.count(delimiter), _ALIKE * len(lines), len(lines)
    for line in lines:
        alike -= line.count(delimiter) != in_run * line.count(run)
        if alike < least:
            return False
    return True
