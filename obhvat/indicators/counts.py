"""How many children a rule flags, by school: the rows of the metrics of risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from math import inf, isnan, nextafter

import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import by_place
from obhvat.indicators.measures import measures, of_months
from obhvat.indicators.thresholds import rules_of
from obhvat.periods import last_of, next_month, school_year_of_month
from obhvat.scope import Count, Window, open_institutions
from obhvat.scope.days import SENT_MONTHS, newest_month_of, sent_months
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
    of_schools = _of_month if rule.measure in _MISSED else _of_measures
    counts = of_schools(store, month, window.known_at, rule)
    return [Count(*place, *counts.get(place[1], (0, 0, False)), month) for place in places]


_Of = tuple[int, int | None, bool]


def _of_measures(store: Store, month: date, known_at: datetime, rule: Rule) -> dict[str, _Of]:
    measured = by_place(measures(store, month, known_at), rule, "school")
    return {
        school: (int(n), None if isnan(d) else int(d), True)
        for school, n, d in zip(*(measured[column].tolist() for column in ("school", "n", "d")), strict=True)
        if not isnan(n)
    }


# Measures of what a child missed, which are counted without the rest of what is known of it.
_MISSED = ("month_unexcused", "term_unexcused", "year_unexcused", "rise", "jump")


def _of_month(store: Store, month: date, known_at: datetime, rule: Rule) -> dict[str, _Of]:
    year, asked = school_year_of_month(month), _asked(rule)
    in_use = {_asked(other) for other in rules_of(store, known_at).rules if other.measure in _MISSED}
    # A threshold that is only tried is asked alone.
    rules = tuple(sorted(in_use)) if asked in in_use else (asked,)
    return _of_year(store, year, known_at, rules).get(month, {}).get(rules.index(asked), {})


_Asked = tuple[str, float, bool, str]


def _asked(rule: Rule) -> _Asked:
    """What of a rule decides whom it flags: measure, threshold, whether a value exactly at it counts, unit."""
    return rule.measure, float(rule.value), rule.inclusive, str(rule.of_unit)


def _of_year(
    store: Store, year: int, known_at: datetime, rules: tuple[_Asked, ...]
) -> dict[date, dict[int, dict[str, _Of]]]:
    """The same of every month that anybody sent and rule, by the rule's place among those asked: what is hidden is
    chosen over a whole year and over the rules that one child can be under at once."""
    sql = of_months("flags", "settled")

    def answer() -> dict[date, dict[int, dict[str, _Of]]]:
        sent = {month for month, _ in sent_months(store, known_at)}
        months = sorted(month for month in sent if school_year_of_month(month) == year)
        counted: dict[date, dict[int, dict[str, _Of]]] = {}

        def of_month(month: date) -> dict[int, dict[str, _Of]]:
            # What came of a month changes it and those after it.
            if month not in counted:
                counted.update(_counted(store, sql, [other for other in months if other >= month], known_at, rules))
            return counted[month]

        return {
            month: store.kept_of_data(
                ("flags of a month", month, rules),
                known_at,
                partial(of_month, month),
                daily=False,
                reads=(sql,),
                until=last_of(month),
            )
            for month in months
        }

    question = ("flags of a year", year, rules)
    return store.kept_of_data(question, known_at, answer, daily=False, reads=(sql, SENT_MONTHS))


def _counted(
    store: Store, sql: str, months: Sequence[date], known_at: datetime, rules: Sequence[_Asked]
) -> dict[date, dict[int, dict[str, _Of]]]:
    given = {
        "known_at": known_at,
        "year_first": date(school_year_of_month(months[0]), 9, 1),
        "months": months,
        "rules": [
            {"rule": n, "measure": measure, "unit": unit, "least": value if inclusive else nextafter(value, inf)}
            for n, (measure, value, inclusive, unit) in enumerate(rules)
        ],
    }
    found: dict[date, dict[int, dict[str, _Of]]] = {month: defaultdict(dict) for month in months}
    for place, month, school, n, d, unlisted in store.rows(sql, given):
        if d or unlisted:
            found[month][place][school] = n, None if unlisted else d, True
    return found


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
