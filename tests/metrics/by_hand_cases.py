"""Cases and the work on them once more, from the registers' raw rows and a plain walk over their steps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from by_hand import MUNICIPALITIES, STATUS_GROUPS, ByHand, Term, csv_rows, day_of, summed, xlsx_rows

REASONS = {
    "social_family": "социални и семейни причини",
    "absences": "голям брой отсъствия",
    "weak_marks": "слаб успех",
    "unwilling": "нежелание",
    "abroad": "заминали в чужбина",
    **dict.fromkeys(("illness", "moved", "vaccination", "other"), "такава няма"),
}
STEPS = {
    "study": "проучване на случая",
    "call": "телефонен разговор",
    "meeting": "среща с родител",
    "visit": "посещение на адрес",
    "police_check": "справка МВР",
    "child_protection": "уведомяване на ОЗД/РДСП",
    "enrolment": "записване",
    **dict.fromkeys(("grao_check", "social_service", "child_police", "act", "penalty", "support"), "такова няма"),
}
RUNGS = ("signal", "study", "talk", "visit", "measure", "outcome")
RUNG_OF = {"study": 1, "call": 2, "meeting": 2, "visit": 3, "police_check": 4, "child_protection": 4, "enrolment": 5}
# The step that follows a rung, whose it is and in how many working days.
FOLLOWS = ("study", "talk", "visit", "support", "outcome", "register")
OWNER = {
    "study": "school",
    "talk": "school",
    "visit": "ruo",
    "check": "police",
    "sanction": "municipality",
    "support": "social",
    "outcome": "school",
    "register": "ruo",
}
DAYS = {"study": 3, "talk": 3, "visit": 7, "check": 5, "sanction": 10, "support": 10, "outcome": 10, "register": 5}
NAMED = {
    "разговор": "talk",
    "среща с родител": "talk",
    "посещение на адрес": "visit",
    "повторно посещение": "visit",
    "справка МВР": "check",
    "АУАН": "sanction",
    "включване в подкрепа/медиатор": "support",
}
OWNERS = (
    *("governor", "ruo", "municipality", "police", "health", "social"),
    *("grao", "school", "child_protection", "commission", "dazd", "mediator"),
)
_HOLIDAYS = """2022-09-06 2022-09-22 2022-12-26 2022-12-27 2022-12-28 2023-01-02 2023-03-03 2023-04-14 2023-04-17
2023-05-01 2023-05-08 2023-05-24 2023-09-06 2023-09-22 2023-12-25 2023-12-26 2023-12-27 2024-01-01"""
HOLIDAYS = [date.fromisoformat(text) for text in _HOLIDAYS.split()]


def working_day(day: date, n: int) -> date:
    return np.busday_offset(day, n, roll="backward", holidays=HOLIDAYS).astype(date)


def late_days(due: date, day: date) -> int:
    return max(0, int(np.busday_count(due + timedelta(1), day + timedelta(1), holidays=HOLIDAYS)))


@dataclass(frozen=True)
class Standing:
    """Where a case in work stands on the register's day."""

    place: tuple[str, str]
    rung: str
    owner: str
    late: int
    quiet: int
    is_reached: bool


