"""The register of people: who has which role, of what, since when, and who gave it. Nothing in it is overwritten.

A right is a `Viewer`: a person in a role, and what of the oblast it gives. None is given or ended for a day that has
passed, so what the register says of a past day never changes. Who gives and ends them must have the right to it, and
nobody gives one to themself; each change has its line in the log of looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb
import pandas as pd

from obhvat.errors import ObhvatError
from obhvat.language import B_, _
from obhvat.people.former import FORMER
from obhvat.people.log import anchor, log_of
from obhvat.people.places import place_of
from obhvat.people.roles import ROLES
from obhvat.people.viewer import Viewer
from obhvat.privacy import refuse_numbers
from obhvat.store import Store
from obhvat.store.entries import add_entry, add_row
from obhvat.texts import printable

_MOST_LETTERS = 80


@dataclass(frozen=True)
class Person:
    """Who is in the register on a day."""

    name: str
    rights: dict[Viewer, date]
    """Each right of the day, and since when; empty for who had one before."""
    until: dict[Viewer, date]
    """The last day of those that end."""
    seen_at: datetime | None
    """When they signed in for the last time, whatever the day."""
    has_password: bool
    is_one_time: bool
    """Whether the password is only for choosing one's own."""
    address: str
    """By which a provider of accounts knows them; empty for none."""

    @property
    def signs_in(self) -> str:
        """With what, in words; empty for who was given nothing yet. A name may itself be an address."""
        password = _("еднократна парола") if self.is_one_time else _("парола") if self.has_password else ""
        return ", ".join(filter(None, (password, self.address or (self.name if "@" in self.name else ""))))


def without_signing_in(person: str, where: str) -> Viewer:
    """Who changes the register where nobody signs in, by the name that its history tells of: „ана (команден ред)“.

    It is nobody's name in the register, so who has the machine may give a right to themself.
    """
    return Viewer(f"{person} ({where})", ROLES["administrator"])


def in_register(store: Store, name: str) -> str | None:
    """A name as the register has it; None for who was never in it."""
    rows = store.rows("select person from people where lower(person) = lower($name) limit 1", {"name": name})
    return rows[0][0] if rows else None


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


def last_days(store: Store, day: date) -> dict[Viewer, date]:
    """The last day of every right that somebody has on a day and loses later."""
    held, ends = rights_on(store, day), _first_after(store, day, has=False)
    return {right: first - timedelta(days=1) for right, first in ends.items() if right in held}


def rights_after(store: Store, day: date) -> dict[Viewer, date]:
    """The rights that somebody was given from a later day than this one and does not have yet, and from which."""
    held = rights_on(store, day)
    return {right: since for right, since in _first_after(store, day, has=True).items() if right not in held}


def _first_after(store: Store, day: date, *, has: bool) -> dict[Viewer, date]:
    """The first day after one that begins with the right, or without it, as the newest word about it says."""
    rows = store.rows(
        """
        with words as (
            select
                turns.person,
                turns.role,
                turns.given,
                turns.since,
                arg_max(people.has, people.entry_id) as has
            from people as turns
            join people
                on people.person = turns.person
                and people.role = turns.role
                and people.given = turns.given
                and people.since <= turns.since
            where turns.since > $day
            group by all
        )
        select person, role, given, min(since)
        from words
        where has = $has
        group by all
        order by all
        """,
        {"day": day, "has": has},
    )
    return {Viewer(person, ROLES[role], given): first for person, role, given, first in rows}


