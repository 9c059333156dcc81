"""What numbers, days and marks in cells mean, remembered between uploads: a month's files of schools hold the same
ones, and to ask of them takes longer than all else that is done with a small file.

Only what is surely nobody's: short texts of columns of numbers and dates that were read without a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from obhvat.datasets import Dataset, Field
from obhvat.ingest.checking.checks import NUMBERS, Check, texts_of
from obhvat.ingest.checking.column import Texts

Meanings = dict[Texts, Any]

# What they mean depends on nothing but themselves, and the checks.
_TYPES = frozenset({*NUMBERS, "date", "month", "school_year", "grade", "boolean"})
_MOST_TEXTS = 2000
_MOST_FIELDS = 500
# An ЕГН has more digits, also when Excel took its zeros away.
_SHORT, _OF_A_DATE, _OF_NO_VALUE = 6, 10, 2
_of_fields: dict[tuple[str, ...], Meanings] = {}


def remembered(dataset: Dataset, f: Field, checks: Sequence[Check]) -> Meanings | None:
    """The values of a field's texts that passed these checks; None where they depend on more."""
    if any(dataset[name].type not in _TYPES for name in texts_of(f, dataset)):
        return None
    if len(_of_fields) > _MOST_FIELDS:
        # The checks of another day are others.
        _of_fields.clear()
    return _of_fields.setdefault((dataset.name, f.name, *(check.fails for check in checks)), {})


def remember(meanings: Meanings, values: Iterable[tuple[Texts, Any]]) -> None:
    """Keep what texts mean that have no fault."""
    if len(meanings) < _MOST_TEXTS:
        meanings.update((texts, value) for texts, value in values if _may_be_kept(texts, value))


def _may_be_kept(texts: Texts, value: object) -> bool:
    return all(
        text is None or len(text) <= (_OF_NO_VALUE if value is None else _SHORT if text.isdigit() else _OF_A_DATE)
        for text in texts
    )
