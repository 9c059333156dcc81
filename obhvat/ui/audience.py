"""What an audience may see of a figure by place."""

from __future__ import annotations

from obhvat.metrics import Figure
from obhvat.metrics.suppression import hidden_parts
from obhvat.ui.filters import Audience


def hidden_places(whole: Figure, place: str, audience: Audience) -> frozenset[str]:
    """Places whose number is not shown: none inside, small ones and their cover for members, all for the press.

    `whole` is the figure of the whole oblast: what is hidden does not depend on what is looked at.
    """
    if audience == "internal" or not whole.metric.children:
        return frozenset()
    parts = whole.by(place)
    if audience == "press":
        return frozenset(parts[place])
    numbers = {
        name: int(n) if reports else None
        for name, n, reports in zip(parts[place], parts["n"].fillna(0), parts["reports"], strict=True)
    }
    return hidden_parts(numbers)


def is_hidden(whole: Figure, found: Figure, audience: Audience) -> bool:
    """Whether a figure in a narrower scope than the oblast must be hidden."""
    if found.scope.school:
        return found.scope.school in hidden_places(whole, "school", audience)
    if found.scope.municipality:
        return found.scope.municipality in hidden_places(whole, "municipality", audience)
    return False
