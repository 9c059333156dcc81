"""What a child missed is counted for a whole year at once: as many as its measures say, one month at a time."""

from __future__ import annotations

import math
from datetime import date, datetime

import pytest

from obhvat.indicators import default_rules
from obhvat.indicators.counts import flag_counts
from obhvat.indicators.flags import by_place
from obhvat.indicators.measures import measures
from obhvat.periods import month_period
from obhvat.scope import Window
from obhvat.store import Store

KNOWN_AT = datetime(2024, 7, 1)
MISSED = [each for each in default_rules() if each.measure.split("_")[0] in {"month", "term", "year", "rise", "jump"}]


@pytest.mark.parametrize("month", [date(2023, 9, 1), date(2024, 1, 1), date(2023, 3, 1)], ids=str)
def test_a_month_of_the_year_is_what_its_measures_say(month: date, demo_store: Store, awkward_store: Store) -> None:
    some = 0
    for store in (demo_store, awkward_store):
        for rule in MISSED:
            of_schools = by_place(measures(store, month, KNOWN_AT), rule, "school").dropna(subset="n")
            expected = {
                school: (n, None if math.isnan(d) else d)
                for school, n, d in of_schools[["school", "n", "d"]].itertuples(index=False, name=None)
            }
            counts = flag_counts(store, Window(month_period(month), KNOWN_AT), rule)
            for count in counts:
                is_expected = count.school in expected
                assert (count.n, count.d, count.reports) == (*expected.get(count.school, (0, 0)), is_expected)
                some += int(count.n or 0)
    assert some
