"""Проверки: which schools were checked, was the repeat justified, what was found, and where to go next?"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.inspections.coverage import changes_sentence, coverage, missing
from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import findings
from obhvat.inspections.repeats import repeats
from obhvat.language import N_, _
from obhvat.metrics import figure, year_before
from obhvat.store import Store
from obhvat.texts import counted, day, listed, number, out_of, was_inside, with_word
from obhvat.ui.filters import View, choose, read_in_either_language
from obhvat.ui.inspections import checked, outcomes, visit_plan
from obhvat.ui.inspections.tables import as_of
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold
from obhvat.ui.widgets.schools import go_where_clicked
from obhvat.ui.widgets.tile import definition, figure_tile, tile, tiles

COVERAGE, REPEATS, FINDINGS, DIARY, NEXT = (
    N_("Проверени училища"),
    N_("Повторни проверки"),
    N_("Констатации и препоръки"),
    N_("Вписване в дневника"),
    N_("План за проверки"),
)
_NAMED = 6


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    go_where_clicked(view)
    rows = coverage(store, view.period, view.scope, view.day)
    if rows.empty:
        html.lead(_("{opening} няма училища, които да се проверяват").format(opening=view.opening))
        html.notice("mind", _("Качете регистъра на институциите или изберете друго място и период."))
        return
    today = as_of(store, view)
    of_checks = findings(store, view.period, view.scope, today)
    has_checks = figure(store, "schools_inspected", view.period, view.scope, view.day).has_data
    if has_checks:
        _sentence(store, rows, view)
        _tiles(store, today, view)
    else:
        html.lead(_("{opening} няма качени проверки").format(opening=view.opening))
        html.notice("mind", _("Качете списъка на проверките от страница „Качване“. Без него „непроверено“ не се знае."))
    parts = [COVERAGE, REPEATS, FINDINGS, DIARY, NEXT]
    read_in_either_language("part", parts)
    part = st.segmented_control(
        _("Какво да се покаже"),
        parts,
        default=COVERAGE,
        format_func=_,
        key="part",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    if part == NEXT:
        visit_plan.show(store, view)
    elif not has_checks:
        return
    elif part == FINDINGS:
        outcomes.findings(store, of_checks, today, view)
    elif part == REPEATS:
        outcomes.repeats(store, repeats(store, view.period, view.scope, view.day), view)
    elif part == DIARY:
        outcomes.diary(store, diary_gap(store, view.period, view.scope, view.day), view)
    else:
        checked.show(store, rows, today, view)
    html.stamp(
        view.heading,
        view.period.label,
        _("проверките са известни до {today}").format(today=day(today)),
        _("училищата са тези в регистъра, детските градини не се проверяват."),
    )


def _sentence(store: Store, rows: pd.DataFrame, view: View) -> None:
    """„Проверени са 38 от 40 училища“: the two that are missing are named first of all."""
    schools, made = (
        figure(store, of, view.period, view.scope, view.day) for of in ("schools_inspected", "inspections")
    )
    n = int(made.n or 0)
    if len(rows) == 1:
        html.lead(f"{view.opening} ", bold(_times_words(n)))
        return
    if schools.n:
        html.lead(
            f"{view.opening} {was_inside('проверен', schools.n, 'училище')} ",
            bold(out_of(schools.n, schools.d, "училище")),
            f" {with_word(n)} {counted(n, 'проверка')}",
        )
    else:
        html.lead(
            _("{opening} не е проверено ").format(opening=view.opening),
            bold(_("нито едно от {rows}").format(rows=counted(len(rows), "училище"))),
        )
    if view.is_press:
        return
    left = missing(rows)
    if left.empty:
        html.notice("good", _("Няма училище без проверка."))
    else:
        names = [view.name_of(code) for code in left["code"]]
        more = [_("още {names}").format(names=counted(len(names) - _NAMED, "училище"))] if len(names) > _NAMED else []
        html.notice("act", bold(_("Без проверка: ")), listed([*names[:_NAMED], *more]))
    if changed := changes_sentence(rows):
        html.notice("mind", changed)


def _times_words(n: int) -> str:
    return _("има {n}").format(n=counted(n, "проверка")) if n else _("няма проверка")


def _tiles(store: Store, today: date, view: View) -> None:
    titles = {
        "schools_inspected": _("Проверени училища"),
        "inspections": _("Проверки"),
        "schools_reinspected": _("Училища с повече от една проверка"),
    }
    shown = []
    for name, title in titles.items():
        of = figure(store, name, view.period, view.scope, view.day)
        lacking = name == "schools_inspected" and (of.n or 0) < (of.d or 0)
        shown.append(figure_tile(of, year_before(store, of), view.disclosure, title, act=lacking))
    undone, late = (
        figure(store, name, view.period, view.scope, view.day) for name in ("findings_open", "findings_overdue")
    )
    owed = _("{n} с изтекъл срок").format(n=number(late.n)) if late.n else _("без изтекъл срок")
    left = view.disclosure.figure(undone)
    shown.append(
        tile(undone.metric.name, left, owed, under=undone.day_words, folded=definition(undone), act=bool(late.n))
    )
    alone = figure(store, "director_checks_without_round", view.period, view.scope, view.day)
    rule = _("всяка трябва да се съпроводи с обход") if alone.n else _("всяка се съпровожда с обход") if alone.d else ""
    shown.append(
        tile(alone.metric.name, view.disclosure.figure(alone), rule, folded=definition(alone), act=bool(alone.n))
    )
    html.show(tiles(*shown))


draw(main)
