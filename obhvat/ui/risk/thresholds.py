"""What another threshold would make of the teams' work, and the bands of hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from obhvat.indicators import Operator, Rule
from obhvat.indicators.flags import (
    BURGAS_BANDS,
    SCHOOL_BANDS,
)
from obhvat.indicators.tables import pupils_in_bands, under
from obhvat.indicators.thresholds import RuleSet, set_rules
from obhvat.language import _
from obhvat.store import Store
from obhvat.texts import number
from obhvat.ui import room
from obhvat.ui.filters import View
from obhvat.ui.people import lock
from obhvat.ui.risk.tables import (
    teams_under,
)
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.notice import said_closed


@st.fragment
def what_if(store: Store, month: date, rule: Rule, rules: RuleSet, view: View) -> None:
    """Another threshold, before it is saved: what it makes of every team's work."""
    if room.is_on() or (view.is_inside and not lock.is_open()):
        # Entered or locked from another tab: a part that is drawn alone does not pass the shell.
        st.rerun()
    html.part(_("Ако прагът беше друг"), _("сега: {words}").format(words=rule.words or rule.name))
    if rule.unit == "times":
        html.quiet(_("Това правило няма праг, който да се мести."))
        return
    if said_closed(view):
        return
    step = 0.5 if rule.unit in ("hours", "days", "mark") else 1.0
    left, right = st.columns([1.3, 2], vertical_alignment="bottom")
    words: dict[Operator, str] = (
        {"<": _("под (<)")} if rule.operator == "<" else {">=": _("и повече (≥)"), ">": _("над (>)")}
    )
    operator = left.selectbox(
        _("Условие"),
        list(words),
        index=list(words).index(rule.operator),
        format_func=lambda name: words[name],
        key=f"operator-{rule.id}",
    )
    top = 40.0 if rule.unit in ("hours", "percent") else 6.0 if rule.unit == "mark" else 20.0
    least, most = min(0.5, float(rule.value)), max(top, float(rule.value))
    value = right.slider(_("Праг"), least, most, float(rule.value), step, "%g", key=f"tried-{rule.id}")
    tried = replace(rule, operator=operator, value=value)
    *rows, total = teams_under(under(store, month, rule, tried, view.scope), view)
    captions = [
        _("Община"),
        _("Сега ({words})").format(words=rule.words),
        _("При {words}").format(words=tried.words),
        _("Разлика"),
        _("Без случай"),
    ][: len(total)]
    html.show(html.table(captions, rows, numbers=range(1, len(captions)), total=total))
    if view.is_inside and view.viewer.may("settings") and tried != rule:
        label = _("Запази „{words}“ като праг").format(words=tried.words)
        if st.button(label, icon=":material/save:"):
            set_rules(store, {rule.id: tried}, viewer())
            st.rerun()


def hours(store: Store, month: date, view: View) -> None:
    html.part(_("Колко часа"), _("ученици по неизвинени часове: училищната практика и скалата за глоби на Бургас"))
    if said_closed(view):
        return
    for title, measure, edges in (
        (_("От началото на срока"), "term_unexcused", SCHOOL_BANDS),
        (_("За месеца"), "month_unexcused", BURGAS_BANDS),
    ):
        counts = pupils_in_bands(store, month, measure, edges, view.scope)
        words = [
            _("{low} и повече часа").format(low=number(low))
            if high == float("inf")
            else _("от {low} до под {high} часа").format(low=number(low), high=number(high))
            for low, high in zip(counts["low"], counts["high"], strict=True)
        ]
        shown = view.disclosure.kinds(dict(zip(words, counts["n"].astype(int).tolist(), strict=True)))
        rows = [(hours, n.text) for hours, n in shown.items()]
        html.show(html.table([title, _("Ученици")], rows, numbers=[1]))
