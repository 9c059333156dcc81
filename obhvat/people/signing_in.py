"""Names and passwords, where there is no other provider: who is in the register and knows their password is let in.

A password is kept as `secret.hashed` makes it, beside the register and not in its history; wrong tries are counted in
the store, so that a restart changes nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from threading import Lock

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.people.register import rights_on
from obhvat.people.secret import Tries, WrongSecret, hashed, is_of
from obhvat.people.viewer import Viewer
from obhvat.resources import read_text
from obhvat.store import Store

LEAST = 10
"""Characters of a password."""
_MOST, _DIFFERENT = 200, 5
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


def keep_password(store: Store, person: str, kept: str) -> None:
    """Put what `hashed` made of a password in force, and forget wrong tries. Raises ObhvatError for who is not in the
    register."""
    if not store.rows("from people where person = $person limit 1", {"person": person}):
        raise ObhvatError(_("В регистъра няма „{person}“. Първо го добавете.").format(person=person))
    with store.transaction() as cursor:
        cursor.execute(
            "insert or replace into passwords values ($person, $hash, $at, 0, null)",
            {"person": person, "hash": kept, "at": store.now()},
        ).fetchall()


def sign_in(store: Store, name: str, password: str, now: datetime | None = None) -> list[Viewer]:
    """The roles that a person may act in today, by name and password.

    Raises WrongSecret for a wrong name or password, which of both is not said, for who has no right today, and while
    the next try has to wait.
    """
    now = now or store.now()
    with _trying:
        found = store.rows(
            "select person, hash, wrong, last_wrong from passwords where lower(person) = lower($name)", {"name": name}
        )
        # Who is not there takes as long as who is.
        person, kept, wrong, last = found[0] if found else (name, hashed("", store.key), 0, None)
        tries = Tries(wrong, last)
        tries.refuse_early(now)
        _count(store, person, tries.one_more(now))
        if not is_of(password, kept, store.key) or not found:
            tries.one_more(now).refuse_early(now)
            raise WrongSecret(_("Грешно име или парола."))
        _count(store, person, Tries())
    rights = [right for right in rights_on(store, now.date()) if right.person == person]
    if not rights:
        raise WrongSecret(_("„{person}“ няма право на достъп днес.").format(person=person))
    with store.transaction() as cursor:
        cursor.execute(
            "insert or replace into people_seen values ($person, $at)", {"person": person, "at": now}
        ).fetchall()
    return rights


def _count(store: Store, person: str, tries: Tries) -> None:
    with store.transaction() as cursor:
        cursor.execute(
            "update passwords set wrong = $wrong, last_wrong = $last where person = $person",
            {"person": person, "wrong": tries.wrong, "last": tries.last},
        ).fetchall()
