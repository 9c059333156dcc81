"""Risk rules and their thresholds, each with its legal or published source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """A rule of risk. A value counts when `value operator threshold` holds, within one `period`, in one `unit`."""

    id: str
    name: str
    reads: str
    operator: Literal[">=", ">"]
    value: float
    unit: Literal["hours", "days"]
    period: Literal["month"]
    source: str
    sentence: str

    @property
    def inclusive(self) -> bool:
        """Whether a value exactly at the threshold counts."""
        return self.operator == ">="

    @property
    def words(self) -> str:
        """„5 и повече часа“, „повече от 3 дни“."""
        unit = "часа" if self.unit == "hours" else "дни"
        return f"{self.value:g} и повече {unit}" if self.inclusive else f"повече от {self.value:g} {unit}"


@cache
def rule(rule_id: str) -> Rule:
    """A rule by its id. Raises KeyError."""
    declared = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
    return Rule(id=rule_id, **declared[rule_id])
