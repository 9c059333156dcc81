"""What checks found, and what became of it: the recommendation, its deadline, the check made again, its closing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from obhvat.datasets.captions import normal
from obhvat.inspections.checks import checks, kept, of_period, schools_of
from obhvat.language import N_, by_language, declared
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.scope.days import last_day
from obhvat.store import Store
from obhvat.workdays import workdays_between

STATES = {
    "overdue": N_("с изтекъл срок"),
    "open": N_("неизпълнена"),
    "rechecked": N_("проверена повторно"),
    "closed": N_("изпълнена"),
}
UNDONE = ("overdue", "open")
"""States in which something is still to be done."""


@dataclass(frozen=True)
class Category:
    """A typical finding, and the ways of saying it: each is beginnings of words that must all be met."""

    id: str
    name: str
    said: tuple[tuple[str, ...], ...]


@by_language
def categories() -> tuple[Category, ...]:
    """The typical findings as declared in findings.toml; the last is what none of them says."""
    every = declared("inspections/findings.toml")["category"]
    return tuple(
        Category(row["id"], row["name"], tuple(tuple(normal(word) for word in way) for way in row["said"]))
        for row in every
    )


@cache
def category_of(finding: str, recommendation: str = "") -> str:
    """The id of the typical finding that a finding is; of a check with only a recommendation, that asks to mend it."""
    *named, other = categories()
    for text in (normal(finding), normal(recommendation)):
        for category in named:
            if any(all(re.search(rf"\b{re.escape(word)}", text) for word in way) for way in category.said):
                return category.id
        if text:
            break
    return other.id


def findings(store: Store, period: Period, scope: Scope, day: date) -> pd.DataFrame:
    """One row a check of the period that found or recommended something, as it stands on a day.

    Columns number, school, name, municipality, date, kind, finding, category (an id of `categories`), recommendation,
    due, closed_on, recheck, state (a key of STATES), late. `recheck` is the first later check at the school that says
    it repeats this one, or is of its kind. A finding is closed on its own date, else checked again, else overdue from
    the day after its deadline, else open. `late` are working days: from the deadline to the closing or the check made
    again, or to `day` when there was neither. Nothing after `day` is looked at. The frame is shared: do not change it.
    """
    return kept(store, scope, ("findings", period, day), lambda: _found(store, period, scope, day))


def _found(store: Store, period: Period, scope: Scope, day: date) -> pd.DataFrame:
    schools = schools_of(store, period, scope)
    until = min(day, last_day(period, scope.moment))
    return of_period(standing(checks(store, scope.moment), day), schools, period.first, until)


def standing(made: pd.DataFrame, day: date) -> pd.DataFrame:
    """The findings of these checks as they stand on a day: the columns of `findings` without name and municipality."""
    made = made[made["date"] <= pd.Timestamp(day)]
    rows = made[(made["finding"] != "") | (made["recommendation"] != "")].reset_index(drop=True)
    rows = rows[["number", "school", "date", "kind", "finding", "recommendation", "due", "closed_on"]]
    rows["recheck"] = _rechecks(made).reindex(pd.MultiIndex.from_frame(rows[["school", "number", "date"]])).to_numpy()
    now = pd.Timestamp(day)
    # What was closed after the day was open on it.
    rows["closed_on"] = rows["closed_on"].where(rows["closed_on"] <= now)
    rows["category"] = [
        category_of(*texts) for texts in rows[["finding", "recommendation"]].itertuples(index=False, name=None)
    ]
    conditions = [rows["closed_on"].notna(), rows["recheck"].notna(), rows["due"] < now]
    rows["state"] = np.select(conditions, ["closed", "rechecked", "overdue"], "open")
    done = rows["closed_on"].fillna(rows["recheck"]).fillna(now)
    between = cache(workdays_between)
    rows["late"] = [
        0 if pd.isna(due) else between(due.date(), end.date()) for due, end in zip(rows["due"], done, strict=True)
    ]
    return rows


def _rechecks(made: pd.DataFrame) -> pd.Series:
    """By school, number and date of a check: the date of the first later one that repeats it or is of its kind."""
    made = made[["school", "number", "date", "kind", "repeat_of"]]
    pairs = made.merge(made, on="school", suffixes=("", "_later"))
    later = pairs["date_later"] > pairs["date"]
    again = (pairs["repeat_of_later"] == pairs["number"]) | (pairs["kind_later"] == pairs["kind"])
    return pairs[later & again].groupby(["school", "number", "date"])["date_later"].min()


def by_school(rows: pd.DataFrame) -> pd.DataFrame:
    """Schools with findings, those with most overdue first: school, name, municipality, n, open (of them undone,
    overdue included), overdue, late (the most working days any is overdue)."""
    marked = rows.assign(
        is_open=rows["state"].isin(UNDONE),
        is_overdue=rows["state"] == "overdue",
        overdue_days=rows["late"].where(rows["state"] == "overdue", 0),
    )
    schools = marked.groupby(["school", "name", "municipality"], as_index=False).agg(
        n=("number", "size"), open=("is_open", "sum"), overdue=("is_overdue", "sum"), late=("overdue_days", "max")
    )
    order = ["overdue", "late", "open", "n", "school"]
    return schools.sort_values(order, ascending=[False] * 4 + [True], ignore_index=True)


def counts(made: pd.DataFrame, day: date) -> pd.DataFrame:
    """Findings of these checks still undone on a day, by school: school, n_open (overdue included), n_overdue."""
    rows = standing(made, day)
    rows = rows[rows["state"].isin(UNDONE)].assign(is_overdue=rows["state"] == "overdue")
    return rows.groupby("school", as_index=False).agg(n_open=("number", "size"), n_overdue=("is_overdue", "sum"))
