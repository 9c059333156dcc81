"""A file longer than one block is read in parts: the same rows, lines and faults as if it were read at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drops import ABSENCES_HEAD, TODAY, absence, staged
from hypothesis import given, settings
from hypothesis import strategies as st

from obhvat.ingest import Source, read_files
from obhvat.ingest.reading import parquet, text

CAPTIONS = ("Код по НЕИСПУО", "Месец", "Паралелка", "Брой ученици", "По уважителни причини", "По неуважителни причини")
NAMES = st.text(st.sampled_from("абв7 \"'„;,\n"), min_size=1, max_size=6).map(str.strip).filter(bool)
KINDS = ("row", "row", "row", "blank", "empty", "total", "repeated", "bad", "short")
LONG = 120_000


@contextmanager
def blocks_of(size: int) -> Generator[None]:
    before = text._BLOCK
    text._BLOCK = size
    try:
        yield
    finally:
        text._BLOCK = before


def lines_of(kinds: list[str], names: list[str]) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [CAPTIONS]
    for n, kind in enumerate(kinds):
        name = f"{names[n % len(names)]} {n}"
        lines.append(
            {
                "row": ("9000101", "10.2023", name, "60", f"{n % 9},5", "3"),
                "blank": ("", "", "", "", "", ""),
                "empty": (),
                "total": ("Общо", "", "", "60", "5", "3"),
                "repeated": CAPTIONS,
                "bad": ("9000101", "10.2023", name, "60", "пет", "3"),
                "short": ("9000101", "10.2023", name),
            }[kind]
        )
    return lines


def as_read(*sources: Source) -> list[tuple[Any, ...]]:
    """Of each file: why it is refused, how many rows were read, the accepted ones, the faults, and what is no data."""
    columns = "line, school, month, class_name, pupils, excused, unexcused"
    upload = read_files(sources, None, today=TODAY)
    try:
        accepted = staged(upload, "class_absences", f"file_no, {columns}")
        return [
            (report.refused, 0, [], [], report.left_out)
            if report.refused
            else (
                report.refused,
                report.rows_read,
                [row[1:] for row in accepted if row[0] == report.file_no],
                sorted(upload.rejected(report.file_no)[["line", "column", "rule"]].itertuples(index=False, name=None)),
                report.left_out,
            )
            for report in upload.files
        ]
    finally:
        upload.close()


class LongFile(NamedTuple):
    kinds: list[str]
    names: list[str]
    delimiter: str
    encoding: str
    end: str

    def source(self) -> Source:
        # Where rows lack cells, a cell on two lines and an unclosed mark look alike, and are handed back either way.
        names = [name.replace("\n", " ") for name in self.names] if "short" in self.kinds else self.names
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.end)
        writer.writerows(lines_of(["row", *self.kinds], names))
        return Source("класове.csv", out.getvalue().encode(self.encoding))


LONG_FILES = st.builds(
    LongFile,
    kinds=st.lists(st.sampled_from(KINDS), min_size=60, max_size=200),
    names=st.lists(NAMES, min_size=1, max_size=4),
    delimiter=st.sampled_from([";", ",", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "windows-1251", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)


# An upload costs as much as some hundred rows, so several files share one.
@settings(max_examples=40, deadline=None)
@given(st.lists(LONG_FILES, min_size=3, max_size=3), st.integers(2500, 6000))
def test_blocks_make_no_difference(files, size):
    sources = [file.source() for file in files]
    at_once = as_read(*sources)
    with blocks_of(size):
        assert as_read(*sources) == at_once


def national(n: int, *, middle: str = "", encoding: str = "windows-1251") -> Source:
    rows = [f"9000101|2023|10||{1_000_000_000 + i}|Име|Презиме|Фамилия|07|1||7а|||0,00|{i % 20}" for i in range(n)]
    if middle:
        rows[n // 2] = middle
    return Source("9000101_2023_10_File.txt", "\r\n".join(rows).encode(encoding))


def test_a_damaged_line_deep_in_a_long_file_is_named(read):
    [report] = (upload := read(national(LONG, middle="9000101|2023|10|счупен"))).files
    assert (report.rows_good, report.rows_rejected) == (LONG - 1, 1)
    assert upload.rejected(0)["line"].tolist() == [LONG // 2 + 1]


def test_a_pupil_twice_in_a_long_file_is_found_across_its_blocks(read):
    first = "9000101|2023|10||1000000000|Име|Презиме|Фамилия|07|1||7а|||0,00|3"
    upload = read(national(LONG, middle=first))
    assert upload.rejected(0)[["line", "value", "rule"]].values.tolist() == [[LONG // 2 + 1, "ред 1", "key"]]


def test_a_row_of_another_school_in_a_long_file_goes_back_alone(read):
    other = "9000102|2023|10||7501010010|Име|Презиме|Фамилия|07|1||7а|||0,00|3"
    upload = read(national(LONG, middle=other))
    assert upload.rejected(0)["rule"].tolist() == ["one_school"]
    assert upload.files[0].rows_good == LONG - 1


def test_a_child_without_an_identifier_in_a_long_file_has_a_pseudonym(read):
    nameless = "9000101|2023|10|-1||Име|Презиме|Фамилия|07|1||7а|||0,00|3"
    assert read(national(LONG, middle=nameless)).files[0].rows_good == LONG


def test_long_files_of_both_encodings_hold_the_same(read):
    assert [f.rows_good for f in read(national(LONG), national(LONG, encoding="utf-8")).files] == [LONG, LONG]


def test_pseudonyms_do_not_depend_on_how_long_the_file_is(read):
    row = absence("7501010010")
    many = [absence(str(2_000_000_000 + n)) for n in range(2 * LONG)]
    short = Source("къс.csv", "\n".join([ABSENCES_HEAD, row]).encode())
    long = Source("дълъг.csv", "\n".join([ABSENCES_HEAD, *many, row]).encode())
    rows = staged(read(short, long), "absences", "file_no, pupil")
    [pupil] = [pupil for no, pupil in rows if no == 0]
    assert (1, pupil) in rows


def test_another_table_deep_in_a_long_file_is_refused_with_its_line():
    rows = [";".join(("9000101", "10.2023", f"7а {n}", "60", "1", "2")) for n in range(40)]
    body = "\n".join([";".join(CAPTIONS), *rows, "", "Код по НЕИСПУО;Месец;Подадени", "9000101;10.2023;да"])
    with blocks_of(600):
        upload = read_files([Source("две.csv", body.encode())], None, today=TODAY)
    [report] = upload.files
    upload.close()
    assert report.refused
    assert report.refused.startswith("На ред 43 започва друга таблица")


def test_totals_and_remarks_at_the_end_of_a_long_file_are_no_rows():
    rows = [";".join(("9000101", "10.2023", f"7а {n}", "60", "1", "2")) for n in range(60)]
    body = "\n".join([";".join(CAPTIONS), *rows, "Общо;;;60;5;3", "", "* по данни на училищата"])
    with blocks_of(500):
        [(refused, read, _, rejected, left_out)] = as_read(Source("класове.csv", body.encode()))
    assert (refused, read, rejected) == (None, 60, [])
    assert left_out == ((62, "total"), (64, "footnote"))


def test_a_long_parquet_file_is_read_whole(monkeypatch):
    monkeypatch.setattr(parquet, "_PIECE_ROWS", 50)
    out = pa.BufferOutputStream()
    columns = [
        ["9000101"] * 170,
        ["10.2023"] * 170,
        [f"7а {n}" for n in range(170)],
        [60] * 170,
        [1.5] * 170,
        [2] * 170,
    ]
    pq.write_table(pa.table(columns, names=list(CAPTIONS)), out)
    [(refused, read, rows, rejected, _)] = as_read(Source("класове.parquet", out.getvalue().to_pybytes()))
    assert (refused, read, rejected) == (None, 170, [])
    assert [row[0] for row in rows] == list(range(2, 172))


@pytest.mark.parametrize("size", [300, 700])
def test_a_quotation_mark_never_closed_swallows_no_block(size):
    rows = [";".join(("9000101", "10.2023", f"7а {n}", "60", "1", "2")) for n in range(80)]
    rows[30] = '9000101;10.2023;"7а;60;1;2'
    with blocks_of(size):
        [(refused, read, _, rejected, _)] = as_read(
            Source("класове.csv", "\n".join([";".join(CAPTIONS), *rows]).encode())
        )
    assert (refused, read) == (None, 80)
    assert rejected == [(32, "", "quotation")]
