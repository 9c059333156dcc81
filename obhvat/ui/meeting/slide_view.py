"""A slide of the meeting as HTML: a sentence, and the picture that shows it."""

from __future__ import annotations

import re

from obhvat.charts.slides import slide_picture
from obhvat.language import BULGARIAN, _, speaking
from obhvat.meeting.slide import Slide
from obhvat.ui.widgets.html import Safe, joined, tag


@speaking(BULGARIAN)
def slide_html(slide: Slide, place: int, of: int, about: str) -> Safe:
    """The whole of a slide. `about` is the oblast, the period and the moment the numbers are of."""
    picture = slide_picture(slide)
    # Streamlit lets no SVG through; room.js draws it from the attribute.
    drawn = {"data_picture": picture} if picture else {}
    return tag(
        "article",
        tag("p", slide.title, css="room-title"),
        tag("h1", _unbroken(slide.sentence), css="room-sentence"),
        tag("div", css="room-body", **drawn),
        tag(
            "footer",
            tag("span", slide.source or about),
            tag("span", _("{n} от {whole}").format(n=place, whole=of)),
            css="room-foot",
        ),
        css="room-slide" if picture else "room-slide bare",
    )


_WHOLE = re.compile("(\\d+ [а-я]+ \\d{4} г\\.|(?:със? \\d+ )?\\S*-\\S*|\\S+ – \\d+|[\\d\u202f]+ от [\\d\u202f]+)")


def _unbroken(text: str) -> Safe:
    """A text in which „с 3 по-малко“, „38 от 40“ and „14 март 2023 г.“ stay in one line, and „срок – 3“."""
    return joined(
        tag("span", part, css="room-whole") if _WHOLE.fullmatch(part) else part for part in _WHOLE.split(text)
    )
