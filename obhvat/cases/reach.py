"""Which cases a viewer reaches: those that are told, and those about which something may be entered.

A child whose processing is restricted (obhvat/people/child_requests.py) is reached by nobody here: it is told of where
its request is answered, and counted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pandas as pd

from obhvat.cases.ladder import ladder
from obhvat.cases.register import actions, cases
from obhvat.cases.terms import OWNERS
from obhvat.errors import NotAllowed
from obhvat.language import _
from obhvat.people import Reach, Viewer
from obhvat.people.child_requests import restricted
from obhvat.periods import Period, school_year_of
from obhvat.store import Store


def reach_of(store: Store, viewer: Viewer, day: date, known_at: datetime) -> Reach:
    """Whose rows the viewer may see; of an institution, the cases it takes part in by a day, or owes a step of. Raises
    NotAllowed for who is shown no child."""
    reach = replace(viewer.reach(), hidden=restricted(store))
    if reach.cases != "partner":
        return reach
    code = {name: code for code, name in OWNERS.items()}.get(reach.given, reach.given)

    def answer() -> frozenset[tuple[str, str, date]]:
        steps, waits = actions(store, day, known_at), ladder(store, day, known_at)
        took_part = [pd.api.types.is_list_like(names) and code in names for names in steps["institutions"]]
        steps = steps[pd.Series(took_part, index=steps.index, dtype=bool)].dropna(subset=["case_place", "turn_on"])
        waits = waits[waits["owner"] == code]
        reached = [
            *zip(steps["case_number"], steps["case_place"], steps["turn_on"], strict=True),
            *zip(waits["number"], waits["municipality"], waits["opened_on"], strict=True),
        ]
        return frozenset(
            (number, place, Period(school_year_of(on.date()), "year").first) for number, place, on in reached
        )

    question = ("partner", code, day)
    return replace(reach, partner_in=store.kept_of_data(question, known_at, answer))


def places_reached(store: Store, viewer: Viewer, number: str, known_at: datetime) -> frozenset[str] | None:
    """The municipalities of a number's cases that the viewer is told of at a moment; None for who is told of all.

    Raises NotAllowed where there is none, and says the same of a number that nobody has.
    """
    reach = reach_of(store, viewer, known_at.date(), known_at)
    if reach.is_all:
        return None
    seen = cases(store, known_at.date(), known_at, reach)
    places = frozenset(seen.loc[seen["number"] == number, "municipality"])
    if not places:
        raise NotAllowed(_("Случай „{number}“ не е сред тези, които виждате. Проверете номера.").format(number=number))
    return places


def must_reach(store: Store, viewer: Viewer, number: str, municipality: str, known_at: datetime) -> None:
    """Raises NotAllowed for a case about which the viewer is told nothing at a moment."""
    places = places_reached(store, viewer, number, known_at)
    if places is not None and municipality not in places:
        raise NotAllowed(_("Случай „{number}“ не е сред тези, които виждате. Проверете номера.").format(number=number))


def may_open_in(viewer: Viewer, municipality: str, school: str | None, school_municipality: str | None) -> bool:
    """Whether a case of this place would be one that the viewer reaches."""
    reach = viewer.reach()
    if reach.cases == "municipality":
        return reach.given in (municipality, school_municipality)
    return reach.cases == "all" or (reach.cases == "school" and school == reach.given)
