"""The slides of a meeting by their keys."""

from __future__ import annotations

from datetime import date, datetime

from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import KEYS, Slide
from obhvat.meeting.slides import slides
from obhvat.periods import Period
from obhvat.store import Store

TERM, DAY = Period(2023, "term", 1), date(2024, 3, 13)
NOW = datetime(2024, 3, 13, 10)
AUDIENCES = ("members", "press")
MEETING = Meeting(1, DAY, TERM, "областен управител", KEYS)
Deck = dict[str, Slide]


def deck(store: Store, audience: str, meeting: Meeting | None = None, *, keys: tuple[str, ...] = KEYS) -> Deck:
    """The slides of a meeting, or of one about what has these keys."""
    meeting = meeting or Meeting(1, DAY, TERM, "областен управител", keys)
    made = slides(store, meeting, audience, NOW)  # ty: ignore[invalid-argument-type]
    return {slide.key: slide for slide in made}
