"""The slides of places, reasons, those who stayed and sanctions say what the metric layer says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from store_files import copy_store

from obhvat.disclosure import SMALLEST_SHOWN
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import KEYS, Slide
from obhvat.meeting.slides import slides
from obhvat.metrics import Figure
from obhvat.periods import Period
from obhvat.store import Store
from obhvat.texts import number

HELD = Meeting(0, date(2024, 2, 5), Period(2023, "term", 1), "", KEYS)


@pytest.fixture(scope="module")
def store(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(copy_store(demo_path, tmp_path_factory.mktemp("slides")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def deck(store: Store) -> dict[str, Slide]:
    return {slide.key: slide for slide in slides(store, HELD, "members")}


def figure_of(store: Store, metric_id: str) -> Figure:
    return meeting_figure(store, metric_id, HELD, store.now())


def test_reasons_add_up_to_the_cases(store: Store, deck: dict[str, Slide]) -> None:
    total = figure_of(store, "cases_total")
    assert sum(int(n) for _, n in deck["reasons"].rows) == total.n
    assert [value for _, value in deck["reasons"].data] == [float(n) for _, n in deck["reasons"].rows]


def test_the_commonest_reason_is_said_with_its_number(store: Store, deck: dict[str, Slide]) -> None:
    name, n = deck["reasons"].rows[0]
    assert name.lower() in deck["reasons"].sentence
    assert n in deck["reasons"].sentence.split()
    assert int(n) == max(int(of) for _, of in deck["reasons"].rows)


def test_who_stayed_is_of_those_whose_days_have_passed(store: Store, deck: dict[str, Slide]) -> None:
    n = {
        what: int(figure_of(store, f"returns_{what}_30").n or 0) for what in ("stayed", "left", "unknown", "too_early")
    }
    due = n["stayed"] + n["left"] + n["unknown"]
    assert deck["stayed"].figure == f"{n['stayed']} от {due}"
    assert [row[1] for row in deck["stayed"].rows] == [str(value) for value in n.values()]
    assert due + n["too_early"] == figure_of(store, "returns_stayed_30").d


def test_sanctions_are_those_of_the_municipalities(store: Store, deck: dict[str, Slide]) -> None:
    names = ("sanction_reports", "sanction_acts", "sanction_penalties", "allowances_stopped")
    figures = [figure_of(store, name) for name in names]
    assert [row[:2] for row in deck["sanctions"].rows] == [(of.metric.name, number(of.n)) for of in figures]
    penalties, stopped = figures[2:]
    assert f" {number(penalties.n)} наказателн" in deck["sanctions"].sentence
    assert f" {number(stopped.n)} семейн" in deck["sanctions"].sentence


def test_no_municipality_of_few_cases_has_a_number(deck: dict[str, Slide]) -> None:
    rows = deck["places"].data if "places" in deck else ()
    assert all(value is None or value == 0 or value >= SMALLEST_SHOWN for _, value in rows)


def test_the_press_has_none_of_these_slides(store: Store) -> None:
    told = {slide.key for slide in slides(store, HELD, "press")}
    assert told
    assert not told & {"places", "reasons", "stayed", "sanctions"}


def test_an_empty_store_says_that_nothing_was_uploaded(tmp_path: Path) -> None:
    empty = Store(tmp_path / "empty.duckdb")
    told = {slide.key: slide.sentence for slide in slides(empty, HELD, "members")}
    empty.close()
    assert told["reasons"] == "За причините няма качени данни."
    assert told["stayed"] == "За върнатите в училище няма качени данни."
    assert told["sanctions"] == "За санкциите и спрените помощи няма качени данни."
