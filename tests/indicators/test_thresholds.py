"""Thresholds as people set them: versions, as of a moment, and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from viewers import expert

from obhvat.errors import ObhvatError, UnknownName
from obhvat.indicators import Rule, default_rules, rule
from obhvat.indicators.thresholds import difference, rules_of, set_rules, versions
from obhvat.store import Store

FIRST, SECOND = datetime(2024, 3, 1, 10), datetime(2024, 4, 1, 10)
HOURS, DAYS = "monthly_unexcused_hours", "monthly_unexcused_days"


def with_changes(rule_id: str, **changes: object) -> Mapping[str, Rule]:
    return {rule_id: replace(rule(rule_id), **changes)}


@pytest.fixture
def twice(store: Store) -> Store:
    """Hours made strict on 1 March; hours made looser and days switched off on 1 April."""
    set_rules(store, with_changes(HOURS, operator=">"), expert("Мария"), FIRST)
    set_rules(
        store, {**with_changes(HOURS, value=10.5), **with_changes(DAYS, on=False, points=1)}, expert("Петър"), SECOND
    )
    return store


def test_a_store_begins_with_what_is_declared(store: Store) -> None:
    found = rules_of(store)
    assert (found.version, found.rules, found.since) == (0, default_rules(), None)


def test_versions_count_from_one(store: Store) -> None:
    assert [set_rules(store, with_changes(HOURS, value=n), expert("Мария")) for n in (6, 7, 8)] == [1, 2, 3]


def test_a_changed_rule_is_in_force_at_once(store: Store) -> None:
    set_rules(store, with_changes(HOURS, operator=">"), expert("Мария"))
    assert rules_of(store)[HOURS] == replace(rule(HOURS), operator=">")


def test_rules_nobody_named_stay_as_declared(twice: Store) -> None:
    found = rules_of(twice)
    others = [one for one in default_rules() if one.id not in (HOURS, DAYS)]
    assert [one for one in found.rules if one.id not in (HOURS, DAYS)] == others


def test_rules_keep_their_order(twice: Store) -> None:
    assert [one.id for one in rules_of(twice).rules] == [one.id for one in default_rules()]


def test_a_version_says_who_set_it_and_when(twice: Store) -> None:
    found = rules_of(twice)
    assert (found.version, found.since, found.by) == (2, SECOND, "Петър")


@pytest.mark.parametrize(
    ("known_at", "version", "words"),
    [
        (FIRST - timedelta(microseconds=1), 0, "5 и повече часа"),
        (FIRST, 1, "повече от 5 часа"),
        (SECOND - timedelta(microseconds=1), 1, "повече от 5 часа"),
        (SECOND, 2, "10,5 и повече часа"),
    ],
)
def test_rules_as_of_a_moment(twice: Store, known_at: datetime, version: int, words: str) -> None:
    found = rules_of(twice, known_at)
    assert (found.version, found[HOURS].words) == (version, words)


def test_a_rule_set_in_the_first_version_stays_when_the_second_is_silent_of_it(store: Store) -> None:
    set_rules(store, with_changes(HOURS, value=7), expert("Мария"), FIRST)
    set_rules(store, with_changes(DAYS, value=4), expert("Мария"), SECOND)
    found = rules_of(store)
    assert (found.version, found[HOURS].value, found[DAYS].value) == (2, 7, 4)


def test_a_rule_that_is_off_is_not_among_those_that_are_on(twice: Store) -> None:
    assert {one.id for one in rules_of(twice).rules} - {one.id for one in rules_of(twice).on} == {DAYS}


def test_setting_what_is_in_force_makes_no_version(twice: Store) -> None:
    now = {one.id: one for one in rules_of(twice).rules}
    assert set_rules(twice, now, expert("Мария")) == 2
    assert len(versions(twice)) == 3


def test_only_the_rules_that_differ_are_stored(store: Store) -> None:
    asked = {one.id: one for one in default_rules()} | dict(with_changes(HOURS, points=5))
    set_rules(store, asked, expert("Мария"))
    assert list(versions(store)["rule"]) == [HOURS]


def test_only_the_threshold_of_a_rule_can_be_set(store: Store) -> None:
    asked = with_changes(HOURS, name="друго", unit="days", sentence="друго", value=6)
    set_rules(store, asked, expert("Мария"))
    assert rules_of(store)[HOURS] == replace(rule(HOURS), value=6)


def test_going_back_to_what_is_declared_is_a_version_of_its_own(twice: Store) -> None:
    assert set_rules(twice, {one.id: one for one in default_rules()}, expert("Мария")) == 3
    assert rules_of(twice).rules == default_rules()
    assert rules_of(twice, SECOND)[HOURS].value == 10.5


def test_the_history_says_everything_that_was_set(twice: Store) -> None:
    columns = ["version", "set_at", "set_by", "rule", "operator", "value", "points", "is_on"]
    rows = [tuple(row) for row in versions(twice)[columns].itertuples(index=False)]
    assert rows == [
        (2, SECOND, "Петър", HOURS, ">=", 10.5, 3, True),
        (2, SECOND, "Петър", DAYS, ">", 3.0, 1, False),
        (1, FIRST, "Мария", HOURS, ">", 5.0, 3, True),
    ]


def test_the_history_says_what_it_was_before(twice: Store) -> None:
    old = ["old_operator", "old_value", "old_points", "old_is_on"]
    rows = [tuple(row) for row in versions(twice)[old].itertuples(index=False)]
    assert rows == [(">", 5.0, 3, True), (">", 3.0, 3, True), (">=", 5.0, 3, True)]


def test_the_history_says_the_change_in_words(twice: Store) -> None:
    assert list(versions(twice)["change"]) == [
        "Праг за спиране на семейната помощ – училище: от „повече от 5 часа“ на „10,5 и повече часа“",
        "Праг за спиране на семейната помощ – предучилищна група: точки от 3 на 1; изключва се",
        "Праг за спиране на семейната помощ – училище: от „5 и повече часа“ на „повече от 5 часа“",
    ]


def test_an_empty_history_has_its_columns(store: Store) -> None:
    found = versions(store)
    assert (len(found), {"version", "change"} <= set(found)) == (0, True)


def test_a_rule_that_did_not_change_has_no_words() -> None:
    assert difference(rule(HOURS), rule(HOURS)) == ""


@pytest.mark.parametrize(
    ("rule_id", "changes", "says"),
    [
        (HOURS, {"operator": "="}, "условието е"),
        (HOURS, {"operator": "; drop table thresholds"}, "условието е"),
        (HOURS, {"operator": "<"}, "обратното не може"),
        ("low_average", {"operator": ">="}, "обратното не може"),
        (HOURS, {"value": -1}, "число от 0 до 999"),
        (HOURS, {"value": float("nan")}, "число от 0 до 999"),
        (HOURS, {"value": float("inf")}, "число от 0 до 999"),
        (HOURS, {"value": 1000}, "число от 0 до 999"),
        (HOURS, {"value": 5.001}, "два знака"),
        (HOURS, {"value": 0}, "праг 0 може само"),
        ("low_average", {"value": 0}, "праг 0 може само"),
        (HOURS, {"points": -1}, "цяло число"),
        (HOURS, {"points": 1000}, "цяло число"),
        (HOURS, {"points": 1.5}, "цяло число"),
        (HOURS, {"points": True}, "цяло число"),
    ],
)
def test_a_threshold_that_cannot_be_is_refused(
    store: Store, rule_id: str, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(ObhvatError, match=says):
        set_rules(store, with_changes(rule_id, **changes), expert("Мария"))
    assert rules_of(store).version == 0


def test_one_bad_threshold_refuses_the_whole_version(store: Store) -> None:
    with pytest.raises(ObhvatError):
        set_rules(store, {**with_changes(HOURS, value=6), **with_changes(DAYS, value=-1)}, expert("Мария"))
    assert rules_of(store) == rules_of(store, datetime.min)


def test_more_than_zero_is_a_threshold(store: Store) -> None:
    set_rules(store, with_changes(DAYS, value=0), expert("Мария"))
    assert rules_of(store)[DAYS].words == "повече от 0 дни"


def test_an_unknown_rule_is_refused(store: Store) -> None:
    with pytest.raises(UnknownName, match="Няма правило „няма-такова“"):
        set_rules(store, {"няма-такова": rule(HOURS)}, expert("Мария"))


def test_an_unknown_rule_is_not_in_the_set(store: Store) -> None:
    with pytest.raises(UnknownName):
        rules_of(store)["няма-такова"]


def test_a_version_cannot_be_put_before_the_newest(twice: Store) -> None:
    with pytest.raises(ObhvatError, match="по-ранна дата"):
        set_rules(twice, with_changes(HOURS, value=8), expert("Мария"), FIRST)
    assert rules_of(twice).version == 2


def test_thresholds_outlive_the_program(twice: Store) -> None:
    with twice.closed():
        pass
    assert rules_of(twice).version == 2
