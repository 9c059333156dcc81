"""Who has had no right for longer than a name is kept: in the register stands a former official of a role instead.

The log of looks is read by the register, so nobody leaves it before the last line that names them is due, too.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from obhvat.language import B_, N_
from obhvat.people.log import log_of
from obhvat.people.roles import ROLES
from obhvat.store import Store

FORMER = B_("бивш служител № ")
"""How what stands in the place of a name begins."""
ERASED = N_("заличено")
"""What stands where the name of who did something was, also of who gave a right and was never in the register."""
_GIVERS = "what = 'person' and entered_at::date <= $until and entered_by not in (select person from people)"


def due(store: Store, until: date, looks_until: date) -> int:
    """How many rows name who lost their last right on a day or before; `looks_until` is the last day of the lines of
    the log that are due."""
    named = _names(store, until, looks_until)
    [(n,)] = store.rows(
        f"""
        select
            (select count(*) from people where person in (select unnest($names::varchar[])))
            + (select count(*) from entries where {_GIVERS} and entered_by <> $erased)
        """,
        {"names": list(named), "until": until, "erased": ERASED},
    )
    return n


def forget(store: Store, cursor: duckdb.DuckDBPyConnection, until: date, looks_until: date) -> None:
    """Put „бивш служител № 1, Експерт от РУО“ in their place, and delete what they signed in with."""
    [(n,)] = cursor.execute(
        "select count(distinct person) from people where starts_with(person, $former)", {"former": FORMER}
    ).fetchall()
    for person, role in _names(store, until, looks_until).items():
        n += 1
        asked = {"person": person, "called": f"{FORMER}{n}, {ROLES[role].name}"}
        cursor.execute("update people set person = $called where person = $person", asked).fetchall()
        cursor.execute(
            "update entries set entered_by = $called where what = 'person' and entered_by = $person", asked
        ).fetchall()
        for table in ("passwords", "accounts", "people_seen"):
            cursor.execute(f"delete from {table} where person = $person", {"person": person}).fetchall()
    cursor.execute(
        f"update entries set entered_by = $erased where {_GIVERS}", {"until": until, "erased": ERASED}
    ).fetchall()


def _names(store: Store, until: date, looks_until: date) -> dict[str, str]:
    """Whose names are due, each with their last role."""
    rows = store.rows(
        """
        with newest as (
            select person, role, has, since, entry_id
            from people
            where not starts_with(person, $former)
            qualify row_number() over (
                partition by person, role, given
                order by entry_id desc
            ) = 1
        )
        select person, arg_max(role, entry_id)
        from newest
        group by person
        having not bool_or(has) and max(since) <= $until
        order by person
        """,
        {"former": FORMER, "until": until},
    )
    if not rows:
        return {}
    log = log_of(store)
    left = log.looks(since=looks_until + timedelta(days=1) if log.due(looks_until) else None)
    named = {look.person for look in left} | {look.place.rpartition(": ")[0] for look in left if look.what == "right"}
    return {person: role for person, role in rows if person not in named}
