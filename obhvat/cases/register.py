"""Cases and their steps as they stand on a day: the uploaded registers joined with what was entered here."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from obhvat.periods import Period
from obhvat.store import Store


def cases(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """One row a case: number, child (the same for the cases of one child; a case that does not say whose it is has its
    own), has_pupil, category, municipality, school_municipality, school, grade, opened_on,
    dropped_on, reason, reason_note, source, repeat, status, status_on, confidence, status_group, and where it comes
    from: slice_id and line of a file, or opened_entry and status_entry of what was entered here. Dates are datetimes
    or NaT.
    """
    # Pseudonyms stay in the store: pages never need one.
    sql = """
        select
            * exclude (pupil),
            pupil is not null as has_pupil,
            dense_rank() over (order by pupil, if(pupil is null, concat_ws('|', number, municipality), '')) as child
        from case_rows($known_at, $day)
        order by opened_on, number
    """
    return store.kept(("cases", day), known_at, lambda: store.read(sql, {"known_at": known_at, "day": day}))


def actions(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """One row a step: case_number, municipality, date, time, kind, n, team, institutions (a list), contact, result,
    next_step, next_due, and where it comes from: slice_id and line of a file, or entry_id."""
    sql = "select * from action_rows($known_at, $day) order by case_number, date, time, kind, n"
    return store.kept(("actions", day), known_at, lambda: store.read(sql, {"known_at": known_at, "day": day}))


def of_period(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The cases that were open at any time of a period: those the figure „Случаи в регистъра“ counts."""
    ended_in_it = rows["status_on"].isna() | (rows["status_on"] >= pd.Timestamp(period.first))
    return rows[(rows["status_group"] == "in_work") | ended_in_it]


def case_registers(store: Store, day: date, known_at: datetime) -> frozenset[str]:
    """Municipalities of whose cases something was said by a day: in a register, or entered here."""
    return _municipalities(store, "select municipality from case_registers($known_at, $day)", day, known_at)


def step_registers(store: Store, day: date, known_at: datetime) -> frozenset[str]:
    """The same of steps. A municipality that sent no register of them says nothing of its steps: not zero."""
    sql = """
        select coalesce(municipality, '') as municipality
        from live_registers('actions', $known_at, $day)
        union
        select coalesce(municipality, '')
        from action_rows($known_at, $day)
    """
    return _municipalities(store, sql, day, known_at)


def _municipalities(store: Store, sql: str, day: date, known_at: datetime) -> frozenset[str]:
    def answer() -> frozenset[str]:
        rows = store.rows(sql, {"known_at": known_at, "day": day})
        return frozenset(municipality for (municipality,) in rows)

    return store.kept((sql, day), known_at, answer)
