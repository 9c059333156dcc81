"""Checks of РУО as known at a moment, and the schools that had to be checked: what everything about checks reads."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime

import pandas as pd

from obhvat.language import N_
from obhvat.periods import Period
from obhvat.resources import read_sql
from obhvat.scope import Scope, institutions
from obhvat.store import Store

# kind → its name and the letter it has in a matrix. The press release of 13.03.2024 names the three.
KINDS = {
    "attendance": (N_("присъствие в час"), N_("П")),
    "diary": (N_("вписване в дневника"), N_("Д")),
    "director": (N_("дейности на директора за задържане"), N_("Р")),
}


def checks(store: Store, known_at: datetime) -> pd.DataFrame:
    """One row a check, oldest first: number, date, school, kind (a key of KINDS), classes, enrolled, present and
    absent_recorded (pupils, or missing), finding, recommendation, due, closed_on, repeat_of (a number), with_round,
    round, and the slice_id and line it stands on. Texts that were not said are empty.

    The frame is shared: do not change it.
    """
    sql = read_sql("inspections/sql/checks.sql")
    return store.kept_of_data("checks", known_at, lambda: store.read(sql, {"known_at": known_at}), daily=False)


def schools_of(store: Store, period: Period, scope: Scope) -> pd.DataFrame:
    """The schools a figure of checks in the period counts, by municipality and name: code, name, municipality,
    settlement, kind, opened_on, closed_on. Kindergartens and support centres are not checked."""
    places = institutions(store, period, scope)
    columns = ["code", "name", "municipality", "settlement", "kind", "opened_on", "closed_on"]
    return places.loc[places["level"] == "school", columns].reset_index(drop=True)


def of_period(rows: pd.DataFrame, schools: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The checks of these schools between two days, with the school's name and municipality."""
    inside = rows["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    places = schools[["code", "name", "municipality"]].rename(columns={"code": "school"})
    return rows[inside].merge(places, on="school", how="inner")


def kept(store: Store, scope: Scope, question: Hashable, answer: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """As `store.kept`, of a place."""
    return store.kept_of_data((question, scope.municipality, scope.school), scope.moment, answer)
