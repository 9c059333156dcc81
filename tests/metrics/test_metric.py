"""The declarations of the metrics."""

from __future__ import annotations

import re
import tomllib

import pytest
from places import ROOT

from obhvat.errors import UnknownName
from obhvat.metrics import CASE_PARTS, Metric, all_metrics, metric
from obhvat.texts import noun

DECLARED = tomllib.loads((ROOT / "obhvat" / "metrics" / "metrics.toml").read_text("utf-8"))
every_metric = pytest.mark.parametrize("one", all_metrics(), ids=lambda m: m.id)


def test_every_declared_metric_is_known_in_its_order() -> None:
    assert [m.id for m in all_metrics()] == list(DECLARED)


def test_an_unknown_metric_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"Няма показател „няма-такъв“.*cases_in_work"):
        metric("няма-такъв")


@every_metric
def test_name_definition_numerator_and_source_are_bulgarian_words(one: Metric) -> None:
    assert all(re.search("[а-яА-Я]{3}", words) for words in (one.name, one.definition, one.numerator, one.source))


@every_metric
def test_definition_is_a_sentence(one: Metric) -> None:
    assert re.fullmatch(r"[А-Я„].*\.", one.definition)


@every_metric
def test_unit_is_a_noun_that_can_be_counted(one: Metric) -> None:
    assert noun(1, one.unit) == one.unit


@every_metric
def test_a_share_and_a_ratio_name_their_denominator(one: Metric) -> None:
    assert one.denominator or one.kind == "count"


@every_metric
def test_a_query_binds_only_what_it_is_given(one: Metric) -> None:
    known = {"known_at", "first", "last", "months", "first_month", "last_month", *one.parameters}
    assert set(re.findall(r"\$(\w+)", one.query)) <= known


@every_metric
def test_a_query_uses_every_parameter_of_its_metric(one: Metric) -> None:
    assert set(one.parameters) <= set(re.findall(r"\$(\w+)", one.query))


def test_counts_of_children_are_marked_for_suppression() -> None:
    of_children = {m.id for m in all_metrics() if m.unit in ("случай", "ученик", "дете")}
    assert {m.id for m in all_metrics() if m.children} == of_children


def test_the_parts_of_the_reconciliation_share_out_every_group() -> None:
    groups = [group for part in CASE_PARTS for group in DECLARED[part]["with"]["groups"]]
    assert sorted(groups) == sorted(DECLARED["cases_total"]["with"]["groups"])


def test_every_status_is_in_a_part_of_the_reconciliation() -> None:
    cases = tomllib.loads((ROOT / "obhvat" / "datasets" / "cases.toml").read_text("utf-8"))
    [status] = [f for f in cases["field"] if f["name"] == "status"]
    assert {v["group"] for v in status["values"]} == set(DECLARED["cases_total"]["with"]["groups"])


def test_excused_hours_are_not_comparable_across_the_change_of_the_rule() -> None:
    breaks = metric("excused_per_pupil").breaks_on
    assert breaks is not None
    assert breaks.isoformat() == "2024-03-19"


def test_only_the_excused_hours_break() -> None:
    assert [m.id for m in all_metrics() if m.breaks_on] == ["excused_per_pupil"]
