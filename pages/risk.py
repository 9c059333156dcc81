"""Риск: who is slipping, why, and for whom has nobody done anything?"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.indicators import Rule
from obhvat.indicators.flags import flagged, is_over, nobody_acted, whole
from obhvat.indicators.measures import measures
from obhvat.indicators.thresholds import RuleSet, rules_of
from obhvat.periods import month_label
from obhvat.scope.days import cases_known_until, last_day, newest_month
from obhvat.store import Store
from obhvat.texts import NO_LISTS, counted, day, number, percent
from obhvat.ui.filters import View, choose
from obhvat.ui.risk import act, pictures, places, suspicious, thresholds, tiles
from obhvat.ui.risk.tables import inside, is_hidden
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold

_DAYS = 14


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    known_at = view.scope.moment
    month = newest_month(store, last_day(view.period, known_at), known_at)
    if month is None or month < view.period.months[0]:
        html.lead(f"За {view.period.label} няма качени отсъствия, от които да се смята рискът.")
        html.notice("mind", "Качете месечните файлове на училищата от страница „Качване“ или изберете друг период.")
        return
    rules = rules_of(store, known_at)
    if not rules.on:
        html.lead("Няма включено правило за риск.")
        html.notice("mind", "Включете поне едно от страница „Настройки“.")
        return
    chosen, days = _choose_rule(rules, view)
    of_oblast = measures(store, month, known_at)
    measured = inside(of_oblast, view)
    until = cases_known_until(store, month, known_at)
    waiting = nobody_acted(measured, is_over(measured, chosen), until, days)
    hidden = is_hidden(of_oblast, chosen, view)
    _sentence(measured, waiting, chosen, month, hidden, view)
    if view.is_press:
        html.notice("mind", "За пресата се показват само числата за областта. Подробностите са за членовете.")
        return
    tiles.show(of_oblast, measured, rules, chosen.id, view)
    since = f"{counted(days, 'ден')} към {day(until)}"
    linked = bool(of_oblast["earlier_cases"].notna().any())
    act.show(store, flagged(measured, rules.on), measured, waiting, rules, chosen, month, since, linked, view)
    left, middle, right = st.columns([1, 1.35, 1.15], gap="large")
    with left:
        pictures.trend(store, chosen, view)
    with middle:
        pictures.compared(of_oblast, chosen, view)
    with right:
        pictures.by_month(store, of_oblast, chosen, month, view)
    places.show(store, of_oblast, chosen, month, view, hidden)
    left, right = st.columns(2, gap="large")
    with left:
        thresholds.what_if(store, measured, chosen, rules, view)
    with right:
        thresholds.hours(measured, view)
    suspicious.show(store, month, view)
    html.stamp(
        view.heading,
        f"към {month_label(month)}",
        f"прагове: версия {rules.version}",
        "часовете на учениците и дните на децата в предучилищна група никога не се събират.",
    )


def _choose_rule(rules: RuleSet, view: View) -> tuple[Rule, int]:
    """The rule that is looked at, and after how many days without an action a child waits."""
    names = {rule.id: f"{rule.name} – {rule.words}" if rule.unit != "times" else rule.name for rule in rules.on}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    # The address holds the id: a caption changes with its threshold.
    asked = [*names].index(st.query_params["rule"]) if st.query_params.get("rule") in names else 0
    chosen = left.selectbox("Правило", [*names], asked, format_func=lambda name: names.get(name, name), key="rule")
    if chosen and (asked or chosen != next(iter(names))):
        st.query_params["rule"] = chosen
    days = right.number_input("Без действие от повече дни", 1, 365, _DAYS, key="days", disabled=view.is_press)
    return rules[chosen or next(iter(names))], int(days)


def _sentence(measured: pd.DataFrame, waiting: pd.DataFrame, rule: Rule, month: date, hidden: bool, view: View) -> None:
    """The first line: how many are over the rule, and for how many of them nobody has acted."""
    n, d = whole(measured, rule)
    if n is None:
        html.lead(f"За „{rule.name}“ няма данни: {view.place}, {month_label(month)}")
        return
    if hidden:
        html.lead("Броят ", bold("е скрит"), f", за да не се познае дете – {view.place}, {month_label(month)}")
        return
    words = f" ({rule.words})" if rule.unit != "times" else ""
    noun = "дете" if rule.of_unit == "days" else "ученик"
    parts: list[object] = [bold(counted(n, noun)), f" по правилото „{rule.name}“{words}"]
    if n and view.is_inside:
        left = len(waiting)
        alone = "за никого от тях няма действие" if left == n else f"за {number(left)} от тях никой не е действал"
        parts += ["; ", bold(alone)] if left else ["; по всички се работи"]
    share = NO_LISTS if d is None else f"{percent(n, d, 1)} от {number(d)}"
    html.lead(*parts, f" – {view.place}, {month_label(month)}: {share}")


draw(main)
