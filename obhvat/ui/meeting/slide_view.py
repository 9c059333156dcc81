"""A slide of the meeting as HTML: a sentence, a number, and the picture or the table that shows it."""

from __future__ import annotations

import re

from obhvat.meeting.slide import Slide
from obhvat.ui.widgets.html import Safe, joined, tag


def slide_html(slide: Slide, place: int, of: int, about: str) -> Safe:
    """The whole of a slide. `about` is the oblast, the period and the moment the numbers are of."""
    beside = _bars(slide) if slide.bars else _table(slide) if slide.rows else Safe("")
    lines = [
        tag("div", slide.figure, css="room-figure long" if len(slide.figure) > 5 else "room-figure"),
        tag("p", slide.figure_note, css="room-note"),
    ]
    if slide.change:
        lines.append(tag("p", _unbroken(slide.change), css="room-change"))
    beside = tag("div", beside, css="room-beside")
    if not slide.figure:
        body = tag("div", beside, css="room-body alone")
    else:
        body = tag("div", tag("div", *lines, css="room-said"), beside, css="room-body")
    return tag(
        "article",
        tag("p", slide.title, css="room-title"),
        tag("h1", _unbroken(slide.sentence), css="room-sentence"),
        body,
        tag("footer", tag("span", slide.source or about), tag("span", f"{place} от {of}"), css="room-foot"),
        css="room-slide late" if slide.is_late else "room-slide",
    )


_WHOLE = re.compile("(\\d+ [а-я]+ \\d{4} г\\.|(?:със? \\d+ )?\\S*-\\S*|[\\d\u202f]+ от [\\d\u202f]+)")


def _unbroken(text: str) -> Safe:
    """A text in which „с 3 по-малко“, „38 от 40“ and „14 март 2023 г.“ stay in one line."""
    return joined(
        tag("span", part, css="room-whole") if _WHOLE.fullmatch(part) else part for part in _WHOLE.split(text)
    )


def _table(slide: Slide) -> Safe:
    head = tag("tr", *(tag("th", caption, scope="col") for caption in slide.columns))
    rows = joined(tag("tr", *(tag("td", _unbroken(cell)) for cell in row)) for row in slide.rows)
    return tag("table", tag("thead", head), tag("tbody", rows), css="room-table", style=f"--rows:{len(slide.rows)}")


def _bars(slide: Slide) -> Safe:
    """One bar a label, as long as its share of the longest, with the number beside it: the length is never alone."""
    longest = max((abs(value) for _, value, _ in slide.bars if value is not None), default=0) or 1
    rows = []
    for label, value, words in slide.bars:
        if value is None:
            shown = tag("span", words, css="room-none")
        else:
            wide = f"width:{100 * abs(value) / longest:.2f}%"
            shown = joined((tag("span", "", css="room-bar", style=wide), tag("b", words)))
        rows.append(
            tag("tr", tag("th", tag("span", label), scope="row"), tag("td", tag("div", shown, css="room-cell")))
        )
    words = max(len(words) for *_, words in slide.bars)
    style = f"--rows:{len(rows)};--words:{words}"
    return tag("table", tag("tbody", joined(rows)), css="room-bars", style=style)
