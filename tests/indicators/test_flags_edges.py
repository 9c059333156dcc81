"""Who is waited for, and the sentence a rule speaks, of a few children whose every hour is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest
from small_stores import (
    DECEMBER,
    JANUARY,
    OCTOBER,
    SCHOOL,
    children,
    listing,
    missed,
    names,
    on_list,
    over,
    pupil,
    put,
    register,
    sent,
    table,
)

from obhvat.indicators import default_rules, rule
from obhvat.indicators.flags import NO_CASE, NO_STEP, OLD_STEP, nobody_acted, sentence
from obhvat.indicators.measures import measures
from obhvat.scope.days import cases_known_until
from obhvat.store import Store

HOURS = rule("monthly_unexcused_hours")
CASES = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Дата на сигнала;Статус"
ACTIONS = "№ на случая;Към дата;Дата;Вид действие;№"


@pytest.fixture
def school(store: Store) -> Store:
    """The register, and the school's list of September: а, б and в in VII grade."""
    put(store, register(), listing(*map(on_list, "абв")))
    return store


# --- who acted


@pytest.fixture
def cases(school: Store) -> Store:
    """а has a case with a step 3 days before the register, б with one 20 days before, в with none; г has no case."""
    put(school, listing(*(on_list(child, "02.10.2023") for child in "абвг")))
    put(school, sent(*(missed(child, "8", JANUARY) for child in "абвг")))
    rows = [f"Т-{n};05.02.2024;{pupil(c)};отпаднал;Горно;20.11.2023;в работа" for n, c in enumerate("абв", start=1)]
    put(school, table("случаи.csv", CASES, *rows))
    steps = [f"Т-{n};05.02.2024;{day};телефонен разговор;1" for n, day in ((1, "02.02.2024"), (2, "16.01.2024"))]
    put(school, table("действия.csv", ACTIONS, *steps))
    return school


def waiting(store: Store, days: int, month: date = JANUARY) -> dict[str, str]:
    found = children(store, month)
    rows = nobody_acted(found, found["month_unexcused"] >= 5, cases_known_until(store, month, datetime.now()), days)
    return dict(zip(rows["class_name"], rows["owes"], strict=True))


def test_what_was_done_is_known_up_to_the_newest_register(cases: Store) -> None:
    assert cases_known_until(cases, JANUARY, datetime.now()) == date(2024, 2, 5)
    found = children(cases, JANUARY)
    assert [str(day)[:10] for day in found["last_action"].loc[list("абвг")]] == [
        "2024-02-02",
        "2024-01-16",
        "NaT",
        "NaT",
    ]


def test_who_acted_three_days_ago_owes_nothing(cases: Store) -> None:
    assert waiting(cases, 14) == {"б": OLD_STEP, "в": NO_STEP, "г": NO_CASE}


@pytest.mark.parametrize(("days", "who"), [(2, "абвг"), (3, "бвг"), (19, "бвг"), (20, "вг")])
def test_a_step_is_old_after_more_than_so_many_days(cases: Store, days: int, who: str) -> None:
    assert sorted(waiting(cases, days)) == sorted(who)


def test_only_who_is_over_is_waited_for(cases: Store) -> None:
    found = children(cases, JANUARY)
    nobody = nobody_acted(found, found["month_unexcused"] > 8, date(2024, 2, 5), 14)
    assert names(nobody) == []


def test_a_case_that_ended_in_a_return_is_an_earlier_one(school: Store) -> None:
    ended = {"а": "реинтегриран", "б": "в работа", "в": "в чужбина"}
    rows = [f"Т-{c};30.11.2023;{pupil(c)};отпаднал;Горно;20.10.2023;{status}" for c, status in ended.items()]
    put(school, table("случаи.csv", CASES, *rows))
    assert over(school, rule("earlier_case"), DECEMBER) == ["а"]
    assert over(school, rule("earlier_case"), OCTOBER) == []


# --- sentences


def test_every_rule_has_a_whole_sentence(demo_store: Store) -> None:
    rows = measures(demo_store, JANUARY, datetime.now())
    values = {"hours": 7.5, "days": 4.0, "percent": 25.0, "mark": 2.25, "subjects": 1.0, "years": 2.0, "cases": 1.0}
    row = rows.iloc[0].copy()
    row["absent"], row["possible"], row["subject"] = 60.0, 485.0, "Химия"
    row["list_before"], row["list_now"] = pd.Timestamp("2023-09-15"), pd.Timestamp("2024-01-31")
    shown = {"hours": "7,5", "days": "4", "percent": "25", "mark": "2,25", "subjects": "1", "years": "2", "cases": "1"}
    for one in default_rules():
        row[one.measure] = values.get(one.unit, 1.0)
        said = sentence(one, row, JANUARY)
        assert not re.search(r"[{}a-z]", said), said
        if one.unit != "times":
            assert shown[one.unit] in said
        if one.unit not in ("times", "cases"):
            assert f"при праг „{one.words}“" in said


def test_the_sentence_says_value_threshold_and_month(school: Store) -> None:
    put(school, sent(missed("а", "7,5")))
    row = children(school).loc[("а", SCHOOL)]
    assert sentence(HOURS, row, OCTOBER) == "7,5 неизвинени часа през октомври 2023 г. при праг „5 и повече часа“"
    assert sentence(replace(HOURS, operator=">", value=6.5), row, OCTOBER).endswith("при праг „повече от 6,5 часа“")


def test_the_sentence_of_a_share_says_of_how_much(school: Store) -> None:
    put(school, sent(missed("а", "10", excused="5")))
    row = children(school).loc[("а", SCHOOL)]
    assert sentence(rule("chronic_absence"), row, OCTOBER) == (
        "отсъствал е 12,5 % от възможните часове (15 от 120) от началото на учебната година при праг „10 % и повече“"
    )
