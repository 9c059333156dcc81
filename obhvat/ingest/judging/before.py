"""What a file is compared with: the slices that hold what it would replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.knowing.reference import LiveSlice
from obhvat.store.history import SlicePart

Live = Mapping[tuple[str, str, str], Mapping[date, int]]
"""(school, municipality, label) → period → what is asked of its slice."""


def by_part(live: Iterable[LiveSlice], of: Callable[[LiveSlice], int]) -> Live:
    """Something of the live slices of a dataset, by part of the store and period."""
    parts: dict[tuple[str, str, str], dict[date, int]] = defaultdict(dict)
    for part in live:
        parts[(part.school, part.municipality, part.label)][part.period] = of(part)
    return parts


def before(table: Checked, part: SlicePart, live: Live) -> int | None:
    """The same of the slice a part of a file is compared with: the one it replaces, or of registers and lists the
    newest before it; None when there is none."""
    periods = live.get((part.school, part.municipality, part.label), {})
    if part.period in periods:
        return periods[part.period]
    is_register = table.dataset.slice.register or table.dataset.name == "pupils"
    newest = max((period for period in periods if period < part.period), default=None) if is_register else None
    return None if newest is None else periods[newest]
