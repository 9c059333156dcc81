"""The drill: municipalities, then a municipality's schools, then a school's classes."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.indicators import Rule
from obhvat.indicators.flags import (
    month_before,
)
from obhvat.indicators.measures import measures
from obhvat.store import Store
from obhvat.ui.filters import ALL_SCHOOLS, WHOLE_OBLAST, View
from obhvat.ui.risk.tables import (
    hidden_in,
    inside,
    place_table,
    total_words,
)
from obhvat.ui.widgets import html


def show(store: Store, of_oblast: pd.DataFrame, rule: Rule, month: date, view: View, hidden: bool) -> None:
    """The drill: municipalities, then a municipality's schools, then a school's classes."""
    place = "class_name" if view.scope.school else "school" if view.scope.municipality else "municipality"
    title = {"municipality": "По общини", "school": "По училища", "class_name": "По паралелки"}[place]
    total = total_words(inside(of_oblast, view), rule, hidden)
    html.part(title, f"{total} над прага; броят и средното подреждат различно – натиснете ред")
    if view.scope.municipality or view.scope.school:
        back = "Назад към общината" if view.scope.school and view.scope.municipality else "Назад към областта"
        st.button(back, icon=":material/arrow_back:", on_click=_back)
    if place == "class_name" and not view.is_inside:
        html.quiet("По паралелки се показва само във вътрешния изглед.")
        return
    earlier = (month_before(month), month.replace(year=month.year - 1))
    frames = [of_oblast, *(measures(store, m, view.scope.moment) for m in earlier)]
    within = view.scope.municipality
    secret = [
        frozenset() if place == "class_name" else hidden_in(frame, rule, view.disclosure, place, within)
        for frame in frames
    ]
    noun = "деца" if rule.of_unit == "days" else "ученици"
    table = place_table([inside(frame, view) for frame in frames], rule, place, view, secret, noun)
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


def _back() -> None:
    if st.session_state.get("school") not in (None, ALL_SCHOOLS):
        st.session_state["school"] = ALL_SCHOOLS
    else:
        st.session_state["municipality"] = WHOLE_OBLAST
