"""What is looked at: a place, a moment, and the time a question is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from obhvat.errors import UnknownName
from obhvat.language import _
from obhvat.periods import Period, next_month
from obhvat.resources import read_sql
from obhvat.store import Store

INSTITUTIONS = read_sql("scope/sql/institutions.sql")
"""What `open_institutions` reads, for answers that are kept by it."""
_MONTHS = read_sql("scope/sql/institution_months.sql")


@dataclass(frozen=True)
class Scope:
    """The oblast, a municipality or a school; and as known at which moment: now, without one."""

    municipality: str | None = None
    school: str | None = None
    known_at: datetime | None = None

    @property
    def moment(self) -> datetime:
        return self.known_at or datetime.now()

    @property
    def of_oblast(self) -> Scope:
        """The whole oblast at the same moment."""
        return Scope(known_at=self.known_at)

    @property
    def place(self) -> tuple[str | None, str | None]:
        """The place alone, whatever the moment."""
        return self.municipality, self.school


@dataclass(frozen=True)
class Window:
    """The time a figure is counted over: a period as known at a moment, a day, and its months that are asked."""

    period: Period
    known_at: datetime
    day: date | None = None
    """The day that is asked for: of what happened over the period only what had by then counts; how things stand is
    told for that day, also when it is after the period."""
    asked_months: tuple[date, ...] | None = None

    @property
    def first(self) -> date:
        return self.period.first

    @property
    def last(self) -> date:
        """The last day of what happened: of the period, and not after the day or the moment."""
        return min(self.period.last, self.day or self.known_at.date())

    @property
    def stands_on(self) -> date:
        """The day that how things stand is told for."""
        return self.day or self.last

    @property
    def months(self) -> tuple[date, ...]:
        """First days of the months that count."""
        return self.asked_months or self.period.months

    @property
    def parameters(self) -> dict[str, Any]:
        """What queries may bind."""
        return {
            "known_at": self.known_at,
            "first": self.first,
            "last": self.last,
            "months": list(self.months),
            "first_month": self.months[0],
            "last_month": self.months[-1],
        }


class Count(NamedTuple):
    """What a figure counts at a place, in a month if it is monthly: n, of how many; None where that is not known."""

    municipality: str
    school: str
    n: float | None
    d: float | None
    reports: bool
    """Whether the place has sent what is counted."""
    month: date | None = None
    """Its first day."""


_PARAMETER = re.compile(r"\$(\w+)")


@cache
def _named(sql: str) -> frozenset[str]:
    return frozenset(_PARAMETER.findall(sql))


def asked(store: Store, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
    """The answer to a query, bound to those of the parameters that it names. The frame is shared: do not change it."""
    bound = {name: parameters[name] for name in _named(sql)}
    return store.kept_of_data(
        (sql, _about(bound)), parameters["known_at"], lambda: store.read(sql, bound), daily=False, reads=(sql,)
    )


def _about(bound: Mapping[str, Any]) -> str:
    """What a question is about: what is bound but the moment."""
    return repr(sorted((name, value) for name, value in bound.items() if name != "known_at"))


@cache
def _of_institutions(path: str) -> str:
    return f"with institutions as ({INSTITUTIONS}), institution_months as ({_MONTHS}) select * from ({read_sql(path)})"


def asked_of_institutions(store: Store, path: str, window: Window, **more: Any) -> pd.DataFrame:
    """The answer to a query of obhvat that reads `institutions`, those open at some time in the window, or
    `institution_months`, each of them in each month in which it was."""
    return asked(store, _of_institutions(path), {**window.parameters, **more})


def counts_of_institutions(store: Store, path: str, window: Window, **more: Any) -> tuple[Count, ...]:
    """The same of a query whose columns are those of a Count, in their order."""
    sql, given = _of_institutions(path), {**window.parameters, **more}
    bound = {name: given[name] for name in _named(sql)}

    def answer() -> tuple[Count, ...]:
        return tuple(Count(*row) for row in store.rows(sql, bound))

    return store.kept_of_data(("counts", path, _about(bound)), window.known_at, answer, daily=False, reads=(sql,))


def institutions(store: Store, period: Period, scope: Scope) -> pd.DataFrame:
    """Institutions open at some time in the period: code, name, municipality, settlement, kind, level, opened_on,
    closed_on (the day from which it is closed). The frame is shared: do not change it."""

    window = Window(period, scope.moment)

    def answer() -> pd.DataFrame:
        rows = inside(open_institutions(store, window), scope, "code")
        return rows.sort_values(["municipality", "name"], ignore_index=True)

    question = ("institutions", window.first, window.last, scope.place)
    return store.kept_of_data(question, window.known_at, answer, daily=False, reads=(INSTITUTIONS,))


def names_of(rows: pd.DataFrame) -> dict[str, str]:
    """Code → the institution's name with its settlement, „ОУ „Христо Ботев“, с. Бистрата“; where that is not enough to
    tell two apart, with the code. `rows` has the columns code, name, settlement."""
    names = {
        code: f"{name}, {settlement}" if isinstance(settlement, str) and settlement else str(name)
        for code, name, settlement in rows[["code", "name", "settlement"]].itertuples(index=False, name=None)
    }
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name} · {code}" for code, name in names.items()}


def open_institutions(store: Store, window: Window) -> pd.DataFrame:
    """The same of the oblast, open at some time in a window, in no order. The frame is shared: do not change it."""
    every = asked(store, INSTITUTIONS, {"known_at": window.known_at, "first": date.min, "last": date.max})

    def answer() -> pd.DataFrame:
        first, last = pd.Timestamp(window.first), pd.Timestamp(window.last)
        # NaT compares as false: who has no such day was there before and is after.
        return every[~(every["opened_on"] > last) & ~(every["closed_on"] <= first)].reset_index(drop=True)

    question = ("open institutions", window.first, window.last)
    return store.kept_of_data(question, window.known_at, answer, daily=False, reads=(INSTITUTIONS,))


def institution_months(store: Store, window: Window, level: str) -> Iterator[tuple[str, str, date]]:
    """Municipality and code of each institution of a level, and the window's months in which it was open."""
    rows = open_institutions(store, window)
    about = (
        rows.loc[rows["level"] == level, name].tolist() for name in ("municipality", "code", "opened_on", "closed_on")
    )
    months = [(month, pd.Timestamp(month), pd.Timestamp(next_month(month))) for month in window.months]
    for municipality, school, opened, closed in zip(*about, strict=True):
        for month, first, after in months:
            # NaT compares as false.
            if not (opened >= after or closed <= first):
                yield municipality, school, month


