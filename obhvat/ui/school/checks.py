"""What was checked in the school, what became of it, and when the next check is."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.inspections.next_visits import STATES, planned_against_done, ranking
from obhvat.language import _
from obhvat.periods import Period
from obhvat.reports.visit_order import week_words
from obhvat.store import Store
from obhvat.texts import counted, out_of
from obhvat.texts import day as words_of_day
from obhvat.ui.filters import View
from obhvat.ui.inspections import visit_plan
from obhvat.ui.inspections.tables import each, timeline
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, joined

_SHOWN = 5


def made_and_owed(made: pd.DataFrame, findings: pd.DataFrame, day: date) -> None:
    """What was checked and what became of it, the newest first."""
    html.part(_("Проверки и констатации"), _("всички, към {words_of_day}").format(words_of_day=words_of_day(day)))
    if made.empty:
        html.notice("act", _("Няма проверка на училището."))
        return
    rows = timeline(made, findings)
    html.show(html.table([_("Дата"), _("Вид"), _("Констатация и препоръка"), _("Изпълнение")], rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        with st.expander(_("И {rows} по-рано").format(rows=counted(len(rows) - _SHOWN, "проверка")), type="compact"):
            html.show(html.table([_("Дата"), _("Вид"), _("Констатация и препоръка"), _("Изпълнение")], rows[_SHOWN:]))


def next_check(store: Store, code: str, view: View) -> None:
    """How soon it should be checked, and whether somebody has planned to."""
    ranked = ranking(store, visit_plan.planning_day(store, view), view.scope.moment)
    row = ranked[ranked["school"] == code]
    html.part(_("Следваща проверка"))
    lines: list[object] = []
    if len(row):
        # Its place among the others is by the share of its children over the threshold.
        place = (
            bold(_("По ред: {place}. ").format(place=out_of(row.iloc[0]["place"], len(ranked))))
            if view.is_inside
            else ""
        )
        lines.append(joined([place, row.iloc[0]["reason"]]))
    planned = planned_against_done(store, Period(view.period.start_year, "year"), view.scope.moment)
    for visit in each(planned[planned["school"] == code]):
        state = _(STATES[visit.state])
        when = _(" на {done_on:%d.%m.%Y} г.").format(done_on=visit.done_on) if visit.state == "done" else ""
        lines.append(
            joined(
                [bold(_("В плана за седмицата {week_words}: ").format(week_words=week_words(visit.week))), state, when]
            )
        )
    if len(lines) < 2:
        lines.append(_("Не е в запазен план за тази учебна година."))
    html.show(html.bullets(lines))
