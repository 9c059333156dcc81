"""Every figure of the demonstration against the same figure counted from the raw files another way."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from by_hand import MUNICIPALITIES, TERMS, Answer, ByHand, Term, answer
from by_hand_cases import CasesByHand
from by_hand_checks import ChecksByHand
from by_hand_flags import FlagsByHand
from raw_files import RawFiles

from obhvat.demo.writers import DemoFile
from obhvat.indicators.suspicious import suspicious
from obhvat.metrics import Figure, all_metrics, figure, reconciliation
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.scope.days import default_period
from obhvat.store import Store

METRICS = sorted(m.id for m in all_metrics())
PLACES = (None, *MUNICIPALITIES)
NOW = TERMS[1]
OF_WORK = ("calls", "meetings", "visits", "visits_after_study", "rounds", "addresses_visited")


def place_of(metric_id: str) -> str:
    """Who sends what a metric counts, said again: registers of cases, steps and rounds are municipalities'."""
    return "municipality" if metric_id.startswith(("cases_", "steps_")) or metric_id in OF_WORK else "school"


@pytest.fixture(scope="session")
def by_hand(demo_files: list[DemoFile]) -> ByHand:
    return ByHand({f.source.name: f.source.data for f in demo_files})


@pytest.fixture(scope="session")
def expected(by_hand: ByHand, demo_store: Store) -> dict[str, dict[str, pd.DataFrame]]:
    key = Path(demo_store.path).with_suffix(".key").read_text("ascii").strip()
    raw = RawFiles(by_hand.files, key)

    def odd(month: date) -> set[str]:
        """Schools with suspicious records, which are tested on their own."""
        return set(suspicious(demo_store, month, datetime.now())["school"])

    return {
        term.key: {
            **by_hand.answers(term),
            **CasesByHand(by_hand, term).answers(),
            **ChecksByHand(by_hand, term, odd).answers(),
            **FlagsByHand(by_hand, raw, date(*term.months[-1], 1)).answers(),
        }
        for term in TERMS
    }


def told(found: Figure) -> Answer:
    n, d = (None if x is None else float(x) for x in (found.n, found.d))
    return Answer(n, d, found.reporting, found.places)


def test_every_metric_is_recomputed(expected: dict[str, dict[str, pd.DataFrame]]) -> None:
    assert sorted(expected[NOW.key]) == METRICS


def test_the_default_period_of_the_demonstration_is_its_last_term(demo_store: Store) -> None:
    period = default_period(demo_store)
    assert period is not None
    assert period.key == "2023-I"


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.key)
def test_figures_are_what_the_files_say(
    demo_store: Store, expected: dict[str, dict[str, pd.DataFrame]], term: Term
) -> None:
    period = parse_period(term.key)
    for metric_id, rows in expected[term.key].items():
        by_place = {m: told(figure(demo_store, metric_id, period, Scope(municipality=m))) for m in PLACES}
        assert by_place == {m: answer(rows, place_of(metric_id), m) for m in PLACES}, metric_id


def test_figures_of_every_school_are_what_its_files_say(
    demo_store: Store, expected: dict[str, dict[str, pd.DataFrame]]
) -> None:
    for metric_id in (m for m in METRICS if place_of(m) == "school"):
        rows = expected[NOW.key][metric_id]
        parts = figure(demo_store, metric_id, parse_period(NOW.key)).by("school").set_index("school")
        counted = {code: (part["n"], part["reports"]) for code, part in parts.iterrows() if part["reports"]}
        reported = rows[rows["reports"] > 0]
        by_files = zip(reported["n"], reported["reports"], strict=True)
        assert counted == dict(zip(reported["school"], by_files, strict=True)), metric_id


