"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from drops import case, cases, faults, register, staged

from obhvat.ingest.checking.dates import as_day


@pytest.mark.parametrize(
    "said",
    [
        *(
            "6.11.23",
            "06.11.2023 г.",
            "6 ноември 2023",
            "6 ноември 2023 г.",
            "6-ти ноември 2023 година",
            "6 ноем. 23 г.",
        ),
        *("6.XI.2023", "6.ХІ.23 г.", "6. 11. 2023г.", "6,11,2023", "06-ное-2023", "6 НОЕМВРИ 2023"),
    ],
)
def test_a_day_that_can_be_read_in_one_way(read, said):
    upload = read(register(), cases(case("КГ-1").replace("12.10.2023", said)))
    assert staged(upload, "cases", "opened_on") == [(date(2023, 11, 6),)]


@pytest.mark.parametrize(
    "said", ["6/11/23", "23-11-06", "6.11.85", "6 11 2023", "6 нощен 2023", "ноември 2023", "31.02.23"]
)
def test_what_may_be_several_days_or_none_is_handed_back(read, said):
    upload = read(register(), cases(case("КГ-0"), case("КГ-1").replace("12.10.2023", said)))
    assert faults(upload, 1) == [(3, "type")]


def test_the_century_that_was_added_is_said(read):
    rows = (case(f"КГ-{n}").replace("12.10.2023", said) for n, said in enumerate(["6.11.23", "7.11.23", "8.11.2023"]))
    assert read(register(), cases(*rows)).files[1].notes == [
        "Годината е с две цифри в 2 клетки и е прочетена като 20..: 6.11.25 е 06.11.2025."
    ]


@pytest.mark.parametrize("text", ["2023-10-12", "12.10.2023", "октомври", "10", "10.2023", "2023-10-12T00:00:00"])
def test_what_is_plain_or_no_day_is_left_as_it_is(text):
    assert as_day(text) == text
