"""What the pictures of slides are drawn on: SVG in the slide's own grid, in which a unit is a pixel at 1920×1080."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Literal

from obhvat.meeting.slide import MORE
from obhvat.texts import printable

WIDTH = 1728
"""Of every picture: the slide without its margins."""
INK, MUTED = "#0d171c", "#3d4f58"
PETROL, MID, MIST = "#0a4a5e", "#6a91a1", "#b9d0d9"
ACT = "#9b1c16"
"""Only what somebody must do."""
RULE = "#b9c6cc"

SMALLEST = 36
"""Of the words of a row."""
NOTE = 30
"""Of a second line under them."""

_HATCHED = (
    '<defs><pattern id="hidden" width="16" height="16" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="16" height="16" fill="#e6ecef"/>'
    '<rect width="5" height="16" fill="#7f929b"/></pattern></defs>'
)
# Widths of letters of the heaviest type for a size of 1, in Bulgarian letter forms, by the letters that have them.
_WIDTHS = {
    0.12: "\u202f", 0.2: " \u00a0", 0.33: ".,;:()/-I", 0.45: "гс", 0.48: "з–", 0.54: "аеклухьЗГУ0123456789−+=",
    0.57: "биояСЕЛТVXйчъ„“", 0.6: "внпрдцАБВРХ", 0.63: "КЯЧЪ→", 0.68: "мДИЙНОПЦ", 0.77: "жюфМФ", 0.87: "тшщ%Ж✕",
    0.97: "ШЩЮ№",
}  # fmt: skip
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_LATIN = 0.6
_LINE = 1.12
# What stays in one line: „с. Бистрата“, „№ 4“, „4,3 %“, „5 февруари“, „чл. 347“, „26 от 26“.
_BOUND = re.compile(r"(?<![^\s„(])((?:с|гр|кв|общ|обл|чл|№|\d+)\.?) (?=\S)|(?<=\d) (?=от \d)|(?<=\d от) (?=\d)")

Anchor = Literal["start", "middle", "end"]


def escaped(words: str) -> str:
    """Words as XML may hold them."""
    return escape(printable(words), quote=True)


def wide(words: str, size: float) -> float:
    """How wide words are at a size, in the heaviest type that is used."""
    return size * sum(_WIDTH_OF.get(letter, _LATIN) for letter in words)


def lines_of(words: str, size: float, width: float) -> list[str]:
    """Words on lines of a width, broken between words only."""
    lines: list[str] = []
    for word in _BOUND.sub(lambda bound: bound[0].replace(" ", "\u00a0"), words).split(" "):
        if lines and wide(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def fitted(words: str, size: float, width: float, height: float, least: float = SMALLEST) -> tuple[list[str], float]:
    """Words on lines in a box, and the largest type up to `size` in which they fit; what does not fit in the least
    ends with „…“ after a whole word."""
    while True:
        lines = lines_of(words, size, width)
        fits = len(lines) * size * _LINE <= height + 0.12 * size and max(wide(line, size) for line in lines) <= width
        if fits or size <= least:
            break
        size = max(least, size - 2)
    room = max(1, int((height + 0.12 * size) / (size * _LINE)))
    if len(lines) > room:
        lines = lines[:room]
        while wide(f"{lines[-1]} …", size) > width and " " in lines[-1]:
            lines[-1] = lines[-1].rpartition(" ")[0]
        lines[-1] += " …"
    return lines, size


def bands(rows: Sequence[Sequence[str]], top: float, foot: float, tallest: float = 250) -> list[tuple[float, float]]:
    """The middle and the height of every row between top and foot; „и още 4“ takes no more than it needs."""
    is_more = [row[0].startswith(MORE) for row in rows]
    short = 66.0
    tall = min((foot - top - short * sum(is_more)) / max(len(rows) - sum(is_more), 1), tallest)
    places, y = [], top
    for more in is_more:
        height = short if more else tall
        places.append((y + height / 2, height))
        y += height
    return places


class Canvas:
    """A picture in the making. `y` of words is their middle."""

    def __init__(self, height: float) -> None:
        self.height = height
        self._parts: list[str] = []

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        edge: str = "",
    ) -> None:
        """A rectangle. `fill` may be `HATCHED`, of what is hidden."""
        stroke = f' stroke="{edge}" stroke-width="3"' if edge else ""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{fill}"'
            f"{stroke}/>"
        )

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str = RULE, width: float = 2) -> None:
        self._parts.append(
            f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}" stroke-width="{width}"/>'
        )

    def path(self, shape: str, colour: str, width: float = 0) -> None:
        """A shape: filled, or a line of a width."""
        paint = f'fill="none" stroke="{colour}" stroke-width="{width}"' if width else f'fill="{colour}"'
        self._parts.append(f'<path d="{shape}" {paint}/>')

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>')

    def tick(self, x: float, y: float, size: float, colour: str = PETROL) -> None:
        """A tick whose left end is at x and whose middle is at y."""
        shape = f"M{x:.1f} {y:.1f} l{0.32 * size:.1f} {0.32 * size:.1f} l{0.6 * size:.1f} {-0.7 * size:.1f}"
        self.path(shape, colour, size / 6)

    def cross(self, x: float, y: float, size: float, colour: str = ACT) -> None:
        """A cross whose middle is at x and y."""
        half = size / 2
        shape = f"M{x - half:.1f} {y - half:.1f} l{size} {size} M{x + half:.1f} {y - half:.1f} l{-size} {size}"
        self.path(shape, colour, size / 6)

    def figure(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        colour: str = INK,
        anchor: Anchor = "start",
        width: float = 0,
    ) -> float:
        """A main number in one line, not wider than `width`; returns how wide it is."""
        if width:
            size = max(64, min(size, size * width / wide(words, size)))
        self._write("figure", x, y, [words], size, colour, 800, anchor)
        return wide(words, size)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        height: float,
        size: float = 44,
        colour: str = INK,
        *,
        least: float = SMALLEST,
        weight: int = 600,
        anchor: Anchor = "start",
    ) -> float:
        """Words in a box of a width and a height around y; returns how tall they are."""
        if not text:
            return 0
        lines, size = fitted(text, size, width, height, least)
        self._write("note" if least < SMALLEST else "words", x, y, lines, size, colour, weight, anchor)
        return len(lines) * size * _LINE

    def _write(
        self, kind: str, x: float, y: float, lines: list[str], size: float, colour: str, weight: int, anchor: Anchor
    ) -> None:
        # Letters stand on the line: their middle is a third of the size above it.
        first = y + 0.34 * size - (len(lines) - 1) * size * _LINE / 2
        for n, line in enumerate(lines):
            self._parts.append(
                f'<text class="{kind}" x="{x:.1f}" y="{first + n * size * _LINE:.1f}" font-size="{size:.1f}" '
                f'font-weight="{weight}" fill="{colour}" text-anchor="{anchor}">{escaped(line)}</text>'
            )

    def svg(self, says: str) -> str:
        """The picture; `says` is what is read aloud instead of it."""
        drawn = "".join(self._parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height:.0f}" role="img" '
            f'preserveAspectRatio="xMinYMin meet" aria-label="{escaped(says)}" '
            f'font-family="Source Sans, Source Sans 3, Libertinus Serif, sans-serif">'
            f"{_HATCHED if HATCHED in drawn else ''}{drawn}</svg>"
        )


HATCHED = "url(#hidden)"
