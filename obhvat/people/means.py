"""Who was given the means to sign in, by whom: said to the person and to who answers for children's data.

An administrator sees no child; who holds somebody's one-time password, or has their address, sees what that person
sees. Nothing can keep an administrator from that in a centre that has one of them, so it is not silent: each has its
line in the log of looks, from which this is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from obhvat.language import B_, N_, _
from obhvat.people.log import log_of
from obhvat.people.roles import ROLES
from obhvat.people.viewer import Viewer
from obhvat.store import Store

Means = Literal["password", "address"]
DAYS = 30
"""For how long it is said."""
_WORDS: dict[Means, str] = {"password": N_("еднократна парола"), "address": N_("адрес за вход")}
_LINES: dict[Means, str] = {"password": B_(": еднократна парола"), "address": B_(": адрес за вход")}
"""What the line ends with, after the person's name."""


@dataclass(frozen=True)
class Given:
    """A means to sign in that somebody was given."""

    at: datetime
    by: str
    person: str
    means: Means

    @property
    def words(self) -> str:
        """„еднократна парола“"""
        return _(_WORDS[self.means])


def write(store: Store, by: Viewer, person: str, means: Means) -> None:
    """Leave its line in the log. Raises DiskFull when it cannot be written."""
    log_of(store).write(by, "right", place=f"{person}{_LINES[means]}")


def given(store: Store, now: datetime) -> list[Given]:
    """All of the last days, the newest first."""
    return [*_given(store, now)]


def given_to(store: Store, person: str, now: datetime) -> list[Given]:
    """The same of one person, by others."""
    return [one for one in _given(store, now) if one.person == person != one.by]


def given_to_who_sees_children(store: Store, now: datetime) -> list[Given]:
    """The same of those who were ever given a right to see children's rows, though it was ended within the hour."""
    roles = [role.id for role in ROLES.values() if role.cases != "none"]
    see = {
        person
        for (person,) in store.rows(
            "select distinct person from people where has and role in (select unnest($roles::varchar[]))",
            {"roles": roles},
        )
    }
    return [one for one in _given(store, now) if one.person in see]


def _given(store: Store, now: datetime) -> Iterator[Given]:
    for look in log_of(store).looks(what="right", since=(now - timedelta(days=DAYS)).date()):
        for means, line in _LINES.items():
            if look.place.endswith(line):
                yield Given(look.at, look.person, look.place.removesuffix(line), means)
