"""Words on pictures: wrapped, measured, and placed where they cover no other words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations, product

import plotly.graph_objects as go

from obhvat.charts.style import ACT, HALO, INK, MUTED, finished
from obhvat.language import _
from obhvat.periods import next_month, short_month_name
from obhvat.texts import NO_DATA

# How wide pictures are drawn, from a laptop's to the projector's. A name that covers none on one may on another: where
# points stand further apart, a name on the right of the left one meets a name on the left of the right one.
_WIDTHS = (560, 840, 1120)
_GAP = 26
# How wide a letter of our own type is for its size.
_LETTER = 0.56
_LINE = 1.2
_SHORT = re.compile(r"\b((?:с|гр|кв|общ|обл)\.) ")
_Box = tuple[float, float, float, float]


def escaped(text: object) -> str:
    """Words from uploaded registers as they are written: Plotly reads tags in its texts."""
    return html.escape(str(text), quote=False)


def wrapped(text: object, width: int = 24) -> str:
    """Escaped words on lines of at most `width` letters, where words are not longer than that.

    „с.“ and „гр.“ stay with the name after them, a number with its „%“.
    """
    lines: list[str] = []
    for word in re.split(r"[ \t\n]+", _SHORT.sub("\\1\u00a0", str(text).strip())):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(escaped(line) for line in lines)


def wide(texts: Iterable[str], size: float, least: float = 0, letter: float = 0.6) -> int:
    """Pixels that the longest line of plain or wrapped `texts` takes: how wide a margin must be.

    `letter` is how wide a letter is for its size: 0,6 in the widest type a browser may fall back on, 0,7 if bold.
    """
    lines = [line for text in texts for line in text.split("<br>")]
    return round(max([letter * size * len(html.unescape(line)) for line in lines], default=0) + least)


def tall(names: Sequence[str], size: float, least: int) -> int:
    """Pixels a row needs for its wrapped name, and `least` for what is drawn in it."""
    return max([least, *(round(1.3 * size * (name.count("<br>") + 1)) + 12 for name in names)])


def nothing(height: int | None) -> go.Figure:
    """A picture of no data says so."""
    figure = go.Figure()
    figure.add_annotation(
        x=0.5, y=0.5, xref="paper", yref="paper", text=NO_DATA, showarrow=False, font={"size": 20, "color": MUTED}
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return finished(figure, height or 120)


def set_key(figure: go.Figure, lines: Sequence[str], size: int = 16) -> int:
    """A key of signs over the whole picture, and the pixels it takes there.

    It is the figure's title: Plotly's own legend puts one name a line on half a page, and pushes the picture down.
    """
    shown = [line for line in lines if line]
    figure.update_layout(
        title={
            "text": "<br>".join(shown), "x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container",
            "yanchor": "top", "pad": {"t": 9 + 0.65 * size * (len(shown) - 1), "l": 8},
            "font": {"size": size, "color": INK},
        }
    )  # fmt: skip
    return round(1.4 * size * len(shown)) + 4


def month_ticks(first: date, last: date, most: int = 6) -> tuple[list[date], list[str]]:
    """Firsts of months between two days, at most `most`, named „сеп“, with the year under the first and each January.

    Where fewer than two months begin, the days at both ends.
    """
    months = []
    month = first if first.day == 1 else next_month(first)
    while month <= last:
        months.append(month)
        month = next_month(month)
    if len(months) < 2:
        ends = sorted({first, last})
        return ends, [f"{day:%d.%m.<br>%Y}" for day in ends]
    shown = months[:: -(-len(months) // most)]
    years = [n == 0 or day.year != shown[n - 1].year for n, day in enumerate(shown)]
    return shown, [
        short_month_name(day.month) + (f"<br>{day.year}" if new else "") for day, new in zip(shown, years, strict=True)
    ]


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places on a line moved as little as needed to stand at least `gap` apart, in the same order.

    They stay between `low` and `high` when there is room for all.
    """
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = [0.0] * len(places)
    least = low
    for n in order:
        moved[n] = max(places[n], least)
        least = moved[n] + gap
    most = high
    for n in reversed(order):
        moved[n] = min(moved[n], most)
        most = moved[n] - gap
    return moved


def place_names(
    figure: go.Figure,
    labels: Sequence[tuple[float, float, str, str]],
    points: Iterable[tuple[float, float]],
    xs: tuple[float, float],
    ys: tuple[float, float],
    height: int,
    size: int = 16,
    *,
    spare: bool = False,
) -> None:
    """Names beside points, (x, y, text, colour), each where it covers no other name and, if there is room, no point.

    A name may have several lines. One that had to move is tied to its point by a line; a halo keeps it apart from what
    runs under it. With `spare`, the names come the most important first, and the last are left out until none covers
    another.
    """
    up = height * 0.82 / (ys[1] - ys[0])
    scales = [(width / (xs[1] - xs[0]), up) for width in _WIDTHS]
    points = [*points]
    dots = [[(x * across - 9, x * across + 9, y * up - 9, y * up + 9) for x, y in points] for across, up in scales]
    left = list(labels)
    notes, clear = _placed(left, scales, xs, ys, dots, size)
    while spare and not clear:
        left.pop()
        notes, clear = _placed(left, scales, xs, ys, dots, size)
    # All at once: one by one, each would check all others again.
    figure.update_layout(annotations=[*(a.to_plotly_json() for a in figure.layout.annotations), *notes])


