"""Archives: the files inside are read as if each had been dropped by itself."""

from __future__ import annotations

import gzip
import io
import zipfile

import pyarrow as pa
import pytest

from obhvat.demo.files import Demo
from obhvat.ingest import Source, read_files
from obhvat.ingest.reading.archive import unpacked


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_files_in_an_archive_are_read_like_files_beside_it(store):
    files = Demo().practice_files()[:3]
    apart = read_files(files, store)
    together = read_files([Source("март.zip", zipped({f"папка/{f.name}": f.data for f in files}))], store)
    assert [(r.name, r.rows_good, r.rows_rejected, r.file_hash) for r in together.files] == [
        (r.name, r.rows_good, r.rows_rejected, r.file_hash) for r in apart.files
    ]


def test_what_the_system_leaves_in_an_archive_is_no_file():
    data = zipped({"а.csv": b"a;b", "__MACOSX/._а.csv": b"x", "~$а.xlsx": b"x", ".DS_Store": b"x", "Thumbs.db": b"x"})
    assert [s.name for s in unpacked([Source("а.zip", data)])] == ["а.csv"]


def test_a_cyrillic_name_written_by_windows_is_read():
    data = zipped({"aaa.csv": b"a;b"}).replace(b"aaa.csv", "шко.csv".encode("cp866"))
    assert [s.name for s in unpacked([Source("а.zip", data)])] == ["шко.csv"]


def test_a_workbook_is_no_archive(demo_files):
    book = next(f.source for f in demo_files if f.source.name.endswith(".xlsx"))
    assert unpacked([book]) == [book]


def test_a_locked_archive_says_so(store):
    data = bytearray(zipped({"а.csv": b"a;b"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (report,) = read_files([Source("а.zip", bytes(data))], store).files
    assert report.refused == "Архивът е заключен с парола. Извадете файловете от него и ги качете."


@pytest.mark.parametrize(("codec", "suffix"), [("gzip", "gz"), ("bz2", "bz2"), ("zstd", "zst")])
def test_one_packed_file_is_read_like_the_file_in_it(store, codec, suffix):
    file = Demo().practice_files()[0]
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as packing:
        packing.write(file.data)
    packed = Source(f"{file.name}.{suffix}", out.getvalue().to_pybytes())
    (report,) = read_files([packed], store).files
    (plain,) = read_files([file], store).files
    assert (report.name, report.rows_read, report.file_hash) == (plain.name, plain.rows_read, plain.file_hash)
    (cut,) = read_files([Source("а.gz", packed.data[:-20])], store).files
    assert cut.refused == "Файлът е повреден при пренасянето. Изпратете го отново."


def test_a_packed_bomb_and_a_packed_archive_are_refused(store):
    bomb = gzip.compress(bytes(300 << 20), 1)
    archive = gzip.compress(zipped({"а.csv": b"a;b"}))
    refused = [f.refused for f in read_files([Source("а.gz", bomb), Source("б.gz", archive)], store).files]
    assert refused == [
        "Файлът се разопакова до повече от 256 MB и не се отваря. Разделете го на части.",
        "В архива има друг архив. Извадете файловете от него и ги качете.",
    ]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        (b"\xfd7zXZ\x00\x00\x04", "XZ"),
        (bytes(257) + b"ustar", "TAR"),
    ],
)
def test_an_archive_of_another_kind_says_what_it_is_and_what_to_do(store, head, name):
    (report,) = read_files([Source("март.rar", head + bytes(200))], store).files
    assert report.refused == (
        f"Това е архив {name}, който не се отваря тук. Разархивирайте го (например със 7-Zip) и качете файловете от "
        "него или ги сложете в архив ZIP."
    )


@pytest.mark.parametrize(
    ("part", "words"), [("word/document.xml", "документ на Word"), ("ppt/presentation.xml", "презентация")]
)
def test_a_document_is_no_archive_of_tables(store, part, words):
    (report,) = read_files([Source("справка.docx", zipped({part: b"<a/>"}))], store).files
    assert report.refused == f"Това е {words}, а не таблица. Качете файл CSV, Excel, ODS или Parquet."


def test_an_archive_packed_as_nobody_here_reads_says_so(store):
    data = bytearray(zipped({"а.csv": b"a;b" * 100}))
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + place] = 9
    (report,) = read_files([Source("а.zip", bytes(data))], store).files
    assert report.refused == (
        "Архивът е сгъстен по начин, който тук не се чете. Извадете файловете от него и ги качете."
    )
