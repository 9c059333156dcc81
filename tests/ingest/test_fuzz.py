"""Real files, damaged as transfers and people damage them: no traceback, and every row is accounted for."""

from __future__ import annotations

import random

import pytest
from places import SHARED, needs_shared

from obhvat.demo.writers import DemoFile
from obhvat.errors import UnreadableFile
from obhvat.ingest import Source, read_files
from obhvat.ingest.reading.text import read_text

REAL = (
    *("real/mon-results/dzi-2020.csv", "real/mon-results/dzi-2023.csv", "real/mon-results/nvo-4-2019.csv"),
    *("real/mon-results/nvo-7-2018.csv", "real/mon-results/nvo-7-2022.csv", "real/pernik/institutions.csv"),
    *("samples/neispuo/1400842_2025_10_File.txt", "samples/neispuo/asp_export_1400842_2025_10.txt"),
)
PER_DROP = 30
DROPS = 8
LINES = 40
PIECES = (b'"', b"'", b";", b",", b"|", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe",
          b"\xa0", "–Общо".encode(), b"1400842", b"-1", b"9" * 30, b"\n\n\n", b";;;;;;", b"=1+1")  # fmt: skip


def harmed(data: bytes, chance: random.Random) -> bytes:
    """One random harm: bytes changed, taken, put in, doubled, cut off, or turned round."""
    at, other = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    near = min(len(data), at + chance.randint(1, 30))
    harms = (
        data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        data[:at] + data[near:],
        data[:at] + chance.choice(PIECES) + data[at:],
        data[:at] + data[at:near] * 2 + data[near:],
        data[: other or len(data)],
        data[at:] if len(data) - at > 20 else data,
        data[:at] + data[at:other][::-1] + data[other:],
    )
    return chance.choice(harms) or b"\n"


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 5)):
        data = harmed(data, chance)
    return data


def is_text(source: Source) -> bool:
    try:
        return source.kind == "text"
    except UnreadableFile:
        return False


def account(sources: list[Source]) -> None:
    """Read files; every row of each is loaded, handed back, or named as no data, unless the table is refused."""
    upload = read_files(sources, None)
    try:
        for f in upload.files:
            assert f.rows_read == f.rows_good + f.rows_rejected or f.refused
            if f.rows_rejected:
                assert upload.rejected(f.file_no)["line"].nunique() == f.rows_rejected
        for source in sources:
            tables = [f for f in upload.files if f.name == source.safe_name]
            assert tables
            if is_text(source) and all(f.dataset and f.rows_read for f in tables):
                grid = read_text(source.data)
                rows = {grid.lines[n] for n in range(len(grid)) if not grid.is_blank(n)}
                named = {line for f in tables for line in (*f.header_lines, *(line for line, _ in f.left_out))}
                assert sum(f.rows_read for f in tables) == len(rows - named)
    finally:
        upload.close()


def account_for_damaged(source: Source, data: bytes) -> None:
    chance = random.Random(source.name)
    for _ in range(DROPS):
        account([Source(f"{n} {source.name}", damaged(data, chance)) for n in range(PER_DROP)])


def beginning(source: Source) -> bytes:
    return b"\n".join(source.data.split(b"\n")[:LINES])


@needs_shared
@pytest.mark.parametrize("path", REAL)
def test_a_damaged_real_file_loses_no_row(path):
    source = Source.of_path(SHARED / path)
    account_for_damaged(source, beginning(source))


@pytest.mark.parametrize("kind", ["_File.txt", "институции", "действия", "обходи"])
def test_a_damaged_file_of_the_demo_loses_no_row(demo_files: list[DemoFile], kind: str):
    found = next(f.source for f in demo_files if kind in f.source.name and f.source.kind == "text")
    account_for_damaged(found, beginning(found))


@pytest.mark.parametrize("form", [".xlsx", ".parquet"])
def test_a_damaged_workbook_or_parquet_ends_in_a_report(demo_files: list[DemoFile], form: str):
    found = next(f.source for f in demo_files if f.source.name.endswith(form))
    account_for_damaged(found, found.data)
