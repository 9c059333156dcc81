"""Figures: a metric answered for a period, as known at a moment, in a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from obhvat.indicators.thresholds import rules_of
from obhvat.language import _
from obhvat.metrics.doubled import NOTHING_DOUBLED, doubled_in
from obhvat.metrics.metric import Metric, all_metrics, metric
from obhvat.metrics.rows import counts_of
from obhvat.people.keeping import is_forgotten
from obhvat.periods import Period, last_of, month_label, month_period
from obhvat.scope import Count, Scope, Window, inside
from obhvat.scope.days import case_register_days, cases_day, checks_day
from obhvat.store import Store
from obhvat.texts import day as day_text
from obhvat.texts import listed

_LISTED = 3
Numbers = Mapping[str, tuple[float | None, float | None, float | None]]
"""Place → n, d and value of a figure there; None where they are not known."""


@dataclass(frozen=True)
class Figure:
    """An answer. `counts` are those inside the scope; everything else is computed from them, once.

    `value` is None when nobody in the scope has sent data: not zero. Figures are shared between sessions: do not change
    their frames.
    """

    metric: Metric
    """With the threshold that was used."""
    period: Period
    scope: Scope
    counts: tuple[Count, ...]
    """Of every place, for monthly metrics in all months of the period, in their order."""
    asked_day: date | None = None
    """The day that was asked for; None for the default."""
    day: date | None = None
    """The day that how things stand is told for; None for what happened, and for a month."""
    registers: tuple[date, ...] = ()
    """Of cases: the days that the newest registers of the municipalities are as of."""
    thresholds_version: int | None = None
    """The version of the store's thresholds it was counted by; None for a metric without a threshold."""
    known_months: tuple[date, ...] = ()
    """The months of the period that anybody in the oblast sent, in order, for monthly metrics."""
    doubled: pd.DataFrame = field(default_factory=lambda: NOTHING_DOUBLED)
    """The files inside the scope whose hours may stand twice in it: the columns of `doubled_files`."""

    @property
    def month(self) -> date | None:
        """For last_month metrics, the month that is counted: of every place the newest that the oblast knows of."""
        return self.known_months[-1] if self.known_months and self.metric.period == "last_month" else None

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The counts: columns municipality, school, n, d, reports; of monthly metrics also month."""
        rows = _frame(self.counts)
        return rows.astype({"month": "datetime64[us]"}) if self.metric.monthly else rows.drop(columns="month")

    @cached_property
    def counted(self) -> pd.DataFrame:
        """One row a municipality and school: n, d, reports. Sums of it are the figure; its parts always foot."""
        return _frame(self.of_places).drop(columns="month")

    @cached_property
    def of_places(self) -> Sequence[Count]:
        """A count a municipality and school: sums of them are the figure."""
        if self.metric.period == "last_month":
            # Without data, who could have sent some is still known.
            month = self.month or max((count.month for count in self.counts if count.month), default=None)
            return [count for count in self.counts if count.month == month]
        if self.metric.period == "all_months":
            # Hours are added over the months, pupils are not: a list of 20 in five months is 20 pupils.
            of_places: dict[tuple[str, str], Count] = {}
            for count in self.counts:
                place = count.municipality, count.school
                so_far = of_places.get(place, count._replace(n=None))
                n = so_far.n if count.n is None else (so_far.n or 0) + count.n
                d = count.d if so_far.d is None else so_far.d
                of_places[place] = Count(*place, n, d, so_far.reports or count.reports)
            return [*of_places.values()]
        return self.counts

    @property
    def homes(self) -> dict[str, str]:
        """School → its municipality."""
        return {count.school: count.municipality for count in self.of_places}

    @property
    def municipalities(self) -> set[str]:
        return {count.municipality for count in self.of_places}

    @cached_property
    def _reporting(self) -> Sequence[Count]:
        return [count for count in self.of_places if count.reports]

    @property
    def has_data(self) -> bool:
        return bool(self._reporting)

    @cached_property
    def n(self) -> float | None:
        return _sum(count.n for count in self._reporting) if self.has_data else None

    @cached_property
    def d(self) -> float | None:
        """The denominator, or None when a part of it is not known."""
        is_known = self.has_data and all(count.d is not None for count in self._reporting)
        return _sum(count.d for count in self._reporting) if is_known else None

    @cached_property
    def without_list(self) -> int:
        """How many institutions sent absences and no list of their children: while there are any, nobody knows d."""
        return sum(count.d is None for count in self._reporting) if self.metric.kind != "count" else 0

    @property
    def value(self) -> float | None:
        """n for counts; n for shares too, to be read „n of d“; n ÷ d for ratios, of the places whose d is known."""
        if self.metric.kind == "ratio":
            n, d = self.of_listed
            return n / d if d else None
        return self.n

    @cached_property
    def of_listed(self) -> tuple[float, float]:
        """n and d of the places whose d is known: what can be divided where some sent no list."""
        listed = [count for count in self._reporting if count.d is not None]
        return _sum(count.n for count in listed), _sum(count.d for count in listed)

    @property
    def share(self) -> float | None:
        """n ÷ d for shares."""
        return self.n / self.d if self.metric.kind == "share" and self.n is not None and self.d else None

    @cached_property
    def reporting(self) -> int:
        """From how many places it comes: institutions, or municipalities for registers. Of months together, those that
        sent all that were due."""
        if self.metric.period != "all_months":
            return self._number_of_places(self._reporting)
        lacking = {count.school for count in self._due if not count.reports}
        return len({count.school for count in self._due} - lacking)

    @cached_property
    def _due(self) -> Sequence[Count]:
        """The counts of months that were due: the institution was open, and somebody in the oblast sent the month."""
        return [count for count in self.counts if count.month in self.known_months]

    @property
    def months_sent(self) -> int | None:
        """Of months together: how many months of institutions it comes from."""
        return sum(count.reports for count in self._due) if self.metric.period == "all_months" else None

    @property
    def months_due(self) -> int | None:
        """Of months together: how many months of institutions were due."""
        return len(self._due) if self.metric.period == "all_months" else None

    @cached_property
    def places(self) -> int:
        """How many places there are in the scope."""
        return self._number_of_places(self.of_places)

    def _number_of_places(self, counts: Iterable[Count]) -> int:
        # What nobody can place is counted, but is no place.
        return len({getattr(count, self.metric.place) for count in counts} - {""})

    @property
    def place_noun(self) -> str:
        return self.metric.place_noun

    def by(self, place: str) -> pd.DataFrame:
        """Parts that add up to the figure: columns `place`, n, d, reports, value.

        A place without data has null n, not 0.
        """
        return self._by_school if place == "school" else self._by_municipality

    @cached_property
    def _by_municipality(self) -> pd.DataFrame:
        return self._table("municipality")

    @cached_property
    def _by_school(self) -> pd.DataFrame:
        return self._table("school")

    def _table(self, place: str) -> pd.DataFrame:
        parts = self.numbers(place)
        numbers = np.array([*parts.values()], float).reshape(-1, 3).T
        # Who has sent nothing has no n, and who has, has one.
        about = {place: [*parts], "reports": ~np.isnan(numbers[0])}
        return pd.DataFrame({**about, **dict(zip(("n", "d", "value"), numbers, strict=True))})

    def numbers(self, place: str) -> Numbers:
        """n, d and the value of each municipality or school, in the order of their names."""
        return self._numbers_of_schools if place == "school" else self._numbers_of_municipalities

    @cached_property
    def _numbers_of_municipalities(self) -> Numbers:
        return {name: (part.n, part.d, part.value) for name, part in self._of_municipalities.items()}

    @cached_property
    def _numbers_of_schools(self) -> Numbers:
        return {name: (part.n, part.d, part.value) for name, part in self.parts("school").items()}

    def parts(self, place: str) -> dict[str, Figure]:
        """The figure of each municipality or school, in the order of their names."""
        # Those of schools are not kept: a country has thousands.
        return self._of("school") if place == "school" else {**self._of_municipalities}

    @cached_property
    def _of_municipalities(self) -> dict[str, Figure]:
        return self._of("municipality")

    def _of(self, place: str) -> dict[str, Figure]:
        of_places: dict[str, list[Count]] = {getattr(count, place): [] for count in self.of_places}
        for count in self.counts:
            of_places.get(getattr(count, place), []).append(count)
        return {
            name: replace(self, scope=replace(self.scope, **{place: name}), counts=tuple(counts))
            for name, counts in sorted(of_places.items())
        }

    def in_month(self, month: date) -> Figure:
        """A monthly figure of one of its months; `doubled` are still those of all."""
        counts = tuple(count for count in self.counts if count.month == month)
        known_months = (month,) if month in self.known_months else ()
        return replace(self, period=month_period(month), counts=counts, known_months=known_months)

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """A monthly figure by month: columns month, n, d, reporting, places; months without data have null n."""
        rows = []
        for month in dict.fromkeys(count.month for count in self.counts):
            here = [count for count in self.counts if count.month == month]
            sent = [count for count in here if count.reports]
            counted = [count for count in sent if self.metric.kind != "ratio" or count.d is not None]
            n = _sum(count.n for count in counted) if counted else None
            d = _sum(count.d for count in counted) if any(count.d is not None for count in counted) else None
            rows.append((month, n, d, *(len({count.school for count in of}) for of in (sent, here))))
        months = pd.DataFrame(rows, columns=["month", "n", "d", "reporting", "places"])
        return months.astype({"month": "datetime64[us]", "n": "float", "d": "float"})

    @property
    def period_words(self) -> str:
        """What it is for, in words: the period, or the month that was counted."""
        return month_label(self.month) if self.month else self.period.label

    @property
    def since(self) -> str:
        """How it is named when another figure is compared with it: „I срок 2022/23“, „януари 2023 г.“."""
        if self.month:
            return month_label(self.month)
        is_cut = self.asked_day and self.asked_day < self.period.last
        return (
            _("{short} до {asked_day:%d.%m}").format(short=self.period.short, asked_day=self.asked_day)
            if is_cut
            else self.period.short
        )

    @property
    def day_words(self) -> str:
        """„по регистър от 13.03.2024 г., към 31.01.2024 г.“; empty for what is not told for a day."""
        if self.day is None:
            return ""
        days = [day_text(register) for register in self.registers]
        if not days or days == [day_text(self.day)]:
            return _("{part}към {day_text}").format(part=_("по регистър ") if days else "", day_text=day_text(self.day))
        many = days if len(days) <= _LISTED else [f"{days[0]} – {days[-1]}"]
        return _("{part} от {many}, към {day_text}").format(
            part=_("по регистър") if len(days) == 1 else _("по регистри"),
            many=listed(many),
            day_text=day_text(self.day),
        )


def _sum(values: Iterable[float | None]) -> float:
    total = sum(value or 0 for value in values)
    return int(total) if float(total).is_integer() else total


def _frame(counts: Iterable[Count]) -> pd.DataFrame:
    frame = pd.DataFrame(counts, columns=list(Count._fields))
    # A column of nothing but None would be one of objects.
    return frame.astype(
        {column: "float" for column in ("n", "d") if frame[column].dtype == object} | {"reports": "bool"}
    )


def figure(
    store: Store, metric_id: str, period: Period, scope: Scope = Scope(), day: date | None = None, **asked: Any
) -> Figure:
    """Answer a metric. With a `day`, how things stand is told for it, also when it is after the period's end, and of
    what happens only what had by then counts: events, and months that had ended. `asked` are other parameters than the
    declared ones: figure(store, "cases_quiet", period, days=30).

    Raises UnknownName for a metric that does not exist.
    """
    wanted, version = metric(metric_id).asked(**asked), None
    if wanted.rule:
        used = rules_of(store, scope.moment)
        wanted, version = wanted.with_rule(used[wanted.rule.id]), used.version
    return _answer(store, wanted, version, period, scope, day=day)


def _told_for(store: Store, wanted: Metric, window: Window) -> tuple[date | None, tuple[date, ...]]:
    """The day that how things stand is told for, and the registers of cases it is told from."""
    if wanted.period == "register":
        day = cases_day(store, window.period, window.known_at, window.day)
        return day, case_register_days(store, window.known_at)
    if wanted.stock and not wanted.monthly:
        return window.day or checks_day(store, window.last, window.known_at), ()
    return None, ()


def metrics_in_use(store: Store, known_at: datetime | None = None) -> tuple[Metric, ...]:
    """Every metric, in the order they are declared, with the thresholds of the store at a moment."""
    used = rules_of(store, known_at)
    return tuple(m.with_rule(used[m.rule.id]) if m.rule else m for m in all_metrics())


def _answer(
    store: Store,
    wanted: Metric,
    version: int | None,
    period: Period,
    scope: Scope,
    months: Sequence[date] | None = None,
    day: date | None = None,
) -> Figure:
    """The kept figure, or a new one; of a narrower scope than the oblast from the counts of the oblast's."""
    window = Window(period, scope.moment, day, tuple(months) if months else None)

    def of_oblast() -> Figure:
        counts = counts_of(store, wanted, window)
        if is_forgotten(store, period, day):
            # What is left of the year is no figure of it: not zero, but no data.
            counts = [count._replace(n=None, d=None, reports=False) for count in counts]
        if wanted.monthly:
            ended = {month for month in window.months if last_of(month) <= window.last}
            counts = [count for count in counts if count.month in ended]
        # The engine promises no order; what is listed must not change between two looks.
        counts = tuple(sorted(counts, key=lambda count: (count.month or date.min, count.municipality, count.school)))
        known = dict.fromkeys(count.month for count in counts if count.month and count.reports)
        doubled = doubled_in(store, wanted, window, tuple(known))
        told_for = _told_for(store, wanted, window)
        return Figure(wanted, period, scope.of_oblast, counts, day, *told_for, version, tuple(known), doubled)

    def of_place() -> Figure:
        counts = tuple(
            count
            for count in whole.counts
            if not scope.municipality or count.municipality == scope.municipality
            if not scope.school or count.school == scope.school
        )
        doubled = whole.doubled if whole.doubled.empty else inside(whole.doubled, scope)
        return replace(whole, scope=scope, counts=counts, doubled=doubled)

    about = ("figure", wanted.id, repr(sorted(wanted.parameters.items())), version, period, day, window.months)
    whole = store.kept_of_data(about, window.known_at, of_oblast)
    return (
        store.kept_of_data((*about, scope.place), window.known_at, of_place)
        if scope.municipality or scope.school
        else whole
    )


def year_before(store: Store, now: Figure) -> Figure:
    """The same figure a year earlier, counted over as much of the year: the same months for monthly figures, up
    to the same day for a period that is not over yet; by the same threshold."""
    period = now.period.year_before
    today = now.scope.moment.date()
    asked = now.asked_day or (today if today < now.period.last else None)
    day = asked - timedelta(days=365) if asked else None
    months = None
    if now.metric.monthly and now.has_data:
        counted = [now.month] if now.month else [count.month for count in now.counts if count.reports]
        numbers = {month.month for month in counted if month}
        months = [m for m in period.months if m.month in numbers]
        day = None
    return _answer(store, now.metric, now.thresholds_version, period, now.scope, months, day)


def series(found: Figure) -> pd.DataFrame:
    """A monthly figure by month: columns month, n, d, reporting, places; months without data have null n."""
    return found.by_month
