"""Any table, written in any way a program might, comes back equal or is refused with a reason: never different."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from drops import staged
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from obhvat.ingest import Source, read_files
from obhvat.privacy.names import names_in

TODAY = date(2024, 7, 10)
CAPTIONS = ("Код по НЕИСПУО", "Месец", "Паралелка", "Брой ученици", "По уважителни причини", "По неуважителни причини")
# Two header rows that say the same: the words above stand over each column under them.
TWO_ROWS = (
    ("Код по НЕИСПУО", "Месец", "Паралелка", "Брой ученици", "По", ""),
    ("", "", "", "", "уважителни причини", "неуважителни причини"),
)
CODES = ("9000101", "9000102", "1400842", "201305")
MONTHS = (
    ("10.2023", date(2023, 10, 1)),
    ("2024-02", date(2024, 2, 1)),
    ("октомври 2023 г.", date(2023, 10, 1)),
    ("01.11.2023", date(2023, 11, 1)),
)
# Letters of any alphabet that every encoding has, and what makes writing difficult.
# An apostrophe at the beginning is the mark of Excel for text, and no part of one; nine sevens look like an identifier.
TEXT = (
    st.text(st.sampled_from("абвгдежзАБВ7 8„“-'\";,|\t.№абв"), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: text and not text.startswith("'"))
)


@dataclass(frozen=True)
class Writing:
    """How a program writes a table."""

    encoding: str
    delimiter: str
    quoting: Literal[0, 1]
    point: str
    thousands: str
    line_end: str
    titles: int
    two_header_rows: bool
    numbering: bool
    inner_total: bool
    last_total: bool
    footnote: bool
    gap: bool
    end: bytes


WRITINGS = st.builds(
    Writing,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "windows-1251", "utf-16", "two marks"]),
    delimiter=st.sampled_from([";", ",", "\t", "|", "||", "~|~"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    point=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", " ", "\xa0"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    titles=st.integers(0, 2),
    two_header_rows=st.booleans(),
    numbering=st.booleans(),
    inner_total=st.booleans(),
    last_total=st.booleans(),
    footnote=st.booleans(),
    gap=st.booleans(),
    end=st.sampled_from([b"", b"\x1a"]),
)


@st.composite
def rows(draw: st.DrawFn) -> list[tuple]:
    n = draw(st.integers(2, 7))
    names = draw(st.lists(TEXT, min_size=n, max_size=n, unique_by=str.casefold))
    return [
        (
            draw(st.sampled_from(CODES)),
            draw(st.sampled_from(MONTHS)),
            name,
            60,
            draw(st.integers(0, 3000)) / 2,
            draw(st.integers(0, 200)) / 2,
        )
        for name in names
    ]


def number(value: float, how: Writing) -> str:
    whole, _, part = f"{value:g}".partition(".")
    if how.thousands and len(whole) > 3:
        whole = f"{whole[:-3]}{how.thousands}{whole[-3:]}"
    return f"{whole}{how.point}{part}" if part else whole


def written(table: Sequence[tuple], how: Writing) -> bytes:
    """The bytes of the table."""
    width = len(CAPTIONS)
    lines: list[Sequence[str]] = [(f"Справка № {n + 1}", *[""] * (width - 1)) for n in range(how.titles)]
    lines += TWO_ROWS if how.two_header_rows else (CAPTIONS,)
    if how.numbering:
        lines.append([str(n) for n in range(1, width + 1)])
    for n, (code, (month, _), name, pupils, excused, unexcused) in enumerate(table):
        lines.append((code, month, name, str(pupils), number(excused, how), number(unexcused, how)))
        if how.inner_total and n == 0:
            lines.append(("Общо за 7 клас", "", "", "1", "2", "3"))
        if how.gap and n == 0:
            lines.append([""] * width)
    if how.last_total:
        lines.append(("Всичко", "", "", "100", "200", "300"))
    if how.footnote:
        lines += [[""] * width, ("* по данни на училищата", *[""] * (width - 1))]
    if len(how.delimiter) > 1 or how.delimiter == "|":
        # Nothing that uses such delimiters quotes; a quotation mark in such a file is reading/test_quoting.py's.
        text = how.line_end.join(how.delimiter.join(line) for line in lines)
    else:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=how.delimiter, quoting=how.quoting, lineterminator=how.line_end).writerows(lines)
        text = out.getvalue()
    if how.encoding == "two marks":
        data = ("\ufeff" * 2 + text).encode("utf-8")
    else:
        data = text.encode(how.encoding, "replace")
    return data if how.encoding == "utf-16" else data + how.end


@st.composite
def files(draw: st.DrawFn) -> tuple[list[tuple], Writing]:
    """A table, and how it is written."""
    table, how = draw(rows()), draw(WRITINGS)
    if how.delimiter in ("|", "||", "~|~"):
        table = [
            (c, m, "".join(ch for ch in name if ch not in '|~\t"').strip(" '") or "а", *rest)
            for c, m, name, *rest in table
        ]
        assume(len({" ".join(row[2].split()).casefold() for row in table}) == len(table))
    # „АдА“ is a name of a person, and no class is called so: privacy/test_names.py has what becomes of it.
    assume(not any(names_in(row[2]) for row in table))
    return table, how


# An upload costs as much as some hundred rows, so several files share one.
@settings(max_examples=60, deadline=None)
@given(st.lists(files(), min_size=1, max_size=9))
def test_a_table_comes_back_as_it_was_written(tables):
    sources = [Source(f"класове {n}.csv", written(table, how)) for n, (table, how) in enumerate(tables)]
    columns = "file_no, school, month, class_name, pupils, excused::double, unexcused::double"
    upload = read_files(sources, None, today=TODAY)
    try:
        accepted = staged(upload, "class_absences", columns)
        assert accepted == [
            (file_no, code, day, name, *rest)
            for file_no, (table, _) in enumerate(tables)
            for code, (_, day), name, *rest in table
        ]
    finally:
        upload.close()
