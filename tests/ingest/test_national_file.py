"""The monthly absence file of every electronic diary (domain.md §4.1)."""

from datetime import date

import pytest
from drops import faults, refusals, staged
from places import SHARED, needs_shared

from obhvat.ingest import Source

NAME = "9000101_2023_10_File.txt"
FIRST = "9000101|2023|10||0849000001|Диана|Лазарова|Митева|08|2|1|8б|||0.00|1.50"
SECOND = "9000101|2023|10||1049000002|Асен|Русев|Алексиев|07|9|8|7а|||2,00|0,50"
THIRD = "9000101|2023|10||1149000003|Лилия|Лазарова|Найденова|06|7|6|6в|||14.50|0.00"


def national(*lines: str, name: str = NAME, encoding: str = "windows-1251") -> Source:
    return Source(name, "\r\n".join(lines).encode(encoding))


def changed(line: str, field: int, value: str) -> str:
    cells = line.split("|")
    cells[field] = value
    return "|".join(cells)


def test_rows_of_a_headerless_windows_1251_file_are_read(read):
    upload = read(national(FIRST, SECOND, THIRD))
    assert staged(upload, "absences", "line, school, month, grade, class_code, group_code, class_name, unit") == [
        (1, "9000101", date(2023, 10, 1), 8, "2", "1", "8б", "hours"),
        (2, "9000101", date(2023, 10, 1), 7, "9", "8", "7а", "hours"),
        (3, "9000101", date(2023, 10, 1), 6, "7", "6", "6в", "hours"),
    ]


def test_hours_may_have_a_point_or_a_comma(read):
    upload = read(national(FIRST, SECOND, THIRD))
    assert staged(upload, "absences", "excused, unexcused") == [(0.0, 1.5), (2.0, 0.5), (14.5, 0.0)]


def test_the_file_is_told_by_its_cells_whatever_its_name(read):
    report = read(national(FIRST, SECOND, name="Копие на файл.dat")).files[0]
    assert (report.layout, report.encoding, report.delimiter, report.header_lines) == (
        "neispuo_absences",
        "windows-1251",
        "|",
        (),
    )


def test_names_are_reported_as_dropped(read):
    report = read(national(FIRST, SECOND)).files[0]
    assert "Лични данни, които не се записват: „Име“, „Презиме“ и „Фамилия“." in report.notes


def test_january_belongs_to_the_calendar_year_after_the_school_year(read):
    upload = read(national(changed(FIRST, 2, "01"), name="9000101_2023_01_File.txt"))
    assert staged(upload, "absences", "month") == [(date(2024, 1, 1),)]


@pytest.mark.parametrize(("grade", "days"), [("-6", -6), ("-1", -1)])
def test_preschool_groups_count_days(read, grade, days):
    upload = read(national(changed(FIRST, 8, grade)))
    assert staged(upload, "absences", "grade, unit") == [(days, "days")]


def test_zeros_that_excel_took_from_an_egn_change_nothing(read):
    upload = read(national(FIRST), national(changed(FIRST, 4, "849000001"), name="друг.txt"))
    [(whole,), (cut,)] = staged(upload, "absences", "pupil")
    assert whole == cut


def test_the_impossible_leaving_date_of_the_national_program_is_of_the_month_of_the_file(read):
    upload = read(national(changed(FIRST, 13, "15.00.2023"), changed(SECOND, 13, "15.10.2023")))
    assert staged(upload, "absences", "left_on") == [(date(2023, 10, 15),), (date(2023, 10, 15),)]


@pytest.mark.parametrize(("written", "kept"), [("31.59.2024", date(2023, 10, 31)), ("да", None), ("", None)])
def test_what_is_written_for_leaving_is_kept_as_far_as_it_says_a_day(read, written, kept):
    assert staged(read(national(changed(FIRST, 13, written))), "absences", "left_on") == [(kept,)]


def test_children_without_an_identifier_are_told_apart_by_their_names(read):
    nameless = changed(changed(FIRST, 3, "-1"), 4, "")
    other = changed(nameless, 5, "Мария")
    upload = read(national(nameless, other))
    [(first,), (second,)] = staged(upload, "absences", "pupil")
    assert first != second


def test_a_missing_identifier_of_a_child_that_must_have_one_is_rejected(read):
    assert faults(read(national(FIRST, changed(SECOND, 4, "")))) == [(2, "required")]


def test_the_same_child_twice_in_one_class_is_rejected_with_the_first_line(read):
    upload = read(national(FIRST, SECOND, changed(FIRST, 15, "3.00")))
    assert upload.rejected(0)[["line", "rule", "value"]].values.tolist() == [[3, "key", "ред 1"]]


