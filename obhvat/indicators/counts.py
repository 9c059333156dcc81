"""How many children a rule flags, by school: the rows of the metrics of risk."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import by_place
from obhvat.indicators.measures import measures
from obhvat.periods import next_month
from obhvat.scope import Count, Window, open_institutions
from obhvat.scope.days import newest_month_of
from obhvat.store import Store

# Who can have children that a rule sees.
_LEVELS = {"hours": ("school",), "days": ("kindergarten",), None: ("school", "kindergarten")}


def flag_counts(store: Store, window: Window, rule: Rule) -> list[Count]:
    """Of each institution in the newest month of the window with absences: n children over the rule's threshold, of d
    of whom it is known, None where a list is missing; it reports when it is known of anybody."""
    month = newest_month_of(store, window)
    places = _places(store, window, month, _LEVELS[rule.of_unit])
    if month is None:
        return [Count(*place, 0, 0, False, window.months[0]) for place in places]
    measured = by_place(measures(store, month, window.known_at), rule, "school")
    counts = {
        school: (int(n), None if math.isnan(d) else int(d), True)
        for school, n, d in zip(*(measured[column].tolist() for column in ("school", "n", "d")), strict=True)
        if not math.isnan(n)
    }
    return [Count(*place, *counts.get(place[1], (0, 0, False)), month) for place in places]


def _places(store: Store, window: Window, month: date | None, levels: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Municipality and code of the institutions of these levels that were open in a month."""

    def answer() -> tuple[tuple[str, str], ...]:
        rows = open_institutions(store, window)
        rows = rows[rows["level"].isin(levels)]
        if month:
            first, after = pd.Timestamp(month), pd.Timestamp(next_month(month))
            # NaT compares as false: who has no such day was there before and is after.
            rows = rows[~(rows["closed_on"] <= first) & ~(rows["opened_on"] >= after)]
        return tuple(zip(rows["municipality"], rows["code"], strict=True))

    asked = ("places of rules", window.first, window.last, month, levels)
    return store.kept_of_data(asked, window.known_at, answer)
