"""The statutory clock on days before, on and after its terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from small_oblast import SCHOOLS, absences, cases, inspections, proposals, register, submissions
from small_oblast import put as put_at
from store_files import copy_store
from viewers import expert

from obhvat.demo.writers import DemoFile
from obhvat.ingest import Source
from obhvat.meeting.clock import duties
from obhvat.meeting.decisions import change
from obhvat.metrics import figure
from obhvat.periods import Period, month_period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = Period(2023, "term", 1)
ALL_SIGNED = dict.fromkeys(SCHOOLS, True)


def put(store: Store, *sources: Source) -> None:
    put_at(store, *sources, at=datetime(2024, 3, 1))


@pytest.fixture(scope="module")
def empty(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty store that all tests of what the law says look at: what was counted for one day is kept for the next."""
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("empty"))) as opened:
        yield opened


def clock(store: Store, day: date) -> pd.DataFrame:
    return duties(store, day, datetime(2024, 6, 30), TERM)


def of_title(found: pd.DataFrame, words: str) -> list[tuple[date, int, str]]:
    rows = found[found["title"].str.contains(words)]
    return [(row["due"], row["days_left"], row["state"]) for _, row in rows.iterrows()]


@pytest.mark.parametrize(
    ("day", "left", "state"),
    [
        (date(2023, 11, 15), 15, "later"),
        (date(2023, 11, 16), 14, "soon"),
        (date(2023, 11, 29), 1, "soon"),
        (date(2023, 11, 30), 0, "today"),
        (date(2023, 12, 1), -1, "past"),
        (date(2023, 12, 14), -14, "past"),
    ],
)
def test_the_report_of_november(empty: Store, day: date, left: int, state: str) -> None:
    assert of_title(clock(empty, day), "Отчет до МОН") == [(date(2023, 11, 30), left, state)]


@pytest.mark.parametrize("day", [date(2023, 9, 30), date(2023, 12, 15)])
def test_the_report_is_not_named_too_early_or_too_late(empty: Store, day: date) -> None:
    assert of_title(clock(empty, day), "Отчет до МОН") == []


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("Отразяване в ИСРМ", date(2023, 10, 5)),
        ("Обхващане и записване", date(2023, 10, 30)),
        ("Отчет до МОН", date(2024, 4, 30)),
        ("Край на I срок", date(2024, 2, 5)),
        ("Край на учебната година", date(2024, 6, 28)),
        ("Подадени и подписани отсъствия за януари 2024", date(2024, 2, 4)),
        ("Потвърждаване на списъка на АСП за декември 2023", date(2024, 1, 28)),
    ],
)
def test_every_term_comes_on_its_day(empty: Store, words: str, due: date) -> None:
    assert of_title(clock(empty, due), words) == [(due, 0, "today")]


def test_a_term_on_a_day_off_says_the_last_working_day_before_it(empty: Store) -> None:
    found = clock(empty, date(2024, 11, 20))
    [note] = found.loc[found["title"].str.contains("Отчет до МОН"), "note"]
    assert note == "неработен ден; последният работен ден преди него е 29.11.2024 г."


def test_in_summer_the_clock_looks_into_the_next_year(empty: Store) -> None:
    assert of_title(clock(empty, date(2024, 8, 10)), "Отразяване в ИСРМ") == [(date(2024, 10, 5), 56, "later")]


def campaign(store: Store, day: date, month: str) -> str:
    found = clock(store, day)
    [note] = found.loc[found["title"] == f"Подадени и подписани отсъствия за {month}", "note"]
    return note


def test_who_has_sent_and_signed_is_counted(store: Store) -> None:
    put(store, register(), submissions(10, {"9000101": True, "9000102": False, "9000201": True}))
    note = campaign(store, date(2023, 11, 3), "октомври 2023 г.")
    assert note == "от 1 до 4 ноември; подадени от 3 от 4 училища; неподписани: 1"


def test_a_finished_campaign_is_not_named_when_it_is_past(store: Store) -> None:
    put(store, register(), submissions(10, ALL_SIGNED))
    assert of_title(clock(store, date(2023, 11, 4)), "отсъствия за октомври") == [(date(2023, 11, 4), 0, "today")]
    assert of_title(clock(store, date(2023, 11, 5)), "отсъствия за октомври") == []


