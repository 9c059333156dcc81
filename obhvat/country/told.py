"""One figure as a file tells it: the fields a line may have, and no other."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, get_args

from obhvat.metrics.metric import Kind
from obhvat.periods import parse_period

_METRIC, _DEFINITION = re.compile(r"[a-z0-9_]{1,80}"), re.compile(r"[0-9a-f]{16}")
_LONGEST = {"name": 200, "unit": 60, "threshold": 120, "text": 120, "why": 200}
_MOST = 10**9


@dataclass(frozen=True)
class Told:
    """A figure of the oblast as the press may be told it. Hidden (`why`), nobody has sent (neither value nor `why`) and
    zero are three different things."""

    metric: str
    name: str
    unit: str
    kind: str
    period: str
    """A month („2024-01“), or the term or school year from its beginning to that month's end („2023-I“, „2023“)."""
    day: str | None
    """The day that how things stand is told for, „2024-01-31“; None for what happened, and for a month."""
    definition: str
    """A hash of how it is counted: figures of two hashes are not of the same thing."""
    threshold: str
    text: str
    value: float | None
    n: float | None
    d: float | None
    """Of how many, for shares and ratios."""
    why: str
    """Why it is hidden; empty where it is not."""
    reporting: int
    """From how many schools or municipalities it comes,"""
    places: int
    """of how many."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_FIELDS = tuple(field.name for field in fields(Told))


def read_told(line: Any) -> Told:
    """A line of a file, read. Raises ValueError for one that has other fields, or something else in them."""
    if not isinstance(line, dict) or tuple(line) != _FIELDS:
        raise ValueError("fields")
    told = Told(**line)
    texts = (told.metric, told.kind, told.period, told.definition, *(getattr(told, name) for name in _LONGEST))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not a text")
    is_known = _METRIC.fullmatch(told.metric) and _DEFINITION.fullmatch(told.definition)
    is_short = all(len(getattr(told, name)) <= most for name, most in _LONGEST.items())
    is_printed = all(_is_printed(getattr(told, name)) for name in _LONGEST)
    if not is_known or told.kind not in get_args(Kind) or not is_short or not is_printed:
        raise ValueError("a text")
    if parse_period(told.period).key != told.period:
        raise ValueError("period")
    if told.day is not None:
        date.fromisoformat(told.day)
    for number in (told.value, told.n, told.d):
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if number is not None and not (is_number and math.isfinite(number) and 0 <= number <= _MOST):
            raise ValueError("a number")
    for count in (told.reporting, told.places):
        if type(count) is not int or not 0 <= count <= _MOST:
            raise ValueError("a count")
    if told.why and (told.value, told.n, told.d) != (None, None, None):
        raise ValueError("hidden and told")
    return told


def _is_printed(text: str) -> bool:
    """Whether all of it is seen; thin spaces between thousands are."""
    return not any(unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" for sign in text)
