"""Every measure and every rule of the demonstration against the same counted from its raw files another way."""

from __future__ import annotations

import operator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from raw_files import KEY, RawFiles, Values

from obhvat.demo.writers import DemoFile
from obhvat.indicators import default_rules, rule
from obhvat.indicators.flags import PLACES, by_place, flagged, is_known, is_over, whole
from obhvat.indicators.measures import measures
from obhvat.metrics import figure
from obhvat.periods import parse_period
from obhvat.store import Store

KNOWN_AT = datetime(2024, 3, 13, 12)
# With the lists of January; with those of September, in the middle of the term; in a second term.
JANUARY, NOVEMBER, MARCH = date(2024, 1, 1), date(2023, 11, 1), date(2023, 3, 1)
MONTHS = (JANUARY, NOVEMBER, MARCH)
Measured = dict[date, pd.DataFrame]
every_month = pytest.mark.parametrize("month", MONTHS, ids=lambda m: f"{m:%Y-%m}")
every_rule = pytest.mark.parametrize("rule_id", [one.id for one in default_rules()])

# Said again, so that a changed default is noticed: measure, unit, operator, threshold.
COMPARED = {
    "monthly_unexcused_hours": ("month_unexcused", "hours", operator.ge, 5),
    "monthly_unexcused_days": ("month_unexcused", "days", operator.gt, 3),
    "year_unexcused_hours": ("year_unexcused", "hours", operator.gt, 5),
    "year_unexcused_days": ("year_unexcused", "days", operator.gt, 3),
    "term_unexcused_hours": ("term_unexcused", "hours", operator.ge, 15),
    "chronic_absence": ("absent_share", "hours", operator.ge, 10),
    "severe_absence": ("absent_share", "hours", operator.ge, 20),
    "rising": ("rise", "hours", operator.ge, 3),
    "jump": ("jump", "hours", operator.ge, 5),
    "repeater": ("repeats", None, operator.ge, 1),
    "over_age": ("years_over", None, operator.ge, 2),
    "vanished": ("vanished", None, operator.ge, 1),
    "not_in_viii": ("not_in_viii", None, operator.ge, 1),
}
OF_PUPILS = {
    "failing": ("failing", operator.ge, 1),
    "low_average": ("average", operator.lt, 3),
    "average_fall": ("average_fall", operator.ge, 1),
    "earlier_case": ("earlier_cases", operator.ge, 1),
}


@pytest.fixture(scope="module")
def raw(demo_files: list[DemoFile], demo_store: Store) -> RawFiles:
    key = Path(demo_store.path).with_suffix(".key").read_text("ascii").strip()
    return RawFiles({f.source.name: f.source.data for f in demo_files}, key)


@pytest.fixture(scope="module")
def measured(demo_store: Store) -> dict[date, pd.DataFrame]:
    return {month: measures(demo_store, month, KNOWN_AT) for month in MONTHS}


def known(measured: pd.DataFrame, measure: str) -> Values:
    """What the product says, of those of whom it says anything."""
    rows = measured.loc[measured[measure].notna(), [*KEY, measure]]
    return {(school, pupil, unit): value for school, pupil, unit, value in rows.itertuples(index=False)}


@pytest.mark.parametrize("measure", ["month_unexcused", "term_unexcused", "year_unexcused"])
@every_month
def test_unexcused_is_what_the_national_files_say(raw: RawFiles, measured: Measured, month: date, measure: str) -> None:
    expected = getattr(raw, measure)(month)
    assert any(expected.values())
    assert known(measured[month], measure) == expected


@every_month
def test_share_is_all_absences_of_the_possible_ones(raw: RawFiles, measured: Measured, month: date) -> None:
    assert known(measured[month], "absent_share") == pytest.approx(raw.absent_share(month))


@pytest.mark.parametrize("measure", ["rise", "jump"])
@every_month
def test_change_is_against_the_childs_own_months(raw: RawFiles, measured: Measured, month: date, measure: str) -> None:
    expected = getattr(raw, measure)(month)
    assert any(expected.values())
    assert known(measured[month], measure) == pytest.approx(expected)