def people(store: Store, day: date) -> list[Person]:
    """Everybody who was put into the register by the end of a day, with the rights of that day, by name."""
    held, last = rights_on(store, day), last_days(store, day)
    rows = store.rows(
        """
        select
            names.person,
            people_seen.seen_at,
            passwords.person is not null,
            coalesce(passwords.one_time, false),
            coalesce(accounts.address, '')
        from (
            select distinct people.person
            from people
            join entries on entries.entry_id = people.entry_id
            where entries.entered_at::date <= $day
        ) as names
        left join people_seen on people_seen.person = names.person
        left join passwords on passwords.person = names.person
        left join accounts on accounts.person = names.person
        order by names.person
        """,
        {"day": day},
    )
    return [
        Person(
            name,
            {right: since for right, since in held.items() if right.person == name},
            {right: until for right, until in last.items() if right.person == name},
            *signing_in,
        )
        for name, *signing_in in rows
        # Whose name was forgotten is told of only where they had a right.
        if not name.startswith(FORMER) or any(right.person == name for right in held)
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


def give(
    store: Store,
    right: Viewer,
    by: Viewer,
    since: date | None = None,
    at: datetime | None = None,
    *,
    until: date | None = None,
) -> Viewer:
    """Invite a person, or give one another right, from today on or from a later day, for good or until a last day.
    Returns the right as it is kept.

    Raises NotAllowed, and ObhvatError for a name, a place or a day that cannot be, for a right that the person has and
    for one of one's own.
    """
    kept = _as_kept(store, right)
    _record(store, by, since, at, given=kept, until=until)
    return kept


def change(
    store: Store, right: Viewer, to: Viewer, by: Viewer, since: date | None = None, at: datetime | None = None
) -> Viewer:
    """Give a right in the place of another one of the same person: both are one entry. Raises as `give` and `end`."""
    kept = _as_kept(store, to)
    _record(store, by, since, at, ended=right, given=kept)
    return kept


def end(store: Store, right: Viewer, by: Viewer, since: date | None = None, at: datetime | None = None) -> None:
    """End a right, from today on or from a later day. Raises NotAllowed, and ObhvatError for one that the person does
    not have and for that of the last administrator."""
    _record(store, by, since, at, ended=right)


def _record(
    store: Store,
    by: Viewer,
    since: date | None,
    at: datetime | None,
    *,
    ended: Viewer | None = None,
    given: Viewer | None = None,
    until: date | None = None,
) -> None:
    by.must("people")
    at = at or store.now()
    since = since or at.date()
    if since < at.date():
        raise ObhvatError(_("Право не се дава и не се отнема със задна дата: изберете днес или по-късен ден."))
    if until is not None and until < since:
        raise ObhvatError(_("Последният ден е преди първия."))
    if given is not None and given.person == by.person:
        raise ObhvatError(
            _(
                "Никой не дава права на себе си. Помолете друг администратор или използвайте „{command}“ на сървъра."
            ).format(command="obhvat people add")
        )
    with store.transaction() as cursor:
        held = rights_on(store, since)
        if given is not None and given in held:
            raise ObhvatError(_("„{person}“ вече има това право.").format(person=given.person))
        if ended is not None and ended not in held:
            raise ObhvatError(_("„{person}“ няма такова право.").format(person=ended.person))
        administered = _administered(cursor, since)
        entry_id = add_entry(cursor, "person", by.person, at)
        for right in filter(None, (ended, given)):
            _add(cursor, entry_id, right, since, has=right is given)
        if given is not None and until is not None:
            entry_id = add_entry(cursor, "person", by.person, at)
            _add(cursor, entry_id, given, until + timedelta(days=1), has=False)
        if administered - _administered(cursor, since):
            raise ObhvatError(
                _("Без „{right}“ няма да остане администратор на хората. Първо дайте това право на друг.").format(
                    right=ended.person if ended else ""
                )
            )
        log_of(store).write(by, "right", place=_said(ended, given))
    anchor(store)


def _add(cursor: duckdb.DuckDBPyConnection, entry_id: int, right: Viewer, since: date, *, has: bool) -> None:
    row = {"person": right.person, "role": right.role.id, "given": right.given, "has": has, "since": since}
    add_row(cursor, "people", {"entry_id": entry_id, **row})


def _administered(cursor: duckdb.DuckDBPyConnection, since: date) -> set[date]:
    """Of the days from one on when administrators change, those on which there is one."""
    days = cursor.execute(
        """
        with changing as (
            select since as day
            from people
            where role = $role and since >= $since
            union
            select $since
        ),
        words as (
            select
                changing.day,
                people.person,
                arg_max(people.has, people.entry_id) as has
            from changing
            join people on people.role = $role and people.since <= changing.day
            group by changing.day, people.person
        )
        select distinct day
        from words
        where has
        """,
        {"role": "administrator", "since": since},
    ).fetchall()
    return {day for (day,) in days}


def _said(ended: Viewer | None, given: Viewer | None) -> str:
    """What the log tells of a change: „ана: Областен управител вместо Експерт от РУО“."""
    of = given or ended
    assert of is not None
    role = of.role.name
    if given and ended:
        role = B_("{role} вместо {was}").format(role=role, was=ended.role.name)
    elif ended:
        role = B_("край на {role}").format(role=role)
    return f"{of.person}: {role}"


def _as_kept(store: Store, right: Viewer) -> Viewer:
    return Viewer(_known(store, right.person), right.role, place_of(store, right))


def _known(store: Store, name: str) -> str:
    """A name as it is in the register, else as it is to be: who is twice in it would keep a right that was ended."""
    name = " ".join(printable(name).split())
    if name.casefold().startswith(FORMER):
        raise ObhvatError(_("Така се нарича човек, чието име е заличено. Напишете друго име за влизане."))
    if not re.search(r"[^\W\d_]", name) or len(name) > _MOST_LETTERS:
        raise ObhvatError(
            _("Името за влизане е от 1 до {most} знака, с поне една буква: име, длъжност или служебен адрес.").format(
                most=_MOST_LETTERS
            )
        )
    refuse_numbers(name.replace("@", " "), _("Име за влизане"))
    for known, address in store.rows(
        "select distinct person, address from people left join accounts using (person) order by person"
    ):
        if known.casefold() == name.casefold():
            return known
        if address is not None and address == name.casefold():
            raise ObhvatError(_("С този адрес влиза „{person}“.").format(person=known))
    return name
