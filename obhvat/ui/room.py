"""Room mode: the projector's view. While it is on, this browser reaches no other page by click, key or address.

It is a browser that is in the room, not a tab: the server knows browsers by a cookie it gives them. Where people sign
in it is a person, in every browser they are signed in from. Tabs that were open before are sent to the room by the tab
that enters it, and are not answered even where that message does not arrive; a person's other browsers by the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from obhvat.people import signed_in
from obhvat.ui.session import SIGNED_IN, is_together, token
from obhvat.ui.signing import tabs

_HERE = Path(__file__).parent
BROWSER = "obhvat-browser"
"""The cookie by which a browser is known."""
PATH, _AFTER = "/room", "/meeting"
_IN_ROOM, _LEFT = "in-room", "left-room"
_in_room: set[str] = set()


def holds(browser: str | None) -> bool:
    """Whether a browser is in room mode, as `whose` knows it."""
    return browser in _in_room


def is_on() -> bool:
    """Whether this browser is in room mode; without cookies, this session."""
    known = browser()
    return holds(known) if known else bool(st.session_state.get(_IN_ROOM))


def enter() -> None:
    """Turn room mode on for this browser, until it is left."""
    known = browser()
    if known and not holds(known):
        _in_room.add(known)
        _send_other_browsers(known, PATH)
    st.session_state[_IN_ROOM] = True
    _send_other_tabs(PATH)


def leave() -> None:
    """Turn it off; the other tabs are told by the next page that is drawn."""
    _in_room.discard(browser() or "")
    st.session_state[_IN_ROOM] = False
    st.session_state[_LEFT] = True


def empty(known: str) -> None:
    """Nobody is in it any more by whom it was known."""
    _in_room.discard(known)


def is_left() -> bool:
    """Whether it was turned off and the other tabs do not know yet."""
    return bool(st.session_state.get(_LEFT))


def tell_it_is_left() -> None:
    """Send the other tabs away from the room, to the meeting."""
    if st.session_state.pop(_LEFT, False):
        _send_other_tabs(_AFTER)
        _send_other_browsers(browser(), _AFTER)


def listen() -> None:
    """Let this tab hear where to go; one that the browser kept as it was when it was left asks anew.

    A link may name the window that it opens, as Streamlit lets no `target` through; one that opens the projector's
    makes a presenter of the tab it is in, which then does not follow it.
    """
    script(
        """
        if (!window.obhvatTabs) {
            window.obhvatTabs = new BroadcastChannel('obhvat-room');
            window.obhvatTabs.onmessage = ({data}) => { if (data !== location.pathname) location.replace(data); };
            addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
            document.addEventListener('click', (event) => {
                const link = event.target.closest('a[data-window]');
                if (!link) return;
                link.target = link.dataset.window;
                if (!link.dataset.presenter) return;
                window.obhvatTabs.onmessage = null;
                setTimeout(() => location.assign(link.dataset.presenter));
            });
        }
        """
    )


def _send_other_tabs(path: str) -> None:
    script(f"window.obhvatTabs.postMessage('{path}')")


def _send_other_browsers(known: str | None, path: str) -> None:
    """Where a person is in it, lead what they have open elsewhere."""
    if is_together() and known:
        for held in signed_in.tokens_of(known):
            if held != token():
                tabs.end(held, path)


def browser() -> str | None:
    """Which browser this is, or whose; None when it takes no cookies."""
    return whose(st.context.cookies)


def whose(cookies: Mapping[str, str]) -> str | None:
    """By what a browser is known: its cookie, or who is signed in from it."""
    return signed_in.person(cookies.get(SIGNED_IN)) if is_together() else cookies.get(BROWSER)


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def dress(*, presenter: bool) -> None:
    """The look of the room, and the keys, the clicker and the touch that move through it."""
    st.html(f"<style>{_file('room.css')}{_file('presenter.css') if presenter else ''}</style>")
    script(_file("room.js"))


def script(body: str) -> None:
    """Run a script in the window."""
    st.html(f"<script>{body}</script>", unsafe_allow_javascript=True)