class CasesByHand:
    """The registers of a term."""

    def __init__(self, files: ByHand, term: Term) -> None:
        self.term = term
        self.cases = files.cases(term)
        self.register = xlsx_rows(files.files[f"случаи_{term.register_day}.xlsx"])
        codes = {caption: code for code, caption in STEPS.items()}
        self.steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in csv_rows(files.files[f"действия_{term.register_day}.csv"], "windows-1251", ";"):
            kind, day = codes[row["Вид действие"]], day_of(row["Дата"])
            self.steps[row["№ на случая"]].append({**row, "kind": kind, "day": day})

    def answers(self) -> dict[str, pd.DataFrame]:
        standing = [self._standing(case) for case in self.register if self._is_in_work(case)]
        owed = {
            "cases_overdue": lambda one: one.late > 0,
            "cases_quiet": lambda one: one.quiet >= 14,
            "cases_never_contacted": lambda one: not one.is_reached,
            **{f"cases_on_rung_{rung}": lambda one, rung=rung: one.rung == rung for rung in RUNGS},
            **{f"cases_overdue_on_rung_{r}": lambda one, r=r: one.rung == r and one.late > 0 for r in RUNGS},
            **{f"steps_owed_{owner}": lambda one, owner=owner: one.owner == owner for owner in OWNERS},
            **{f"steps_overdue_{o}": lambda one, o=o: one.owner == o and one.late > 0 for o in OWNERS},
        }
        zeros = [(municipality, "", 0, 0, True) for municipality in MUNICIPALITIES]
        return {
            **{
                name: summed([*zeros, *((*one.place, int(is_counted(one)), 1, True) for one in standing)])
                for name, is_counted in owed.items()
            },
            **{f"cases_by_reason_{code}": self._of_reason(words) for code, words in REASONS.items()},
            "cases_without_reason": self._of_reason(None),
            "children_in_work": self._children(is_in_work=True),
            "children_total": self._children(is_in_work=False),
            **{f"steps_{kind}": self._done(kind) for kind in STEPS if kind not in ("call", "meeting", "visit")},
            **{f"cases_with_{kind}": self._done(kind, in_cases=True) for kind in STEPS},
        }

    def _is_in_work(self, case: dict[str, Any]) -> bool:
        return case["Статус"] in STATUS_GROUPS["cases_in_work"]

    def _of_reason(self, words: str | None) -> pd.DataFrame:
        zeros = [(municipality, "", 0, 0, True) for municipality in MUNICIPALITIES]
        rows = [(*_place(case), int(case["Причина"] == words), 1, True) for case in self.cases]
        return summed([*zeros, *rows])

    def _children(self, *, is_in_work: bool) -> pd.DataFrame:
        """Each child where its newest case is, of those in work if it has any; without an identifier each case."""
        of_child: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for case in self.cases:
            of_child[case["ЕГН/ЛНЧ"] or f"случай {case['№ на случая']}"].append(case)
        rows = [(municipality, "", 0, 0, True) for municipality in MUNICIPALITIES]
        for cases in of_child.values():
            in_work = [case for case in cases if self._is_in_work(case)]
            newest = max(in_work or cases, key=lambda case: (case["Дата на сигнала"], case["№ на случая"]))
            rows.append((*_place(newest), int(bool(in_work) or not is_in_work), 1, True))
        return summed(rows)

    def _done(self, kind: str, *, in_cases: bool = False) -> pd.DataFrame:
        rows = [(municipality, "", 0, 0, True) for municipality in MUNICIPALITIES]
        for case in self.register:
            done = [
                step
                for step in self.steps[case["№ на случая"]]
                if step["kind"] == kind and self.term.first <= step["day"] <= self.term.last
            ]
            n = min(len(done), 1) if in_cases else len(done)
            rows.append((*_place(case), n, n, True))
        return summed(rows)

    def _standing(self, case: dict[str, Any]) -> Standing:
        today, opened = self.term.register_day, case["Дата на сигнала"].date()
        steps = [step for step in self.steps[case["№ на случая"]] if step["day"] <= today]
        steps.sort(key=lambda step: (step["day"], RUNG_OF[step["kind"]], int(step["Пореден №"]), step["kind"]))
        rung, talked, found, done = 0, False, "", set()
        follows, since = "study", opened
        for step in steps:
            kind, contact = step["kind"], step["Осъществен контакт"]
            rung = max(rung, RUNG_OF[kind])
            done.add(kind)
            talked |= kind == "meeting" or (kind == "call" and contact not in ("", "не", "не е открит"))
            found = contact if kind == "visit" else found
            now = FOLLOWS[rung]
            if rung < 5:
                if found in ("не", "не е открит", "в чужбина") and not done & {"police_check", "grao_check"}:
                    now = "check"
                elif rung == 2 and not talked:
                    now = "talk"
            if now != follows:
                follows, since = now, max(step["day"], opened)
        due = working_day(since, DAYS[follows])
        if steps:
            newest = steps[-1]
            named = NAMED.get(newest["Следваща стъпка"], follows)
            if named != follows:
                follows, due = named, working_day(max(newest["day"], opened), DAYS[named])
            if newest["Срок"]:
                due = day_of(newest["Срок"])
        last = steps[-1]["day"] if steps else opened
        is_reached = any(step["Осъществен контакт"] in ("да", "отказ") for step in steps)
        return Standing(
            _place(case), RUNGS[rung], OWNER[follows], late_days(due, today), (today - last).days, is_reached
        )


def _place(case: dict[str, Any]) -> tuple[str, str]:
    return case["Община по адрес"], case["Училище (код)"] or ""
