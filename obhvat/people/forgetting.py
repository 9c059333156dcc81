"""What is kept beyond its term, and taking it out of the store: in one transaction, with a protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from obhvat.marts import MARTS
from obhvat.people import former
from obhvat.people.former import ERASED
from obhvat.people.keeping import BY_YEARS, Kind, held_by, kinds_of, time_of
from obhvat.people.log import CUT, cut_as_said, log_of
from obhvat.periods import Period, school_year_of
from obhvat.resources import read_sql
from obhvat.store import Store, schema
from obhvat.store.entries import TABLES, add_entry, add_row

CHILDREN = ("pupils", "absences", "subject_absences", "at_risk", "asp_confirmations", "results")
"""The datasets a row of which is a child's; of results only those by pupil."""
_ENDED = read_sql("people/sql/ended_cases.sql")
# As its files are: September's lists and absences are of the year that begins.
_YEAR = "(year({0}) - if(month({0}) < 9, 1, 0))"
_OF_CASES = {
    "cases": ("number", "coalesce(opened_on, as_of)"),
    "actions": ("case_number", "least(date, as_of)"),
    "entered_cases": ("number", "opened_on"),
    "entered_statuses": ("case_number", "status_on"),
    "entered_actions": ("case_number", "date"),
    "child_cases": (
        "case_number",
        "(select entered_at::date from entries where entries.entry_id = child_cases.entry_id)",
    ),
}
"""Tables that tell of a case: the column of its number, and the day by which it is known which case it is."""
_PAPERS = ("meeting", "attendance", "decision", "closing", "forgotten", "person", "request")
"""What is entered of meetings, protocols and rights: who signed stays, and who gave a right has a term of their own."""
_STAFF = {
    "batches": ("committed_by", "committed_at", "true"),
    "batch_marks": ("marked_by", "marked_at", "true"),
    "entries": ("entered_by", "entered_at", f"what not in {_PAPERS}"),
    "thresholds": ("set_by", "set_at", "true"),
    "profiles": ("said_by", "said_at", "true"),
    "aliases": ("said_by", "said_at", "true"),
}
"""Tables that tell who did something: the name's column, the moment's, and which rows."""


def kind_of(dataset: str) -> str:
    """The kind that the rows of a dataset are of; empty for those without a child."""
    return "children" if dataset in CHILDREN else "cases" if dataset in ("cases", "actions") else ""


@dataclass(frozen=True)
class Due:
    """What of a kind is kept beyond its term."""

    kind: Kind
    school_year: int | None
    """None for what is not kept by school years."""
    until: date
    """The last day of what is due."""
    n_rows: int

    @property
    def of(self) -> str:
        """„учебната 2018/2019 г.“, „до 14.09.2019 г.“"""
        return time_of(self.school_year, self.until)

    def as_json(self) -> dict[str, Any]:
        """What a command prints of it."""
        since = self.since.isoformat() if self.since else None
        return {"kind": self.kind.name, "of": self.of, "rows": self.n_rows, "term": self.kind.term, "since": since}

    @property
    def since(self) -> date | None:
        """Since when it is due, for a school year."""
        return date(self.school_year + 1 + self.kind.years, 9, 15) if self.school_year is not None else None


def due(store: Store, today: date) -> tuple[Due, ...]:
    """What is kept beyond its term on a day, kind by kind, the oldest school year first."""
    return store.kept(("due", today), datetime.max, lambda: _due(store, today), daily=False)


def _due(store: Store, today: date) -> tuple[Due, ...]:
    found: list[Due] = []
    kinds = kinds_of(store)
    looks_until = _looks_until(kinds, today)
    counting = {
        "returned": _returned,
        "staff": _staff,
        "looks": _looks,
        "people": lambda store, until: former.due(store, until, looks_until),
    }
    for kind in kinds:
        if kind.id in BY_YEARS:
            last = school_year_of(today) - kind.years - 1
            counted = _children_by_year(store, last) if kind.id == "children" else _cases_by_year(store, last, today)
            found += [Due(kind, year, Period(year, "year").last, n_rows) for year, n_rows in counted]
        else:
            until = _years_before(today, kind.years)
            n_rows = counting[kind.id](store, until)
            found += [Due(kind, None, until, n_rows)] if n_rows else []
    return tuple(found)


def due_within_a_year(store: Store, today: date) -> tuple[Due, ...]:
    """What falls due in the next twelve months and is not due yet."""
    now = {(thing.kind.id, thing.school_year): thing.n_rows for thing in due(store, today)}
    later = due(store, today + timedelta(days=365))
    return tuple(thing for thing in later if thing.n_rows > now.get((thing.kind.id, thing.school_year), 0))


