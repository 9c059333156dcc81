"""The drill: municipalities, then a municipality's schools, then a school's classes."""

from __future__ import annotations

from datetime import date
from typing import Literal

import streamlit as st

from obhvat.disclosure import Shown
from obhvat.indicators import Rule
from obhvat.indicators.flags import (
    month_before,
)
from obhvat.indicators.tables import over_by_place
from obhvat.language import _
from obhvat.metrics import figure, lists_words
from obhvat.periods import month_period
from obhvat.store import Store
from obhvat.ui.filters import View
from obhvat.ui.place_filters import ALL_SCHOOLS, WHOLE_OBLAST
from obhvat.ui.risk.tables import (
    numbers_of_classes,
    place_table,
)
from obhvat.ui.widgets import html


def show(store: Store, rule: Rule, month: date, view: View) -> None:
    """The drill: municipalities, then a municipality's schools, then a school's classes."""
    place: Literal["municipality", "school", "class_name"] = "municipality"
    if view.scope.municipality or view.scope.school:
        place = "class_name" if view.scope.school else "school"
    title = {"municipality": _("По общини"), "school": _("По училища"), "class_name": _("По паралелки")}[place]
    over = figure(store, f"flags_{rule.id}", month_period(month), view.scope)
    total = view.disclosure.figure(over)
    total_words = (
        _("броят е скрит") if total.is_hidden and not total.is_band else _("{text} над прага").format(text=total.text)
    )
    lacking = f", {words}" if (words := lists_words(over)) else ""
    html.part(
        title,
        _("{total_words}{lacking}; броят и средното подреждат различно – натиснете ред").format(
            total_words=total_words, lacking=lacking
        ),
    )
    if _came_from_above(view):
        back = _("Назад към общината") if view.scope.school and view.scope.municipality else _("Назад към областта")
        st.button(back, icon=":material/arrow_back:", on_click=_back)
    if place == "class_name" and not view.is_inside:
        html.quiet(_("По паралелки се показва само във вътрешния изглед."))
        return
    months = (month, month_before(month), month.replace(year=month.year - 1))
    moments = [_numbers(store, rule, when, place, view) for when in months]
    noun = _("деца") if rule.of_unit == "days" else _("ученици")
    table = place_table(over_by_place(store, month, rule, place, view.scope), rule, place, view, moments, noun)
    shown = table.drop(columns="place")
    if place == "class_name":
        st.dataframe(shown, hide_index=True, width="stretch", placeholder="–", key="classes")
        return
    # Another table is another widget: what was chosen in the last one is not chosen in this.
    key = f"places-{rule.id}-{view.scope.municipality}"

    def go_to() -> None:
        rows = st.session_state[key].selection.rows
        code = table.loc[rows[0], "place"] if rows else ""
        if place == "municipality" and code:
            st.session_state["municipality"] = code
        if place == "school" and code in set(view.institutions["code"]):
            st.session_state["school"] = view.label_of(code)

    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        placeholder="–",
        key=key,
        on_select=go_to,
        selection_mode="single-row",
    )


def _came_from_above(view: View) -> bool:
    """Whether a wider place can be gone back to; who has one municipality has none above it."""
    if view.viewer.role.place == "municipality":
        return bool(view.scope.school)
    return bool(view.scope.municipality or view.scope.school)


def _numbers(
    store: Store, rule: Rule, month: date, place: Literal["municipality", "school", "class_name"], view: View
) -> dict[str, Shown]:
    """How many are over the rule in a month, by place."""
    if place == "class_name":
        return numbers_of_classes(over_by_place(store, month, rule, place, view.scope), view.disclosure)
    over = figure(store, f"flags_{rule.id}", month_period(month), view.scope.of_oblast)
    return view.disclosure.counts(over, place)


def _back() -> None:
    if st.session_state.get("school") not in (None, ALL_SCHOOLS):
        st.session_state["school"] = ALL_SCHOOLS
    else:
        st.session_state["municipality"] = WHOLE_OBLAST
