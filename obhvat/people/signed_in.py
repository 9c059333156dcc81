"""Who is signed in, in which role they act, and when they were last seen at work.

It is in the memory of the process that serves the pages: to sign out, to be quiet for long and to start the program
anew ends it, and no copy of the store holds it. A cookie holds the token, which says nothing by itself. Rights are
asked of the register each time, so that one that was ended is ended at once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from time import time

from obhvat.errors import NotAllowed
from obhvat.language import N_, _
from obhvat.people.log import looked
from obhvat.people.register import in_register, rights_on
from obhvat.people.roles import Role
from obhvat.people.viewer import Viewer
from obhvat.store import Store

QUIET = 30 * 60
"""Seconds without work after which one has to sign in again."""
LONGEST = 12 * 60 * 60
"""Seconds after which one has to, whatever one does: a long day."""
NOBODY = Role("", "", "", "oblast", "press", "none", (), ())
"""The role of who was not let in: none."""
_UNKNOWN = N_("непознато име")


@dataclass
class _SignedIn:
    person: str
    since: float = field(default_factory=lambda: time())
    worked: float = field(default_factory=lambda: time())
    proof: str = ""
    """The token of the provider who vouched for them, by which they are signed out there, too."""
    acts_in: Viewer | None = None
    stay: str = ""
    """Another one for each role that is taken up: what was drawn before is not gone on with."""

    def is_over(self, now: float) -> bool:
        # A clock that was put back ends it, too.
        return not (0 <= now - self.since < LONGEST and 0 <= now - self.worked < QUIET)


_signed_in: dict[str, _SignedIn] = {}


def let_in(store: Store, person: str, proof: str = "") -> str:
    """Sign a person in, whose identity is proven. Returns the token. Who has one role acts in it, others choose."""
    token = secrets.token_urlsafe(32)
    _signed_in[token] = _SignedIn(person, proof=proof)
    rights = rights_of(store, token)
    if len(rights) == 1:
        act_in(store, token, rights[0])
    return token


def refused(store: Store, name: str, way: str) -> None:
    """Leave in the log that somebody was not let in. What is not a name of the register is not written: it may be a
    password in the wrong place."""
    looked(store, Viewer(in_register(store, name) or _UNKNOWN, NOBODY), "refused", place=way)


def person(token: str | None) -> str | None:
    """Who holds a token; None when it was never given or is over."""
    held = _held(token)
    return held.person if held else None


def proof(token: str | None) -> str:
    """What the provider gave who holds a token, when they came from one."""
    held = _held(token)
    return held.proof if held else ""


def stay(token: str | None) -> str:
    """By what Streamlit's sessions of a token, while it acts in one role, are told from others; empty for none."""
    held = _held(token)
    return held.stay if held and held.acts_in else ""


def rights_of(store: Store, token: str | None) -> list[Viewer]:
    """The roles that who holds a token may act in now."""
    who = person(token)
    now = store.now()
    rights = store.kept("rights by which people act", now, lambda: list(rights_on(store, now.date())))
    return [right for right in rights if right.person == who]


def viewer(store: Store, token: str | None) -> Viewer | None:
    """The role that a token acts in; None while none is chosen, and for who may act in none any more."""
    held = _held(token)
    if not held:
        return None
    rights = rights_of(store, token)
    if not rights:
        sign_out(token)
    elif held.acts_in not in rights:
        held.acts_in = None
    return held.acts_in if rights else None


def act_in(store: Store, token: str | None, right: Viewer) -> None:
    """Take up a role. Raises NotAllowed for one that the person does not have, DiskFull when the log cannot be
    written."""
    held = _held(token)
    if not held or right not in rights_of(store, token):
        raise NotAllowed(_("Нямате тази роля."))
    looked(store, right, "sign_in")
    held.acts_in, held.stay = right, secrets.token_urlsafe(16)


def tokens_of(name: str) -> list[str]:
    """Everywhere a person is signed in."""
    return [token for token, held in list(_signed_in.items()) if held.person == name and person(token)]


def work(token: str | None) -> None:
    """Hear that a person is at work."""
    if held := _held(token):
        held.worked = time()


def sign_out(token: str | None) -> None:
    """End it."""
    _signed_in.pop(token or "", None)


def sign_out_everywhere(name: str) -> None:
    """End all of a person's: their password was changed, or somebody took their rights."""
    for token in tokens_of(name):
        sign_out(token)


def _held(token: str | None) -> _SignedIn | None:
    held = _signed_in.get(token or "")
    if held and held.is_over(time()):
        sign_out(token)
        return None
    return held