def _looks_until(kinds: Iterable[Kind], today: date) -> date:
    """The last day of the lines of the log of looks that are due."""
    return next(_years_before(today, kind.years) for kind in kinds if kind.id == "looks")


def _years_before(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def _children_by_year(store: Store, last: int) -> list[tuple[int, int]]:
    of_tables = "\nunion all\n".join(
        f"""
        select {_YEAR.format("slices.period")} as school_year, count(*) as n
        from {table}
        join slices on slices.slice_id = {table}.slice_id
        where {table}.pupil is not null
        group by all
        """
        for table in CHILDREN
    )
    return store.rows(
        f"""
        select school_year::integer, sum(n)::integer
        from (
            {of_tables}
            union all
            select {_YEAR.format("rule_month")}, 1
            from declined_proposals
        )
        where school_year <= $last
        group by school_year
        order by school_year
        """,
        {"last": last},
    )


def _cases_by_year(store: Store, last: int, today: date) -> list[tuple[int, int]]:
    return store.rows(
        f"""
        select school_year, sum(n_rows)::integer
        from ({_ENDED})
        where school_year <= $last
        group by school_year
        order by school_year
        """,
        {"known_at": datetime.max, "on_day": today, "last": last},
    )


def _returned(store: Store, until: date) -> int:
    [(n,)] = store.rows(
        """
        select count(*)
        from rejected_rows
        join batches on batches.batch_id = rejected_rows.batch_id
        where batches.dataset <> 'cases' and batches.committed_at::date <= $until
        """,
        {"until": until},
    )
    return n


def _staff(store: Store, until: date) -> int:
    of_tables = " union all ".join(
        f"select count(*) as n from {table} where {name} <> $erased and {at}::date <= $until and {which}"
        for table, (name, at, which) in _STAFF.items()
    )
    [(n,)] = store.rows(f"select sum(n)::integer from ({of_tables})", {"erased": ERASED, "until": until})
    return n


def _looks(store: Store, until: date) -> int:
    return log_of(store).due(until)


def forget(store: Store, things: Sequence[Due], figures: pd.DataFrame, who: str, at: datetime, today: date) -> int:
    """Delete what is due and keep the figures of its years, in one transaction. Returns the number of the protocol.

    The store is left to be written anew: until then the deleted bytes are in its file. `figures` has the columns of
    kept_figures but the entry's.
    """
    last = {thing.kind.id: thing for thing in things}
    with store.transaction() as cursor:
        entry_id = add_entry(cursor, "forgotten", who, at)
        held = held_by(store)
        for thing in things:
            about = {"kind": thing.kind.id, "school_year": thing.school_year, "until": thing.until}
            why = {"n_rows": thing.n_rows, "ground": f"{thing.kind.ground} ({thing.kind.term})", "copies": held}
            add_row(cursor, "forgotten", {"entry_id": entry_id, **about, **why})
        keep_figures(cursor, entry_id, figures)
        if "children" in last:
            _forget_children(cursor, last["children"].school_year)
        if "cases" in last:
            _forget_cases(cursor, last["cases"], today)
        if "returned" in last:
            cursor.execute(
                """
                delete from rejected_rows
                using batches
                where
                    batches.batch_id = rejected_rows.batch_id
                    and batches.dataset <> 'cases'
                    and batches.committed_at::date <= $until
                """,
                {"until": last["returned"].until},
            ).fetchall()
        if "staff" in last:
            for table, (name, moment, which) in _STAFF.items():
                cursor.execute(
                    f"update {table} set {name} = $erased "
                    f"where {name} <> $erased and {moment}::date <= $until and {which}",
                    {"erased": ERASED, "until": last["staff"].until},
                ).fetchall()
        if "people" in last:
            former.forget(store, cursor, last["people"].until, _looks_until(kinds_of(store), today))
        if "looks" in last:
            # The log is a file: it is cut when this is committed, by the next opening at the latest.
            cursor.execute(
                "insert or replace into meta values ($name, $until)",
                {"name": CUT, "until": last["looks"].until.isoformat()},
            ).fetchall()
        mark_unclean(cursor)
    cut_as_said(store)
    return entry_id


def mark_unclean(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("insert or replace into meta values ($name, '1')", {"name": schema.UNCLEAN}).fetchall()


def keep_figures(cursor: duckdb.DuckDBPyConnection, entry_id: int, figures: pd.DataFrame) -> None:
    """Of each figure what was kept first stays: what is counted after a kind was forgotten lacks it."""
    cursor.register("incoming", figures.assign(entry_id=entry_id))
    try:
        cursor.execute(
            """
            insert into kept_figures by name
            select incoming.*
            from incoming
            anti join kept_figures using (metric, period, municipality)
            """
        ).fetchall()
    finally:
        cursor.unregister("incoming")


def _forget_children(cursor: duckdb.DuckDBPyConnection, last: int | None) -> None:
    asked = {"last": last, "datasets": list(CHILDREN)}
    slices = f"""
        select slice_id
        from slices
        where dataset in (select unnest($datasets::varchar[])) and {_YEAR.format("period")} <= $last
    """
    for table in (*CHILDREN, *MARTS):
        which = " and pupil is not null" if table in CHILDREN else ""
        cursor.execute(f"delete from {table} where slice_id in ({slices}){which}", asked).fetchall()
    _forget_slices(cursor, f"{_YEAR.format('period')} <= $last", CHILDREN, {"last": last})
    entries = deleted_of(
        cursor, f"delete from declined_proposals where {_YEAR.format('rule_month')} <= $last", {"last": last}
    )
    forget_entries(cursor, entries)


def _forget_cases(cursor: duckdb.DuckDBPyConnection, of: Due, today: date) -> None:
    asked = {"known_at": datetime.max, "on_day": today, "last": of.school_year}
    cursor.execute(f"create temp table due_cases as from ({_ENDED}) where school_year <= $last", asked).fetchall()
    cursor.execute(
        """
        delete from rejected_rows
        using (
            select batches.batch_id
            from batches
            join slices on slices.batch_id = batches.batch_id
            where batches.dataset = 'cases'
            group by batches.batch_id
            having max(slices.period) <= $until
        ) as old
        where old.batch_id = rejected_rows.batch_id
        """,
        {"until": of.until},
    ).fetchall()
    entries: set[int] = set()
    for table, (number, day) in _OF_CASES.items():
        deleting = f"""
            delete from {table}
            where exists (
                select 1
                from due_cases
                where
                    due_cases.number = {table}.{number}
                    and {day} >= due_cases.since
                    and {day} < due_cases.until
            )
        """
        if table in TABLES:
            entries |= deleted_of(cursor, deleting, {})
        else:
            cursor.execute(deleting).fetchall()
    cursor.execute("drop table due_cases").fetchall()
    # What was asked about a register may name its cases.
    cursor.execute(
        """
        update batches
        set doubts = []
        where dataset in ('cases', 'actions') and committed_at::date <= $until
        """,
        {"until": of.until},
    ).fetchall()
    forget_entries(cursor, entries)
    _forget_slices(cursor, "period <= $until", ("cases", "actions"), {"until": of.until})


def deleted_of(cursor: duckdb.DuckDBPyConnection, deleting: str, asked: dict[str, object]) -> set[int]:
    """The entries that rows were deleted of."""
    return {entry_id for (entry_id,) in cursor.execute(f"{deleting} returning entry_id", asked).fetchall()}


def forget_entries(cursor: duckdb.DuckDBPyConnection, entries: Iterable[int]) -> None:
    """Delete entries of which no row is left, with the later words about them and the names confirmed in them."""
    asked = {"entries": sorted(entries)}
    said = " union all ".join(f"select entry_id from {table}" for table in TABLES if table != "confirmed_names")
    gone = f"select unnest($entries::integer[]) except ({said})"
    ids = [entry_id for (entry_id,) in cursor.execute(gone, asked).fetchall()]
    marking = "delete from entry_marks where marked_entry in (select unnest($ids::integer[]))"
    marks = deleted_of(cursor, marking, {"ids": ids})
    for table in ("confirmed_names", "entries"):
        cursor.execute(
            f"delete from {table} where entry_id in (select unnest($ids::integer[]))", {"ids": [*ids, *marks]}
        ).fetchall()


def _forget_slices(
    cursor: duckdb.DuckDBPyConnection, which: str, datasets: Iterable[str], asked: dict[str, object]
) -> None:
    """Delete slices without rows, so that nothing takes them for an answer of zero; of a file that has no other what it
    was called and is known again by goes, too."""
    batches: set[int] = set()
    for name in datasets:
        rows = cursor.execute(
            f"""
            delete from slices
            where dataset = '{name}' and {which} and slice_id not in (select slice_id from {name})
            returning batch_id
            """,
            asked,
        ).fetchall()
        batches |= {batch_id for (batch_id,) in rows}
    cursor.execute(
        """
        update batches
        set file_name = '', file_hash = '', mark = '', doubts = [], doubt_codes = []
        where
            batch_id in (select unnest($batches::integer[]))
            and batch_id not in (select batch_id from slices)
        """,
        {"batches": sorted(batches)},
    ).fetchall()
    cursor.execute(
        """
        delete from rejected_rows
        where
            batch_id in (select unnest($batches::integer[]))
            and batch_id not in (select batch_id from slices)
        """,
        {"batches": sorted(batches)},
    ).fetchall()
