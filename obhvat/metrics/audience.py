"""What an audience may see of a figure by place (DESIGN §2, Children's data)."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from obhvat.metrics.figures import CASE_PARTS, Figure
from obhvat.metrics.suppression import SMALLEST_SHOWN, hidden_parts

Audience = Literal["internal", "members", "press"]

# Beside the cases in work, the press is told of the other cases only with the small parts put together: from the total
# and the parts one by one a small part could be computed.
NOT_ALONE_FOR_PRESS = frozenset({"cases_total", *CASE_PARTS} - {"cases_in_work"})


def hidden_municipalities(whole: Figure, audience: Audience) -> frozenset[str]:
    """Municipalities whose number is not shown: none inside, small ones and their cover for members, all for the
    press.

    `whole` is the figure of the whole oblast: what is hidden does not depend on what is looked at.
    """
    return _hidden(whole, whole.by("municipality").rename(columns={"municipality": "place"}), audience)


def hidden_schools(whole: Figure, municipality: str, audience: Audience) -> frozenset[str]:
    """Schools of a municipality whose number is not shown: all where the municipality's own is hidden, else small
    ones and as many as keep them from being computed from the municipality's.
    """
    parts = whole.by("school").rename(columns={"school": "place"})
    inside = whole.counted.loc[whole.counted["municipality"] == municipality, "school"]
    parts = parts[parts["place"].isin(inside)]
    if municipality in hidden_municipalities(whole, audience):
        return frozenset(parts["place"])
    return _hidden(whole, parts, audience)


def _hidden(whole: Figure, parts: pd.DataFrame, audience: Audience) -> frozenset[str]:
    if audience == "internal" or not whole.metric.children:
        return frozenset()
    if audience == "press":
        return frozenset(parts["place"])
    numbers = {
        name: int(n) if reports else None
        for name, n, reports in zip(parts["place"], parts["n"].fillna(0), parts["reports"], strict=True)
    }
    return hidden_parts(numbers)


def is_hidden(whole: Figure, found: Figure, audience: Audience) -> bool:
    """Whether a figure in a narrower scope than the oblast must be hidden."""
    if found.scope.school:
        homes = whole.counted.loc[whole.counted["school"] == found.scope.school, "municipality"]
        return any(found.scope.school in hidden_schools(whole, home, audience) for home in homes)
    if found.scope.municipality:
        return found.scope.municipality in hidden_municipalities(whole, audience)
    return False


def is_small_for_press(children: bool, n: float | None, audience: Audience) -> bool:
    """Whether a number of the whole oblast is too small to be printed: 1 to 4 children."""
    return audience == "press" and children and n is not None and 0 < n < SMALLEST_SHOWN
