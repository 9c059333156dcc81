"""Which row is the header, which are data, and which are titles, numbering and totals."""

from __future__ import annotations

import pytest

from obhvat.ingest.table import Table, find_table, stacked
from obhvat.ingest.text import read_text

HEAD = "Код по НЕИСПУО;Наименование;Община"


def table_of(*lines: str) -> Table:
    return find_table(read_text("\n".join(lines).encode()))


def data(table: Table) -> list[list[str]]:
    return [table.grid.row(n) for n in table.rows]


def test_the_header_is_the_row_of_captions_we_know():
    table = table_of("Справка за 2023/2024 г.;;", "", HEAD, "1400842;А;Б")
    assert (table.header, table.header_lines, table.left_out) == (
        ("Код по НЕИСПУО", "Наименование", "Община"),
        (3,),
        ((1, "title"),),
    )
    assert data(table) == [["1400842", "А", "Б"]]


def test_captions_need_not_be_known():
    assert table_of("нещо;друго", "1;2").header == ("нещо", "друго")


def test_figures_are_no_header():
    assert table_of("1;2;3", "4;5;6").header is None


def test_empty_captions_at_the_end_are_no_columns():
    table = table_of(f"{HEAD};;", "1400842;А;Б;;")
    assert (table.width, len(table.header or ())) == (3, 3)


@pytest.mark.parametrize("numbering", ["1;2;3", ";1;2", "№;1;2", "0;1;2"])
def test_numbers_under_the_captions_are_left_out(numbering):
    table = table_of(HEAD, numbering, "1400842;А;Б")
    assert (table.left_out, len(table.rows)) == (((2, "numbering"),), 1)


@pytest.mark.parametrize("row", ["1400842;5;7", "3;4;5", "1;3;2", "1;;"])
def test_other_numbers_are_data(row):
    assert table_of(HEAD, row, "1400843;А;Б").left_out == ()


@pytest.mark.parametrize("total", ["Общо;3;", "ОБЩО за областта;;", ";Всичко;3", "Total;;", "Сума:;;1"])
def test_totals_at_the_end_are_left_out(total):
    table = table_of(HEAD, "1400842;А;Б", total)
    assert (table.left_out, len(table.rows)) == (((3, "total"),), 1)


def test_several_totals_are_left_out():
    table = table_of(HEAD, "1400842;А;Б", "Общо;1;", "Всичко;1;")
    assert table.left_out == ((3, "total"), (4, "total"))


def test_a_total_in_the_middle_is_a_row():
    assert len(table_of(HEAD, "Общо;1;", "1400842;А;Б").rows) == 2


def test_an_empty_file_is_an_empty_table():
    table = table_of("")
    assert (table.header, table.rows, table.width) == (None, [], 0)


def test_tables_are_stacked_with_their_numbers_and_lines():
    first, second = table_of(HEAD, "1;А;Б", "2;В;Г"), table_of("заглавие;;", HEAD, "3;Д;Е")
    found = stacked([(0, first), (5, second)]).select(["c0", "c2", "width", "file_no", "line"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("1", "Б", 3, 0, 2),
        ("2", "Г", 3, 0, 3),
        ("3", "Е", 3, 5, 3),
    ]


def test_tables_with_different_delimiters_keep_their_own():
    first, second = table_of(HEAD, "1;А;Б"), table_of(HEAD.replace(";", ","), "2,В,Г")
    assert stacked([(0, first), (1, second)])["c1"].to_pylist() == ["А", "В"]


def test_rows_that_are_too_long_or_too_short_say_how_wide_they_are():
    found = stacked([(0, table_of(HEAD, "1;А;Б", "2;В", "3;Г;Д;Е", "4;Ж;З;;"))])
    assert dict(zip(found["line"].to_pylist(), found["width"].to_pylist(), strict=True)) == {2: 3, 3: 2, 4: 4, 5: 3}
