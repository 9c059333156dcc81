"""The declarations of the metrics."""

from __future__ import annotations

import inspect
import re
import tomllib

import pytest
from places import ROOT

from obhvat.errors import UnknownName
from obhvat.metrics import CASE_PARTS, all_metrics, metric
from obhvat.metrics.kinds import KINDS
from obhvat.metrics.rows import FUNCTIONS
from obhvat.texts import noun

DECLARED = tomllib.loads((ROOT / "obhvat" / "metrics" / "metrics.toml").read_text("utf-8"))


def test_every_declared_metric_is_known_in_its_order() -> None:
    known = [m.id for m in all_metrics()]
    assert [m for m in known if m in DECLARED] == [m for m, words in DECLARED.items() if "each" not in words]
    for metric_id, words in DECLARED.items():
        kinds = KINDS[words["each"]]() if "each" in words else ()
        assert {f"{metric_id}_{code}" for code in kinds} <= set(known)


@pytest.mark.parametrize(("asked", "near"), [("cases_in_wrk", "cases_in_work"), ("случаи в работа", "cases_in_work")])
def test_an_unknown_metric_is_refused_with_the_nearest_ones(asked: str, near: str) -> None:
    with pytest.raises(UnknownName, match=rf"Няма показател „{asked}“. Най-близки: .*{near} ") as refused:
        metric(asked)
    assert len(str(refused.value)) < 400


def test_texts_are_bulgarian_words() -> None:
    for one in all_metrics():
        texts = (one.name, one.definition, one.numerator, one.source, one.section)
        assert all(re.search("[а-яА-Я]{3}", words) for words in texts), one.id
        assert not re.search("[<>{}]", "".join(texts)), one.id


def test_definition_is_a_sentence() -> None:
    assert [m.id for m in all_metrics() if not re.fullmatch(r"[А-Я„].*\.", m.definition)] == []


def test_unit_and_place_are_nouns_that_can_be_counted() -> None:
    assert all(noun(1, m.unit) == m.unit and noun(1, m.place_noun) == m.place_noun for m in all_metrics())


def test_a_share_and_a_ratio_name_their_denominator() -> None:
    assert [m.id for m in all_metrics() if not m.denominator and m.kind != "count"] == []


def test_rows_come_from_a_query_or_from_a_function() -> None:
    assert [m.id for m in all_metrics() if bool(m.sql) == bool(m.function)] == []
    assert {m.function for m in all_metrics() if m.function} == set(FUNCTIONS)


def test_a_query_binds_what_it_is_given_and_uses_all_of_it() -> None:
    given = {"known_at", "first", "last", "months", "first_month", "last_month"}
    for one in (m for m in all_metrics() if m.sql):
        named = set(re.findall(r"\$(\w+)", one.query))
        assert named <= {*given, *one.parameters}, one.id
        assert set(one.parameters) <= named, one.id


def test_a_function_takes_every_parameter_of_its_metric() -> None:
    for one in (m for m in all_metrics() if m.function):
        taken = inspect.signature(FUNCTIONS[one.function]).parameters
        assert set(one.parameters) <= set(taken), one.id


def test_counts_of_children_are_marked_for_suppression() -> None:
    """A case, a pupil, a child; a line not accepted, the step a case waits for, and what parents were given."""
    units = ("случай", "ученик", "дете", "ред", "стъпка")
    of_children = {m.id for m in all_metrics() if m.unit in units or m.function == "measures"}
    assert {m.id for m in all_metrics() if m.children} == of_children


def test_what_was_worked_out_beside_the_registry_is_told_outside_only_of_the_oblast() -> None:
    """Below the oblast members see the cases in work alone; of the rest small numbers would follow from it."""
    functions = ("ladder", "reasons", "diary_pupils", "visited", "returns", "repeat_dropouts", "durations")
    of_steps = [m for m in all_metrics() if m.function in functions]
    assert of_steps
    assert all(m.is_told_outside() and not m.is_told_outside(below_oblast=True) for m in of_steps)
    assert [m.id for m in of_steps if m.press] == ["cases_overdue"]


def test_how_often_a_child_was_sent_elsewhere_or_a_parent_fined_is_for_inside() -> None:
    inside = {m.id for m in all_metrics() if m.outside == "nothing"}
    kinds = ("child_protection", "social_service", "child_police", "act", "penalty", "enrolment", "support")
    assert inside == {
        *(f"steps_{kind}" for kind in kinds),
        *(m.id for m in all_metrics() if m.id.startswith("cases_with_")),
    }
    assert not any(metric(m).is_told_outside() for m in inside)


def test_the_press_is_told_of_cases_only_those_in_work_by_themselves() -> None:
    told = {m.id for m in all_metrics() if m.unit == "случай" and m.press}
    assert told == {"cases_in_work"}


def test_grain_says_who_sends_the_data() -> None:
    words = {"school": "училище", "kindergarten": "детска градина", "municipality": "община"}
    assert {m.grain: m.place_noun for m in all_metrics()} == words
    assert metric("unexcused_days_per_child").place_noun == "детска градина"


def test_other_parameters_are_said_in_the_words() -> None:
    asked = metric("cases_quiet").asked(days=30)
    assert asked.name == "Без действие 30 дни или повече"
    assert "са минали 30 дни или повече" in asked.definition
    assert metric("cases_quiet").asked(days=1).name == "Без действие 1 ден или повече"
    assert (asked.parameters["days"], metric("cases_quiet").parameters["days"]) == (30, 14)


def test_the_parts_of_the_reconciliation_share_out_every_group() -> None:
    groups = [group for part in CASE_PARTS for group in DECLARED[part]["with"]["groups"]]
    # A status that is not declared is of no part: it is the difference.
    assert sorted([*groups, "unknown"]) == sorted(DECLARED["cases_total"]["with"]["groups"])


def test_every_status_is_in_a_part_of_the_reconciliation() -> None:
    cases = tomllib.loads((ROOT / "obhvat" / "datasets" / "cases.toml").read_text("utf-8"))
    [status] = [f for f in cases["field"] if f["name"] == "status"]
    groups = {v["group"] for v in status["values"]} | {"unknown", "rejected"}
    assert groups == set(DECLARED["cases_total"]["with"]["groups"])


def test_excused_hours_are_not_comparable_across_the_change_of_the_rule() -> None:
    breaks = metric("excused_per_pupil").breaks_on
    assert breaks is not None
    assert breaks.isoformat() == "2024-03-19"


def test_only_the_excused_hours_break() -> None:
    assert [m.id for m in all_metrics() if m.breaks_on] == ["excused_per_pupil"]
