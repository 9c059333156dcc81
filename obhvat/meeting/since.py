"""What changed since the last meeting, in words: „с 3 случая по-малко спрямо 11 февруари“."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from obhvat.disclosure import Disclosure
from obhvat.indicators.thresholds import rules_of
from obhvat.language import _
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.meetings import meetings
from obhvat.metrics import Figure, figure
from obhvat.periods import month_label, month_name, term_of
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.texts import change, counted, difference_words


def day_words(day: date, today: date | None = None) -> str:
    """„11 февруари“; with the year when that is not today's: „14 март 2023 г.“."""
    of_another_year = today and today.year != day.year
    return f"{day.day} {month_label(day) if of_another_year else month_name(day.month)}"


def since_words(now: float, before: float, unit: str, day: date, today: date | None = None) -> str:
    """„с 3 случая по-малко спрямо 11 февруари“, „без промяна спрямо 11 февруари“. `unit` is a noun of obhvat.texts."""
    return change(now, before, unit, day_words(day, today))


@dataclass(frozen=True)
class _Then:
    """A figure as it was at a meeting."""

    value: float | None
    n: float | None
    reporting: int
    threshold: str
    hidden: bool


@dataclass(frozen=True)
class Change:
    """How a figure changed since a meeting; without `before` nothing is compared, and `words` say why, if they may."""

    words: str = ""
    """„с 3 случая по-малко спрямо 11 февруари“."""
    before: float | None = None
    much: str = ""
    """„с 3 случая по-малко“."""
    of_the_same: str = ""
    """Right after the number that changed: „с 3 по-малко спрямо 11 февруари“."""


def since_last(store: Store, now: Figure, meeting_day: date, disclosure: Disclosure, today: date | None = None) -> str:
    """How a figure changed since a meeting, in words, or '' when nothing may or can be said: see `compared`."""
    return compared(store, now, meeting_day, disclosure, today).words


def compared(store: Store, now: Figure, meeting_day: date, disclosure: Disclosure, today: date | None = None) -> Change:
    """How a figure changed since a meeting.

    Both are as counted at their moments: the meeting's is the one frozen with it, else the figure as known at the end
    of that day, else, when nothing had been sent by then, what had happened by that day. What is a state (cases in
    work, the newest month) is compared also when the period looked at began after the meeting; what is counted over
    a period is not.
    """
    today = today or now.scope.moment.date()
    if now.value is None or meeting_day >= now.scope.moment.date():
        return Change()
    since = day_words(meeting_day, today)
    is_state = now.metric.stock
    if not is_state and meeting_day < now.period.first:
        return Change(
            ""
            if now.metric.period == "register"
            else _("не се сравнява с {since}: периодът е започнал по-късно").format(since=since)
        )
    then = _frozen(store, now, meeting_day, disclosure, is_state) or _counted(store, now, meeting_day, disclosure)
    if then.hidden or disclosure.figure(now).is_hidden:
        return Change()
    if then.value is None:
        return Change(_("за {since} няма данни за сравнение").format(since=since))
    breaks_on = now.metric.breaks_on
    if then.threshold != now.metric.rule_words or (breaks_on and meeting_day < breaks_on <= now.period.last):
        return Change(_("не се сравнява с {since}: правилото е сменено").format(since=since))
    unlike = ""
    if then.reporting < now.reporting:
        # Of months together only those are counted that had sent them all.
        every_month = now.metric.period == "all_months"
        unlike = _(" (тогава всички месеци от {places})") if every_month else _(" (тогава по данни от {places})")
        unlike = unlike.format(places=counted(then.reporting, now.place_noun))
    much, same = (difference_words(now.value, then.value, unit) for unit in (now.metric.unit, ""))
    words = since_words(now.value, then.value, now.metric.unit, meeting_day, today)
    return Change(
        f"{words}{unlike}",
        then.value,
        f"{much}{unlike}",
        _("{same} спрямо {since}{unlike}").format(same=same, since=since, unlike=unlike),
    )


def _frozen(store: Store, now: Figure, meeting_day: date, disclosure: Disclosure, is_state: bool) -> _Then | None:
    """As it was frozen with the meeting; None when none was, or of another period or place."""
    known_at = now.scope.moment
    bound = {"known_at": known_at, "day": meeting_day, "metric": now.metric.id}
    sql = read_sql("meeting/sql/frozen_of_day.sql")
    rows = store.kept(("frozen", meeting_day, now.metric.id), known_at, lambda: store.rows(sql, bound))
    parts = {place: row for place, *row in rows}
    mine = parts.pop(now.scope.municipality or "", None)
    if now.scope.school or mine is None:
        return None
    period, value, n, reporting, closed_at = mine
    if not is_state and period != now.period.key:
        return None
    # In another school year others are hidden.
    [held] = [each for each in meetings(store, known_at) if each.held_on == meeting_day and each.closed_at == closed_at]
    then = meeting_figure(store, now.metric.id, held, closed_at)
    parts_then = then.parts("municipality") if now.scope.municipality else {"": then}
    told = parts_then.get(now.scope.municipality or "")
    hidden = now.metric.children and (told is None or disclosure.figure(told).is_hidden)
    rule = now.metric.rule
    threshold = rules_of(store, closed_at)[rule.id].words if rule else ""
    return _Then(value, n, reporting, threshold, hidden)


def _counted(store: Store, now: Figure, meeting_day: date, disclosure: Disclosure) -> _Then:
    """As it would have been counted at the end of the meeting's day."""
    period = now.period if now.period.first <= meeting_day else term_of(meeting_day)
    at_the_time = replace(now.scope, known_at=datetime.combine(meeting_day, time.max))
    then = figure(store, now.metric.id, period, at_the_time)
    if then.value is None:
        then = figure(store, now.metric.id, period, now.scope, day=meeting_day)
    return _Then(then.value, then.n, then.reporting, then.metric.rule_words, disclosure.figure(then).is_hidden)