def test_an_unfinished_campaign_stays_until_it_is_done(store: Store) -> None:
    put(store, register(), submissions(9, {"9000101": True}), submissions(10, ALL_SIGNED | {"9000101": False}))
    assert of_title(clock(store, date(2023, 11, 20)), "отсъствия за октомври") == [(date(2023, 11, 4), -16, "past")]
    assert "непълен е и 1 месец преди него" in campaign(store, date(2023, 11, 20), "октомври 2023 г.")


def test_the_campaign_is_the_figure_of_submissions(demo_store: Store, demo_files: list[DemoFile]) -> None:
    known_at = max(f.at for f in demo_files)
    found = duties(demo_store, date(2024, 2, 5), known_at, TERM)
    [note] = found.loc[found["title"].str.contains("отсъствия за януари 2024"), "note"]
    january = month_period(date(2024, 1, 1))
    sent, nurseries = (
        figure(demo_store, name, january, Scope(known_at=known_at))
        for name in ("submissions", "kindergarten_submissions")
    )
    assert f"от {sent.n} от {sent.d} училища и от {nurseries.n} от {nurseries.d} детски градини" in note


def test_a_decision_is_due_until_it_is_done(store: Store) -> None:
    said = [(1, "Данни за санкциите", "прието", date(2024, 2, 29)), (2, "Общ чат", "предложено", date(2024, 2, 29))]
    put(store, proposals(date(2023, 10, 4), said))
    found = clock(store, date(2024, 3, 13))
    found = found[found["of"] == "decision"]
    assert found[["due", "title", "who", "days_left", "state"]].to_numpy().tolist() == [
        [date(2024, 2, 29), "Данни за санкциите", "общини", -13, "past"]
    ]
    assert found["note"].iloc[0] == "прието; закъснява с 8 работни дни"
    change(store, "2023-10-04-1", state="done", viewer=expert("Мария"), at=datetime(2024, 3, 1))
    assert (clock(store, date(2024, 3, 13))["of"] != "decision").all()


def test_findings_are_named_by_school_until_closed(store: Store) -> None:
    late, done = date(2023, 11, 10), date(2023, 11, 8)
    made: list[tuple[str, date, str, date | None, date | None]] = [
        ("9000101", date(2023, 10, 10), "невписани отсъствия", late, None),
        ("9000102", date(2023, 10, 11), "невписани отсъствия", date(2023, 11, 17), None),
        ("9000201", date(2023, 10, 12), "невписани отсъствия", late, done),
        ("9000202", date(2024, 1, 12), "невписани отсъствия", date(2024, 3, 20), None),
    ]
    put(store, register(), inspections(made))
    found = clock(store, date(2024, 3, 13))
    found = found[found["of"] == "finding"]
    assert found[["due", "title", "state"]].to_numpy().tolist() == [
        [late, "Препоръки от проверки с изтекъл срок: 2", "past"],
        [date(2024, 3, 20), "Препоръки от проверки: 1", "soon"],
    ]
    assert found["note"].iloc[0].startswith("СУ „9000101“, гр. Каменград и СУ „9000102“, гр. Каменград;")


def test_cases_are_counted_and_never_named(store: Store) -> None:
    statuses: Mapping[str, str] = {"КГ-001": "в работа", "КГ-002": "в работа", "ВД-001": "реинтегриран"}
    put(store, register(), cases(date(2024, 1, 31), statuses), absences("9000101", 10, [7]))
    found = clock(store, date(2024, 3, 13))
    [row] = found[found["of"] == "cases"].to_dict("records")
    assert row["title"] == "Стъпки с изтекъл срок: по 2 случая"
    assert "КГ" not in str(found.to_dict("records"))


def test_an_empty_store_has_only_what_the_law_says(empty: Store) -> None:
    found = clock(empty, date(2024, 3, 13))
    assert set(found["of"]) == {"law"}
    assert list(found["due"]) == sorted(found["due"])
    assert (found["days_left"] <= 60).all()