def test_cases_of_every_school_are_those_of_the_register(
    demo_store: Store, expected: dict[str, dict[str, pd.DataFrame]]
) -> None:
    for metric_id in (m for m in METRICS if m.startswith(("cases_", "steps_"))):
        rows = expected[NOW.key][metric_id]
        by_files = rows[rows["n"] > 0].groupby("school")["n"].sum()
        parts = figure(demo_store, metric_id, parse_period(NOW.key)).by("school")
        assert parts[parts["n"] > 0].set_index("school")["n"].to_dict() == by_files.to_dict(), metric_id


@pytest.mark.parametrize("place", ["municipality", "school"])
def test_parts_add_up_to_the_whole(demo_store: Store, place: str) -> None:
    for metric_id in METRICS:
        whole = figure(demo_store, metric_id, parse_period(NOW.key))
        parts = whole.by(place)
        assert parts["n"].sum() == whole.n, metric_id
        assert whole.d is None or parts["d"].sum() == whole.d, metric_id


def test_figures_of_the_municipalities_add_up_to_the_oblast(demo_store: Store) -> None:
    period = parse_period(NOW.key)
    for metric_id in METRICS:
        parts = [figure(demo_store, metric_id, period, Scope(municipality=m)).n or 0 for m in MUNICIPALITIES]
        assert sum(parts) == figure(demo_store, metric_id, period).n, metric_id


@pytest.mark.parametrize("municipality", PLACES)
def test_the_parts_of_the_reconciliation_add_up(demo_store: Store, by_hand: ByHand, municipality: str | None) -> None:
    found = reconciliation(demo_store, parse_period(NOW.key), Scope(municipality=municipality))
    listed = [c for c in by_hand.cases(NOW) if municipality in (None, c["Община по адрес"])]
    assert (found.total.n, sum(part.n or 0 for part in found.parts)) == (len(listed), len(listed))


def test_no_case_is_left_out_of_the_reconciliation(demo_store: Store) -> None:
    assert reconciliation(demo_store, parse_period(NOW.key)).difference == 0


def test_fourteen_cases_are_in_work(demo_store: Store) -> None:
    assert figure(demo_store, "cases_in_work", parse_period(NOW.key)).n == 14


def test_thirty_eight_of_forty_schools_were_inspected(demo_store: Store) -> None:
    found = figure(demo_store, "schools_inspected", parse_period(NOW.key))
    assert (found.n, found.d) == (38, 40)


def test_some_schools_were_inspected_more_than_once(demo_store: Store, by_hand: ByHand) -> None:
    visited = [row["Училище (код)"] for row in by_hand.inspections(NOW)]
    again = {code for code in visited if visited.count(code) > 1}
    assert again
    assert figure(demo_store, "schools_reinspected", parse_period(NOW.key)).n == len(again)


def test_every_check_of_a_director_went_with_a_round(demo_store: Store, by_hand: ByHand) -> None:
    checks = [row for row in by_hand.inspections(NOW) if row["Вид проверка"] == "дейности на директора"]
    found = figure(demo_store, "director_checks_with_round", parse_period(NOW.key))
    assert checks
    assert (found.n, found.d, found.share) == (len(checks), len(checks), 1.0)


def test_every_director_check_names_a_round_of_the_same_day(by_hand: ByHand) -> None:
    rounds = by_hand.files[f"обходи_{NOW.events}.csv"].decode("utf-8").splitlines()
    walked = {line.split("\t")[0]: line.split("\t")[1] for line in rounds[1:]}
    checks = [row for row in by_hand.inspections(NOW) if row["Вид проверка"] == "дейности на директора"]
    assert {row["№ на обхода"]: row["Дата"].strftime("%d.%m.%Y") for row in checks}.items() <= walked.items()


def test_ratio_is_its_parts_divided(demo_store: Store, expected: dict[str, dict[str, pd.DataFrame]]) -> None:
    rows = answer(expected[NOW.key]["unexcused_per_pupil"], "school")
    assert rows.n is not None
    assert rows.d is not None
    assert figure(demo_store, "unexcused_per_pupil", parse_period(NOW.key)).value == pytest.approx(rows.n / rows.d)
