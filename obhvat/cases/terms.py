"""Whose each step of a case is and in how many working days: as declared, until people set it otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pandas as pd

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _, by_language, declared
from obhvat.people import Viewer
from obhvat.store import Store
from obhvat.store.entries import add_entry, add_row
from obhvat.texts import capitalized, counted

MOST_DAYS = 250

OWNERS: Mapping[str, str] = MappingProxyType(
    {value.code: value.caption for value in dataset("actions")["institutions"].values}
)
"""The institutions around the table: code → short name."""


@dataclass(frozen=True)
class Step:
    """A step of a case that somebody owes."""

    code: str
    name: str
    owner: str
    """A code of OWNERS."""
    working_days: int
    """After the day on which the case came to wait for it."""
    source: str
    rung: str = ""
    """The rung of the ladder that the step done puts a case on; empty for a step outside of it."""
    kinds: tuple[str, ...] = ()
    """The kinds of actions that are this step done."""
    after: tuple[str, ...] = ()
    """Outcomes of a visit that ask for this measure before any other."""
    words: tuple[str, ...] = ()
    """How people begin to name it in their own words."""


@dataclass(frozen=True)
class Terms:
    """The steps of a store at a moment. Version 0 is what is declared; each setting is one version more."""

    version: int
    steps: tuple[Step, ...]

    def __getitem__(self, code: str) -> Step:
        """A step by its code. Raises UnknownName."""
        for step in self.steps:
            if step.code == code:
                return step
        raise UnknownName(_("Няма стъпка „{code}“.").format(code=code))

    def of_kind(self, kind: str) -> Step:
        """The step that an action of a kind is."""
        return next(step for step in self.steps if kind in step.kinds)

    def named_in(self, text: str) -> Step | None:
        """The step that a person's words name first: „повторно посещение“ is a visit. None when they name none."""
        named = [(re.search(rf"\b(?:{'|'.join(step.words)})", text.lower()), step) for step in self.steps]
        by_position = {at.start(): step for at, step in named if at}
        return by_position[min(by_position)] if by_position else None


def _declared() -> dict[str, Any]:
    return declared("cases/terms.toml")


def rungs() -> Mapping[str, str]:
    """The rungs of the ladder from the signal to the outcome: code → name."""
    return MappingProxyType(_declared()["rungs"])


@by_language
def default_terms() -> Terms:
    """The steps as they are declared."""
    return Terms(0, tuple(_step(code, words) for code, words in _declared()["steps"].items()))


def _step(code: str, words: Mapping[str, Any]) -> Step:
    frozen: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in words.items()}
    return Step(code, **frozen)


def heading_of(owner: str) -> str:
    """An institution as the head of a row: „РУО“, „Училища“."""
    return _declared()["headings"].get(owner, capitalized(_(OWNERS[owner])))


def not_done_by(owner: str, places: Sequence[str]) -> str:
    """The beginning of a sentence about an institution that is late with steps in municipalities: „РУО не е изпълнило“,
    „Община Горун не е изпълнила“, „Училищата не са изпълнили“. What is not one body is named with its municipality when
    there is one."""
    of_one, of_several = _declared()["not_done_by"][owner]
    return of_one.format(place=places[0]) if len(places) == 1 else of_several


def terms_of(store: Store, known_at: datetime | None = None) -> Terms:
    """The steps as they were set at a moment; now, without one. A step nobody set by then is as declared."""
    rows = store.rows(
        """
        select
            step_terms.step,
            arg_max(step_terms.owner, step_terms.entry_id) as owner,
            arg_max(step_terms.working_days, step_terms.entry_id) as working_days
        from step_terms
        join entries on entries.entry_id = step_terms.entry_id
        where entries.entered_at <= $known_at
        group by step_terms.step
        """,
        {"known_at": known_at or store.now()},
    )
    [(version,)] = store.rows(
        """
        select count(distinct step_terms.entry_id)
        from step_terms
        join entries on entries.entry_id = step_terms.entry_id
        where entries.entered_at <= $known_at
        """,
        {"known_at": known_at or store.now()},
    )
    changed = {code: {"owner": owner, "working_days": days} for code, owner, days in rows}
    return Terms(version, tuple(replace(step, **changed.get(step.code, {})) for step in default_terms().steps))


def set_terms(store: Store, changed: Mapping[str, tuple[str, int]], viewer: Viewer, at: datetime | None = None) -> int:
    """Set the owner and the working days of steps, by code, as one new version. Returns the version then in force.

    Only steps that differ from those in force are stored; when none does, there is no new version. Raises UnknownName
    for a step or an institution that is not declared, ObhvatError for days that cannot be.
    """
    viewer.must("settings")
    with store.transaction() as cursor:
        # Writers wait for one another, so nothing comes between what is read here and what is written.
        newest = terms_of(store, datetime.max)
        asked = {newest[code]: new for code, new in changed.items()}
        for step, (owner, days) in asked.items():
            _check(step, owner, days)
        differ = {step: new for step, new in asked.items() if new != (step.owner, step.working_days)}
        if not differ:
            return newest.version
        entry_id = add_entry(cursor, "terms", viewer.person, at)
        for step, (owner, days) in differ.items():
            row = {"entry_id": entry_id, "step": step.code, "owner": owner, "working_days": days}
            add_row(cursor, "step_terms", row)
    return newest.version + 1


def term_versions(store: Store) -> pd.DataFrame:
    """What people set, newest first: one row a step and version, in the order of the steps.

    version, set_at, set_by, step (its code), change in words.
    """
    in_force = {step.code: step for step in default_terms().steps}
    versions = []
    for version, set_at, set_by, code, owner, working_days in store.rows(
        """
        select
            dense_rank() over (order by entries.entry_id) as version,
            entries.entered_at,
            entries.entered_by,
            step_terms.step,
            step_terms.owner,
            step_terms.working_days
        from step_terms
        join entries on entries.entry_id = step_terms.entry_id
        order by version
        """
    ):
        if code in in_force:
            old = in_force[code]
            in_force[code] = new = replace(old, owner=owner, working_days=working_days)
            versions.append(
                (
                    version,
                    set_at,
                    set_by,
                    code,
                    _("{name}: от {term_words} на {term_words2}").format(
                        name=old.name, term_words=_term_words(old), term_words2=_term_words(new)
                    ),
                )
            )
    order = list(in_force)
    versions.sort(key=lambda row: (-row[0], order.index(row[3])))
    return pd.DataFrame(versions, columns=["version", "set_at", "set_by", "step", "change"])


def _term_words(step: Step) -> str:
    return f"„{_(OWNERS[step.owner])}, {counted(step.working_days, 'работен ден')}“"


def _check(step: Step, owner: str, days: int) -> None:
    if owner not in OWNERS:
        raise UnknownName(_("„{name}“: няма институция „{owner}“.").format(name=step.name, owner=owner))
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        raise ObhvatError(
            _("„{name}“: срокът е цяло число от 1 до {MOST_DAYS} работни дни.").format(
                name=step.name, MOST_DAYS=MOST_DAYS
            )
        )
