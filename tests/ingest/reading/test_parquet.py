"""Parquet: columns of any type, moments as days here, and files that are much larger than they look."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drops import TODAY, staged

from obhvat.errors import UnreadableFile
from obhvat.ingest import Source, Upload, read_files
from obhvat.ingest.reading.parquet import read_parquet

CASES = {
    "№ на случая": ["КГ-1", "КГ-2", "КГ-3"],
    "Към дата": ["05.02.2024"] * 3,
    "Категория": ["отпаднал"] * 3,
    "Община по адрес": ["Каменград"] * 3,
    "Дата на сигнала": ["12.10.2023"] * 3,
    "Статус": ["в работа"] * 3,
}


def written(columns: dict[str, Any], **how: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **how)
    return out.getvalue()


def read(columns: dict[str, Any]) -> Upload:
    return read_files([Source("случаи.parquet", written(CASES | columns))], None, today=TODAY)


@pytest.mark.parametrize(
    "kind",
    [pa.timestamp("us", "UTC"), pa.timestamp("ms", "UTC"), pa.timestamp("ns", "Europe/Sofia"), pa.timestamp("us")],
)
def test_a_moment_is_of_the_day_that_it_was_here(kind):
    moments = [datetime(2023, 10, 11, 21), datetime(2023, 11, 2, 22), datetime(2023, 9, 19, 21)]
    column = pa.array([m.replace(tzinfo=UTC) if kind.tz else m for m in moments], kind)
    upload = read({"Дата на сигнала": column})
    assert staged(upload, "cases", "opened_on") == [(date(2023, 10, 12),), (date(2023, 11, 3),), (date(2023, 9, 20),)]
    assert any("взет е денят" in note for note in upload.files[0].notes) is (kind.tz != "Europe/Sofia")


@pytest.mark.parametrize(
    "odd",
    [
        pa.array([{"a": 1}] * 3),
        pa.array([[{"a": 1}]] * 3),
        pa.array([[("a", 1)]] * 3, pa.map_(pa.string(), pa.int64())),
        pa.array([b"\xff\xfe\x00"] * 3),
        pa.array([b"123"] * 3, pa.binary(3)),
        pa.array([5] * 3, pa.duration("s")),
        pa.array([[[1]]] * 3),
    ],
)
def test_a_column_that_is_no_text_number_or_date_is_left_out_and_it_is_said(odd):
    report = read({"снимка": odd}).files[0]
    assert (report.refused, report.rows_good) == (None, 3)
    assert "Колони, чийто вид не е текст, число или дата, не са четени: „снимка“." in report.notes


@pytest.mark.parametrize(
    "column",
    [
        pa.array([UUID(int=n).bytes for n in range(3)], pa.uuid()),
        pa.array([1, 2, 3], pa.decimal256(60, 2)),
        pa.array([1.0, 2.5, None], pa.float16()),
        pa.array([None] * 3, pa.null()),
        pa.array([["а", "б"]] * 3),
        pa.array(["а"] * 3).dictionary_encode(),
    ],
)
def test_other_types_are_text(column):
    report = read({"друго": column}).files[0]
    assert (report.rows_good, [n for n in report.notes if "не са четени" in n]) == (3, [])


def test_a_used_column_of_uuid_is_text():
    grid = read_parquet(written({"№ на случая": pa.array([UUID(int=7).bytes], pa.uuid())}))
    assert grid.row(1) == ["00000000-0000-0000-0000-000000000007"]


def test_texts_and_names_of_columns_are_cleaned():
    columns = {"Ста\u00adтус": ["в\u200b работа", "'в работа", "в\xa0работа"]}
    data = written({k: v for k, v in CASES.items() if k != "Статус"} | columns)
    upload = read_files([Source("случаи.parquet", data)], None, today=TODAY)
    assert staged(upload, "cases", "status") == [("in_work",)] * 3
    assert any("невидими знаци" in note for note in upload.files[0].notes)


def test_a_long_text_said_many_times_is_refused_before_it_is_made():
    said = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 43_000]))
    data = written({"т": said}, compression="zstd", store_schema=False)
    assert len(data) < 5_000
    with pytest.raises(UnreadableFile, match="в много повече данни"):
        read_parquet(data)


def test_a_long_text_to_which_each_row_adds_is_refused_before_it_is_made():
    texts = {"т": [f"{'x' * 30_000}{n}" for n in range(1_500)]}
    data = written(texts, use_dictionary=False, column_encoding={"т": "DELTA_BYTE_ARRAY"})
    with pytest.raises(UnreadableFile, match="в много повече данни"):
        read_parquet(data)


def test_a_file_that_says_it_has_rows_without_end_is_refused():
    data = written({f"к{n}": pa.nulls(5_000_000, pa.int8()) for n in range(9)})
    assert len(data) < 100_000
    with pytest.raises(UnreadableFile, match="в много повече данни"):
        read_parquet(data)


def test_a_file_of_pictures_alone_is_no_table():
    data = written({"снимка": pa.array([{"a": 1}])})
    with pytest.raises(UnreadableFile, match="няма нито една колона"):
        read_parquet(data)


def test_many_equal_rows_of_a_usual_file_are_read():
    grid = read_parquet(written({"код": ["9000101"] * 150_000, "дете": [f"дете-{n}" for n in range(150_000)]}))
    assert len(grid) == 100_001
