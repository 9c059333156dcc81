"""Настройки: from when a child is at risk. Every threshold with the law or the study beside it, by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

import pandas as pd
import streamlit as st

from obhvat.cases.terms import MOST_DAYS, OWNERS, Step, default_terms, set_terms, term_versions, terms_of
from obhvat.errors import ObhvatError
from obhvat.indicators import Operator, Rule, default_rules
from obhvat.indicators.measures import lessons_a_day
from obhvat.indicators.thresholds import MOST, RuleSet, difference, rules_of, set_rules, versions
from obhvat.ingest import current_user
from obhvat.store import Store
from obhvat.texts import counted, moment
from obhvat.ui.session import open_store
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

GROUPS = (
    ("Отсъствия", "по месечните файлове и по предмети; часове и дни не се събират", {"absences", "subject_absences"}),
    ("Успех", "оценките за срока", {"results"}),
    ("Списъци и случаи", "списъците на училищата и регистърът на случаите", {"pupils", "cases"}),
)  # fmt: skip
OPERATORS: dict[Operator, str] = {">=": "толкова и повече (≥)", ">": "повече от (>)", "<": "под (<)"}
# Unit → what stands after the number, the step and the largest value.
UNITS: dict[str, tuple[str, float, float]] = {
    "hours": ("часа", 0.5, MOST),
    "days": ("дни", 0.5, MOST),
    "percent": ("%", 0.5, 100.0),
    "subjects": ("предмета", 1.0, 99.0),
    "mark": ("", 0.01, 6.0),
    "years": ("години", 1.0, 99.0),
    "cases": ("случая", 1.0, 99.0),
}
PERIODS = {
    "month": "за месец",
    "three_months": "за три месеца",
    "term": "за срок",
    "year": "от началото на годината",
    "now": "към момента",
    "ever": "досега",
}
_WIDTHS = [5.2, 2.0, 1.3, 1.5, 1.2, 0.9]
_TERM_WIDTHS = [5.2, 2.2, 1.2]


def main(store: Store) -> None:
    """The page: what is in force, the rules, what will be saved, and what was set before."""
    used = rules_of(store)
    _sentence(used)
    # A new version, or giving up, draws the fields anew.
    drawn = f"{used.version}-{st.session_state.get('given_up', 0)}"
    asked: dict[str, Rule] = {}
    for title, note, reads in GROUPS:
        html.part(title, note)
        _heads()
        for one in used.rules:
            if one.reads in reads:
                asked[one.id] = _asked(one, drawn)
    _save(store, used, {rule_id: one for rule_id, one in asked.items() if one != used[rule_id]})
    _history(versions(store), used.version)
    _terms(store)
    _lessons()


def _sentence(used: RuleSet) -> None:
    if used.since is None:
        html.lead("В сила са праговете ", bold("по подразбиране"), " – никой не ги е сменял.")
    else:
        same = " – същите като по подразбиране" if used.rules == default_rules() else ""
        since = f" на праговете от {moment(used.since)} ({used.by}){same}."
        html.lead("В сила е ", bold(f"версия {used.version}"), since)
    html.show(
        tag(
            "p",
            "Промяната важи от записа нататък; картината към по-ранна дата пази праговете от тогава. Изключено правило "
            "не отбелязва никого и не носи точки.",
            css="quiet",
        )
    )


def _heads() -> None:
    titles = ("Правило и откъде идва", "Условие", "Праг", "Мерна единица и период", "Точки", "Включено")
    for column, title in zip(st.columns(_WIDTHS, vertical_alignment="bottom"), titles, strict=True):
        with column:
            html.show(tag("div", title, css="rule-head"))


def _asked(one: Rule, drawn: str) -> Rule:
    """A rule's fields, and the rule as they say it."""
    declared = next(rule for rule in default_rules() if rule.id == one.id)
    about, condition, limit, unit, points, switch = st.columns(_WIDTHS, vertical_alignment="center")
    with about:
        was = tag("p", "По подразбиране: ", _words(declared)) if one != declared else ""
        html.show(tag("div", bold(one.name), tag("p", one.source, translate="no"), was, css="rule"))
    operator, value = one.operator, one.value
    if one.unit in UNITS:
        after, step, most = UNITS[one.unit]
        ways = [o for o in OPERATORS if (o == "<") == (declared.operator == "<")]
        operator = condition.selectbox(
            f"{one.name}: условие",
            ways,
            ways.index(one.operator),
            format_func=OPERATORS.__getitem__,
            label_visibility="collapsed",
            disabled=len(ways) == 1,
            key=f"operator-{one.id}-{drawn}",
        )
        value = limit.number_input(
            f"{one.name}: праг",
            min_value=0.0,
            max_value=float(max(most, one.value)),
            value=float(one.value),
            step=step,
            format="%.2f" if one.unit == "mark" else "%g",
            label_visibility="collapsed",
            key=f"value-{one.id}-{drawn}",
        )
        value = round(value, 2)
        with unit:
            html.show(tag("div", f"{after} {PERIODS[one.period]}", css="rule-unit"))
    else:
        with condition:
            html.show(tag("div", "ако е така", css="rule-unit"))
    given = points.number_input(
        f"{one.name}: точки",
        min_value=0,
        max_value=MOST,
        value=one.points,
        step=1,
        label_visibility="collapsed",
        key=f"points-{one.id}-{drawn}",
    )
    on = switch.toggle(f"{one.name}: включено", one.on, label_visibility="collapsed", key=f"on-{one.id}-{drawn}")
    return replace(one, operator=operator, value=value, points=given, on=on)


