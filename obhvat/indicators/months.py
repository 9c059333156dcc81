"""What schools sent of a month: who is over the monthly threshold, and who sent anything at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from obhvat.indicators import Rule
from obhvat.periods import last_of, school_year_of_month
from obhvat.resources import read_sql
from obhvat.scope import Count, Window, counts_of_institutions, institution_months
from obhvat.scope.days import newest_month
from obhvat.store import Store

_LISTED = "select school, pupils from listed_children($known_at, $day) where unit = $unit"


def over_threshold(store: Store, window: Window, rule: Rule) -> tuple[Count, ...]:
    """Of each institution's month: n over the rule's threshold, of d on its list at the end of the newest month that is
    known."""
    last = min(window.last, last_of(window.months[-1]))
    level = "kindergarten" if rule.unit == "days" else "school"
    newest = newest_month(store, last, window.known_at, level)
    listed = _listed(store, last_of(newest) if newest else last, rule.unit, window.known_at)
    years = {school_year_of_month(month) for month in window.months}
    of_year = {year: _over(store, year, rule, window.known_at) for year in years}
    counts = []
    for municipality, school, month in institution_months(store, window, level):
        n = of_year[school_year_of_month(month)].get((school, month))
        counts.append(Count(municipality, school, n, listed.get(school), n is not None, month))
    return tuple(counts)


def _over(store: Store, year: int, rule: Rule, known_at: datetime) -> dict[tuple[str, date], int]:
    """Of each institution and month of a school year that it has sent: how many are over the rule's threshold."""
    sql = read_sql("indicators/sql/over_threshold.sql")
    about = {
        "unit": rule.unit,
        "threshold": rule.value,
        "inclusive": rule.inclusive,
        "first_month": date(year, 9, 1),
        "last_month": date(year + 1, 8, 1),
    }

    def answer() -> dict[tuple[str, date], int]:
        rows = store.rows(sql, {"known_at": known_at, **about})
        return {(school, month): n for school, month, n in rows}

    question = ("over threshold", *about.values())
    until = last_of(about["last_month"])
    return store.kept_of_data(question, known_at, answer, daily=False, reads=(sql,), until=until)


def _listed(store: Store, day: date, unit: str, known_at: datetime) -> dict[str, int]:
    """How many children each institution has on its list on a day."""
    given = {"known_at": known_at, "day": day, "unit": unit}
    return store.kept_of_data(
        ("listed children", day, unit),
        known_at,
        lambda: dict(store.rows(_LISTED, given)),
        daily=False,
        reads=(_LISTED,),
        until=day,
    )


def submissions(store: Store, window: Window, level: Literal["school", "kindergarten"]) -> tuple[Count, ...]:
    """Of each institution's month for which anybody sent anything: n is 1 when its absences reached us."""
    return counts_of_institutions(store, "indicators/sql/submissions.sql", window, level=level)
