"""What the pages about checks show in tables: rows in words."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from obhvat.inspections.checks import KINDS, checks, reported_until
from obhvat.inspections.findings import STATES, standing
from obhvat.periods import Period
from obhvat.store import Store
from obhvat.ui.filters import View
from obhvat.ui.html import Safe, bold, joined, tag


def as_of(store: Store, view: View) -> date:
    """The day checks of the view's period are looked at: what was sent of them ends there."""
    last = min(view.period.last, view.scope.moment.date())
    return min(last, reported_until(store, view.scope.moment) or last)


def within(made: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The checks of a period."""
    return made[made["date"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]


def checks_of(store: Store, school: str, day: date, known_at: datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A school's checks up to a day, and its findings as they stand on it."""
    made = checks(store, known_at)
    made = made[made["school"].eq(school) & (made["date"] <= pd.Timestamp(day))]
    return made, standing(made, day)


def timeline(made: pd.DataFrame, found: pd.DataFrame) -> list[tuple[object, ...]]:
    """A school's checks, the newest first: date, kind, what was found, and what became of it."""
    of_check = {(row.number, row.date): row for row in found.itertuples(index=False)}
    rows = []
    for check in made.iloc[::-1].itertuples(index=False):
        finding = of_check.get((check.number, check.date))
        kind = KINDS[check.kind][0]
        repeat = tag("small", f"повторна на {check.repeat_of}") if check.repeat_of else ""
        rows.append(
            (
                f"{check.date:%d.%m.%Y}",
                joined([kind, " с обход" if check.with_round else "", tag("br") if repeat else "", repeat]),
                "без забележки" if finding is None else _said(finding),
                "" if finding is None else state_words(finding),
            )
        )
    return rows


def _said(finding: object) -> Safe:
    said = [finding.finding, finding.recommendation]  # ty: ignore[unresolved-attribute]
    return joined([tag("div", said[0]), tag("div", said[1], css="quiet")] if all(said) else filter(None, said))


def state_words(finding: object) -> Safe:
    """„просрочена с 12 работни дни“, „изпълнена на 24.10.2023“."""
    state, late = finding.state, finding.late  # ty: ignore[unresolved-attribute]
    due, closed, again = (getattr(finding, name) for name in ("due", "closed_on", "recheck"))
    words = STATES[state]
    if state == "overdue":
        return tag("span", bold(words), f" с {late} раб. дни (срок {due:%d.%m.%Y})", css="late")
    if state == "open":
        return tag("span", words, "" if pd.isna(due) else f", срок {due:%d.%m.%Y}")
    return tag("span", words, f" на {closed if state == 'closed' else again:%d.%m.%Y}")
