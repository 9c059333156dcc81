"""Counted pupils against the diary: sums, intervals, faulty figures, and what absences say of the same schools."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from recount.known import span
from recount.whole import Recount
from scipy.stats import norm
from small_registers import AT, FIRST, SECOND, TERM, absences, check, checks, listing, put, register

from obhvat.inspections.diary import diary_gap
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

OCTOBER = date(2023, 10, 1)


def gap(store: Store, *counts: tuple[int, int, int]) -> dict[str, Any]:
    """The first school's row after checks with these counts: enrolled, present, absent by the diary."""
    rows = [check(n, f"{n:02}.10.2023", counted=one) for n, one in enumerate(counts, start=2)]
    put(store, register(), checks(*rows))
    return diary_gap(store, TERM, AT).set_index("school").loc[FIRST].to_dict()


def wilson(n: int, d: int) -> tuple[float, float]:
    """The interval as Wilson wrote it, per 100."""
    z, p = norm.ppf(0.975), n / d
    middle = p + z * z / (2 * d)
    spread = z * (p * (1 - p) / d + z * z / (4 * d * d)) ** 0.5
    return 100 * (middle - spread) / (1 + z * z / d), 100 * (middle + spread) / (1 + z * z / d)


@pytest.mark.parametrize("key", ["2022", "2023-I"])
def test_sums_of_the_demonstration_are_those_of_its_files(demo_store: Store, demo_recount: Recount, key: str) -> None:
    period = parse_period(key)
    rows = pd.DataFrame(demo_recount.at(datetime.now()).checks.made(span(key))).dropna(subset="enrolled")
    of_school = rows.groupby("school")[["enrolled", "present", "recorded"]].sum().astype(int)
    found = diary_gap(demo_store, period, Scope()).set_index("school").sort_index()
    assert found.index.tolist() == of_school.index.tolist()
    assert found["n_checks"].to_dict() == rows["school"].value_counts().to_dict()
    for ours, theirs in (("enrolled", "enrolled"), ("present", "present"), ("absent_recorded", "recorded")):
        assert found[ours].tolist() == of_school[theirs].tolist()
    assert found["gap"].tolist() == (of_school["enrolled"] - of_school["present"] - of_school["recorded"]).tolist()


def test_the_gap_is_what_was_counted_less_what_the_diary_has(store: Store) -> None:
    row = gap(store, (25, 20, 3), (15, 10, 5))
    assert (row["n_checks"], row["n_faulty"], row["enrolled"], row["present"]) == (2, 0, 40, 30)
    assert (row["absent_recorded"], row["gap"], row["per_100"]) == (8, 2, 5.0)


@pytest.mark.parametrize(("count", "n", "sign"), [((50, 40, 4), 6, 1), ((50, 45, 7), 2, -1)])
def test_the_interval_is_wilsons(store: Store, count: tuple[int, int, int], n: int, sign: int) -> None:
    row = gap(store, count)
    low, high = sorted(sign * limit for limit in wilson(n, 50))
    assert (row["gap"], row["low"], row["high"]) == (sign * n, pytest.approx(low), pytest.approx(high))


def test_no_gap_is_uncertain_to_both_sides(store: Store) -> None:
    row = gap(store, (50, 45, 5))
    assert (row["gap"], row["per_100"], row["flagged"]) == (0, 0.0, False)
    assert -row["low"] == row["high"] == pytest.approx(wilson(0, 50)[1])


@pytest.mark.parametrize(
    ("count", "flagged"),
    [((60, 50, 7), True), ((60, 50, 8), False), ((400, 390, 7), False), ((60, 55, 8), False)],
    ids=["three of 60", "two are too few", "three of 400 are too small a share", "more by the diary"],
)
def test_a_gap_is_flagged_when_it_is_surely_more_than_a_miscount(
    store: Store, count: tuple[int, int, int], flagged: bool
) -> None:
    assert gap(store, count)["flagged"] == flagged


def test_impossible_figures_are_left_out_and_counted(store: Store) -> None:
    row = gap(store, (20, 21, 0), (20, 18, 21), (20, 18, 1))
    assert (row["n_checks"], row["n_faulty"], row["enrolled"], row["gap"]) == (1, 2, 20, 1)
    assert row["sentence"].endswith("Невъзможните числа от 2 проверки са пропуснати.")


def test_a_school_with_only_impossible_figures_has_no_gap(store: Store) -> None:
    row = gap(store, (20, 21, 0))
    assert (row["n_checks"], row["n_faulty"], row["flagged"]) == (0, 1, False)
    assert pd.isna([row[c] for c in ("enrolled", "gap", "per_100", "low", "high")]).all()
    assert row["sentence"] == "Невъзможните числа от 1 проверка са пропуснати."


def test_checks_without_a_full_count_are_no_rows(store: Store) -> None:
    put(store, register(), checks(check(1, "02.10.2023"), check(2, "03.10.2023", SECOND, counted=(0, 0, 0))))
    rows = diary_gap(store, TERM, AT)
    assert rows["school"].tolist() == [SECOND]
    assert rows["per_100"].isna().all()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ((60, 50, 10), "При 1 проверка преброените отсъстващи са 10, колкото и по дневник."),
        ((60, 50, 12), "При 1 проверка преброените отсъстващи са 10, а по дневник са 12: с 2 повече."),
        (
            (60, 50, 9),
            "При 1 проверка преброените отсъстващи са 10, а по дневник са 9: 1 не е вписан (на 100 в списъка 1,7, "
            "между 0,3 и 8,9); може да е от самото броене.",
        ),
        (
            (60, 50, 4),
            "При 1 проверка преброените отсъстващи са 10, а по дневник са 4: 6 не са вписани (на 100 в списъка 10,0, "
            "между 4,7 и 20,1).",
        ),
    ],
)
def test_a_school_has_its_gap_in_words(store: Store, count: tuple[int, int, int], words: str) -> None:
    assert gap(store, count)["sentence"] == words


def test_the_gap_is_read_with_what_absences_say(store: Store) -> None:
    """The first school has written no unexcused hour, the second has sent nothing."""
    put(store, register(), listing(FIRST, 30), listing(SECOND, 30), absences(FIRST, OCTOBER, (0,)))
    put(
        store,
        checks(check(1, "02.11.2023", counted=(60, 50, 10)), check(2, "03.11.2023", SECOND, counted=(60, 50, 10))),
    )
    rows = diary_gap(store, TERM, AT).set_index("school")
    assert rows["zero_suspicious"].to_dict() == {FIRST: True, SECOND: False}
    assert rows["not_submitted"].to_dict() == {FIRST: False, SECOND: True}
    assert rows.loc[FIRST, "sentence"].endswith("; от началото на годината училището няма нито един неизвинен час.")
    assert rows.loc[SECOND, "sentence"].endswith("; отсъствията за октомври 2023 г. не са подадени.")


def test_without_absences_nothing_is_said_of_them(store: Store) -> None:
    row = gap(store, (60, 50, 10))
    assert (row["zero_suspicious"], row["not_submitted"]) == (False, False)


def test_schools_that_leave_most_out_come_first(store: Store) -> None:
    rows = check(1, "02.10.2023", counted=(60, 50, 9)), check(2, "03.10.2023", SECOND, counted=(60, 50, 4))
    put(store, register(), checks(*rows))
    assert diary_gap(store, TERM, AT)["school"].tolist() == [SECOND, FIRST]


def test_a_store_without_checks_has_no_gaps(store: Store) -> None:
    assert diary_gap(store, TERM, AT).empty
