"""Names and passwords, where there is no other provider: who is in the register and knows their password is let in.

A password is kept as `secret.hashed` makes it, beside the register and not in its history; wrong tries are counted in
the store, so that a restart changes nothing. Who gives people their rights never learns a password: a one-time one lets
who has it choose their own, within a few days, and nothing else. That it was made is told (`means`).
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from threading import Lock

import duckdb

from obhvat.errors import ObhvatError
from obhvat.language import B_, _
from obhvat.people import means
from obhvat.people.log import anchor, log_of
from obhvat.people.register import in_register, rights_on
from obhvat.people.secret import Tries, WrongSecret, hashed, is_of
from obhvat.people.signed_in import sign_out_everywhere
from obhvat.people.viewer import Viewer
from obhvat.resources import read_text
from obhvat.store import Store
from obhvat.texts import counted

LEAST = 10
"""Characters of a password."""
_MOST, _DIFFERENT = 200, 5
ONE_TIME = timedelta(days=7)
"""How long a one-time password can be changed for one's own."""
_WORDS, _DICTATED = read_text("people/words_to_dictate.txt").split(), 4
"""Four of two hundred words: 30 bits, of which ten wrong tries and the waiting after them leave all but a few."""
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"'.]+")
_LONGEST_ADDRESS = 120
_COMMON = frozenset(read_text("people/usual_passwords.txt").split())
"""What is left of the usual ones without their digits and signs."""
_trying = Lock()


def refuse_easy(password: str, person: str) -> None:
    """Raises ObhvatError for a password that is soon guessed: short, of few characters, the person's name or a usual
    one with digits around it."""
    if not LEAST <= len(password) <= _MOST:
        raise ObhvatError(_("Паролата е поне {LEAST} знака.").format(LEAST=LEAST))
    letters = re.sub(r"[\W\d_]", "", password.casefold())
    names = [name for name in re.split(r"[\W\d_]+", person.casefold()) if len(name) > 3]
    rest = letters
    for name in names:
        rest = rest.replace(name, "")
    if len(set(password)) < _DIFFERENT or not letters or letters in _COMMON or (names and len(rest) < len(letters) / 2):
        raise ObhvatError(
            _("Тази парола се налучква лесно: вземете няколко думи, които не вървят заедно, без вашето име.")
        )


class MustChange(WrongSecret):
    """The one-time password is right; before the person is let in they choose their own with `change_password`."""


def one_time_password(store: Store, person: str, by: Viewer) -> str:
    """Make a password of a few words, to be shown once and dictated; the one before it does not hold any more.

    Raises NotAllowed, and ObhvatError for who is not in the register.
    """
    by.must("people")
    person = _must_be_known(store, person)
    words = " ".join(secrets.choice(_WORDS) for _ in range(_DICTATED))
    kept = hashed(words, store.key)
    with store.transaction() as cursor:
        _put(cursor, person, kept, store.now(), one_time=True)
        means.write(store, by, person, "password")
    anchor(store)
    sign_out_everywhere(person)
    return words


def has_password(store: Store, person: str) -> bool:
    """Whether a person, by the name as it is in the register, signs in with one; a provider has those of others."""
    return bool(store.rows("select 1 from passwords where person = $person", {"person": person}))


def change_password(store: Store, name: str, old: str, new: str, again: str, now: datetime | None = None) -> str:
    """Put a password of one's own in the place of a one-time one or of an older one. Who knew it is let in: returns
    the person, by the name as it is in the register.

    Raises WrongSecret as `sign_in`, and ObhvatError for a new one that is easy, the old one or typed differently twice.
    """
    now = now or store.now()
    with _trying:
        person, _one_time = _tried(store, name, old, now)
        refuse_easy(new, person)
        if new != again:
            raise ObhvatError(_("Двата пъти новата парола е различна. Напишете я отново."))
        if new == old:
            raise ObhvatError(_("Новата парола е същата като досегашната. Изберете друга."))
        as_whom = _rights(store, person, now)[0]
        kept = hashed(new, store.key)
        with store.transaction() as cursor:
            _put(cursor, person, kept, now, one_time=False)
            log_of(store).write(as_whom, "right", place=B_("своята парола"))
    _see(store, person, now)
    anchor(store)
    sign_out_everywhere(person)
    return person


