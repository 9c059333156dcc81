"""Text: encodings, delimiters, quotation and the line each row stands on."""

from __future__ import annotations

from collections import Counter

import pytest

from obhvat.ingest.reading.encodings import decode
from obhvat.ingest.reading.form import find_form, plain_text
from obhvat.ingest.reading.grid import Grid
from obhvat.ingest.reading.text import read_text

WORD = "Училище „Васил Левски“"


def rows(grid: Grid) -> list[tuple[int, list[str]]]:
    return [(grid.lines[n], grid.row(n)) for n in range(len(grid)) if not grid.is_blank(n)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORD.encode("utf-8"), "utf-8"),
        (WORD.encode("utf-8-sig"), "utf-8"),
        (b"\xef\xbb\xbf" + WORD.encode("utf-8-sig"), "utf-8"),
        (WORD.encode("windows-1251"), "windows-1251"),
        (b"\xff\xfe" + WORD.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + WORD.encode("utf-16-be"), "utf-16-be"),
        (WORD.encode("utf-8") + b"\r\n\x1a", "utf-8"),
        (WORD.encode("windows-1251") + b"\x00\x00", "windows-1251"),
    ],
)
def test_the_encoding_is_found(data, encoding):
    assert decode(data) == (WORD, encoding)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b;c\n1;2;3\n", ";"),
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\n1\t2\n", "\t"),
        ("1|2|3|4\n5|6|7|8\n", "|"),
        ("име;сума\nа;1,5\nб;2,5\n", ";"),
        ("Списък на училищата, детските градини и центровете\nкод;име\n1;а\n2;б\n", ";"),
        ('a,b\n"x;y",2\n"z;w",3\n', ","),
        ("само една колона\n", ";"),
        ("a||b||c\n1||||3\n4||5||6\n", "||"),
        ("a~|~b~|~c\n1~|~~|~3\n4~|~5~|~6\n", "~|~"),
        ("a;b;c\n1%;2%;3%\n4%;5%;6%\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_makes_rows_equal(text, delimiter):
    assert find_form(text).delimiter == delimiter


def test_a_delimiter_of_several_signs_splits_rows():
    grid = read_text(b'a||b\n1||"2||3"\n||4\n5||6\n')
    assert rows(grid) == [(1, ["a", "b"]), (2, ["1", "2||3"]), (3, ["", "4"]), (4, ["5", "6"])]
    assert grid.delimiter == "||"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(end):
    assert rows(read_text(f"a;b{end}{end}1;2{end}".encode())) == [(1, ["a", "b"]), (3, ["1", "2"])]


def test_a_quoted_cell_may_hold_delimiters_lines_and_quotation_marks():
    grid = read_text('a;b\n"едно;две\nтри ""четири""";x\n5;6\n'.encode())
    assert rows(grid) == [(1, ["a", "b"]), (2, ['едно;две\nтри "четири"', "x"]), (4, ["5", "6"])]


@pytest.mark.parametrize("first", ["sep=,", '"sep=,"', "SEP=, "])
def test_excel_may_tell_the_delimiter_on_the_first_line(first):
    assert rows(read_text(f"{first}\na;x,b\n1;y,2\n".encode())) == [(2, ["a;x", "b"]), (3, ["1;y", "2"])]


def test_quotation_marks_of_a_national_file_are_letters():
    assert rows(read_text('1|"а|2\n3|б"|4\n'.encode())) == [(1, ["1", '"а', "2"]), (2, ["3", 'б"', "4"])]


@pytest.mark.parametrize("blank", ["\xa0", "\u202f", "\u2009", "\u2007"])
def test_odd_blanks_become_plain(blank):
    assert plain_text(f"1{blank}234", Counter()) == "1 234"


def test_a_stray_byte_order_mark_disappears():
    assert rows(read_text("a;\ufeffb\n".encode())) == [(1, ["a", "b"])]
