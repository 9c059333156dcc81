"""Quotation marks: cells with anything inside, and marks that nothing closes."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from drops import absence, absences
from hypothesis import given
from hypothesis import strategies as st

from obhvat.ingest import read_files
from obhvat.ingest.reading.quoting import quoted_rows


def tables(letters: str) -> st.SearchStrategy[list[list[str]]]:
    cells = st.text(st.sampled_from(letters), max_size=6)
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1)
    )


@given(tables('аб1 "\n,') | tables('аб1 ";,'))
def test_what_was_quoted_as_it_should_comes_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    found, lines, damaged = quoted_rows(out.getvalue()[:-1], ";")
    before = [sum(cell.count("\n") for row in rows[:n] for cell in row) for n in range(len(rows))]
    assert found == rows
    assert lines == [n + 1 + more for n, more in enumerate(before)]
    assert damaged == frozenset()


@pytest.mark.parametrize("behind", ["3;4\n5;6", '3;""\n5;6', '3;"4"\n5;6', '"3";"4"\n5;6'])
def test_the_rows_behind_an_open_mark_are_not_swallowed(behind: str) -> None:
    rows, lines, damaged = quoted_rows(f'a;b\n1;"2\n{behind}', ";")
    assert lines == [1, 2, 3, 4]
    assert rows[1] == ["1", '"2']
    assert [[cell.strip('"') for cell in row] for row in rows[2:]] in (
        [["3", "4"], ["5", "6"]],
        [["3", ""], ["5", "6"]],
    )
    assert damaged == {1}


def test_an_open_mark_on_the_last_line_is_found() -> None:
    assert quoted_rows('a;b\n1;"2', ";") == ([["a", "b"], ["1", '"2']], [1, 2], frozenset({1}))


def test_two_open_marks_do_not_make_one_cell() -> None:
    rows, _, damaged = quoted_rows('a;b;c\n1;"2;3\n4;5;6\n7;8";9\n10;11;12', ";")
    assert rows[2] == ["4", "5", "6"]
    assert rows[-1] == ["10", "11", "12"]
    assert 1 in damaged


def test_a_mark_inside_a_word_is_a_letter() -> None:
    assert quoted_rows('a;b\nОУ "Изгрев";2', ";") == ([["a", "b"], ['ОУ "Изгрев"', "2"]], [1, 2], frozenset())


def test_the_line_of_an_open_mark_is_handed_back_with_the_reason(store) -> None:
    source = absences(absence("дете-1"), absence("дете-2", class_name='"7а'), absence("дете-3"))
    upload = read_files([source], store, today=date(2024, 3, 13))
    (report,) = upload.files
    assert (report.rows_read, report.rows_good, report.rows_rejected) == (3, 2, 1)
    faults = upload.rejected(0)
    assert list(faults["line"]) == [3]
    assert list(faults["rule"]) == ["quotation"]
    assert faults["reason"][0].startswith("Кавичка в реда не се затваря")
