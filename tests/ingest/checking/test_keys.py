"""Numbers of cases and names of classes with Latin letters that print like Cyrillic ones, other dashes and blanks."""

from __future__ import annotations

import pytest
from drops import ACTIONS_HEAD, absence, absences, case, cases, faults, put, register, staged, table

STEP = "{};05.02.2024;Каменград;13.10.2023;телефонен разговор"


def steps(*numbers: str):
    return table(ACTIONS_HEAD, *map(STEP.format, numbers))


@pytest.mark.parametrize("said", ["KM-001", "КM-001", "км-001", "КМ–001", "КМ 001"])
def test_a_step_joins_the_only_case_it_can_be_of(read, said):
    upload = read(register(), cases(case("КМ-001"), case("КГ-002")), steps(said))
    assert staged(upload, "actions", "case_number") == [("КМ-001",)]


def test_the_latin_letters_are_named(read):
    upload = read(register(), cases(case("КМ-001")), steps("KМ-001", "KM-009"))
    assert upload.files[2].notes == ["Приети по смисъл: „KМ-001“ (буквата K е латинска) е „КМ-001“ (1 ред)."]
    assert "Случай „KM-009“ (буквите K и M са латински) няма" in upload.rejected(2)["reason"][0]


def test_a_register_that_writes_the_number_otherwise_tells_of_the_same_case(read, store):
    put(store, register(), cases(case("КМ-001")))
    upload = read(cases(case("KM-001", as_of="05.03.2024", status="реинтегриран")), store=store)
    assert staged(upload, "cases", "number") == [("КМ-001",)]


def test_a_case_twice_in_a_register_in_other_letters_is_handed_back(read):
    upload = read(register(), cases(case("КМ-001"), case("KM-001"), case("КМ-002"), case("км - 001")))
    assert faults(upload, 1) == [(3, "key"), (5, "key")]


def test_a_name_is_no_number(read):
    upload = read(register(), cases(case("Мария Георгиева"), case("Случай на Иван Петров"), case("КМ-002")))
    assert faults(upload, 1) == [(2, "named"), (3, "named")]
    assert not upload.rejected(1)["reason"].str.contains("Мария|Иван").any()


def test_of_two_cases_that_differ_so_none_is_guessed(read, store):
    put(store, register(), cases(case("КМ-001"), case("КМ-002")), cases(case("КМ–001", "Ведрово")))
    upload = read(steps("KM-001", "КМ-002"), store=store)
    assert (staged(upload, "actions", "case_number"), faults(upload)) == ([("КМ-002",)], [(2, "case")])


def test_a_class_is_the_same_in_either_letters(read):
    upload = read(register(), absences(absence("дете-1", class_name="7A"), absence("дете-2", class_name="7А")))
    assert staged(upload, "absences", "class_name") == [("7А",), ("7А",)]
    assert upload.files[1].notes == ["Приети по смисъл: „7A“ (буквата A е латинска) е „7А“ (1 ред)."]


def test_a_line_break_in_the_name_of_a_class_is_a_blank(read):
    upload = read(register(), absences(absence("дете-1", class_name='"7\nсутрин"')))
    assert staged(upload, "absences", "class_name") == [("7 сутрин",)]


def test_a_class_that_excel_made_a_date_is_handed_back(read):
    names = ("7.1", "10.2", "2023-07-02", "02.07.2023", "01.авг", "7/2")
    upload = read(register(), absences(*(absence(f"дете-{n}", class_name=name) for n, name in enumerate(names))))
    assert staged(upload, "absences", "class_name") == [("7.1",), ("10.2",), ("7/2",)]
    assert faults(upload, 1) == [(4, "became_date"), (5, "became_date"), (6, "became_date")]
