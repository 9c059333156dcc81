"""What was entered here about a case, in words, and the last word about each entry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pandas as pd

from obhvat.cases.register import bound_by, of_reach
from obhvat.cases.words import WORDS
from obhvat.people import EVERY, Reach
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.told import cases_ever


def entries_of(store: Store, case_number: str, known_at: datetime | None = None, reach: Reach = EVERY) -> pd.DataFrame:
    """What was entered here about a case of a reach, oldest first: columns entry_id, what (`case`, `status` or
    `action`), words, entered_at, entered_by, and the last word about it: mark („“, `withdrawn`, or how a conflict was
    settled: `entered`, `uploaded`, `both`), marked_at, marked_by."""
    known_at = known_at or store.now()
    rows = worded(store, case_number=case_number, reach=reach)
    if not reach.is_all:
        rows = rows[rows["entry_id"].isin(_in_reach(store, case_number, known_at, reach))]
    entries = store.read(
        """
        with marks as (
            select
                entry_marks.marked_entry,
                arg_max(entry_marks.mark, entry_marks.entry_id) as mark,
                arg_max(entries.entered_at, entry_marks.entry_id) as marked_at,
                arg_max(entries.entered_by, entry_marks.entry_id) as marked_by
            from entry_marks
            join entries on entries.entry_id = entry_marks.entry_id
            where entries.entered_at <= $known_at
            group by entry_marks.marked_entry
        )
        select
            entries.entry_id,
            entries.entered_at,
            entries.entered_by,
            coalesce(marks.mark, '') as mark,
            marks.marked_at,
            marks.marked_by
        from entries
        left join marks on marks.marked_entry = entries.entry_id
        where entries.entered_at <= $known_at and entries.entry_id in (select unnest($entries::integer[]))
        """,
        {"known_at": known_at, "entries": rows["entry_id"].tolist()},
    )
    columns = ["entry_id", "what", "words", "entered_at", "entered_by", "mark", "marked_at", "marked_by"]
    return rows.merge(entries, on="entry_id").sort_values("entry_id", ignore_index=True)[columns]


def _in_reach(store: Store, case_number: str, known_at: datetime, reach: Reach) -> list[int]:
    """The entries about a number that are of a case of a reach: of those that had it in the municipality the newest
    opened by the entry's day, as a number may be given again to another child (the first, where none was yet)."""
    sql = f"""
        with told as (
            select entry_id, case_number as number, municipality, date as told_on from entered_actions
            union all
            select entry_id, case_number, municipality, status_on from entered_statuses
            union all
            select entry_id, number, municipality, opened_on from entered_cases
        ),
        turns as (
            select number, municipality, opened_on, bool_and({of_reach(reach)}) as is_seen
            from cases_ever
            where number = $number
            group by number, municipality, opened_on
        )
        select told.entry_id, turns.is_seen
        from told
        join turns on turns.number = told.number and turns.municipality = told.municipality
        qualify
            row_number() over (
                partition by told.entry_id
                order by
                    turns.opened_on <= told.told_on desc,
                    abs(date_diff('day', turns.opened_on, told.told_on))
            ) = 1
    """
    cases = {"cases_ever": cases_ever(store, known_at.date(), known_at)}
    rows = store.read(sql, {"number": case_number, **bound_by(reach)}, cases)
    return rows.loc[rows["is_seen"].fillna(value=False), "entry_id"].tolist()


def worded(store: Store, *, case_number: str = "", entries: Collection[int] = (), reach: Reach = EVERY) -> pd.DataFrame:
    """Entries of a case, or those asked for: columns entry_id, what, municipality, words."""
    asked = {"case_number": case_number, "entries": list(entries)}
    told = {"sees_all": reach.cases == "all", "institution": reach.institution}
    rows = store.read(read_sql("cases/sql/entries.sql"), asked | told)
    words = [WORDS[row["what"]](row) for row in rows.to_dict("records")]
    return rows[["entry_id", "what", "municipality"]].assign(words=pd.Series(words, dtype="str"))
