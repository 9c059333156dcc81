"""What checks found, whether a repeat was justified, and what the diary says."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.charts import diary_gap as diary_gap_picture
from obhvat.charts import findings_bars
from obhvat.inspections.findings import by_school
from obhvat.language import _
from obhvat.metrics import figure, typical_findings
from obhvat.store import Store
from obhvat.texts import counted, day, number
from obhvat.ui.filters import View
from obhvat.ui.inspections.tables import (
    diary_table,
    diary_words,
    each,
    findings_table,
    repeat_rows,
    repeats_table,
)
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.picture import drawing, picture
from obhvat.ui.widgets.schools import by_row, clicked_row, unique_names

_NAMED = 6


def findings(store: Store, of_checks: pd.DataFrame, today: date, view: View) -> None:
    """What was found, which school owes what, and every finding. `of_checks`: a row a finding."""
    if of_checks.empty:
        html.notice("good", _("При проверките през периода няма направени констатации."))
        return
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        whole = figure(store, "findings", view.period, view.scope, view.day)
        html.part(
            _("Видове констатации"),
            _("{n}, към {today}").format(n=counted(int(whole.n or 0), "констатация"), today=day(today)),
        )
        kinds = typical_findings(store, view.period, view.scope, view.day)
        table = kinds[["name", "n", "open"]]
        table.columns = [_("Констатация"), _("Брой"), _("Неизпълнени")]
        says = _("Констатации: ") + ", ".join(f"{r.name} – {number(r.n)}" for r in each(kinds))
        picture(drawing(findings_bars, kinds), "findings", says, table)
    if view.is_press:
        return
    with right:
        html.part(_("Неизпълнени препоръки по училища"), by_row(view, _("с изтекъл срок първи")))
        owed = by_school(of_checks)
        owed = owed[owed["open"] > 0]
        undone, late = (
            figure(store, of, view.period, view.scope, view.day).by("school").set_index("school")["n"]
            for of in ("findings_open", "findings_overdue")
        )
        if owed.empty:
            html.notice("good", _("Всички препоръки са изпълнени или проверени повторно."))
        table = pd.DataFrame(
            {
                _("Училище"): [view.name_of(code) for code in owed["school"]],
                _("Община"): owed["municipality"],
                _("Неизпълнени"): owed["school"].map(undone).astype(int),
                _("С изтекъл срок"): owed["school"].map(late).astype(int),
                _("Работни дни след срока"): owed["late"],
            }
        )
        if len(owed):
            clicked_row(view, table, owed["school"].tolist(), f"owed-{view.scope.municipality}")
    html.part(_("Една по една"), _("с най-голямо закъснение – първи"))
    table = findings_table(of_checks, view)
    clicked_row(
        view, table.drop(columns="school"), table["school"].tolist(), f"rows-{view.scope.municipality}", height=480
    )


def repeats(store: Store, rows: pd.DataFrame, view: View) -> None:
    """Why schools were checked again. `rows`: a row a repeated check."""
    html.part(_("Оправдана ли е повторната проверка"), _("по това, което се знаеше преди нея"))
    if rows.empty:
        html.quiet(_("През периода няма повторни проверки."))
        return
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        *parts, total = repeat_rows(store, view)
        html.show(html.table([_("Основание"), _("Повторни"), _("Училища")], parts, numbers=[1, 2], total=total))
    if view.is_press:
        return
    with right:
        idle = rows[rows["why"] == "neither"]
        if idle.empty:
            html.notice("good", _("Всяка повторна проверка има основание."))
        else:
            idle_words = (
                tag("span", bold(view.name_of(r.school)), f", {r.date:%d.%m.%Y}: {r.words}")
                for r in each(idle[:_NAMED])
            )
            html.notice("mind", bold(_("Без видимо основание")), html.bullets(idle_words))
    html.part(_("Една по една"), by_row(view, _("без видимо основание първи")))
    table = repeats_table(rows, view)
    key = f"repeats-{view.scope.municipality}"
    clicked_row(view, table.drop(columns="school"), table["school"].tolist(), key, sentences=True)


def diary(store: Store, rows: pd.DataFrame, view: View) -> None:
    """Who was absent in class and who in the diary. `rows`: a row a school."""
    html.part(_("Преброени и вписани"), _("отсъстващи в клас при проверката, и колко от тях са вписани в дневника"))
    if rows.empty:
        html.quiet(_("През периода няма проверка, при която учениците да са преброени."))
        return
    html.show(tag("p", diary_words(store, view), css="said"))
    if view.is_press:
        return
    names = unique_names(view, rows["school"])
    if view.is_inside:
        left, right = st.columns(2, gap="large")
        with left:
            html.part(_("Разлика на 100 записани"), _("с границите, в които е с 95 % сигурност"))
            # The picture counts from the diary's side: fewer in class than it says is below zero.
            turned = {"gap": -rows["per_100"], "low": -rows["high"], "high": -rows["low"], "n": rows["n_checks"]}
            points = pd.DataFrame({"name": rows["school"].map(names), **turned, "flagged": rows["flagged"]})
            table = points.set_axis(
                [_("Училище"), _("Разлика"), _("От"), _("До"), _("Проверки"), _("Не вписва")], axis=1
            ).round(1)
            says = _("Разлика между преброените и вписаните по училища; подробно в таблицата.")
            picture(drawing(diary_gap_picture, points), f"diary-{view.scope.municipality}", says, table)
        with right:
            _diary_rows(rows, view)
    else:
        html.quiet(_("Броят на децата по училища се показва само във вътрешния изглед."))
        _diary_rows(rows, view)


def _diary_rows(rows: pd.DataFrame, view: View) -> None:
    html.part(_("По училища"), by_row(view, _("до съмнителните нули и подаването")))
    table = diary_table(rows, view)
    height = 600 if len(table) > 16 else None
    clicked_row(
        view, table.drop(columns="school"), table["school"].tolist(), f"diaries-{view.scope.municipality}", height
    )