def name_quarters(
    figure: go.Figure,
    titles: Mapping[tuple[bool, bool], str],
    worst: tuple[bool, bool],
    xs: tuple[float, float],
    ys: tuple[float, float],
    size: int,
) -> None:
    """Each quarter of a picture in words, in its outer corner, in the language of who looks. `titles`: (on the right,
    at the top) → words; `worst` is the quarter that stands out."""
    corners = [
        {
            "x": xs[right],
            "y": ys[top],
            "text": f"<b>{_(words)}</b>" if (right, top) == worst else _(words),
            "showarrow": False,
            "xanchor": "right" if right else "left",
            "yanchor": "top" if top else "bottom",
            "align": "right" if right else "left",
            "xshift": -6 if right else 6,
            "font": {"size": size, "color": ACT if (right, top) == worst else MUTED},
        }
        for (right, top), words in titles.items()
    ]
    figure.update_layout(annotations=[*(a.to_plotly_json() for a in figure.layout.annotations), *corners])


def _placed(
    labels: Sequence[tuple[float, float, str, str]],
    scales: Sequence[tuple[float, float]],
    xs: tuple[float, float],
    ys: tuple[float, float],
    dots: Sequence[Sequence[_Box]],
    size: int,
) -> tuple[list[dict[str, object]], bool]:
    """The annotations of names, and whether none of them covers another, on a picture of any width. `scales` are pixels
    for one across and up by width, `dots` the points by width."""
    taken: list[tuple[_Box, ...]] = []
    notes: list[dict[str, object]] = []
    line = _LINE * size

    def bad(covers: tuple[_Box, ...]) -> int:
        names = zip(*taken, strict=True) if taken else [()] * len(covers)
        return sum(map(_covered, covers, names, dots))

    # From below upwards: where many lie at the bottom, the higher ones have room above, and no two lines cross.
    for x, y, text, colour in sorted(labels, key=lambda label: label[1]):
        plain = text.removeprefix("<b>").removesuffix("</b>")
        box = wide([plain], size, letter=_LETTER), line * (plain.count("<br>") + 1)
        side, rise, covers = min(
            _places((x, y), box, scales, xs, ys, line), key=lambda place: bad(place[2]) + abs(place[1]) / line
        )
        taken.append(covers)
        anchor = {"xanchor": "left" if side > 0 else "right", "showarrow": bool(rise)}
        moved = {"ax": _GAP * side, "ay": -rise, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": MUTED, "standoff": 7}
        notes.append(
            {"x": x, "y": y, "text": text, "font": {"size": size, "color": colour, "shadow": HALO}, **anchor}
            | {"align": "left" if side > 0 else "right"}
            | (moved if rise else {"xshift": 14 * side})
        )
    return notes, not any(any(map(_meet, a, b)) for a, b in combinations(taken, 2))


def _places(
    point: tuple[float, float],
    box: tuple[float, float],
    scales: Sequence[tuple[float, float]],
    xs: tuple[float, float],
    ys: tuple[float, float],
    line: float,
) -> list[tuple[int, float, tuple[_Box, ...]]]:
    """Where a name may stand beside a point, the nearest first: side, rise in pixels, the boxes it would cover by
    width. Where it is in the narrowest picture, it is in the others."""
    (x, y), (long, tall), (across, up) = point, box, scales[0]

    def covers(side: int, gap: float, rise: float) -> tuple[_Box, ...]:
        starts = [x * across + gap if side > 0 else x * across - gap - long for across, _up in scales]
        middle = y * up + rise
        return tuple((start, start + long, middle - tall / 2, middle + tall / 2) for start in starts)

    places = []
    for step, side in product((0, 1, -1, 2, -2, 3, -3, *range(4, 15), *range(-4, -11, -1)), (1, -1)):
        boxes = covers(side, _GAP if step else 14, step * line)
        start, end, low, high = boxes[0]
        inside = high - line / 2 <= ys[1] * up and (low + line / 2 >= min(0, ys[0] * up) or not step)
        if xs[0] * across <= start and end <= xs[1] * across + 8 and inside:
            places.append((side, step * line, boxes))
    return places or [(1, 0.0, covers(1, 0, 0))]


def _covered(box: _Box, names: Iterable[_Box], dots: Iterable[_Box]) -> int:
    """How bad a place is: a name on a name cannot be read, a name on a point can."""
    return 100 * sum(_meet(box, other) for other in names) + 4 * sum(_meet(box, dot) for dot in dots)


def _meet(a: _Box, b: _Box) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
