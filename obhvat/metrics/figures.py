"""Figures: a metric answered for a period, as known at a moment, in a scope."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

import pandas as pd

from obhvat.errors import UnknownName
from obhvat.indicators.thresholds import rules_of
from obhvat.metrics.metric import Metric, all_metrics, metric
from obhvat.periods import Period, month_label, next_month, term_of
from obhvat.resources import read_sql
from obhvat.store import Store

_PARAMETER = re.compile(r"\$(\w+)")

# The parts of the reconciliation, in the order they are read aloud. Their sum is cases_total.
CASE_PARTS = (
    "cases_returned",
    "cases_other_oblast",
    "cases_abroad",
    "cases_not_found",
    "cases_refused",
    "cases_other",
    "cases_in_work",
)


@dataclass(frozen=True)
class Scope:
    """What a figure is for: the oblast, a municipality or a school; and as known at which moment."""

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


@dataclass(frozen=True)
class Figure:
    """An answer. `rows` are the query's rows inside the scope; everything else is computed from them.

    `value` is None when nobody in the scope has sent data: not zero.
    """

    metric: Metric
    """With the threshold that was used."""
    period: Period
    scope: Scope
    rows: pd.DataFrame
    """Columns municipality, school, n, d, reports; monthly metrics also month. All months of the period."""
    until: date | None = None
    """The last day that was counted, when that is before the period's end."""
    thresholds_version: int | None = None
    """The version of the store's thresholds it was counted by; None for a metric without a threshold."""

    @cached_property
    def month(self) -> date | None:
        """For last_month metrics, the month that is counted."""
        if self.metric.period != "last_month":
            return None
        months = self.rows.loc[self.rows["reports"], "month"]
        return None if months.empty else months.max().date()

    @cached_property
    def counted(self) -> pd.DataFrame:
        """One row a municipality and school: n, d, reports. Sums of it are the figure; its parts always foot."""
        rows = self.rows
        if self.metric.period == "last_month":
            rows = rows[rows["month"] == pd.Timestamp(self.month)] if self.month else rows.iloc[:0]
        if self.metric.period == "all_months":
            # Hours are added over the months, pupils are not: a list of 20 in five months is 20 pupils.
            rows = rows.groupby(["municipality", "school"], as_index=False).agg(
                n=("n", lambda n: n.sum(min_count=1)), d=("d", "first"), reports=("reports", "any")
            )
        return rows[["municipality", "school", "n", "d", "reports"]]

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
        known = self._reporting["d"]
        return _sum(known) if self.has_data and known.notna().all() else None

    @property
    def value(self) -> float | None:
        """n for counts; n for shares too, to be read „n of d“; n ÷ d for ratios."""
        if self.metric.kind == "ratio":
            return self.n / self.d if self.n is not None and self.d else None
        return self.n

    @property
    def share(self) -> float | None:
        """n ÷ d for shares."""
        return self.n / self.d if self.metric.kind == "share" and self.n is not None and self.d else None

    @cached_property
    def reporting(self) -> int:
        """From how many places it comes: institutions, or municipalities for registers."""
        return int(self._reporting[self._place].nunique())

    @cached_property
    def places(self) -> int:
        """How many places there are in the scope."""
        return int(self.counted[self._place].nunique())

    @property
    def place_noun(self) -> str:
        if self._place == "municipality":
            return "община"
        return "детска градина" if "kindergarten" in self.metric.id or self.metric.unit == "дете" else "училище"

    @property
    def _place(self) -> str:
        return "municipality" if self.metric.sql in ("cases", "actions", "rounds") else "school"

    def by(self, place: str) -> pd.DataFrame:
        """Parts that add up to the figure: columns `place` (municipality or school), n, d, reports, value.

        A place without data has null n, not 0.
        """
        grouped = self.counted.groupby(place, as_index=False)
        parts = grouped.agg(reports=("reports", "any"))
        sums = self._reporting.groupby(place, as_index=False).agg(
            n=("n", "sum"), d=("d", lambda d: d.sum(min_count=len(d)))
        )
        parts = parts.merge(sums, on=place, how="left")
        parts["value"] = parts["n"].astype("float")
        if self.metric.kind == "ratio":
            parts["value"] = parts["n"].astype("float") / parts["d"].astype("float")
        return parts

    @property
    def period_words(self) -> str:
        """What it is for, in words: the period, or the month that was counted."""
        return month_label(self.month) if self.month else self.period.label

    @property
    def since(self) -> str:
        """How it is named when another figure is compared with it: „I срок 2022/23“, „януари 2023 г.“."""
        if self.month:
            return month_label(self.month)
        return f"{self.period.short} до {self.until:%d.%m}" if self.until else self.period.short