def set_address(store: Store, person: str, address: str, by: Viewer) -> None:
    """By which address a provider of accounts knows a person; empty takes it away.

    Raises NotAllowed, and ObhvatError for who is not in the register, what is no address, and that of another person.
    """
    by.must("people")
    person, address = _must_be_known(store, person), address.strip().lower()
    if address and (len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address)):
        raise ObhvatError(_("„{address}“ не е електронен адрес.").format(address=address))
    if address and (whose := person_at(store, address)) not in (None, person):
        raise ObhvatError(_("С този адрес влиза „{person}“.").format(person=whose))
    with store.transaction() as cursor:
        cursor.execute("delete from accounts where person = $person", {"person": person}).fetchall()
        if address:
            cursor.execute(
                "insert into accounts values ($person, $address)", {"person": person, "address": address}
            ).fetchall()
        means.write(store, by, person, "address")
    anchor(store)


def person_at(store: Store, address: str) -> str | None:
    """Who signs in by an address that a provider vouches for: whose it is, else who is in the register by that very
    name; None for nobody."""
    address = address.strip()
    rows = store.rows("select person from accounts where lower(address) = lower($address)", {"address": address})
    return rows[0][0] if rows else in_register(store, address)


def sign_in(store: Store, name: str, password: str, now: datetime | None = None) -> list[Viewer]:
    """The roles that a person may act in today, by name and password.

    Raises WrongSecret for a wrong name or password, which of both is not said, for who has no right today, and while
    the next try has to wait; MustChange for a one-time password.
    """
    now = now or store.now()
    with _trying:
        person, one_time = _tried(store, name, password, now)
    rights = _rights(store, person, now)
    if one_time:
        raise MustChange(_("Тази парола е еднократна. Изберете своя парола."))
    _see(store, person, now)
    return rights


def sign_in_vouched(store: Store, address: str, now: datetime | None = None) -> list[Viewer]:
    """The same by an address that a provider of accounts vouches for. Raises WrongSecret for one that is nobody's of
    the register, and for who has no right today."""
    now = now or store.now()
    person = person_at(store, address)
    if person is None:
        raise WrongSecret(
            _("„{address}“ не е в регистъра на хората. Достъп дава администраторът на хората.").format(address=address)
        )
    rights = _rights(store, person, now)
    _see(store, person, now)
    return rights


def _see(store: Store, person: str, now: datetime) -> None:
    with store.transaction() as cursor:
        cursor.execute(
            "insert or replace into people_seen values ($person, $at)", {"person": person, "at": now}
        ).fetchall()


def _rights(store: Store, person: str, now: datetime) -> list[Viewer]:
    """Those of today. Raises WrongSecret for who has none."""
    rights = [right for right in rights_on(store, now.date()) if right.person == person]
    if not rights:
        raise WrongSecret(_("„{person}“ няма право на достъп днес.").format(person=person))
    return rights


def _tried(store: Store, name: str, password: str, now: datetime) -> tuple[str, bool]:
    """Whose password it is, and whether it is a one-time one; called with `_trying` held. Raises WrongSecret."""
    rows = store.rows(
        "select person, hash, wrong, last_wrong, one_time, set_at from passwords where lower(person) = lower($name)",
        {"name": name.strip()},
    )
    # Who is not there takes as long as who is.
    person, kept, wrong, last, one_time, set_at = (
        rows[0] if rows else (name, _of_nobody(store.key), 0, None, False, now)
    )
    tries = Tries(wrong, last).as_of(now)
    if tries.last != last:
        _count(store, person, tries)
    tries.refuse_early(now)
    _count(store, person, tries.one_more(now))
    if not is_of(password, kept, store.key) or not rows:
        tries.one_more(now).refuse_early(now)
        raise WrongSecret(_("Грешно име или парола."))
    _count(store, person, Tries())
    if one_time and now - set_at > ONE_TIME:
        raise WrongSecret(
            _("Еднократната парола важи {days}. Поискайте нова от администратора на хората.").format(
                days=counted(ONE_TIME.days, "ден")
            )
        )
    return person, bool(one_time)


@cache
def _of_nobody(key: str) -> str:
    return hashed("", key)


def _must_be_known(store: Store, person: str) -> str:
    known = in_register(store, person)
    if known is None:
        raise ObhvatError(_("В регистъра няма „{person}“. Първо го добавете.").format(person=person))
    return known


def _put(cursor: duckdb.DuckDBPyConnection, person: str, kept: str, at: datetime, *, one_time: bool) -> None:
    cursor.execute(
        "insert or replace into passwords values ($person, $hash, $at, 0, null, $one_time)",
        {"person": person, "hash": kept, "at": at, "one_time": one_time},
    ).fetchall()


def _count(store: Store, person: str, tries: Tries) -> None:
    with store.transaction() as cursor:
        cursor.execute(
            "update passwords set wrong = $wrong, last_wrong = $last where person = $person",
            {"person": person, "wrong": tries.wrong, "last": tries.last},
        ).fetchall()
