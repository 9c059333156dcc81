"""An unknown table: a guess for each column, what may be shown of it, and what a person says of it, remembered."""

from __future__ import annotations

import pytest
from drops import EGN, put, register, staged, table
from viewers import expert

from obhvat.datasets import dataset
from obhvat.ingest import ColumnAnswers, FileAnswers, Source, commit, read_files, signature
from obhvat.ingest.knowing.guess import guess_columns, guess_dataset, sample_words
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.reading.table import Table, find_tables
from obhvat.ingest.reading.text import read_text
from obhvat.ingest.undoing import forget_profile
from obhvat.store import Store

HEAD = "У-ще;Кога;Отс. уваж.;Отс. неув.;Клас/паралелка;Бр. деца;Кл. ръководител"
ROWS = ("9000101;10.2023;120;36,5;7а;22;Иванова", "9000102;10.2023;20;3;8б;21;Петров")
FIELDS = ("school", "month", "excused", "unexcused", "class_name", "pupils", None)
SAID = ColumnAnswers("class_absences", FIELDS)
NONE = Reference.of(None)
SAID_DATASET = dataset("class_absences")


def table_of(head: str, *rows: str) -> Table:
    return find_tables(read_text("\n".join([head, *rows]).encode()))[0]


def unknown(name: str = "класове.csv") -> Source:
    return table(HEAD, *ROWS, name=name)


def test_each_column_has_a_guess_with_its_confidence():
    unclear = table_of(HEAD, *ROWS)
    wanted = guess_dataset(unclear, NONE)
    guesses = guess_columns(unclear, wanted, NONE)
    assert (wanted.name, tuple(g.field for g in guesses)) == ("class_absences", FIELDS)
    assert all(0.55 <= g.confidence <= 1 for g in guesses[:-1])
    assert guesses[-1].confidence == 0


def test_a_caption_is_not_believed_against_its_values():
    found = guess_columns(table_of("Месец;Нещо", "Петрова;10.2023", "Иванова;11.2023"), SAID_DATASET, NONE)
    assert [g.field for g in found] == [None, "month"]


def test_no_field_is_guessed_twice():
    found = guess_columns(table_of("Паралелка;Паралелки", "7а;7б", "8а;8б"), SAID_DATASET, NONE)
    assert [g.field for g in found].count("class_name") == 1


def test_a_column_of_identifiers_is_only_ever_the_pupil():
    found = guess_columns(table_of("Брой ученици;Клас", f"{EGN};7а", f"{EGN};8а"), SAID_DATASET, NONE)
    assert found[0].field is None


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("12,5", "12,5"),
        ("10.2023", "10.2023"),
        ("7а", "7а"),
        ("реинтегриран", "реинтегриран"),
        ("Иван Иванов", "текст от 11 знака"),
        (EGN, "75••••••••"),
    ],
)
def test_words_that_may_be_names_and_identifiers_are_not_shown(cell, shown):
    assert sample_words(table_of("нещо;друго", f"{cell};1"), 0, NONE) == shown


def test_an_unknown_file_waits_for_a_person(read):
    upload = read(register(), unknown())
    report = upload.files[1]
    assert (report.dataset, report.can_be_committed, report.table is not None) == (None, False, True)


def test_what_a_person_says_is_read_and_checked_like_any_file(read):
    upload = read(register(), unknown(), told={"класове.csv": FileAnswers(mapping=SAID)})
    report = upload.files[1]
    assert (report.layout, report.rows_good, report.doubts) == ("mapped", 2, [])
    assert staged(upload, "class_absences", "school, class_name, pupils, unexcused") == [
        ("9000101", "7а", 22, 36.5),
        ("9000102", "8б", 21, 3),
    ]


def test_what_is_still_missing_is_said(read):
    said = ColumnAnswers("class_absences", ("school", None, "excused", "unexcused", "class_name", "pupils", None))
    report = read(register(), unknown(), told={"класове.csv": FileAnswers(mapping=said)}).files[1]
    assert report.refused == "За „Отсъствия по паралелки“ още не е посочено коя колона е „Месец“."
    assert report.table is not None


def test_a_mapping_cannot_let_an_identifier_in(read):
    source = table("а;б;в;г", f"9000101;10.2023;7а;{EGN}", name="класове.csv")
    said = ColumnAnswers("class_absences", ("school", "month", "class_name", "pupils"))
    report = read(register(), source, told={"класове.csv": FileAnswers(mapping=said)}).files[1]
    assert not report.can_be_committed


def test_a_committed_mapping_is_recognised_next_time_and_forgotten_when_asked(store: Store):
    put(store, register())
    upload = read_files([unknown()], store, told={"класове.csv": FileAnswers(mapping=SAID)})
    commit(upload, store, expert())
    upload.close()
    next_month = Source("ноември.csv", unknown().data.replace(b"10.2023", b"11.2023"))
    again = read_files([next_month], store)
    assert (again.files[0].layout, again.files[0].rows_good) == ("mapped", 2)
    assert "Колоните са познати от запомнено съответствие." in again.files[0].notes
    again.close()
    forget_profile(store, expert(), signature(HEAD.split(";")))
    forgotten = read_files([next_month], store)
    assert forgotten.files[0].dataset is None
    forgotten.close()


def test_a_mapping_that_was_not_committed_is_not_remembered(store: Store):
    put(store, register())
    read_files([unknown()], store, told={"класове.csv": FileAnswers(mapping=SAID)}).close()
    upload = read_files([unknown()], store)
    assert upload.files[0].dataset is None
    upload.close()


def test_a_file_without_captions_can_be_explained_by_its_columns(read):
    source = Source("без заглавия.csv", "9000101;10.2023;7а;22;120;36,5\n9000101;10.2023;7б;20;12;3\n".encode())
    said = ColumnAnswers("class_absences", ("school", "month", "class_name", "pupils", "excused", "unexcused"))
    upload = read(register(), source, told={"без заглавия.csv": FileAnswers(mapping=said)})
    assert staged(upload, "class_absences", "class_name") == [("7а",), ("7б",)]


def test_encoding_delimiter_and_header_line_can_be_said(read):
    data = "справка\nнещо,друго\n" + "\n".join([HEAD, *ROWS])
    source = Source("класове.csv", data.encode("cp866"))
    how = FileAnswers(mapping=SAID, encoding="cp866", delimiter=";", header_line=3)
    report = read(register(), source, told={"класове.csv": how}).files[1]
    assert (report.encoding, report.delimiter, report.header_lines, report.rows_good) == ("cp866", ";", (3,), 2)


def test_a_person_may_say_that_a_known_file_is_something_else(read):
    report = read(register(), told={"институции.csv": FileAnswers(dataset="absences")}).files[0]
    assert (report.dataset, report.refused, report.table is not None) == (
        None,
        "Посочете колоните за „Отсъствия“.",
        True,
    )
