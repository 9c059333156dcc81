"""A text cut into sentences, each with its numbers and what of them was understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from obhvat.sums.numbers import Number, blanked, numbers

_STOP = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:г|гр|с|обл|общ|чл|ал|т|ч|бр|вкл|напр|др|пр|ок|ул|проф|инж|доц|св|нар|лв|хил)\.$", re.IGNORECASE
)
_GOES_ON = re.compile(r"\s*(?:от тях|от които|сред тях|останалите|общо|всичко|или общо|така)\b", re.IGNORECASE)
ABOUT = r"(?:\s*(?:близо|около|почти|над|под|приблизително|някъде към)|\s*[~≈])?\s*"
"""What may stand before a number that is rounded."""
OF_THEM = re.compile(
    r"от тях|от които|сред тях|сред които|в т\.\s?ч|в това число|включително|вкл\.|като от тях", re.IGNORECASE
)
FROM = re.compile(r"(?:^|[,;:–(]\s*)от\s+(?:общо\s+|всички(?:те)?\s+|тези\s+)?$", re.IGNORECASE)


@dataclass
class Sentence:
    """A sentence, its numbers, and which of them were understood."""

    text: str
    numbers: list[Number]
    used: set[int] = field(default_factory=set)
    """Places of the numbers that no other claim may take."""
    seen: set[int] = field(default_factory=set)
    """Places of the numbers that were in a claim."""

    def take(self, *places: int, free: int | None = None) -> None:
        """These are in a claim; one of them may be in another one, too."""
        self.seen.update(places)
        self.used.update(set(places) - {free})

    @property
    def left(self) -> list[int]:
        """Counts that no claim has taken yet, by place."""
        return [i for i, number in enumerate(self.numbers) if i not in self.used and number.kind == "count"]

    def before(self, i: int) -> str:
        """What stands between a number and the one before it."""
        return self.text[self.numbers[i - 1].end if i else 0 : self.numbers[i].start]

    def after(self, i: int) -> str:
        """What stands between a number and the next one."""
        return self.text[self.numbers[i].end : self.numbers[i + 1].start if i + 1 < len(self.numbers) else None]

    def between(self, i: int, j: int) -> str:
        return self.text[self.numbers[i].end : self.numbers[j].start]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text; one that goes on about the number of the one before stands with it."""
    clean = blanked(text)
    pieces: list[str] = []
    begin = 0
    for stop in _STOP.finditer(clean):
        if stop[0] == "." and _SHORT.search(clean[begin : stop.end()]):
            continue
        pieces.append(clean[begin : stop.end()])
        begin = stop.end()
    pieces.append(clean[begin:])
    joined: list[str] = []
    for piece in pieces:
        if not piece.strip():
            continue
        if joined and (_GOES_ON.match(piece) or joined[-1].rstrip().endswith(":")):
            joined[-1] = f"{joined[-1].rstrip().rstrip('.')}, {piece.strip()}"
        else:
            joined.append(piece)
    return [Sentence(piece, numbers(piece)) for piece in joined]
