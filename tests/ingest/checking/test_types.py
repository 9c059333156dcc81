"""How a cell's text becomes a value: the macros of types.sql."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from obhvat.resources import read_sql


@pytest.fixture(scope="module")
def value() -> Iterator[Callable[..., Any]]:
    """The value of a macro for its arguments."""
    with duckdb.connect() as connection:
        connection.execute(read_sql("ingest/checking/types.sql"))

        def of(macro: str, *arguments: Any) -> Any:
            marks = ", ".join("?" for _ in arguments)
            [(found,)] = connection.execute(f"select {macro}({marks})", list(arguments)).fetchall()
            return found

        yield of


@pytest.mark.parametrize(("cell", "text"), [("  а б ", "а б"), ("   ", None), ("", None), (None, None)])
def test_clean(value, cell, text):
    assert value("clean", cell) == text


@pytest.mark.parametrize("cell", ["-", "–", "—", "c", "с", "x", "х", "*", ".."])
def test_marks_of_missing_and_suppressed_figures(value, cell):
    assert value("is_missing", cell) is True


@pytest.mark.parametrize("cell", ["0", "1", "да", "--"])
def test_what_is_not_missing(value, cell):
    assert value("is_missing", cell) is False


@pytest.mark.parametrize(
    ("cell", "n"),
    [
        ("7", "7"),
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("-2,00", "-2"),
        ("1 234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("12.345.678,9", "12345678.9"),
        ("001.50", "1.5"),
    ],
)
def test_numbers(value, cell, n):
    assert value("to_number", cell) == Decimal(n)


@pytest.mark.parametrize("cell", ["много", "1,2,3", "0x1F", "7 часа", "nan", "inf", "1e400", "٣a"])
def test_what_is_no_number(value, cell):
    assert value("to_number", cell) is None


@pytest.mark.parametrize(("cell", "n"), [("12", 12), ("5,0", 5), ("-3", -3), ("5,5", None), ("99999999999", None)])
def test_whole_numbers(value, cell, n):
    assert value("to_whole", value("to_number", cell)) == n


@pytest.mark.parametrize(
    "cell",
    [
        "05.02.2024",
        "5.2.2024",
        "05.02.2024 г.",
        "05.02.2024 14:05",
        "05.02.2024 14:05 ч.",
        "2024-02-05",
        "2024-02-05 00:00:00",
        "2024-02-05T10:00:00.000",
    ],
)
def test_dates(value, cell):
    assert value("to_date", cell) == date(2024, 2, 5)


@pytest.mark.parametrize(
    "cell", ["31.02.2024", "05.02.24", "2024", "05.13.2024", "вчера", "05.02.0204", "05.02.9999", "05/02/2024"]
)
def test_what_is_no_date(value, cell):
    assert value("to_date", cell) is None


@pytest.mark.parametrize(("cell", "number"), [("1 234,5", 1234.5), ("12 345", 12345), ("- 3", -3), ("1.234,5", 1234.5)])
def test_a_blank_stands_between_thousands(value, cell, number):
    assert value("to_number", cell) == number


@pytest.mark.parametrize("cell", ["7 5", "9 7,5", "18 64", "1 2345", "12 34 567", "3 1/2"])
def test_two_numbers_are_none(value, cell):
    assert value("to_number", cell) is None


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2023", 2023),
        ("2023/2024", 2023),
        ("2023-2024 г.", 2023),
        ("2023/24", 2023),
        ("2023 г.", 2023),
        ("23/24", None),
        ("1999", None),
        ("учебна", None),
    ],
)
def test_school_years(value, cell, year):
    assert value("to_school_year", cell) == year


@pytest.mark.parametrize("cell", ["2023/2025", "2023/23", "2023-2022", "2099/01", "1923/1924"])
def test_two_years_that_do_not_follow_are_no_school_year(value, cell):
    assert value("to_school_year", cell) is None


@pytest.mark.parametrize("cell", ["2023–2024", "2023 / 24 г."])
def test_a_school_year_with_a_dash_or_blanks(value, cell):
    assert value("to_school_year", cell) == 2023


@pytest.mark.parametrize(
    "cell",
    ["10.2023", "10/2023", "2023-10", "2023.10", "октомври 2023", "Октомври 2023 г.", "01.10.2023", "15.10.2023"],
)
def test_months_that_say_their_year(value, cell):
    assert value("to_month", cell, None, None) == date(2023, 10, 1)


@pytest.mark.parametrize(
    ("cell", "month"), [("9", date(2023, 9, 1)), ("08", date(2024, 8, 1)), ("Януари", date(2024, 1, 1))]
)
def test_months_beside_a_school_year(value, cell, month):
    assert value("to_month", cell, 2023, None) == month


def test_a_month_beside_a_calendar_year(value):
    assert value("to_month", "1", None, 2024) == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("cell", "school_year"), [("13.2023", None), ("10", None), ("0", 2023), ("13", 2023), ("юл", 2023)]
)
def test_what_is_no_month(value, cell, school_year):
    assert value("to_month", cell, school_year, None) is None


@pytest.mark.parametrize(
    "cell", ["1400842", "01400842", "001400842", "1400842.0", "14-00-842", "14 00 842", "1,400842E+06", "1.400842e6"]
)
def test_school_codes(value, cell):
    assert value("to_school_code", cell) == "1400842"


@pytest.mark.parametrize("cell", ["12345", "12345678", "14008А2", "", "1400842.5", "7501010010", "1,4E+06"])
def test_what_is_no_school_code(value, cell):
    assert value("to_school_code", cell) is None


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        ("7", 7),
        ("07", 7),
        ("7.0", 7),
        ("VII", 7),
        ("VІІ клас", 7),
        ("ХІІ", 12),
        ("7 клас", 7),
        ("12 кл.", 12),
        ("-6", -6),
        ("първа група", -4),
        ("втора", -5),
        ("Трета ПГ", -6),
        ("ПГ 6", -1),
        ("четвърта група", -1),
    ],
)
def test_grades(value, cell, grade):
    assert value("to_grade", cell) == grade


@pytest.mark.parametrize("cell", ["13", "-11", "7.6", "7,5", "1e1", "0x7", "XIII", "7а", "клас", "13 клас"])
def test_what_is_no_grade(value, cell):
    assert value("to_grade", cell) is None


@pytest.mark.parametrize(("cell", "code"), [("06286", "06286"), ("151", "00151"), ("12", None), ("062860", None)])
def test_ekatte(value, cell, code):
    assert value("to_ekatte", cell) == code


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("7501010010", "7501010010"),
        ("42100012", "0042100012"),
        ("42100012.0", "0042100012"),
        ("местен-17/а", "МЕСТЕН-17/А"),
        ("Иван Петров", None),
        ("Иванов", None),
        ("а1", None),
        ("7.50101E+09", None),
        ("7,5E9", None),
        ("7.5E9", None),
        ("7E+09", None),
        ("7,501010010E+09", "7501010010"),
        ("7Е12", "7Е12"),
        ("П-7.5", "П-7.5"),
    ],
)
def test_identifiers_in_the_form_that_is_hashed(value, cell, plain):
    assert value("identifier", cell) == plain


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ДГ „Звънче“", "kindergarten"),
        ("ОДЗ № 2", "kindergarten"),
        ("НУ „Св. Климент“", "primary"),
        ("Основно училище „Христо Ботев“", "basic"),
        ("6 ОУ „Св. св. Кирил и Методий“", "basic"),
        ("Обединено училище „Отец Паисий“", "united"),
        ("СУ „Иван Вазов“", "secondary"),
        ("ГПЧЕ „Симеон Радев“", "profiled"),
        ("ПМГ „Христо Смирненски“", "profiled"),
        ("ПГТС „Гоце Делчев“", "vocational"),
        ("Спортно училище „Олимпиец“", "sport"),
        ("Национално училище по изкуствата", "arts"),
        ("Софийска духовна семинария", "religious"),
        ("ЦПЛР – Общински детски комплекс", "support_centre"),
        ("Нещо друго", None),
    ],
)
def test_the_kind_of_an_institution_from_its_name(value, name, kind):
    assert value("kind_of_name", name) == kind


@pytest.mark.parametrize("cell", ["7,50101E+09", "7.5E9", "7E+09", "1.4Е+06"])
def test_numbers_that_were_shortened_have_lost_digits(value, cell):
    assert value("has_lost_digits", cell) is True


@pytest.mark.parametrize("cell", ["7501010010", "7,501010010E+09", "7Е12", "1,5", "Е-5", "Иван", ""])
def test_other_numbers_have_not(value, cell):
    assert value("has_lost_digits", cell) is False
