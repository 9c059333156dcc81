"""What the rules compare: one row a child, as of a month and as known at a moment.

Nothing here is a judgement: the same measures serve every threshold, so a threshold can be tried without asking again.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

from obhvat.people import EVERY, Reach
from obhvat.periods import first_day, last_of, school_year_of_month, teaching_days
from obhvat.resources import read_sql, read_toml
from obhvat.scope.days import cases_known_until
from obhvat.store import Store
from obhvat.store.told import READ_OF_CASES, READ_OF_STEPS, cases_ever, steps_ever


@cache
def lessons_a_day() -> dict[int, int]:
    """Grade → lessons a school day (see possible.toml); preschool groups, whose grades are below 1, miss days."""
    declared = read_toml("indicators/possible.toml")["lessons_a_day"]
    lessons_of = dict.fromkeys(range(-10, 1), int(declared["days"]))
    for grades, lessons in declared.items():
        if grades != "days":
            low, high = map(int, grades.split("-"))
            lessons_of |= dict.fromkeys(range(low, high + 1), int(lessons))
    return lessons_of


# Which of the children are of a reach, by their school.
_OF_REACH = {
    "all": "true",
    "municipality": """
        school in (
            select schools.code
            from schools
            join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
            where schools.municipality = $given
        )
    """,
    "school": "school = $given",
}


def measures(store: Store, month: date, known_at: datetime, reach: Reach = EVERY) -> pd.DataFrame:
    """One row a child of a reach: on a list, with absences since September, or gone from a list. It stands where it was
    last: at the institution on whose newest list it is by the month's end, if that has sent the month, else whose file
    came last, with what it missed at all of them. Hours and days of one child are two rows.

    Columns school, pupil, unit („hours“ or „days“), grade, class_name, municipality, is_listed (on
    the list of any); has_list (whether its institution sent one); the measures the rules
    compare (obhvat/indicators/rules.toml); absent and possible, in the row's unit; case_number and last_action; the
    slice and line the month's and the list's rows stand on. A measure is missing where nothing was sent to count it
    from: not zero.

    The frame is shared: do not change it.
    """
    # What was done is known until a day that may be today.
    question = ("measures", month, cases_known_until(store, month, known_at), reach)
    return store.kept_of_data(question, known_at, lambda: _measured(store, month, known_at, reach), daily=False)


def _measured(store: Store, month: date, known_at: datetime, reach: Reach) -> pd.DataFrame:
    rows = _of_files(store, month, known_at, reach)
    of_rows = _cases(store, month, known_at).reindex(rows["pupil"])
    return rows.assign(**{column: of_rows[column].array for column in of_rows})


def _cases(store: Store, month: date, known_at: datetime) -> pd.DataFrame:
    """What is said of the cases of each child that has one, by pseudonym."""
    until = cases_known_until(store, month, known_at)
    then = min(last_of(month), until)

    def answer() -> pd.DataFrame:
        told = {
            "cases_latest": cases_ever(store, until, known_at),
            "cases_then": cases_ever(store, then, known_at),
            "steps_ever": steps_ever(store, known_at),
        }
        return store.read(read_sql("indicators/sql/cases_of_children.sql"), {"until": until}, told).set_index("pupil")

    reads = (*READ_OF_CASES, *READ_OF_STEPS)
    return store.kept_of_data(("cases of children", until, then), known_at, answer, daily=False, reads=reads)


_PLACES = """
    select distinct on (schools.code) schools.code as school, schools.municipality
    from schools
    join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
