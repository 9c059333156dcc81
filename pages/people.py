"""Хора: who may see and do what, from when until when; who signs in with what; what was changed."""

from __future__ import annotations

import streamlit as st

from obhvat.language import _
from obhvat.store import Store
from obhvat.ui.data_status import looks
from obhvat.ui.people import given, passwords, register, rights
from obhvat.ui.session import is_together, open_store
from obhvat.ui.shell import page_titles
from obhvat.ui.widgets import html


def main(store: Store) -> None:
    """The page: who is in the register on a day, then what is done with it."""
    by = register.acts()
    by.must("people")
    register.sentence(store)
    having, giving, changing, entering, history, table, seen = st.tabs(
        [
            _("Кой има право"),
            _("Дай право"),
            _("Смени или прекрати"),
            _("Парола и адрес"),
            _("История"),
            _(rights.PART),
            _("Кой какво е гледал"),
        ]
    )
    with having:
        register.show(store)
    with giving:
        given.give(store, by)
    with changing:
        given.change_or_end(store, by)
    with entering:
        passwords.show(store, by)
    with history:
        register.history(store)
    with table:
        rights.show_rights(page_titles())
    with seen:
        if is_together():
            looks.show_lines(store)
        else:
            html.quiet(_("Докато се работи без вход, записът е на страница „Данни“, във вътрешния изглед."))


main(open_store())
