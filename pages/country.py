"""Страна: oblasts beside one another, by what is to be expected of their size. Where does work differ from need?"""

from __future__ import annotations

import streamlit as st

from obhvat.country.compared import held_against, months, pairs, senders
from obhvat.country.oblasts import trusted
from obhvat.language import _
from obhvat.store import Store
from obhvat.texts import counted, listed, moment
from obhvat.ui.country import pictures, sentences, tables
from obhvat.ui.country.choice import CASES, NEED, SO_FAR, TOTALS, VISITS, WORK, choose, found
from obhvat.ui.session import open_store
from obhvat.ui.widgets import html


def main(store: Store) -> None:
    """The page, from its sentence down."""
    sent_months = months(store)
    if not sent_months:
        _nothing_yet(store)
        return
    lead = st.container()
    month, name = choose(sent_months)
    of, need, work = (found(store, one, month) for one in (name, NEED, WORK))
    every = [*pairs(need, work)]
    with lead:
        sentences.lead(of, month)
    figures = {one: found(store, one, month) for one in TOTALS}
    figures[VISITS] = held_against(figures[VISITS], figures[CASES])
    tables.totals(figures, SO_FAR)
    sentences.other_definitions(of, *figures.values())
    left, right = st.columns(2, gap="large")
    with left:
        pictures.expected(of)
        sentences.who_is_outside(of)
    with right:
        pictures.needs(every, need, work)
        sentences.where_work_lags(every, figures[VISITS])
    now = store.now()
    tables.by_oblast(figures, senders(store, month), now.date())
    html.stamp(
        _("Числа за пресата, подписани от всяка област, без ред за дете"),
        _("към {moment}. Нула, няма данни, скрито и няма файл са четири различни неща.").format(moment=moment(now)),
    )


def _nothing_yet(store: Store) -> None:
    enrolled = [*trusted(store)]
    html.lead(_("Още няма числа от области."))
    html.quiet(_("Вписани са {n}: {names}.").format(n=counted(len(enrolled), "област"), names=listed(enrolled)))
    html.show(
        html.bullets(
            [
                _("Областта прави файла за месеца с „obhvat figures export“."),
                _("Тук той се записва с „obhvat country import ФАЙЛ“ и се отменя с „obhvat undo“."),
                _("Още област се вписва с „obhvat country trust ОБЛАСТ КЛЮЧ“."),
            ]
        )
    )


main(open_store())