def _sum(values: pd.Series) -> float:
    total = values.sum()
    return int(total) if float(total).is_integer() else float(total)


@cache
def _wanted(sql: str) -> frozenset[str]:
    return frozenset(_PARAMETER.findall(sql))


def _ask(store: Store, sql: str, known: dict[str, Any]) -> pd.DataFrame:
    """Run a query with those of the known parameters that it names; the same question about the same data is answered
    from memory. The frame is shared: do not change it."""
    asked = {name: known[name] for name in _wanted(sql)}
    about = {name: value for name, value in asked.items() if name != "known_at"}
    return store.kept((sql, repr(sorted(about.items()))), known["known_at"], lambda: store.read(sql, asked))


def _window(
    period: Period, scope: Scope, months: Sequence[date] | None = None, until: date | None = None
) -> dict[str, Any]:
    months = period.months if months is None else months
    return {
        "known_at": scope.moment,
        "first": period.first,
        "last": min(period.last, until or scope.moment.date()),
        "months": list(months),
        "first_month": months[0],
        "last_month": months[-1],
    }


def institutions(store: Store, period: Period, scope: Scope) -> pd.DataFrame:
    """Institutions open at some time in the period: code, name, municipality, settlement, kind, level, opened_on,
    closed_on (the day from which it is closed)."""
    found = _ask(store, read_sql("metrics/sql/institutions.sql"), _window(period, scope))
    return _inside(found, scope, "code").sort_values(["municipality", "name"], ignore_index=True)


def oblast_name(store: Store, known_at: datetime | None = None) -> str | None:
    """The oblast of the register, or None when there is no register or it does not say."""
    found = store.rows(
        """
        select any_value(schools.oblast)
        from schools
        join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
        """,
        {"known_at": known_at or datetime.now()},
    )
    return found[0][0]


def _inside(rows: pd.DataFrame, scope: Scope, school_column: str = "school") -> pd.DataFrame:
    if scope.municipality:
        rows = rows[rows["municipality"] == scope.municipality]
    if scope.school:
        rows = rows[rows[school_column] == scope.school]
    return rows


def check_scope(store: Store, period: Period, scope: Scope) -> None:
    """Raises UnknownName for a municipality or a school that is not in the register."""
    known = institutions(store, period, Scope(known_at=scope.known_at))
    if scope.municipality and scope.municipality not in set(known["municipality"]):
        names = ", ".join(sorted(known["municipality"].unique())) or "няма зареден регистър"
        raise UnknownName(f"Няма община „{scope.municipality}“ в регистъра. Познати: {names}.")
    if scope.school and scope.school not in set(known["code"]):
        raise UnknownName(f"Няма институция с код „{scope.school}“ в регистъра.")


def figure(store: Store, metric_id: str, period: Period, scope: Scope = Scope(), until: date | None = None) -> Figure:
    """Answer a metric. With `until`, only what had happened by that day counts: events, and months that had ended.

    Raises UnknownName for a metric that does not exist.
    """
    wanted, version = metric(metric_id), None
    if wanted.rule:
        used = rules_of(store, scope.moment)
        wanted, version = wanted.with_rule(used[wanted.rule.id]), used.version
    found = _answer(store, wanted, version, period, scope, until=until)
    if until and wanted.monthly:
        ended = [pd.Timestamp(month) for month in period.months if next_month(month) <= until]
        found = replace(found, rows=found.rows[found.rows["month"].isin(ended)])
    return found


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
    until: date | None = None,
) -> Figure:
    institutions = read_sql("metrics/sql/institutions.sql")
    sql = f"with institutions as ({institutions}) select * from ({wanted.query}) as figures"
    rows = _ask(store, sql, {**_window(period, scope, months, until), **wanted.parameters})
    # The engine promises no order; what is listed must not change between two looks.
    order = [c for c in ("month", "municipality", "school") if c in rows]
    rows = _inside(rows, scope).sort_values(order, ignore_index=True)
    return Figure(wanted, period, scope, rows, until, version)


