"""The form of a text, and what programs leave in its cells that nobody sees."""

from __future__ import annotations

from collections import Counter

import pytest
from drops import ABSENCES_HEAD, absence, absences, cases, faults, staged, table

from obhvat.ingest import Source, read_files
from obhvat.ingest.reading import text
from obhvat.ingest.reading.form import APOSTROPHES, INVISIBLE, WRAPPED_LINES, Form, find_form, plain_cell, plain_text
from obhvat.ingest.reading.grid import Grid
from obhvat.ingest.reading.text import read_text


def rows(grid: Grid) -> list[list[str]]:
    return [grid.row(n) for n in grid.filled()]


@pytest.mark.parametrize("blank", [";;;;;;;", ";;;;;;;;;;;;", '"";"";""', " ; ; "])
def test_lines_of_delimiters_alone_say_nothing_of_the_form(blank):
    upload = read_files([absences(absence("дете-1"), absence("дете-2", "7,5"), *[blank] * 300)], None)
    [report] = upload.files
    assert (report.delimiter, report.rows_read, report.rows_good, report.notes) == (";", 2, 2, [])


def test_captions_and_rows_may_end_in_delimiters():
    source = table(f"{ABSENCES_HEAD};;;;", absence("дете-1") + ";;;;", *[";;;;;;;;;;;"] * 100)
    assert read_files([source], None).files[0].rows_good == 1


def wrapped(lines: list[str]) -> bytes:
    return "\n".join('"{}"'.format(line.replace('"', '""')) for line in lines).encode()


def test_quotation_marks_around_whole_lines_are_taken_off():
    lines = [ABSENCES_HEAD, absence("дете-1"), absence("дете-2", class_name='"7 ""а"""')]
    upload = read_files([Source("отсъствия.csv", wrapped(lines))], None)
    [report] = upload.files
    assert staged(upload, "absences", "class_name") == [("7а",), ('7 "а"',)]
    assert report.notes == ["Премахнати са кавичките около 3 цели реда."]


def test_some_lines_of_a_sheet_with_one_column_may_be_wrapped():
    # Saved by an Excel that separates by commas: only lines with a comma are quoted.
    grid = read_text(b'a;b;c\n1;2;3\n"4;5;6,5"\n7;8;9\n')
    assert rows(grid) == [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6,5"], ["7", "8", "9"]]
    assert grid.done[WRAPPED_LINES] == 1


def test_a_quoted_cell_that_is_the_whole_line_stays_one():
    assert rows(read_text('"Справка; за октомври"\na;b;c\n1;2;3\n4;5;6\n'.encode()))[0] == ["Справка; за октомври"]


def test_cells_may_stand_in_apostrophes():
    grid = read_text("a,b,c\n1,'две, три',4\n5,'шест \"седем\", осем','9'\n".encode())
    assert rows(grid) == [["a", "b", "c"], ["1", "две, три", "4"], ["5", 'шест "седем", осем', "9"]]


def test_all_cells_may_stand_in_apostrophes():
    assert find_form("'a';'b'\n'1';'2'\n") == Form(";", "'")


def test_a_blank_may_stand_before_a_quotation_mark():
    grid = read_text('a, b, c\n1, "две, три", 4\n5, "шест", "седем, ""осем"""\n'.encode())
    assert [[cell.strip() for cell in row] for row in rows(grid)] == [
        ["a", "b", "c"],
        ["1", "две, три", "4"],
        ["5", "шест", 'седем, "осем"'],
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "първо\nвторо",
        "първо\n\nтрето",
        "а\r\nб",
        "да, не\nне, да\nкрай",
        'с ""думи""\nи още',
        "\nпърво",
        "края;\nна реда\n",
    ],
)
@pytest.mark.parametrize("title", [(), ("Справка за октомври",), ("Справка", "")])
def test_a_quoted_cell_on_several_lines_is_one_cell(cell, title):
    lines = [*title, "№ на случая;Към дата;Уточнение;Статус", *(f'КГ-{n};05.02.2024;"{cell}";в работа' for n in (1, 2))]
    grid = read_text("\n".join(lines).encode())
    assert [row[0] for row in rows(grid)[-2:]] == ["КГ-1", "КГ-2"]
    assert {row[2] for row in rows(grid)[-2:]} == {cell.replace('""', '"').replace("\r\n", "\n")}
    assert not any(map(grid.is_damaged, range(len(grid))))


