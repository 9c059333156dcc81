"""What was done for the cases: the nouns it is counted in, who took part in it, and what became of who was visited.

Обход ≠ посещение ≠ случай ≠ дете (domain.md §0): a round holds many addresses, a case many visits, and no two of them
are ever added.
"""

from __future__ import annotations

import pandas as pd

from obhvat.cases.ladder import CASE, REACHED
from obhvat.cases.register import actions, cases
from obhvat.language import N_
from obhvat.periods import month_of
from obhvat.resources import read_sql
from obhvat.scope import Window
from obhvat.store import Store

# Kind of action → the noun it is counted in.
UNITS = {
    "study": N_("проучване"),
    "call": N_("разговор"),
    "meeting": N_("среща"),
    "visit": N_("посещение"),
    "police_check": N_("справка"),
    "grao_check": N_("справка"),
    "child_protection": N_("уведомяване"),
    "social_service": N_("насочване"),
    "child_police": N_("насочване"),
    "act": N_("акт"),
    "penalty": N_("постановление"),
    "enrolment": N_("записване"),
    "support": N_("включване"),
}
_ROUNDS = read_sql("cases/sql/rounds.sql")
_MEASURES = read_sql("cases/sql/measures_taken.sql")


def steps(store: Store, window: Window) -> pd.DataFrame:
    """The rows of `actions` in a window."""
    rows = actions(store, window.last, window.known_at)
    return rows[rows["date"] >= pd.Timestamp(window.first)]


def rounds(store: Store, window: Window) -> pd.DataFrame | None:
    """One row a round in a window: number, date, municipality ('' when it is not said), institutions (a list),
    addresses, found, returned (missing where it does not say how many). None when nobody has sent any. The frame is
    shared between sessions: do not change it."""
    asked = {"known_at": window.known_at, "last": window.last}

    def answer() -> pd.DataFrame | None:
        [(is_sent,)] = store.rows(
            "select count(*) > 0 from live_slices('rounds', $known_at) where period between $month and $last",
            {**asked, "month": month_of(window.first)},
        )
        return store.read(_ROUNDS, {**asked, "first": window.first}) if is_sent else None

    return store.kept_of_data(("rounds", window.first, window.last), window.known_at, answer, daily=False)


def measures_taken(store: Store, window: Window) -> pd.DataFrame:
    """One row a municipality and a kind of measure in the months of a window: municipality, kind (`reports`, `acts`,
    `penalties`: чл. 347 ЗПУО; `stopped`: families whose allowance was stopped, чл. 7 ЗСПД), n. A kind that nobody told
    of has no row. The frame is shared between sessions: do not change it."""
    asked = {"known_at": window.known_at, "first_month": window.months[0], "last_month": window.months[-1]}
    key = ("measures taken", *window.months)
    return store.kept_of_data(key, window.known_at, lambda: store.read(_MEASURES, asked), daily=False)


def visited(store: Store, window: Window) -> pd.DataFrame:
    """One row a case visited in a window: municipality, school, tells (whether a visit says anything of a contact),
    is_reached (whether the family itself was, at a visit), has_end (whether it is known if and when the child was
    returned), is_returned (on the day of the first visit or after). The frame is shared between sessions: do not change
    it.

    A case on no register, of a number that several have at once, or returned on an unknown day has no end.
    """

    def answer() -> pd.DataFrame:
        visits = steps(store, window)
        visits = visits[visits["kind"] == "visit"]
        visits = visits.assign(tells=visits["contact"].notna(), is_reached=visits["contact"].isin(REACHED))
        of_case = visits.groupby(CASE, dropna=False, as_index=False).agg(
            municipality=("municipality", "first"),
            school=("school", "first"),
            tells=("tells", "any"),
            is_reached=("is_reached", "any"),
            visited_on=("date", "min"),
        )
        register = cases(store, window.last, window.known_at).drop_duplicates("number", keep=False)
        ends = register[["number", "status_group", "status_on"]]
        rows = of_case.merge(ends, left_on="case_number", right_on="number", how="left")
        is_back = rows["status_group"] == "returned"
        has_end = rows["number"].notna() & (~is_back | rows["status_on"].notna())
        rows = rows.assign(has_end=has_end, is_returned=is_back & (rows["status_on"] >= rows["visited_on"]))
        return rows[["municipality", "school", "tells", "is_reached", "has_end", "is_returned"]]

    return store.kept_of_data(("visited", window.first, window.last), window.known_at, answer, daily=False)
