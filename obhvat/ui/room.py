"""Room mode: the projector's view. While it is on, this browser reaches no other page by click, key or address."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_COOKIE = "obhvat-room"
_IN_ROOM, _LEFT = "in-room", "left-room"


def is_on() -> bool:
    """Whether this browser is in room mode: the session entered it, or the browser did before it asked anew."""
    if _IN_ROOM not in st.session_state:
        st.session_state[_IN_ROOM] = st.context.cookies.get(_COOKIE) == "1"
    return bool(st.session_state[_IN_ROOM])


def enter() -> None:
    """Turn room mode on for this browser, until it is left."""
    st.session_state[_IN_ROOM] = True
    _script(f"document.cookie='{_COOKIE}=1; path=/; SameSite=Strict'")


def leave() -> None:
    """Turn it off; the browser is told by the next page that is drawn."""
    st.session_state[_IN_ROOM] = False
    st.session_state[_LEFT] = True


def is_left() -> bool:
    """Whether it was turned off and the browser does not know yet."""
    return bool(st.session_state.get(_LEFT))


def forget() -> None:
    """Tell the browser that room mode is off."""
    if st.session_state.pop(_LEFT, False):
        _script(f"document.cookie='{_COOKIE}=; path=/; max-age=0; SameSite=Strict'")


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def dress() -> None:
    """The look of the room, and the keys, the clicker and the touch that move through it."""
    st.html(f"<style>{_file('room.css')}</style>")
    _script(_file("room.js"))


def _script(body: str) -> None:
    st.html(f"<script>{body}</script>", unsafe_allow_javascript=True)
