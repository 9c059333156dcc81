"""Dates as their column means them: which number is the month, and of which day a time is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from drops import CASES_HEAD, TODAY, faults, numbered, staged, table

from obhvat.ingest import Source, Upload, read_files
from obhvat.ingest.reading import text

FIRST, SECOND, LAST = date(2023, 10, 12), date(2023, 11, 25), date(2023, 9, 20)


def of(*dates: str, name: str = "случаи.csv") -> Source:
    return table(
        CASES_HEAD, *(f"КГ-{n};05.02.2024;отпаднал;Каменград;{d};в работа" for n, d in enumerate(dates)), name=name
    )


@pytest.fixture
def read() -> Iterator[Any]:
    uploads: list[Upload] = []

    def of_files(*sources: Source) -> Upload:
        uploads.append(read_files(sources, None, today=TODAY))
        return uploads[-1]

    yield of_files
    for upload in uploads:
        upload.close()


def days(upload: Upload, file_no: int = 0) -> list[date]:
    rows = upload.staging.read(f"select opened_on from staged_cases where file_no = {file_no} order by line")
    return [day.date() for day in rows["opened_on"]]


@pytest.mark.parametrize(
    "dates",
    [
        ("10/12/2023", "11/25/2023", "9/20/2023"),
        ("10/12/23", "11/25/23", "9/20/23"),
        ("10-12-2023", "11-25-2023", "09-20-2023"),
        ("10/12/2023 0:00", "11/25/2023 0:00", "9/20/2023 0:00"),
        ("10/12/2023 12:00:00 AM", "11/25/2023 12:00:00 AM", "9/20/2023 12:00:00 AM"),
    ],
)
def test_where_one_date_can_only_be_month_first_all_are(read, dates):
    upload = read(of(*dates))
    assert days(upload) == [FIRST, SECOND, LAST]
    said = "Датите в „Дата на сигнала“ са месец/ден, както личи от някои от тях; прочетени така: 3 дати."
    assert said in upload.files[0].notes


def test_times_in_halves_of_a_day_are_american(read):
    assert days(read(of("10/12/2023 9:30 AM", "9/8/2023 1:05 PM"))) == [FIRST, date(2023, 9, 8)]


@pytest.mark.parametrize(
    "dates",
    [
        ("12/10/2023", "25/11/2023", "20/9/2023"),
        ("12-10-2023", "25-11-2023 г.", "20-09-2023 14:05 ч."),
        ("12/10/2023 9:30 AM", "25/11/2023", "20/09/2023"),
    ],
)
def test_where_one_date_can_only_be_day_first_all_are(read, dates):
    upload = read(of(*dates))
    assert days(upload) == [FIRST, SECOND, LAST]
    assert not any("месец/ден" in note for note in upload.files[0].notes)


def test_a_column_with_proof_of_neither_is_day_first_and_it_is_said(read):
    upload = read(of("12/10/2023", "05/11/2023", "03.11.2023", "10/10/2023"))
    assert days(upload) == [FIRST, date(2023, 11, 5), date(2023, 11, 3), date(2023, 10, 10)]
    said = "В „Дата на сигнала“ може да са и месец/ден, но са прочетени като ден/месец: 2 дати."
    assert said in upload.files[0].notes


def test_a_column_with_proof_of_both_goes_back(read):
    upload = read(of("25/11/2023", "11/25/2023", "10/12/2023", "20.09.2023", "2023-10-12", "9/9/2023"))
    assert faults(upload) == [(2, "day_month"), (3, "day_month"), (4, "day_month")]
    assert days(upload) == [LAST, FIRST, date(2023, 9, 9)]
    assert "има и ден/месец, и месец/ден" in upload.rejected(0)["reason"][0]


def test_each_file_and_each_column_has_its_own_order(read):
    american, ours = of("10/12/2023", "11/25/2023"), of("12/10/2023", "25/11/2023", name="други.csv")
    upload = read(american, ours)
    assert (days(upload, 0), days(upload, 1)) == ([FIRST, SECOND], [FIRST, SECOND])
    head = f"{CASES_HEAD};Дата на отпадане"
    rows = (
        f"КГ-{n};05.02.2024;отпаднал;Каменград;{d};в работа;10.10.2023"
        for n, d in enumerate(("10/12/2023", "11/25/2023"))
    )
    upload = read(table(head.replace("Дата на отпадане", "Статус от дата"), *rows))
    assert staged(upload, "cases", "opened_on, status_on") == [
        (FIRST, date(2023, 10, 10)),
        (SECOND, date(2023, 10, 10)),
    ]


def test_what_goes_back_says_its_date_without_its_column(read):
    rows = (
        "КГ-1;05.02.2024;отпаднал;Каменград;10/12/2023;без статус",
        "КГ-2;05.02.2024;отпаднал;Каменград;11/25/2023;в работа",
    )
    upload = read(table(CASES_HEAD, *rows))
    assert upload.rejected_rows(0)["Дата на сигнала"].tolist() == ["12.10.2023"]


def test_an_impossible_date_is_no_date(read):
    assert faults(read(of("13/13/2023", "31/02/2023", "32/01/2023"))) == [(2, "type"), (3, "type"), (4, "type")]


MOMENTS = {
    "2023-10-12T00:00:00+03:00": FIRST,
    "2023-10-11T21:00:00Z": FIRST,
    "2023-10-11 21:00:00 UTC": FIRST,
    "2023-10-11T20:59:59Z": date(2023, 10, 11),
    "2023-11-02T22:00:00Z": date(2023, 11, 3),
    "2023-11-02T21:59:59.999Z": date(2023, 11, 2),
    "2023-10-29T00:30:00.000Z": date(2023, 10, 29),
    "2023-10-11 21:00:00+00": FIRST,
    "2023-10-12T05:00:00+0900": date(2023, 10, 11),
    "2023-10-11T21:00:00,5+00:00": FIRST,
    "2023-10-12T10:00:00.000": FIRST,
    "2023/10/12": FIRST,
    "2023.10.12": FIRST,
}


def test_a_time_of_another_zone_is_of_the_day_it_was_here(read):
    upload = read(*numbered(of(moment) for moment in MOMENTS))
    assert {moment: days(upload, n) for n, moment in enumerate(MOMENTS)} == {m: [day] for m, day in MOMENTS.items()}


def test_a_zone_is_said(read):
    notes = read(of("2023-10-11T21:00:00Z", "2023-11-02T22:00:00Z", "20.09.2023")).files[0].notes
    assert "Часовете в „Дата на сигнала“ са по друг часови пояс; взет е денят по българско време: 2 дати." in notes


def test_midnights_of_greenwich_without_a_zone_are_known_by_all_of_them(read):
    upload = read(of("2023-10-11 21:00:00", "2023-11-24 22:00:00", "2023-09-19 21:00:00"))
    assert days(upload) == [FIRST, SECOND, LAST]
    assert any("записана по Гринуич" in note for note in upload.files[0].notes)
    assert days(read(of("2023-10-12 21:00:00", "2023-11-25 21:00:00"))) == [FIRST, SECOND]
    assert days(read(of("2023-10-12 00:00:00", "2023-11-25 00:00:00"))) == [FIRST, SECOND]


def test_the_order_of_a_long_file_may_stand_at_its_end(read, monkeypatch):
    monkeypatch.setattr(text, "_BLOCK", 600)
    upload = read(of(*["10/12/2023"] * 60, "11/25/2023"))
    assert set(days(upload)) == {FIRST, SECOND}
    assert upload.files[0].rows_good == 61


def test_a_month_may_be_an_american_date(read):
    head = "Код по НЕИСПУО;Месец;Паралелка;Брой ученици;По уважителни причини;По неуважителни причини"
    source = table(head, "9000101;10/1/2023;7а;20;1;2", "9000101;10/31/2023;7б;20;1;2", name="по паралелки.csv")
    assert staged(read(source), "class_absences", "month") == [(date(2023, 10, 1),)] * 2


@pytest.mark.parametrize(
    ("as_of", "opened_on", "day"),
    [
        ("12/31/2023", "10/11/2023", date(2023, 10, 11)),
        ("12/31/23", "10/11/23", date(2023, 10, 11)),
        ("31/12/2023", "10/11/2023", date(2023, 11, 10)),
        ("31.12.2023", "10/11/2023", date(2023, 11, 10)),
    ],
)
def test_a_column_that_does_not_tell_is_as_another_of_the_file(read, as_of, opened_on, day):
    upload = read(table(CASES_HEAD, f"КГ-1;{as_of};отпаднал;Каменград;{opened_on};в работа"))
    assert days(upload) == [day]
    said = "Датите в „Дата на сигнала“ са месец/ден като в друга колона на файла; прочетени така: 1 дата."
    assert (said in upload.files[0].notes) == (day.month == 10)