@pytest.mark.parametrize("measure", ["repeats", "years_over"])
@every_month
def test_what_a_list_says_of_a_child(raw: RawFiles, measured: Measured, month: date, measure: str) -> None:
    expected = getattr(raw, measure)(month)
    assert any(expected.values())
    assert known(measured[month], measure) == expected


def test_who_vanished_is_on_the_list_before_and_nowhere_since(raw: RawFiles, measured: Measured) -> None:
    expected = raw.vanished(JANUARY)
    assert expected
    assert known(measured[JANUARY], "vanished") == expected


def test_over_the_summer_nobody_vanished(raw: RawFiles, measured: Measured) -> None:
    assert known(measured[NOVEMBER], "vanished") == raw.vanished(NOVEMBER)


@pytest.mark.parametrize("month", [JANUARY, NOVEMBER], ids=lambda m: f"{m:%Y-%m}")
def test_who_finished_vii_is_in_viii(raw: RawFiles, measured: Measured, month: date) -> None:
    assert known(measured[month], "not_in_viii") == raw.not_in_viii(month)


@pytest.mark.parametrize(
    ("column", "measure"),
    [
        ("failing_subjects", "failing"),
        ("average", "average"),
        ("average_fall", "average_fall"),
        *[("earlier_cases",) * 2],
    ],
)
@pytest.mark.parametrize("month", [JANUARY, NOVEMBER], ids=lambda m: f"{m:%Y-%m}")
def test_what_is_known_of_a_pupil_at_any_school(
    raw: RawFiles, measured: Measured, month: date, column: str, measure: str
) -> None:
    pupils = set(measured[month]["pupil"])
    expected = {pupil: value for pupil, value in getattr(raw, measure)(month).items() if pupil in pupils}
    assert any(expected.values())
    assert {pupil: value for (_, pupil, _), value in known(measured[month], column).items()} == pytest.approx(expected)


@pytest.mark.parametrize("month", [JANUARY, NOVEMBER], ids=lambda m: f"{m:%Y-%m}")
def test_quarter_of_a_subject_is_known_when_the_term_is_over(raw: RawFiles, measured: Measured, month: date) -> None:
    said = {(school, pupil): share for (school, pupil, _), share in known(measured[month], "subject_share").items()}
    assert said == raw.subject_share(month)


def test_cases_and_steps_are_those_of_the_newest_registers(raw: RawFiles, measured: Measured) -> None:
    newest = date(2024, 2, 5)
    rows = measured[JANUARY].set_index("pupil")
    in_work, last = raw.cases_in_work(newest), raw.last_actions(newest)
    assert rows["case_number"].dropna().to_dict() == {p: n for p, n in in_work.items() if p in rows.index}
    said = rows["last_action"].dropna().dt.date.to_dict()
    assert max(said.values()) > date(2023, 12, 1)
    assert said == {p: day for p, day in last.items() if p in rows.index}


def test_every_rule_is_counted_again() -> None:
    others = {"subject_quarter", "after_move"}
    assert {one.id for one in default_rules()} == {*COMPARED, *OF_PUPILS, *others}


@pytest.mark.parametrize("rule_id", COMPARED)
@every_month
def test_as_many_are_over_a_rule_as_in_the_files(raw: RawFiles, measured: Measured, month: date, rule_id: str) -> None:
    measure, unit, compare, value = COMPARED[rule_id]
    said = getattr(raw, measure)(month)
    over = {child for child, amount in said.items() if compare(amount, value) and unit in (None, child[2])}
    rows = measured[month][is_over(measured[month], rule(rule_id))]
    assert set(rows[KEY].itertuples(index=False, name=None)) == over


@pytest.mark.parametrize("rule_id", OF_PUPILS)
def test_as_many_are_over_a_rule_of_pupils_as_in_the_files(raw: RawFiles, measured: Measured, rule_id: str) -> None:
    measure, compare, value = OF_PUPILS[rule_id]
    there = set(measured[JANUARY]["pupil"])
    over = {p for p, amount in getattr(raw, measure)(JANUARY).items() if compare(amount, value) and p in there}
    assert over
    assert set(measured[JANUARY].loc[is_over(measured[JANUARY], rule(rule_id)), "pupil"]) == over


