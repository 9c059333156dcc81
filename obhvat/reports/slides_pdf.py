"""The slides of a meeting as PDF: vector text that can be selected, fonts embedded, no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

from obhvat.charts.slides import slide_picture
from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import Slide
from obhvat.texts import day, moment


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "slides.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """The typeface of the screen, and none of this machine's: a page is the same everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(__file__).parent / "fonts"])


@speaking(BULGARIAN)
def slides_pdf(slides: Sequence[Slide], title: str, footer: str) -> bytes:
    """A page a slide, 16:9, in the typeface of the screen. `footer` says as of when the numbers are."""
    deck = {"title": title, "footer": footer, "slides": [_plain(slide) for slide in slides]}
    return typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"deck": json.dumps(deck, ensure_ascii=False)},
        font_paths=_fonts(),
    )


@speaking(BULGARIAN)
def meeting_pdf(slides: Sequence[Slide], meeting: Meeting, known_at: datetime) -> bytes:
    """`slides_pdf` of a meeting's slides, whose numbers are as known at a moment."""
    return slides_pdf(slides, f"Заседание на {day(meeting.held_on)}", f"данни към {moment(known_at)}")


def _plain(slide: Slide) -> dict[str, str]:
    return {
        "title": slide.title,
        "sentence": slide.sentence,
        "picture": slide_picture(slide),
        "source": slide.source,
    }
