"""Every measure of the demonstration's children against the same counted from its raw files another way."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recount.rules import RULES
from recount.whole import Moment, Recount

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
MEASURES = sorted({measure for measure, *_ in RULES.values()})
# Of whom the demonstration has nobody: everyone went on to VIII grade, and some is known only when a term is over.
NOBODY = {
    *((measure, month) for measure in ("not_in_viii", "after_move") for month in MONTHS),
    *((measure, month) for measure in ("vanished", "subject_share") for month in (NOVEMBER, MARCH)),
    ("average_fall", MARCH),
}
KEY = ["school", "pupil", "unit"]
Measured = dict[date, pd.DataFrame]
Values = dict[tuple[str, int, str], float]
every_month = pytest.mark.parametrize("month", MONTHS, ids=lambda m: f"{m:%Y-%m}")
every_rule = pytest.mark.parametrize("rule_id", [one.id for one in default_rules()])


@pytest.fixture(scope="module")
def raw(demo_recount: Recount) -> Moment:
    return demo_recount.at(KNOWN_AT)


@pytest.fixture(scope="module")
def pseudonyms(raw: Moment, demo_store: Store) -> np.ndarray:
    """Number of child → its pseudonym, made as the store says it is made."""
    key = Path(demo_store.path).with_suffix(".key").read_text("ascii").strip()
    hashes = (hashlib.sha256(f"{key}:{child}".encode()).hexdigest() for child, _ in raw.known.raw.child_no)
    return np.array([int(digest[:16], 16) for digest in hashes], dtype=object)


@pytest.fixture(scope="module")
def measured(demo_store: Store) -> Measured:
    return {month: measures(demo_store, month, KNOWN_AT) for month in MONTHS}


def known(measured: pd.DataFrame, measure: str) -> Values:
    """What the program says, of those of whom it says anything."""
    rows = measured.loc[measured[measure].notna(), [*KEY, measure]]
    return {(school, pupil, unit): value for school, pupil, unit, value in rows.itertuples(index=False)}


def counted(raw: Moment, pseudonyms: np.ndarray, month: date, measure: str) -> Values:
    """What the files say. Who did not move has nothing to be told of after a move."""
    amounts, places, schools = raw.rules.measures(month)[measure], raw.rules.places(month), raw.absences.schools
    told = np.flatnonzero(~np.isnan(amounts) & (places >= 0) & ((amounts > 0) | (measure != "after_move")))
    return {(schools[places[n]], pseudonyms[n], raw.absences.unit[n]): amounts[n] for n in told}


@pytest.mark.parametrize("measure", MEASURES)
@every_month
def test_a_measure_is_what_the_files_say(
    raw: Moment, pseudonyms: np.ndarray, measured: Measured, month: date, measure: str
) -> None:
    program, by_files = known(measured[month], measure), counted(raw, pseudonyms, month, measure)
    assert any(by_files.values()) or (measure, month) in NOBODY
    assert program.keys() == by_files.keys()
    assert np.allclose([*program.values()], [by_files[child] for child in program])


def test_cases_and_steps_are_those_of_the_newest_registers(
    raw: Moment, pseudonyms: np.ndarray, measured: Measured
) -> None:
    newest, numbers = date(2024, 2, 5), raw.known.raw.child_no
    pupil_of = {case.number: pseudonyms[numbers[case.child, "hours"]] for case in raw.cases.stock(newest)}
    rows = measured[JANUARY].set_index("pupil")
    in_work = {pupil_of[case.number]: case.number for case in raw.cases.in_work(newest)}
    assert rows["case_number"].dropna().to_dict() == {p: n for p, n in in_work.items() if p in rows.index}
    last: dict[int, date] = {}
    for step in sorted(raw.cases.steps, key=lambda step: step["day"]):
        child = raw.cases.of_number[step["case"]][-1]["child"]
        last[pseudonyms[numbers[child, "hours"]]] = step["day"]
    said = rows["last_action"].dropna().dt.date.to_dict()
    assert max(said.values()) > date(2023, 12, 1)
    assert said == {pupil: day for pupil, day in last.items() if pupil in rows.index}


def test_every_rule_is_counted_again() -> None:
    assert {one.id for one in default_rules()} == set(RULES)


@pytest.mark.parametrize(
    ("rule_id", "metric_id"),
    [("monthly_unexcused_hours", "pupils_over_threshold"), ("monthly_unexcused_days", "children_over_threshold")],
)
def test_the_rule_counts_what_the_overview_counts(
    demo_store: Store, measured: Measured, rule_id: str, metric_id: str
) -> None:
    found = figure(demo_store, metric_id, parse_period("2023-I"))
    assert whole(measured[JANUARY], rule(rule_id)) == (found.n, found.d)


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
