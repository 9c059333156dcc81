"""Риск: who is slipping, why, and for whom has nobody done anything?"""

from __future__ import annotations

import streamlit as st

from obhvat.disclosure import Shown
from obhvat.indicators import Rule
from obhvat.indicators.tables import Waiting, waiting
from obhvat.indicators.thresholds import RuleSet, rules_of
from obhvat.language import _
from obhvat.metrics import Figure, doubled_note, figure, lists_words
from obhvat.periods import month_label
from obhvat.scope import Window
from obhvat.scope.days import cases_known_until, newest_month_of
from obhvat.store import Store
from obhvat.texts import THIN_SPACE, capitalized, counted, noun, number, out_of, percent, within
from obhvat.ui.filters import View, came_back, choose
from obhvat.ui.risk import act, pictures, places, suspicious, thresholds, tiles
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold

_DAYS = 14


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    known_at = view.scope.moment
    month = newest_month_of(store, Window(view.period, known_at, view.day))
    if month is None:
        html.lead(_("За {label} няма качени отсъствия, от които да се смята рискът.").format(label=view.period.label))
        html.notice("mind", _("Качете месечните файлове на училищата от страница „Качване“ или изберете друг период."))
        return
    rules = rules_of(store, known_at)
    if not rules.on:
        html.lead(_("Няма включено правило за риск."))
        html.notice("mind", _("Включете поне едно от страница „Настройки“."))
        return
    chosen, days = _choose_rule(rules, view)
    until = cases_known_until(store, month, known_at)
    until = min(until, view.day) if view.day else until
    of = waiting(store, month, chosen, until, days, view.scope)
    over = figure(store, f"flags_{chosen.id}", view.period, view.scope, view.day)
    _sentence(over, of, chosen, view.disclosure.figure(over), view)
    if view.is_press:
        html.notice("mind", _("За пресата се показват само числата за областта. Подробностите са за членовете."))
        return
    tiles.show(store, rules, chosen.id, view)
    if note := doubled_note(over):
        html.notice("mind", f"{note[0].upper()}{note[1:]}.")
    act.show(store, of, rules, chosen, month, until, days, view)
    # The names in the picture of all schools need half of a laptop's screen.
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        pictures.trend(store, chosen, view)
        pictures.by_month(store, chosen, month, view)
    with right:
        pictures.compared(store, chosen, month, view)
    places.show(store, chosen, month, view)
    left, right = st.columns(2, gap="large")
    with left:
        thresholds.what_if(store, month, chosen, rules, view)
    with right:
        thresholds.hours(store, month, view)
    suspicious.show(store, month, view)
    html.stamp(
        view.heading,
        _("към {month_label}").format(month_label=month_label(month)),
        _("прагове: {words}").format(words=rules.words),
        _("часовете на учениците и дните на децата в предучилищна група никога не се събират."),
    )


def _choose_rule(rules: RuleSet, view: View) -> tuple[Rule, int]:
    """The rule that is looked at, and after how many days without an action a child waits."""
    names = {rule.id: f"{rule.name} – {rule.words}" if rule.unit != "times" else rule.name for rule in rules.on}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    # The address holds the id: a caption changes with its threshold.
    asked = [*names].index(st.query_params["rule"]) if st.query_params.get("rule") in names else 0
    if came_back():
        st.session_state["rule"] = [*names][asked]
    chosen = left.selectbox(_("Правило"), [*names], asked, format_func=lambda name: names.get(name, name), key="rule")
    if chosen and (asked or chosen != next(iter(names))):
        st.query_params["rule"] = chosen
    days = right.number_input(
        _("Без действие от повече дни"), 1, 365, _DAYS, key="days", bind="query-params", disabled=view.is_press
    )
    return rules[chosen or next(iter(names))], int(days)


def _sentence(over: Figure, of: Waiting, rule: Rule, shown: Shown, view: View) -> None:
    """The first line: how many are over the rule, and for how many of them nobody has acted."""
    where = _("{place} през {period_words}").format(place=within(view.place), period_words=over.period_words)
    if over.n is None:
        html.lead(_("За „{name}“ {where} няма данни").format(name=rule.name, where=where))
        return
    if shown.is_band:
        html.lead(
            _("{where} по правилото „{name}“: ").format(where=capitalized(where), name=rule.name),
            bold(f"{shown.text} {noun(2, over.metric.unit)}"),
        )
        return
    if shown.is_hidden:
        html.lead(
            _("{where} броят ").format(where=capitalized(where)), bold(_("е скрит")), _(", за да не се познае дете")
        )
        return
    n = int(over.n)
    words = f" ({rule.words})" if rule.unit != "times" else ""
    unit = over.metric.unit
    many = counted(n, unit) if over.d is None else out_of(n, over.d, unit)
    share = f" ({lists_words(over) if over.d is None else _share(n, over.d)})"
    parts: list[object] = [f"{capitalized(where)} ", bold(many), share]
    parts.append(
        _(" {part} на правилото „{name}“{words}").format(
            part=_("отговаря") if n == 1 else _("отговарят"), name=rule.name, words=words
        )
    )
    if n and view.is_inside:
        left = of.n
        whom = (_("никого") if n > 1 else _("него")) if left == n else number(left)
        alone = _("за {whom}{part} не са предприети действия").format(whom=whom, part=_(" от тях") if n > 1 else "")
        parts += ["; ", bold(alone)] if left else [_("; по всички се работи")]
    html.lead(*parts)


def _share(n: int, d: float) -> str:
    """„4,3 %“; a few of very many are not none."""
    return _("под 0,1{THIN_SPACE}%").format(THIN_SPACE=THIN_SPACE) if n and 100 * n / d < 0.05 else percent(n, d, 1)


draw(main)
