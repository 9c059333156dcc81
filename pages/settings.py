"""Настройки: from when a child is at risk. Every threshold with the law or the study beside it, by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.indicators import Rule, default_rules
from obhvat.indicators.measures import lessons_a_day
from obhvat.indicators.thresholds import RuleSet, difference, rules_of, set_rules, versions
from obhvat.ingest import current_user
from obhvat.store import Store
from obhvat.texts import capitalized, counted, grade_words, moment
from obhvat.ui.session import open_store
from obhvat.ui.settings import rules, terms, word_forms
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

GROUPS = (
    ("Отсъствия", "по месечните файлове и по предмети; часове и дни не се събират", {"absences", "subject_absences"}),
    ("Успех", "оценките за срока", {"results"}),
    ("Списъци и случаи", "списъците на училищата и регистърът на случаите", {"pupils", "cases"}),
)  # fmt: skip


def main(store: Store) -> None:
    """The page: what is in force, the rules, the terms, what was set before; what will be saved stays in sight."""
    used = rules_of(store)
    _sentence(used)
    # A new version, or giving up, draws the fields anew.
    drawn = f"{used.version}-{st.session_state.get('given_up', 0)}"
    asked: dict[str, Rule] = {}
    *groups, steps, documents, lessons, history = st.tabs(
        [
            *(title for title, _, _ in GROUPS),
            *("Стъпки и срокове", "Бланки и документи", "Възможни часове", "История на праговете"),
        ]
    )
    for tab, (_, note, reads) in zip(groups, GROUPS, strict=True):
        with tab:
            html.quiet(capitalized(note), ".")
            rules.heads()
            for rule in used.rules:
                if rule.reads in reads:
                    asked[rule.id] = rules.asked(rule, drawn)
    with steps:
        terms.show(store)
    with documents:
        word_forms.show(store)
    with lessons:
        _lessons()
    with history:
        rules.history(versions(store), used.version)
    _save(store, used, {rule_id: rule for rule_id, rule in asked.items() if rule != used[rule_id]})


def _sentence(used: RuleSet) -> None:
    if used.since is None:
        html.lead("В сила са праговете ", bold("по подразбиране"), " – никой не ги е сменял.")
    else:
        same = " – същите като по подразбиране" if used.rules == default_rules() else ""
        since = f" на праговете от {moment(used.since)} ({used.by}){same}."
        html.lead("В сила е ", bold(f"версия {used.version}"), since)
    html.quiet(
        "Промяната важи от записа нататък; картината към по-ранна дата пази праговете от тогава. Изключено правило "
        "не отбелязва никого и не носи точки."
    )


def _save(store: Store, used: RuleSet, changed: Mapping[str, Rule]) -> None:
    """What will change, and the buttons; always in sight."""
    with st.container(key="save"):
        words = [difference(used[rule_id], rule) for rule_id, rule in changed.items()]
        none = st.session_state.pop("saved", "Няма незаписани промени на праговете.")
        told, buttons = st.columns([1.2, 1], vertical_alignment="center")
        with told:
            html.show(html.bullets(words) if words else tag("p", none, css="quiet"))
        bar = buttons.container(horizontal=True, horizontal_alignment="right", gap="small")
        if bar.button("Запази праговете", type="primary", disabled=not changed, key="set"):
            _set(store, changed, "Записано")
        if changed and bar.button("Откажи промените", key="give_up"):
            st.session_state["given_up"] = st.session_state.get("given_up", 0) + 1
            st.rerun()
        if bar.button(
            "Върни праговете по подразбиране",
            disabled=used.rules == default_rules(),
            help="Записва се като нова версия; досегашните остават в историята.",
            key="declared",
        ):
            _set(store, {rule.id: rule for rule in default_rules()}, "Върнати са праговете по подразбиране")


def _set(store: Store, changed: Mapping[str, Rule], what: str) -> None:
    try:
        version = set_rules(store, changed, current_user())
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state["saved"] = f"{what}: версия {version}."
    st.rerun()


def _lessons() -> None:
    html.part("Възможни часове", "по колко часа на учебен ден се смята, че ученикът може да отсъства; само за четене")
    html.show(html.table(["Класове", "На учебен ден"], list(_lesson_rows(lessons_a_day()))))
    html.quiet(
        "Закръглено от рамковите учебни планове на Наредба № 4/2015 г.; дните са учебните дни без празниците и "
        "ваканциите."
    )


def _lesson_rows(lessons: Mapping[int, int]) -> Iterable[tuple[str, str]]:
    """„I–IV клас“, „5 часа“: neighbouring grades with the same lessons together."""
    yield "Предучилищни групи", "1 ден"
    for n, grades in groupby(sorted(g for g in lessons if g > 0), lessons.__getitem__):
        same = list(grades)
        first, last = (grade_words(grade) for grade in (same[0], same[-1]))
        yield last if first == last else f"{first.removesuffix(' клас')}–{last}", counted(n, "час")


main(open_store())