def places_of(store: Store, window: Window) -> tuple[tuple[str, str], ...]:
    """Their municipalities and codes."""

    def answer() -> tuple[tuple[str, str], ...]:
        rows = open_institutions(store, window)
        return tuple(zip(rows["municipality"], rows["code"], strict=True))

    question = ("places", window.first, window.last)
    return store.kept_of_data(question, window.known_at, answer, daily=False, reads=(INSTITUTIONS,))


def inside(rows: pd.DataFrame, scope: Scope, school_column: str = "school") -> pd.DataFrame:
    """The rows of a municipality, and where they have a school, of a school."""
    if scope.municipality:
        rows = rows[rows["municipality"] == scope.municipality]
    if scope.school and school_column in rows:
        rows = rows[rows[school_column] == scope.school]
    return rows


def check_scope(store: Store, period: Period, scope: Scope) -> None:
    """Raises UnknownName for a municipality or a school that is not in the register."""
    registered = institutions(store, period, scope.of_oblast)
    if scope.municipality and scope.municipality not in set(registered["municipality"]):
        names = ", ".join(sorted(registered["municipality"].unique())) or _("няма качен регистър")
        raise UnknownName(
            _("Няма община „{municipality}“ в регистъра. Познати: {names}.").format(
                municipality=scope.municipality, names=names
            )
        )
    if scope.school and scope.school not in set(registered["code"]):
        raise UnknownName(_("Няма институция с код „{school}“ в регистъра.").format(school=scope.school))


def oblast_name(store: Store, known_at: datetime | None = None) -> str | None:
    """The oblast of the register, or None when there is no register or it does not say."""
    known_at = known_at or store.now()

    def answer() -> str | None:
        [(name,)] = store.rows(
            """
            select any_value(schools.oblast)
            from schools
            join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
            """,
            {"known_at": known_at},
        )
        return name

    return store.kept_of_data("oblast", known_at, answer)
