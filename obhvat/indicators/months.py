"""What schools sent of a month: who is over the monthly threshold, and who sent anything at all."""

from __future__ import annotations

from typing import Literal

from obhvat.indicators import Rule
from obhvat.periods import last_of
from obhvat.scope import Count, Window, counts_of_institutions
from obhvat.scope.days import newest_month
from obhvat.store import Store


def over_threshold(store: Store, window: Window, rule: Rule) -> tuple[Count, ...]:
    """Of each institution's month: n over the rule's threshold, of d on its list at the end of the newest month that is
    known."""
    path = "indicators/sql/over_threshold.sql"
    last = min(window.last, last_of(window.months[-1]))
    level = "kindergarten" if rule.unit == "days" else "school"
    newest = newest_month(store, last, window.known_at, level)
    threshold = {"unit": rule.unit, "threshold": rule.value, "inclusive": rule.inclusive}
    return counts_of_institutions(store, path, window, lists_day=last_of(newest) if newest else last, **threshold)


def submissions(store: Store, window: Window, level: Literal["school", "kindergarten"]) -> tuple[Count, ...]:
    """Of each institution's month for which anybody sent anything: n is 1 when its absences reached us."""
    return counts_of_institutions(store, "indicators/sql/submissions.sql", window, level=level)
