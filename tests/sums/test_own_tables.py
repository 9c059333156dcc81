"""An expert's own table: its totals by column and by row, and its shares."""

from __future__ import annotations

import pytest

from obhvat.sums import check

_RIGHT = """Община\tОтпаднали\tВърнати\tОбщо
Горно\t5\t3\t8
Долно\t1 202\t1\t1 203
Общо\t1 207\t4\t1 211"""


def told(text: str) -> list[tuple[str, str]]:
    return [(v.read.replace("\u202f", " "), v.fault.replace("\u202f", " ")) for v in check(text).verdicts if v.fault]


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_a_table_that_foots_by_rows_and_columns(sign: str) -> None:
    text = _RIGHT.replace("\t", sign)
    assert told(text) == []
    assert check(text).words == "Излизат и 6-те проверени."


def test_a_wrong_cell_is_found_in_its_row_and_its_column() -> None:
    assert told(_RIGHT.replace("\t3\t", "\t4\t")) == [
        ("колона „Върнати“: 4 + 1 = 5; обявено: 4", "частите са с 1 повече от общото"),
        ("ред „Горно“: 5 + 4 = 9; обявено: 8", "частите са с 1 повече от общото"),
    ]


def test_a_column_of_shares_is_checked_and_not_added() -> None:
    text = "Община;Посетени;Открити;%\nГорно;200;50;25,0 %\nДолно;100;10;10,0 %\nОбщо;300;60;21,0 %"
    [(read, fault)] = told(text)
    assert read == "колона „%“, ред „Общо“: 60 от 300 са 20,0 %; обявено: 21,0 %"
    assert fault == "разликата е 1,0 пункта; 21,0 % от 300 са 63"


def test_shares_of_a_columns_total() -> None:
    rows = ["в чужбина;2332;67,6", "без информация;190;6,2", "записани;330;10,8", "незаписани;203;6,6", "Общо;3055;100"]
    text = "\n".join(["Изход;Деца;Дял", *rows])
    [(read, _)] = told(text)
    assert read == "колона „Дял“, ред „в чужбина“: 2332 от 3055 са 76,3 %; обявено: 67,6 %"


def test_a_last_row_that_is_the_sum_needs_no_name() -> None:
    assert check("Горно;2;1\nДолно;3;4\nИ двете;5;5").words == "Излизат и 2-те проверени."


def test_line_numbers_are_no_numbers_to_add() -> None:
    assert told("№;Община;Деца\n1;Горно;5\n2;Долно;3\n;Общо;9") == [
        ("колона „Деца“: 5 + 3 = 8; обявено: 9", "частите са с 1 по-малко от общото")
    ]


def test_years_as_captions_are_captions() -> None:
    assert told("Община\t2022/2023\t2023/2024\nГорно\t4\t5\nДолно\t6\t7\nОбщо\t10\t12") == []


def test_a_list_with_a_number_a_line_is_a_table() -> None:
    text = "Отпаднали:\n– върнати: 2\n– извън областта: 2\n– в чужбина: 3\n– подлежат: 6\nОбщо: 12"
    assert [fault for _, fault in told(text)] == ["частите са с 1 повече от общото"]


def test_a_table_without_a_total_says_that_there_is_nothing_to_check() -> None:
    answer = check("Община;Деца\nГорно;5\nДолно;3\nСредно;4")
    assert answer.verdicts == ()
    assert answer.words == "Не намерих ред или колона „Общо“, нито дялове, които да проверя."


def test_a_childs_name_in_a_row_is_not_repeated() -> None:
    answer = check("Дете;I срок;II срок;Общо\nИван Петров Иванов;5;3;8\nПетър Иванов Петров;2;1;4\nОбщо;7;4;12")
    assert "Иван" not in " ".join(verdict.read for verdict in answer.verdicts)
