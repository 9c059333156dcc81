"""The parts of the meeting's page: decisions, agenda, attendance, closing and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from obhvat.cases.terms import OWNERS
from obhvat.language import _
from obhvat.meeting import freeze
from obhvat.meeting.checklist import decision_lacks
from obhvat.meeting.decisions import (
    KINDS,
    STATES,
    add,
    change,
    decisions,
    history,
    item_of,
    tells_term,
    to_follow,
    what_happened,
)
from obhvat.meeting.meetings import (
    GROUPS,
    Meeting,
    attendance,
    invited,
    place_words,
    set_agenda,
    set_attendance,
    withdraw_meeting,
)
from obhvat.meeting.slide import KEYS, TITLES, Slide, text_slide
from obhvat.people.keeping import forgotten_words
from obhvat.store import Store
from obhvat.texts import counted, day, moment, was
from obhvat.ui.meeting.lacks import ask_lacks, is_meant
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import confirmed, do, drawn, show_written
from obhvat.ui.widgets.html import bold, tag


def due_words(value: Any) -> str:
    """A term, or that there is none."""
    return _("без срок") if pd.isna(value) else day(value)


def ours(store: Store, meeting: Meeting) -> None:
    """What was decided before and what became of it, and what is proposed and decided now."""
    show_written()
    followed = to_follow(store, meeting.held_on)
    # The last meeting first; of the older ones only what is not done is still here.
    for then in sorted(followed["meeting"].unique(), reverse=True):
        rows = followed[followed["meeting"] == then]
        done, late = int((rows["state"] == "done").sum()), int((rows["late"] > 0).sum())
        note = _("{was} {done} от {whole}").format(was=was("изпълнен", done, "решение"), done=done, whole=len(rows)) + (
            _(", с изтекъл срок – {late}").format(late=late) if late else ""
        )
        is_last = then == followed["meeting"].max()
        age = _("отпреди {days}").format(days=counted((meeting.held_on - then.date()).days, "ден"))
        html.part(
            (_("Решенията от {day}") if is_last else _("Още в работа от {day}")).format(day=day(then)),
            f"{age}; {note}" if is_last else age,
        )
        _follow(store, rows)
    html.part(_("Това заседание"), _("предложения, добри практики и решения по реда, в който са внесени"))
    every = decisions(store, meeting.held_on)
    own = every[every["meeting"].dt.date == meeting.held_on]
    if own.empty:
        html.quiet(_("Още няма нищо внесено."))
    else:
        _follow(store, own, () if meeting.is_closed else _items(meeting))
    if not meeting.is_closed and viewer().may("meeting"):
        _enter(store, meeting)


def _items(meeting: Meeting) -> tuple[str, ...]:
    """Those of the agenda that a decision can be taken under; '' for none."""
    return ("", *(item_of(of) if isinstance(of, Slide) else of for of in meeting.agenda))


def _item_words(item: str) -> str:
    return _(TITLES.get(item, item)) or _("не е посочена")


def _of_whom(name: str | None) -> str:
    return place_words(name) if name else ""


def _follow(store: Store, rows: pd.DataFrame, items: Sequence[str] = ()) -> None:
    """A row a decision, each with what became of it and a way to say more; `items` are those it may be moved to."""
    for _unused, row in rows.iterrows():
        words, button = st.columns([6, 1], vertical_alignment="center")
        with words:
            html.show(
                tag(
                    "div",
                    bold(f"{_(KINDS[row['kind']]).capitalize()} {row['n']}. "),
                    row["text"],
                    tag(
                        "div",
                        f"{_of_whom(row['proposed_by']) or _('без вносител')} → "
                        f"{_of_whom(row['addressed_to']) or _('без отговорник')} · "
                        + ("" if tells_term(row) else f"{due_words(row['due'])} · ")
                        + what_happened(row)
                        + (_(" · по „{item}“").format(item=_item_words(row["item"])) if row["item"] else ""),
                        css="quiet",
                    ),
                    css="decision late" if row["late"] else "decision",
                )
            )
        if not viewer().may("meeting"):
            continue
        with button.popover(_("Отбележи"), use_container_width=True):
            _change(store, row, items)


def _change(store: Store, row: pd.Series, items: Sequence[str]) -> None:
    key = row["decision_id"]
    with st.form(f"change-{key}", border=False):
        kinds, states = list(KINDS), list(STATES)
        kind = st.selectbox(_("Вид"), kinds, kinds.index(row["kind"]), format_func=lambda k: _(KINDS[k]))
        item = row["item"]
        if items:
            # It may have been taken under one that is no more on the agenda.
            choice = [*dict.fromkeys([*items, item])]
            item = st.selectbox(_("По точка"), choice, choice.index(item), format_func=_item_words)
        state = st.selectbox(_("Изпълнение"), states, states.index(row["state"]), format_func=lambda s: _(STATES[s]))
        outcome = st.text_input(_("Какво е направено"), row["outcome"] or "", placeholder=_("кратко, без имена"))
        due = st.date_input(
            _("Срок"),
            None if pd.isna(row["due"]) else row["due"].date(),
            format="DD.MM.YYYY",
        )
        no_names = confirmed(f"change-{key}")
        if st.form_submit_button(_("Запиши"), type="primary"):
            when = due if isinstance(due, date) else None
            do(
                lambda: change(
                    store,
                    key,
                    kind=kind if kind != row["kind"] else None,
                    item=item,
                    state=state,
                    outcome=outcome,
                    due=when,
                    confirmed=no_names,
                    viewer=viewer(),
                ),
                _("Записано."),
                f"change-{key}",
            )
    told = history(store, key)
    if len(told) > 1:
        lines = [
            f"{moment(entry['said_at'])}, {entry['said_by']}: {_(STATES[entry['state']])}, {due_words(entry['due'])}"
            for _unused, entry in told.iterrows()
        ]
        html.show(tag("p", _("История:"), css="quiet"), html.bullets(lines))


_NEW = "new-decision"


def _enter(store: Store, meeting: Meeting) -> None:
    html.part(_("Ново предложение, практика или решение"), _("без имена и без номера на случаи: чете се в залата"))
    with st.form(f"{_NEW}-{drawn()}", border=True):
        what, under = st.columns([1.7, 1])
        kind = what.segmented_control(
            _("Вид"),
            list(KINDS),
            format_func=lambda k: _(KINDS[k]),
            default="decision",
            required=True,
        )
        item = under.selectbox(_("По точка"), _items(meeting), format_func=_item_words)
        text = st.text_area(_("Текст"), placeholder=_("Общините да представят данни за наложените санкции"), height=90)
        columns = st.columns([1.3, 1.3, 1, 0.8], vertical_alignment="bottom")
        places = ["", *invited(store)]
        by = columns[0].selectbox(_("Вносител"), places, format_func=place_words)
        to = columns[1].selectbox(_("Отговорник"), ["", *GROUPS, *places[1:]], format_func=place_words)
        due = columns[2].date_input(_("Срок"), None, format="DD.MM.YYYY", min_value=meeting.held_on)
        no_names = confirmed(_NEW)
        ask_lacks(_NEW, _("Добави"))
        if columns[3].form_submit_button(_("Добави"), type="primary"):
            when = due if isinstance(due, date) else None
            if kind == "decision" and text.strip() and not is_meant(_NEW, to, when):
                st.rerun()
            do(
                lambda: add(
                    store,
                    meeting.meeting_id,
                    kind or "decision",
                    text,
                    by or "",
                    to or "",
                    when,
                    item=item,
                    confirmed=no_names,
                    viewer=viewer(),
                ),
                _("Добавено."),
                _NEW,
            )


def agenda(store: Store, meeting: Meeting) -> None:
    """The slides in their order: up, down, out; and a slide of one's own words."""
    show_written()
    order, is_kept = list(meeting.agenda), meeting.is_closed or not viewer().may("meeting")

    def put(changed: list[str | Slide], words: str, no_names: tuple[str, ...] = ()) -> None:
        do(
            lambda: set_agenda(store, meeting.meeting_id, changed, viewer(), confirmed=no_names),
            words,
            "text-slide",
        )

    html.part(_("Слайдовете в залата"), _("по този ред; всеки казва едно нещо в едно изречение с число"))
    for n, slide in enumerate(order):
        words, *buttons = st.columns([7, 0.6, 0.6, 0.9], vertical_alignment="center")
        own = isinstance(slide, Slide)
        title = slide.title if isinstance(slide, Slide) else _(TITLES[slide])
        with words:
            html.show(
                tag("div", bold(f"{n + 1}. "), title, tag("span", _(" · свой текст"), css="quiet") if own else "")
            )
        if is_kept:
            continue
        for button, name, icon, step in ((buttons[0], "up", "↑", -1), (buttons[1], "down", "↓", 1)):
            off = not 0 <= n + step < len(order)
            says = f"{title}: {_('по-напред') if step < 0 else _('по-назад')}"
            if button.button(icon, key=f"agenda-{name}-{n}", disabled=off, help=says):
                moved = order[:]
                moved[n], moved[n + step] = moved[n + step], moved[n]
                put(moved, _("Редът е сменен."))
        if buttons[2].button(_("Премахни"), key=f"agenda-out-{n}", disabled=len(order) == 1):
            left = [*order[:n], *order[n + 1 :]]
            put(left, _("„{title}“ е премахнат.").format(title=title))
    if is_kept:
        return
    missing = [key for key in KEYS if key not in order]
    if missing:
        html.part(_("Извън дневния ред"))
        bar = st.container(horizontal=True, gap="small")
        for key in missing:
            if bar.button(f"+ {_(TITLES[key])}", key=f"agenda-in-{key}"):
                put([*order, key], _("Добавен е."))
    with st.form("text-slide", border=True):
        html.show(tag("b", _("Свой слайд")))
        title = st.text_input(_("Заглавие"), placeholder=_("Добри практики"))
        sentence = st.text_area(_("Изречение"), placeholder=_("Без имена и без номера на случаи"), height=80)
        no_names = confirmed("text-slide")
        if st.form_submit_button(_("Добави слайда")):
            put([*order, text_slide(title, sentence)], _("Слайдът е добавен накрая."), no_names)


