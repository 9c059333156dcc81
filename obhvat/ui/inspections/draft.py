"""The plan of a week while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Draft:
    """The plan of a week while it is being made."""

    week: date
    schools: list[str]
    """Codes in the order of the visits."""
    by_hand: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    """What was proposed and taken out is not proposed again."""

    def fit(self, ranked: list[str], n: int) -> None:
        """Fill the plan from the ranking up to n schools, or leave only its first n."""
        left = (code for code in ranked if code not in self.schools and code not in self.removed)
        self.schools = self.schools[:n]
        self.schools += [code for code, _ in zip(left, range(n - len(self.schools)), strict=False)]

    def move(self, code: str, by: int) -> None:
        at = self.schools.index(code)
        to = min(max(at + by, 0), len(self.schools) - 1)
        self.schools.insert(to, self.schools.pop(at))

    def remove(self, code: str) -> None:
        self.schools.remove(code)
        self.by_hand.discard(code)
        self.removed.add(code)

    def add(self, code: str) -> None:
        self.schools.append(code)
        self.by_hand.add(code)
        self.removed.discard(code)
