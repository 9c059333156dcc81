"""Risk rules and their thresholds, each with its legal or published source."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from obhvat.language import N_, _, by_language, declared, is_english

Operator = Literal[">=", ">", "<"]
Unit = Literal["hours", "days", "percent", "subjects", "mark", "times", "years", "cases"]
PeriodOf = Literal["month", "three_months", "term", "year", "now", "ever"]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {">=": operator.ge, ">": operator.gt, "<": operator.lt}
# unit → after a number and after „поне 1“; `times` are yes or no and have no words.
_UNIT_WORDS = {
    "hours": (N_("часа"), N_("час")),
    "days": (N_("дни"), N_("ден")),
    "percent": ("%", "%"),
    "subjects": (N_("предмета"), N_("предмет")),
    "mark": ("", ""),
    "times": ("", ""),
    "years": (N_("години"), N_("година")),
    "cases": (N_("случая"), N_("случай")),
}


@dataclass(frozen=True)
class Rule:
    """A rule of risk. A pupil is flagged when `measure operator value` holds, within one `period`, in one `unit`."""

    id: str
    name: str
    short: str
    """A few words for a column's head."""
    reads: str
    """The dataset."""
    measure: str
    """The column of `measures` it compares."""
    operator: Operator
    value: float
    unit: Unit
    period: PeriodOf
    points: int
    """What it adds to a pupil's score."""
    source: str
    sentence: str
    on: bool = True

    @property
    def inclusive(self) -> bool:
        """Whether a value exactly at the threshold counts."""
        return self.operator == ">="

    @property
    def of_unit(self) -> Literal["hours", "days"] | None:
        """Whose absences it reads: pupils' in classes or children's in preschool groups; None for both."""
        if self.reads == "absences":
            return "days" if self.unit == "days" else "hours"
        return None

    @property
    def words(self) -> str:
        """„5 и повече часа“, „поне 1 случай“, „10 % и повече“, „повече от 3 дни“, „под 3,00“; empty for yes or no."""
        if self.unit == "times":
            return ""
        amount = f"{self.value:.2f}" if self.unit == "mark" else f"{self.value:g}"
        if not is_english():
            amount = amount.replace(".", ",")
        many, single = map(_, _UNIT_WORDS[self.unit])
        unit = single if self.value == 1 else many
        if self.operator == ">=" and unit == "%":
            return _("{amount} % и повече").format(amount=amount)
        if self.operator == ">=" and self.value == 1 and unit:
            return _("поне 1 {unit}").format(unit=unit)
        by_operator = {
            ">=": _("{amount} и повече {unit}").format(amount=amount, unit=unit),
            ">": _("повече от {amount} {unit}").format(amount=amount, unit=unit),
            "<": _("под {amount} {unit}").format(amount=amount, unit=unit),
        }
        return by_operator[self.operator].strip()

    def holds(self, measured: Any) -> Any:
        """Whether a measured value, or each of a column's, is over the threshold. A missing one is not."""
        return _COMPARE[self.operator](measured, self.value)


@by_language
def default_rules() -> tuple[Rule, ...]:
    """Every rule with its default threshold, in the order they are declared."""
    return tuple(Rule(id=rule_id, **words) for rule_id, words in declared("indicators/rules.toml").items())


def rule(rule_id: str) -> Rule:
    """A rule by its id, with its default threshold. Raises KeyError."""
    return {one.id: one for one in default_rules()}[rule_id]
