"""A drop of files: what is said of each, before anything is committed."""

from __future__ import annotations

from datetime import date

import pytest
from drops import (
    ABSENCES_HEAD,
    ACTIONS_HEAD,
    CASES_HEAD,
    ROUNDS_HEAD,
    TODAY,
    absence,
    absences,
    case,
    cases,
    register,
    staged,
    table,
)

from obhvat.ingest import FileAnswers, Source, read_files
from obhvat.store.history import SlicePart

UNDATED = CASES_HEAD.replace("Към дата;", "")


def undated(number: str) -> str:
    return case(number).replace("05.02.2024;", "")


def test_a_report_says_what_the_file_is(read):
    report = read(absences(absence("дете-1"), absence("дете-2", "-1"))).files[0]
    assert (report.title, report.kind, report.encoding, report.delimiter, report.header_lines) == (
        "отсъствия.csv",
        "Отсъствия",
        "utf-8",
        ";",
        (1,),
    )
    assert (report.rows_read, report.rows_good, report.rows_rejected, report.can_be_committed) == (2, 1, 1, True)


def test_a_report_says_what_the_file_would_replace(read):
    report = read(absences(absence("дете-1"), absence("дете-2"))).files[0]
    assert report.slices == [SlicePart("9000101", "", date(2023, 10, 1), "", 2)]


def test_a_file_that_is_not_understood_is_of_no_kind(read):
    report = read(Source("x.csv", b"")).files[0]
    assert (report.kind, report.size, report.can_be_committed) == ("непознат", 0, False)


def test_unused_columns_are_said(read):
    report = read(table(f"{ABSENCES_HEAD};Любим цвят", absence("дете-1") + ";син")).files[0]
    assert report.notes == ["Колони, които не се ползват: „Любим цвят“."]


def test_what_refers_to_others_is_checked_after_them_in_any_order_of_files(read):
    actions = table(ACTIONS_HEAD, "КГ-001;05.02.2024;;13.10.2023;телефонен разговор", name="действия.csv")
    upload = read(actions, cases(case("КГ-001")), register())
    assert [f.rows_rejected for f in upload.files] == [0, 0, 0]
    assert staged(upload, "actions", "municipality") == [("Каменград",)]


def test_the_municipality_of_a_case_s_school_comes_from_the_register(read):
    upload = read(register(), table(f"{CASES_HEAD};Училище (код)", f"{case('КГ-001')};9000102"))
    assert staged(upload, "cases", "municipality, school_municipality") == [("Каменград", "Ведрово")]


def test_a_register_without_a_date_is_as_of_today_and_asks(read):
    report = read(table(UNDATED, undated("КГ-1"), name="случаи.csv")).files[0]
    assert [(q.field.name, q.answer, q.said) for q in report.questions] == [("as_of", TODAY.isoformat(), False)]
    assert report.notes == ["Файлът не казва към коя дата е; приета е днешната (13.03.2024 г.). Може да я смените."]


def test_the_date_of_a_register_is_taken_from_its_name(read):
    upload = read(table(UNDATED, undated("КГ-1"), name="случаи 2024-02-29.csv"))
    assert staged(upload, "cases", "as_of") == [(date(2024, 2, 29),)]
    assert upload.files[0].notes == []


def test_the_date_that_a_person_gives_is_taken_before_the_name():
    source = table(UNDATED, undated("КГ-1"), name="случаи 2024-02-29.csv")
    upload = read_files(
        [source], None, today=TODAY, told={"случаи 2024-02-29.csv": FileAnswers(given={"as_of": "2024-03-01"})}
    )
    assert staged(upload, "cases", "as_of") == [(date(2024, 3, 1),)]
    upload.close()


def test_a_date_in_the_cells_is_not_asked_for(read):
    report = read(cases(case("КГ-1"))).files[0]
    assert report.questions == []


def test_files_without_a_date_keep_each_its_own(read):
    names = ("случаи 2024-01-31.csv", "случаи 2024-02-29.csv")
    upload = read(*(table(UNDATED, undated("КГ-1"), name=name) for name in names))
    assert staged(upload, "cases", "file_no, as_of") == [(0, date(2024, 1, 31)), (1, date(2024, 2, 29))]


def test_a_register_of_several_municipalities_empties_those_it_does_not_name(read):
    upload = read(register("Примерна;9000201;СУ „Пето“;средно;Горун;Горун"), cases(case("1"), case("2", "Ведрово")))
    parts = {(p.municipality, p.n_rows) for p in upload.files[1].slices}
    assert parts == {("Каменград", 1), ("Ведрово", 1), ("Горун", 0)}


