"""Every rule a row must pass: one bad row each, and what its sender is told."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import pandas as pd
import pytest
from bad_rows import CASES, GOOD, GOOD_CASE, GOOD_ROUND, OF_COLUMN, OF_RULE, SECOND_GOOD, SHARES_HEAD, Bad
from drops import (
    ABSENCES_HEAD,
    EGN,
    ROUNDS_HEAD,
    TODAY,
    absence,
    absences,
    case,
    cases,
    faults,
    register,
    staged,
    table,
)

from obhvat.ingest import FileReport, Source, read_files
from obhvat.ingest.checking.messages import RULE_WORDS, RULES, month_words
from obhvat.texts import grade_words


def drop_of(one: Bad) -> tuple[Source, ...]:
    """The bad row on line 3, between two good ones."""
    return (*one.others, table(one.head, one.good, one.bad, SECOND_GOOD[one.head], name="проба.csv"))


def test_every_rule_has_its_bad_row():
    assert {one.rule for one in CASES} == set(RULES) - OF_COLUMN


def test_every_rule_is_explained_on_the_help_page():
    assert list(RULE_WORDS) == list(RULES)


class AsRead(NamedTuple):
    """What became of the bad row of a rule and of the good ones around it."""

    report: FileReport
    rejected: pd.DataFrame
    returned: pd.DataFrame


@cache
def as_read(rule: str) -> AsRead:
    one = OF_RULE[rule]
    upload = read_files(drop_of(one), None, today=TODAY)
    try:
        number = len(one.others)
        return AsRead(upload.files[-1], upload.rejected(number), upload.rejected_rows(number))
    finally:
        upload.close()


@pytest.mark.parametrize("rule", OF_RULE)
def test_a_bad_row_is_handed_back_with_line_column_value_and_what_to_do(rule):
    one = OF_RULE[rule]
    found = as_read(rule).rejected
    told = [tuple(None if v != v else v for v in row) for row in found.itertuples(index=False, name=None)]
    assert told == [(3, one.column, one.value, rule, one.said)]


@pytest.mark.parametrize("rule", OF_RULE)
def test_the_good_rows_around_a_bad_one_are_accepted(rule):
    report = as_read(rule).report
    assert (report.refused, report.rows_read, report.rows_good, report.rows_rejected) == (None, 3, 2, 1)
    assert report.dataset is not None


@pytest.mark.parametrize("rule", OF_RULE)
def test_the_returned_file_has_the_bad_row_with_the_reason_last(rule):
    rows = as_read(rule).returned
    assert (rows["Ред във файла"].tolist(), rows.iloc[0, -1]) == ([3], OF_RULE[rule].said)


def test_a_row_may_break_several_rules(read):
    upload = read(absences(GOOD, absence("дете-2", "-1,25").replace(";7;", ";много;")))
    assert sorted(faults(upload)) == [(3, "halves"), (3, "negative"), (3, "type")]


def test_as_much_as_the_month_allows_is_accepted(read):
    upload = read(absences("9000101;2023/2024;10;дете-1;7;7а;100;60"))
    assert staged(upload, "absences", "excused, unexcused") == [(100.0, 60.0)]


def test_preschool_groups_may_miss_as_many_days_as_were_taught(read):
    row = "9000151;2023/2024;10;{};четвърта група;Слънчо;{};0"
    upload = read(absences(row.format("дете-1", "20"), row.format("дете-2", "20,5")))
    assert faults(upload) == [(3, "month_limit")]


@pytest.mark.parametrize("value", ["123456789", "99999999999999"])
def test_a_number_too_large_to_keep_is_unreadable(read, value):
    upload = read(absences(*(absence(f"дете-{n}") for n in range(8)), absence("дете-9", value)))
    assert (10, "type") in faults(upload)
    assert upload.files[0].rows_good == 8


def test_a_class_of_more_children_than_there_are_people_is_out_of_range(read):
    head = "Код по НЕИСПУО;Учебна година;Месец;Паралелка;Брой ученици;По уважителни причини;По неуважителни причини"
    row = "9000101;2023/2024;10;{};{};10;1"
    upload = read(table(head, row.format("7а", "22"), row.format("7б", "99999999"), name="по паралелки.csv"))
    assert faults(upload) == [(3, "range")]


@pytest.mark.parametrize("year", ["0", "-1", "123456"])
def test_an_impossible_calendar_year_makes_the_month_unreadable(read, year):
    head = ABSENCES_HEAD.replace("Учебна година", "Календарна година")
    good, bad = GOOD.replace("2023/2024", "2023"), absence("дете-2").replace("2023/2024", year)
    assert faults(read(table(head, good, bad))) == [(3, "type")]


@pytest.mark.parametrize("written", ["01.01.0000", "18.09.0203", "31.12.9999", "0000-01-01"])
def test_a_date_centuries_away_is_unreadable(read, written):
    upload = read(table(ROUNDS_HEAD, GOOD_ROUND, f"О-2;{written};Каменград;РУО;3"))
    assert faults(upload) == [(3, "type")]
    assert upload.files[0].months == [date(2023, 10, 1)]


@pytest.mark.parametrize("number", ["01.12.2023", "2023-12-01", "12,2", "12.2", "дек.23", "Dec-23", "1.дек"])
def test_what_excel_makes_of_a_number_of_a_case_goes_back(read, number):
    assert faults(read(cases(GOOD_CASE, case(number)))) == [(3, "became_date")]


@pytest.mark.parametrize("number", ["12", "12-1", "12/2", "12-2023", "КГ-2023-12", "12.2023", "РД-12.2"])
def test_a_number_of_a_case_as_it_was_written_is_accepted(read, number):
    upload = read(cases(GOOD_CASE, case(number)))
    assert staged(upload, "cases", "number")[1] == (number,)


def test_a_percent_of_one_is_one_where_the_counts_beside_it_say_so(read):
    row = "9000101;2023/2024;I срок;дете-1;7а;Математика;1;100;1"
    assert staged(read(table(SHARES_HEAD, row)), "subject_absences", "share") == [(1,)]


def test_the_month_of_today_is_not_in_the_future(read):
    assert read(absences(absence("дете-1", month="03"))).files[0].rows_good == 1


def test_a_dash_for_a_figure_that_is_not_required_is_missing(read):
    head = f"{ROUNDS_HEAD};Открити деца"
    upload = read(table(head, f"{GOOD_ROUND};–", f"{GOOD_ROUND.replace('О-1', 'О-2')};7"))
    assert staged(upload, "rounds", "found") == [(None,), (7,)]


def test_a_dash_for_a_required_figure_is_an_empty_cell(read):
    assert faults(read(absences(GOOD, absence("дете-2", "–")))) == [(3, "required")]


def test_without_a_register_codes_are_not_checked(read):
    assert read(absences(absence("дете-1", school="9999999"))).files[0].rows_good == 1


def test_a_kindergarten_teaches_no_grades(read):
    upload = read(register(), absences(absence("дете-1", school="9000151"), absence("дете-2", school="9000151")))
    assert (
        upload.rejected(1)["reason"].tolist()
        == ["Випуск „7“ не се учи в това училище (предучилищна група). Проверете випуска или кода на училището."] * 2
    )


def test_an_identifier_in_place_of_a_municipality_is_refused_without_a_register(read):
    rows = [case(f"КГ-{n}") for n in range(8)]
    upload = read(cases(*rows, case("КГ-9", EGN)))
    assert faults(upload) == [(10, "identifier")]


@pytest.mark.parametrize(
    ("grade", "words"), [(1, "I клас"), (7, "VII клас"), (12, "XII клас"), (-6, "предучилищна група")]
)
def test_grades_in_words(grade, words):
    assert grade_words(grade) == words


@pytest.mark.parametrize(("iso", "words"), [("2023-10-01", "октомври 2023"), ("2024-01-01", "януари 2024"), (None, "")])
def test_months_in_words(iso, words):
    assert month_words(iso) == words
