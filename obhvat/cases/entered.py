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
        seen = _places(store, case_number, known_at, reach)
        rows = rows[rows["municipality"].isin(seen)]
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


def _places(store: Store, case_number: str, known_at: datetime, reach: Reach) -> list[str]:
    """The municipalities that have a case of a reach with the number."""
    sql = f"""
        select municipality
        from cases_ever
        where number = $number and {of_reach(reach)}
    """
    told = {"cases_ever": cases_ever(store, known_at.date(), known_at)}
    return store.read(sql, {"number": case_number, **bound_by(reach)}, told)["municipality"].tolist()


def worded(store: Store, *, case_number: str = "", entries: Collection[int] = (), reach: Reach = EVERY) -> pd.DataFrame:
    """Entries of a case, or those asked for: columns entry_id, what, municipality, words."""
    asked = {"case_number": case_number, "entries": list(entries)}
    told = {"sees_all": reach.cases == "all", "institution": reach.institution}
    rows = store.read(read_sql("cases/sql/entries.sql"), asked | told)
    words = [WORDS[row["what"]](row) for row in rows.to_dict("records")]
    return rows[["entry_id", "what", "municipality"]].assign(words=pd.Series(words, dtype="str"))
