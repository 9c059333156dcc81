"""What is counted of children over the rules, by place: numbers alone, no row of a child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import bands, by_place, is_over, nobody_acted
from obhvat.indicators.measures import measures
from obhvat.scope import Scope, inside
from obhvat.store import Store


def over_by_place(store: Store, month: date, rule: Rule, place: str, scope: Scope) -> pd.DataFrame:
    """How many children of a scope are over a rule as of a month in every place, as `flags.by_place`."""
    question = ("over by place", month, rule, place, scope.place)
    return store.kept_of_data(question, scope.moment, lambda: by_place(_measured(store, month, scope), rule, place))


@dataclass(frozen=True)
class Waiting:
    """How many children are over a rule, and for how many of them nobody has acted."""

    over: int
    by_owner: Mapping[tuple[str, str], int]
    """Who owes the next step (a key of flags.OWES) and municipality → children."""

    @property
    def n(self) -> int:
        return sum(self.by_owner.values())


def waiting(store: Store, month: date, rule: Rule, until: date, days: int, scope: Scope) -> Waiting:
    """Of a scope's children over a rule as of a month: how many wait, because nobody did anything in so many days."""

    def answer() -> Waiting:
        measured = _measured(store, month, scope)
        over = is_over(measured, rule)
        rows = nobody_acted(measured, over, until, days)
        return Waiting(int(over.sum()), Counter(zip(rows["owes"], rows["municipality"], strict=True)))

    return store.kept_of_data(("waiting", month, rule, until, days, scope.place), scope.moment, answer)


def under(store: Store, month: date, now: Rule, tried: Rule, scope: Scope) -> pd.DataFrame:
    """One row a municipality of a scope: municipality, old and new (children over a rule, and over it with another
    threshold), fresh (of the latter, those without a case)."""

    def answer() -> pd.DataFrame:
        measured = _measured(store, month, scope)
        new = is_over(measured, tried)
        counted = pd.DataFrame(
            {
                "municipality": measured["municipality"],
                "old": is_over(measured, now),
                "new": new,
                "fresh": new & measured["case_number"].isna(),
            }
        )
        return counted.groupby("municipality", as_index=False)[["old", "new", "fresh"]].sum()

    return store.kept_of_data(("under", month, now, tried, scope.place), scope.moment, answer)


def pupils_in_bands(store: Store, month: date, measure: str, edges: Sequence[float], scope: Scope) -> pd.DataFrame:
    """How many pupils of a scope have so many hours as of a month, as `flags.bands`."""
    question = ("bands", month, measure, tuple(edges), scope.place)
    return store.kept_of_data(question, scope.moment, lambda: bands(_measured(store, month, scope), measure, edges))


def has_linked_cases(store: Store, month: date, scope: Scope) -> bool:
    """Whether any case of the oblast can be linked with a child."""
    return bool(measures(store, month, scope.moment)["earlier_cases"].notna().any())


@dataclass(frozen=True)
class Listed:
    """A school's list: how many children are on it, by class and by grade."""

    classes: Mapping[str, int]
    grades: Mapping[int, int]
    """Groups of the preschool have codes below 1; 0 where the list says none."""

    @property
    def n(self) -> int:
        return sum(self.grades.values())


def listed(store: Store, month: date, scope: Scope) -> Listed:
    """The list of the scope's school as of a month."""

    def answer() -> Listed:
        measured = _measured(store, month, scope)
        rows = measured[measured["is_listed"]]
        return Listed(_sizes(rows["class_name"]), _sizes(rows["grade"].fillna(0).astype(int)))

    return store.kept_of_data(("listed", month, scope.place), scope.moment, answer)


def _sizes(names: pd.Series) -> dict[Any, int]:
    return {name: int(n) for name, n in names.value_counts().sort_index().items()}


def _measured(store: Store, month: date, scope: Scope) -> pd.DataFrame:
    return inside(measures(store, month, scope.moment), scope)
