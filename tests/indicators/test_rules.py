"""The rules of risk: threshold with operator, unit and period, each with its source."""

from __future__ import annotations

import tomllib

import pytest
from places import ROOT

from obhvat.indicators import rule
from obhvat.metrics import all_metrics, metric

DECLARED = tomllib.loads((ROOT / "obhvat" / "indicators" / "rules.toml").read_text("utf-8"))
every_rule = pytest.mark.parametrize("rule_id", DECLARED)


@every_rule
def test_a_rule_names_its_operator_unit_and_period(rule_id: str) -> None:
    found = rule(rule_id)
    assert found.operator in (">=", ">")
    assert found.unit in ("hours", "days")
    assert found.period == "month"


@every_rule
def test_a_rule_names_the_law_it_comes_from(rule_id: str) -> None:
    assert "ЗСПД" in rule(rule_id).source


@every_rule
def test_the_sentence_for_a_child_can_be_filled(rule_id: str) -> None:
    found = rule(rule_id)
    said = found.sentence.format(value="7", month="октомври", threshold=found.words)
    assert said.startswith("7 неизвинени")
    assert said.endswith(found.words)


@every_rule
def test_every_rule_is_used_by_a_metric(rule_id: str) -> None:
    assert rule_id in {m.rule.id for m in all_metrics() if m.rule}


def test_five_hours_count_in_schools() -> None:
    found = rule("monthly_unexcused_hours")
    assert (found.value, found.inclusive, found.words) == (5, True, "5 и повече часа")


def test_more_than_three_days_count_in_kindergartens() -> None:
    found = rule("monthly_unexcused_days")
    assert (found.value, found.inclusive, found.words) == (3, False, "повече от 3 дни")


def test_hours_and_days_are_two_metrics() -> None:
    units = {m: metric(m).parameters["unit"] for m in ("pupils_over_threshold", "children_over_threshold")}
    assert units == {"pupils_over_threshold": "hours", "children_over_threshold": "days"}


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        rule("няма-такова")
