"""The day a meeting tells how things stand on: its own, or the last one before it of which anything is known."""

from __future__ import annotations

from datetime import date, datetime

from obhvat.meeting.meetings import Meeting
from obhvat.metrics import Figure, Metric, figure, metric
from obhvat.periods import Period, school_year_of
from obhvat.scope import Scope
from obhvat.scope.days import cases_day, checks_day
from obhvat.store import Store


def cases_on(store: Store, of: Meeting, known_at: datetime) -> date:
    """The day cases are told for: a register of February says nothing of a meeting's day in March."""
    year = Period(school_year_of(of.held_on), "year")
    return min(of.held_on, cases_day(store, year, known_at))


def checks_on(store: Store, of: Meeting, known_at: datetime) -> date:
    """The day findings of checks are told for."""
    return checks_day(store, min(of.held_on, known_at.date()), known_at)


def meeting_figure(store: Store, metric_id: str, of: Meeting, known_at: datetime) -> Figure:
    """A figure of the whole oblast as a meeting tells it."""
    day = _day_of(store, metric(metric_id), of, known_at)
    return figure(store, metric_id, of.period, Scope(known_at=known_at), day)


def _day_of(store: Store, told: Metric, of: Meeting, known_at: datetime) -> date:
    if told.period == "register":
        return cases_on(store, of, known_at)
    if told.stock and not told.monthly:
        return checks_on(store, of, known_at)
    return min(of.held_on, known_at.date())
