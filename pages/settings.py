"""Настройки: from when a child is at risk. Every threshold with the law or the study beside it, by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.indicators import Rule, default_rules
from obhvat.indicators.measures import lessons_a_day
from obhvat.indicators.thresholds import RuleSet, difference, rules_of, set_rules, versions
from obhvat.language import N_, _
from obhvat.store import Store
from obhvat.texts import capitalized, counted, grade_words, moment
from obhvat.ui.people import pin
from obhvat.ui.session import is_together, open_store, viewer
from obhvat.ui.settings import keeping, one_child, rules, terms, word_forms
from obhvat.ui.shell import page_file
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

GROUPS = (
    (
        N_("Отсъствия"),
        N_("по месечните файлове и по предмети; часове и дни не се събират"),
        {"absences", "subject_absences"},
    ),
    (N_("Успех"), N_("оценките за срока"), {"results"}),
    (N_("Списъци и случаи"), N_("списъците на училищата и регистърът на случаите"), {"pupils", "cases"}),
)


def main(store: Store) -> None:
    """The page: what is in force, the rules, the terms, what was set before; what will be saved stays in sight."""
    used = rules_of(store)
    _sentence(used)
    if not is_together():
        label = _("Когато ще работят няколко души: кой какво ще вижда")
        st.page_link(page_file("people"), label=label, icon=":material/group:")
    # A new version, or giving up, draws the fields anew.
    drawn = f"{used.version}-{st.session_state.get('given_up', 0)}"
    asked: dict[str, Rule] = {}
    may = viewer().may("settings")
    *groups, steps, documents, terms_of_keeping, of_child, lessons, history, locking = st.tabs(
        [
            *(_(title) for title, _unused, _unused in GROUPS),
            *(_("Стъпки и срокове"), _("Бланки и документи"), _("Срокове за пазене"), _(one_child.PART)),
            *(_("Възможни часове"), _("История на праговете")),
            _(pin.PART),
        ]
    )
    for tab, (_unused, note, reads) in zip(groups, GROUPS, strict=True):
        with tab:
            html.quiet(capitalized(_(note)), ".")
            rules.heads()
            for rule in used.rules:
                if rule.reads in reads:
                    asked[rule.id] = rules.asked(rule, drawn, may)
    with steps:
        terms.show(store)
    with documents:
        word_forms.show(store)
    with terms_of_keeping:
        keeping.show(store)
    with of_child:
        one_child.show(store)
    with lessons:
        _lessons()
    with history:
        rules.history(versions(store), used.version)
    with locking:
        pin.show()
    if may:
        _save(store, used, {rule_id: rule for rule_id, rule in asked.items() if rule != used[rule_id]})


def _sentence(used: RuleSet) -> None:
    if used.since is None:
        html.lead(_("В сила са праговете "), bold(_("по подразбиране")), _(" – никой не ги е сменял."))
    else:
        same = _(" – същите като по подразбиране") if used.rules == default_rules() else ""
        since = _(" на праговете от {since} ({by}){same}.").format(since=moment(used.since), by=used.by, same=same)
        html.lead(_("В сила е "), bold(_("версия {version}").format(version=used.version)), since)
    html.quiet(
        _(
            "Промяната важи от записа нататък; картината към по-ранна дата пази праговете от тогава. "
            "Изключено правило не отбелязва никого и не носи точки."
        )
    )


def _save(store: Store, used: RuleSet, changed: Mapping[str, Rule]) -> None:
    """What will change, and the buttons; always in sight."""
    with st.container(key="save"):
        words = [difference(used[rule_id], rule) for rule_id, rule in changed.items()]
        none = st.session_state.pop("saved", _("Няма незаписани промени на праговете."))
        told, buttons = st.columns([1.2, 1], vertical_alignment="center")
        with told:
            html.show(html.bullets(words) if words else tag("p", none, css="quiet"))
        bar = buttons.container(horizontal=True, horizontal_alignment="right", gap="small")
        if bar.button(_("Запази праговете"), type="primary", disabled=not changed, key="set"):
            _set(store, changed, _("Записано"))
        if changed and bar.button(_("Откажи промените"), key="give_up"):
            st.session_state["given_up"] = st.session_state.get("given_up", 0) + 1
            st.rerun()
        if bar.button(
            _("Върни праговете по подразбиране"),
            disabled=used.rules == default_rules(),
            help=_("Записва се като нова версия; досегашните остават в историята."),
            key="declared",
        ):
            _set(store, {rule.id: rule for rule in default_rules()}, _("Върнати са праговете по подразбиране"))


def _set(store: Store, changed: Mapping[str, Rule], what: str) -> None:
    try:
        version = set_rules(store, changed, viewer())
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state["saved"] = _("{what}: версия {version}.").format(what=what, version=version)
    st.rerun()


def _lessons() -> None:
    html.part(
        _("Възможни часове"), _("по колко часа на учебен ден се смята, че ученикът може да отсъства; само за четене")
    )
    html.show(html.table([_("Класове"), _("На учебен ден")], list(_lesson_rows(lessons_a_day()))))
    html.quiet(
        _(
            "Закръглено от рамковите учебни планове на Наредба № 4/2015 г.; дните са учебните дни без "
            "празниците и ваканциите."
        )
    )


def _lesson_rows(lessons: Mapping[int, int]) -> Iterable[tuple[str, str]]:
    """„I–IV клас“, „5 часа“: neighbouring grades with the same lessons together."""
    yield _("Предучилищни групи"), _("1 ден")
    for n, grades in groupby(sorted(g for g in lessons if g > 0), lessons.__getitem__):
        same = list(grades)
        first, last = (grade_words(grade) for grade in (same[0], same[-1]))
        yield last if first == last else f"{first.removesuffix(_(' клас'))}–{last}", counted(n, "час")


main(open_store())
