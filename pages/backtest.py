"""Проверка на правилата: do the rules work? What they said in a past month against who left afterwards."""

from __future__ import annotations

from datetime import date

import streamlit as st

from obhvat.indicators.backtest import known_until, past_months, window_end
from obhvat.indicators.thresholds import RuleSet, rules_of
from obhvat.language import _
from obhvat.periods import month_label, school_year_of_month
from obhvat.store import Store
from obhvat.texts import counted
from obhvat.ui.backtest import definitions, rules, sentence, tiles
from obhvat.ui.backtest.tested import Tested, backtested, end_of
from obhvat.ui.filters import View, choose
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    if view.is_press:
        html.lead(_("Тази страница не е за пресата: тя проверява правилата, по които работят екипите."))
        html.notice("mind", _("Изберете „За членовете“ или „Вътрешен“."))
        return
    months = [m for m in past_months(store, view.scope.moment) if school_year_of_month(m) == view.period.start_year]
    if not months:
        html.lead(_("За тази учебна година още няма минал месец, след който да е подадено нещо."))
        html.notice("mind", _("Нужни са месец с отсъствия и списъци или отсъствия след него. Изберете друга година."))
        return
    until = known_until(store, view.scope.moment)
    month, ahead, k = _asked(months, until, view)
    in_force = rules_of(store, view.scope.moment)
    tested = backtested(store, month, ahead, k, in_force, view)
    sentence.answer(tested)
    sentence.notices(tested, until, view)
    if not tested.leavers or tested.is_secret:
        definitions.show(tested, in_force)
    else:
        _details(tested, in_force)
    html.stamp(
        _("Цялата област"),
        _("{children} в училища и предучилищни групи").format(children=counted(int(tested.score["children"]), "дете")),
        _("прагове: {words}").format(words=in_force.words),
    )


def _details(tested: Tested, in_force: RuleSet) -> None:
    tiles.show(tested)
    left, right = st.columns([1.3, 1], gap="large")
    with left:
        rules.picture_among_published(tested, in_force)
    with right:
        definitions.show(tested, in_force)
    rules.table(tested, in_force)


def _asked(months: list[date], until: date | None, view: View) -> tuple[date, int, int]:
    """The past month, how many months ahead, and how many children the teams can visit."""
    first, second, third = st.columns([1, 0.8, 2], vertical_alignment="bottom")
    over = [m for m in months if until and window_end(end_of(m), 3) <= until]
    default = over[0] if over else months[-1]
    if view.period.kind == "month" and view.period.months[0] in months:
        default = view.period.months[0]
    labels = {month_label(m): m for m in months}
    # The choices change with the year, and with them the widget.
    month = first.selectbox(
        _("Минал месец"),
        list(labels),
        index=months.index(default),
        key=f"month-{view.period.start_year}",
        bind="query-params",
    )
    ahead = second.selectbox(
        _("Напуснали в следващите"),
        range(1, 7),
        index=2,
        format_func=lambda n: counted(n, "месец"),
        key="ahead",
        bind="query-params",
    )
    k = third.slider(_("Колко деца могат да посетят екипите"), 10, 300, 30, 5, key="visits", bind="query-params")
    return labels.get(str(month), default), int(ahead or 3), int(k)


draw(main)
