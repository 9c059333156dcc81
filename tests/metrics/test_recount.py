"""Every metric of the registry, once more from the raw files: for every place, period and moment.

What is compared: the number, of how many where the metric says of what, who reports, and how many places there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

import pytest
from recount.known import Rows, span
from recount.whole import Moment, Recount, Total, by_place, inside, total

from obhvat.metrics import Figure, Metric, all_metrics, figure
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

METRICS = {metric.id: metric for metric in all_metrics()}
# In the middle of a second term, in the middle of a first, and when everything had come.
MOMENTS = (datetime(2023, 4, 20, 12), datetime(2023, 12, 10, 12), datetime(2024, 12, 31, 12))
NOW = MOMENTS[-1]
# Years and their parts; an earlier moment is asked of what was new then.
PARTS = {
    MOMENTS[0]: ("2022-II",),
    MOMENTS[1]: ("2023-I", "2022-S"),
    NOW: ("2022", "2022-I", "2022-II", "2022-S", "2023", "2023-I", "2023-S"),
}
MONTHS = tuple(f"{month:%Y-%m}" for year in ("2022", "2023") for month in span(year).months)
OBLASTS = ("demo", "awkward")
# In the kind oblast nothing comes late: what was known before, and each month, are looked at in its awkward sister.
LOOKED_AT = [("demo", MOMENTS[1]), ("demo", NOW), *(("awkward", moment) for moment in MOMENTS)]
OF_MONTHS = [("demo", MONTHS[::3]), ("awkward", MONTHS[:12]), ("awkward", MONTHS[12:])]
Oblast = tuple[Recount, Store]


@pytest.fixture(scope="session")
def oblast_of(request: pytest.FixtureRequest) -> Callable[[str], Oblast]:
    """The files of an oblast, counted by hand, and a store filled with them."""

    def of(name: str) -> Oblast:
        return request.getfixturevalue(f"{name}_recount"), request.getfixturevalue(f"{name}_store")

    return of


def place_of(metric: Metric) -> int:
    return 0 if metric.place == "municipality" else 1


def rows_of(found: Figure) -> Rows:
    return {(count.municipality, count.school): (count.n or 0, count.d, count.reports) for count in found.of_places}


def told(found: Figure) -> Total:
    return Total(found.n, found.d, found.reporting, found.places)


def differences(found: Figure, moment: Moment, key: str) -> list[str]:
    """What the program and the recount disagree in; empty when they agree."""
    metric, counted = found.metric, moment.answers(key)[found.metric.id]
    program, by_hand = told(found), total(counted, place_of(metric))
    months = moment.school_months(metric.id, key)
    if months:
        # Of months together only those that sent all of theirs report.
        by_hand = replace(by_hand, reporting=months.complete)
    has_whole = bool(metric.denominator)
    if not has_whole:
        program, by_hand = replace(program, d=None), replace(by_hand, d=None)
    different = [] if program == by_hand else [f"{program}, преброено {by_hand}"]
    if months and (found.months_sent, found.months_due) != (months.sent, months.due):
        different.append(f"{found.months_sent} от {found.months_due} месеца, преброено {months}")
    there, here = by_place(rows_of(found)), by_place(counted)
    if not has_whole:
        there, here = ({where: n for where, (n, _) in rows.items() if n} for rows in (there, here))
    if not program.reporting and not by_hand.reporting:
        different = []
    return different + [
        f"{where}: {there.get(where)}, преброено {here.get(where)}"
        for where in sorted({*there, *here})
        if there.get(where) != here.get(where)
    ]


def test_every_metric_is_recounted(demo_recount: Recount) -> None:
    assert [metric for metric in METRICS if metric not in demo_recount.at(NOW).answers("2023-I")] == []


def wrong(oblast: Oblast, metrics: Iterable[str], key: str, moment: datetime = NOW) -> dict[str, list[str]]:
    """Metric → what is wrong with it; without those that are right."""
    recount, store = oblast
    counted, period, scope = recount.at(moment), parse_period(key), Scope(known_at=moment)
    found = {metric_id: differences(figure(store, metric_id, period, scope), counted, key) for metric_id in metrics}
    return {metric_id: different for metric_id, different in found.items() if different}


@pytest.mark.parametrize(("name", "moment"), LOOKED_AT, ids=lambda of: of if isinstance(of, str) else f"{of:%Y-%m-%d}")
def test_figures_of_years_and_their_parts_are_what_the_files_say(
    oblast_of: Callable[[str], Oblast], name: str, moment: datetime
) -> None:
    for key in PARTS[moment]:
        assert wrong(oblast_of(name), METRICS, key, moment) == {}, key


@pytest.mark.parametrize(("name", "months"), OF_MONTHS, ids=["demo", "awkward-2022", "awkward-2023"])
def test_figures_of_months_are_what_the_files_say(
    oblast_of: Callable[[str], Oblast], name: str, months: tuple[str, ...]
) -> None:
    """Of every metric each third of the months in turn: its neighbours are counted alike."""
    for n, key in enumerate(months, start=months[0] > "2023"):
        assert wrong(oblast_of(name), [*METRICS][n % 3 :: 3], key) == {}, key


@pytest.mark.parametrize("name", OBLASTS)
@pytest.mark.parametrize("key", ["2023-I", "2022"])
def test_parts_of_a_figure_are_what_the_files_say(oblast_of: Callable[[str], Oblast], name: str, key: str) -> None:
    recount, store = oblast_of(name)
    counted = recount.at(NOW).answers(key)
    for metric_id in METRICS:
        found = figure(store, metric_id, parse_period(key), Scope(known_at=NOW))
        for n, column in enumerate(("municipality", "school")):
            parts = found.by(column)
            program = {place: value for place, value in zip(parts[column], parts["n"], strict=True) if value > 0}
            by_hand: dict[str, float] = defaultdict(float)
            for where, (value, _, reports) in counted[metric_id].items():
                by_hand[where[n]] += value if reports else 0
            assert program == {place: value for place, value in by_hand.items() if value > 0}, (metric_id, column)


@pytest.mark.parametrize("name", OBLASTS)
def test_a_narrower_scope_has_the_figure_of_its_part(oblast_of: Callable[[str], Oblast], name: str) -> None:
    recount, store = oblast_of(name)
    counted = recount.at(NOW)
    municipality, school = counted.known.open_in(span("2023-I"), "school")[0]
    for metric_id, metric in METRICS.items():
        rows = counted.answers("2023-I")[metric_id]
        for place in ((municipality, None), (municipality, school)):
            found = figure(store, metric_id, parse_period("2023-I"), Scope(*place, NOW))
            assert found.n == total(inside(rows, *place), place_of(metric)).n, (metric_id, place)