"""


def _of_files(store: Store, month: date, known_at: datetime, reach: Reach) -> pd.DataFrame:
    """The same without what is said of their cases: it is kept while cases are worked on."""
    year = school_year_of_month(month)
    signed_off = _signed_off(store, month, known_at)
    sql, given = of_months("measures", "everyone"), {}
    if not reach.is_all:
        sql = f"select * from ({sql}) as measured where {_OF_REACH[reach.cases]}"
        given |= {"given": reach.given} if reach.cases != "all" else {}
        if reach.hidden:
            sql += " and pupil not in (select unnest($hidden::ubigint[]))"
            given["hidden"] = sorted(reach.hidden)
    given |= {
        "known_at": known_at,
        "months": [month],
        "month": month,
        **_lists_of(month),
        "signed_off": [pupil for pupil, _ in signed_off],
        "signed_off_on": [left_on for _, left_on in signed_off],
        "year_before_first": date(year - 1, 9, 1),
        "start_year": year,
        # Marks of a term are known after its end.
        "newest_term": 2 * year - (month.month >= 9) + (6 <= month.month <= 8),
    }

    def answer() -> pd.DataFrame:
        rows = store.read(sql, given).merge(store.read(_PLACES, {"known_at": known_at}), on="school", how="left")
        rows["municipality"] = rows["municipality"].fillna("").astype("str")
        rows["possible"] = _possible(rows, year, last_of(month))
        rows["absent_share"] = 100 * rows["absent"] / rows["possible"].where(rows["possible"] > 0)
        return rows.drop(columns="months_sent").sort_values(
            ["municipality", "school", "grade", "class_name", "pupil"], ignore_index=True
        )

    question = ("measures of files", month, reach, signed_off)
    return store.kept_of_data(question, known_at, answer, daily=False, reads=(sql, _PLACES), until=last_of(month))


def _lists_of(month: date) -> dict[str, date]:
    """What says which lists are looked at as of a month."""
    first = date(school_year_of_month(month), 9, 1)
    return {"year_first": first, "last": last_of(month), "lists_from": first - timedelta(days=400)}


def _signed_off(store: Store, month: date, known_at: datetime) -> tuple[tuple[int, date], ...]:
    """Of the children who are on none of the newest lists any more, the days on which they left: all that is asked of
    files later than the month."""
    who, when = read_sql("indicators/sql/gone.sql"), read_sql("indicators/sql/signed_off.sql")

    def answer() -> tuple[int, ...]:
        return tuple(pupil for (pupil,) in store.rows(who, {"known_at": known_at, **_lists_of(month)}))

    gone = store.kept_of_data(("gone", month), known_at, answer, daily=False, reads=(who,), until=last_of(month))
    given = {"known_at": known_at, "gone": gone}
    return store.kept_of_data(
        ("signed off", gone), known_at, lambda: tuple(store.rows(when, given)), daily=False, reads=(when,)
    )


@cache
def of_months(query: str, whom: Literal["everyone", "settled"]) -> str:
    """A query that reads what each child missed by each of `$months`, which are of one school year. Of many months
    `settled` costs less, and tells no more of most children than what the rules compare."""
    steps = ", ".join(read_sql(f"indicators/sql/{step}.sql") for step in ("asked", whom, "missed", "amounts"))
    return f"with {steps} select * from ({read_sql(f'indicators/sql/{query}.sql')})"


def _possible(children: pd.DataFrame, year: int, last: date) -> np.ndarray:
    """Hours or days each child could have missed: school days of the months its institution has sent, between
    enrolment and leaving, times the lessons a day of its grade."""
    possible = np.full(len(children), np.nan)
    start = children["enrolled_on"].to_numpy("datetime64[D]")
    end = children["left_on"].to_numpy("datetime64[D]")
    start = np.where(np.isnat(start), np.datetime64(first_day(year)), start)
    end = np.where(np.isnat(end), np.datetime64(last), end)
    lessons = children["grade"].map(lessons_a_day()).fillna(6).to_numpy(float)
    # Lessons begin on 15 September: days before it are no lessons to miss.
    days = np.array([day for day in teaching_days(year) if day >= first_day(year)], "datetime64[D]")
    for months, rows in children.groupby("months_sent").indices.items():
        of_months = days[np.isin(days.astype("datetime64[M]"), np.array(str(months).split(), "datetime64[M]"))]
        n = np.searchsorted(of_months, end[rows], "right") - np.searchsorted(of_months, start[rows], "left")
        possible[rows] = np.maximum(n, 0) * lessons[rows]
    return possible


def class_months(store: Store, school: str, month: date, unit: str, known_at: datetime) -> pd.DataFrame:
    """A school's classes by month, from September: columns school, class_name, month, unexcused in the unit."""
    return store.read(
        read_sql("indicators/sql/class_months.sql"),
        {
            "known_at": known_at,
            "year_first": date(school_year_of_month(month), 9, 1),
            "month": month,
            "school": school,
            "unit": unit,
        },
    )


def file_of(store: Store, slice_id: int) -> str:
    """The name of the file a slice came in."""
    names = store.rows(
        "select batches.file_name from slices join batches on batches.batch_id = slices.batch_id "
        "where slices.slice_id = $slice_id",
        {"slice_id": slice_id},
    )
    return names[0][0] if names else ""
