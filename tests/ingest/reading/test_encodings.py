"""Of which letters the bytes of a text are: decided by what reads as Bulgarian."""

from __future__ import annotations

import pytest
from drops import ABSENCES_HEAD, absence, staged

from obhvat.errors import UnreadableFile
from obhvat.ingest import Source, read_files
from obhvat.ingest.reading import text
from obhvat.ingest.reading.encodings import decode, find_encoding

TABLE = f"{ABSENCES_HEAD}\n{absence('дете-1')}\n{absence('дете-2', class_name='8Б')}"
PAGES = ("windows-1251", "cp866", "mik", "koi8-r", "iso8859-5", "mac-cyrillic")
NATIONAL = (
    "1403218|2023|10||0000000001|Ана|Б|В|7|1||7а|||4|7,5",
    "1403218|2023|10||0000000002|Петър|Г|Д|7|2||7Б|||0|1",
    "1403218|2023|10||0000000003|Рая|Щ|Ю|7|2||7в|||0|1",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_table_in_any_cyrillic_page_is_read_in_it(page):
    assert decode(TABLE.encode(page)) == (TABLE, page)


@pytest.mark.parametrize("page", PAGES)
def test_capitals_alone_are_read_too(page):
    # Without „р“ to „я“ the pages of DOS and of Macs are the same.
    assert decode(TABLE.upper().encode(page))[0] == TABLE.upper()


@pytest.mark.parametrize("page", PAGES)
def test_a_school_month_is_read_by_the_letters_of_its_classes_and_names(page):
    assert decode("\r\n".join(NATIONAL).encode(page))[0].split("\r\n") == list(NATIONAL)


@pytest.mark.parametrize("classes", [("7а", "7б"), ("7А", "7Б", "8А"), ("5а", "5б", "6в", "ПГ")])
def test_a_few_letters_of_classes_are_of_the_page_of_the_national_files(classes):
    cells = "\n".join(f"1403218|2023|10|{name}" for name in classes)
    assert decode(cells.encode("windows-1251")) == (cells, "windows-1251")


@pytest.mark.parametrize("cells", ["1\xa0234,5;7\xa0", "„Изгрев“ – № 5", "ОБЩИНА;ОУ;5", "5 § 3", "ДА;НЕ"])
def test_signs_and_short_words_of_windows_stay(cells):
    assert decode(cells.encode("windows-1251")) == (cells, "windows-1251")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding):
    assert decode(TABLE.encode(encoding)) == (TABLE, encoding)
    assert find_encoding(Source("а.csv", TABLE.encode(encoding))) == encoding


@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_a_long_text_is_found_without_taking_it_in(page, monkeypatch):
    monkeypatch.setattr(text, "_BLOCK", 200)
    source = Source("отсъствия.csv", "\n".join([TABLE, *(absence(f"дете-{n}") for n in range(3, 40))]).encode(page))
    upload = read_files([source], None)
    [report] = upload.files
    assert (report.encoding, report.rows_good) == (page, 39)


def test_utf_8_that_is_broken_in_one_place_is_refused_with_its_line():
    broken = TABLE.encode().replace("8Б".encode(), "8Б".encode()[:-1])
    with pytest.raises(UnreadableFile, match=r"Ред 3 .*\(utf-8\)"):
        decode(broken)


@pytest.mark.parametrize("page", ["cp866", "mik"])
def test_a_national_file_of_dos_is_read_as_it_was_meant_and_it_is_said(page):
    source = Source("1403218_2023_10_File.txt", "\r\n".join(NATIONAL).encode(page))
    upload = read_files([source], None)
    assert staged(upload, "absences", "class_name") == [("7а",), ("7Б",), ("7в",)]
    assert any("кодиране DOS" in note for note in upload.files[0].notes)


def test_nothing_is_said_of_the_usual_encodings():
    for encoding in ("utf-8", "windows-1251", "utf-16"):
        upload = read_files([Source("отсъствия.csv", TABLE.encode(encoding))], None)
        assert upload.files[0].notes == []


@pytest.mark.parametrize(("name", "is_said"), [("7б", True), ("Слънчо", False), ("7b", False), ("7 – № 1", False)])
def test_that_a_page_is_not_to_be_known_by_a_letter_is_said(name, is_said):
    head = "school;schoolyear;month;pupil;grade;classname;validreason;notexcused"
    row = f"9000101;2023/2024;10;P-1;7;{name};0;1"
    upload = read_files([Source("отсъствия.csv", f"{head}\n{row}".encode("windows-1251"))], None)
    assert any("кодирането не личи" in note for note in upload.files[0].notes) == is_said
