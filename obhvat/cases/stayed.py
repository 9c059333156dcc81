"""Whether the children who were returned are still at school after 30, 60 and 90 days, and who dropped out again.

Nationally some 6 000 of 49 000 returned children dropped out again (domain.md §1.5): a return is not the end. Nobody
writes down that a child stayed, so it is read from what schools send anyway, by pseudonym and inside the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import pandas as pd

from obhvat.cases.register import bound_by, in_reach
from obhvat.language import N_
from obhvat.people import EVERY, Reach
from obhvat.resources import read_sql
from obhvat.scope import Scope, inside
from obhvat.store import Store
from obhvat.store.told import cases_ever

DAYS = (30, 60, 90)
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "stayed": N_("останали в училище"),
        "left": N_("отпаднали отново"),
        "unknown": N_("не се знае"),
        "too_early": N_("срокът не е изтекъл"),
    }
)
"""What may be known of a returned child so many days after: code → words."""


def returned(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """One row a case whose child was returned by a day and a number of days: number, municipality, school, returned_on,
    days, outcome.

    With the day after so many days: `too_early` when that is after `day`; else `left` when the case's own later status
    or a later case of the child says so before it; else `stayed` when the child is on a list of that day or later, or
    in the absences of a month that begins then or later, without having left before; else `left` when a list or
    absences say that the child left before it, or a later list of the school is without the child and no other has it;
    else `unknown`. `unlinked` without an identifier or a day of the return. Only what was said by `day` counts.

    The frame is shared between sessions: do not change it.
    """
    return _ask(store, "stayed", day, known_at, EVERY, days=list(DAYS))


def repeat_dropouts(store: Store, day: date, known_at: datetime, scope: Scope, reach: Reach = EVERY) -> pd.DataFrame:
    """The cases of the newest registers, of a reach, that are repeated ones, the oldest first: number, municipality,
    school, opened_on, status_group, flagged (the register says so itself), returned_before (the day the child of a case
    in work was returned before, in this case or an earlier one, or NaT)."""
    rows = inside(_ask(store, "repeats", day, known_at, reach), scope)
    return rows.sort_values(["opened_on", "number"], ignore_index=True)


def _ask(store: Store, name: str, day: date, known_at: datetime, reach: Reach, **more: Any) -> pd.DataFrame:
    returns = read_sql("cases/sql/returns.sql")
    sql = f"""
        with returns as ({returns})
        select *
        from ({read_sql(f"cases/sql/{name}.sql")}) as counted
        where {in_reach(reach)}
        order by all
    """
    asked = {"known_at": known_at, "day": day, **bound_by(reach), **more}

    def answer() -> pd.DataFrame:
        return store.read(sql, asked, {"cases_ever": cases_ever(store, day, known_at)})

    return store.kept_of_data((name, day, reach), known_at, answer, daily=False)
