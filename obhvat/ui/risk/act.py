"""For whom nobody has done anything, and why one child is on the list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from obhvat.indicators import Rule
from obhvat.indicators.children import measures_of, reach_of
from obhvat.indicators.flags import flagged, is_over, nobody_acted, sentence
from obhvat.indicators.measures import file_of
from obhvat.indicators.tables import Waiting, has_linked_cases
from obhvat.indicators.thresholds import RuleSet, rules_of
from obhvat.language import BULGARIAN, _, speaking
from obhvat.reports.tables import write_workbook
from obhvat.scope import inside
from obhvat.store import Store
from obhvat.texts import counted, day, out_of
from obhvat.ui.filters import View
from obhvat.ui.looks import saw, who_looked, who_looked_at_lists
from obhvat.ui.people.lock import while_open
from obhvat.ui.risk.tables import on_screen, owed_table, pupils_table, stamp_notes
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.notice import said_closed

_LISTED = 300


def show(
    store: Store, of: Waiting, rules: RuleSet, chosen: Rule, month: date, until: date, days: int, view: View
) -> None:
    """The first list: for whom nobody has done anything."""
    since = _("{days} към {until}").format(days=counted(days, "ден"), until=day(until))
    html.part(
        _("Без предприети действия"),
        _("над прага, без действие в регистъра на случаите от повече от {since}").format(since=since),
    )
    if said_closed(view):
        return
    if not of.n:
        html.notice("good", _("За всеки над прага има действие."))
        return
    table = owed_table(of, view.disclosure)
    columns = list(table.columns)
    html.show(html.table(columns, table.itertuples(index=False, name=None), numbers=range(1, len(columns))))
    if not has_linked_cases(store, month, view.scope):
        html.quiet(_("В регистъра на случаите няма колона „ЕГН/ЛНЧ“, затова никой случай не може да се свърже с дете."))
    if not view.is_inside:
        return
    measured = inside(measures_of(store, view.viewer, month, view.scope.moment), view.scope)
    reach = reach_of(store, view.viewer)
    question = ("flagged", month, *view.scope.place, reach, rules.on)
    flags = store.kept_of_data(question, view.scope.moment, lambda: flagged(measured, rules.on))
    waiting = nobody_acted(measured, is_over(measured, chosen), until, days)
    # Everything that the rows are made of is in the words, but for the names of places.
    question = ("pupils", month, view.period, *view.scope.place, reach, rules.on, chosen.id, since)
    pupils = store.kept_of_data(
        question,
        view.scope.moment,
        lambda: pupils_table(flags, measured, waiting, rules.on, chosen, month, view),
    )
    shown = measured.loc[pupils.index[:_LISTED]]
    saw(store, view, "children", children=shown["pupil"], cases=shown["case_number"])
    chosen_rows = st.dataframe(
        on_screen(pupils.head(_LISTED)),
        hide_index=True,
        width="stretch",
        height=330,
        placeholder="–",
        key=f"pupils-{chosen.id}-{view.scope.municipality}-{view.scope.school}-{since}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            _("Последно действие"): st.column_config.DateColumn(format="DD.MM.YYYY"),
            _("Причина"): st.column_config.TextColumn(width=330),
            _("Училище"): st.column_config.TextColumn(width=210),
        },
    )
    html.quiet(_("Най-напред са тези, за които никой не е действал. Натиснете ред, за да видите всички причини."))
    if len(pupils) > _LISTED:
        html.quiet(_("Показани са първите {LISTED}; всички са в Excel.").format(LISTED=out_of(_LISTED, len(pupils))))

    @speaking(BULGARIAN)
    def workbook() -> bytes:
        every = measured.loc[pupils.index]
        saw(store, view, "export_children", children=every["pupil"], cases=every["case_number"])
        written = rules_of(store, view.scope.moment)
        rule = written[chosen.id]
        rows = pupils_table(flags, measured, waiting, written.on, rule, month, view)
        return write_workbook({_("Списък"): rows}, stamp_notes(view, rule, month, written, view.scope.moment))

    bar = st.container(horizontal=True, gap="small")
    if view.viewer.may("export"):
        bar.download_button(
            _("Изтегли списъка като Excel"),
            while_open("export", workbook),
            _("риск-{month:%Y-%m}.xlsx").format(month=month),
            icon=":material/download:",
            on_click="ignore",
        )
    with bar:
        who_looked_at_lists(store, view, "children", ("children", "export_children"))
    picked = chosen_rows.selection.rows if chosen_rows else []
    if picked:
        _pupil(store, measured.loc[pupils.index[picked[0]]], flags.loc[pupils.index[picked[0]]], rules, month, view)


def _pupil(store: Store, row: pd.Series, flags: pd.Series, rules: RuleSet, month: date, view: View) -> None:
    """Why one child is on the list: a sentence a rule, and the line it comes from."""
    child, case = [int(row["pupil"])], [] if pd.isna(row["case_number"]) else [str(row["case_number"])]
    saw(store, view, "child", children=child, cases=case)
    html.part(
        _("Паралелка {class_name}, {name_of}").format(
            class_name=row["class_name"] or _("без наименование"), name_of=view.name_of(row["school"])
        ),
        _("{points}; без име и ЕГН – редът във файла го намира").format(points=counted(flags["score"], "точка")),
    )
    who_looked(store, view, "child", children=child, cases=case)
    from_month = _line(store, row["month_slice"], row["month_line"])
    from_list = _line(store, row["list_slice"], row["list_line"])
    reasons = []
    for rule in rules.on:
        if flags[rule.id]:
            where = from_month if rule.reads == "absences" else from_list if rule.reads == "pupils" else ""
            points = _("{points} т.").format(points=rule.points) if rule.points else _("без точки")
            reasons.append(tag("span", bold(rule.name), f": {sentence(rule, row, month)} ({points}{where})"))
    html.show(html.bullets(reasons))


def _line(store: Store, slice_id: Any, line: Any) -> str:
    if pd.isna(slice_id) or pd.isna(line):
        return ""
    return _("; {file_of}, ред {line}").format(file_of=file_of(store, int(slice_id)), line=int(line))
