"""Which school: by a part of its name, or by its row; and the ways back from it."""

from __future__ import annotations

import streamlit as st

from obhvat.datasets import dataset
from obhvat.language import _
from obhvat.ui.filters import View
from obhvat.ui.place_filters import ALL_SCHOOLS
from obhvat.ui.session import role
from obhvat.ui.shell import page_file, pages_of
from obhvat.ui.widgets import html

_LEAVING = "leave-school"


def choose_school(view: View) -> None:
    """Which school? By typing a part of its name, or by its row."""
    html.lead(_("Изберете училище: всичко за него се показва на един екран."))
    schools = view.institutions
    if view.scope.municipality:
        schools = schools[schools["municipality"] == view.scope.municipality]
    if schools.empty:
        html.notice("mind", _("Няма качен регистър на институциите за този период. Качете го от страница „Качване“."))
        return
    codes = schools["code"].tolist()
    st.selectbox(
        _("Търсене по име, населено място или код"),
        codes,
        index=None,
        format_func=lambda code: view.label_of(code),
        placeholder=_("Пишете част от името"),
        key="find-school",
        on_change=lambda: _choose(view, st.session_state["find-school"]),
    )
    kinds = dataset("schools")["kind"]
    table = schools.assign(kind=[_(kinds.caption_of(code)) for code in schools["kind"]])
    table = table[["municipality", "name", "settlement", "kind", "code"]]
    table.columns = [_("Община"), _("Училище"), _("Населено място"), _("Вид"), _("Код")]
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=620 if len(table) > 16 else "auto",
        key="schools",
        on_select=lambda: _choose(view, *(codes[n] for n in st.session_state["schools"].selection.rows)),
        selection_mode="single-row",
    )


def _choose(view: View, *codes: str) -> None:
    """The filter „Училище“ itself is set: it is what the address and the other pages know."""
    for code in codes:
        st.session_state["school"] = view.label_of(code)


def back_buttons() -> None:
    """The ways back, without the school and with everything else that was chosen."""
    bar = st.container(horizontal=True, horizontal_alignment="right", gap="small")
    for page, label in (("inspections", _("Към проверките")), ("risk", _("Към риска"))):
        if page not in pages_of(role()):
            continue
        bar.button(label, icon=":material/arrow_back:", key=f"to-{page}", on_click=lambda page=page: _leave_to(page))


def _leave_to(page: str) -> None:
    st.session_state["school"] = ALL_SCHOOLS
    st.session_state[_LEAVING] = page


def go_back_if_asked() -> None:
    """Once the filters know that no school is chosen, go where `back_buttons` was told."""
    if page := st.session_state.pop(_LEAVING, None):
        st.switch_page(page_file(page), query_params={})
