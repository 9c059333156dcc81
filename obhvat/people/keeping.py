"""How long each kind of data is kept: as declared, until people set it otherwise; and what was forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd

from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _, by_language, declared
from obhvat.people.viewer import Viewer
from obhvat.periods import Period, school_year_of
from obhvat.store import Store
from obhvat.store.copies import copies
from obhvat.store.entries import add_entry, add_row
from obhvat.store.exchange import kept_beside
from obhvat.texts import counted, day

MOST_YEARS = 50
BY_YEARS = ("children", "cases")
"""The kinds that are kept, and forgotten, by whole school years."""


@dataclass(frozen=True)
class Kind:
    """A kind of data that has an end."""

    id: str
    name: str
    holds: str
    """What goes when the term is over."""
    since: str
    """What the years are counted from."""
    years: int
    ground: str
    """The law, and where it gives no number, that the number is a proposal."""

    @property
    def term(self) -> str:
        """„5 години от края на учебната година“"""
        return _("{years} от {since}").format(years=counted(self.years, "година"), since=self.since)


def time_of(school_year: int | None, until: date) -> str:
    """„учебната 2018/2019 г.“, or for what is not kept by school years „до 14.09.2019 г.“"""
    if school_year is None:
        return _("до {day}").format(day=day(until))
    return Period(school_year, "year").label


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten of a kind at once, without a child in it."""

    kind: str
    """Its name."""
    school_year: int | None
    """None for what is not kept by school years."""
    until: date
    """The last day of what was forgotten."""
    n_rows: int
    ground: str

    @property
    def of(self) -> str:
        """„учебната 2018/2019 г.“, „до 14.09.2019 г.“"""
        return time_of(self.school_year, self.until)


@dataclass(frozen=True)
class Protocol:
    """A forgetting: what, on what ground, when, by whom, and which copies held it then."""

    entry_id: int
    at: datetime
    who: str
    forgotten: tuple[Forgotten, ...]
    copies: tuple[str, ...]


@by_language
def default_kinds() -> tuple[Kind, ...]:
    """The kinds as they are declared."""
    return tuple(Kind(kind_id, **words) for kind_id, words in declared("people/keeping.toml").items())


def kinds_of(store: Store, known_at: datetime | None = None) -> tuple[Kind, ...]:
    """The kinds with the terms in force at a moment; now, without one."""
    set_then = dict(
        store.rows(
            """
            select keeping_terms.kind, arg_max(keeping_terms.years, keeping_terms.entry_id)
            from keeping_terms
            join entries on entries.entry_id = keeping_terms.entry_id
            where entries.entered_at <= $known_at
            group by keeping_terms.kind
            """,
            {"known_at": known_at or store.now()},
        )
    )
    return tuple(replace(kind, years=set_then.get(kind.id, kind.years)) for kind in default_kinds())


def set_years(store: Store, changed: Mapping[str, int], viewer: Viewer, at: datetime | None = None) -> bool:
    """Set for how many years kinds are kept, by id. Returns whether any was otherwise.

    Raises UnknownName for a kind that is not declared, ObhvatError for years that cannot be.
    """
    viewer.must("settings")
    with store.transaction() as cursor:
        # Writers wait for one another, so nothing comes between what is read here and what is written.
        in_force = {kind.id: kind for kind in kinds_of(store, datetime.max)}
        for kind_id, years in changed.items():
            if kind_id not in in_force:
                raise UnknownName(_("Няма вид данни „{kind}“.").format(kind=kind_id))
            if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= MOST_YEARS:
                raise ObhvatError(
                    _("„{name}“: срокът е цяло число от 1 до {most} години.").format(
                        name=in_force[kind_id].name, most=MOST_YEARS
                    )
                )
        differ = {kind_id: years for kind_id, years in changed.items() if years != in_force[kind_id].years}
        if differ:
            entry_id = add_entry(cursor, "keeping", viewer.person, at)
            for kind_id, years in differ.items():
                add_row(cursor, "keeping_terms", {"entry_id": entry_id, "kind": kind_id, "years": years})
    return bool(differ)


