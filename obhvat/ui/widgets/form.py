"""What the forms of the pages share: write, say what was written, and draw the page anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError
from obhvat.ui.widgets import html

NO_NAMES = "Без имена, адреси и телефони: само какво е направено и какво следва."
_SAID, _DRAWN = "entered-words", "entered-times"


def do(write: Callable[[], Any], words: str) -> None:
    """Write and draw the page anew with `words` on it; {} in them is what `write` returned.

    A refusal is said under the form, and what was filled in stays.
    """
    try:
        answer = write()
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state[_SAID] = words.format(answer)
    st.session_state[_DRAWN] = drawn() + 1
    st.rerun()


def show_written() -> None:
    """Say the words of the last write, once."""
    if words := st.session_state.pop(_SAID, ""):
        html.notice("good", words)


def drawn() -> int:
    """How many times something was written in the session: a part of the keys of what must be drawn anew after it."""
    return st.session_state.get(_DRAWN, 0)


def captions(of: str, field: str) -> dict[str, str]:
    """The members of an enumeration for a box to choose from: code → caption."""
    return {value.code: value.caption for value in dataset(of)[field].values}
