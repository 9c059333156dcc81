"""Who does something in a test, where it is not about who may."""

from __future__ import annotations

from dataclasses import replace

from obhvat.people import ALONE, Viewer


def expert(person: str = "Проба") -> Viewer:
    """An expert of the regional department by a name."""
    return replace(ALONE, person=person)
