"""Where each case in work stands: the rung that was tried, whose the next step is, and how late it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from recount.cases import OWNERS, Case, Cases
from recount.files import Row
from recount.known import Rows, Span

RUNGS = ("signal", "study", "talk", "visit", "measure", "outcome")
RUNG_OF = {
    "study": 1,
    "call": 2,
    "meeting": 2,
    "visit": 3,
    "enrolment": 5,
    **dict.fromkeys(("police_check", "grao_check", "child_protection", "social_service"), 4),
    **dict.fromkeys(("child_police", "act", "penalty", "support"), 4),
}
# The step that follows a rung, whose it is and in how many working days.
FOLLOWS = ("study", "talk", "visit", "support", "outcome", "register")
TERMS = {
    "study": ("school", 3),
    "talk": ("school", 3),
    "visit": ("ruo", 7),
    "check": ("police", 5),
    "sanction": ("municipality", 10),
    "support": ("social", 10),
    "outcome": ("school", 10),
    "register": ("ruo", 5),
}
# How people name a next step; what stands first in their words counts.
NAMED = {
    "talk": r"разговор|среща|обаждане",
    "visit": r"посещение|обход",
    "check": r"справка|мвр|грао",
    "sanction": r"ауан|глоба|уведомяване|озд",
    "support": r"подкрепа|включване|медиатор|насочване",
    "outcome": r"записване",
    "study": r"проучване",
}
NOT_REACHED = ("не", "не е открит", "неоткрит")
_HOLIDAYS = """2022-09-06 2022-09-22 2022-12-26 2022-12-27 2022-12-28 2023-01-02 2023-03-03 2023-04-14 2023-04-17
2023-05-01 2023-05-08 2023-05-24 2023-09-06 2023-09-22 2023-12-25 2023-12-26 2023-12-27 2024-01-01 2024-03-04
2024-05-01 2024-05-03 2024-05-06 2024-05-24 2024-09-06 2024-09-23"""
HOLIDAYS = [date.fromisoformat(text) for text in _HOLIDAYS.split()]


@dataclass(frozen=True)
class Standing:
    """Where a case in work stands on a day."""

    rung: str
    owner: str
    is_late: bool
    quiet: int
    is_reached: bool


class Ladder:
    """The cases in work of a moment, day by day."""

    def __init__(self, cases: Cases) -> None:
        self.cases = cases
        self.on = cache(self._on)

    def answers(self, period: Span) -> dict[str, Rows]:
        standing = self.on(self.cases.day(period))

        def of(is_counted: Callable[[Standing], bool]) -> Rows:
            return self.cases.counted(period, standing, lambda case: is_counted(standing[case]))

        return {
            "cases_overdue": of(lambda one: one.is_late),
            "cases_quiet": of(lambda one: one.quiet >= 14),
            "cases_never_contacted": of(lambda one: not one.is_reached),
            **{f"cases_on_rung_{rung}": of(lambda one, rung=rung: one.rung == rung) for rung in RUNGS},
            **{f"cases_overdue_on_rung_{r}": of(lambda one, r=r: one.rung == r and one.is_late) for r in RUNGS},
            **{f"steps_owed_{owner}": of(lambda one, owner=owner: one.owner == owner) for owner in OWNERS},
            **{f"steps_overdue_{o}": of(lambda one, o=o: one.owner == o and one.is_late) for o in OWNERS},
        }

    def _on(self, day: date) -> dict[Case, Standing]:
        return {case: self._standing(case, day) for case in self.cases.in_work(day)}

    def _standing(self, case: Case, today: date) -> Standing:
        steps = [step for step in self.cases.steps_of[case.number] if step["day"] <= today]
        steps.sort(key=lambda step: (step["day"], RUNG_OF[step["kind"]], step["n"], step["kind"]))
        rung, talked, found, done = 0, False, "", set()
        follows, since = "study", case.opened
        for step in steps:
            kind, contact = step["kind"], step["contact"]
            rung = max(rung, RUNG_OF[kind])
            done.add(kind)
            talked |= kind == "meeting" or (kind == "call" and contact not in ("", *NOT_REACHED))
            found = contact if kind == "visit" else found
            now = _following(rung, talked, found, done)
            if now != follows:
                follows, since = now, max(step["day"], case.opened)
        follows, due = _due(steps, follows, since, case.opened)
        last = steps[-1]["day"] if steps else case.opened
        is_reached = any(step["contact"] in ("да", "отказ") for step in steps)
        is_late = np.busday_count(due + timedelta(1), today + timedelta(1), holidays=HOLIDAYS) > 0
        return Standing(RUNGS[rung], TERMS[follows][0], bool(is_late), (today - last).days, is_reached)


def _following(rung: int, talked: bool, found: str, done: set[str]) -> str:
    """The step of the next rung; what the latest visit found asks for a measure first, and a call that reached nobody
    for another."""
    if rung < 5:
        if found in (*NOT_REACHED, "в чужбина", "преместен") and not done & {"police_check", "grao_check"}:
            return "check"
        if found == "отказ" and not done & {"act", "penalty", "child_protection"}:
            return "sanction"
        if rung == 2 and not talked:
            return "talk"
    return FOLLOWS[rung]


def _due(steps: list[Row], follows: str, since: date, opened: date) -> tuple[str, date]:
    """The next step and its day; the newest step may name both itself."""
    due = working_day(since, TERMS[follows][1])
    if steps:
        newest = steps[-1]
        named = named_in(newest["next_step"]) or follows
        if named != follows:
            follows, due = named, working_day(max(newest["day"], opened), TERMS[named][1])
        due = newest["due"] or due
    return follows, due


def named_in(words: str) -> str | None:
    at = {step: re.search(rf"\b(?:{names})", words.lower()) for step, names in NAMED.items()}
    places = {match.start(): step for step, match in at.items() if match}
    return places[min(places)] if places else None


def working_day(day: date, n: int) -> date:
    return np.busday_offset(day, n, roll="backward", holidays=HOLIDAYS).astype(date)
