"""Figures: a metric answered for a period, as known at a moment, in a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from obhvat.indicators.thresholds import rules_of
from obhvat.metrics.doubled import doubled_in
from obhvat.metrics.metric import Metric, all_metrics, metric
from obhvat.metrics.rows import rows_of
from obhvat.periods import Period, last_of, month_label
from obhvat.scope import Scope, Window, inside
from obhvat.scope.days import case_register_days, cases_day, checks_day
from obhvat.store import Store
from obhvat.texts import day as day_text
from obhvat.texts import listed

_COLUMNS = ["municipality", "school", "n", "d", "reports"]
_LISTED = 3


@dataclass(frozen=True)
class Figure:
    """An answer. `rows` are the rows inside the scope; everything else is computed from them, once.

    `value` is None when nobody in the scope has sent data: not zero. Figures are shared between sessions: do not change
    their frames.
    """

    metric: Metric
    """With the threshold that was used."""
    period: Period
    scope: Scope
    rows: pd.DataFrame
    """Columns municipality, school, n, d, reports; monthly metrics also month. All months of the period."""
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
    doubled: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["municipality", "school"]))
    """The files inside the scope whose hours may stand twice in it: the columns of `doubled_files`."""

    @property
    def month(self) -> date | None:
        """For last_month metrics, the month that is counted: of every place the newest that the oblast knows of."""
        return self.known_months[-1] if self.known_months and self.metric.period == "last_month" else None

    @cached_property
    def counted(self) -> pd.DataFrame:
        """One row a municipality and school: n, d, reports. Sums of it are the figure; its parts always foot."""
        rows = self.rows
        if self.metric.period == "last_month":
            # Without data, who could have sent some is still known.
            rows = rows[rows["month"] == (pd.Timestamp(self.month) if self.month else rows["month"].max())]
        if self.metric.period == "all_months":
            # Hours are added over the months, pupils are not: a list of 20 in five months is 20 pupils.
            of_places = rows.groupby(["municipality", "school"])
            sums = {"n": of_places["n"].sum(min_count=1), "d": of_places["d"].first()}
            rows = pd.DataFrame({**sums, "reports": of_places["reports"].any()}).reset_index()
        return rows[_COLUMNS]

    @cached_property
    def _reporting(self) -> pd.DataFrame:
        return self.counted[self.counted["reports"]]

    @property
    def has_data(self) -> bool:
        return not self._reporting.empty

    @cached_property
    def n(self) -> float | None:
        return _sum(self._reporting["n"]) if self.has_data else None

    @cached_property
    def d(self) -> float | None:
        """The denominator, or None when a part of it is not known."""
        of = self._reporting["d"]
        return _sum(of) if self.has_data and of.notna().all() else None

    @cached_property
    def without_list(self) -> int:
        """How many institutions sent absences and no list of their children: while there are any, nobody knows d."""
        return int(self._reporting["d"].isna().sum()) if self.metric.kind != "count" else 0

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
        listed = self._reporting.dropna(subset="d")
        return _sum(listed["n"]), _sum(listed["d"])

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
        return int(self._due["reports"].groupby(self._due["school"]).all().sum())

    @cached_property
    def _due(self) -> pd.DataFrame:
        """The rows of months that were due: the institution was open, and somebody in the oblast sent the month."""
        return self.rows[self.rows["month"].isin([pd.Timestamp(month) for month in self.known_months])]

    @property
    def months_sent(self) -> int | None:
        """Of months together: how many months of institutions it comes from."""
        return int(self._due["reports"].sum()) if self.metric.period == "all_months" else None

    @property
    def months_due(self) -> int | None:
        """Of months together: how many months of institutions were due."""
        return len(self._due) if self.metric.period == "all_months" else None

    @cached_property
    def places(self) -> int:
        """How many places there are in the scope."""
        return self._number_of_places(self.counted)

    def _number_of_places(self, rows: pd.DataFrame) -> int:
        # What nobody can place is counted, but is no place.
        return len(set(rows[self.metric.place]) - {""})

    @property
    def place_noun(self) -> str:
        return self.metric.place_noun

    def by(self, place: str) -> pd.DataFrame:
        """Parts that add up to the figure: columns `place` (municipality or school), n, d, reports, value.

        A place without data has null n, not 0.
        """
        return self._by_school if place == "school" else self._by_municipality

    @cached_property
    def _by_municipality(self) -> pd.DataFrame:
        return self._parts("municipality")

    @cached_property
    def _by_school(self) -> pd.DataFrame:
        return self._parts("school")

    def _parts(self, place: str) -> pd.DataFrame:
        sent: dict[Any, tuple[float, float]] = {}
        divided: dict[Any, tuple[float, float]] = {}
        names = dict.fromkeys(self.counted[place].sort_values())
        for name, n, d in self._reporting[[place, "n", "d"]].itertuples(index=False, name=None):
            # A part of an unknown denominator makes the whole of it unknown; a ratio is of the others.
            before, n = sent.get(name, (0, 0)), 0 if pd.isna(n) else n
            sent[name] = (before[0] + n, before[1] + (float("nan") if pd.isna(d) else d))
            if pd.notna(d):
                before = divided.get(name, (0, 0))
                divided[name] = (before[0] + n, before[1] + d)
        rows = [(name, name in sent, *sent.get(name, (None, None))) for name in names]
        parts = pd.DataFrame(rows, columns=[place, "reports", "n", "d"]).astype({"n": "float", "d": "float"})
        parts["value"] = parts["n"]
        if self.metric.kind == "ratio":
            parts["value"] = [n / d if d else float("nan") for n, d in (divided.get(name, (0, 0)) for name in names)]
        return parts

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """A monthly figure by month: columns month, n, d, reporting, places; months without data have null n."""
        sent = self.rows[self.rows["reports"]]
        counted = (sent.dropna(subset="d") if self.metric.kind == "ratio" else sent).groupby("month")
        months = self.rows.groupby("month").agg(places=("school", "nunique"))
        months["n"] = counted["n"].sum()
        months["d"] = counted["d"].sum(min_count=1)
        months["reporting"] = sent.groupby("month")["school"].nunique()
        months["reporting"] = months["reporting"].fillna(0).astype(int)
        return months.reset_index()[["month", "n", "d", "reporting", "places"]]

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
        return f"{self.period.short} до {self.asked_day:%d.%m}" if is_cut else self.period.short

    @property
    def day_words(self) -> str:
        """„по регистър от 13.03.2024 г., към 31.01.2024 г.“; empty for what is not told for a day."""
        if self.day is None:
            return ""
        days = [day_text(register) for register in self.registers]
        if not days or days == [day_text(self.day)]:
            return f"{'по регистър ' if days else ''}към {day_text(self.day)}"
        many = days if len(days) <= _LISTED else [f"{days[0]} – {days[-1]}"]
        return f"{'по регистър' if len(days) == 1 else 'по регистри'} от {listed(many)}, към {day_text(self.day)}"


def _sum(values: pd.Series) -> float:
    total = values.sum()
    return int(total) if float(total).is_integer() else float(total)


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
    """The kept figure, or a new one; of a narrower scope than the oblast from the rows of the oblast's."""
    window = Window(period, scope.moment, day, tuple(months) if months else None)

    def of_oblast() -> Figure:
        # Without rows nothing says that it is a yes or a no.
        rows = rows_of(store, wanted, window).astype({"reports": "bool"})
        if wanted.monthly:
            ended = [pd.Timestamp(month) for month in window.months if last_of(month) <= window.last]
            rows = rows[rows["month"].isin(ended)]
        # The engine promises no order; what is listed must not change between two looks.
        keys = [*zip(*(rows[column] for column in ("month", "municipality", "school") if column in rows), strict=True)]
        rows = rows.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)
        known = rows.loc[rows["reports"], "month"].drop_duplicates() if wanted.monthly else ()
        months = tuple(month.date() for month in known)
        doubled = doubled_in(store, wanted, window, months)
        told_for = _told_for(store, wanted, window)
        return Figure(wanted, period, scope.of_oblast, rows, day, *told_for, version, months, doubled)

    def of_place() -> Figure:
        rows = inside(whole.rows, scope).reset_index(drop=True)
        return replace(whole, scope=scope, rows=rows, doubled=inside(whole.doubled, scope))

    about = ("figure", wanted.id, repr(sorted(wanted.parameters.items())), version, period, day, window.months)
    whole = store.kept(about, window.known_at, of_oblast)
    return store.kept((*about, scope.place), window.known_at, of_place) if scope.municipality or scope.school else whole


def year_before(store: Store, now: Figure) -> Figure:
    """The same figure a year earlier, counted over as much of the year: the same months for monthly figures, up
    to the same day for a period that is not over yet; by the same threshold."""
    period = now.period.year_before
    today = now.scope.moment.date()
    asked = now.asked_day or (today if today < now.period.last else None)
    day = asked - timedelta(days=365) if asked else None
    months = None
    if now.metric.monthly and now.has_data:
        counted = {now.month} if now.month else {m.date() for m in now.rows.loc[now.rows["reports"], "month"]}
        numbers = {m.month for m in counted}
        months = [m for m in period.months if m.month in numbers]
        day = None
    return _answer(store, now.metric, now.thresholds_version, period, now.scope, months, day)


def series(found: Figure) -> pd.DataFrame:
    """A monthly figure by month: columns month, n, d, reporting, places; months without data have null n."""
    return found.by_month
