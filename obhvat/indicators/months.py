"""What schools sent of a month: who is over the monthly threshold, and who sent anything at all."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from obhvat.indicators import Rule
from obhvat.periods import last_of
from obhvat.scope import Window, asked_of_institutions
from obhvat.scope.days import newest_month
from obhvat.store import Store


def over_threshold(store: Store, window: Window, rule: Rule) -> pd.DataFrame:
    """One row an institution's month: municipality, school, month, n (over the rule's threshold), d (on its list at the
    end of the newest month that is known), reports. The frame is shared: do not change it."""
    path = "indicators/sql/over_threshold.sql"
    last = min(window.last, last_of(window.months[-1]))
    level = "kindergarten" if rule.unit == "days" else "school"
    newest = newest_month(store, last, window.known_at, level)
    threshold = {"unit": rule.unit, "threshold": rule.value, "inclusive": rule.inclusive}
    return asked_of_institutions(store, path, window, lists_day=last_of(newest) if newest else last, **threshold)


def submissions(store: Store, window: Window, level: Literal["school", "kindergarten"]) -> pd.DataFrame:
    """One row an institution's month: municipality, school, month, n (1 when its absences reached us), d, reports. Only
    months for which anybody sent anything. The frame is shared: do not change it."""
    return asked_of_institutions(store, "indicators/sql/submissions.sql", window, level=level)
