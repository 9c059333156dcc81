"""Which row is the header, which are data, and which are titles, numbering and totals."""

from __future__ import annotations

import pytest

from obhvat.ingest.checking.parts import stacked
from obhvat.ingest.reading.table import Table, find_tables
from obhvat.ingest.reading.text import read_text

HEAD = "Код по НЕИСПУО;Наименование;Община"


def table_of(*lines: str) -> Table:
    return find_tables(read_text("\n".join(lines).encode()))[0]


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


def tables_of(*lines: str) -> list[Table]:
    return find_tables(read_text("\n".join(lines).encode()))


def test_totals_between_the_rows_are_left_out():
    table = table_of(HEAD, "1400842;А;Б", "Общо;1;", "1400843;В;Г", "1400843;Общо;", "1400844;Д;Е")
    assert (table.left_out, [row[1] for row in data(table)]) == (((3, "total"), (5, "total")), ["А", "В", "Д"])


@pytest.mark.parametrize(
    "row", ["1400842;Общообразователно училище;Б", "1400842;Сборно основно училище;Б", "Общообр;А;Б"]
)
def test_a_word_that_begins_like_a_total_is_data(row):
    assert table_of(HEAD, row).left_out == ()


def test_captions_in_two_rows_are_joined():
    table = table_of("Област;Община;Код;Училище;Брой;Ср.успех;Брой;Ср.успех", ";;;;БЕЛ;БЕЛ;МАТ;МАТ", "А;Б;1;В;3;4;5;6")
    assert (table.header, table.header_lines) == (
        ("Област", "Община", "Код", "Училище", "Брой БЕЛ", "Ср.успех БЕЛ", "Брой МАТ", "Ср.успех МАТ"),
        (1, 2),
    )
    assert data(table) == [["А", "Б", "1", "В", "3", "4", "5", "6"]]


def test_a_caption_above_several_columns_stands_over_each_in_three_rows():
    table = table_of("Община;Код;Мат;;АЕ;;;", ";;З;;B1;;B2;", ";;Бр.;Ср.;Бр.;Ср.;Бр.;Ср.", "А;100;2;3;4;5;6;7")
    assert table.header == (
        "Община",
        "Код",
        *("Мат З Бр.", "Мат З Ср."),
        *(f"АЕ {b} {w}." for b in ("B1", "B2") for w in ("Бр", "Ср")),
    )
    assert (table.header_lines, len(table.rows)) == ((1, 2, 3), 1)


def test_a_row_above_that_tells_equal_captions_apart_belongs_to_the_header():
    table = table_of(
        "Справка",
        ";;I срок;;II срок;",
        "Код по НЕИСПУО;Паралелка;Уважителни;Неуважителни;Уважителни;Неуважителни",
        "1;7а;2;3;4;5",
    )
    assert table.header == (
        *("Код по НЕИСПУО", "Паралелка"),
        *("I срок Уважителни", "I срок Неуважителни", "II срок Уважителни", "II срок Неуважителни"),
    )
    assert (table.header_lines, table.left_out) == ((2, 3), ((1, "title"),))


def test_rows_of_words_under_the_captions_stay_data():
    assert len(table_of("Община;Населено място;Наименование", "Перник;Перник;ОУ", ";Извор;ОУ").rows) == 2


def test_remarks_under_the_table_are_left_out():
    table = table_of(HEAD, "1400842;А;Б", "1400843;В;Г", "", "Изготвил: отдел;;", "* по данни на училищата;;")
    assert (table.left_out, len(table.rows)) == (((5, "footnote"), (6, "footnote")), 2)


def test_a_cut_row_at_the_end_is_no_remark():
    assert [data(table_of(HEAD, "1400842;А;Б", row))[-1] for row in ("14008", "ОУ Пример;;")] == [
        ["14008"],
        ["ОУ Пример", "", ""],
    ]


def test_captions_repeated_on_every_page_are_one_table():
    tables = tables_of(HEAD, "1400842;А;Б", HEAD, "1400843;В;Г", "", HEAD, "1400844;Д;Е")
    assert [(t.left_out, len(t.rows)) for t in tables] == [(((3, "repeated"), (6, "repeated")), 3)]


def test_tables_under_one_another_are_each_found():
    tables = tables_of(
        "Първа;;", HEAD, "1400842;А;Б", "", "Втора;;", "Код по НЕИСПУО;Паралелка;Ученици", "1400842;7а;20", "Общо;;20"
    )
    assert [(t.header_lines, t.titles, data(t), t.left_out) for t in tables] == [
        ((2,), ("Първа",), [["1400842", "А", "Б"]], ((1, "title"),)),
        ((6,), ("Втора",), [["1400842", "7а", "20"]], ((5, "title"), (8, "total"))),
    ]


def test_a_gap_in_a_table_does_not_end_it():
    assert [len(t.rows) for t in tables_of(HEAD, "1400842;А;Б", "", "1400843;В;Г")] == [2]


def test_a_person_may_say_where_the_captions_are():
    grid = read_text("нещо;друго\nА;Б\n1;5\n".encode())
    [table] = find_tables(grid, header_line=2)
    assert (table.header, data(table), table.left_out) == (("А", "Б"), [["1", "5"]], ((1, "title"),))


def test_an_empty_file_is_an_empty_table():
    table = table_of("")
    assert (table.header, table.rows, table.width) == (None, [], 0)


def test_tables_are_stacked_with_their_numbers_and_lines():
    first, second = table_of(HEAD, "1;А;Б", "2;В;Г"), table_of("заглавие;;", HEAD, "3;Д;Е")
    found = stacked([(0, first), (5, second)]).cells.select(["c0", "c2", "width", "file_no", "line"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("1", "Б", 3, 0, 2),
        ("2", "Г", 3, 0, 3),
        ("3", "Е", 3, 5, 3),
    ]


def test_tables_with_different_delimiters_keep_their_own():
    first, second = table_of(HEAD, "1;А;Б"), table_of(HEAD.replace(";", ","), "2,В,Г")
    assert stacked([(0, first), (1, second)]).cells["c1"].to_pylist() == ["А", "В"]


def test_rows_that_are_too_long_or_too_short_say_how_wide_they_are():
    found = stacked([(0, table_of(HEAD, "1;А;Б", "2;В", "3;Г;Д;Е", "4;Ж;З;;"))]).cells
    assert dict(zip(found["line"].to_pylist(), found["width"].to_pylist(), strict=True)) == {2: 3, 3: 2, 4: 4, 5: 3}


def test_a_table_may_follow_another_without_an_empty_row():
    tables = tables_of(HEAD, "1400842;А;Б", "1400843;В;Г", "Код по НЕИСПУО;Паралелка;Ученици", "1400842;7а;20")
    assert [(t.header_lines, data(t), t.left_out) for t in tables] == [
        ((1,), [["1400842", "А", "Б"], ["1400843", "В", "Г"]], ()),
        ((4,), [["1400842", "7а", "20"]], ()),
    ]


@pytest.mark.parametrize("row", ["Община;Населено място;Наименование на училището", "община;Слънчо;", "не;да;не"])
def test_words_among_the_rows_that_are_captions_by_chance_are_data(row):
    assert [len(t.rows) for t in tables_of(HEAD, "1400842;А;Б", row, "1400843;В;Г")] == [3]