def present(store: Store, meeting: Meeting) -> None:
    """Which institutions came, and who stood for them."""
    show_written()
    people = attendance(store, meeting.meeting_id)
    # Who chairs is there, until somebody says otherwise.
    chairs = ~people["said"] & (people["institution"] == OWNERS["governor"]) & bool(meeting.chair)
    table = pd.DataFrame(
        {
            _("Институция"): people["institution"].map(place_words),
            _("Присъства"): people["present"] | (chairs & (not meeting.is_closed)),
            _("Представена от"): people["represented_by"].fillna(""),
        }
    )
    if meeting.is_closed or not viewer().may("meeting"):
        html.show(
            html.table(
                list(table.columns),
                [(i, _("да") if p else _("не"), by or "–") for i, p, by in table.itertuples(index=False)],
            )
        )
        return
    edited = st.data_editor(
        table,
        hide_index=True,
        width="stretch",
        disabled=[_("Институция")],
        key=f"attendance-{meeting.meeting_id}",
        height=38 + 36 * len(table),
    )

    def keep(*, everybody: bool) -> None:
        said = zip(people["institution"], people["said"], strict=True)
        for (institution, noted), (_was, before), (_is, now) in zip(
            said, table.iterrows(), edited.iterrows(), strict=True
        ):
            came = everybody or bool(now.iloc[1])
            if not noted or list(before) != [now.iloc[0], came, now.iloc[2]]:
                by = str(now.iloc[2] or "")
                set_attendance(store, meeting.meeting_id, institution, came, by, viewer=viewer())

    bar = st.container(horizontal=True, gap="small")
    if bar.button(_("Запиши присъствието"), type="primary"):
        do(lambda: keep(everybody=False), _("Присъствието е записано."))
    if bar.button(_("Всички присъстват")):
        do(lambda: keep(everybody=True), _("Присъствието е записано: всички."))


