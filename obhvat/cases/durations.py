"""How long it takes from the signal to the first action, to the family, to the outcome.

Cases that are still open are not left out: they count for as long as they have been watched (Kaplan and Meier, 1958,
Journal of the American Statistical Association 53:457). A mean of the ended ones would say that all is quick.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import numpy as np
import pandas as pd

from obhvat.cases.ladder import REACHED
from obhvat.language import N_, _
from obhvat.resources import read_sql
from obhvat.scope import Scope, inside
from obhvat.store import Store
from obhvat.store.told import READ_OF_CASES, READ_OF_STEPS, cases_ever, steps_ever

What = Literal["first_action", "contact", "outcome"]
NAMES: dict[What, str] = {
    "first_action": N_("от сигнала до първото действие"),
    "contact": N_("от сигнала до осъществен контакт"),
    "outcome": N_("от сигнала до изхода"),
}
OBLAST = N_("Областта")
_Z = 1.959964
FEWEST = 5
"""Of fewer cases a median or a curve says nothing."""
_EVENTS: dict[What, str] = {"first_action": "acted_on", "contact": "reached_on", "outcome": "ended_on"}
_SPANS = read_sql("cases/sql/spans.sql")


def durations(store: Store, day: date, known_at: datetime, scope: Scope) -> pd.DataFrame:
    """One row a duration, of all cases that were ever said up to a day: what, name, median.

    median: calendar days until which it had happened in half of the cases; missing where it has not yet, or where there
    are fewer than five cases.
    """
    rows = inside(spans(store, day, known_at), scope)
    summaries = []
    for what, name in NAMES.items():
        watched = watch(rows, what)
        summaries.append((what, _(name), median(watched) if len(watched) >= FEWEST else None))
    return pd.DataFrame(summaries, columns=["what", "name", "median"]).astype({"median": "float"})


def survival(store: Store, day: date, known_at: datetime, what: What = "outcome") -> dict[str, pd.DataFrame]:
    """In what share of the cases it has not happened yet, by calendar days since the signal: the curves of the oblast,
    first, and of the municipalities with at least five cases, by name. Empty where the oblast has fewer."""
    rows = spans(store, day, known_at)
    places = {_(OBLAST): rows} | {str(place): mine for place, mine in rows.groupby("municipality")}
    watched = {place: watch(mine, what) for place, mine in places.items()}
    return {place: curve(of_place) for place, of_place in watched.items() if len(of_place) >= FEWEST}


def spans(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """One row a case that was ever said up to a day, on a register or here: number, municipality, school, opened_on,
    acted_on, reached_on (contact made or refused), is_over, ended_on, watched_until, has_steps (whether its
    municipality ever sent a register of steps). Dates are datetimes or NaT. The frame is shared between sessions: do
    not change it.
    """
    asked = {"known_at": known_at, "day": day, "reached": list(REACHED)}

    def answer() -> pd.DataFrame:
        told = {"cases_ever": cases_ever(store, day, known_at), "steps_ever": steps_ever(store, known_at)}
        return store.read(_SPANS, asked, told)

    reads = (_SPANS, *READ_OF_CASES, *READ_OF_STEPS)
    return store.kept_of_data(("spans", day), known_at, answer, daily=False, reads=reads)


def watch(rows: pd.DataFrame, what: What) -> pd.DataFrame:
    """The cases of `spans` that say something of a duration: time (calendar days, 0 for what was before the signal),
    happened (else the case was watched for that time and it had not)."""
    says = ~rows["is_over"] | rows["ended_on"].notna() if what == "outcome" else rows["has_steps"]
    rows = rows[says]
    at = rows[_EVENTS[what]]
    happened = at.notna() & (at <= rows["watched_until"])
    until = at.where(happened, rows["watched_until"])
    return pd.DataFrame({"time": (until - rows["opened_on"]).dt.days.clip(lower=0), "happened": happened})


def median(watched: pd.DataFrame) -> float | None:
    """The first day by which it had happened in half of the cases; None while it has in fewer."""
    reached = curve(watched)
    reached = reached[reached["surviving"] <= 0.5 + 1e-9]
    return None if reached.empty else float(reached["time"].iloc[0])


def curve(watched: pd.DataFrame) -> pd.DataFrame:
    """The curve of Kaplan and Meier at every day on which something happened or somebody stopped being watched.

    time; surviving: the share in which it has not happened by then, from 0 to 1; low, high: its 95 % interval
    (log-minus-log, missing where nobody is left); at_risk: the cases watched just before that day.
    """
    time, happened = watched["time"].to_numpy(float), watched["happened"].to_numpy(bool)
    times, place = np.unique(time, return_inverse=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), times)
    ended = np.bincount(place, happened, len(times))
    surviving = np.cumprod(1 - ended / at_risk)
    is_inside = (surviving > 1e-12) & (surviving < 1)
    # Greenwood's error of the logarithm; on a day on which it happened in all who were left there is none.
    left = np.maximum(at_risk - ended, 1)
    error = np.sqrt(np.cumsum(ended / (at_risk * left)))[is_inside]
    s = surviving[is_inside]
    spread = np.exp(_Z * error / -np.log(s))
    low, high = (np.where(surviving < 1, np.nan, 1.0) for _ in range(2))
    low[is_inside], high[is_inside] = s**spread, s ** (1 / spread)
    return pd.DataFrame({"time": times, "surviving": surviving, "low": low, "high": high, "at_risk": at_risk})
