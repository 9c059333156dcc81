"""What a metric is: its words, its unit and the query behind it, from metrics.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from obhvat.errors import UnknownName
from obhvat.indicators import Rule, rule

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
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def monthly(self) -> bool:
        return self.period in ("last_month", "all_months")

    @property
    def rule_words(self) -> str:
        """The threshold in words, „≥ 5 часа“; empty without one."""
        return self.rule.words if self.rule else ""

    @cached_property
    def query(self) -> str:
        """The query: columns municipality, school, n, d, reports, and month for monthly metrics."""
        return _read(self.sql)


@cache
def _read(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text("utf-8")


@cache
def _declared() -> dict[str, Metric]:
    found = {}
    for metric_id, words in tomllib.loads((Path(__file__).parent / "metrics.toml").read_text("utf-8")).items():
        parameters = words.pop("with", {})
        about = rule(words.pop("rule")) if "rule" in words else None
        if about:
            parameters |= {"unit": about.unit, "threshold": about.value, "inclusive": about.inclusive}
        found[metric_id] = Metric(id=metric_id, rule=about, parameters=parameters, **words)
    return found


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the order they are declared."""
    return tuple(_declared().values())


def metric(metric_id: str) -> Metric:
    """A metric by id. Raises UnknownName."""
    try:
        return _declared()[metric_id]
    except KeyError:
        known = ", ".join(_declared())
        raise UnknownName(f"Няма показател „{metric_id}“. Познати: {known}.") from None
