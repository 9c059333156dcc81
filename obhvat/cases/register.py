"""Cases and their steps as they stand on a day: the uploaded registers joined with what was entered here."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from obhvat.metrics import Scope
from obhvat.periods import Period
from obhvat.store import Store


def as_of_day(store: Store, period: Period, known_at: datetime, until: date | None = None) -> date:
    """The day cases of a period are looked at: its last day, today or `until`, but not after what is known.

    A register from February says nothing of June: a case in it is not four months late. The newest register or entry
    about cases ends what is known.
    """
    last = min(period.last, until or period.last)
    [(newest,)] = store.rows(
        """
        select max(day)
        from (
            select max(period) as day from live_slices('cases', $known_at) where period <= $last
            union all
            select max(period) from live_slices('actions', $known_at) where period <= $last
            union all
            select max(status_on)
            from entered_statuses
            join live_entries($known_at) as live on live.entry_id = entered_statuses.entry_id
            where status_on <= $last
            union all
            select max(date)
            from entered_actions
            join live_entries($known_at) as live on live.entry_id = entered_actions.entry_id
            where date <= $last
            union all
            select max(opened_on)
            from entered_cases
            join live_entries($known_at) as live on live.entry_id = entered_cases.entry_id
            where opened_on <= $last
        )
        """,
        {"known_at": known_at, "last": last},
    )
    return min(last, known_at.date(), newest or last)


def cases(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """One row a case: number, has_pupil, category, municipality, school_municipality, school, grade, opened_on,
    dropped_on, reason, reason_note, source, repeat, status, status_on, confidence, status_group, and where it comes
    from: slice_id and line of a file, or opened_entry and status_entry of what was entered here. Dates are datetimes
    or NaT.
    """
    # Pseudonyms stay in the store: pages never need one.
    sql = """
        select * exclude (pupil), pupil is not null as has_pupil
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


def in_scope(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows of a municipality, and where they have a school, of a school."""
    if scope.municipality:
        rows = rows[rows["municipality"] == scope.municipality]
    if scope.school and "school" in rows:
        rows = rows[rows["school"] == scope.school]
    return rows
