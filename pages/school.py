"""Училище: everything about one school on one screen. What should whoever goes there know?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.indicators.tables import listed
from obhvat.language import _
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Window
from obhvat.scope.days import cases_day, newest_month_of
from obhvat.store import Store
from obhvat.texts import counted
from obhvat.texts import day as day_words
from obhvat.ui.cases import one_case
from obhvat.ui.cases.tables import Looked
from obhvat.ui.filters import View, choose
from obhvat.ui.inspections.tables import as_of, checks_of
from obhvat.ui.school import absences, checks, pupils, tiles
from obhvat.ui.school.choice import back_buttons, choose_school, go_back_if_asked
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, joined
from obhvat.ui.widgets.tile import tiles as row_of_tiles


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    go_back_if_asked()
    if view.is_press:
        html.lead(_("Страницата на едно училище не е за пресата: показват се само числа за областта."))
        return
    if not view.scope.school:
        choose_school(view)
        return
    about = view.institutions[view.institutions["code"] == view.scope.school].iloc[0]
    _page(store, view, about)


def _page(store: Store, view: View, about: pd.Series) -> None:
    code, moment = str(about["code"]), view.scope.moment
    is_preschool = about["level"] == "kindergarten"
    per_child = "unexcused_days_per_child" if is_preschool else "unexcused_per_pupil"
    over = "children_over_threshold" if is_preschool else "pupils_over_threshold"
    month = newest_month_of(store, Window(view.period, moment, view.day))
    on_list = listed(store, month, view.scope) if month else None
    day = as_of(store, view)
    made, findings = checks_of(store, code, day, moment)
    first_line, back = st.columns([3.1, 1], vertical_alignment="center")
    with first_line:
        _sentence(store, about, view)
    with back:
        back_buttons()
    here, oblast = (
        figure(store, per_child, view.period, scope, view.day) for scope in (view.scope, view.scope.of_oblast)
    )
    html.show(
        row_of_tiles(
            tiles.size(on_list, about, view),
            tiles.absences(here, oblast, view),
            tiles.over_threshold(figure(store, over, view.period, view.scope, view.day), view),
            *([] if is_preschool else tiles.checks(store, made, day, view)),
        )
    )
    left, middle, right = st.columns([1.1, 1, 1.25], gap="large")
    with left:
        year = Period(view.period.start_year, "year")
        absences.by_month(figure(store, per_child, year, view.scope.of_oblast), code, is_preschool)
        absences.submissions(store, view)
        absences.doubtful(store, month, code, view)
    with middle:
        if not is_preschool:
            pupils.grades(on_list, view)
            pupils.results(store, code, view)
        pupils.left(store, code, view)
    with right:
        if about["level"] == "school":
            checks.made_and_owed(made, findings, day)
            checks.next_check(store, code, view)
    if view.is_inside and view.viewer.role.cases == "school":
        # Who has no page of cases works here on those of the own pupils.
        one_case.show(Looked(store, view, cases_day(store, view.period, moment, view.day)))


def _sentence(store: Store, about: pd.Series, view: View) -> None:
    """The school's name, since when it is closed, and how often it was checked in the period."""
    is_closed = about["closed_on"] <= pd.Timestamp(view.period.last)
    closed = _("закрито") if about["level"] == "school" else _("закрита")
    since = (
        _(", {closed} на {day_words}").format(closed=closed, day_words=day_words(about["closed_on"]))
        if is_closed
        else ""
    )
    name = joined([bold(view.name_of(about["code"])), since])
    if about["level"] != "school":
        html.lead(name, _(", община {municipality}").format(municipality=about["municipality"]))
        return
    n = figure(store, "inspections", view.period, view.scope, view.day).n
    times = _("няма данни за проверки") if n is None else _("няма проверка") if not n else counted(int(n), "проверка")
    html.lead(name, " – ", bold(times), f" {view.period.during}")


draw(main)
