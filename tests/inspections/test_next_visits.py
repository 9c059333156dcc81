"""The ranking of schools for the next checks: explainable, monotone, stable, and fair over the years."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recount.known import span
from recount.whole import Recount
from small_registers import (
    AT,
    FIRST,
    GARDEN,
    MEETING,
    SECOND,
    THIRD,
    THREE,
    absences,
    check,
    checks,
    listing,
    put,
    register,
    school,
)

from obhvat.inspections.next_visits import FACTORS, Known, ranking, weights
from obhvat.store import Store

DAY = date(2024, 2, 5)
OCTOBER = date(2023, 10, 1)

ONE = st.builds(
    Known,
    code=st.text("0123456789", min_size=7, max_size=7),
    days=st.integers(0, 3000),
    never=st.booleans(),
    risk=st.none() | st.floats(0, 1),
    oblast=st.just(0.05),
    doubtful=st.booleans(),
    n_open=st.integers(0, 6),
    n_overdue=st.integers(0, 6),
    gap=st.none() | st.floats(-20, 60),
)
MANY = st.lists(ONE, min_size=1, max_size=12, unique_by=lambda one: one.code)
MORE = st.fixed_dictionaries(
    {},
    optional={
        "risk": st.floats(0, 1),
        "days": st.integers(0, 1000),
        "n_open": st.integers(0, 4),
        "n_overdue": st.integers(0, 4),
        "gap": st.floats(0, 30),
        "doubtful": st.just(True),
    },
)


def place(schools: list[Known], code: str) -> int:
    return [one.code for one in sorted(schools, key=lambda one: one.order)].index(code)


def worse(one: Known, more: dict[str, float]) -> Known:
    """The school with more risk, days, findings or gap; a risk that is not known stays so."""
    added = {
        name: value if name == "doubtful" else getattr(one, name) + value
        for name, value in more.items()
        if getattr(one, name) is not None
    }
    return replace(one, **added)


@given(MANY, MORE, st.data())
def test_more_of_anything_never_lowers_a_school(
    schools: list[Known], more: dict[str, float], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(schools) - 1))
    changed = worse(schools[n], more)
    after = [*schools[:n], changed, *schools[n + 1 :]]
    assert place(after, changed.code) <= place(schools, changed.code)


@given(MANY, st.randoms())
def test_the_order_does_not_depend_on_how_schools_are_given(schools: list[Known], chance: random.Random) -> None:
    mixed = list(schools)
    chance.shuffle(mixed)
    assert sorted(mixed, key=lambda one: one.order) == sorted(schools, key=lambda one: one.order)


@given(ONE)
def test_factors_are_one_or_more_and_make_the_score(one: Known) -> None:
    assert min(one.factors) >= 1
    assert one.score == pytest.approx(math.prod(one.factors))


@given(MANY)
def test_who_waits_a_year_or_was_never_checked_is_first(schools: list[Known]) -> None:
    order = [one.days >= 365 or one.never for one in sorted(schools, key=lambda one: one.order)]
    assert order == sorted(order, reverse=True)


def test_schools_alike_are_ordered_by_code() -> None:
    alike = [Known(code=code, days=30) for code in ("9200103", "9200101", "9200102")]
    assert [one.code for one in sorted(alike, key=lambda one: one.order)] == ["9200101", "9200102", "9200103"]


@pytest.mark.parametrize(
    ("known", "factors"),
    [
        (Known("1", 0), (2.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.05, oblast=0.05), (2.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.0, oblast=0.05), (1.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.10, oblast=0.05), (3.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.90, oblast=0.05), (5.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.0, oblast=0.05, doubtful=True), (3.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.15, oblast=0.05, doubtful=True), (4.0, 1.0, 1.0, 1.0)),
        (Known("1", 0, risk=0.0, oblast=0.0), (1.0, 1.0, 1.0, 1.0)),
        (Known("1", 90), (2.0, 1.5, 1.0, 1.0)),
        (Known("1", 0, n_open=2, n_overdue=1), (2.0, 1.0, 1.75, 1.0)),
        (Known("1", 0, gap=4.0), (2.0, 1.0, 1.0, 2.0)),
        (Known("1", 0, gap=-4.0), (2.0, 1.0, 1.0, 1.0)),
    ],
)
def test_factors_are_as_declared(known: Known, factors: tuple[float, ...]) -> None:
    assert known.factors == pytest.approx(factors)


def test_nobody_is_left_out_for_ever() -> None:
    """Twenty schools, one visit a week, three years; the school with no risk at all competes with the worst."""
    codes = [f"{n:02}" for n in range(20)]
    risk = {code: 0.01 * n for n, code in enumerate(codes)}
    last = dict.fromkeys(codes, 0)
    longest = 0
    for day in range(7, 3 * 365, 7):
        schools = [Known(c, day - last[c], risk=risk[c], oblast=0.05, n_overdue=n) for n, c in enumerate(codes)]
        chosen = min(schools, key=lambda one: one.order)
        longest = max(longest, *(one.days for one in schools))
        last[chosen.code] = day
    assert longest <= weights()["rotation"]["days"] + 7 * len(codes)


# --- the demonstration


@pytest.fixture(scope="module")
def ranked(demo_store: Store) -> pd.DataFrame:
    return ranking(demo_store, DAY, datetime.now())


def test_every_school_has_a_place_and_a_reason(ranked: pd.DataFrame) -> None:
    assert ranked["place"].tolist() == list(range(1, 41))
    assert ranked["school"].nunique() == 40
    assert ranked["reason"].str.fullmatch(r"[А-Я].+\.").all()


def test_the_score_is_computed_again_from_the_columns(ranked: pd.DataFrame) -> None:
    assert ranked["score"].tolist() == pytest.approx(ranked[[*FACTORS]].prod(axis=1).tolist())
    declared = weights()
    ratio = (ranked["risk"] / ranked["oblast_risk"]).clip(upper=declared["risk"]["most"]).fillna(1.0)
    ratio = ratio.where(~ranked["doubtful"], ratio.clip(lower=declared["risk"]["doubtful"]))
    assert ranked["factor_risk"].tolist() == pytest.approx((1 + ratio).tolist())
    assert ranked["factor_time"].tolist() == pytest.approx(
        (1 + ranked["days_since"] / declared["time"]["days"]).tolist()
    )
    findings = declared["findings"]["open"] * ranked["n_open"] + declared["findings"]["overdue"] * ranked["n_overdue"]
    assert ranked["factor_findings"].tolist() == pytest.approx((1 + findings).tolist())
    gap = ranked["gap_low"].clip(lower=0).fillna(0)
    assert ranked["factor_gap"].tolist() == pytest.approx((1 + declared["gap"]["per_100"] * gap).tolist())


def test_places_follow_the_rule_and_the_score(ranked: pd.DataFrame) -> None:
    rows = ranked.assign(waits=ranked["days_since"].where(ranked["must"], 0))
    again = rows.sort_values(["must", "waits", "score", "school"], ascending=[False, False, False, True])
    assert again["school"].tolist() == ranked["school"].tolist()


def test_days_and_risk_are_those_of_the_files(ranked: pd.DataFrame, demo_recount: Recount) -> None:
    raw = demo_recount.at(datetime.now())
    last = {row["school"]: row["day"] for row in raw.checks.rows}
    by_code = ranked.set_index("school")
    assert by_code["days_since"].to_dict() == {code: (date(2024, 2, 5) - day).days for code, day in last.items()}
    rows = raw.absences.over_threshold(span("2024-01"), "school", lambda hours: hours >= 5)
    counted = {school: (n, d) for (_, school), (n, d, reports) in rows.items() if reports and d}
    assert by_code["risk"].dropna().to_dict() == pytest.approx({code: n / d for code, (n, d) in counted.items()})
    whole = sum(n for n, _ in counted.values()) / sum(d for _, d in counted.values())
    assert by_code["oblast_risk"].unique().tolist() == pytest.approx([whole])


def test_the_two_unchecked_schools_are_among_the_first(ranked: pd.DataFrame) -> None:
    """One never submits, one writes no absence down: what they do not show is no reason to stay away."""
    first = ranked.head(5).set_index("name")["reason"]
    assert "отсъствията за януари 2024 г. не са подадени" in first["ОУ „Росица“"]
    assert "нито един неизвинен час – да се провери нанасянето" in first["ОУ „Млада гора“"]


def test_reasons_hold_no_numbers_of_pupils(ranked: pd.DataFrame) -> None:
    bare = ranked["reason"].str.replace(r"\d\d\.\d\d\.\d{4} г\.|[а-я]+ \d{4} г\.|преди \d+ (?:дни|ден)", "", regex=True)
    bare = bare.str.replace(r"\d+ неизпълнен[аи] препоръ(?:ка|ки)(?:, от тях \d+ с изтекъл срок)?", "", regex=True)
    assert not bare.str.contains(r"\d").any()


def test_the_same_question_has_the_same_answer(demo_store: Store, ranked: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(ranking(demo_store, DAY, datetime.now() + timedelta(days=1)), ranked)


# --- small registers


def of(store: Store, day: date = DAY) -> pd.DataFrame:
    return ranking(store, day, AT.moment).set_index("school")


def test_only_schools_open_on_the_day_are_ranked(store: Store) -> None:
    closed = school(SECOND, "ОУ „Второ“", closed="05.02.2024")
    not_yet = school(THIRD, "ОУ „Трето“", opened="06.02.2024")
    put(store, register(THREE[0], closed, not_yet), checks(check(1, "02.10.2023")))
    assert of(store).index.tolist() == [FIRST]
    assert GARDEN not in of(store).index


def test_never_checked_comes_first_and_waits_since_before_the_first_check(store: Store) -> None:
    put(store, register(), checks(check(1, "02.10.2023"), check(2, "03.10.2023", SECOND)))
    rows = of(store)
    assert rows["must"].to_dict() == {THIRD: True, FIRST: False, SECOND: False}
    assert rows["days_since"].tolist() == [127, 126, 125]
    assert rows.loc[THIRD, "reason"] == "Няма проверка досега."
    assert pd.isna(rows.loc[THIRD, "last_check"])


def test_a_new_school_waits_since_it_opened(store: Store) -> None:
    new = school(THIRD, "ОУ „Трето“", opened="01.01.2024")
    put(store, register(*THREE[:2], new), checks(check(1, "02.10.2023")))
    rows = of(store)
    assert rows.index.tolist() == [SECOND, THIRD, FIRST]
    assert rows.loc[THIRD, "days_since"] == 35


@pytest.mark.parametrize(("checked", "must"), [("05.02.2023", True), ("06.02.2023", False)])
def test_a_year_without_a_check_puts_a_school_first(store: Store, checked: str, must: bool) -> None:
    put(store, register(*THREE[:2]))
    put(store, checks(check(1, checked), check(2, "07.02.2023", SECOND), name="преди.csv"), at=datetime(2023, 2, 28))
    put(store, checks(check(3, "02.10.2023", SECOND, finding="нещо", due="16.10.2023")))
    rows = of(store)
    assert rows["must"].to_dict() == {FIRST: must, SECOND: False}
    assert ("преди повече от година" in rows.loc[FIRST, "reason"]) == must


def test_nothing_after_the_day_is_looked_at(store: Store) -> None:
    late = check(2, "06.11.2023", finding="нещо", counted=(60, 50, 4))
    put(store, register(), checks(check(1, "02.10.2023"), late))
    row = of(store, date(2023, 11, 5)).loc[FIRST]
    assert (row["days_since"], row["n_open"]) == (34, 0)
    assert pd.isna(row["gap"])


def test_findings_and_the_gap_are_said(store: Store) -> None:
    rows = (
        check(1, "02.10.2023", finding="нещо", due="16.10.2023", counted=(60, 50, 4)),
        check(2, "03.10.2023", kind="diary", finding="друго", due="06.02.2024"),
    )
    put(store, register(), checks(*rows))
    row = of(store).loc[FIRST]
    assert (row["n_open"], row["n_overdue"], row["gap"]) == (2, 1, 6)
    assert row["reason"] == (
        "Последната проверка е от 03.10.2023 г., преди 125 дни; 2 неизпълнени препоръки, от тях 1 с изтекъл срок; "
        "в дневниците не са вписани всички отсъстващи."
    )


def test_risk_is_said_and_ranks(store: Store) -> None:
    put(store, register(), *(listing(code, 10) for code in (FIRST, SECOND, THIRD)))
    put(store, *(absences(code, OCTOBER, [6] * n) for code, n in ((FIRST, 1), (SECOND, 2), (THIRD, 6))))
    put(store, checks(*(check(n, "02.10.2023", code) for n, code in enumerate((FIRST, SECOND, THIRD)))))
    rows = of(store)
    assert rows.index.tolist() == [THIRD, SECOND, FIRST]
    assert rows["risk"].tolist() == pytest.approx([0.6, 0.2, 0.1])
    assert rows["oblast_risk"].tolist() == pytest.approx([0.3] * 3)
    assert rows.loc[THIRD, "reason"].endswith(
        "делът на учениците, достигнали месечния праг, е поне два пъти над областния."
    )
    assert "праг" not in rows.loc[SECOND, "reason"]


def test_without_any_checks_everybody_waits(store: Store) -> None:
    put(store, register())
    rows = of(store)
    assert rows["must"].all()
    assert rows.index.tolist() == [FIRST, SECOND, THIRD]
    assert MEETING.date() == DAY


def test_a_store_without_schools_has_no_ranking(store: Store) -> None:
    assert of(store).empty
