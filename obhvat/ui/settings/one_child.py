"""One child's rights: what is held about it, given to the parent, corrected, restricted, erased; with a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from obhvat.cases.child_answers import correct_child, erase_child
from obhvat.cases.one_child import (
    Held,
    entries_of_child,
    erased_before,
    find_child,
    held_of,
    looks_at,
    why_kept,
)
from obhvat.errors import ObhvatError
from obhvat.language import BULGARIAN, N_, _, speaking
from obhvat.people.child_requests import ANSWERS, GROUNDS, Answer, Request, answer, requests, restricted
from obhvat.people.keeping import held_by, kinds_of
from obhvat.people.log import looked
from obhvat.reports.child import child_document, child_workbook, request_document, request_file_name
from obhvat.store import Store
from obhvat.texts import counted, moment, number
from obhvat.ui.people.lock import while_open
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import confirmed, do, drawn, show_written
from obhvat.ui.widgets.html import bold, tag

PART = N_("Искания за дете")
_CHILD, _GIVEN, _FORM = "asked-child", "given-child", "child-answer"
_TYPED, _FAULT = "child-typed", "child-fault"
_WORD = N_("изтрий")
_WHAT_IT_DOES: dict[Answer, str] = {
    "shown": N_("След протокола се изтеглят сведението за родителя и таблиците."),
    "corrected": N_(
        "Ред от файл се поправя от изпращача: посочете му файла и реда; новият файл замества стария. Въведеното тук се "
        "оттегля и се въвежда наново в „Случаи“."
    ),
    "restricted": N_(
        "Редовете за детето се пазят, но не се показват и не се изтеглят никъде освен тук. В числата детето остава: те "
        "не сочат никого, нужни са за важен обществен интерес (чл. 18, пар. 2 от ОРЗД), а число, паднало с едно, би го "
        "посочило. В изтегления регистър случаят му липсва: не качвайте обратно такъв файл."
    ),
    "lifted": N_("Редовете за детето се показват отново. Преди това лицето се уведомява."),
    "erased": N_(
        "Изтриването не може да се отмени: редовете за детето се изтриват и файлът на базата се записва наново без "
        "тях. Числата на закритите заседания остават, другите вече се броят без детето. Нов файл на училището, в който "
        "детето е, ще го върне: за това остава отбелязан код, по който качването пита."
    ),
    "refused": N_(
        "Данните остават. Отказът и причината се пишат до искащия в срок от един месец (чл. 12, пар. 4 от ОРЗД)."
    ),
}


def show(store: Store) -> None:
    """The question for the identifier, what is held, the answer, and the protocols; for who may answer."""
    if not viewer().may("forget"):
        html.quiet(_("На искания за дете отговаря експерт от РУО."))
        return
    html.part(_("Искане за данните на дете"), _("достъп, коригиране, ограничаване и изтриване по чл. 15–18 от ОРЗД"))
    child = st.session_state.get(_CHILD)
    if child is None:
        show_written()
        _ask(store)
    else:
        _child(store, child)
    _protocols(requests(store))


def _ask(store: Store) -> None:
    with st.form("child", border=False):
        st.text_input(
            _("ЕГН, ЛНЧ или служебен номер"),
            type="password",
            key=_TYPED,
            autocomplete="off",
            placeholder=_("на детето"),
        )
        st.form_submit_button(_("Покажи какво се пази"), type="primary", on_click=_find, args=(store,))
    html.quiet(
        _(
            "Първо се уверете кой иска и че представлява детето. Номерът не се записва никъде: от него веднага става "
            "кодът, под който базата знае детето. Остава само, че сте търсили."
        )
    )
    if fault := st.session_state.pop(_FAULT, ""):
        html.notice("act", fault)


def _find(store: Store) -> None:
    """Before the page is drawn: nothing of what was typed is left when it is."""
    typed, st.session_state[_TYPED] = st.session_state[_TYPED], ""
    try:
        st.session_state[_CHILD] = find_child(store, viewer(), typed)
    except ObhvatError as error:
        st.session_state[_FAULT] = str(error)
    else:
        st.session_state.pop(_GIVEN, None)


def _child(store: Store, child: int) -> None:
    held = held_of(store, viewer(), child)
    n_rows = sum(len(each.rows) for each in held)
    if held:
        html.lead(_("За детето се пазят "), bold(counted(n_rows, "ред")), ".")
    else:
        html.lead(_("За това дете в базата "), bold(_("няма данни")), ".")
    if child in restricted(store):
        html.notice("mind", _("Обработването е ограничено: тези редове се показват само тук."))
    if (before := erased_before(store, viewer(), child)) is not None:
        html.notice("mind", _("Данните за детето са изтривани по искане: протокол № {n}.").format(n=before))
    for each in held:
        with st.expander(f"{each.title} · {number(len(each.rows))}", type="compact"):
            cells = each.rows.astype(object).where(each.rows.notna(), "–")
            html.show(html.table(list(each.rows.columns), [*cells.itertuples(index=False, name=None)]))
    _answer(store, child, held, n_rows)
    show_written()
    if st.session_state.get(_GIVEN):
        _give(store, child, held)
    if st.button(_("Приключи"), key="child-end", help=_("Забравя за кое дете става дума.")):
        _let_go()
        st.rerun()


def _let_go() -> None:
    for name in (_CHILD, _GIVEN):
        st.session_state.pop(name, None)


def _answer(store: Store, child: int, held: Sequence[Held], n_rows: int) -> None:
    """The decision, its ground and its reason."""
    html.part(_("Отговор"), _("решава човек: основанието и причината остават в протокола"))
    is_restricted = child in restricted(store)
    offered: list[Answer] = ["shown"]
    if held:
        offered += ["corrected", "lifted" if is_restricted else "restricted", "erased"]
    offered.append("refused")
    n = drawn()
    what = st.selectbox(_("Решение"), offered, format_func=lambda each: _(ANSWERS[each]), key=f"child-what-{n}")
    html.quiet(_(_WHAT_IT_DOES[what]))
    if what == "erased":
        if against := why_kept(store, viewer(), child, date.today()):
            html.notice("act", html.bullets(against))
            return
        if files := held_by(store):
            html.show(tag("p", _("Тези копия ще държат изтритото, докато не ги изтриете:")), html.bullets(files))
    entry_id: int | None = None
    with st.form(f"{_FORM}-{n}-{what}", border=True):
        ground = st.selectbox(_("Основание"), GROUNDS[what], format_func=_, key=f"child-ground-{n}-{what}")
        if what == "corrected":
            entry_id = _entry(store, child, n)
        reason = st.text_input(
            _("Причина"), key=f"child-reason-{n}-{what}", max_chars=300, placeholder=_("без имена и номера")
        )
        names = confirmed(_FORM)
        typed = (
            st.text_input(_("За потвърждение напишете „{word}“").format(word=_(_WORD)), key=f"child-word-{n}")
            if what == "erased"
            else ""
        )
        if not st.form_submit_button(_("Запиши протокола"), type="primary"):
            return
    if what == "erased" and typed.strip().lower() != _(_WORD):
        html.notice("act", _("Нищо не е изтрито: потвърдете с думата „{word}“.").format(word=_(_WORD)))
        return

    def write() -> str:
        asked = (ground, reason)
        if what == "erased":
            made = erase_child(store, viewer(), child, *asked, confirmed=names)
            _let_go()
            left = _(" Файлът на базата още не е записан наново: става при следващото ѝ отваряне.")
            return f"{made.entry_id}.{left if store.is_unclean else ''}"
        if what == "corrected":
            made = correct_child(store, viewer(), child, entry_id, *asked, confirmed=names)
        else:
            made = answer(store, viewer(), child, what, *asked, n_rows, confirmed=names)
        st.session_state[_GIVEN] = what == "shown"
        return f"{made.entry_id}."

    with st.spinner(_("Записва се…")):
        do(write, _("{what}: протокол № {{}}").format(what=_(ANSWERS[what])), _FORM)


def _entry(store: Store, child: int, n: int) -> int | None:
    rows = entries_of_child(store, viewer(), child)
    words = {
        int(row["entry_id"]): f"{row['what']}: {row['words']}"
        for row in rows[rows["mark"] != "withdrawn"].to_dict("records")
    }
    return st.selectbox(
        _("Оттегля се"),
        [None, *words],
        format_func=lambda each: words.get(each, _("нищо: поправя се от изпращача")),
        key=f"child-entry-{n}",
    )


def _give(store: Store, child: int, held: Sequence[Held]) -> None:
    """What is given to the parent."""
    who, at = viewer(), datetime.now()

    def taken(file: bytes) -> bytes:
        looked(store, who, "export_children", children=[child], place=ANSWERS["shown"])
        return file

    def told() -> tuple[Held, ...]:
        # A document is Bulgarian whoever makes it.
        with speaking(BULGARIAN):
            return held_of(store, who, child)

    def document() -> bytes:
        years = {kind.id: kind.years for kind in kinds_of(store)}
        return taken(child_document(told(), years, looks_at(store, who, child), at, who.person))

    bar = st.container(horizontal=True, gap="small")
    bar.download_button(
        _("Сведение за родителя (Word)"), while_open("forget", document),
        _("сведение-{at:%Y-%m-%d}.docx").format(at=at), icon=":material/download:", on_click="ignore", key="child-docx",
    )  # fmt: skip
    if held:
        bar.download_button(
            _("Таблици (Excel)"), while_open("forget", lambda: taken(child_workbook(told(), at, who.person))),
            _("сведение-{at:%Y-%m-%d}.xlsx").format(at=at), icon=":material/download:", on_click="ignore",
            key="child-xlsx",
        )  # fmt: skip


def _protocols(made: Sequence[Request]) -> None:
    if not made:
        return
    html.part(_("Протоколи по искания"), _("без име и номер: кое дете е, пише само на хартията"))
    for request in made:
        title = _("№ {n}, {at}, {what}").format(
            n=request.entry_id, at=moment(request.at), what=_(ANSWERS[request.what])
        )
        with st.expander(title, type="compact"):
            rows = [
                (_("Основание"), _(request.ground)),
                (_("Причина"), request.reason),
                (_("Редове"), number(request.n_rows)),
                (_("Решил"), request.who),
            ]
            html.show(tag("dl", *(tag("div", tag("dt", k), tag("dd", v)) for k, v in rows), css="facts"))
            if request.copies:
                html.show(tag("p", _("Копия, които още държат изтритото:")), html.bullets(request.copies))
            st.download_button(
                _("Протокол в Word"),
                data=lambda request=request: request_document(request),
                file_name=request_file_name(request),
                on_click="ignore",
                icon=":material/download:",
                key=f"request-{request.entry_id}",
            )
