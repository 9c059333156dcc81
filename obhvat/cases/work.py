"""What was done for the cases: each kind of work counted for itself, who took part in it, and what came of visiting.

Обход ≠ посещение ≠ случай ≠ дете (domain.md §0): a round holds many addresses, a case many visits, and no two of them
are ever added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from obhvat.cases.ladder import REACHED
from obhvat.cases.register import actions, cases, step_registers
from obhvat.cases.terms import OWNERS
from obhvat.indicators.statistics import wilson
from obhvat.periods import Period, month_of
from obhvat.resources import read_sql
from obhvat.scope import Scope, inside
from obhvat.scope.days import last_day
from obhvat.store import Store

# Kind of action → the noun it is counted in.
UNITS = {
    "study": "проучване",
    "call": "разговор",
    "meeting": "среща",
    "visit": "посещение",
    "police_check": "справка",
    "grao_check": "справка",
    "child_protection": "уведомяване",
    "social_service": "насочване",
    "child_police": "насочване",
    "act": "акт",
    "penalty": "постановление",
    "enrolment": "записване",
    "support": "включване",
}
_ROUNDS = read_sql("cases/sql/rounds.sql")


@dataclass(frozen=True)
class Came:
    """What came of what was visited, as far as it is known. A count is None when nobody reports it: not zero."""

    n: int | None
    of: int
    """How many were visited by those who report it."""
    reporting: int
    """How many of the rounds, or of the visited cases, say it."""

    @property
    def per_100(self) -> float | None:
        return 100 * self.n / self.of if self.n is not None and self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of `per_100` (Wilson). None where more came than was visited: several children may live
        at one address, and then it is no share."""
        if self.n is None or not 0 <= self.n <= self.of or not self.of:
            return None
        low, high = wilson(self.n, self.of) or (0.0, 1.0)
        return 100 * low, 100 * high


@dataclass(frozen=True)
class RoundsYield:
    """What came of the rounds of a period: addresses visited, children found there, children returned."""

    rounds: int
    addresses: int
    found: Came
    returned: Came


@dataclass(frozen=True)
class VisitsYield:
    """What came of the visits in cases: cases visited, those reached at a visit, those returned on its day or after."""

    visits: int
    cases: int
    contacted: Came
    returned: Came


def institutions_taking_part(store: Store, period: Period, scope: Scope, day: date | None = None) -> pd.DataFrame:
    """One row an institution of the coordination centre, those that took part most first and those that did not, last.

    institution (code), name, steps (in cases), rounds, cases (different ones touched). Of a step that several took
    part in each has one: the column does not add up to the steps. Missing without a register.
    """
    steps, walked = _steps(store, period, scope, day), _rounds(store, period, scope, day)
    in_steps = None if steps is None else _times(steps["institutions"])
    in_rounds = None if walked is None else _times(walked["institutions"])
    touched: dict[str, set[str]] = {}
    if steps is not None:
        for case_number, names in zip(steps["case_number"], steps["institutions"], strict=True):
            for institution in _names(names):
                touched.setdefault(institution, set()).add(case_number)
    rows = [
        (
            *(code, name),
            *(None if counts is None else counts[code] for counts in (in_steps, in_rounds)),
            None if steps is None else len(touched.get(code, ())),
        )
        for code, name in OWNERS.items()
    ]
    frame = pd.DataFrame(rows, columns=["institution", "name", "steps", "rounds", "cases"])
    frame = frame.astype(dict.fromkeys(["steps", "rounds", "cases"], "Int64"))
    took = frame[["steps", "rounds"]].fillna(0).sum(axis="columns")
    return frame.loc[took.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def our_yield(store: Store, period: Period, scope: Scope, day: date | None = None) -> RoundsYield | None:
    """Addresses visited in the rounds of a period, children found there and returned; None without a register of them.

    A round that does not say how many were found or returned is left out of that share with its addresses.
    """
    walked = _rounds(store, period, scope, day)
    if walked is None:
        return None
    return RoundsYield(
        rounds=len(walked),
        addresses=int(walked["addresses"].sum()),
        found=_came(walked, "found"),
        returned=_came(walked, "returned"),
    )


def visits_yield(store: Store, period: Period, scope: Scope, day: date | None = None) -> VisitsYield | None:
    """Cases visited in a period, those whose family was reached at a visit (contact made or refused) and those returned
    since their first visit in it; None without a register of actions.

    A case whose visits say nothing of a contact, one that is on no register, or one returned on an unknown day is left
    out of the share that it says nothing about.
    """
    steps = _steps(store, period, scope, day)
    if steps is None:
        return None
    visits = steps[steps["kind"] == "visit"]
    visits = visits.assign(told=visits["contact"].notna(), reached=visits["contact"].isin(REACHED))
    of_case = visits.groupby("case_number").agg(
        told=("told", "any"), reached=("reached", "any"), visited_on=("date", "min")
    )
    told = of_case[of_case["told"]]
    # A number that two municipalities have at once says nothing of either's case.
    register = cases(store, last_day(period, scope.moment, day), scope.moment).drop_duplicates("number", keep=False)
    ends = of_case.join(register.set_index("number"), how="inner")
    ends = ends[(ends["status_group"] != "returned") | ends["status_on"].notna()]
    returned = (ends["status_group"] == "returned") & (ends["status_on"] >= ends["visited_on"])
    return VisitsYield(
        visits=len(visits),
        cases=len(of_case),
        contacted=Came(int(told["reached"].sum()) if len(told) else None, len(told), len(told)),
        returned=Came(int(returned.sum()) if len(ends) else None, len(ends), len(ends)),
    )


def _steps(store: Store, period: Period, scope: Scope, day: date | None) -> pd.DataFrame | None:
    """The steps of the period that the metrics count; of a school, those in its cases. None where nothing is known."""
    last = last_day(period, scope.moment, day)
    registers = step_registers(store, period.first, last, scope.moment)
    if not registers or (scope.municipality and scope.municipality not in registers):
        return None
    rows = inside(actions(store, last, scope.moment), scope)
    return rows[(rows["date"] >= pd.Timestamp(period.first)) & (rows["date"] <= pd.Timestamp(last))]


def _rounds(store: Store, period: Period, scope: Scope, day: date | None) -> pd.DataFrame | None:
    """number, date, municipality, institutions, addresses, found, returned of the rounds of the period; None for a
    school, or when nobody has sent any."""
    dates = {"known_at": scope.moment, "last": last_day(period, scope.moment, day)}
    [(is_sent,)] = store.rows(
        "select count(*) > 0 from live_slices('rounds', $known_at) where period between $month and $last",
        {**dates, "month": month_of(period.first)},
    )
    if scope.school or not is_sent:
        return None
    return inside(store.read(_ROUNDS, {**dates, "first": period.first}), scope)


def _came(walked: pd.DataFrame, column: str) -> Came:
    told = walked.dropna(subset=[column])
    n = int(told[column].sum()) if len(told) else None
    return Came(n, int(told["addresses"].sum()), len(told))


def _names(institutions: Any) -> set[str]:
    return set(institutions) if isinstance(institutions, Iterable) else set()


def _times(column: pd.Series) -> Counter[str]:
    return Counter(institution for names in column for institution in _names(names))
