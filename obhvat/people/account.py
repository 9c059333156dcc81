"""Who works where nobody signs in."""

from __future__ import annotations

import getpass

from obhvat.language import N_


def account() -> str:
    """The name of the computer's account that the program runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return N_("неизвестен")
