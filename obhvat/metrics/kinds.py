"""What a metric is declared for each of: code → words that stand in its texts. A new kind needs no new metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from obhvat.cases.durations import NAMES as DURATIONS
from obhvat.cases.reasons import REASONS
from obhvat.cases.stayed import DAYS, OUTCOMES
from obhvat.cases.terms import OWNERS, rungs
from obhvat.cases.work import UNITS
from obhvat.datasets import dataset
from obhvat.indicators import default_rules
from obhvat.inspections.checks import KINDS as CHECK_KINDS
from obhvat.inspections.coverage import TIMES
from obhvat.inspections.findings import categories
from obhvat.inspections.next_visits import STATES as PLAN_STATES
from obhvat.inspections.repeats import WHY
from obhvat.language import N_, _

Words = Mapping[str, Mapping[str, str]]
NAMED_STEPS: Mapping[str, str] = MappingProxyType({"call": "calls", "meeting": "meetings", "visit": "visits"})
"""Kinds of steps whose metrics have names of their own: the report of 13.03.2024 counts them."""
PUBLIC_STEPS = ("study", *NAMED_STEPS, "police_check", "grao_check")
"""Work that is reported in public; how often a child was sent elsewhere or a parent fined is for inside."""


def _steps() -> Words:
    return {
        kind.code: {
            "name": _(kind.caption),
            "unit": UNITS[kind.code],
            "outside": "places" if kind.code in PUBLIC_STEPS else "nothing",
        }
        for kind in dataset("actions")["kind"].values
    }


def _other_steps() -> Words:
    return {code: words for code, words in _steps().items() if code not in NAMED_STEPS}


def _rules() -> Words:
    return {
        rule.id: {
            "name": rule.name,
            "unit": N_("дете") if rule.of_unit == "days" else N_("ученик"),
            "source": rule.source,
            "grain": "kindergarten" if rule.of_unit == "days" else "school",
        }
        for rule in default_rules()
    }


def _followed() -> Words:
    return {
        f"{outcome}_{days}": {"name": _(name), "outcome": outcome, "days": str(days)}
        for outcome, name in OUTCOMES.items()
        for days in DAYS
    }


def _reasons() -> Words:
    return {value.code: {"name": _(value.caption)} for value in REASONS}


KINDS: Mapping[str, Callable[[], Words]] = MappingProxyType(
    {
        "step": _steps,
        "other step": _other_steps,
        "rung": lambda: {code: {"name": _(name)} for code, name in rungs().items()},
        "owner": lambda: {code: {"name": _(name)} for code, name in OWNERS.items()},
        "followed": _followed,
        "duration": lambda: {code: {"name": _(name)} for code, name in DURATIONS.items()},
        "reason": _reasons,
        "rule": _rules,
        "check": lambda: {code: {"name": _(name)} for code, (name, _unused) in CHECK_KINDS.items()},
        "finding": lambda: {category.id: {"name": category.name} for category in categories()},
        "times": lambda: {code: {"name": _(name)} for code, name in TIMES.items()},
        "plan": lambda: {code: {"name": _(name)} for code, name in PLAN_STATES.items()},
        "repeat": lambda: {code: {"name": _(name)} for code, name in WHY.items()},
    }
)
