"""Whatever arrives, reading ends in a report, and every row of it is either good or handed back."""

from __future__ import annotations

import csv
import io

from drops import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st
from test_national_file import FIRST, SECOND

from obhvat.datasets import all_datasets
from obhvat.ingest import Source, read_files
from obhvat.ingest.upload import FileReport

CELLS = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**15), 10**15).map(str),
    st.decimals(allow_nan=True, allow_infinity=True, places=3).map(str),
    st.dates().map(lambda d: f"{d:%d.%m.%Y}"),
    st.sampled_from(["", "–", "да", "7", "10", "2023/2024", "9000101", "7501010010", "октомври 2023", "I срок", "7,5"]),
)


@st.composite
def tables(draw: st.DrawFn) -> Source:
    """A dataset's captions in any order, some of them missing, over rows of anything."""
    fields = draw(st.sampled_from(all_datasets())).fields
    wanted = [f.caption for f in fields if f.required or draw(st.booleans())]
    captions = draw(st.permutations(wanted))
    width = st.integers(max(1, len(captions) - 1), len(captions) + 1) if draw(st.booleans()) else st.just(len(captions))
    rows = draw(st.lists(width.flatmap(lambda n: st.lists(CELLS, min_size=n, max_size=n)), max_size=6))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=draw(st.sampled_from(";,\t"))).writerows([captions, *rows])
    return Source("файл.csv", out.getvalue().encode("utf-8", "replace"))


def reports_of(*sources: Source) -> list[FileReport]:
    upload = read_files(sources, None, today=TODAY)
    try:
        for report in upload.files:
            rejected = upload.rejected(report.file_no)
            assert report.rows_read == report.rows_good + report.rows_rejected
            assert rejected["line"].nunique() == report.rows_rejected == len(upload.rejected_rows(report.file_no))
            assert len(upload.preview(report.file_no, 1000)) == report.rows_good
        return upload.files
    finally:
        upload.close()


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_report(data):
    assert [f.refused is not None or f.rows_good > 0 or bool(f.doubts) for f in reports_of(Source("файл.csv", data))]


# An upload costs as much as some hundred rows, so several files share one.
@settings(max_examples=10, deadline=None)
@given(st.lists(tables(), min_size=5, max_size=5))
def test_every_row_of_any_table_is_good_or_handed_back(sources):
    assert len(reports_of(*sources)) >= len(sources)


CHANGES = st.lists(st.tuples(st.integers(0, 150), st.integers(0, 255)), min_size=1, max_size=8)


@settings(max_examples=5, deadline=None)
@given(st.lists(CHANGES, min_size=5, max_size=5))
def test_a_damaged_national_file_ends_in_a_report(damaged):
    sources = []
    for changes in damaged:
        data = bytearray("\r\n".join([FIRST, SECOND, FIRST]).encode("windows-1251"))
        for position, byte in changes:
            data[position] = byte
        sources.append(Source("9000101_2023_10_File.txt", bytes(data)))
    assert len(reports_of(*sources)) == len(sources)
