"""What is done when a request about one child is granted: an entry is taken back; or every row about the child leaves
the store, its file and its log, in one transaction. The protocol does not tell of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import duckdb
import pyarrow as pa

from obhvat import marts
from obhvat.cases.entries import mark
from obhvat.cases.one_child import (
    BY_PUPIL,
    ENTRIES,
    HANDED_BACK,
    OF_CASES,
    entries_of_child,
    turns_of,
    why_kept,
)
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.people.child_requests import (
    ANSWERS,
    Request,
    add_request,
    checked_reason,
    mark_of_erased,
    must_answer,
    request_of,
)
from obhvat.people.forgetting import forget_entries, mark_unclean
from obhvat.people.keeping import held_by
from obhvat.people.log import looked
from obhvat.store import Store


def correct_child(
    store: Store,
    viewer: Viewer,
    child: int,
    entry_id: int | None,
    ground: str,
    reason: str,
    *,
    confirmed: Collection[str] = (),
    at: datetime | None = None,
) -> Request:
    """Take back an entry about a child, to be entered anew as it is right; None where who sent the file corrects it.

    Raises NotAllowed, UnknownName for an entry that is not about the child or was taken back before, as
    `checked_reason`.
    """
    must_answer(viewer)
    checked = checked_reason(store, "corrected", ground, reason, confirmed)
    at = at or store.now()
    with store.writing():
        entries = entries_of_child(store, viewer, child)
        if entry_id is not None and entry_id not in set(entries.loc[entries["mark"] != "withdrawn", "entry_id"]):
            raise UnknownName(_("Този запис не е за детето."))
        looked(store, viewer, "request", children=[child], place=ANSWERS["corrected"])
        with store.transaction() as cursor:
            if entry_id is not None:
                mark(cursor, entry_id, "withdrawn", viewer.person, at)
            made = add_request(cursor, "corrected", ground, checked, int(entry_id is not None), viewer, at)
    return request_of(store, made)


def erase_child(
    store: Store,
    viewer: Viewer,
    child: int,
    ground: str,
    reason: str,
    *,
    confirmed: Collection[str] = (),
    at: datetime | None = None,
) -> Request:
    """Erase all that is about a child, by pseudonym. Figures that were frozen or kept stay; others are counted without
    it from now on.

    No byte of it stays in the file unless `Store.write_anew` could not be done now; the next opening does it then.
    Raises NotAllowed, ObhvatError where the law does not let it be erased, or nothing is held; as `checked_reason`.
    """
    must_answer(viewer)
    checked = checked_reason(store, "erased", ground, reason, confirmed)
    at = at or store.now()
    # Writers wait for one another: nothing is said of the child between the question and the erasure.
    with store.writing():
        if against := why_kept(store, viewer, child, at.date()):
            raise ObhvatError(" ".join(against))
        turns = turns_of(store, child)
        numbers = sorted(set(turns["number"].to_pylist()))
        looked(store, viewer, "request", cases=numbers, children=[child], place=ANSWERS["erased"])
        with store.transaction() as cursor:
            n_rows = _erase(cursor, child, turns, numbers)
            entry_id = add_request(cursor, "erased", ground, checked, n_rows, viewer, at, copies=held_by(store))
            cursor.execute(
                "insert or replace into erased_children values ($mark, $entry_id)",
                {"mark": mark_of_erased(store.key, child), "entry_id": entry_id},
            ).fetchall()
            mark_unclean(cursor)
    store.write_anew()
    return request_of(store, entry_id)


def _erase(cursor: duckdb.DuckDBPyConnection, child: int, turns: pa.Table, numbers: list[str]) -> int:
    """Delete the rows; returns how many."""
    cursor.register("told", turns)
    cursor.execute("create temp table child_turns as from told").fetchall()
    cursor.unregister("told")
    asked = {"child": child}
    entries = cursor.execute(ENTRIES, asked).fetchall()
    n_rows = 0
    for name, which in ({name: f"{name}.pupil = $child" for name in BY_PUPIL} | OF_CASES).items():
        lost = cursor.execute(f"delete from {name} where {which} returning slice_id", asked).fetchall()
        slices = Counter(slice_id for (slice_id,) in lost)
        for slice_id, n in slices.items():
            cursor.execute(
                "update slices set n_rows = n_rows - $n where slice_id = $slice_id", {"n": n, "slice_id": slice_id}
            ).fetchall()
        marts.recount(cursor, name, slices)
        n_rows += len(lost)
    cursor.execute("delete from shared_absences where pupil = $child", asked).fetchall()
    n_rows += len(cursor.execute(f"delete from rejected_rows where {HANDED_BACK} returning line", asked).fetchall())
    for table in {table for table, _entry_id in entries}:
        ids = [entry_id for of, entry_id in entries if of == table]
        about = " and pupil = $child" if table in ("declined_proposals", "child_cases") else ""
        cursor.execute(
            f"delete from {table} where entry_id in (select unnest($ids::integer[])){about}",
            {"ids": ids} | (asked if about else {}),
        ).fetchall()
    forget_entries(cursor, {entry_id for _table, entry_id in entries})
    # What was asked about a register may name its cases.
    cursor.execute(
        """
        update batches
        set doubts = list_filter(
            doubts, lambda said: not list_bool_or(list_transform($numbers, lambda n: contains(said, n)))
        )
        where dataset in ('cases', 'actions') and len($numbers) > 0 and len(doubts) > 0
        """,
        {"numbers": numbers},
    ).fetchall()
    cursor.execute("delete from restricted_children where pupil = $child", asked).fetchall()
    cursor.execute("drop table child_turns").fetchall()
    return n_rows + len(entries)
