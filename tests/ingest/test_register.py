"""The register of institutions, as different systems print it (domain.md §4.5)."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from drops import REGISTER_HEAD, SCHOOLS, faults, put, staged, table
from places import SHARED, needs_shared

from obhvat.ingest import Source

PRINTED = (
    "Списък на училищата и детските градини в системата на предучилищното и училищното образование;;;;;\n"
    "№;Обаст;Община;Населено място;Код по НЕИСПУО;Име на училище/детска градина\n"
    ";1;2;3;4;5\n"
    "1;Перник;Брезник;гр. Брезник;1400842;Средно училище „Васил Левски“\n"
    "2;Перник;Брезник;с. Ноевци;01400841;Основно училище „Христо Смирненски“\n"
    "3;Перник;Перник;гр. Перник;1403223;ДГ № 1 „Знаме“\n"
    "Общо: 3;;;;;\n"
)
OTHER_OBLAST = "София;2200145;СУ „Друго“;средно;Столична;гр. София"


def test_title_numbering_and_total_are_left_out(read):
    report = read(Source("регистър.csv", PRINTED.encode("windows-1251"))).files[0]
    assert (report.layout, report.header_lines, report.rows_good) == ("register", (2,), 3)
    assert report.left_out == ((1, "title"), (3, "numbering"), (7, "total"))


def test_what_is_left_out_is_said_with_its_lines(read):
    notes = read(Source("регистър.csv", PRINTED.encode())).files[0].notes
    assert [n for n in notes if n.startswith("Не е данни")] == [
        "Не е данни (заглавие): ред 1.",
        "Не е данни (номерация): ред 3.",
        "Не е данни (сбор): ред 7.",
    ]


def test_rows_of_the_register_with_their_lines(read):
    upload = read(Source("регистър.csv", PRINTED.encode()))
    assert staged(upload, "schools", "line, code, municipality, settlement, kind, level, active") == [
        (4, "1400842", "Брезник", "гр. Брезник", "secondary", "school", True),
        (5, "1400841", "Брезник", "с. Ноевци", "basic", "school", True),
        (6, "1403223", "Перник", "гр. Перник", "kindergarten", "kindergarten", True),
    ]


def test_the_public_register_says_which_institutions_are_closed(read):
    head = (
        "Код;Наименование;Област;Община;Населено място;Вид по чл. 38 (детайлен);Вид, съгласно чл.35-36 от ЗПУО;Статус"
    )
    rows = (
        "1400842;А;Перник;Брезник;Брезник;средно (I - XII клас);общинско;действаща",
        "1400843;Б;Перник;Брезник;Брезник;начално;общинско;закрита",
    )
    assert staged(read(table(head, *rows)), "schools", "code, kind, active") == [
        ("1400842", "secondary", True),
        ("1400843", "primary", False),
    ]


def test_the_same_code_twice_is_rejected(read):
    assert faults(read(table(REGISTER_HEAD, *SCHOOLS, SCHOOLS[0]))) == [(5, "key")]


def test_a_register_of_several_oblasts_waits_for_a_choice(read):
    report = read(table(REGISTER_HEAD, *SCHOOLS, OTHER_OBLAST)).files[0]
    assert (report.choices, report.refused, report.can_be_committed) == (
        ("Примерна", "София"),
        "Регистърът е за 2 области. Изберете коя да се качи.",
        False,
    )


def test_beside_a_register_that_waits_another_is_read_of_which_no_row_is_good(read):
    bad = table(REGISTER_HEAD.replace("Област;", ""), "нищо;ОУ „Пример“;основно;Каменград;гр. Каменград")
    upload = read(table(REGISTER_HEAD, *SCHOOLS, OTHER_OBLAST), bad)
    assert [report.rows_good for report in upload.files] == [0, 0]
    assert faults(upload, 1) == [(2, "type")]


@pytest.mark.parametrize("written", ["Примерна", "ПРИМЕРНА"])
def test_the_chosen_oblast_is_kept(read, written):
    upload = read(table(REGISTER_HEAD, *SCHOOLS, OTHER_OBLAST), oblast=written)
    assert [code for (code,) in staged(upload, "schools", "code")] == ["9000101", "9000102", "9000151"]
    assert upload.files[0].notes[0] == "От 2 области се качва Примерна."
    assert upload.files[0].read_words == "Прочетени са 4 реда, от тях 1 за други области."


def test_bad_rows_of_the_other_oblasts_do_not_go_back(read):
    bad_here, bad_there = SCHOOLS[0].replace("9000101", "12"), OTHER_OBLAST.replace("2200145", "13")
    upload = read(table(REGISTER_HEAD, *SCHOOLS, OTHER_OBLAST, bad_here, bad_there), oblast="Примерна")
    assert faults(upload) == [(6, "type")]
    assert upload.rejected_rows(0)["Ред във файла"].tolist() == [6]
    report = upload.files[0]
    assert (report.rows_read, report.rows_rejected, report.rows_elsewhere) == (4, 1, 2)


def test_a_municipality_is_stored_as_the_register_spells_it(read):
    cases = table(
        "№ на случая;Към дата;Категория;Община;Дата на сигнала;Статус",
        "1;05.02.2024;отпаднал;ОБЩИНА КАМЕНГРАД;01.02.2024;в работа",
        "2;05.02.2024;отпаднал;общ. Ведрово;01.02.2024;в работа",
    )
    upload = read(table(REGISTER_HEAD, *SCHOOLS), cases)
    assert staged(upload, "cases", "municipality") == [("Каменград",), ("Ведрово",)]


def test_the_newest_register_replaces_the_whole_one_before(store):
    put(store, table(REGISTER_HEAD, *SCHOOLS))
    put(store, table(REGISTER_HEAD, *SCHOOLS[:2]))
    current = (
        "select code from schools join live_slices('schools', now()::timestamp) as live "
        "on live.slice_id = schools.slice_id order by code"
    )
    assert store.rows(current) == [("9000101",), ("9000102",)]


def pernik() -> list[dict[str, str]]:
    with (SHARED / "real" / "pernik" / "institutions.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@needs_shared
def test_every_institution_of_pernik_is_read(read):
    upload = read(Source.of_path(SHARED / "real" / "pernik" / "institutions.csv"))
    rows = staged(upload, "schools", "code, name, municipality, settlement, ekatte")
    expected = [(r["neispuo_code"], r["municipality"], r["settlement"], r["ekatte"] or None) for r in pernik()]
    assert [(code, municipality, settlement, ekatte) for code, _, municipality, settlement, ekatte in rows] == expected
    assert (upload.files[0].layout, upload.files[0].rows_rejected) == ("register", 0)


@needs_shared
def test_the_municipalities_of_pernik_have_as_many_institutions_as_the_file(read):
    upload = read(Source.of_path(SHARED / "real" / "pernik" / "institutions.csv"))
    counted = Counter(municipality for (municipality,) in staged(upload, "schools", "municipality"))
    assert counted == Counter(row["municipality"] for row in pernik())


@needs_shared
def test_kindergartens_of_pernik_are_known_by_their_names(read):
    upload = read(Source.of_path(SHARED / "real" / "pernik" / "institutions.csv"))
    found = {code for code, level in staged(upload, "schools", "code, level") if level == "kindergarten"}
    words = ("детска градина", "дг ", "дг„", 'дг"')
    assert found == {r["neispuo_code"] for r in pernik() if r["name"].lower().startswith(words)}


@needs_shared
@pytest.mark.parametrize("name", ["nvo-4-2019.csv", "nvo-7-2018.csv", "nvo-7-2022.csv", "dzi-2020.csv", "dzi-2023.csv"])
def test_exam_results_are_not_taken_for_a_register(read, name):
    report = read(Source.of_path(SHARED / "real" / "mon-results" / name)).files[0]
    assert report.dataset is not None
    assert report.dataset.name == "results"
