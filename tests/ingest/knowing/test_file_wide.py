"""What a file says of all its rows in its title, its name or its sheet's name."""

from __future__ import annotations

import pandas as pd
import pytest

from obhvat.datasets import dataset
from obhvat.ingest.knowing.file_wide import file_wide_values
from obhvat.ingest.knowing.reference import Reference


def reference(*schools: tuple[str, str]) -> Reference:
    none = Reference.of(None)
    rows = [(code, name, "basic", "Примерна", "Каменград", "гр. Каменград") for code, name in schools]
    return none.with_schools(pd.DataFrame(rows, columns=list(none.schools.columns)))


def said(name: str, *texts: str, file: str = "файл.xlsx", known: Reference | None = None) -> dict[str, str]:
    return file_wide_values(dataset(name), texts, file, "", known or reference())[0]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("случаи 2024-02-05.csv", {"as_of": "2024-02-05"}),
        ("случаи_05.02.2024.csv", {"as_of": "2024-02-05"}),
        ("случаи 05_02_2024 г.csv", {"as_of": "2024-02-05"}),
        ("случаи 31.02.2024.csv", {}),
        ("случаи 105.02.2024.csv", {}),
        ("случаи.csv", {}),
    ],
)
def test_a_date_may_stand_in_the_name(name, given):
    assert said("cases", file=name) == given


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("Отсъствия по класове за първи срок към дата  02.02.2024 10:30", "term1"),
        ("Отсъствия по класове от 7а за втори срок към дата 02.07.2024 10:30", "term2"),
        ("Отсъствия по ученици за цялата година към дата 02.07.2024 10:30", "year"),
        ("Отсъствия за I срок, 02.02.2024", "term1"),
        ("Отсъствия за ІІ срок, 02.07.2024", "term2"),
    ],
)
def test_the_diary_s_titles_say_the_term_and_the_date_the_year(title, term):
    found, concluded = file_wide_values(dataset("term_absences"), [title], "справка.xlsx", "", reference())
    assert (found, concluded) == ({"term": term, "school_year": "2023"}, {"school_year"})


@pytest.mark.parametrize("words", ["учебна 2023/2024 г.", "2023-2024", "за учебната 2023 / 24 година", "2023–2024"])
def test_a_school_year_is_two_years_that_follow(words):
    assert said("term_absences", f"Отсъствия, {words}")["school_year"] == "2023"


def test_two_years_that_do_not_follow_are_no_school_year():
    assert "school_year" not in said("term_absences", "Сравнение 2020/2024")


@pytest.mark.parametrize(
    ("file", "exam", "year"),
    [
        ("nvo-7-2022.csv", "nvo7", "2021"),
        ("НВО 4 клас 2019.xlsx", "nvo4", "2018"),
        ("НВО - X клас - 2023 г.csv", "nvo10", "2022"),
        ("Резултати НВО VII клас 2024.csv", "nvo7", "2023"),
        ("dzi-2020.csv", "dzi", "2019"),
        ("ДЗИ май 2023.csv", "dzi", "2022"),
        ("нво_7_2021-2022.csv", "nvo7", "2021"),
        ("dzi-2024-august.csv", "dzi_august", "2023"),
        ("Матури, сесия август 2024.csv", "dzi_august", "2023"),
    ],
)
def test_an_exam_belongs_to_the_school_year_that_ends_with_it(file, exam, year):
    assert said("results", file=file) == {"exam": exam, "school_year": year}


def test_the_institution_is_known_by_its_code_or_its_whole_name():
    known = reference(("9000101", "ОУ „Пример“"), ("9000102", "СУ „Образец“"), ("9000103", "ПГ „Образец“"))
    assert said("at_risk", file="риск 9000102.xlsx", known=known)["school"] == "9000102"
    assert said("at_risk", "СУ «Образец», Каменград", known=known)["school"] == "9000102"
    assert "school" not in said("at_risk", "СУ „Образец“ и ОУ „Пример“".replace("СУ", "ОУ "), known=reference())
    assert "school" not in said("at_risk", "9000101 и 9000102", known=known)
    assert "school" not in said("at_risk", "училище „Образец“", known=known)
