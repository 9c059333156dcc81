"""The pictures of slides: one drawing for the projector and for the printed slides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from obhvat.charts.slides.canvas import WIDTH, Canvas, lines_of
from obhvat.charts.slides.columns import change, months, waterfall
from obhvat.charts.slides.places import ranges, share, squares
from obhvat.charts.slides.rows import dates, decisions, late, ranking, sent, table, work
from obhvat.meeting.slide import Slide

TITLE = 64
"""The size of a slide's sentence."""
_HEIGHT = 790
_DRAWN: Mapping[str, Callable[[Slide, Canvas], None]] = MappingProxyType(
    {
        "change": change,
        "dates": dates,
        "decisions": decisions,
        "late": late,
        "ranges": ranges,
        "ranking": ranking,
        "sent": sent,
        "share": share,
        "squares": squares,
        "trend": months,
        "waterfall": waterfall,
        "work": work,
        # As closed meetings kept them.
        "list": table,
        "parts": ranking,
    }
)


def slide_picture(slide: Slide) -> str:
    """The picture of a slide as SVG, with what it shows in words; empty where the sentence says it all. Of how a
    number is hidden it draws only what the slide holds."""
    if not slide.rows and not slide.data:
        return ""
    lines = len(lines_of(slide.sentence, TITLE, WIDTH))
    canvas = Canvas(_HEIGHT - 1.12 * TITLE * (lines - 1))
    # Of what closed meetings kept, a share may have a table.
    name = "list" if slide.picture == "share" and slide.rows else slide.picture
    _DRAWN.get(name, table)(slide, canvas)
    return canvas.svg(_in_words(slide))


def _in_words(slide: Slide) -> str:
    """„Върнати – 3; В друга област – 2“."""
    rows = slide.rows or tuple((label, "" if value is None else f"{value:g}") for label, value, *_ in slide.data)
    told = [slide.figure_note and f"{slide.figure} {slide.figure_note}", slide.change]
    return "; ".join(filter(None, [*told, *(" – ".join(filter(None, row)) for row in rows)]))
