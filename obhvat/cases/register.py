"""Cases and their steps as they stand on a day: all uploaded registers joined with what was entered here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from obhvat.people import EVERY, Reach
from obhvat.periods import Period
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.told import READ_OF_CASES, cases_ever, steps_ever


class Standing(NamedTuple):
    """How a case stands on a day."""

    municipality: str
    school: str | None
    status: str
    confidence: str | None


_WHETHER = ("status_group", "status_since", "is_current", "is_dropped")
# Which of the rows of `cases_ever` are of a reach.
_OF_REACH = {
    "all": "true",
    "municipality": "$given in (municipality, school_municipality)",
    "partner": """
        row(number, municipality, school_year_first(opened_on)) in (
            select row(unnest($numbers::varchar[]), unnest($municipalities::varchar[]), unnest($years::date[]))
        )
    """,
    "school": "school = $given",
}


def of_reach(reach: Reach) -> str:
    """The condition, in SQL, by which a row of `cases_ever` is of a reach; it names what `bound_by` binds."""
    hidden = "pupil is null or pupil not in (select unnest($hidden::ubigint[]))" if reach.hidden else "true"
    return f"({_OF_REACH[reach.cases]}) and ({hidden})"


def in_reach(reach: Reach) -> str:
    """The same of rows that tell of a case by its number, municipality and signal: a number may be given again."""
    if reach.is_all:
        return "true"
    seen = f"select row(number, municipality, opened_on) from cases_ever where {of_reach(reach)}"
    return f"row(number, municipality, opened_on) in ({seen})"


def bound_by(reach: Reach) -> dict[str, Any]:
    """What a query with the condition of a reach binds."""
    hidden = {"hidden": sorted(reach.hidden)} if reach.hidden else {}
    if reach.cases == "partner":
        numbers, municipalities, years = zip(*reach.partner_in, strict=True) if reach.partner_in else ([], [], [])
        return {"numbers": [*numbers], "municipalities": [*municipalities], "years": [*years]} | hidden
    return hidden if reach.cases == "all" else {"given": reach.given} | hidden


def cases(store: Store, day: date, known_at: datetime, reach: Reach = EVERY) -> pd.DataFrame:
    """One row a case of a reach: number, child (the same for the cases of one child; a case that does not say whose it
    is has its own), has_pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on,
    reason, reason_note, source, repeat, status, status_on, status_since (the same, or the day of the first register
    that says the status), confidence, status_group, and where it comes from: slice_id and line of a file, or
    opened_entry and status_entry of what was entered here. Dates are datetimes or NaT.
    """
    sql = f"""
        select
            number, as_of, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
            reason_note, source, repeat, status, status_on, status_since, confidence, status_group, slice_id, line,
            opened_entry, status_entry,
            pupil is not null as has_pupil,
            dense_rank() over (order by pupil, if(pupil is null, concat_ws('|', number, municipality), '')) as child
        from cases_ever
        where is_current and not is_dropped and {of_reach(reach)}
        order by opened_on, number
    """

    def answer() -> pd.DataFrame:
        return store.read(sql, bound_by(reach), {"cases_ever": cases_ever(store, day, known_at)})

    return store.kept_of_data(("cases", day, reach), known_at, answer, daily=False, reads=(sql, *READ_OF_CASES))


def standing(store: Store, day: date, known_at: datetime, period: Period) -> Iterator[Standing]:
    """How the cases of a period (`of_period`) stand on a day, in no order: what adding them up reads of `cases`."""
    # Who hides what is small asks it of every month: a query of each day takes ten times as long as its rows.
    told = cases_ever(store, day, known_at)
    rows = zip(*(told[name].to_pylist() for name in (*Standing._fields, *_WHETHER)), strict=True)
    for *says, group, since, is_current, is_dropped in rows:
        if is_current and not is_dropped and (group == "in_work" or (since and since >= period.first)):
            yield Standing(*says)


def actions(store: Store, day: date, known_at: datetime, reach: Reach = EVERY) -> pd.DataFrame:
    """One row a step up to a day in a case of a reach, whichever register tells of it: case_number, municipality, date,
    time, kind, n, team, institutions (a list), contact, result, next_step, next_due, where it comes from (slice_id and
    line of a file, or entry_id), and of its case: school, case_place (its municipality, which the step may not say),
    note_of (whose the result is when it is kept to one
    institution: others are not told it), turn_on (when it was opened, or the first of that number and school year).
    """
    if not reach.is_all:
        return _actions_of(store, day, known_at, reach)

    def placed() -> pd.DataFrame:
        return store.read(read_sql("cases/sql/placed_steps.sql"), tables=_told(store, known_at))

    def up_to_day() -> pd.DataFrame:
        every = store.kept_of_data("actions", known_at, placed, daily=False)
        return every[every["date"] <= pd.Timestamp(day)].reset_index(drop=True)

    return store.kept_of_data(("actions", day), known_at, up_to_day, daily=False)


def _told(store: Store, known_at: datetime) -> dict[str, pa.Table]:
    """What `placed_steps` reads."""
    return {"cases_ever": cases_ever(store, date.max, known_at), "steps_ever": steps_ever(store, known_at)}


def _actions_of(store: Store, day: date, known_at: datetime, reach: Reach) -> pd.DataFrame:
    # A step that is on no register's case is told to the municipality that told of it.
    of_no_case = {
        "all": "or case_place is null",
        "municipality": "or (case_place is null and municipality = $given)",
    }.get(reach.cases, "")
    sql = f"""
        with seen as (
            select number, municipality, school_year_first(opened_on) as school_year
            from cases_on_day
            where {of_reach(reach)}
        ),
        placed as (
            {read_sql("cases/sql/placed_steps.sql")}
        )
        select * replace (if($sees_all or note_of is null or note_of = $institution, result, null) as result)
        from placed
        where
            date <= $day
            and (
                row(case_number, case_place, school_year_first(turn_on)) in (
                    select row(number, municipality, school_year) from seen
                )
                {of_no_case}
            )
        order by case_number, date, time, kind, n
    """

    def answer() -> pd.DataFrame:
        told = _told(store, known_at) | {"cases_on_day": cases_ever(store, day, known_at)}
        return store.read(
            sql,
            {"day": day, "institution": reach.institution, "sees_all": reach.cases == "all", **bound_by(reach)},
            told,
        )

    return store.kept_of_data(("actions", day, reach), known_at, answer, daily=False)


def of_period(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The cases that were open at any time of a period: those the figure „Случаи в регистъра“ counts."""
    return rows[(rows["status_group"] == "in_work") | (rows["status_since"] >= pd.Timestamp(period.first))]


def case_registers(store: Store, first: date, last: date, known_at: datetime) -> frozenset[str]:
    """Municipalities of whose cases between two days something is known: whose registers and entries do not begin after
    the last day, once somebody in the oblast has told of the first. They begin with the school year of the first
    register, or with what happened before it; a case that no later register tells of stays as it was."""
    senders = _senders(store, "select municipality, since, until from case_senders($known_at)", known_at)
    newest = max((until for _, _, until in senders), default=date.min)
    return frozenset(sender for sender, since, _ in senders if since <= last and newest >= first)


def step_registers(store: Store, first: date, last: date, known_at: datetime) -> frozenset[str]:
    """Municipalities of whose steps between two days something is known: of each by its own registers and entries. One
    without any says nothing of its steps: not zero."""
    senders = _senders(store, "select municipality, since, until from step_senders($known_at)", known_at)
    return frozenset(sender for sender, since, until in senders if since <= last and until >= first)


def _senders(store: Store, sql: str, known_at: datetime) -> list[tuple[str, date, date]]:
    """Municipality, and the days between which something is known of it."""
    return store.kept_of_data(sql, known_at, lambda: store.rows(sql, {"known_at": known_at}), daily=False)
