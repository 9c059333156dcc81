"""Repeated checks and their reasons: from the demonstration's raw files, and one reason at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pandas as pd
import pytest
from recount.known import span
from recount.whole import Recount
from small_registers import AT, FIRST, SECOND, TERM, absences, check, checks, listing, put, register, school

from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import findings
from obhvat.inspections.repeats import WHY, repeats
from obhvat.metrics import figure
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

NOW = parse_period("2023-I")


@pytest.mark.parametrize("key", ["2022-I", "2022-II", "2023-I"])
def test_repeats_are_those_of_the_files(demo_store: Store, demo_recount: Recount, key: str) -> None:
    rows = repeats(demo_store, parse_period(key), Scope())
    by_files = demo_recount.at(datetime.now()).checks.repeats(span(key))
    assert dict(zip(rows["number"], rows["why"], strict=True)) == {row["number"]: row["why"] for row in by_files}


def test_the_press_release(demo_store: Store) -> None:
    """53 checks in 38 schools: 15 of them repeats."""
    rows = repeats(demo_store, NOW, Scope())
    assert len(rows) == 53 - 38
    whole, *parts = (figure(demo_store, f"checks_repeated{why}", NOW).n for why in ("", *(f"_for_{w}" for w in WHY)))
    assert (whole, sum(n or 0 for n in parts)) == (15, 15)
    assert set(rows["why"]) <= set(WHY)
    assert rows["words"].str.startswith("Предишната проверка (").all()


def test_a_year_has_repeats_that_its_terms_do_not(demo_store: Store) -> None:
    year, *terms = (repeats(demo_store, parse_period(key), Scope()) for key in ("2022", "2022-I", "2022-II"))
    assert set(year["number"]) > {number for term in terms for number in term["number"]}


@pytest.mark.parametrize("answer", [repeats, diary_gap, partial(findings, day=date(2024, 2, 5))])
def test_a_municipality_has_its_part_of_the_oblast(demo_store: Store, answer: Callable[..., pd.DataFrame]) -> None:
    whole = answer(demo_store, NOW, Scope())
    part = answer(demo_store, NOW, Scope(municipality="Ведрово"))
    assert 0 < len(part) < len(whole)
    pd.testing.assert_frame_equal(part, whole[whole["municipality"] == "Ведрово"].reset_index(drop=True))


# --- one reason at a time


def why(store: Store, *rows: str) -> list[tuple[str, str]]:
    put(store, register(), checks(*rows))
    return list(repeats(store, TERM, AT)[["number", "why"]].itertuples(index=False, name=None))


def test_a_single_check_repeats_nothing(store: Store) -> None:
    assert why(store, check(1, "02.10.2023"), check(2, "03.10.2023", SECOND)) == []


def test_what_was_left_open_is_a_reason(store: Store) -> None:
    """Of the first check of each school; the second is of 6 November."""
    left: list[tuple[dict[str, Any], str]] = [
        ({"finding": "нещо"}, "finding"),
        ({"recommendation": "нещо"}, "finding"),
        ({"finding": "нещо", "closed": "05.11.2023"}, "neither"),
        ({"finding": "нещо", "closed": "06.11.2023"}, "finding"),
        ({"finding": "нещо", "closed": "20.11.2023"}, "finding"),
        ({}, "neither"),
    ]
    codes = [f"92002{n:02}" for n in range(len(left))]
    rows = [
        row
        for n, (code, (first, _)) in enumerate(zip(codes, left, strict=True))
        for row in (check(10 + n, "02.10.2023", code, **first), check(20 + n, "06.11.2023", code))
    ]
    put(store, register(*(school(code, f"ОУ „{code}“") for code in codes)), checks(*rows))
    found = repeats(store, TERM, AT).set_index("number")["why"].to_dict()
    assert found == {f"П-{20 + n}": reason for n, (_, reason) in enumerate(left)}


def test_only_the_check_before_counts(store: Store) -> None:
    rows = check(1, "02.10.2023", finding="нещо"), check(2, "06.11.2023"), check(3, "04.12.2023")
    assert why(store, *rows) == [("П-2", "finding"), ("П-3", "neither")]


def test_a_check_that_names_another_repeats_that_one(store: Store) -> None:
    rows = check(1, "02.10.2023", finding="нещо"), check(2, "06.11.2023"), check(3, "04.12.2023", repeat_of="П-1")
    assert why(store, *rows)[1] == ("П-3", "finding")


def test_the_first_check_of_the_period_is_a_repeat_when_it_says_so(store: Store) -> None:
    put(store, checks(check(1, "14.06.2023", finding="нещо"), name="преди.csv"), register(), at=datetime(2023, 6, 30))
    assert why(store, check(2, "02.10.2023", repeat_of="П-1"), check(3, "03.10.2023", SECOND)) == [("П-2", "finding")]
    assert repeats(store, TERM, AT)["previous_date"].tolist() == [pd.Timestamp("2023-06-14")]


def test_a_repeat_of_an_unknown_check_says_so(store: Store) -> None:
    assert why(store, check(2, "02.10.2023", repeat_of="П-1")) == [("П-2", "neither")]
    [words] = repeats(store, TERM, AT)["words"]
    assert words.startswith("Предишната проверка не е известна, а за септември 2023 г. няма данни")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ((7, 0), (0, 0), "risk"),
        ((0, 0), (7, 0), "neither"),
        ((7, 0), (7, 0), "neither"),
        ((4.5, 0), (4.5, 0), "neither"),
    ],
    ids=["above", "below", "equal", "nobody over"],
)
def test_a_share_above_the_oblasts_in_the_month_before_is_risk(
    store: Store, first: tuple[float, ...], second: tuple[float, ...], reason: str
) -> None:
    october = date(2023, 10, 1)
    put(store, register(), listing(FIRST, 2), listing(SECOND, 2))
    put(store, absences(FIRST, october, first), absences(SECOND, october, second))
    assert why(store, check(1, "02.10.2023"), check(2, "06.11.2023")) == [("П-2", reason)]


def test_the_month_of_the_check_itself_is_not_looked_at(store: Store) -> None:
    put(store, register(), listing(FIRST, 2), listing(SECOND, 2))
    months = ((date(2023, 10, 1), (0, 0)), (date(2023, 11, 1), (9, 9)))
    put(store, *(f for month, n in months for f in (absences(FIRST, month, n), absences(SECOND, month, (1, 6)))))
    assert why(store, check(1, "02.10.2023"), check(2, "06.11.2023"))[0][1] == "neither"


def test_suspicious_records_are_risk(store: Store) -> None:
    put(store, register(), listing(FIRST, 30), listing(SECOND, 30))
    put(store, absences(FIRST, date(2023, 10, 1), (0,)), absences(SECOND, date(2023, 10, 1), (6, 6)))
    assert why(store, check(1, "02.10.2023"), check(2, "06.11.2023")) == [("П-2", "risk")]
    assert "нито едно неизвинено отсъствие" in repeats(store, TERM, AT)["words"].iloc[0]


def test_reasons_are_counted(store: Store) -> None:
    rows = (
        check(1, "02.10.2023", finding="нещо"),
        check(2, "06.11.2023", finding="друго"),
        check(3, "04.12.2023"),
        check(4, "05.12.2023"),
    )
    put(store, register(), checks(*rows))
    for why, n, schools in (("finding", 2, 1), ("risk", 0, 0), ("neither", 1, 1)):
        made, checked = (figure(store, f"{of}_repeated_for_{why}", TERM, AT) for of in ("checks", "schools"))
        assert (made.n, made.d, checked.n, checked.d) == (n, 3, schools, 3), why
    assert (figure(store, "schools_repeated", TERM, AT).n, figure(store, "checks_repeated", TERM, AT).n) == (1, 3)


def test_a_store_without_checks_has_no_repeats(store: Store) -> None:
    assert repeats(store, TERM, AT).empty
    assert figure(store, "checks_repeated", TERM, AT).n is None
