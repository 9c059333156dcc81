"""What an expert must decide: children the rules found who have no case, and entries a register disagrees with."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from obhvat.cases.children import children_behind, conflicts_for, proposals_for
from obhvat.cases.conflicts import Keep, settle
from obhvat.cases.proposals import confirm, decline
from obhvat.language import _
from obhvat.periods import month_label
from obhvat.scope import Window
from obhvat.scope.days import newest_month_of
from obhvat.texts import counted, moment, number
from obhvat.ui.cases import same_child
from obhvat.ui.cases.tables import Looked, each
from obhvat.ui.looks import saw
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import captions, confirmed, do, drawn, show_written
from obhvat.ui.widgets.html import bold, tag

_LISTED = 200


def show_proposals(looked: Looked) -> None:
    """Children over the rules without a case. None becomes one until somebody says so."""
    view, known_at = looked.view, looked.known_at
    month = newest_month_of(looked.store, Window(view.period, known_at, view.day))
    if month is None:
        html.notice("mind", _("Няма качени отсъствия, от които правилата да предложат случаи."))
        return
    proposed = proposals_for(looked.store, looked.viewer, month, known_at)
    if view.scope.municipality:
        proposed = proposed[proposed["municipality"] == view.scope.municipality]
    if view.scope.school:
        proposed = proposed[proposed["school"] == view.scope.school]
    proposed = proposed.sort_values("score", ascending=False, ignore_index=True)
    html.part(
        _("Предложения от правилата: {proposed}").format(proposed=counted(len(proposed), "дете")),
        _("над праговете към {month_label}, без случай; случай става само когато експерт потвърди").format(
            month_label=month_label(month)
        ),
    )
    show_written()
    if proposed.empty:
        html.notice("good", _("Няма дете над праговете без случай, за което да не е решено."))
        return
    saw(
        looked.store,
        view,
        "proposals",
        children=children_behind(looked.store, looked.viewer, month, known_at, proposed["key"]),
    )
    table = pd.DataFrame(
        {
            _("Община"): proposed["municipality"],
            _("Училище"): [view.name_of(code) for code in proposed["school"]],
            _("Паралелка"): proposed["class_name"],
            _("Точки"): proposed["score"],
            _("Защо"): proposed["why"],
            _("Ред във файла"): proposed["line"],
            _("Файл"): proposed["file"],
        }
    )
    left, right = st.columns([2.1, 1], gap="large")
    with left:
        picked = st.dataframe(
            table.head(_LISTED),
            hide_index=True,
            width="stretch",
            height=560,
            placeholder="–",
            key=f"proposals-{view.scope.municipality}-{view.scope.school}-{drawn()}",
            on_select="rerun",
            selection_mode="single-row",
        )
        if len(table) > _LISTED:
            html.quiet(
                _("Показани са първите {LISTED} от {table} по точки.").format(LISTED=_LISTED, table=number(len(table)))
            )
    with right:
        rows = picked.selection.rows if picked else []
        _decide(looked, month, proposed.iloc[rows[0] if rows else 0], chosen=bool(rows))


def _decide(looked: Looked, month, proposal: pd.Series, *, chosen: bool) -> None:
    where = _("{name_of}, паралелка {class_name}").format(
        name_of=looked.view.name_of(proposal["school"]), class_name=proposal["class_name"] or _("без наименование")
    )
    html.part(_("Решение"), _("изберете друг ред, за да решите за друго дете") if chosen else _("за първото в списъка"))
    read = (
        _("{file}, ред {line}").format(file=proposal["file"], line=proposal["line"])
        if proposal["file"]
        else _("няма го в отсъствията за месеца и в списъка")
    )
    html.show(
        html.bullets(
            [where, _("{why} ({score} т.)").format(why=proposal["why"], score=number(proposal["score"])), read]
        )
    )
    categories, reasons = captions("cases", "category"), captions("cases", "reason")
    with st.form(f"confirm-{drawn()}-{proposal['key']}", border=True):
        category = st.selectbox(
            _("Категория"), [*categories], [*categories].index("at_risk"), format_func=categories.__getitem__
        )
        reason = st.selectbox(
            _("Причина"), [*reasons], None, format_func=reasons.__getitem__, placeholder=_("не е известна")
        )
        yes = st.form_submit_button(_("Потвърди като случай"), type="primary", icon=":material/add_task:")
    with st.form(f"decline-{drawn()}-{proposal['key']}", border=True):
        why = st.text_input(_("Защо не е случай"), placeholder=_("без имена"), max_chars=300)
        no_names = confirmed("decline")
        no = st.form_submit_button(_("Отклони предложението"))
    key = proposal["key"]
    if yes:
        do(
            lambda: confirm(
                looked.store, month, looked.known_at, key, category=category, reason=reason, viewer=viewer()
            ),
            _("Открит е случай {}."),
        )
    if no:
        if not why.strip():
            html.notice("act", _("Напишете защо предложението се отклонява: това остава в историята."))
            return
        do(
            lambda: decline(looked.store, month, looked.known_at, key, why.strip(), viewer(), confirmed=no_names),
            _("Отклонено."),
            "decline",
        )


def show_conflicts(looked: Looked) -> None:
    """Entries that a newer register says otherwise: both versions, and who decides."""
    disagreeing = conflicts_for(looked.store, looked.viewer, looked.day, looked.known_at)
    if looked.view.scope.municipality:
        disagreeing = disagreeing[disagreeing["municipality"] == looked.view.scope.municipality]
    html.part(
        _("Разминавания: {disagreeing}").format(disagreeing=number(len(disagreeing))),
        _("въведено тук и качен регистър казват различно за едно и също; нищо не се губи, докато не решите"),
    )
    show_written()
    if disagreeing.empty:
        html.notice("good", _("Въведеното тук и качените регистри не си противоречат."))
    looked.saw(disagreeing["case_number"])
    for conflict in each(disagreeing):
        with st.container(border=True):
            html.show(
                tag(
                    "h3",
                    _("Случай {case_number}, {municipality}").format(
                        case_number=conflict.case_number, municipality=conflict.municipality
                    ),
                    css="conflict",
                )
            )
            left, right = st.columns(2, gap="large")
            entered_by = _("въведено от {entered_by} на {entered_at}").format(
                entered_by=conflict.entered_by, entered_at=moment(conflict.entered_at)
            )
            with left:
                html.show(bold(_("Въведено тук")), tag("p", conflict.entered), tag("p", entered_by, css="quiet"))
            with right:
                html.show(
                    bold(_("В регистъра")),
                    tag("p", conflict.uploaded),
                    tag(
                        "p",
                        ""
                        if pd.isna(conflict.line)
                        else _("{file}, ред {line}").format(file=conflict.file, line=conflict.line),
                        css="quiet",
                    ),
                )
            bar = st.container(horizontal=True, gap="small")
            choices: list[tuple[Keep, str]] = [("entered", _("Важи въведеното")), ("uploaded", _("Важи регистърът"))]
            if conflict.what == "action":
                choices.append(("both", _("Важат и двете")))
            for keep, caption in choices:
                if bar.button(caption, key=f"{keep}-{conflict.entry_id}"):
                    do(
                        _settled(looked, int(conflict.entry_id), keep),
                        _("{caption}: случай {case_number}.").format(caption=caption, case_number=conflict.case_number),
                    )
    same_child.show(looked)


def _settled(looked: Looked, entry_id: int, keep: Keep) -> Callable[[], None]:
    return lambda: settle(looked.store, entry_id, keep, viewer(), day=looked.day)
