"""Which schools were checked, when, how often and for what."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.charts import Patch, checks_matrix
from obhvat.inspections.checks import KINDS
from obhvat.inspections.coverage import matrix
from obhvat.language import _
from obhvat.metrics import figure
from obhvat.store import Store
from obhvat.texts import counted, out_of
from obhvat.ui.filters import View
from obhvat.ui.inspections.tables import (
    each,
    kind_rows,
    month_rows,
    municipality_rows,
    schools_table,
    times_rows,
)
from obhvat.ui.widgets import html
from obhvat.ui.widgets.map import municipalities_map
from obhvat.ui.widgets.picture import drawing, picture
from obhvat.ui.widgets.schools import by_cell, by_row, clicked_row, point_clicked, unique_names

# Heights in the matrix: of a school, and of what stands over them.
_ROW = 26
_HEAD = 110


def show(store: Store, rows: pd.DataFrame, today: date, view: View) -> None:
    """What the period's checks add up to. `rows`: a row a school, as `coverage` returns them."""
    if view.is_press:
        left, middle, right = st.columns(3, gap="large")
        with left:
            _times(store, view)
        with middle:
            _kinds(store, view)
        with right:
            _months(store, today, view)
        html.quiet(_("За пресата се показват само числата за областта."))
        return
    left, middle, right = st.columns([1, 1.1, 1.1], gap="large")
    with left:
        _coverage_map(store, view)
    with middle:
        if not view.scope.municipality:
            html.part(_("По общини"), _("проверени от всички училища"))
            parts, total = municipality_rows(rows, store, view)
            captions = [_("Община"), _("Проверени"), _("Проверки"), _("Последна")]
            html.show(html.table(captions, parts, numbers=[1, 2, 3], total=total))
        else:
            _months(store, today, view)
    with right:
        _times(store, view)
    left, right = st.columns(2, gap="large")
    with left:
        _kinds(store, view)
    with right:
        if not view.scope.municipality:
            _months(store, today, view)
    _matrix(store, today, view)
    html.part(_("Всички училища"), by_row(view, _("първи са най-дълго непроверените")))
    table = schools_table(rows, today, view)
    key = f"schools-{view.scope.municipality}"
    clicked_row(view, table.drop(columns="school"), table["school"].tolist(), key, 480 if len(table) > 12 else None)


def _times(store: Store, view: View) -> None:
    html.part(_("Колко пъти"), _("училища по брой на проверките"))
    *parts, total = times_rows(store, view)
    html.show(html.table([_("Проверявано"), _("Училища"), _("Проверки")], parts, numbers=[1, 2], total=total))


def _kinds(store: Store, view: View) -> None:
    html.part(_("Видове проверки"), _("обходът придружава проверката на дейността на директора"))
    *parts, total = kind_rows(store, view)
    html.show(
        html.table([_("Вид"), _("Проверки"), _("Училища"), _("Без обход")], parts, numbers=[1, 2, 3], total=total)
    )


def _months(store: Store, today: date, view: View) -> None:
    html.part(_("Кога"), _("за първи път – през учебната година"))
    *parts, total = month_rows(store, view, today)
    html.show(html.table([_("Месец"), _("Проверки"), _("За първи път")], parts, numbers=[1, 2], total=total))


def _matrix(store: Store, today: date, view: View) -> None:
    html.part(_("Кое училище кога"), by_cell(view))
    cells = matrix(store, view.period, view.scope, view.day)
    names = unique_names(view, cells["code"])
    cells = cells.assign(school=cells["code"].map(names))
    table = cells.loc[cells["n"] > 0, ["municipality", "school", "month", "text"]]
    table = table.assign(month=[f"{m:%m.%Y}" for m in table["month"]])
    table.columns = [_("Община"), _("Училище"), _("Месец"), _("Проверки")]
    says = _("Училища по месеци: {sum}; подробно в таблицата.").format(sum=counted(int(cells["n"].sum()), "проверка"))
    key = f"matrix-{view.scope.municipality}-{view.period.key}"
    letters = ", ".join(f"{_(letter)} – {_(name)}" for name, letter in KINDS.values())
    months = sorted(month for month in set(cells["month"]) if month <= today)
    drawn = drawing(checks_matrix, cells, months, len(names) * _ROW + _HEAD, letters)
    picture(drawn, key, says, table, on_select=point_clicked(key, names))


def _coverage_map(store: Store, view: View) -> None:
    """The whole oblast, also when one municipality is looked at: a click goes to another, or back."""
    html.part(_("Покритие по общини"), _("проверени от всички училища; натиснете община"))
    whole = figure(store, "schools_inspected", view.period, view.scope.of_oblast, view.day)
    patches = [
        Patch(
            str(place.municipality),
            out_of(place.n, place.d),
            min(place.n / place.d, 0.999),
            place.municipality == view.scope.municipality,
        )
        for place in each(whole.by("municipality"))
    ]
    key = f"coverage-map-{view.scope.municipality}"
    municipalities_map(patches, key, _("Покритие по общини"), _("Проверени училища"), view)