def year_before(store: Store, found: Figure) -> Figure:
    """The same figure a year earlier, counted over as much of the year: the same months for monthly figures, up
    to the same day for a period that is not over yet; by the same threshold."""
    period = found.period.year_before
    today = found.scope.moment.date()
    until = None if today >= found.period.last else today - timedelta(days=365)
    months = None
    if found.metric.monthly and found.has_data:
        counted = {found.month} if found.month else {m.date() for m in found.rows.loc[found.rows["reports"], "month"]}
        numbers = {m.month for m in counted}
        months = [m for m in period.months if m.month in numbers]
        until = None
    return _answer(store, found.metric, found.thresholds_version, period, found.scope, months, until)


def series(found: Figure) -> pd.DataFrame:
    """A monthly figure by month: columns month, n, d, reporting, places; months without data have null n."""
    rows = found.rows
    reporting = rows[rows["reports"]]
    by_month = rows.groupby("month").agg(places=("school", "nunique"))
    by_month["n"] = reporting.groupby("month")["n"].sum()
    by_month["d"] = reporting.groupby("month")["d"].sum(min_count=1)
    by_month["reporting"] = reporting.groupby("month")["school"].nunique()
    by_month["reporting"] = by_month["reporting"].fillna(0).astype(int)
    return by_month.reset_index()[["month", "n", "d", "reporting", "places"]]


@dataclass(frozen=True)
class Reconciliation:
    """How the cases of a period add up. `difference` is what the parts leave unexplained; it is shown, not hidden."""

    total: Figure
    parts: tuple[Figure, ...]

    @property
    def difference(self) -> int:
        return int((self.total.n or 0) - sum(part.n or 0 for part in self.parts))


def reconciliation(store: Store, period: Period, scope: Scope = Scope()) -> Reconciliation:
    """The total of cases and its parts, each a figure of its own."""
    return Reconciliation(
        figure(store, "cases_total", period, scope),
        tuple(figure(store, part, period, scope) for part in CASE_PARTS),
    )


def default_period(store: Store, known_at: datetime | None = None) -> Period | None:
    """The term of the newest data: absences, else checks, else cases; None for an empty store."""
    found = store.rows(
        """
        select coalesce(
            (select max(period) from live_slices('absences', $known_at)),
            (select max(period) from live_slices('submissions', $known_at)),
            (select max(period) from live_slices('inspections', $known_at)),
            (select max(period) from live_slices('cases', $known_at))
        )
        """,
        {"known_at": known_at or datetime.now()},
    )[0][0]
    if found is None:
        return None
    # A month of absences belongs whole to its term, also February, which begins in the first.
    return term_of(found if found.month != 2 else found.replace(day=15))


def answer_as_json(store: Store, metric_id: str, period: Period | None, scope: Scope) -> dict[str, Any]:
    """A figure with its n, N, definition and what it is for, ready to be printed.

    Without a period, the term of the newest data. Raises UnknownName.
    """
    metric(metric_id)  # An unknown name is said before anything is asked of the data.
    period = period or default_period(store, scope.known_at)
    if period is None:
        raise UnknownName(
            "В базата още няма отсъствия, случаи или проверки, от които да се смята. Качете ги и опитайте отново."
        )
    check_scope(store, period, scope)
    found = figure(store, metric_id, period, scope)
    before, wanted = year_before(store, found), found.metric
    return {
        "metric": wanted.id,
        "name": wanted.name,
        "definition": wanted.definition,
        "unit": wanted.unit,
        "kind": wanted.kind,
        "numerator": wanted.numerator,
        "denominator": wanted.denominator or None,
        "source": wanted.source,
        "threshold": wanted.rule.words if wanted.rule else None,
        "thresholds_version": found.thresholds_version,
        "period": period.key,
        "period_label": found.period_words,
        "as_of": scope.moment.isoformat(timespec="seconds"),
        "municipality": scope.municipality,
        "school": scope.school,
        "value": found.value,
        "n": found.n,
        "N": found.d,
        "share": found.share,
        "reporting": found.reporting,
        "places": found.places,
        "previous_period": period.year_before.key,
        "previous_value": before.value,
    }
