"""What a metric is: its words, its unit, its grain and where its rows come from, as metrics.toml declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from obhvat.errors import UnknownName
from obhvat.indicators import Rule, rule
from obhvat.language import N_, _, by_language, declared
from obhvat.metrics.kinds import KINDS
from obhvat.resources import read_sql
from obhvat.texts import counted, listed

Kind = Literal["count", "share", "ratio"]
PeriodRule = Literal["register", "events", "last_month", "all_months"]
Grain = Literal["school", "kindergarten", "municipality"]
Outside = Literal["places", "oblast", "nothing"]

MONTHS: Mapping[Grain, str] = {"school": N_("училищен месец"), "kindergarten": N_("месец на детска градина")}
"""What a figure of months together comes from: grain → a noun of obhvat.texts."""
PLACES: Mapping[Grain, str] = {
    "school": N_("училище"),
    "kindergarten": N_("детска градина"),
    "municipality": N_("община"),
}
"""What sends the data of a figure: grain → a noun of obhvat.texts."""


@dataclass(frozen=True)
class Metric:
    """One figure. `unit` is a noun of obhvat.texts; `parameters` go to its query or function."""

    id: str
    name: str
    definition: str
    unit: str
    kind: Kind
    period: PeriodRule
    grain: Grain
    numerator: str
    source: str
    section: str
    """The part of the help page, and for `reported` metrics of the report, in which it stands."""
    sql: str = ""
    """A query of metrics/sql, or else:"""
    function: str = ""
    """A function of obhvat.metrics.rows.FUNCTIONS."""
    stock: bool = False
    """Whether it is how things stand on a day; else a flow: what happened over a period."""
    denominator: str = ""
    children: bool = False
    outside: Outside = "places"
    """What members see of it at most."""
    press: bool = True
    """Whether the press may be told its number by itself, of the oblast."""
    reported: bool = False
    """Whether it stands in the report to the ministry."""
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
        """The threshold in words, „5 и повече часа“; empty without one."""
        return self.rule.words if self.rule else ""

    @property
    def unexcused_words(self) -> str:
        """The same of hours or days without an excuse: „5 и повече неизвинени часа“, „поне 1 неизвинен час“."""
        *amount, unit = self.rule_words.split(" ")
        return " ".join([*amount, _("неизвинен") if unit in (_("час"), _("ден")) else _("неизвинени"), unit])

    @property
    def place(self) -> Literal["municipality", "school"]:
        """The column of its rows that says who sends its data."""
        return "municipality" if self.grain == "municipality" else "school"

    @property
    def place_noun(self) -> str:
        return PLACES[self.grain]

    @property
    def counts_absences(self) -> bool:
        """Whether it is counted from the hours or days of the monthly files."""
        return self.sql == "absence_hours" or (self.rule is not None and self.rule.reads == "absences")

    @property
    def sent_noun(self) -> str:
        """What its data comes from, a noun of obhvat.texts: places, or of months together their months."""
        return MONTHS[self.grain] if self.period == "all_months" else PLACES[self.grain]

    def is_told_outside(self, *, below_oblast: bool = False) -> bool:
        """Whether members may be told of it at all; where they may, small numbers are hidden besides."""
        return self.outside == "places" or (self.outside == "oblast" and not below_oblast)

    def with_rule(self, used: Rule) -> Metric:
        """The metric counting by another threshold."""
        return replace(self, rule=used, parameters={**self.parameters, "rule": used})

    def asked(self, **parameters: Any) -> Metric:
        """The metric counting by other parameters than are declared, and saying so: „Без действие 30 дни“."""
        if not parameters:
            return self
        return replace(self, parameters={**self.parameters, **parameters}, **_words(self.id, parameters))

    @property
    def query(self) -> str:
        """Its query, with the columns of a Count in their order."""
        return read_sql(f"metrics/sql/{self.sql}.sql")


def _words(metric_id: str, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Its name and definition with its parameters in them."""
    template = _templates()[metric_id]
    said = {**template.get("with", {}), **parameters}
    if "days" in said:
        said["time"] = counted(int(said["days"]), "ден")
    return {name: template[name].format(**said) for name in ("name", "definition", "numerator")}


@by_language
def _templates() -> dict[str, dict[str, Any]]:
    """Metric id → what is declared of it. What is declared for `each` of a kind is a metric for each."""
    templates: dict[str, dict[str, Any]] = {}
    for metric_id, metric_words in declared("metrics/metrics.toml").items():
        if "each" not in metric_words:
            templates[metric_id] = metric_words
            continue
        words = {name: value for name, value in metric_words.items() if name != "each"}
        for code, about in KINDS[metric_words["each"]]().items():
            own = {name: _filled(value, {"code": code, **about}) for name, value in words.items()}
            templates[f"{metric_id}_{code}"] = own
    return templates


def _filled(value: Any, about: Mapping[str, str]) -> Any:
    """A declared value with „<name>“ in its texts replaced."""
    if isinstance(value, str):
        for name, words in about.items():
            value = value.replace(f"<{name}>", words)
        return value
    if isinstance(value, list):
        return [_filled(one, about) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one, about) for name, one in value.items()}
    return value


@by_language
def _declared() -> dict[str, Metric]:
    metrics = {}
    for metric_id, template in _templates().items():
        about: dict[str, Any] = {name: value for name, value in template.items() if name not in ("with", "rule")}
        about |= _words(metric_id, {})
        own = Metric(id=metric_id, parameters=template.get("with", {}), **about)
        metrics[metric_id] = own.with_rule(rule(template["rule"])) if "rule" in template else own
    return metrics


def all_metrics() -> tuple[Metric, ...]:
    """Every metric, in the order they are declared, with the declared thresholds."""
    return tuple(_declared().values())


def metric(metric_id: str) -> Metric:
    """A metric by id, with its declared threshold. Raises UnknownName."""
    try:
        return _declared()[metric_id]
    except KeyError:
        # Asking needs none of it.
        from rapidfuzz import process

        near = process.extract(metric_id, {m.id: f"{m.id} {m.name}" for m in all_metrics()}, limit=3)
        names = listed((f"{near_id} ({_declared()[near_id].name})" for *_unused, near_id in near), _("или"))
        raise UnknownName(
            _("Няма показател „{metric_id}“. Най-близки: {names}. Всички: „obhvat figure“ без име.").format(
                metric_id=metric_id, names=names
            )
        ) from None
