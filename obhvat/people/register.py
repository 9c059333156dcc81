"""The register of people: who has which role, of what, since when, and who gave it. Nothing in it is overwritten.

A right is a `Viewer`: a person in a role, and what of the oblast it gives. None is given or ended for a day that has
passed, so what the register says of a past day never changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError
from obhvat.language import N_, _
from obhvat.people.roles import ROLES
from obhvat.people.viewer import Viewer
from obhvat.store import Store
from obhvat.store.entries import add_entry, add_row
from obhvat.texts import listed, printable

_MOST_LETTERS = 80
# The institutions that are none of the other roles.
_PARTNERS = ("police", "health", "social", "grao", "child_protection", "commission", "dazd")


@dataclass(frozen=True)
class Person:
    """Who is in the register on a day."""

    name: str
    rights: dict[Viewer, date]
    """Each right of the day, and since when; empty for who had one before."""
    seen_at: datetime | None
    """When they signed in for the last time."""
    has_password: bool


def rights_on(store: Store, day: date) -> dict[Viewer, date]:
    """Who had which right at the end of a day, and since when."""
    rows = store.rows(
        """
        select person, role, given, since
        from (
            select person, role, given, has, since
            from people
            where since <= $day
            qualify row_number() over (
                partition by person, role, given
                order by entry_id desc
            ) = 1
        )
        where has
        order by person, role, given
        """,
        {"day": day},
    )
    return {Viewer(person, ROLES[role], given): since for person, role, given, since in rows}


def people(store: Store, day: date) -> list[Person]:
    """Everybody who was in the register by the end of a day, with the rights of that day, by name."""
    held = rights_on(store, day)
    rows = store.rows(
        """
        select names.person, people_seen.seen_at, passwords.person is not null
        from (select distinct person from people where since <= $day) as names
        left join people_seen on people_seen.person = names.person
        left join passwords on passwords.person = names.person
        order by names.person
        """,
        {"day": day},
    )
    return [
        Person(name, {right: since for right, since in held.items() if right.person == name}, seen_at, has_password)
        for name, seen_at, has_password in rows
    ]


def changes(store: Store) -> pd.DataFrame:
    """What was given and ended, newest first: entered_at, entered_by, person, role, given, has, since."""
    return store.read(
        """
        select
            entries.entered_at,
            entries.entered_by,
            people.person,
            people.role,
            people.given,
            people.has,
            people.since
        from people
        join entries on entries.entry_id = people.entry_id
        order by people.entry_id desc, people.has desc
        """
    )


def give(store: Store, right: Viewer, who: str, since: date | None = None, at: datetime | None = None) -> Viewer:
    """Invite a person, or give one another right, from today on or from a later day. Returns the right as it is kept.

    Raises ObhvatError for a name, a place or a day that cannot be, and for a right that the person has.
    """
    kept = _as_kept(store, right)
    _record(store, who, since, at, given=kept)
    return kept


def change(
    store: Store, right: Viewer, to: Viewer, who: str, since: date | None = None, at: datetime | None = None
) -> Viewer:
    """Give a right in the place of another one of the same person: both are one entry. Raises as `give` and `end`."""
    kept = _as_kept(store, to)
    _record(store, who, since, at, ended=right, given=kept)
    return kept


def end(store: Store, right: Viewer, who: str, since: date | None = None, at: datetime | None = None) -> None:
    """End a right, from today on or from a later day. Raises ObhvatError for one that the person does not have."""
    _record(store, who, since, at, ended=right)


def _record(
    store: Store,
    who: str,
    since: date | None,
    at: datetime | None,
    *,
    ended: Viewer | None = None,
    given: Viewer | None = None,
) -> None:
    at = at or store.now()
    since = since or at.date()
    if since < at.date():
        raise ObhvatError(_("Право не се дава и не се отнема със задна дата: изберете днес или по-късен ден."))
    with store.transaction() as cursor:
        held = rights_on(store, since)
        if given is not None and given in held:
            raise ObhvatError(_("„{person}“ вече има това право.").format(person=given.person))
        if ended is not None and ended not in held:
            raise ObhvatError(_("„{person}“ няма такова право.").format(person=ended.person))
        entry_id = add_entry(cursor, "person", who, at)
        for right in filter(None, (ended, given)):
            row = {"person": right.person, "role": right.role.id, "given": right.given}
            add_row(cursor, "people", {"entry_id": entry_id, **row, "has": right is given, "since": since})


def _as_kept(store: Store, right: Viewer) -> Viewer:
    return Viewer(_known(store, right.person), right.role, _place(store, right))


def _known(store: Store, name: str) -> str:
    """A name as it is in the register, else as it is to be: who is twice in it would keep a right that was ended."""
    name = " ".join(printable(name).split())
    if not re.search(r"[^\W\d_]", name) or len(name) > _MOST_LETTERS:
        raise ObhvatError(
            _("Името за влизане е от 1 до {most} знака, с поне една буква: име, длъжност или служебен адрес.").format(
                most=_MOST_LETTERS
            )
        )
    names = store.rows("select distinct person from people")
    return next((known for (known,) in names if known.casefold() == name.casefold()), name)


def _place(store: Store, right: Viewer) -> str:
    """What of the oblast a role gives, as the rows name it. Raises ObhvatError for what there is not."""
    given, place = right.given.strip(), right.role.place
    if place == "oblast":
        if given:
            raise ObhvatError(_("„{role}“ е за цялата област.").format(role=_(right.role.name)))
        return ""
    if place == "institution":
        values = [value for value in dataset("actions")["institutions"].values if value.code in _PARTNERS]
        names = {name.casefold(): value.caption for value in values for name in (value.caption, *value.synonyms)}
        if given.casefold() not in names:
            captions = listed(sorted(value.caption for value in values), N_("или"))
            raise ObhvatError(_("Посочете институция: {captions}.").format(captions=captions))
        return names[given.casefold()]
    column = "municipality" if place == "municipality" else "code"
    there = {value for (value,) in store.rows(f"select distinct {column} from schools where {column} is not null")}
    if given not in there:
        raise ObhvatError(
            _("Няма община „{given}“ в регистъра на институциите.").format(given=given)
            if place == "municipality"
            else _("Няма институция с код „{given}“ в регистъра на институциите.").format(given=given)
        )
    return given
