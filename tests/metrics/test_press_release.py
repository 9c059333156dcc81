"""What the centre's report says of the first term of 2023/2024, told by the figures of the demonstration."""

from __future__ import annotations

from datetime import datetime

import pytest
from recount.checks import KINDS
from recount.known import span
from recount.whole import Moment, Recount

from obhvat.metrics import figure, reconciliation
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.scope.days import default_period
from obhvat.store import Store

NOW = parse_period("2023-I")
MUNICIPALITIES = ("Ведрово", "Горун", "Каменград", "Самодол", "Студеница", "Яворец")


@pytest.fixture(scope="module")
def raw(demo_recount: Recount) -> Moment:
    return demo_recount.at(datetime(2024, 12, 31))


def test_it_is_the_default_period(demo_store: Store) -> None:
    assert default_period(demo_store) == NOW


def test_fourteen_cases_are_in_work(demo_store: Store) -> None:
    assert figure(demo_store, "cases_in_work", NOW).n == 14


def test_thirty_eight_of_forty_schools_were_inspected(demo_store: Store) -> None:
    found = figure(demo_store, "schools_inspected", NOW)
    assert (found.n, found.d) == (38, 40)


def test_some_schools_were_inspected_more_than_once(demo_store: Store, raw: Moment) -> None:
    visited = [row["school"] for row in raw.checks.made(span(NOW.key))]
    again = {code for code in visited if visited.count(code) > 1}
    assert again
    assert figure(demo_store, "schools_reinspected", NOW).n == len(again)


def test_every_check_of_a_director_went_with_a_round(demo_store: Store, raw: Moment) -> None:
    checks = [row for row in raw.checks.made(span(NOW.key)) if row["kind"] == KINDS["director"]]
    found = figure(demo_store, "director_checks_with_round", NOW)
    assert checks
    assert (found.n, found.d, found.share) == (len(checks), len(checks), 1.0)


def test_every_director_check_names_a_round_of_the_same_day(raw: Moment) -> None:
    checks = [row for row in raw.checks.made(span(NOW.key)) if row["kind"] == KINDS["director"]]
    walked = {row["number"]: row["day"] for row in raw.rounds.rows}
    assert {row["round"]: row["day"] for row in checks}.items() <= walked.items()


@pytest.mark.parametrize("municipality", [None, *MUNICIPALITIES])
def test_the_parts_of_the_reconciliation_add_up(demo_store: Store, raw: Moment, municipality: str | None) -> None:
    found = reconciliation(demo_store, NOW, Scope(municipality=municipality))
    listed = [case for case in raw.cases.of_period(span(NOW.key)) if municipality in (None, case.place[0])]
    assert (found.total.n, sum(part.n or 0 for part in found.parts)) == (len(listed), len(listed))


def test_no_case_is_left_out_of_the_reconciliation(demo_store: Store) -> None:
    assert reconciliation(demo_store, NOW).difference == 0
