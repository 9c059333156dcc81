"""A decision without who or by when: asked about once, and taken as it is when it is saved again."""

from __future__ import annotations

from datetime import date

import streamlit as st

from obhvat.texts import capitalized, listed
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import drawn

_ASKED = "decision-lacks"


def ask_lacks(form: str, button: str) -> None:
    """Inside a form, before its button: the question, when what was sent lacked something."""
    if lacks := _asked(form):
        without = capitalized(listed(f"без {what}" for what in lacks))
        html.notice("mind", f"{without}? Попълнете или натиснете „{button}“ още веднъж, за да се вземе така.")


def is_meant(form: str, to: str | None, due: date | None) -> bool:
    """Whether a decision says who and by when, or was asked about what it lacks; else the form, drawn anew, asks."""
    lacks = tuple(what for what, is_given in (("отговорник", to), ("срок", due)) if not is_given)
    if {*lacks} <= {*_asked(form)}:
        return True
    st.session_state[_ASKED] = form, drawn(), lacks
    return False


def forget_lacks() -> None:
    """Ask again: the form was closed without a decision."""
    st.session_state.pop(_ASKED, None)


def _asked(form: str) -> tuple[str, ...]:
    """What was asked about since something was written."""
    *at, lacks = st.session_state.get(_ASKED, (form, drawn(), ()))
    return lacks if at == [form, drawn()] else ()
