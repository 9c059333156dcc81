"""A person's own password in a store, as people come to it."""

from __future__ import annotations

from obhvat.people import ROLES, Viewer
from obhvat.people.signing_in import change_password, one_time_password
from obhvat.store import Store

_BY = Viewer("Администратор", ROLES["administrator"])


def give_password(store: Store, person: str, password: str) -> None:
    """Have somebody of the register choose it in the place of a one-time one."""
    change_password(store, person, one_time_password(store, person, _BY), password, password)
