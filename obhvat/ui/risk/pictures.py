"""The risk by month, by school and by place and month."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.charts import funnel, heat_map, trend_with_threshold
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.indicators import Rule
from obhvat.indicators.measures import class_months
from obhvat.indicators.tables import listed, over_by_place
from obhvat.language import _
from obhvat.metrics import figure, lists_words
from obhvat.periods import Period, month_period, school_year_of_month
from obhvat.store import Store
from obhvat.texts import NO_DATA, number, percent
from obhvat.ui.filters import View
from obhvat.ui.risk.tables import (
    hours_by_class,
    hours_by_place,
)
from obhvat.ui.widgets import html
from obhvat.ui.widgets.picture import drawing, picture
from obhvat.ui.widgets.schools import unique_names

_WITH_LESSONS = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)


def trend(store: Store, rule: Rule, view: View) -> None:
    metric_id = "children_over_threshold" if rule.of_unit == "days" else "pupils_over_threshold"
    this_year = Period(view.period.start_year, "year")
    years = (this_year, this_year.year_before)
    now, before = (figure(store, metric_id, year, view.scope) for year in years)
    html.part(_("По месеци"), _("ученици над месечния праг") if rule.of_unit != "days" else _("деца над месечния праг"))
    of_years = (view.disclosure.months(of) for of in (now, before))
    months, earlier = (rows[rows["month"].dt.month.isin(_WITH_LESSONS)] for rows in of_years)
    if months.empty:
        html.quiet(_(SMALL_ARE_HIDDEN))
        return
    table = months.assign(month=months["month"].dt.strftime("%m.%Y"))[["month", "n", "d", "reporting", "places"]]
    table.columns = [_("Месец"), _("Над прага"), _("От"), _("Подали"), _("От училища")]
    says = _("Над месечния праг по месеци: ") + ", ".join(
        f"{m} – {_(NO_DATA) if pd.isna(n) else number(n)}"
        for m, n in zip(table[_("Месец")], table[_("Над прага")], strict=True)
    )
    threshold = now.metric.rule_words
    picture(drawing(trend_with_threshold, months, threshold, earlier, height=300), f"trend-{metric_id}", says, table)


def compared(store: Store, rule: Rule, month: date, view: View) -> None:
    html.part(
        _("Случайна ли е разликата"),
        _("дял над прага според броя на учениците; извън границите разликата не е случайна"),
    )
    over = figure(store, f"flags_{rule.id}", month_period(month), view.scope.of_oblast)
    n, d = over.of_listed
    lacking = lists_words(over)
    if lacking and not d:
        html.quiet(_("Дял не може да се сметне: {lacking}.").format(lacking=lacking))
        return
    if lacking:
        html.quiet(_("Само училищата със списъци: {lacking}.").format(lacking=lacking))
    hidden = {code for code, shown in view.disclosure.counts(over, "school").items() if shown.is_hidden}
    parts = over_by_place(store, month, rule, "school", view.scope.of_oblast).dropna(subset=["n", "d"])
    points = parts[~parts["school"].isin(hidden)]
    if not n or not d or points.empty:
        html.quiet(_("Няма какво да се покаже: никой не е над прага или числата са скрити."))
        return
    points = points.assign(
        name=points["school"].map(unique_names(view, points["school"])),
        chosen=points["school"].isin(_chosen_schools(view)),
    )
    table = points[["name", "n", "d"]].rename(columns={"name": _("Училище"), "n": _("Над прага"), "d": _("От")})
    says = _("Дял над прага по училища; за областта {n}.").format(n=percent(n, d, 1))
    picture(drawing(funnel, points, n / d, height=640), f"funnel-{rule.id}", says, table)


def _chosen_schools(view: View) -> list[str]:
    if view.scope.school:
        return [view.scope.school]
    inside = view.institutions["municipality"].eq(view.scope.municipality or "")
    return view.institutions.loc[inside, "code"].tolist()


def by_month(store: Store, rule: Rule, month: date, view: View) -> None:
    unit = rule.of_unit or "hours"
    words = _("неизвинени дни на дете") if unit == "days" else _("неизвинени часове на ученик")
    html.part(_("Къде и кога"), words)
    if view.scope.school:
        if not view.is_inside:
            html.quiet(_("По паралелки се показва само във вътрешния изглед."))
            return
        rows = class_months(store, view.scope.school, month, unit, view.scope.moment)
        table = hours_by_class(rows, listed(store, month, view.scope).classes)
    else:
        metric_id = "unexcused_days_per_child" if unit == "days" else "unexcused_per_pupil"
        of_year = figure(store, metric_id, Period(school_year_of_month(month), "year"), view.scope)
        place = "school" if view.scope.municipality else "municipality"

        def by_place_and_month() -> pd.DataFrame:
            rows = of_year.rows[of_year.rows["reports"] & (of_year.rows["month"] <= pd.Timestamp(month))]
            return hours_by_place(rows, place, _names(view))

        question = ("hours by place", metric_id, month, view.period, view.scope.municipality)
        table = store.kept_of_data(question, view.scope.moment, by_place_and_month)
    if table["value"].notna().sum() == 0:
        html.quiet(_("Няма качени отсъствия или списъци, от които да се смята."))
        return
    shown = table.assign(month=table["month"].dt.strftime("%m.%Y"))[["class", "month", "value"]]
    shown.columns = [_("Място"), _("Месец"), words.capitalize()]
    picture(
        drawing(heat_map, table),
        f"heat-{rule.id}-{view.scope.municipality}-{view.scope.school}",
        _("Топлинна карта: {words}.").format(words=words),
        shown,
    )


def _names(view: View) -> dict[str, str]:
    return {code: view.name_of(code) for code in view.institutions["code"]}