def test_the_same_child_in_two_subgroups_is_two_rows(read):
    upload = read(national(FIRST, changed(FIRST, 10, "2")))
    assert staged(upload, "absences", "group_code") == [("1",), ("2",)]


def test_a_second_institution_and_a_second_month_are_handed_back(read):
    upload = read(national(FIRST, SECOND, THIRD, changed(THIRD, 0, "9000102"), changed(FIRST, 2, "11")))
    assert faults(upload) == [(4, "one_school"), (5, "one_month")]


def test_a_line_with_a_field_too_many_keeps_nothing_but_its_number(read):
    shifted = FIRST.replace("0849000001|", "|0849000001|")
    upload = read(national(SECOND, shifted, THIRD))
    assert faults(upload) == [(2, "columns")]
    [row] = upload.rejected_rows(0).values.tolist()
    assert row == [
        2,
        *[""] * 16,
        "Редът има 17 полета вместо 16. Проверете дали в текст няма разделител или липсващо поле.",
    ]


def test_blank_lines_and_the_dos_end_mark_are_not_rows(read):
    source = Source(NAME, f"{FIRST}\r\n\r\n{SECOND}\r\n\x1a".encode("windows-1251"))
    upload = read(source)
    assert staged(upload, "absences", "line") == [(1,), (3,)]


def test_a_quotation_mark_in_a_name_swallows_nothing(read):
    upload = read(national(changed(FIRST, 5, '"Диана'), SECOND))
    assert upload.files[0].rows_good == 2


def test_the_same_file_in_utf_8_gives_the_same_rows(read):
    columns = "line, school, month, grade, excused, unexcused"
    here = staged(read(national(FIRST, SECOND)), "absences", columns)
    assert here == staged(read(national(FIRST, SECOND, encoding="utf-8")), "absences", columns)


def test_an_empty_file_of_a_school_asks_whether_it_had_no_absences(read):
    [report] = read(Source(NAME, b"\r\n\x1a")).files
    assert [d.code for d in report.doubts if d.code == "empty"] == ["empty"]
    assert (report.refused, report.school_codes, report.months) == (None, ["9000101"], [date(2023, 10, 1)])


def test_an_empty_file_whose_name_has_no_such_month_is_refused(read):
    [said] = refusals(read(Source("9000101_2023_13_File.txt", b"")))
    assert said == "Файлът е празен. Изтеглете го отново от системата, от която идва."


def test_a_name_with_an_impossible_month_is_not_compared(read):
    [report] = read(national(FIRST, name="9000101_2023_13_File.txt")).files
    assert (report.refused, [d.code for d in report.doubts]) == (None, ["no_register"])


def by_hand(name: str) -> list[list[str]]:
    lines = (SHARED / "samples" / "neispuo" / name).read_bytes().decode("windows-1251").split("\n")
    return [line.strip("\r").split("|") for line in lines if line.strip()]


@needs_shared
@pytest.mark.parametrize("name", ["1400842_2025_10_File.txt", "1403223_2025_10_File.txt"])
def test_every_row_of_the_samples_is_read_as_written(read, name):
    cells = by_hand(name)
    upload = read(Source.of_path(SHARED / "samples" / "neispuo" / name), today=date(2025, 11, 20))
    expected = [
        (n, c[0], int(c[8]), c[9], c[10], c[11], float(c[14].replace(",", ".")), float(c[15].replace(",", ".")))
        for n, c in enumerate(cells, start=1)
    ]
    columns = "line, school, grade, class_code, group_code, class_name, excused, unexcused"
    assert staged(upload, "absences", columns) == expected
    assert (upload.files[0].rows_read, upload.files[0].rows_rejected) == (60, 0)


@needs_shared
def test_leaving_dates_of_the_samples_are_the_same_however_their_program_writes_them(read):
    folder = SHARED / "samples" / "neispuo"
    paths = [folder / "1400842_2025_10_File.txt", folder / "1403223_2025_10_File.txt"]
    upload = read(*map(Source.of_path, paths), today=date(2025, 11, 20))
    left = upload.staging.read(
        "select file_no, line, left_on::varchar as d from staged_absences where left_on is not null order by all"
    )
    assert left.values.tolist() == [[no, line, "2025-10-15"] for no in (0, 1) for line in (29, 58)]


@needs_shared
def test_no_identifier_and_no_name_of_a_sample_is_kept(read):
    name = "1403223_2025_10_File.txt"
    upload = read(Source.of_path(SHARED / "samples" / "neispuo" / name), today=date(2025, 11, 20))
    kept = upload.staging.read("select * from staged_absences").to_string()
    private = {cell for row in by_hand(name) for cell in row[4:8]}
    assert [cell for cell in private if cell in kept] == []
