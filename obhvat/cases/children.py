"""The rows of children's cases that leave this floor: each is asked by a viewer and is of what the viewer may see.

Here and in obhvat/indicators/children.py, and nowhere else: what counts them gives numbers out. Who is shown no child
is refused before anything is asked (NotAllowed). What is decided of cases – proposals, conflicts, cases of one child –
is told to who may decide it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import pandas as pd

from obhvat.cases import conflicts as conflicting
from obhvat.cases import entered, gaming, ladder, proposals, reconcile, register, register_files, same_child, stayed
from obhvat.cases.one_child import turns_of
from obhvat.cases.reach import reach_of
from obhvat.ingest.checking import waiting
from obhvat.people import Viewer
from obhvat.people.child_requests import restricted
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store, history


def cases_of(store: Store, viewer: Viewer, day: date, known_at: datetime) -> pd.DataFrame:
    """The cases of `register.cases`."""
    return register.cases(store, day, known_at, reach_of(store, viewer, day, known_at))


def actions_of(store: Store, viewer: Viewer, day: date, known_at: datetime) -> pd.DataFrame:
    """The steps of `register.actions`."""
    return register.actions(store, day, known_at, reach_of(store, viewer, day, known_at))


def ladder_of(store: Store, viewer: Viewer, day: date, known_at: datetime) -> pd.DataFrame:
    """The cases in work of `ladder.ladder`."""
    return ladder.ladder(store, day, known_at, reach_of(store, viewer, day, known_at))


def visits_without_study(
    store: Store, viewer: Viewer, period: Period, known_at: datetime, day: date | None = None
) -> pd.DataFrame:
    """The visits of `ladder.visits_without_study`."""
    reach = reach_of(store, viewer, period.last, known_at)
    return ladder.visits_without_study(store, period, known_at, day, reach)


def repeat_dropouts(store: Store, viewer: Viewer, day: date, known_at: datetime, scope: Scope) -> pd.DataFrame:
    """The cases of `stayed.repeat_dropouts`."""
    return stayed.repeat_dropouts(store, day, known_at, scope, reach_of(store, viewer, day, known_at))


def signals_of(
    store: Store, viewer: Viewer, period: Period, day: date, known_at: datetime, report_days: Sequence[date]
) -> pd.DataFrame:
    """The questions of `gaming.signals` that cases of the viewer raise."""
    return gaming.signals(store, period, day, known_at, report_days, reach_of(store, viewer, day, known_at))


def entries_of(
    store: Store, viewer: Viewer, case_number: str, known_at: datetime, day: date | None = None
) -> pd.DataFrame:
    """The entries of `entered.entries_of` about a case."""
    reach = reach_of(store, viewer, day or known_at.date(), known_at)
    return entered.entries_of(store, case_number, known_at, reach)


def lines_left_out(store: Store, viewer: Viewer, day: date, known_at: datetime, scope: Scope) -> pd.DataFrame:
    """The lines of `reconcile.left_out` that are counted in a place: file, line, why, municipality."""
    lines = _lines(store, viewer, day, known_at)
    mine, _unused = reconcile.lines_of_scope(lines[~lines["is_known"]], scope)
    return mine[["file", "line", "why", "municipality"]].reset_index(drop=True)


def doubts_of(store: Store, viewer: Viewer, day: date, known_at: datetime, scope: Scope) -> pd.DataFrame:
    """What of the cases may have been counted twice, as `reconcile.doubts`: number, words."""
    lines = _lines(store, viewer, day, known_at)
    return reconcile.doubts(cases_of(store, viewer, day, known_at), lines[lines["is_known"]], scope)


def register_tables(
    store: Store, viewer: Viewer, day: date, known_at: datetime, municipality: str | None = None
) -> dict[str, pd.DataFrame]:
    """The tables of `register_files.register_tables`, for who may export them."""
    viewer.must("export")
    reach = reach_of(store, viewer, day, known_at)
    return register_files.register_tables(store, day, known_at, municipality, reach)


def proposals_for(store: Store, viewer: Viewer, month: date, known_at: datetime) -> pd.DataFrame:
    """The children of `proposals.proposals`, for who decides of them."""
    _decides(viewer)
    return proposals.proposals(store, month, known_at)


def children_behind(store: Store, viewer: Viewer, month: date, known_at: datetime, keys: Collection[str]) -> list[int]:
    """The pseudonyms of proposed children, for the log of looks alone."""
    _decides(viewer)
    return proposals.children_of(store, month, known_at, keys)


def conflicts_for(store: Store, viewer: Viewer, day: date, known_at: datetime) -> pd.DataFrame:
    """The conflicts of `conflicts.conflicts`, for who settles them."""
    _decides(viewer)
    return _shown(store, conflicting.conflicts(store, day, known_at), "case_number")


def same_child_for(store: Store, viewer: Viewer, day: date, known_at: datetime) -> pd.DataFrame:
    """The cases of `same_child.same_child`, for who says what they are."""
    _decides(viewer)
    return _shown(store, same_child.same_child(store, day, known_at), "number")


def dropped_cases_for(store: Store, viewer: Viewer, known_at: datetime) -> pd.DataFrame:
    """The cases of `same_child.dropped_cases`, for who says what they are."""
    _decides(viewer)
    return _shown(store, same_child.dropped_cases(store, known_at), "number")


def waiting_steps_for(store: Store, viewer: Viewer, known_at: datetime) -> pd.DataFrame:
    """The cases of `waiting.steps_by_case` that nobody knows, for who looks after the register."""
    _decides(viewer)
    return waiting.steps_by_case(store, known_at)


def rejected_for(store: Store, viewer: Viewer, batch_id: int) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
    """The rows of a file that were handed back, of `history.rejected_of`, for who looks after all files."""
    _decides(viewer)
    return history.rejected_of(store, batch_id)


def _shown(store: Store, rows: pd.DataFrame, number: str) -> pd.DataFrame:
    """Without the cases of children whose processing is restricted."""
    hidden = {of for child in restricted(store) for of in turns_of(store, child)["number"].to_pylist()}
    return rows[~rows[number].isin(hidden)].reset_index(drop=True) if hidden else rows


def _decides(viewer: Viewer) -> None:
    """What is decided of children is not divided by places: it is told to who decides for the oblast."""
    reach = viewer.reach()
    viewer.must("settle")
    assert reach.is_all


def _lines(store: Store, viewer: Viewer, day: date, known_at: datetime) -> pd.DataFrame:
    reach, lines = viewer.reach(), reconcile.left_out(store, day, known_at)
    if reach.is_all:
        return lines
    # Of a line that was not accepted nobody checked more than its municipality.
    return lines[(lines["municipality"] == reach.given) & (reach.cases == "municipality")]
