"""Whose rows a sender may bring: a school its own, a municipality those of its registers and of its institutions.

A file replaces a part of the store. Who may send only for one place is let to replace nothing of another, and is not
told by a comparison what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from obhvat.datasets import Dataset
from obhvat.people import Viewer
from obhvat.store.history import SlicePart

Sender = Viewer | None
"""Who sends; None where it is not asked, as on the command line."""


def is_limited(sender: Sender) -> bool:
    """Whether a sender brings rows of one place only."""
    return sender is not None and sender.role.place != "oblast"


def may_bring(sender: Sender, dataset: Dataset) -> bool:
    """Whether a file of a dataset can be of the sender's place alone: it then replaces only what is of that place."""
    if sender is None or sender.role.place == "oblast":
        return True
    by_school, by_municipality = dataset.slice.school != "''", dataset.slice.municipality != "''"
    return by_school or (by_municipality and sender.role.place == "municipality")


def own_schools(sender: Sender, schools: pd.DataFrame) -> frozenset[str]:
    """The codes of the institutions that a limited sender brings rows of; `schools` is the register."""
    assert sender is not None
    column = {"school": "code", "municipality": "municipality"}.get(sender.role.place)
    return frozenset(schools.loc[schools[column] == sender.given, "code"]) if column else frozenset()


def are_own(sender: Sender, parts: Iterable[SlicePart], schools: pd.DataFrame) -> bool:
    """Whether all parts of the store that a file would replace are of the sender's place."""
    if sender is None or sender.role.place == "oblast":
        return True
    own = own_schools(sender, schools)
    of_municipality = sender.role.place == "municipality"
    return all(
        part.school in own if part.school else of_municipality and part.municipality == sender.given for part in parts
    )
