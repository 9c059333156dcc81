"""How many children a rule flags, by school: the rows of the metrics of risk."""

from __future__ import annotations

from collections.abc import Iterable

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
    places = open_institutions(store, window)
    places = places[places["level"].isin(_LEVELS[rule.of_unit])]
    if month is None:
        return [Count(*place, 0, 0, False, window.months[0]) for place in _names(places)]
    first, after = pd.Timestamp(month), pd.Timestamp(next_month(month))
    # NaT compares as false: who has no such day was there before and is after.
    places = places[~(places["closed_on"] <= first) & ~(places["opened_on"] >= after)]
    measured = by_place(measures(store, month, window.known_at), rule, "school")
    known = measured.loc[measured["n"].notna(), ["school", "n", "d"]].itertuples(index=False, name=None)
    counts = {school: (int(n), None if pd.isna(d) else int(d), True) for school, n, d in known}
    return [Count(*place, *counts.get(place[1], (0, 0, False)), month) for place in _names(places)]


def _names(places: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(places["municipality"], places["code"], strict=True)
