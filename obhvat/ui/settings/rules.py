"""The rules' fields, and what is said of their versions."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from obhvat.indicators import Operator, Rule, default_rules
from obhvat.indicators.thresholds import MOST
from obhvat.language import N_, _
from obhvat.texts import moment
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

OPERATORS: dict[Operator, str] = {">=": N_("толкова и повече (≥)"), ">": N_("повече от (>)"), "<": N_("под (<)")}
# Unit → what stands after the number, the step and the largest value.
UNITS: dict[str, tuple[str, float, float]] = {
    "hours": (N_("часа"), 0.5, MOST),
    "days": (N_("дни"), 0.5, MOST),
    "percent": ("%", 0.5, 100.0),
    "subjects": (N_("предмета"), 1.0, 99.0),
    "mark": ("", 0.01, 6.0),
    "years": (N_("години"), 1.0, 99.0),
    "cases": (N_("случая"), 1.0, 99.0),
}
PERIODS = {
    "month": N_("за месец"),
    "three_months": N_("за три месеца"),
    "term": N_("за срок"),
    "year": N_("от началото на годината"),
    "now": N_("към момента"),
    "ever": N_("досега"),
}
_WIDTHS = [4.6, 2.0, 1.3, 1.5, 1.2, 1.25]


def heads() -> None:
    """The captions over the fields."""
    titles = (
        _("Правило и откъде идва"),
        _("Условие"),
        _("Праг"),
        _("Мерна единица и период"),
        _("Точки"),
        _("Включено"),
    )
    for column, title in zip(st.columns(_WIDTHS, vertical_alignment="bottom"), titles, strict=True):
        with column:
            html.show(tag("div", title, css="rule-head"))


def asked(rule: Rule, drawn: str, may: bool) -> Rule:
    """A rule's fields, and the rule as they say it; only to be read for who may not change it."""
    declared = next(default for default in default_rules() if default.id == rule.id)
    about, condition, limit, unit, points, switch = st.columns(_WIDTHS, vertical_alignment="center")
    with about:
        was = tag("p", _("По подразбиране: "), _words(declared)) if rule != declared else ""
        html.show(tag("div", bold(rule.name), tag("p", rule.source), was, css="rule"))
    operator, value = rule.operator, rule.value
    if rule.unit in UNITS:
        after, step, most = UNITS[rule.unit]
        ways = [o for o in OPERATORS if (o == "<") == (declared.operator == "<")]
        operator = condition.selectbox(
            _("{name}: условие").format(name=rule.name),
            ways,
            ways.index(rule.operator),
            format_func=lambda way: _(OPERATORS[way]),
            label_visibility="collapsed",
            disabled=len(ways) == 1 or not may,
            key=f"operator-{rule.id}-{drawn}",
        )
        value = limit.number_input(
            _("{name}: праг").format(name=rule.name),
            min_value=0.0,
            max_value=float(max(most, rule.value)),
            value=float(rule.value),
            step=step,
            format="%.2f" if rule.unit == "mark" else "%g",
            label_visibility="collapsed",
            disabled=not may,
            key=f"value-{rule.id}-{drawn}",
        )
        value = round(value, 2)
        with unit:
            html.show(tag("div", f"{_(after)} {_(PERIODS[rule.period])}", css="rule-unit"))
    else:
        with condition:
            html.show(tag("div", _("ако е така"), css="rule-unit"))
    given = points.number_input(
        _("{name}: точки").format(name=rule.name),
        min_value=0,
        max_value=MOST,
        value=rule.points,
        step=1,
        label_visibility="collapsed",
        disabled=not may,
        key=f"points-{rule.id}-{drawn}",
    )
    on = switch.toggle(
        _("{name}: включено").format(name=rule.name),
        rule.on,
        label_visibility="collapsed",
        disabled=not may,
        key=f"on-{rule.id}-{drawn}",
    )
    return replace(rule, operator=operator, value=value, points=given, on=on)


def _words(rule: Rule) -> str:
    limit = [rule.words] if rule.unit in UNITS else []
    return ", ".join([*limit, _("точки {points}").format(points=rule.points), *([] if rule.on else [_("изключено")])])


def history(set_by_people: pd.DataFrame, in_force: int) -> None:
    """What was set before, by whom."""
    html.part(_("История"), _("най-новите отгоре; нищо не се презаписва"))
    if set_by_people.empty:
        html.quiet(_("Още няма промени."))
        return
    rows = [
        (
            _("{version} – в сила").format(version=version) if version == in_force else str(version),
            moment(rows["set_at"].iloc[0]),
            rows["set_by"].iloc[0],
            html.bullets(rows["change"]),
        )
        for version, rows in set_by_people.groupby("version", sort=False)
    ]
    html.show(tag("div", html.table([_("Версия"), _("Кога"), _("Кой"), _("Какво се промени")], rows), css="versions"))