def _words(one: Rule) -> str:
    limit = [one.words] if one.unit in UNITS else []
    return ", ".join([*limit, f"точки {one.points}", *([] if one.on else ["изключено"])])


def _save(store: Store, used: RuleSet, changed: Mapping[str, Rule]) -> None:
    """What will change, and the buttons; always in sight."""
    with st.container(key="save"):
        words = [difference(used[rule_id], one) for rule_id, one in changed.items()]
        none = st.session_state.pop("saved", "Няма незаписани промени.")
        told, buttons = st.columns([1.2, 1], vertical_alignment="center")
        with told:
            html.show(html.bullets(words) if words else tag("p", none, css="quiet"))
        bar = buttons.container(horizontal=True, horizontal_alignment="right", gap="small")
        if bar.button("Запази", type="primary", disabled=not changed, key="set"):
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
            _set(store, {one.id: one for one in default_rules()}, "Върнати са праговете по подразбиране")


def _set(store: Store, changed: Mapping[str, Rule], said: str) -> None:
    try:
        version = set_rules(store, changed, current_user())
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state["saved"] = f"{said}: версия {version}."
    st.rerun()


def _history(set_by_people: pd.DataFrame, in_force: int) -> None:
    html.part("История", "най-новите отгоре; нищо не се презаписва")
    if set_by_people.empty:
        html.show(tag("p", "Още няма промени.", css="quiet"))
        return
    rows = [
        (
            f"{version} – в сила" if version == in_force else str(version),
            moment(rows["set_at"].iloc[0]),
            rows["set_by"].iloc[0],
            html.bullets(rows["change"]),
        )
        for version, rows in set_by_people.groupby("version", sort=False)
    ]
    html.show(tag("div", html.table(["Версия", "Кога", "Кой", "Какво се промени"], rows), css="versions"))


def _terms(store: Store) -> None:
    """Whose each step of a case is and in how many working days: one form, saved as one version."""
    used = terms_of(store)
    html.part(
        "Стъпки по случаите: институция и срок",
        "чия е стъпката и до колко работни дни, след като случаят е стигнал до нея; почивните и празничните дни не се "
        "броят",
    )
    said = st.session_state.pop("saved-terms", "")
    if said:
        html.notice("good", said)
    with st.form("terms", border=False):
        titles = ("Стъпка и откъде идва срокът", "Институция", "Работни дни")
        for column, title in zip(st.columns(_TERM_WIDTHS, vertical_alignment="bottom"), titles, strict=True):
            with column:
                html.show(tag("div", title, css="rule-head"))
        asked = {one.code: _asked_term(one, used.version) for one in used.steps}
        save = st.form_submit_button("Запази институциите и сроковете", type="primary")
    if save:
        changed = {one.code: asked[one.code] for one in used.steps if asked[one.code] != (one.owner, one.working_days)}
        if not changed:
            html.notice("mind", "Нищо не е променено.")
        else:
            version = set_terms(store, changed, current_user())
            st.session_state["saved-terms"] = f"Записано: версия {version} на сроковете."
            st.rerun()
    before = term_versions(store)
    if before.empty:
        html.show(tag("p", "Никой не е сменял институция или срок: в сила са дадените по подразбиране.", css="quiet"))
        return
    rows = [
        (str(version), moment(said["set_at"].iloc[0]), said["set_by"].iloc[0], html.bullets(said["change"]))
        for version, said in before.groupby("version", sort=False)
    ]
    html.show(tag("div", html.table(["Версия", "Кога", "Кой", "Какво се промени"], rows), css="versions"))


def _asked_term(one: Step, version: int) -> tuple[str, int]:
    declared = default_terms()[one.code]
    about, whose, days = st.columns(_TERM_WIDTHS, vertical_alignment="center")
    was = (
        f"По подразбиране: {OWNERS[declared.owner]}, {counted(declared.working_days, 'работен ден')}. "
        if (one.owner, one.working_days) != (declared.owner, declared.working_days)
        else ""
    )
    with about:
        html.show(tag("div", bold(one.name), tag("p", was, one.source, translate="no"), css="rule"))
    owner = whose.selectbox(
        f"{one.name}: институция",
        [*OWNERS],
        [*OWNERS].index(one.owner),
        format_func=OWNERS.__getitem__,
        label_visibility="collapsed",
        key=f"owner-{one.code}-{version}",
    )
    working_days = days.number_input(
        f"{one.name}: работни дни",
        1,
        MOST_DAYS,
        one.working_days,
        label_visibility="collapsed",
        key=f"days-{one.code}-{version}",
    )
    return str(owner), int(working_days)


def _lessons() -> None:
    html.part("Възможни часове", "по колко часа на учебен ден се смята, че ученикът може да отсъства; само за четене")
    html.show(html.table(["Класове", "На учебен ден"], list(_lesson_rows(lessons_a_day()))))
    html.show(
        tag(
            "p",
            "Закръглено от рамковите учебни планове на Наредба № 4/2015 г.; дните са учебните дни без празниците и "
            "ваканциите.",
            css="quiet",
        )
    )


def _lesson_rows(lessons: Mapping[int, int]) -> Iterable[tuple[str, str]]:
    """„1.–4. клас“, „5 часа“: neighbouring grades with the same lessons together."""
    yield "Предучилищни групи", "1 ден"
    for n, grades in groupby(sorted(g for g in lessons if g > 0), lessons.__getitem__):
        same = list(grades)
        yield (f"{same[0]}.–{same[-1]}. клас" if len(same) > 1 else f"{same[0]}. клас"), f"{n} часа"


main(open_store())
