"""What a metric is: its words, its unit and the query behind it, from metrics.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal

from obhvat.errors import UnknownName
from obhvat.indicators import Rule, rule
from obhvat.resources import read_sql, read_toml

Kind = Literal["count", "share", "ratio"]
PeriodRule = Literal["register", "events", "last_month", "all_months"]


@dataclass(frozen=True)
class Metric:
    """One figure. `unit` is a noun of obhvat.texts; `parameters` go to its query with the period and the moment."""

    id: str
    name: str
    definition: str
    unit: str
    kind: Kind
    period: PeriodRule
    numerator: str
    source: str
    sql: str
    denominator: str = ""
    children: bool = False
    breaks_on: date | None = None
    """Periods on the two sides of this day are not comparable: the rule changed."""
    rule: Rule | None = None
    """The threshold it counts by: the declared one, or in a figure the one the store used."""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def monthly(self) -> bool:
        return self.period in ("last_month", "all_months")

    @property
    def rule_words(self) -> str:
        """The threshold in words, „≥ 5 часа“; empty without one."""
        return self.rule.words if self.rule else ""

    def with_rule(self, used: Rule) -> Metric:
        """The metric counting by another threshold."""
        bound = {"unit": used.unit, "threshold": used.value, "inclusive": used.inclusive}
        return replace(self, rule=used, parameters={**self.parameters, **bound})

    @cached_property
    def query(self) -> str:
        """The query: columns municipality, school, n, d, reports, and month for monthly metrics."""
        return read_sql(f"metrics/sql/{self.sql}.sql")


@cache
def _declared() -> dict[str, Metric]:
    found = {}
    for metric_id, declared in read_toml("metrics/metrics.toml").items():
        words = dict(declared)
        parameters = words.pop("with", {})
        about = words.pop("rule", None)
        one = Metric(id=metric_id, parameters=parameters, **words)
        found[metric_id] = one.with_rule(rule(about)) if about else one
    return found


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the order they are declared, with the declared thresholds."""
    return tuple(_declared().values())


def metric(metric_id: str) -> Metric:
    """A metric by id, with its declared threshold. Raises UnknownName."""
    try:
        return _declared()[metric_id]
    except KeyError:
        known = ", ".join(_declared())
        raise UnknownName(f"Няма показател „{metric_id}“. Познати: {known}.") from None