def test_a_sentence_with_commas_is_no_row():
    grid = read_text('a,b\n1,"първо\nвторо, трето\nчетвърто"\n2,3\n'.encode())
    assert rows(grid)[1] == ["1", "първо\nвторо, трето\nчетвърто"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("по не\xadуважи\xadтелни", "по неуважителни"),
        ("ПК-001\u200b", "ПК-001"),
        ("\u200fПК\u200e-\u2060001\ufeff", "ПК-001"),
        ("ПК\u2011001", "ПК-001"),
        ("1\u2009234\u3000", "1 234 "),
        ("Руски\u200d и\u0306", "Руски й"),
    ],
)
def test_signs_that_nobody_sees_are_taken_out(written, plain):
    assert plain_text(written, Counter()) == plain
    assert plain_cell(written, Counter()) == plain


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16"])
def test_keys_with_and_without_signs_that_nobody_sees_are_the_same(encoding):
    sign = "\xad" if encoding == "windows-1251" else "\u200b"
    number, status = f"КГ{sign}-001", f"в{sign} работа"
    head = f"№ на слу{sign}чая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус"
    source = table(head, f"{number};05.02.2024;отпаднал;Каменград;12.10.2023;{status}", encoding=encoding)
    upload = read_files([source], None)
    assert staged(upload, "cases", "number, status") == [("КГ-001", "in_work")]
    assert upload.files[0].notes == ["Премахнати са невидими знаци (меки тирета, знаци без ширина): 3."]


def test_a_long_text_is_cleaned_to_its_end(monkeypatch):
    monkeypatch.setattr(text, "_BLOCK", 300)
    data = "\n".join([ABSENCES_HEAD, *(absence(f"дете\u200b-{n}", class_name="'7а") for n in range(60))])
    upload = read_files([Source("отсъствия.csv", data.encode())], None)
    [report] = upload.files
    assert set(staged(upload, "absences", "class_name")) == {("7а",)}
    assert report.notes == [
        "Премахнати са невидими знаци (меки тирета, знаци без ширина): 60.",
        "Премахнат е апострофът, с който Excel бележи текст, в началото на 60 клетки.",
    ]


@pytest.mark.parametrize(
    ("cell", "plain"),
    [("'0501010003", "0501010003"), ("'7а", "7а"), ("'-5", "-5"), ("'7а'", "'7а'"), ("7'а", "7'а"), ("'; x", "'; x")],
)
def test_the_apostrophe_of_excel_is_no_part_of_a_cell(cell, plain):
    assert plain_cell(cell, Counter()) == plain
    done: Counter[str] = Counter()
    assert Form("|").unmarked(f"{cell}|1\n{cell}|{cell}", done) == f"{plain}|1\n{plain}|{plain}"
    assert done[APOSTROPHES] == 3 * (cell != plain)


def test_a_marked_identifier_is_the_same_child():
    upload = read_files([absences(absence("'0501010003"), absence("0501010003", class_name="7б"))], None)
    assert faults(upload) == [(3, "key")]


def test_a_quoted_cell_may_be_marked_too():
    grid = read_text(b'a;b\n"\'1";"x \'y"\n')
    assert rows(grid)[1] == ["1", "x 'y"]
    assert grid.done[INVISIBLE] == 0


def test_what_was_done_is_told_of_a_file_once():
    source = cases("'КГ-1;05.02.2024;отпаднал;Каменград;12.10.2023;в работа", "", "Брой;Община;Код по НЕИСПУО")
    notes = [note for report in read_files([source], None).files for note in report.notes]
    assert [note for note in notes if "апострофът" in note] == [
        "Премахнат е апострофът, с който Excel бележи текст, в началото на 1 клетка."
    ]
