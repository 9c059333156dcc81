"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from drops import CASES_HEAD, absence, absences, case, cases, faults, numbered, register, staged_of, table

from obhvat.ingest.checking.dates import as_day, as_month

# All ways of a table are read in one drop, each in a file of its own.
DAYS = (
    *("6.11.23", "06.11.2023 г.", "6 ноември 2023", "6 ноември 2023 г.", "6-ти ноември 2023 година", "6 ноем. 23 г."),
    *("6.XI.2023", "6.ХІ.23 г.", "6. 11. 2023г.", "6,11,2023", "06-ное-2023", "6 НОЕМВРИ 2023"),
)


def test_a_day_that_can_be_read_in_one_way(read):
    upload = read(register(), *numbered(cases(case("КГ-1").replace("12.10.2023", said)) for said in DAYS))
    found = staged_of(upload, "cases", "opened_on")
    assert {said: found.get(n) for n, said in enumerate(DAYS, 1)} == {said: [(date(2023, 11, 6),)] for said in DAYS}


NO_DAYS = ("6/11/23", "23-11-06", "6.11.85", "6 11 2023", "6 нощен 2023", "ноември 2023", "31.02.23")


def test_what_may_be_several_days_or_none_is_handed_back(read):
    files = (cases(case("КГ-0"), case("КГ-1").replace("12.10.2023", said)) for said in NO_DAYS)
    upload = read(register(), *numbered(files))
    assert {said: faults(upload, n) for n, said in enumerate(NO_DAYS, 1)} == {said: [(3, "type")] for said in NO_DAYS}


def test_the_century_that_was_added_is_said(read):
    rows = (case(f"КГ-{n}").replace("12.10.2023", said) for n, said in enumerate(["6.11.23", "7.11.23", "8.11.2023"]))
    assert read(register(), cases(*rows)).files[1].notes == [
        "Годината е с две цифри в 2 клетки и е прочетена като 20.., например „25“ като 2025."
    ]


@pytest.mark.parametrize("text", ["2023-10-12", "12.10.2023", "октомври", "10", "10.2023", "2023-10-12T00:00:00"])
def test_what_is_plain_or_no_day_is_left_as_it_is(text):
    assert as_day(text) == text


MONTHS = (
    *("окт.23", "окт-23", "Oct-23", "октомври 2023", "Октомври 2023 г.", "м. октомври 2023", "October 2023", "окт'23"),
    *("окт. 2023", "X 2023", "Х.2023 г.", "15.10.2023", "2023-10-01 00:00:00", "10/31/2023"),
    *("окт", "окт.", "Oct", "ОКТОМВРИ", "месец октомври", "X", "Х", "10", "01.окт", "1-Oct"),
)


def test_a_month_as_people_and_excel_write_it(read):
    upload = read(register(), *numbered(absences(absence("дете-1", month=said)) for said in MONTHS))
    found = staged_of(upload, "absences", "month")
    assert {said: found.get(n) for n, said in enumerate(MONTHS, 1)} == {said: [(date(2023, 10, 1),)] for said in MONTHS}


@pytest.mark.parametrize(("said", "month"), [("IX", 9), ("XII", 12), ("І", 1), ("V", 5), ("Sept", 9), ("ноем.", 11)])
def test_a_month_without_its_year_is_of_the_year_of_the_file(said, month):
    assert as_month(said) == str(month)


OTHER_YEARS = ("окт.22", "Oct-24", "октомври 2022", "15.10.2022", "9.2024")


def test_a_month_of_another_year_than_its_row_goes_back(read):
    files = (absences(absence("дете-1"), absence("дете-2", month=said)) for said in OTHER_YEARS)
    upload = read(register(), *numbered(files))
    assert [said for n, said in enumerate(OTHER_YEARS, 1) if (3, "other_year") not in faults(upload, n)] == []


NO_MONTHS = ("нощ", "XIII", "окт.85", "9.10", "10.23", "32.окт", "октопод", "юл")


def test_what_is_no_month_goes_back(read):
    files = (absences(absence("дете-1"), absence("дете-2", month=said)) for said in NO_MONTHS)
    upload = read(register(), *numbered(files))
    assert {said: faults(upload, n) for n, said in enumerate(NO_MONTHS, 1)} == {
        said: [(3, "type")] for said in NO_MONTHS
    }


YES_AND_NO = {
    **dict.fromkeys(("ИСТИНА", "TRUE", "да", "Да", "✓", "✔️", "☑", "x", "Х", "1", "+", "yes"), True),
    **dict.fromkeys(("ЛЪЖА", "FALSE", "не", "Не.", "0", "☐", "no"), False),
}


def test_yes_and_no_as_people_and_excel_write_them(read):
    files = (table(f"{CASES_HEAD};Повторен", f"{case('КГ-1')};{said}") for said in YES_AND_NO)
    found = staged_of(read(register(), *numbered(files)), "cases", "repeat")
    assert {said: found.get(n) for n, said in enumerate(YES_AND_NO, 1)} == {
        said: [(is_so,)] for said, is_so in YES_AND_NO.items()
    }


NEITHER = ("✗", "–", "може би", "2")


def test_what_is_neither_yes_nor_no_goes_back(read):
    files = (table(f"{CASES_HEAD};Повторен", case("КГ-1") + ";не", f"{case('КГ-2')};{said}") for said in NEITHER)
    upload = read(register(), *numbered(files))
    assert {said: faults(upload, n) for n, said in enumerate(NEITHER, 1)} == {said: [(3, "type")] for said in NEITHER}


@pytest.mark.parametrize("number", ["2,02E+11", "2.02310E+07"])
def test_a_number_of_a_case_that_lost_digits_goes_back(read, number):
    upload = read(register(), cases(case("КГ-1"), case(number)))
    assert faults(upload, 1) == [(3, "digits_lost")]
