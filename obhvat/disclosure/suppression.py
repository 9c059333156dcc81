"""Kinds that add up to one shown total (grades, bands, reasons): which are hidden so that none can be computed.

They stand by themselves. Municipalities and schools, whose numbers are shown month by month and of many metrics, are
hidden for a whole year by `protection`.

Rule of the coordination centre's audiences (DESIGN §2): counts of children below five are hidden from members and
press, and as many other parts as it takes. Zero is shown: it says nothing about a child.
"""

from __future__ import annotations

from collections.abc import Mapping

from obhvat.disclosure.protection import SMALLEST_SHOWN


def hidden_parts(parts: Mapping[str, int | None]) -> frozenset[str]:
    """Of parts whose total is shown, the names to hide. Parts without data (None) are not numbers and not hidden.

    A reader knows the total and the shown parts, so also what the hidden ones add up to, and that each was hidden
    for being 1 to 4 or to protect those. The largest known bounds must leave every hidden small part at least two
    possible values.
    """
    numbers = {name: n for name, n in parts.items() if n is not None}
    hidden = {name for name, n in numbers.items() if 0 < n < SMALLEST_SHOWN}
    # From the smallest up, so that as little as possible is lost; equal ones together, because which of them
    # was taken would say something about the rest. Zeros last.
    steps = [*sorted({n for n in numbers.values() if n >= SMALLEST_SHOWN}), 0]
    while hidden and steps and not _safe([numbers[name] for name in hidden]):
        step = steps.pop(0)
        hidden |= {name for name, n in numbers.items() if n == step}
    return frozenset(hidden)


def _safe(values: list[int]) -> bool:
    """Whether a reader who knows only the sum of the hidden values can compute none of the small ones."""
    if len(values) < 2:
        return False
    small = [n for n in values if n < SMALLEST_SHOWN]
    large = len(values) - len(small)
    least = 0 if 0 in small else 1
    if large:
        # The large ones take what is left: some must be left over for the small ones to be anything else.
        return sum(values) > least * len(small) + SMALLEST_SHOWN * large
    # All are 1 to 4: the sum must not force them, as 2 = 1 + 1 and 8 = 4 + 4 do.
    return least * len(values) < sum(values) < (SMALLEST_SHOWN - 1) * len(values)
