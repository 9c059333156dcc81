"""Long uploaded texts, which are held packed: they are read as the same bytes, and put aside they hold nothing."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from viewers import expert

from obhvat.ingest import Source, commit, read_files
from obhvat.ingest.commit import _pieces
from obhvat.ingest.reading.packed import Packed
from obhvat.store import Store

LINE = "9000101;2023;10;дете-{};5;5а;1;{}\n"
HEAD = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини\n"


@cache
def text() -> bytes:
    return (HEAD + "".join(LINE.format(n, n % 9) for n in range(420_000))).encode()


@pytest.fixture(scope="module")
def long() -> Source:
    return Source.uploaded("дълъг.csv", text())


def test_a_long_text_takes_a_fraction_of_its_room(long: Source) -> None:
    assert isinstance(long.content, Packed)
    assert long.content.buffer.size < len(text()) / 4


def test_it_is_read_as_the_bytes_that_were_uploaded(long: Source) -> None:
    plain = Source("дълъг.csv", text())
    assert (long.size, long.kind, long.head) == (len(text()), "text", plain.head)
    assert b"".join(long.blocks()) == long.data == text()
    assert long.part(9_000_001, 77) == text()[9_000_001:9_000_078]
    assert long.hash_with("ключ") == plain.hash_with("ключ")


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", b"PK\x03\x04" + bytes(17 << 20), b"", b"\n" * (17 << 20)])
def test_what_is_short_or_no_text_stays_as_it_is(data: bytes) -> None:
    assert Source.uploaded("а", data).content == data


def test_an_upload_that_was_put_aside_holds_no_row(long: Source, store: Store) -> None:
    upload = read_files([long], store)
    assert upload.files[0].rows_good == 420_000
    upload.close()
    assert (upload.sources, upload.staging._good) == ([], {})


def test_slices_are_stored_some_rows_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["obhvat.ingest.commit"], "_ROWS_AT_ONCE", 3)
    months = {m: "".join(f"9000101;2023;{m};дете-{n};5;5а;1;{n}\n" for n in range(m - 8)) for m in (9, 10, 11, 12)}
    upload = read_files([Source(f"{m}.csv", (HEAD + rows).encode()) for m, rows in months.items()], store)
    assert commit(upload, store, expert()).rows == 10
    rows = store.rows("select month(month), list(unexcused order by line) from absences group by 1 order by 1")
    assert rows == [(m, list(map(float, range(m - 8)))) for m in (9, 10, 11, 12)]
    slices = store.read("select slice_id, n_rows from slices order by slice_id")
    assert _pieces(slices) == [(1, 2), (3, 3), (4, 4)]
    # What was set while it was stored is as it was.
    [(limit,)] = store.rows("select current_setting('memory_limit')")
    assert limit.endswith("GiB")