def test_a_register_of_one_municipality_replaces_only_its_own(read):
    parts = read(register(), cases(case("1"))).files[1].slices
    assert [(p.municipality, p.n_rows) for p in parts] == [("Каменград", 1)]


def test_a_list_of_rounds_empties_the_months_between(read):
    rows = ("О-1;12.10.2023;Каменград;;5", "О-2;12.12.2023;Каменград;;5")
    parts = read(table(ROUNDS_HEAD, *rows)).files[0].slices
    assert {(p.period, p.n_rows) for p in parts} == {
        (date(2023, 10, 1), 1),
        (date(2023, 11, 1), 0),
        (date(2023, 12, 1), 1),
    }


def test_a_preview_is_in_words(read):
    rows = ("О-1;12.10.2023;Каменград;РУО, община;5", "О-2;13.10.2023;Каменград;;7")
    preview = read(table(ROUNDS_HEAD, *rows)).preview(0)
    shown = preview[["Ред", "№ на обхода", "Участвали институции", "Посетени адреси"]].values.tolist()
    assert shown[0] == [2, "О-1", "РУО, община", 5]
    assert [v if v == v else None for v in shown[1]] == [3, "О-2", None, 7]


def test_a_preview_has_only_accepted_rows_and_not_too_many(read):
    upload = read(absences(absence("дете-0", "-1"), *(absence(f"дете-{n}") for n in range(1, 9))))
    assert upload.preview(0, limit=3)["Ред"].tolist() == [3, 4, 5]


def test_a_preview_of_nothing_is_empty(read):
    assert read(Source("x.csv", b"")).preview(0).empty


def test_faults_can_be_listed_up_to_a_number(read):
    upload = read(absences(*(absence(f"дете-{n}", "-1") for n in range(5))))
    assert upload.rejected(0, limit=2)["line"].tolist() == [2, 3]


def test_the_returned_file_has_the_row_as_it_was_sent(read):
    rows = read(absences(absence("дете-1"), absence("дете-2", "-1"))).rejected_rows(0)
    assert list(rows.columns) == ["Ред във файла", *ABSENCES_HEAD.split(";"), "Какво да се поправи"]
    assert rows.values.tolist() == [
        [
            3,
            "9000101",
            "2023/2024",
            "10",
            "де••••••••",
            "7",
            "7а",
            "0",
            "-1",
            "„-1“ в „По неуважителни причини“ е отрицателно. Отсъствията се броят от нула нагоре.",
        ]
    ]


def test_a_returned_file_may_come_back_with_our_two_columns(read):
    head = f"Ред във файла;{ABSENCES_HEAD};Какво да се поправи"
    upload = read(table(head, f"7;{absence('дете-1')};", f"8;{absence('дете-2', '-1')};отрицателно"))
    assert upload.files[0].rows_good == 1
    # On the line of the file it was handed back from.
    assert upload.rejected_rows(0)["Ред във файла"].tolist() == [8]


@pytest.mark.parametrize("more", ["а;а;а", ";;x", "а (10);а;а"])
def test_captions_of_the_returned_file_are_unique(read, more):
    upload = read(table(f"{ABSENCES_HEAD};{more}", absence("дете-1", "-1") + ";1;2;3"))
    columns = list(upload.rejected_rows(0).columns)
    assert len(columns) == len(set(columns)) == 13


def test_progress_is_told_file_by_file():
    told: list[tuple[int, int]] = []
    sources = [absences(absence("дете-1"), name=f"{n}.csv") for n in range(3)]
    read_files(sources, None, today=TODAY, progress=lambda done, of: told.append((done, of))).close()
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_no_files_are_an_empty_drop(read):
    assert read().files == []


def test_nothing_of_an_upload_is_left_for_the_next():
    first = read_files([register(), absences(absence("дете-1"), absence("дете-2", "-1"))], None, today=TODAY)
    assert (staged(first, "absences", "line"), len(first.rejected(1))) == ([(2,)], 1)
    first.close()
    first.close()
    second, beside = (read_files([absences(absence("дете-3"))], None, today=TODAY) for _ in range(2))
    tables = second.staging.read("select table_name, estimated_size from duckdb_tables() order by table_name")
    assert tables.to_numpy().tolist() == [["bad_rows", 0]]
    assert staged(second, "absences", "line") == staged(beside, "absences", "line") == [(2,)]
    second.close()
    beside.close()
