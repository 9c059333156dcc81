"""What became of the cases: whether who was returned stayed, who dropped out again, and how many cases a time is of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

from recount.cases import REACHED, STATUS_GROUPS, Case, Cases
from recount.known import Rows, Span

DAYS = (30, 60, 90)
OUTCOMES = ("stayed", "left", "unknown", "too_early")


@dataclass(frozen=True)
class Return:
    """A case whose child was returned."""

    case: Case
    child: str
    on: date | None
    again: date | None
    """The day the child is known to be out of school again."""


class Followed:
    """The cases of a moment, as they went on."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.known = cases, cases.known
        self.returns = cache(self._returns)
        self.outcomes = cache(self._outcomes)

    def answers(self, period: Span) -> dict[str, Rows]:
        day = self.cases.day(period)
        outcomes = self.outcomes(day)
        linked = [back.case for back in self.returns(day) if outcomes[back.case.number, DAYS[0]] != "unlinked"]
        unlinked = [back.case for back in self.returns(day) if back.case not in linked]
        repeated = [case for case in self.cases.stock(day) if self._is_repeated(case, day)]
        answers = {
            f"returns_{outcome}_{days}": self.cases.counted(
                period, linked, lambda case, days=days, outcome=outcome: outcomes[case.number, days] == outcome
            )
            for days in DAYS
            for outcome in OUTCOMES
        }
        return {
            **answers,
            "returns_unlinked": self.cases.counted(period, unlinked, lambda case: True),
            "cases_repeated": self.cases.counted(period, repeated, lambda case: True),
            **self._times(period, day),
        }

    # --- returned, and then

    def _child(self, number: str) -> str:
        """Whose a case is; a register without identifiers does not unsay it."""
        return next((row["child"] for row in reversed(self.cases.of_number[number]) if row["child"]), "")

    def _returns(self, day: date) -> list[Return]:
        returns = []
        for case in self.cases.ever(day):
            rows = self.cases.of_number[case.number]
            told = [
                row["since"]
                for row in rows
                if (row["since"] or row["as_of"]) <= day and STATUS_GROUPS[row["status"]] == "returned"
            ]
            undone = None
            if case.group == "returned":
                on = case.since if case.is_dated else None
            elif told:
                on = max((since for since in told if since), default=None)
                undone = case.since if on and case.is_dated and case.since > on else case.told_on
            else:
                continue
            ways_out = [undone, self._dropped_again(case.number, on, day)]
            returns.append(Return(case, self._child(case.number), on, min(filter(None, ways_out), default=None)))
        return returns

    def _dropped_again(self, number: str, on: date | None, day: date) -> date | None:
        """By a later case of the same child; who is only at risk is still at school."""
        child, days = self._child(number), []
        for case in self.cases.ever(day):
            newest = self.cases.of_number[case.number][-1]
            is_later = on and child and self._child(case.number) == child and case.opened > on
            if is_later and newest["category"] != "в риск от отпадане":
                dropped = newest["dropped"]
                days.append(dropped if dropped and dropped > on else case.opened)
        return min(days, default=None)

    @cached_property
    def _lists(self) -> list[tuple[str, str, date, date | None]]:
        """School, child, day of the list, day the child left."""
        rows = self.known.in_force(self.known.raw.lists, "school", "day")
        return [*zip(rows["school"], rows["child"], rows["day"], rows["left"], strict=True)]

    @cached_property
    def _list_days(self) -> dict[str, set[date]]:
        days: dict[str, set[date]] = defaultdict(set)
        for school, _, day, _ in self._lists:
            days[school].add(day)
        return days

    @cached_property
    def _on_lists(self) -> dict[str, list[tuple[date, date | None]]]:
        days: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
        for _, child, day, left in self._lists:
            days[child].append((day, left))
        return days

    @cached_property
    def _in_absences(self) -> dict[str, list[tuple[date, date | None]]]:
        sent = self.known.in_force(self.known.raw.sent, "school", "month")
        rows = self.known.raw.lines[self.known.raw.lines["file"].isin(sent["file"])]
        days: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
        for child, month, left in zip(rows["child"], rows["month"], rows["left"], strict=True):
            days[child].append((month, left))
        return days

    def _outcomes(self, day: date) -> dict[tuple[str, int], str]:
        return {(back.case.number, days): self._outcome(back, days, day) for back in self.returns(day) for days in DAYS}

    def _outcome(self, back: Return, days: int, day: date) -> str:
        if not back.child or not back.on:
            return "unlinked"
        on, until = back.on, back.on + timedelta(days)
        if until > day:
            return "too_early"
        if back.again and back.again < until:
            return "left"
        listed = [(at, left) for at, left in self._on_lists[back.child] if at <= day]
        seen = listed + [(at, left) for at, left in self._in_absences[back.child] if on.replace(day=1) <= at <= day]
        if any(at >= until and (not left or left >= until) for at, left in seen):
            return "stayed"
        last_listed = max((at for at, left in listed if at > on and (not left or left > at)), default=on)
        is_off_list = any(last_listed < at <= day for at in self._list_days[back.case.place[1]])
        has_left = any(left and on < left < until for _, left in seen)
        return "left" if has_left or is_off_list else "unknown"

    def _is_repeated(self, case: Case, day: date) -> bool:
        newest = self.cases.of_number[case.number][-1]
        if newest["again"] or newest["category"] == "повторно отпаднал":
            return True
        child = self._child(case.number)
        return case.group == "in_work" and any(
            back.on and (back.case.number == case.number or (child and back.child == child and back.on <= case.opened))
            for back in self.returns(day)
        )

    # --- how long it takes

    def _times(self, period: Span, day: date) -> dict[str, Rows]:
        ever = self.cases.ever(day)
        has_steps = {m: self.cases.step_registers.since(m) <= day for m in {case.place[0] for case in ever}}

        def first_step(case: Case, is_counted: Callable[[str], bool]) -> date | None:
            steps = self.cases.steps_of[case.number]
            return min((s["day"] for s in steps if s["day"] <= day and is_counted(s["contact"])), default=None)

        def until(case: Case) -> date:
            if case.group != "in_work":
                return case.since
            return day if case.is_listed else min(case.told_on, day)

        events = {
            "first_action": {case: first_step(case, lambda contact: True) for case in ever},
            "contact": {case: first_step(case, lambda contact: contact in REACHED) for case in ever},
            "outcome": {case: case.since if case.group != "in_work" else None for case in ever},
        }
        answers: dict[str, Rows] = {}
        for what, on in events.items():
            told = [
                case
                for case in ever
                if (case.group == "in_work" or case.is_dated if what == "outcome" else has_steps[case.place[0]])
            ]
            waiting = {case for case in told if not (at := on[case]) or at > until(case)}
            is_told = set(told).__contains__
            answers[f"cases_timed_{what}"] = self.cases.counted(period, ever, is_told)
            answers[f"cases_untimed_{what}"] = self.cases.counted(period, ever, lambda case, of=is_told: not of(case))
            answers[f"cases_waiting_{what}"] = self.cases.counted(period, told, waiting.__contains__)
        return answers
