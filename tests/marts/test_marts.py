"""Marts: one row each of what pages read, made from the slices of a commit and from nothing else."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from decimal import Decimal

import pandas as pd
import pytest
from viewers import expert

from obhvat.demo.writers import DemoFile
from obhvat.ingest import Source, commit, read_files
from obhvat.marts import MARTS, refresh
from obhvat.store import Store
from obhvat.store.schema import MIGRATIONS

REGISTER = """Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
9000101;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище
9000301;ДГ „Слънчо“;Каменград;Каменград;гр. Каменград;детска градина
"""
HEAD = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Код на групата;Паралелка;"
    "По уважителни причини;По неуважителни причини"
)
# Two children of 5а, one of them in two groups; two of 6б with the same hours; one without a class.
ROWS = """9000101;2023/2024;10;дете-1;5;1;5а;2;3
9000101;2023/2024;10;дете-1;5;2;5а;1;3
9000101;2023/2024;10;дете-2;5;;5а;0;0,5
9000101;2023/2024;10;дете-3;6;;6б;0;4
9000101;2023/2024;10;дете-4;6;;6б;8;4
9000101;2023/2024;10;дете-5;6;;;0;6
"""


def put(store: Store, *sources: Source) -> None:
    upload = read_files(sources, store)
    commit(upload, store, expert())
    upload.close()


@pytest.fixture
def october(store: Store) -> Store:
    put(store, Source("институции.csv", REGISTER.encode()), Source("отсъствия.csv", f"{HEAD}\n{ROWS}".encode()))
    return store


def test_levels_count_children_by_how_much_they_missed(october: Store) -> None:
    assert october.rows("select unexcused::double, pupils from absence_levels order by 1") == [(0.5, 1), (4, 2), (6, 2)]


def test_classes_add_hours_and_count_a_child_of_two_groups_once(october: Store) -> None:
    found = october.rows(
        "select class_name, pupils, excused::double, unexcused::double from absence_classes order by 1"
    )
    assert found == [("", 1, 0, 6), ("5а", 2, 3, 6.5), ("6б", 2, 8, 8)]


def test_children_of_groups_are_in_days_beside_pupils_in_hours(store: Store) -> None:
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    rows = "9000101;15.09.2023;а-1;5;5а\n9000101;15.09.2023;а-2;5;5а\n9000101;15.09.2023;а-3;четвърта група;Мечо"
    put(store, Source("институции.csv", REGISTER.encode()), Source("ученици.csv", f"{head}\n{rows}".encode()))
    assert store.rows("select unit, pupils from list_sizes order by 1") == [("days", 1), ("hours", 2)]


def test_a_correction_adds_mart_rows_and_changes_none(october: Store) -> None:
    before = {mart: october.rows(f"select * from {mart} order by all") for mart in MARTS}
    put(october, Source("отсъствия-2.csv", f"{HEAD}\n{ROWS.splitlines()[2]}".encode()))
    [(newest,)] = october.rows("select max(slice_id) from slices")
    after = {m: october.rows(f"select * from {m} where slice_id < $n order by all", {"n": newest}) for m in MARTS}
    assert after == before
    assert october.rows("select unexcused::double from absence_levels where slice_id = $n", {"n": newest}) == [(0.5,)]


def test_only_marts_of_the_committed_datasets_are_refreshed(october: Store) -> None:
    before = october.rows("select * from absence_levels order by all")
    with october.transaction() as cursor:
        refresh(cursor, {"schools"}, 1, 1_000_000)
    assert october.rows("select * from absence_levels order by all") == before


def test_only_slices_in_the_given_range_are_made(october: Store) -> None:
    [(slice_id,)] = october.rows("select slice_id from slices where dataset = 'absences'")
    before = october.rows("select count(*) from absence_classes")
    with october.transaction() as cursor:
        refresh(cursor, {"absences"}, slice_id + 1, slice_id + 1000)
    assert october.rows("select count(*) from absence_classes") == before


def test_months_of_children_of_two_schools_are_kept_apart_also_from_an_older_store(store: Store) -> None:
    register = f"{REGISTER}9000102;ОУ „Второ“;Каменград;Каменград;гр. Каменград;основно училище\n"
    put(store, Source("институции.csv", register.encode()), Source("отсъствия.csv", f"{HEAD}\n{ROWS}".encode()))
    put(store, Source("отсъствия-2.csv", f"{HEAD}\n9000102;2023/2024;10;дете-2;5;;5б;0;4".encode()))
    # дете-1 and дете-3 are on the list of the second school too, дете-4 only from November.
    lists = ("16.10.2023;дете-1", "16.10.2023;дете-3", "16.11.2023;дете-4")
    for n, row in enumerate(lists):
        listed = f"Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка\n9000102;{row};5;5б"
        put(store, Source(f"ученици-{n}.csv", listed.encode()))
    shared = "select school, unexcused::double from shared_absences order by 1, 2"
    expected = [("9000101", 0.5), ("9000101", 4), ("9000101", 6), ("9000102", 4)]
    assert store.rows(shared) == expected
    migration = next(path for path in MIGRATIONS if path.name.endswith("shared_absences.sql"))
    with store.transaction() as cursor:
        cursor.execute("drop table shared_absences")
        cursor.execute(migration.read_text("utf-8"))
    assert store.rows(shared) == expected


def test_levels_of_the_demonstration_are_those_of_its_files(demo_store: Store, demo_files: list[DemoFile]) -> None:
    expected: Counter[tuple[str, Decimal]] = Counter()
    for file in demo_files:
        if file.source.name.endswith("_2023_11_File.txt"):
            missed: dict[str, Decimal] = defaultdict(Decimal)
            for line in file.source.data.decode("windows-1251").split():
                cells = line.split("|")
                missed[cells[4].zfill(10)] += Decimal(cells[15].replace(",", "."))
            expected.update((file.source.name[:7], hours) for hours in missed.values())
    found = demo_store.rows("select school, unexcused, pupils from absence_levels where month = '2023-11-01'")
    assert {(school, hours): n for school, hours, n in found} == dict(expected)


def test_lists_of_the_demonstration_have_the_sizes_of_its_files(demo_store: Store, demo_files: list[DemoFile]) -> None:
    expected = {}
    for file in demo_files:
        if file.source.name.endswith(".parquet"):
            table = pd.read_parquet(io.BytesIO(file.source.data))
            expected |= table.groupby(["Код по НЕИСПУО", "Към дата"]).size().to_dict()
    assert {
        (school, day): n for school, day, n in demo_store.rows("select school, as_of, pupils from list_sizes")
    } == expected
