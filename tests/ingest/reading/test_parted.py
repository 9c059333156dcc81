"""Tables that programs write in many files of one folder."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from drops import ABSENCES_HEAD, absence, staged
from program import command
from test_archive import zipped

from obhvat.ingest import Source
from obhvat.ingest.reading.parted import together

HEAD = ABSENCES_HEAD.split(";")


def parquet(*rows: str, without: str = "") -> bytes:
    columns = {caption: [row.split(";")[n] for row in rows] for n, caption in enumerate(HEAD) if caption != without}
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


FIRST, SECOND = parquet(absence("дете-1"), absence("дете-2")), parquet(absence("дете-3"))
SPARK = {
    "отсъствия.parquet/_SUCCESS": b"",
    "отсъствия.parquet/._SUCCESS.crc": b"crc\x00",
    "отсъствия.parquet/.part-00000-a.snappy.parquet.crc": b"crc\x00",
    "отсъствия.parquet/part-00000-a.snappy.parquet": FIRST,
    "отсъствия.parquet/part-00001-b.snappy.parquet": SECOND,
}


def dropped(files: dict[str, bytes], *, flat: bool = False) -> list[Source]:
    return [Source(Path(name).name if flat else name, data) for name, data in files.items()]


@pytest.mark.parametrize(
    "sources",
    [[Source("отсъствия.zip", zipped(SPARK))], dropped(SPARK), dropped(SPARK, flat=True)],
    ids=["archive", "folder", "many files"],
)
def test_the_parts_of_spark_are_one_table(read, sources):
    upload = read(*sources)
    (report,) = upload.files
    assert staged(upload, "absences", "line") == [(2,), (3,), (4,)]
    assert report.notes[0] == "Таблицата е на части в 2 файла; прочетени са заедно."


def test_what_delta_and_iceberg_leave_beside_the_parts_is_no_table(read):
    files = {
        "а/_delta_log/00000000000000000000.json": b'{"add":{}}',
        "а/00000-4-0f1e2d3c-aaaa-bbbb-cccc-0123456789ab-00001.parquet": FIRST,
        "а/00001-5-0f1e2d3c-aaaa-bbbb-cccc-0123456789ab-00001.parquet": SECOND,
    }
    assert [f.rows_good for f in read(*dropped(files)).files] == [3]


def test_parts_in_csv_have_their_captions_each_or_none(read):
    with_captions = {
        "а.csv/part-00000.csv": "\n".join([ABSENCES_HEAD, absence("дете-1")]).encode(),
        "а.csv/part-00001.csv": "\n".join([ABSENCES_HEAD, absence("дете-2"), absence("дете-3")]).encode(),
        "а.csv/_SUCCESS": b"",
    }
    assert len(staged(read(*dropped(with_captions)), "absences", "line")) == 3
    turned = ";".join(reversed(HEAD)), ";".join(reversed(absence("дете-4").split(";")))
    other_order = with_captions | {"а.csv/part-00001.csv": "\n".join(turned).encode()}
    (whole, alone) = read(*dropped(other_order)).files
    assert (whole.rows_good, alone.rows_good) == (1, 1)


def test_the_column_of_partitions_is_of_their_folders(read):
    rows = [absence("дете-1"), absence("дете-2")]
    files = {
        "отсъствия/Випуск=6/data_0.parquet": parquet(rows[0], without="Випуск"),
        "отсъствия/%D0%92ипуск=7/data_0.parquet": parquet(rows[1], without="Випуск"),
    }
    upload = read(Source("отсъствия.zip", zipped(files)))
    assert staged(upload, "absences", "grade") == [(6,), (7,)]
    assert upload.files[0].name == "отсъствия"
    assert "Колони от имената на папките: „Випуск“." in upload.files[0].notes


def test_partitions_on_disk_are_one_table(read, tmp_path):
    rows = [absence("дете-1"), absence("дете-2"), absence("дете-3").replace(";7;", ";6;")]
    table = pa.table({caption: [row.split(";")[n] for row in rows] for n, caption in enumerate(HEAD)})
    ds.write_dataset(table, tmp_path / "май", format="parquet", partitioning=["Випуск"], partitioning_flavor="hive")
    upload = read(*map(Source.of_path, sorted((tmp_path / "май").rglob("*.parquet"))))
    assert sorted(staged(upload, "absences", "grade")) == [(6,), (7,), (7,)]
    assert [f.name for f in upload.files] == ["май"]


def test_a_folder_is_given_to_the_command_as_it_is(tmp_path):
    folder = tmp_path / "отсъствия"
    for grade in ("6", "7"):
        (folder / f"Випуск={grade}").mkdir(parents=True)
        row = absence(f"дете-{grade}")
        (folder / f"Випуск={grade}" / "data_0.parquet").write_bytes(parquet(row, without="Випуск"))
    done = command("check", folder, "--json", "--store", tmp_path / "няма.duckdb", folder=tmp_path)
    assert [(f["name"], f["rows_good"]) for f in json.loads(done.stdout)] == [("отсъствия", 2)]


def test_a_column_that_only_later_parts_have_is_kept():
    files = {"а/part-00000.parquet": parquet(absence("дете-1"), without="Випуск"), "а/part-00001.parquet": SECOND}
    assert len(together(dropped(files))) == 2
    hive = {name.replace("а/", "а/Месец=10/"): data for name, data in files.items()}
    assert len(together(dropped(hive))) == 1


def test_files_that_only_look_like_parts_stay_apart():
    alone = dropped({"part-00000.csv": b"a;b", "data_2023.csv": b"a;b", "data_2024.csv": b"a;b"})
    assert together(alone) == alone
    others = dropped({"data_1.csv": "училище;месец".encode(), "data_2.csv": "случай;дата".encode()})
    assert together(others) == others
    twice = dropped({"part-00000-a.csv": b"a;b", "part-00000-b.csv": b"a;b"})
    assert together(twice) == twice


def test_a_damaged_part_refuses_the_table(read):
    (report,) = read(*dropped(SPARK | {"отсъствия.parquet/part-00001-b.snappy.parquet": SECOND[:-30]})).files
    assert report.rows_good == 0
    assert "повреден" in report.refused
