"""Whose each step of a case is and in how many working days."""

from __future__ import annotations

import streamlit as st

from obhvat.cases.terms import MOST_DAYS, OWNERS, Step, default_terms, set_terms, term_versions, terms_of
from obhvat.language import _
from obhvat.store import Store
from obhvat.texts import counted, moment
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_TERM_WIDTHS = [5.2, 2.2, 1.2]


def show(store: Store) -> None:
    """Whose each step of a case is and in how many working days: one form, saved as one version."""
    used = terms_of(store)
    html.part(
        _("Стъпки по случаите: институция и срок"),
        _(
            "чия е стъпката и до колко работни дни, след като случаят е стигнал до нея; почивните и "
            "празничните дни не се броят"
        ),
    )
    if saved := st.session_state.pop("saved-terms", ""):
        html.notice("good", saved)
    may = viewer().may("settings")
    with st.form("terms", border=False):
        titles = (_("Стъпка и откъде идва срокът"), _("Институция"), _("Работни дни"))
        for column, title in zip(st.columns(_TERM_WIDTHS, vertical_alignment="bottom"), titles, strict=True):
            with column:
                html.show(tag("div", title, css="rule-head"))
        asked = {step.code: _asked_term(step, used.version, may) for step in used.steps}
        save = may and st.form_submit_button(_("Запази институциите и сроковете"), type="primary")
    if save:
        in_force = {step.code: (step.owner, step.working_days) for step in used.steps}
        changed = {code: term for code, term in asked.items() if term != in_force[code]}
        if not changed:
            html.notice("mind", _("Нищо не е променено."))
        else:
            version = set_terms(store, changed, viewer())
            st.session_state["saved-terms"] = _("Записано: версия {version} на сроковете.").format(version=version)
            st.rerun()
    before = term_versions(store)
    if before.empty:
        html.quiet(_("Никой не е сменял институция или срок: в сила са дадените по подразбиране."))
        return
    rows = [
        (str(version), moment(rows["set_at"].iloc[0]), rows["set_by"].iloc[0], html.bullets(rows["change"]))
        for version, rows in before.groupby("version", sort=False)
    ]
    html.show(tag("div", html.table([_("Версия"), _("Кога"), _("Кой"), _("Какво се промени")], rows), css="versions"))


def _asked_term(step: Step, version: int, may: bool) -> tuple[str, int]:
    declared = default_terms()[step.code]
    about, whose, days = st.columns(_TERM_WIDTHS, vertical_alignment="center")
    was = (
        _("По подразбиране: {OWNERS}, {working_days}. ").format(
            OWNERS=_(OWNERS[declared.owner]), working_days=counted(declared.working_days, "работен ден")
        )
        if (step.owner, step.working_days) != (declared.owner, declared.working_days)
        else ""
    )
    with about:
        html.show(tag("div", bold(step.name), tag("p", was, step.source, translate="no"), css="rule"))
    owner = whose.selectbox(
        _("{name}: институция").format(name=step.name),
        [*OWNERS],
        [*OWNERS].index(step.owner),
        format_func=lambda owner: _(OWNERS[owner]),
        label_visibility="collapsed",
        disabled=not may,
        key=f"owner-{step.code}-{version}",
    )
    working_days = days.number_input(
        _("{name}: работни дни").format(name=step.name),
        1,
        MOST_DAYS,
        step.working_days,
        label_visibility="collapsed",
        disabled=not may,
        key=f"days-{step.code}-{version}",
    )
    return str(owner), int(working_days)
