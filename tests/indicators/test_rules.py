"""The rules of risk: threshold with operator, unit and period, each with its source."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from places import ROOT

from obhvat.indicators import rule
from obhvat.indicators.flags import sentence
from obhvat.metrics import all_metrics, metric

DECLARED = tomllib.loads((ROOT / "obhvat" / "indicators" / "rules.toml").read_text("utf-8"))
every_rule = pytest.mark.parametrize("rule_id", DECLARED)


MONTHLY = ("monthly_unexcused_hours", "monthly_unexcused_days")


@every_rule
def test_a_rule_names_where_it_comes_from(rule_id: str) -> None:
    assert len(rule(rule_id).source) > 30


@every_rule
def test_a_rule_is_named_in_bulgarian(rule_id: str) -> None:
    found = rule(rule_id)
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(found.name + found.short + found.words)


@every_rule
def test_hours_and_days_are_never_of_one_rule(rule_id: str) -> None:
    found = rule(rule_id)
    assert found.of_unit == (("days" if found.unit == "days" else "hours") if found.reads == "absences" else None)


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_a_monthly_threshold_names_the_law(rule_id: str) -> None:
    assert "ЗСПД" in rule(rule_id).source


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_the_sentence_for_a_child_can_be_filled(rule_id: str) -> None:
    found = rule(rule_id)
    unit = "часа" if found.unit == "hours" else "дни"
    said = sentence(found, {found.measure: 7.0}, date(2023, 10, 1))
    assert said == f"7 неизвинени {unit} през октомври 2023 г. при праг „{found.words}“"
    single = "час" if found.unit == "hours" else "ден"
    assert sentence(found, {found.measure: 1.0}, date(2023, 10, 1)).startswith(f"1 неизвинен {single} ")


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_a_monthly_threshold_is_a_metric(rule_id: str) -> None:
    assert rule_id in {m.rule.id for m in all_metrics() if m.rule}


@pytest.mark.parametrize(
    ("operator", "held"), [(">=", [False, True, True]), (">", [False, False, True]), ("<", [True, False, False])]
)
def test_a_threshold_holds_as_its_operator_says(operator: str, held: list[bool]) -> None:
    found = replace(rule("monthly_unexcused_hours"), operator=operator, value=5)
    assert [found.holds(v) for v in (4.5, 5.0, 5.5)] == held


def test_five_hours_count_in_schools() -> None:
    found = rule("monthly_unexcused_hours")
    assert (found.value, found.inclusive, found.words) == (5, True, "5 и повече часа")


def test_more_than_three_days_count_in_kindergartens() -> None:
    found = rule("monthly_unexcused_days")
    assert (found.value, found.inclusive, found.words) == (3, False, "повече от 3 дни")


def test_hours_and_days_are_two_metrics() -> None:
    units = {m: metric(m).parameters["rule"].unit for m in ("pupils_over_threshold", "children_over_threshold")}
    assert units == {"pupils_over_threshold": "hours", "children_over_threshold": "days"}


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        rule("няма-такова")
