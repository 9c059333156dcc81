"""The awkward sister has everything that comes in life: told from the bytes of its files and from what was loaded."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

import openpyxl
import pyarrow.parquet as pq
import pytest
from viewers import expert

from obhvat.demo import clear_demo, load_demo
from obhvat.demo.awkward import CORRECTED, DOUBLED, Awkward
from obhvat.demo.awkward_cases import LEFT_OFF, RETURNED_ROW, UNTOLD, WITHOUT_DATE
from obhvat.demo.awkward_oblast import CLOSED, LATE, MERGED, MERGER, NAMESAKES, NO_LIST, SENDS_ONE, TAKES_OVER
from obhvat.demo.writers import DemoFile
from obhvat.store import Store

FIRST_TERM = ("9", "10", "11", "12", "1")


def national(files: list[DemoFile], school: str = "", year: str = "2023") -> Iterator[tuple[str, str, DemoFile]]:
    """School, month and file of the national files of a year."""
    for file in files:
        if file.source.name.endswith("_File.txt"):
            code, start, month, _ = file.source.name.split("_")
            if school in ("", code) and start == year:
                yield code, month, file


def lines(file: DemoFile) -> list[list[str]]:
    return [line.split("|") for line in file.source.data.decode("windows-1251").split("\r\n") if line]


def sheet(files: list[DemoFile], name: str) -> list[dict[str, object]]:
    [data] = [f.source.data for f in files if f.source.name == name]
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page is not None
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def table(files: list[DemoFile], name: str, encoding: str, delimiter: str) -> list[dict[str, str]]:
    [data] = [f.source.data for f in files if f.source.name == name]
    return list(csv.DictReader(io.StringIO(data.decode(encoding)), delimiter=delimiter))


def institutions(files: list[DemoFile], day: str) -> dict[str, dict[str, str]]:
    [data] = [f.source.data for f in files if f.source.name == f"институции_{day}.csv"]
    _, head, _, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    return {row[4]: dict(zip(head, row, strict=True)) for row in rows}


def pupils(files: list[DemoFile], day: str) -> dict[str, set[str]]:
    """School → identifiers on its list of a day."""
    [data] = [f.source.data for f in files if f.source.name == f"ученици_{day}.parquet"]
    lists = defaultdict(set)
    read = pq.read_table(io.BytesIO(data))
    for code, child in zip(read["Код по НЕИСПУО"].to_pylist(), read["ЕГН/ЛНЧ"].to_pylist(), strict=True):
        lists[code].add(child)
    return lists


def test_it_is_the_same_every_time(awkward_files: list[DemoFile]) -> None:
    again = [(f.source.name, f.source.data, f.at) for f in Awkward().files() if not f.source.name.endswith("xlsx")]
    assert again == [(f.source.name, f.source.data, f.at) for f in awkward_files if not f.source.name.endswith("xlsx")]


def test_every_file_is_in_one_drop_in_order(awkward_files: list[DemoFile]) -> None:
    drops = Awkward().uploads()
    assert [f.at for drop in drops for f in drop] == [f.at for f in awkward_files]
    assert max(max(Counter(f.source.name for f in drop).values()) for drop in drops) == 1


def test_no_institution_is_of_the_other_oblast_or_a_real_one(awkward_files: list[DemoFile]) -> None:
    assert {code[:2] for code in institutions(awkward_files, "2023-12-04")} == {"91"}


def test_registers_are_dated_after_the_term_in_its_middle_and_of_one_municipality(
    awkward_files: list[DemoFile],
) -> None:
    of = {
        f.source.name: {str(row["Община по адрес"]) for row in sheet(awkward_files, f.source.name)}
        for f in awkward_files
        if f.source.name.startswith("случаи")
    }
    assert of == {
        "случаи_2023-02-20.xlsx": {"Речиград", "Мъхово", "Соколец"},
        "случаи_2023-09-14.xlsx": {"Речиград", "Мъхово", "Соколец"},
        "случаи_2023-11-20.xlsx": {"Речиград", "Мъхово", "Соколец", "Перуника"},
        "случаи_Мъхово_2023-12-15.xlsx": {"Мъхово"},
        "случаи_Соколец_2024-01-19.xlsx": {"Соколец"},
        "случаи_2024-03-13.xlsx": {"Речиград", "Мъхово", "Соколец", "Перуника"},
        "случаи_Речиград_2024-03-20.xlsx": {"Речиград"},
    }


def test_the_municipality_sends_its_open_cases_only(awkward_files: list[DemoFile]) -> None:
    assert {row["№ на случая"] for row in sheet(awkward_files, "случаи_Мъхово_2023-12-15.xlsx")} == {
        *("МХ-004", "МХ-005")
    }
    assert {"МХ-002", "МХ-003"} < {row["№ на случая"] for row in sheet(awkward_files, "случаи_2024-03-13.xlsx")}


def test_one_school_is_two_months_late_and_one_sent_a_month_of_five(awkward_files: list[DemoFile]) -> None:
    at = {month: f.at.date() for _, month, f in national(awkward_files, LATE)}
    assert at == {"9": date(2023, 12, 2), "10": date(2024, 1, 2), "11": date(2024, 2, 2), "12": date(2024, 3, 2)}
    assert [month for _, month, _ in national(awkward_files, SENDS_ONE)] == ["10"]


def test_the_pupils_of_the_closed_school_stand_on_anothers_lists(awkward_files: list[DemoFile]) -> None:
    autumn, winter = pupils(awkward_files, "2023-09-15"), pupils(awkward_files, "2024-01-31")
    assert autumn[CLOSED]
    assert not winter[CLOSED]
    assert autumn[CLOSED] <= winter[TAKES_OVER]
    assert autumn[CLOSED] <= pupils(awkward_files, "2023-12-04")[TAKES_OVER]
    row = institutions(awkward_files, "2023-12-04")[CLOSED]
    assert (row["Статус"], row["Закрита на"]) == ("закрита", "30.11.2023")
    assert [month for _, month, _ in national(awkward_files, CLOSED)] == ["9", "10", "11"]


def test_two_schools_become_one(awkward_files: list[DemoFile]) -> None:
    before, after = pupils(awkward_files, "2022-09-15"), pupils(awkward_files, "2023-09-15")
    assert all(before[code] and not after[code] for code in MERGED)
    stayed = after[MERGER] & set.union(*(before[code] for code in MERGED))
    assert 2 * len(stayed) > len(after[MERGER])
    register = institutions(awkward_files, "2023-09-12")
    assert [register[code]["Закрита на"] for code in MERGED] == ["31.08.2023"] * 2
    assert register[MERGER]["Открита на"] == "15.09.2023"
    assert MERGER not in institutions(awkward_files, "2022-09-12")


def test_two_children_are_in_two_schools_in_a_month(awkward_files: list[DemoFile]) -> None:
    hours: dict[str, dict[str, float]] = defaultdict(dict)
    for code, month, file in national(awkward_files):
        for cells in lines(file) if month == "11" else ():
            hours[cells[4].zfill(10)][code] = float(cells[15].replace(",", "."))
    twice = [written for written in hours.values() if len(written) > 1]
    assert sorted(twice, key=lambda written: sum(written.values())) == [
        {"9101001": 3, "9101003": 3},
        {"9102001": 6, "9103001": 6},
    ]


def test_a_child_is_twice_in_a_register_and_again_in_a_neighbours(awkward_files: list[DemoFile]) -> None:
    cases: dict[object, list[object]] = defaultdict(list)
    for row in sheet(awkward_files, "случаи_2024-03-13.xlsx"):
        cases[row["ЕГН/ЛНЧ"]].append(row["№ на случая"])
    several = {tuple(numbers) for child, numbers in cases.items() if child and len(numbers) > 1}
    assert several == {("РГ-006", "СК-003", "РГ-009"), ("МХ-005", "СК-004")}
    assert cases[None] == ["РГ-008", "РГ-012"]


def test_subgroups_are_doubled_and_kept_after_the_question(awkward_files: list[DemoFile], awkward_store: Store) -> None:
    school, class_name, month = DOUBLED
    [file] = [f for _, m, f in national(awkward_files, school) if m == str(month.month)]
    assert set(Counter(cells[4] for cells in lines(file) if cells[11] == class_name).values()) == {2}
    doubted = awkward_store.rows("select file_name from batches where list_contains(doubt_codes, 'doubled')")
    assert doubted == [(file.source.name,)]


def test_statuses_come_after_the_term_and_one_has_no_date(awkward_files: list[DemoFile]) -> None:
    rows = {row["№ на случая"]: row for row in sheet(awkward_files, "случаи_2024-03-13.xlsx")}
    after = {number for number, row in rows.items() if row["Статус от дата"] and str(row["Статус от дата"]) > "2024-02"}
    assert after == {"МХ-002", "РГ-007", "РГ-011", "РГ-010", RETURNED_ROW}
    assert (rows[WITHOUT_DATE]["Статус"], rows[WITHOUT_DATE]["Статус от дата"]) == ("незаписан", None)


def test_one_row_of_the_register_and_its_step_are_handed_back(awkward_store: Store) -> None:
    returned = awkward_store.rows(
        """
        select batches.file_name, rejected_rows.cells[1], rejected_rows.faults[1].rule
        from rejected_rows
        join batches on batches.batch_id = rejected_rows.batch_id
        order by 1
        """
    )
    assert returned == [
        ("действия_2024-03-13.csv", RETURNED_ROW, "case"),
        ("случаи_2024-03-13.xlsx", RETURNED_ROW, "not_after"),
    ]


def test_a_case_and_a_step_are_left_out_of_a_later_register(awkward_files: list[DemoFile]) -> None:
    number, day = UNTOLD
    told = {
        name: any(
            (row["№ на случая"], row["Дата"]) == (number, f"{day:%d.%m.%Y}")
            for row in table(awkward_files, name, "windows-1251", ";")
        )
        for name in ("действия_2023-11-20.csv", "действия_2024-03-13.csv")
    }
    assert list(told.values()) == [True, False]
    on = [
        LEFT_OFF in {row["№ на случая"] for row in sheet(awkward_files, f"случаи_{day}.xlsx")}
        for day in ("2023-11-20", "2024-03-13")
    ]
    assert on == [True, False]


def test_a_person_said_whose_the_last_register_is_and_that_a_step_is_only_not_repeated(awkward_store: Store) -> None:
    settled = ("part_of_register", "not_repeated_steps", "whose_register", "left_out_steps")
    codes = awkward_store.rows(
        """
        select file_name, list_filter(doubt_codes, lambda code: list_contains($settled, code))
        from batches
        where list_has_any(doubt_codes, $settled)
        order by 1
        """,
        {"settled": list(settled)},
    )
    assert codes == [
        ("действия_2024-03-13.csv", ["not_repeated_steps"]),
        ("действия_Речиград_2024-03-20.csv", ["not_repeated_steps"]),
        ("случаи_Речиград_2024-03-20.xlsx", ["part_of_register"]),
    ]


def test_an_older_month_is_sent_again_with_other_figures(awkward_files: list[DemoFile]) -> None:
    first, again = [f for _, month, f in national(awkward_files, CORRECTED) if month == "10"]
    assert (first.at.date(), again.at.date()) == (date(2023, 11, 2), date(2024, 1, 16))
    assert first.source.name == again.source.name
    assert len(lines(first)) == len(lines(again)) + 1
    assert sum(a != b for a, b in zip(lines(first), lines(again), strict=False)) == 1


def test_three_schools_in_three_villages_have_one_name(awkward_files: list[DemoFile]) -> None:
    register = institutions(awkward_files, "2023-12-04")
    assert {register[code]["Наименование"] for code in NAMESAKES} == {"ОУ „Христо Ботев“"}
    assert len({register[code]["Населено място"] for code in NAMESAKES}) == 3


@pytest.mark.parametrize(
    ("first", "last"), [("2023-07-01", "2023-07-31"), ("2023-08-01", "2023-08-31"), ("2023-09-05", "2023-09-05")]
)
def test_work_is_done_in_summer(awkward_store: Store, first: str, last: str) -> None:
    days = {"first": first, "last": last}
    for table_name in ("actions", "rounds"):
        [(n,)] = awkward_store.rows(f"select count(*) from {table_name} where date between $first and $last", days)
        assert n, table_name


@pytest.mark.parametrize("table_name", ["actions", "rounds", "inspections"])
def test_work_is_done_on_the_first_days_of_february(awkward_store: Store, table_name: str) -> None:
    [(n,)] = awkward_store.rows(f"select count(*) from {table_name} where date between '2024-02-01' and '2024-02-05'")
    assert n


def test_a_school_sends_months_and_no_list(awkward_files: list[DemoFile]) -> None:
    assert [month for _, month, _ in national(awkward_files, NO_LIST)] == [*FIRST_TERM, "2"]
    listed = {code for day in ("2022-09-15", "2023-09-15", "2024-01-31") for code in pupils(awkward_files, day)}
    assert NO_LIST not in listed


def test_loading_is_told_to_the_end_and_clearing_leaves_nothing(store: Store, awkward_files: list[DemoFile]) -> None:
    told: list[tuple[int, int]] = []
    load_demo(store, lambda done, of: told.append((done, of)), Awkward())
    assert told == [(n, len(awkward_files)) for n in range(1, len(awkward_files) + 1)]
    kept = store.rows("select file_name, committed_at from batches order by 1, 2")
    assert kept == sorted((f.source.name, f.at) for f in awkward_files)
    assert clear_demo(store, expert()) == len(awkward_files)
    tables = [row[0] for row in store.rows("select table_name from duckdb_tables() where table_name <> 'meta'")]
    assert {t: store.rows(f"select count(*) from {t}")[0][0] for t in tables} == dict.fromkeys(tables, 0)
