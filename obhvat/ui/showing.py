"""What the windows of a browser in the room show: one slide of one meeting, the same in all of them.

It is kept here and not in the windows, so that two keys pressed at once leave none of them elsewhere and a page that is
loaded anew is where it was. A window that changed it calls the others by its number; they ask what it is now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import streamlit as st

from obhvat.ui import room

_STAYS = timedelta(minutes=30)
_AHEAD = timedelta(minutes=1)
"""By how much the clock of a window may be ahead of ours."""
_shown: dict[str, Showing] = {}
_lock = Lock()
_HEARD, _KEPT = "room-heard", "room-showing"


@dataclass
class Showing:
    """The slide that is on, for whom, and how long each has been."""

    meeting_id: int
    """0 while none is opened."""
    place: int
    """From 1."""
    since: datetime
    """Since when this slide is on."""
    audience: str = ""
    left_at: datetime | None = None
    version: int = 0
    """Grows with every change."""
    _spent: dict[int, timedelta] = field(default_factory=dict)

    def go(self, place: int) -> None:
        with _lock:
            self._stop()
            self.place = place
            self._changed()

    def move(self, step: int, of: int) -> None:
        """From where it is when the key is pressed: a quick second press may come before the slide is drawn."""
        self.go(min(max(self.place + step, 1), of))

    def turn_to(self, audience: str) -> None:
        with _lock:
            self.audience = audience
            self._changed()

    def call(self) -> None:
        """Let every window ask anew: something was entered."""
        with _lock:
            self._changed()

    def leave(self) -> None:
        """Stop the clocks."""
        with _lock:
            self._stop()
            self.left_at = self.since

    def come_back(self) -> None:
        with _lock:
            self.since, self.left_at = datetime.now(), None
            self._changed()

    @property
    def is_over(self) -> bool:
        """Whether who comes to the room now begins anew."""
        now = datetime.now()
        return self.since.date() != now.date() or (self.left_at is not None and now - self.left_at > _STAYS)

    @property
    def before(self) -> timedelta:
        """How long this slide was on before it was turned to for the last time."""
        return self._spent.get(self.place, timedelta())

    @property
    def before_all(self) -> timedelta:
        """How long all slides together had been on by then."""
        return sum(self._spent.values(), timedelta())

    def _stop(self) -> None:
        now = datetime.now()
        self._spent[self.place] = self.before + (now - self.since)
        self.since = now

    def _changed(self) -> None:
        # Greater than before a restart of the server, too: windows that were open then take it for news.
        self.version = max(self.version + 1, int(datetime.now().timestamp() * 1000))


def showing(default: int) -> Showing:
    """What this browser shows: as it was left, else as the address says, else the first slide of the meeting `default`.

    An address says where to go when a window opens with it, and when a number was typed (`go`). Else it is what this
    window was given, maybe one slide ago: with a key a window sends the address it has.
    """
    kept = _kept()
    meeting_id, place, typed = _number("meeting"), _number("slide"), _number("go")
    heard = st.session_state.get(_HEARD)
    is_wish = heard is None or (typed is not None and is_new(typed, heard, datetime.now()))
    if is_wish:
        st.session_state[_HEARD] = typed or 0
    if kept is None or kept.is_over or (is_wish and meeting_id not in (None, kept.meeting_id)):
        kept = Showing(default if meeting_id is None else meeting_id, place or 1, datetime.now())
        kept.call()
        _keep(kept)
    elif is_wish and place not in (None, kept.place):
        kept.go(place or 1)
    if kept.left_at:
        kept.come_back()
    return kept


def is_new(typed: int, heard: int, now: datetime) -> bool:
    """Whether a number was typed after the one that was heard last; both are the milliseconds of the window's clock.

    One heard from the future was written by hand, or that clock was set back since: nothing would be later.
    """
    is_possible = heard <= (now + _AHEAD).timestamp() * 1000
    return typed > heard if is_possible else typed != heard


def write_address(shown: Showing) -> None:
    """Put where it is into this window's address."""
    st.query_params.update(meeting=str(shown.meeting_id), slide=str(shown.place))


def stop() -> None:
    """The room is left: its clocks stop. Who comes back soon finds them and the slide."""
    st.session_state.pop(_HEARD, None)
    if kept := _kept():
        kept.leave()


def _number(name: str) -> int | None:
    text = st.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _kept() -> Showing | None:
    browser = room.browser()
    return _shown.get(browser) if browser else st.session_state.get(_KEPT)


def _keep(shown: Showing) -> None:
    if browser := room.browser():
        _shown[browser] = shown
    else:
        st.session_state[_KEPT] = shown