def close(store: Store, meeting: Meeting) -> None:
    """Close the meeting: what is shown now is kept as it is."""
    show_written()
    html.part(
        _("Закриване на заседанието"),
        _(
            "числата и слайдовете се записват, както са сега; след това заседанието се отваря със същите числа, "
            "дори когато данните се променят"
        ),
    )
    for lack in _lacks(store, meeting):
        html.notice("act", lack)
    sure = st.checkbox(_("Проверих решенията и присъствието"))
    came = bool(attendance(store, meeting.meeting_id)["present"].any())
    bar = st.container(horizontal=True, gap="small")
    if bar.button(_("Закрий заседанието"), type="primary", disabled=not sure):
        if came:
            _close(store, meeting)
        st.session_state[_NOBODY] = meeting.meeting_id
    if bar.button(_("Отмени заседанието"), help=_("Само ако в него нищо не е внесено.")):
        do(lambda: withdraw_meeting(store, meeting.meeting_id, viewer()), _("Заседанието е отменено."))
    if not came and sure and st.session_state.get(_NOBODY) == meeting.meeting_id:
        html.notice("mind", _("Никой не е отбелязан като присъстващ. Да се закрие ли заседанието така?"))
        if st.button(_("Да, закрий без присъстващи")):
            _close(store, meeting)


_NOBODY = "closed-with-nobody"


def _close(store: Store, meeting: Meeting) -> None:
    do(
        lambda: freeze.close_meeting(store, meeting.meeting_id, viewer()),
        _("Заседанието е закрито, числата му са записани."),
    )


def _lacks(store: Store, meeting: Meeting) -> Iterator[str]:
    """What a protocol signed now would lack."""
    if not attendance(store, meeting.meeting_id)["present"].any():
        yield _("Присъствието не е отбелязано: в протокола няма да има присъстващи. Отбележете го в „Присъствие“.")
    for lack in decision_lacks(store, meeting):
        yield _("{lack} Допълнете ги в „Решения“.").format(lack=lack)


def now_and_then(store: Store, meeting: Meeting) -> None:
    """What a closed meeting's figures would be today, and what changed them."""
    show_written()
    changed = freeze.changed_since(store, meeting.meeting_id)
    html.part(_("Какво се е променило след закриването"), _("показаните в залата числа остават същите"))
    if gone := forgotten_words(store, meeting.period.start_year):
        html.notice("mind", gone, _(" Показаното в залата остава; с днес не се сравнява."))
        return
    if changed.empty:
        html.notice("good", _("Нищо: днес числата биха били същите."))
        return
    whole = changed[changed["municipality"] == ""]
    html.show(tag("p", _("Променени показатели за областта: {n}.").format(n=counted(len(whole), "показател"))))
    html.show(html.bullets(f"{name}: {words}" for name, words in zip(whole["name"], whole["words"], strict=True)))
    told = freeze.causes(store, meeting.meeting_id)
    html.part(_("От какво"), _("качено, отменено, въведено и настроено след закриването"))
    rows = [(moment(at), what, who) for at, what, who in told.itertuples(index=False, name=None)]
    html.show(html.table((_("Кога"), _("Какво"), _("Кой")), rows))
