"""What the forms of the pages share: write, say what was written, and draw the page anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError
from obhvat.language import N_, _
from obhvat.privacy import LooksLikeName
from obhvat.ui.widgets import html

NO_NAMES = N_("Без имена, адреси и телефони: само какво е направено и какво следва.")
_SAID, _DRAWN, _ASKED = "entered-words", "entered-times", "names-asked"


def confirmed(form: str) -> tuple[str, ...]:
    """Inside a form, before its button: when what was sent looks like a name, says so with a tick to confirm that it is
    none. Returns what was confirmed."""
    asked: LooksLikeName | None = st.session_state.get(_ASKED, {}).get(form)
    if asked is None:
        return ()
    html.notice("mind", str(asked))
    ticked = st.checkbox(
        _("Потвърждавам: не е дете и не е негов близък"), key=f"{_ASKED}-{form}-{'-'.join(asked.names)}"
    )
    return asked.names if ticked else ()


def do(write: Callable[[], Any], words: str, form: str = "") -> None:
    """Write and draw the page anew with `words` on it; {} in them is what `write` returned.

    A refusal is said under the form, and what was filled in stays; what looks like a name is asked about in the form
    that calls `confirmed` under its name.
    """
    try:
        answer = write()
    except LooksLikeName as error:
        st.session_state[_ASKED] = {form: error}
        st.rerun()
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state.pop(_ASKED, None)
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
    return {value.code: _(value.caption) for value in dataset(of)[field].values}
