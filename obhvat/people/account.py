"""Who works where nobody signs in."""

from __future__ import annotations

import getpass


def account() -> str:
    """The name of the computer's account that the program runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "неизвестен"
