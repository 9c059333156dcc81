"""Archives: the files inside are read as if each had been dropped by itself."""

from __future__ import annotations

import io
import zipfile

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
