"""The invented oblast: the same every time, in real layouts, with the faults real files have."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date

import pyarrow.parquet as pq
import pytest
from viewers import expert

from obhvat.demo import clear_demo, load_demo
from obhvat.demo.files import DOUBLED, NEVER_SUBMITS, SUSPICIOUS_ZEROS, VANISHED, Demo
from obhvat.demo.writers import DemoFile
from obhvat.ingest import Source, commit, read_files
from obhvat.store import Store

NATIONAL = re.compile(r"\d{7}_20\d\d_\d{1,2}_File\.txt")


@pytest.fixture(scope="module")
def national(demo_files: list[DemoFile]) -> dict[str, list[list[str]]]:
    """The national files by name, split into fields."""
    return {
        f.source.name: [line.split("|") for line in f.source.data.decode("windows-1251").split("\r\n") if line]
        for f in demo_files
        if NATIONAL.fullmatch(f.source.name)
    }


@pytest.fixture(scope="module")
def institutions(demo_files: list[DemoFile]) -> list[dict[str, str]]:
    [data] = [f.source.data for f in demo_files if f.source.name == "институции_2023.csv"]
    _, header, _, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_demonstration_is_the_same_every_time(demo_files: list[DemoFile]) -> None:
    again = Demo().files()
    assert [(f.source.name, f.source.data, f.at) for f in again] == [
        (f.source.name, f.source.data, f.at) for f in demo_files
    ]


def test_every_file_has_a_name_of_its_own(demo_files: list[DemoFile]) -> None:
    assert max(Counter(f.source.name for f in demo_files).values()) == 1


def test_files_arrive_in_order(demo_files: list[DemoFile]) -> None:
    times = [f.at for f in demo_files]
    assert times == sorted(times)


def test_no_file_arrives_before_what_it_is_about(demo_files: list[DemoFile]) -> None:
    for file in demo_files:
        if found := re.search(r"(20\d\d)-(\d\d)-(\d\d)", file.source.name):
            assert date(*map(int, found.groups())) <= file.at.date()


def test_there_are_forty_schools_twelve_kindergartens_and_a_centre(institutions: list[dict[str, str]]) -> None:
    kinds = Counter(row["Вид по чл. 38"] for row in institutions)
    assert (kinds["детска градина"], kinds["център за подкрепа"], kinds.total()) == (12, 1, 53)


def test_no_institution_is_a_real_one(institutions: list[dict[str, str]]) -> None:
    assert {row["Код по НЕИСПУО"][:2] for row in institutions} == {"90"}


def test_national_files_have_sixteen_fields(national: dict[str, list[list[str]]]) -> None:
    assert {len(fields) for rows in national.values() for fields in rows} == {16}


def test_a_national_file_is_of_one_school_and_month(national: dict[str, list[list[str]]]) -> None:
    for name, rows in national.items():
        school, year, month, _ = name.split("_")
        assert {(f[0], f[1], int(f[2])) for f in rows} <= {(school, year, int(month))}


def test_both_decimal_signs_occur(national: dict[str, list[list[str]]]) -> None:
    assert {fields[15][-3] for rows in national.values() for fields in rows} == {",", "."}


def test_no_identifier_can_be_of_a_real_child(national: dict[str, list[list[str]]]) -> None:
    identifiers = {fields[4].zfill(10) for rows in national.values() for fields in rows}
    assert {identifier[2:4] for identifier in identifiers} == {"99"}


def test_one_school_never_submits(national: dict[str, list[list[str]]]) -> None:
    assert NEVER_SUBMITS not in {name[:7] for name in national}


def test_a_school_of_suspicious_zeros_sends_rows_without_unexcused_hours(
    national: dict[str, list[list[str]]],
) -> None:
    rows = [fields for name, rows in national.items() if name.startswith(SUSPICIOUS_ZEROS) for fields in rows]
    assert rows
    assert {float(fields[15].replace(",", ".")) for fields in rows} == {0}


def test_one_class_is_sent_twice(national: dict[str, list[list[str]]]) -> None:
    school, class_name, month = DOUBLED
    rows = [f for f in national[f"{school}_2023_{month.month}_File.txt"] if f[11] == class_name]
    assert set(Counter(f[4] for f in rows).values()) == {2}


def test_some_children_vanish_without_a_word(demo_files: list[DemoFile], national: dict[str, list[list[str]]]) -> None:
    lists = {
        day: set(pq.read_table(io.BytesIO(f.source.data))["ЕГН/ЛНЧ"].to_pylist())
        for f in demo_files
        for day in ("2023-09-15", "2024-01-31")
        if f.source.name == f"ученици_{day}.parquet"
    }
    gone = lists["2023-09-15"] - lists["2024-01-31"]
    written = {f[4].zfill(10) for name, rows in national.items() if "_2023_" in name for f in rows if f[13]}
    assert len(gone) == 24 + VANISHED
    assert written < gone


def test_no_row_of_the_demonstration_is_handed_back(demo_store: Store) -> None:
    assert demo_store.rows("select sum(rows_rejected) from batches") == [(0,)]


def test_every_file_became_a_batch_at_the_moment_it_arrived(demo_store: Store, demo_files: list[DemoFile]) -> None:
    found = demo_store.rows("select file_name, committed_at from batches order by 1")
    assert found == sorted((f.source.name, f.at) for f in demo_files)


def test_the_doubled_class_is_doubted(demo_store: Store) -> None:
    doubted = demo_store.rows("select file_name from batches where list_contains(doubt_codes, 'doubled')")
    assert ("9002001_2023_11_File.txt",) in doubted


def test_the_store_knows_that_it_is_the_demonstration(demo_store: Store) -> None:
    assert demo_store.remembered("demo") == Demo.name


class Beginning(Demo):
    """What comes first of the demonstration."""

    def files(self) -> list[DemoFile]:
        return super().files()[:30]


def test_progress_is_told_to_the_end(store: Store) -> None:
    told: list[tuple[int, int]] = []
    load_demo(store, lambda done, of: told.append((done, of)), Beginning())
    assert told == [(n, 30) for n in range(1, 31)]


def test_clearing_leaves_an_empty_store(own_demo: Store) -> None:
    clear_demo(own_demo, expert())
    tables = [row[0] for row in own_demo.rows("select table_name from duckdb_tables() where table_name <> 'meta'")]
    assert {t: own_demo.rows(f"select count(*) from {t}")[0][0] for t in tables} == dict.fromkeys(tables, 0)
    assert own_demo.remembered("demo") is None


def test_clearing_counts_the_files(own_demo: Store, demo_files: list[DemoFile]) -> None:
    assert clear_demo(own_demo, expert()) == len(demo_files)


def test_clearing_keeps_what_people_committed(own_demo: Store) -> None:
    head = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38"
    row = "1400001;СУ „Истинско“;Перник;Перник;гр. Перник;средно училище"
    upload = read_files([Source("институции.csv", f"{head}\n{row}".encode())], own_demo)
    commit(upload, own_demo, expert("Иванова"))
    upload.close()
    clear_demo(own_demo, expert())
    assert own_demo.rows("select code from schools") == [("1400001",)]
    assert own_demo.rows("select committed_by from batches") == [("Иванова",)]


def test_practice_files_have_rows_to_hand_back(demo_store: Store) -> None:
    upload = read_files(Demo().practice_files()[:3], demo_store)
    assert [f.rows_rejected for f in upload.files] == [4, 0, 0]
    assert upload.rejected(0)["rule"].tolist() == ["negative", "halves", "grade", "key"]
    upload.close()


def test_practice_files_are_for_the_month_after_the_last(demo_store: Store) -> None:
    upload = read_files(Demo().practice_files(), demo_store)
    assert {month for f in upload.files for month in f.months} == {date(2024, 2, 1)}
    upload.close()
