"""How a PIN and a password are kept, and how long nothing is tried after wrong ones."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.store.pseudonyms import keyed_hash
from obhvat.texts import counted

PARAMETERS: dict[str, Any] = {"time_cost": 3, "memory_cost": 65536, "parallelism": 4}
"""Argon2id as RFC 9106 recommends it where there is no memory to spare: three passes over 64 MiB (in KiB here), four
lanes; the salt is 16 bytes and the hash 32. A hash carries the parameters that it was made with."""
FREE = 10
"""Wrong tries, one after another, after which the next one waits."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class WrongSecret(ObhvatError):
    """A PIN or a password that is not right, or that nobody may try yet."""


def hashed(secret: str, key: str) -> str:
    """What is kept of a secret. Without the key of the store, as in a copy, no secret can be tried against it."""
    return PasswordHasher(**PARAMETERS).hash(_keyed(secret, key))


def is_of(secret: str, kept: str, key: str) -> bool:
    """Whether what is kept is of this secret."""
    try:
        return PasswordHasher(**PARAMETERS).verify(kept, _keyed(secret, key))
    except VerifyMismatchError:
        return False


def _keyed(secret: str, key: str) -> str:
    # The same letters typed on another keyboard may be other characters.
    return keyed_hash(key, "secret", unicodedata.normalize("NFKC", secret))


@dataclass(frozen=True)
class Tries:
    """Wrong tries since the last right one, and when the last of them was."""

    wrong: int = 0
    last: datetime | None = None

    def refuse_early(self, now: datetime) -> None:
        """Raises WrongSecret while the next try waits: a minute after the tenth, twice as long after each more."""
        if self.last is None or self.wrong < FREE:
            return
        wait = min(_FIRST_WAIT * 2 ** min(self.wrong - FREE, 10), _LONGEST_WAIT)
        left = self.last + wait - now
        if left > timedelta():
            minutes = counted(-(-left // timedelta(minutes=1)), "минута")
            raise WrongSecret(
                _("Грешните опити са {wrong}. Опитайте отново след {minutes}.").format(
                    wrong=self.wrong, minutes=minutes
                )
            )

    def as_of(self, now: datetime) -> Tries:
        """The same where the clock was put back since: the wait is counted from now, is no longer, and ends."""
        return Tries(self.wrong, min(self.last, now)) if self.last else self

    def one_more(self, now: datetime) -> Tries:
        return Tries(self.wrong + 1, now)