def versions_of_years(store: Store) -> pd.DataFrame:
    """What people set, the newest first, one row a kind: set_at, set_by, change in words."""
    in_force = {kind.id: kind for kind in default_kinds()}
    rows = []
    for set_at, set_by, kind_id, years in store.rows(
        """
        select entries.entered_at, entries.entered_by, keeping_terms.kind, keeping_terms.years
        from keeping_terms
        join entries on entries.entry_id = keeping_terms.entry_id
        order by keeping_terms.entry_id, keeping_terms.kind
        """
    ):
        if kind_id in in_force:
            old = in_force[kind_id]
            in_force[kind_id] = replace(old, years=years)
            words = _("{name}: от {was} на {now}").format(
                name=old.name, was=counted(old.years, "година"), now=counted(years, "година")
            )
            rows.append((set_at, set_by, words))
    return pd.DataFrame(rows[::-1], columns=["set_at", "set_by", "change"])


def protocols(store: Store) -> list[Protocol]:
    """Every forgetting, the newest first."""
    names = {kind.id: kind.name for kind in default_kinds()}
    made: dict[int, Protocol] = {}
    for entry_id, at, who, kind, school_year, until, n_rows, ground, held_by in store.rows(
        """
        select
            forgotten.entry_id,
            entries.entered_at,
            entries.entered_by,
            forgotten.kind,
            forgotten.school_year,
            forgotten.until,
            forgotten.n_rows,
            forgotten.ground,
            forgotten.copies
        from forgotten
        join entries on entries.entry_id = forgotten.entry_id
        order by forgotten.entry_id desc, forgotten.kind, forgotten.school_year
        """
    ):
        of_kind = Forgotten(names.get(kind, kind), school_year, until, n_rows, ground)
        before = made.get(entry_id, Protocol(entry_id, at, who, (), tuple(held_by)))
        made[entry_id] = replace(before, forgotten=(*before.forgotten, of_kind))
    return list(made.values())


@dataclass(frozen=True)
class Through:
    """Up to which school year a kind was forgotten, and when."""

    school_year: int
    at: datetime


def forgotten_through(store: Store) -> Mapping[str, Through]:
    """Kind → up to which school year it was forgotten; kinds that never were are not in it."""

    def answer() -> Mapping[str, Through]:
        rows = store.rows(
            """
            select forgotten.kind, max(forgotten.school_year), arg_max(entries.entered_at, forgotten.school_year)
            from forgotten
            join entries on entries.entry_id = forgotten.entry_id
            where forgotten.school_year is not null
            group by forgotten.kind
            """
        )
        return {kind: Through(school_year, at) for kind, school_year, at in rows}

    return store.kept("forgotten through", datetime.max, answer, daily=False)


def is_forgotten(store: Store, period: Period, day: date | None = None) -> bool:
    """Whether a period, or a day that is asked about, is of a school year that lost rows: what would be counted from
    the rest is no figure of it."""
    to = max((through.school_year for through in forgotten_through(store).values()), default=None)
    return to is not None and (period.start_year <= to or (day is not None and school_year_of(day) <= to))


def first_year_kept(store: Store) -> int | None:
    """The first school year of which not everything about children was forgotten; None when nothing was."""
    through = forgotten_through(store)
    return min(to.school_year for to in through.values()) + 1 if len(through) == len(BY_YEARS) else None


def forgotten_words(store: Store, school_year: int) -> str:
    """What is said where a school year is looked at whose rows were forgotten; empty for any other."""
    gone = {kind: to for kind, to in forgotten_through(store).items() if school_year <= to.school_year}
    if not gone:
        return ""
    names = {"children": _("списъците и отсъствията по деца"), "cases": _("случаите")}
    what = _(" и ").join(names[kind] for kind in names if kind in gone)
    return _(
        "За учебната {year} г. {what} са заличени на {day} с изтекъл срок. Числата отпреди заличаването са в "
        "„Настройки“, „Срокове за пазене“."
    ).format(year=f"{school_year}/{school_year + 1}", what=what, day=day(max(to.at for to in gone.values())))


def held_by(store: Store) -> list[str]:
    """Files that still hold what is deleted from the store: its copies and the stores they replaced."""
    return [str(file) for file in (*(copy.path for copy in copies(store)), *kept_beside(store.path))]
