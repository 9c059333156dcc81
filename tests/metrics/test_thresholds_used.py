"""Figures count by the thresholds of the store as they were at the figure's moment."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from recount.known import span
from recount.whole import Moment, Recount, Total, total
from viewers import expert

from obhvat.demo.writers import DemoFile
from obhvat.indicators import Operator, rule
from obhvat.indicators.thresholds import set_rules
from obhvat.metrics import Figure, all_metrics, answer_as_json, figure, metric, metrics_in_use, year_before
from obhvat.periods import Period, parse_period
from obhvat.scope import Scope
from obhvat.store import Store

PERIOD, YEAR_BEFORE = parse_period("2023-I"), parse_period("2022-I")
OF_LEVEL = {"pupils_over_threshold": "school", "children_over_threshold": "kindergarten"}
DECLARED = {"school": (5.0, True), "kindergarten": (3.0, False)}


@pytest.fixture(scope="module")
def raw(demo_recount: Recount) -> Moment:
    return demo_recount.at(datetime(2024, 12, 31))


@pytest.fixture(scope="module")
def changed_at(demo_files: Sequence[DemoFile]) -> datetime:
    """A moment at which every file of the demonstration had arrived."""
    return max(f.at for f in demo_files) + timedelta(days=1)


def set_to(store: Store, metric_id: str, sign: Operator, value: float, at: datetime | None = None) -> int:
    about = metric(metric_id).rule
    assert about is not None
    return set_rules(store, {about.id: replace(about, operator=sign, value=value)}, expert("Мария"), at)


def said(found: Figure) -> Total:
    return Total(found.n, found.d, found.reporting, found.places)


def counted(raw: Moment, level: str, limit: float, inclusive: bool, period: Period = PERIOD) -> Total:
    compare = operator.ge if inclusive else operator.gt
    return total(raw.absences.over_threshold(span(period.key), level, lambda amounts: compare(amounts, limit)), 1)


@pytest.mark.parametrize(("sign", "value"), [(">", 5.0), (">=", 3.0), (">", 0.0), (">=", 7.5), (">", 400.0)])
@pytest.mark.parametrize("metric_id", OF_LEVEL)
def test_a_figure_follows_a_changed_threshold(
    own_demo: Store, raw: Moment, metric_id: str, sign: Operator, value: float
) -> None:
    set_to(own_demo, metric_id, sign, value)
    found = figure(own_demo, metric_id, PERIOD)
    assert said(found) == counted(raw, OF_LEVEL[metric_id], value, sign == ">=")


def test_the_demonstration_tells_the_thresholds_apart(raw: Moment) -> None:
    counts = {counted(raw, "school", limit, inclusive).n for limit, inclusive in ((5, True), (5, False))}
    assert len(counts) == 2


@pytest.mark.parametrize("metric_id", OF_LEVEL)
def test_a_figure_as_of_before_the_change_keeps_the_old_threshold(
    own_demo: Store, raw: Moment, changed_at: datetime, metric_id: str
) -> None:
    set_to(own_demo, metric_id, ">", 8, changed_at)
    level = OF_LEVEL[metric_id]
    moments = (changed_at - timedelta(seconds=1), changed_at)
    then, now = (figure(own_demo, metric_id, PERIOD, Scope(known_at=at)) for at in moments)
    assert said(then) == counted(raw, level, *DECLARED[level])
    assert said(now) == counted(raw, level, 8, inclusive=False)
    assert (then.thresholds_version, now.thresholds_version) == (0, 1)


def test_a_figure_says_the_threshold_it_used(own_demo: Store, changed_at: datetime) -> None:
    set_to(own_demo, "pupils_over_threshold", ">", 5, changed_at)
    before = Scope(known_at=changed_at - timedelta(seconds=1))
    assert figure(own_demo, "pupils_over_threshold", PERIOD).metric.rule_words == "повече от 5 часа"
    assert figure(own_demo, "pupils_over_threshold", PERIOD, before).metric.rule_words == "5 и повече часа"


def test_the_year_before_is_counted_by_the_same_threshold(own_demo: Store, raw: Moment) -> None:
    set_to(own_demo, "pupils_over_threshold", ">", 2)
    before = year_before(own_demo, figure(own_demo, "pupils_over_threshold", PERIOD))
    by_files = counted(raw, "school", 2, False, YEAR_BEFORE)
    assert (said(before), before.thresholds_version) == (by_files, 1)


def test_a_threshold_of_hours_does_not_move_the_days(own_demo: Store) -> None:
    before = figure(own_demo, "children_over_threshold", PERIOD).n
    set_to(own_demo, "pupils_over_threshold", ">", 1)
    assert figure(own_demo, "children_over_threshold", PERIOD).n == before


def test_a_metric_without_a_threshold_has_no_version(own_demo: Store) -> None:
    assert figure(own_demo, "cases_in_work", PERIOD).thresholds_version is None


def test_a_printed_answer_says_threshold_and_version(own_demo: Store, changed_at: datetime) -> None:
    set_to(own_demo, "pupils_over_threshold", ">", 5, changed_at)
    printed = [
        answer_as_json(own_demo, "pupils_over_threshold", PERIOD, Scope(known_at=at))
        for at in (changed_at - timedelta(seconds=1), changed_at)
    ]
    assert [(p["threshold"], p["thresholds_version"]) for p in printed] == [
        ("5 и повече часа", 0),
        ("повече от 5 часа", 1),
    ]


def test_definitions_name_the_thresholds_in_use(store: Store) -> None:
    set_to(store, "pupils_over_threshold", ">", 5)
    in_use = {m.id: m for m in metrics_in_use(store)}
    assert list(in_use) == [m.id for m in all_metrics()]
    assert in_use["pupils_over_threshold"].rule_words == "повече от 5 часа"
    assert in_use["children_over_threshold"] == metric("children_over_threshold")


def test_the_declared_metric_is_not_touched(own_demo: Store) -> None:
    set_to(own_demo, "pupils_over_threshold", ">", 8)
    figure(own_demo, "pupils_over_threshold", PERIOD)
    assert metric("pupils_over_threshold").rule == rule("monthly_unexcused_hours")
