"""How long it takes: against a Kaplan–Meier curve written by hand, by hand, and the invented oblast once more."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import numpy as np
import pandas as pd
import pytest
from accounted import line as line_of
from accounted import put as put_at
from accounted import register, schools
from hypothesis import given, settings
from hypothesis import strategies as st
from viewers import expert

from obhvat.cases.durations import OBLAST, curve, durations, median, spans, survival
from obhvat.cases.entries import add_action, change_status
from obhvat.demo.files import Demo
from obhvat.ingest import Source
from obhvat.metrics import figure
from obhvat.periods import term_of
from obhvat.scope import Scope
from obhvat.store import Store

line, put = partial(line_of, day="05.02.2024"), partial(put_at, at=datetime(2024, 2, 5, 10))

DAY, NOW = date(2024, 2, 5), datetime(2024, 2, 6)


def watched(*times: float, censored: tuple[float, ...] = ()) -> pd.DataFrame:
    return pd.DataFrame(
        {"time": [*times, *censored], "happened": [True] * len(times) + [False] * len(censored)}
    ).astype({"time": "float", "happened": "bool"})


def by_hand(rows: pd.DataFrame) -> dict[float, tuple[float, int]]:
    """Day → the share in which it has not happened by then, and how many were watched just before."""
    found, surviving = {}, 1.0
    for time in sorted(set(rows["time"])):
        at_risk = sum(one >= time for one in rows["time"])
        events = sum(h and t == time for t, h in zip(rows["time"], rows["happened"], strict=True))
        surviving *= 1 - events / at_risk
        found[time] = (surviving, at_risk)
    return found


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40))
def test_the_curve_is_kaplan_and_meiers(rows: list[tuple[int, bool]]):
    times = pd.DataFrame(rows, columns=["time", "happened"]).astype({"time": "float"})
    expected = by_hand(times)
    found = curve(times)
    assert list(found["time"]) == list(expected)
    assert list(found["at_risk"]) == [n for _, n in expected.values()]
    assert list(found["surviving"]) == pytest.approx([s for s, _ in expected.values()])
    known = found.dropna()
    assert ((known["low"] <= known["surviving"] + 1e-9) & (known["surviving"] <= known["high"] + 1e-9)).all()
    half = [time for time, (s, _) in expected.items() if s <= 0.5 + 1e-9]
    assert median(times) == (half[0] if half else None)


def test_the_curve_of_a_published_trial():
    """6-MP of Freireich and others (1963), as every textbook has it."""
    rows = watched(6, 6, 6, 7, 10, 13, 16, 22, 23, censored=(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35))
    found = curve(rows).set_index("time")
    assert found["surviving"].round(3)[[6, 7, 10, 13, 16, 22, 23]].tolist() == [
        0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448,
    ]  # fmt: skip
    assert found["at_risk"][[6, 7, 10, 13, 16, 22, 23]].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert median(rows) == 23
    # The log-minus-log interval at 10 weeks, by Greenwood's formula.
    greenwood = 3 / (21 * 18) + 1 / (17 * 16) + 1 / (15 * 14)
    spread = np.exp(1.959964 * np.sqrt(greenwood) / -np.log(found.loc[10, "surviving"]))
    limits = found.loc[10, "surviving"] ** spread, found.loc[10, "surviving"] ** (1 / spread)
    assert found.loc[10, ["low", "high"]].tolist() == pytest.approx(limits, abs=1e-6)


def test_what_has_not_happened_in_half_has_no_median():
    assert median(watched(3, censored=(5, 6, 7, 8))) is None
    assert median(watched(censored=(5, 6))) is None


def test_half_of_four_is_two():
    assert median(watched(1, 4, 9, 16)) == 4


# --- from registers


def actions(*rows: str, day: str = "05.02.2024") -> Source:
    """case;date;kind;n;contact."""
    head = "№ на случая;Към дата;Дата;Вид действие;Пореден №;Осъществен контакт"
    lines = (";".join([number, day, *rest]) for number, *rest in (row.split(";") for row in rows))
    return Source(f"действия-{day}.csv", "\n".join([head, *lines]).encode())


def put_many(store: Store, *sources: Source) -> None:
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, *sources)


def of(store: Store, what: str, scope: Scope = Scope()) -> tuple[float | None, int, int, int]:
    """Median, cases watched, those in which it has not happened, those left out."""
    middle = durations(store, DAY, NOW, scope).set_index("what").loc[what, "median"]
    middle = None if pd.isna(middle) else float(middle)
    return middle, *counts(store, what, replace(scope, known_at=NOW))


def counts(store: Store, what: str, scope: Scope) -> tuple[int, int, int]:
    timed, waiting, untimed = (
        figure(store, f"cases_{part}_{what}", term_of(DAY), scope, DAY) for part in ("timed", "waiting", "untimed")
    )
    numbers = int(timed.n or 0), int(waiting.n or 0), int(untimed.n or 0)
    assert (timed.d, waiting.d, untimed.d) == (numbers[0] + numbers[2], numbers[0], numbers[0] + numbers[2])
    return numbers


def test_durations_by_hand(store: Store):
    ends = ("20.10.2023", "30.10.2023", "09.11.2023", "19.11.2023")
    put_many(
        store,
        register(*(line(f"К-{n}", "реинтегриран", on=on) for n, on in enumerate(ends)), line("К-4"), line("К-5")),
        actions(
            "К-0;12.10.2023;телефонен разговор;1;не е открит",
            "К-0;15.10.2023;среща;1;да",
            "К-1;15.10.2023;проучване;1;",
            "К-2;05.10.2023;проучване;1;",
            "К-2;18.10.2023;посещение;1;отказ",
            "К-3;20.10.2023;телефонен разговор;1;не е открит",
            # After it ended.
            "К-3;20.12.2023;телефонен разговор;1;да",
            "К-4;30.11.2023;телефонен разговор;1;да",
        ),
    )
    # Signals of 10.10: first actions after 2, 5, 0 (before the signal), 10, 51 days, and none in 118.
    assert of(store, "first_action") == (5, 6, 1, 0)
    # Reached after 5, 8 and 51 days; not in 20 (К-1), 40 (К-3) and 118 (К-5).
    assert of(store, "contact") == (51, 6, 3, 0)
    # Ended after 10, 20, 30 and 40 days; two are open.
    assert of(store, "outcome") == (30, 6, 2, 0)
    assert by_hand(watched(5, 8, 51, censored=(20, 40, 118)))[51][0] <= 0.5 < 4 / 6


def test_of_few_cases_nothing_is_said(store: Store):
    put_many(store, register(*(line(f"К-{n}", "реинтегриран", on="20.10.2023") for n in range(4))))
    assert of(store, "outcome") == (None, 4, 0, 0)
    assert survival(store, DAY, NOW) == {}


def test_an_outcome_on_an_unknown_day_is_left_out_and_counted(store: Store):
    put_many(
        store, register(*(line(f"К-{n}", "реинтегриран", on="20.10.2023") for n in range(5)), line("К-6", "отказ"))
    )
    assert of(store, "outcome") == (10, 5, 0, 1)


def test_without_a_register_of_steps_they_are_unknown_and_not_slow(store: Store):
    lines = [line(f"К-{n}") for n in range(5)] + [line(f"В-{n}", place="Ведрово") for n in range(5)]
    put_many(store, register(*lines), actions(*(f"К-{n};12.10.2023;среща;1;да" for n in range(5))))
    assert of(store, "contact") == (2, 5, 0, 5)
    assert of(store, "contact", Scope(municipality="Ведрово")) == (None, 0, 0, 5)
    assert of(store, "outcome", Scope(municipality="Ведрово")) == (None, 5, 5, 0)


def test_an_open_case_is_watched_until_the_day(store: Store):
    put_many(store, register(*(line(f"К-{n}") for n in range(5))))
    found = survival(store, DAY, NOW)[OBLAST]
    assert found[["time", "surviving", "at_risk"]].to_numpy().tolist() == [[118, 1, 5]]


def test_a_case_that_no_register_has_any_more_is_watched_until_its_last(store: Store):
    old = register(line("К-1", day="30.11.2023"), line("К-2", day="30.11.2023"), name="ноември.csv")
    put_many(store, old, register(line("К-1")))
    until = spans(store, DAY, NOW).set_index("number")["watched_until"]
    assert until.to_dict() == {"К-1": pd.Timestamp(DAY), "К-2": pd.Timestamp(2023, 11, 30)}


def test_ended_cases_of_an_earlier_year_and_their_steps_still_count(store: Store):
    before = register(
        line("К-1", "реинтегриран", on="20.03.2023", opened="10.03.2023", day="30.06.2023"), name="юни.csv"
    )
    put_many(
        store,
        before,
        actions("К-1;12.03.2023;среща;1;да", day="30.06.2023"),
        register(line("К-1", opened="10.10.2023"), line("К-2")),
        actions("К-1;11.11.2023;среща;1;да", "К-2;12.10.2023;среща;1;да"),
    )
    rows = spans(store, DAY, NOW).set_index(["number", "opened_on"])["reached_on"]
    # The number К-1 was given again: each case has its own meeting.
    assert rows.to_dict() == {
        ("К-1", pd.Timestamp(2023, 3, 10)): pd.Timestamp(2023, 3, 12),
        ("К-1", pd.Timestamp(2023, 10, 10)): pd.Timestamp(2023, 11, 11),
        ("К-2", pd.Timestamp(2023, 10, 10)): pd.Timestamp(2023, 10, 12),
    }


def test_what_was_entered_here_counts(store: Store):
    put_many(store, register(*(line(f"К-{n}", on="10.10.2023") for n in range(5))))
    for n in range(5):
        add_action(store, f"К-{n}", date(2023, 10, 20 + n), "call", contact="made", viewer=expert("тест"), at=NOW)
        change_status(store, f"К-{n}", "reintegrated", date(2023, 11, 10 + n), viewer=expert("тест"), at=NOW)
    assert of(store, "contact") == (12, 5, 0, 0)
    assert of(store, "outcome") == (33, 5, 0, 0)


def test_the_curves_are_of_the_oblast_and_of_municipalities_with_enough(demo_store: Store):
    found = survival(demo_store, DAY, datetime.now())
    counts = Counter(case.municipality for case in Demo().cases if case.opened <= DAY)
    assert list(found) == [OBLAST, *sorted(place for place, n in counts.items() if n >= 5)]
    assert {place: int(one["at_risk"].iloc[0]) for place, one in found.items() if place != OBLAST} == {
        place: n for place, n in counts.items() if n >= 5
    }


def test_the_invented_oblast_takes_as_long_as_its_cases_say(demo_store: Store):
    cases = [case for case in Demo().cases if case.opened <= DAY]
    rows: dict[str, list[tuple[int, bool]]] = {"first_action": [], "contact": [], "outcome": []}
    for case in cases:
        end = case.closed if case.closed and case.closed <= DAY else None
        days = {
            "first_action": [a.day for a in case.actions if a.day <= DAY],
            "contact": [a.day for a in case.actions if a.day <= DAY and a.contact in ("да", "отказ")],
            "outcome": [end] if end else [],
        }
        for what, found in days.items():
            happened = bool(found) and min(found) <= (end or DAY)
            until = min(found) if happened else end or DAY
            rows[what].append((max(0, (until - case.opened).days), happened))
    told = durations(demo_store, DAY, datetime.now(), Scope()).set_index("what")
    for what, one in rows.items():
        table = pd.DataFrame(one, columns=["time", "happened"])
        expected = by_hand(table)
        assert counts(demo_store, what, Scope()) == (len(cases), sum(not happened for _, happened in one), 0)
        assert told.loc[what, "median"] == next(t for t, (s, _) in expected.items() if s <= 0.5 + 1e-9)
    [outcome] = [one for place, one in survival(demo_store, DAY, datetime.now()).items() if place == OBLAST]
    expected = by_hand(pd.DataFrame(rows["outcome"], columns=["time", "happened"]))
    assert list(outcome["surviving"]) == pytest.approx([s for s, _ in expected.values()])
