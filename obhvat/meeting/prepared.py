"""What a meeting is prepared by: a line of the list, and what it is told about."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from obhvat.disclosure import Disclosure
from obhvat.language import N_, _, declared
from obhvat.meeting.days import cases_on, checks_on
from obhvat.meeting.meetings import Meeting
from obhvat.periods import Period
from obhvat.scope import Scope, institutions, names_of
from obhvat.scope.days import cases_day, checks_day, clock_day
from obhvat.store import Store
from obhvat.texts import counted, day

State = Literal["left", "done", "none"]
DECISIONS, PRESENT, PAPERS = N_("Решения"), N_("Присъствие"), N_("Документи")
"""Parts of the page of the meeting where something of the list is mended."""
STATES: dict[State, str] = {"left": N_("остава"), "done": N_("готово"), "none": N_("няма")}


@dataclass(frozen=True)
class Item:
    """A line of the list: what it is about, how it stands, and where it is mended."""

    title: str
    state: State
    sentence: str
    names: tuple[str, ...] = ()
    """Of whom or of what, one by one: schools, decisions."""
    where: str = ""
    """A page by its url path, or a part of the page of the meeting by its name; empty when there is nothing to do."""


@dataclass(frozen=True)
class About:
    """What a meeting is prepared for: the open one or, without one, the next on a day, about a period."""

    store: Store
    meeting: Meeting | None
    today: date
    """The meeting's day."""
    period: Period
    scope: Scope
    disclosure: Disclosure
    declared: dict[str, Any] = field(default_factory=lambda: declared("meeting/checklist.toml"))

    @property
    def known_at(self) -> datetime:
        return self.scope.moment

    @property
    def year(self) -> Period:
        return Period(self.period.start_year, "year")

    @property
    def day(self) -> date:
        """The day from which data are old: the meeting's, or the end of a period that is long over."""
        return clock_day(self.period, self.today)

    @property
    def question(self) -> tuple[Hashable, ...]:
        """What everything asked about it depends on, but the moment."""
        return self.meeting, self.today, self.period, self.scope.place, self.disclosure.question

    @property
    def cases_day(self) -> date:
        """The day cases are told for, here as on the slides."""
        if self.meeting:
            return cases_on(self.store, self.meeting, self.known_at)
        return cases_day(self.store, self.period, self.known_at)

    @property
    def checks_day(self) -> date:
        """The day findings are told for."""
        if self.meeting:
            return checks_on(self.store, self.meeting, self.known_at)
        return checks_day(self.store, self.day, self.known_at)

    @cached_property
    def names(self) -> dict[str, str]:
        return names_of(institutions(self.store, self.year, self.scope.of_oblast))

    def name_of(self, code: str) -> str:
        return self.names.get(code, _("институция {code}").format(code=code))

    def is_old(self, known_until: date) -> bool:
        return (self.day - known_until).days > self.declared["old_after"]

    def age(self, known_until: date) -> str:
        """„към 05.02.2024 г., преди 37 дни“"""
        days = (self.day - known_until).days
        return day(known_until) + (_(", преди {days}").format(days=counted(days, "ден")) if days > 0 else "")
