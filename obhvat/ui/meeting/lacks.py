"""A decision without who or by when: asked about once, and taken as it is when it is saved again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from time import monotonic

import streamlit as st

from obhvat.language import N_, _
from obhvat.texts import capitalized, listed
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import drawn

_ASKED = "decision-lacks"
_NOBODY, _NO_TERM = N_("без отговорник"), N_("без срок")
TO_READ = 0.7
"""Seconds until an answer is taken: a second press of the key that asked is none."""


@dataclass(frozen=True)
class _Question:
    form: str
    drawn: int
    lacks: tuple[str, ...]
    shown_at: float | None = None
    """When it was drawn first, by a clock that only goes on."""


def ask_lacks(form: str, button: str) -> None:
    """Inside a form, before its button: the question, when what was sent lacked something."""
    if lacks := _asked(form):
        asked = st.session_state[_ASKED]
        st.session_state[_ASKED] = replace(asked, shown_at=asked.shown_at or monotonic())
        without = capitalized(listed(_(what) for what in lacks))
        html.notice(
            "mind",
            _("{without}? Попълнете или натиснете „{button}“ още веднъж, за да се вземе така.").format(
                without=without, button=button
            ),
        )


def is_meant(form: str, to: str | None, due: date | None) -> bool:
    """Whether a decision says who and by when, or was asked about what it lacks; else the form, drawn anew, asks."""
    lacks = tuple(what for what, is_given in ((_NOBODY, to), (_NO_TERM, due)) if not is_given)
    if {*lacks} <= {*_asked(form)}:
        # Asked about nothing, or long enough to be read.
        return not lacks or monotonic() - st.session_state[_ASKED].shown_at >= TO_READ
    st.session_state[_ASKED] = _Question(form, drawn(), lacks)
    return False


def forget_lacks() -> None:
    """Ask again: the form was closed without a decision."""
    st.session_state.pop(_ASKED, None)


def _asked(form: str) -> tuple[str, ...]:
    """What was asked about since something was written."""
    asked: _Question | None = st.session_state.get(_ASKED)
    return asked.lacks if asked and (asked.form, asked.drawn) == (form, drawn()) else ()
