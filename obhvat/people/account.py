"""Who works where nobody signs in."""

from __future__ import annotations

import getpass
from dataclasses import replace

from obhvat.language import N_
from obhvat.people.viewer import ALONE, Viewer


def alone() -> Viewer:
    """Who works at this machine where nobody said a name: an expert, by the account's name."""
    return replace(ALONE, person=account())


def account() -> str:
    """The name of the computer's account that the program runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return N_("неизвестен")
