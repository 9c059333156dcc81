"""The whole ladder: any mix of steps, the invented oblast once more, and what the centre promised."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cases import LATER, actions_of, case, cases_of, put, standing, step
from viewers import expert

from obhvat.cases.ladder import (
    by_owner,
    checks_without_round,
    ladder,
    ladder_of,
    place_of,
    visits_without_study,
)
from obhvat.cases.terms import default_terms, rungs, set_terms
from obhvat.demo.files import Demo
from obhvat.ingest import Source, commit, read_files
from obhvat.metrics import figure
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

TERM_DAY = date(2024, 2, 5)
STUDY, VISIT = "проучване", "посещение"

KINDS = [kind for one in default_terms().steps for kind in one.kinds]
a_step = st.tuples(
    st.dates(date(2024, 1, 3), date(2024, 6, 3)),
    st.sampled_from(KINDS),
    st.sampled_from([None, "made", "not_found", "refused", "abroad", "moved"]),
    st.sampled_from([None, "9:00", "17:30"]),
    st.sampled_from([None, None, "посещение", "да помислим"]),
    st.none() | st.dates(date(2024, 1, 3), date(2024, 7, 3)),
)


def climbed(steps: list[tuple[object, ...]]) -> pd.DataFrame:
    rows = [("А-1", *one) for one in steps]
    return ladder_of(cases_of([("А-1", "15.01.2024")]), actions_of(rows), default_terms(), date(2024, 6, 3))


@settings(max_examples=100, deadline=None)
@given(st.lists(a_step, max_size=8), a_step)
def test_one_action_more_never_makes_a_case_stand_lower(steps, more) -> None:
    [before], [after] = (climbed(some)["step"] for some in (steps, [*steps, more]))
    assert place_of(after) >= place_of(before)


@settings(max_examples=100, deadline=None)
@given(st.lists(a_step, max_size=8))
def test_where_it_stands_was_done_and_the_next_step_is_owed_by_somebody(steps) -> None:
    [standing] = climbed(steps).to_dict("records")
    terms = default_terms()
    done = [terms.of_kind(kind).rung for _, kind, *_ in steps]
    assert standing["step"] == max(["signal", *done], key=place_of)
    assert standing["owner"] == terms[standing["next_step"]].owner
    assert pd.notna(standing["due"])
    assert standing["late"] == late_days(standing["due"].date(), date(2024, 6, 3))
    assert standing["quiet_days"] == (date(2024, 6, 3) - max([one[0] for one in steps], default=date(2024, 1, 15))).days


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), a_step), max_size=30))
def test_no_case_is_lost_and_what_is_overdue_adds_up(steps) -> None:
    rows = [(f"А-{n}", *one) for n, one in steps]
    some = cases_of([(f"А-{n}", "15.01.2024") for n in range(1, 8)])
    found = ladder_of(some, actions_of(rows), default_terms(), date(2024, 6, 3))
    assert list(found["number"]) == list(some["number"])
    overdue = int((found["late"] > 0).sum())
    assert (by_owner(found)["n"].sum(), by_owner(found)["overdue"].sum()) == (7, overdue)
    assert by_owner(found)["worst"].max() == found["late"].max()


# --- the invented oblast, once more from what made it


def test_the_ladder_of_the_demonstration_from_the_rows_it_was_made_of(demo_store: Store) -> None:
    """A plain walk over the steps says where each case stands; its newest step says what is next and when, else the
    rule for a case that has only been talked about."""
    rung_of = {
        "проучване на случая": "study",
        "телефонен разговор": "talk",
        "среща с родител": "talk",
        "посещение на адрес": "visit",
        "справка МВР": "measure",
        "уведомяване на ОЗД/РДСП": "measure",
        "записване": "outcome",
    }
    named = {
        "среща с родител": "talk",
        "посещение на адрес": "visit",
        "повторно посещение": "visit",
        "справка МВР": "check",
        "АУАН": "sanction",
        "включване в подкрепа/медиатор": "support",
    }
    terms = {one.code: one.working_days for one in default_terms().steps}
    stand, follow = {}, {}
    for made in Demo().cases:
        if not made.is_on_register(TERM_DAY) or (made.closed and made.closed <= TERM_DAY):
            continue
        stands, since, steps = "signal", made.opened, [a for a in made.actions if a.day <= TERM_DAY]
        for action in steps:
            if place_of(rung_of[action.kind]) > place_of(stands):
                stands, since = rung_of[action.kind], action.day
        stand[made.number] = (stands, since)
        newest = steps[-1]
        talked = [a.day for a in steps if (a.kind, a.contact) in REACHED]
        if newest.next_due and newest.next_step:
            follow[made.number] = (named[newest.next_step], newest.next_due)
        elif stands == "talk":
            following, day = ("visit", min(talked)) if talked else ("talk", since)
            follow[made.number] = (following, nth_working_day(day, terms[following]))
    found = standing(demo_store, TERM_DAY)
    dates = found.assign(since=found["since"].dt.date, due=found["due"].dt.date)
    assert {row[0]: row[1:] for row in dates[["step", "since"]].itertuples(name=None)} == stand
    known = dates.loc[[*follow]]
    assert {row[0]: row[1:] for row in known[["next_step", "due"]].itertuples(name=None)} == follow
    assert known["late"].tolist() == [late_days(due, TERM_DAY) for due in known["due"]]
    assert (len(stand), len(follow) >= 9) == (14, True)


REACHED = {("среща с родител", "да"), ("среща с родител", "не"), ("телефонен разговор", "да")}


def public_holidays() -> list[date]:
    """From March 2023 to August 2024, by hand: days off in lieu included."""
    said = """2023-03-03 2023-04-14 2023-04-17 2023-05-01 2023-05-08 2023-05-24 2023-09-06 2023-09-22 2023-12-25
    2023-12-26 2023-12-27 2024-01-01 2024-03-04 2024-05-01 2024-05-03 2024-05-06 2024-05-24"""
    return [date.fromisoformat(text) for text in said.split()]


def nth_working_day(day: date, n: int) -> date:
    return np.busday_offset(day, n, roll="backward", holidays=public_holidays()).astype(date)


def late_days(due: date, day: date) -> int:
    return max(0, int(np.busday_count(due + timedelta(1), day + timedelta(1), holidays=public_holidays())))


def test_every_case_in_work_of_the_demonstration_is_on_the_ladder(demo_store: Store) -> None:
    found = ladder(demo_store, date(2024, 1, 31), LATER)
    counted = figure(demo_store, "cases_in_work", parse_period("2023-I"), Scope(known_at=LATER))
    assert len(found) == counted.n == 14
    for of, whole in (("cases_on_rung", 14), ("cases_overdue_on_rung", int((found["late"] > 0).sum()))):
        parts = [figure(demo_store, f"{of}_{rung}", parse_period("2023-I"), Scope(known_at=LATER)) for rung in rungs()]
        assert sum(part.n or 0 for part in parts) == whole, of


# --- what the centre promised


@pytest.mark.parametrize("key", ["2022-I", "2023-I", "2023"])
def test_visits_without_a_study_are_what_the_figure_leaves_out(demo_store: Store, key: str) -> None:
    period = parse_period(key)
    kept = figure(demo_store, "visits_after_study", period, Scope(known_at=LATER))
    assert len(visits_without_study(demo_store, period, LATER)) == (kept.d or 0) - (kept.n or 0)


def test_a_visit_needs_a_study_on_its_day_or_before(store: Store) -> None:
    put(
        store,
        [case(f"А-{n}", "01.04.2024") for n in range(1, 5)],
        [
            *(step("А-1", "10.04.2024", kind) for kind in (STUDY, VISIT)),
            *(step("А-2", on, kind) for on, kind in (("10.04.2024", VISIT), ("11.04.2024", STUDY))),
            step("А-3", "10.04.2024", VISIT),
            # A visit of another term.
            step("А-4", "10.01.2024", VISIT),
        ],
    )
    period = parse_period("2023-II")
    found = visits_without_study(store, period, LATER)
    assert found["number"].to_list() == ["А-2", "А-3"]
    kept = figure(store, "visits_after_study", period, Scope(known_at=LATER))
    assert (kept.n, kept.d) == (1, 3)


def test_checks_without_a_round_are_what_the_figure_leaves_out(store: Store) -> None:
    put(store, [case("А-1", "01.04.2024")])
    lines = (
        "№ на проверката;Дата;Училище (код);Вид проверка;С обход",
        "П-1;10.04.2024;9000101;дейности на директора;да",
        "П-2;11.04.2024;9000102;дейности на директора;не",
        "П-3;12.04.2024;9000101;дейности на директора;",
        "П-4;12.04.2024;9000101;дневник;не",
        "П-5;12.01.2024;9000101;дейности на директора;не",
    )
    upload = read_files([Source("проверки.csv", "\n".join(lines).encode())], store, today=date(2024, 6, 3))
    commit(upload, store, expert())
    upload.close()
    period = parse_period("2023-II")
    found = checks_without_round(store, period, LATER)
    assert found["number"].to_list() == ["П-2", "П-3"]
    assert found["municipality"].to_list() == ["Ведрово", "Каменград"]
    assert found["said"].isna().to_list() == [False, True]
    kept = figure(store, "director_checks_with_round", period, Scope(known_at=LATER))
    assert (kept.d or 0) - (kept.n or 0) == len(found)


def test_the_ladder_is_as_it_was_known(tmp_path: Path) -> None:
    with Store(tmp_path / "obhvat.duckdb") as store:
        put(store, [case("А-1", "08.05.2024")])
        before = ladder(store, date(2024, 6, 3), LATER)
        set_terms(store, {"study": ("ruo", 9)}, expert("РУО"), datetime(2030, 6, 1))
        assert ladder(store, date(2024, 6, 3), LATER).equals(before)
        assert list(ladder(store, date(2024, 6, 3), datetime(2031, 1, 1))["owner"]) == ["ruo"]
