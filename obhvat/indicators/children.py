"""The rows of pupils that leave this floor: each is asked by a viewer and is of the schools that the viewer may see,
but of a child whose processing is restricted.

What counts them (obhvat/indicators/tables.py) gives numbers out. The rows of cases leave by obhvat/cases/children.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pandas as pd

from obhvat.indicators.measures import measures
from obhvat.people import Reach, Viewer
from obhvat.people.child_requests import restricted
from obhvat.store import Store


def measures_of(store: Store, viewer: Viewer, month: date, known_at: datetime) -> pd.DataFrame:
    """The children of `measures.measures`."""
    return measures(store, month, known_at, reach_of(store, viewer))


def reach_of(store: Store, viewer: Viewer) -> Reach:
    """Whose rows those are: what is kept of them is kept by it. Raises NotAllowed for who is shown no pupil."""
    return replace(viewer.reach_of_pupils(), hidden=restricted(store))