def test_everyone_reported_for_a_quarter_is_over_it(raw: RawFiles, measured: Measured) -> None:
    assert whole(measured[JANUARY], rule("subject_quarter"))[0] == len(raw.subject_share(JANUARY)) > 0


@pytest.mark.parametrize(
    ("rule_id", "metric_id"),
    [("monthly_unexcused_hours", "pupils_over_threshold"), ("monthly_unexcused_days", "children_over_threshold")],
)
def test_the_rule_counts_what_the_overview_counts(
    demo_store: Store, measured: Measured, rule_id: str, metric_id: str
) -> None:
    found = figure(demo_store, metric_id, parse_period("2023-I"))
    assert whole(measured[JANUARY], rule(rule_id)) == (found.n, found.d)


@pytest.mark.parametrize("rule_id", ["monthly_unexcused_hours", "rising", "chronic_absence"])
def test_of_absences_the_whole_is_the_lists_of_schools_that_sent(
    raw: RawFiles, measured: Measured, rule_id: str
) -> None:
    of_sent = [c for c in raw.listed(JANUARY) if c[2] == "hours" and (c[0], JANUARY) in raw.sent]
    assert whole(measured[JANUARY], rule(rule_id))[1] == len(of_sent)


@every_rule
@every_month
def test_places_add_up_to_the_whole(measured: Measured, month: date, rule_id: str) -> None:
    n, d = whole(measured[month], rule(rule_id))
    for place in ("municipality", "school"):
        parts = by_place(measured[month], rule(rule_id), place)
        assert (parts["n"].sum(), parts["d"].sum()) == (n or 0, d)


@every_rule
def test_schools_add_up_to_their_municipality_and_classes_to_their_school(measured: Measured, rule_id: str) -> None:
    one, rows = rule(rule_id), measured[JANUARY]
    for inner, outer in zip(PLACES[1:], PLACES, strict=False):
        wholes = by_place(rows, one, outer).set_index(outer)[["n", "d"]].fillna(0)
        parts = {name: by_place(inside, one, inner)[["n", "d"]].sum() for name, inside in rows.groupby(outer)}
        assert {name: tuple(wholes.loc[name]) for name in wholes.index} == {
            name: tuple(parts[name]) for name in wholes.index
        }


@every_rule
def test_a_place_of_which_nothing_is_known_has_no_number(measured: Measured, rule_id: str) -> None:
    parts = by_place(measured[NOVEMBER], rule(rule_id), "school")
    assert parts["n"].isna().tolist() == (parts["d"] == 0).tolist()


def test_the_school_that_never_submits_is_missing_not_zero(measured: Measured) -> None:
    parts = by_place(measured[JANUARY], rule("monthly_unexcused_hours"), "school").set_index("school")
    assert pd.isna(parts.loc["9004002", "n"])
    assert parts.loc["9002005", "n"] == 0


@every_month
def test_points_are_of_the_rules_a_child_is_over(measured: Measured, month: date) -> None:
    rules = default_rules()
    flags = flagged(measured[month], rules)
    points = sum(flags[one.id].astype(int) * one.points for one in rules)
    count = sum(flags[one.id].astype(int) for one in rules if one.points)
    assert flags["score"].tolist() == points.tolist()
    assert flags["n_rules"].tolist() == count.tolist()
    assert flags["score"].max() >= 10


@every_rule
def test_who_is_over_a_rule_is_known_or_has_left(measured: Measured, rule_id: str) -> None:
    rows, one = measured[JANUARY], rule(rule_id)
    assert not (is_over(rows, one) & ~is_known(rows, one) & rows["is_listed"]).any()


def test_the_same_question_is_answered_from_memory(demo_store: Store) -> None:
    assert measures(demo_store, JANUARY, KNOWN_AT) is measures(demo_store, JANUARY, datetime(2024, 3, 14))
