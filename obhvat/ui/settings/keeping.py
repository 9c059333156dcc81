"""How long each kind of data is kept, what is due, forgetting it, and what stays of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import N_, _
from obhvat.metrics.forgetting import forget_due, kept_figures
from obhvat.people.forgetting import Due, due, due_within_a_year
from obhvat.people.keeping import MOST_YEARS, Kind, held_by, kinds_of, protocols, set_years, versions_of_years
from obhvat.reports.forgotten import file_name, protocol_document
from obhvat.reports.kept_figures import kept_workbook
from obhvat.store import Store
from obhvat.texts import counted, day, moment, number
from obhvat.ui.filters import is_inside
from obhvat.ui.people.lock import while_open
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_WIDTHS = [6.4, 1.2]
_WORD = N_("заличи")


def show(store: Store) -> None:
    """The terms, what is due and its button, the protocols, the figures that stayed."""
    if saved := st.session_state.pop("saved-keeping", ""):
        html.notice("good", saved)
    _terms(store)
    today = date.today()
    _due(store, today)
    _later(due_within_a_year(store, today))
    _protocols(store)
    _figures(store)


def _terms(store: Store) -> None:
    html.part(_("Срокове за пазене"), _("колко години се пазят данните за деца и за служители и на какво основание"))
    before = versions_of_years(store)
    drawn = len(before)
    with st.form("keeping", border=False):
        for column, title in zip(
            st.columns(_WIDTHS, vertical_alignment="bottom"), (_("Данни"), _("Години")), strict=True
        ):
            with column:
                html.show(tag("div", title, css="rule-head"))
        kinds = kinds_of(store)
        may = viewer().may("settings")
        asked = {kind.id: _asked(kind, drawn, may) for kind in kinds}
        save = may and st.form_submit_button(_("Запази сроковете за пазене"), type="primary")
    html.quiet(
        _(
            "Без срок остават числата, заседанията и решенията, проверките и обходите, регистърът на институциите и "
            "сборните данни: в тях няма дете."
        )
    )
    if save:
        try:
            is_changed = set_years(store, asked, viewer())
        except ObhvatError as error:
            html.notice("act", str(error))
            return
        if is_changed:
            st.session_state["saved-keeping"] = _("Сроковете за пазене са записани.")
            st.rerun()
        html.notice("mind", _("Нищо не е променено."))
    if not before.empty:
        rows = [(moment(at), by, change) for at, by, change in before.itertuples(index=False, name=None)]
        html.show(html.table([_("Кога"), _("Кой"), _("Какво се промени")], rows))


def _asked(kind: Kind, drawn: int, may: bool) -> int:
    about, years = st.columns(_WIDTHS, vertical_alignment="center")
    with about:
        holds = _("{holds}; от {since}. ").format(holds=kind.holds, since=kind.since)
        html.show(tag("div", bold(kind.name), tag("p", holds, kind.ground), css="rule"))
    return int(
        years.number_input(
            _("{name}: години").format(name=kind.name),
            1,
            MOST_YEARS,
            kind.years,
            label_visibility="collapsed",
            disabled=not may,
            key=f"keeping-{kind.id}-{drawn}",
        )
    )


def _due(store: Store, today: date) -> None:
    html.part(_("С изтекъл срок"), _("какво може да се заличи сега"))
    things = due(store, today)
    if not things:
        html.notice("good", _("Няма данни с изтекъл срок."))
        return
    html.show(_table(things))
    html.quiet(
        _(
            "Заличаването не може да се отмени: редовете се изтриват и файлът на базата се записва наново без тях. "
            "Преди това числата на годините се запазват. Показателите, които гледат назад (повторно отпаднали, "
            "по-раншен случай, колко време се работи), броят след това само пазеното."
        )
    )
    if files := held_by(store):
        html.show(tag("p", _("Тези копия ще държат заличеното, докато не ги изтриете:")), html.bullets(files))
    if not viewer().may("forget"):
        return
    with st.form("forget", clear_on_submit=True, border=False):
        typed = st.text_input(_("За потвърждение напишете „{word}“").format(word=_(_WORD)), key="forget-word")
        pressed = st.form_submit_button(_("Заличи данните с изтекъл срок"), type="primary")
    if not pressed:
        return
    if typed.strip().lower() != _(_WORD):
        html.notice("act", _("Нищо не е заличено: потвърдете с думата „{word}“.").format(word=_(_WORD)))
        return
    with st.spinner(_("Числата се запазват, данните се заличават…")):
        done = forget_due(store, viewer())
    if done:
        rows = counted(sum(of.n_rows for of in done.forgotten), "ред")
        left = (
            _(" Файлът на базата още не е записан наново: става при следващото ѝ отваряне.") if store.is_unclean else ""
        )
        st.session_state["saved-keeping"] = _("Заличено: {rows}. Протоколът е по-долу.{left}").format(
            rows=rows, left=left
        )
    st.rerun()


def _later(things: Sequence[Due]) -> None:
    html.part(_("До 12 месеца"), _("на какво изтича срокът"))
    if not things:
        html.quiet(_("До една година не изтича срокът на нищо."))
        return
    html.show(_table(things))


def _table(things: Iterable[Due]) -> str:
    rows = [
        (
            thing.kind.name,
            thing.of,
            day(thing.since) if thing.since else _("всеки ден"),
            number(thing.n_rows),
        )
        for thing in things
    ]
    return html.table([_("Данни"), _("За кога"), _("Срокът изтича на"), _("Редове")], rows, numbers=[3])


def _protocols(store: Store) -> None:
    made = protocols(store)
    if not made:
        return
    html.part(_("Протоколи за заличаване"), _("какво, кога, от кого и на какво основание"))
    for protocol in made:
        rows = [(of.kind, of.of, number(of.n_rows)) for of in protocol.forgotten]
        title = _("{at}, {who}").format(at=moment(protocol.at), who=protocol.who)
        with st.expander(title):
            html.show(html.table([_("Данни"), _("За кога"), _("Редове")], rows, numbers=[2]))
            if not viewer().may("forget"):
                continue
            st.download_button(
                _("Протокол в Word"),
                data=while_open("forget", lambda protocol=protocol: protocol_document(protocol)),
                file_name=file_name(protocol),
                on_click="ignore",
                icon=":material/download:",
                key=f"protocol-{protocol.entry_id}",
            )


def _figures(store: Store) -> None:
    rows = kept_figures(store)
    if rows.empty:
        return
    html.part(
        _("Числа на заличените години"), _("както са били преди заличаването; за областта, по общини – във файла")
    )
    if not is_inside():
        html.quiet(
            _("Малките числа в тях не са скрити: показват се, след като на „Преглед“ изберете изгледа „Вътрешен“.")
        )
        return
    of_oblast = rows[rows["municipality"] == ""]
    periods = list(dict.fromkeys(of_oblast["period"]))
    period = st.selectbox(_("Период"), periods, format_func=lambda p: p.label, key="kept-period")
    of_period = of_oblast[of_oblast["period"] == period]
    shown = [
        (row["name"], number(row["value"], 2 if row["value"] % 1 else 0), f"{row['reporting']} / {row['places']}")
        for row in of_period.to_dict("records")
    ]
    html.show(html.table([_("Показател"), _("Стойност"), _("Подали от всички")], shown, numbers=[1, 2]))
    if not viewer().may("export"):
        return
    st.download_button(
        _("Excel с всички числа"),
        data=while_open("export", lambda: kept_workbook(rows)),
        file_name=_("числа-на-заличени-години.xlsx"),
        on_click="ignore",
        icon=":material/download:",
        key="kept-xlsx",
    )
