"""Who looked at what, for who may see it: by person, kind and day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import streamlit as st

from obhvat.language import N_, _
from obhvat.people.log import WHAT, Export, What, log_of, verify
from obhvat.people.means import DAYS, given_to_who_sees_children
from obhvat.store import Store
from obhvat.texts import counted, number, out_of
from obhvat.ui.filters import View
from obhvat.ui.looks import looks_table
from obhvat.ui.people import passwords
from obhvat.ui.people.lock import while_open
from obhvat.ui.session import is_together
from obhvat.ui.widgets import html

_SHOWN = 300
_LAST = 30
_EVERYBODY, _EVERYTHING, _EVERY_EXPORT = N_("всички"), N_("всичко"), N_("всяко изтегляне")


def show(store: Store, view: View) -> None:
    """Closed until somebody asks; inside only."""
    if not (view.is_inside and view.viewer.may("log")):
        return
    html.part(
        _("Кой какво е гледал"),
        _("всяко отваряне на случай и списък с деца, изтегляне, качване и отмяна; без име и номер на дете"),
    )
    with st.expander(_("Показване на записа"), type="compact", key="looks", on_change="rerun") as opened:
        if opened.open:
            show_lines(store)
    if not is_together():
        return
    label = _("Дадени пароли и адреси за вход на хора, които виждат деца")
    with st.expander(label, type="compact", key="given", on_change="rerun") as opened:
        if opened.open:
            html.quiet(_("През последните {days}.").format(days=counted(DAYS, "ден")))
            passwords.show_given(given_to_who_sees_children(store, store.now()))


def show_lines(store: Store) -> None:
    """The lines of the log, by person, kind and day; for who may see them, whatever else they may see."""
    log, today = log_of(store), datetime.now().date()
    who, what, since, until, button = st.columns([1.2, 1.6, 1, 1, 1], vertical_alignment="bottom")
    first = since.date_input(_("От кой ден"), today - timedelta(days=_LAST), format="DD.MM.YYYY", key="looks-since")
    last = until.date_input(_("До кой ден"), today, format="DD.MM.YYYY", key="looks-until")
    between = log.looks(
        since=first if isinstance(first, date) else None, until=last if isinstance(last, date) else None
    )
    people = [_EVERYBODY, *sorted({look.person for look in between})]
    person = who.selectbox(_("Кой"), people, format_func=_of_everybody, key="looks-person")
    kinds: dict[str, frozenset[What]] = {
        _EVERYTHING: frozenset(WHAT),
        _EVERY_EXPORT: frozenset(get_args(Export)),
        **{words: frozenset({kind}) for kind, words in WHAT.items()},
    }
    kind = what.selectbox(_("Какво"), [*kinds], format_func=_, key="looks-what")
    found = [
        look
        for look in between
        if person in (None, _EVERYBODY, look.person) and look.what in kinds.get(str(kind), frozenset(WHAT))
    ]
    if button.button(
        _("Провери дали е цял"), key="looks-verify", help=_("Няма ли променен, добавен или премахнат ред.")
    ):
        _verify(store)
    if not found:
        html.quiet(_("Няма запис за избраното."))
        return
    table = looks_table(found)
    st.dataframe(
        table.head(_SHOWN), hide_index=True, width="stretch", height=330, placeholder="–", key="looks-table",
        alt=_("Кой какво е гледал"),
    )  # fmt: skip
    if len(found) > _SHOWN:
        html.quiet(_("Показани са последните {shown}; всички са в CSV.").format(shown=out_of(_SHOWN, len(found))))
    st.download_button(
        _("Изтегли като CSV"),
        while_open("log", lambda: table.to_csv(index=False).encode("utf-8-sig")),
        _("кой-какво-е-гледал-{today:%Y-%m-%d}.csv").format(today=today),
        icon=":material/download:",
        on_click="ignore",
    )


def _of_everybody(person: str) -> str:
    return _(person) if person == _EVERYBODY else person


def _verify(store: Store) -> None:
    found = verify(store)
    if found.is_whole:
        words = _("Записът е цял: {lines}.").format(lines=counted(found.lines, "ред"))
        if found.cut:
            words += _(" По-старите ({n}) са премахнати с изтекъл срок.").format(n=number(found.cut))
        html.notice("good", words)
        return
    html.notice(
        "act",
        _(
            "Записът не е какъвто е бил: ред в него е променен, добавен или премахнат. Кои са редовете, казва "
            "„obhvat audit verify“. Съобщете на длъжностното лице по защита на данните."
        ),
    )
