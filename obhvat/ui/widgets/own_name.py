"""The name that one's uploads, entries and decisions carry: said once, without signing in."""

from __future__ import annotations

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.ui.session import call_oneself, is_together, viewer
from obhvat.ui.widgets import html


def show() -> None:
    """Whose name entries carry now, with a way to say another where nobody signs in."""
    if is_together():
        return
    name = viewer().person
    with st.popover(_("Записва се от: {name}").format(name=name), type="tertiary", icon=":material/person:"):
        said = st.text_input(
            _("Как да стои името Ви в записите?"),
            name,
            max_chars=80,
            key="own-name",
            help=_("Стои до качванията, записите и решенията. Празно: името на потребителя на този компютър."),
        )
        if st.button(_("Запази името"), key="save-own-name"):
            try:
                call_oneself(said)
            except ObhvatError as error:
                html.notice("act", str(error))
                return
            st.rerun()
