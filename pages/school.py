"""Училище: everything about one school on one screen. What should whoever goes there know?"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.cases.register import as_of_day, cases, of_period
from obhvat.charts.ranges import against_range
from obhvat.datasets import dataset
from obhvat.indicators.measures import measures, newest_month
from obhvat.indicators.suspicious import WHAT, reason, suspicious
from obhvat.inspections.findings import UNDONE
from obhvat.inspections.next_visits import planned_against_done, ranking
from obhvat.metrics import Figure, figure, submission_months
from obhvat.metrics.school_results import school_results
from obhvat.metrics.suppression import SMALLEST_SHOWN
from obhvat.periods import SHORT_MONTH_NAMES, Period
from obhvat.reports.visit_order import week_words
from obhvat.store import Store
from obhvat.texts import NO_DATA, counted, number
from obhvat.texts import day as words_of_day
from obhvat.ui.audience import is_hidden
from obhvat.ui.filters import View, choose
from obhvat.ui.inspections import visit_plan
from obhvat.ui.inspections.tables import as_of, checks_of, each, timeline, within
from obhvat.ui.school.parts import (
    SHORT_HIDDEN,
    against_others,
    back_buttons,
    by_grade,
    go_back_if_asked,
    label_of,
    results_table,
)
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, bold, joined, tag
from obhvat.ui.widgets.picture import picture
from obhvat.ui.widgets.tile import HIDDEN, tiles

_SHOWN = 5
_SENT = {
    "submitted": ("✓", "submitted", "подадени"),
    "elsewhere": ("НЕИСПУО", "declared", "подадени в НЕИСПУО, файлът не е тук"),
    "declared": ("без", "declared", "заявено „без отсъствия“"),
    "unsigned": ("неподп.", "declared", "подадени, без подпис"),
    "zeros": ("0 ?", "suspicious", "подадени без нито един неизвинен час"),
    "doubled": ("×2 ?", "suspicious", "изглеждат удвоени"),
    "missing": ("липсва", "missing", "не са подадени"),
    "ahead": ("·", "ahead", "още никой не е подал"),
}


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    go_back_if_asked()
    if view.audience == "press":
        html.lead("Страницата на едно училище не е за пресата: показват се само числа за областта.")
        return
    if not view.scope.school:
        _choose_school(view)
        return
    about = view.institutions[view.institutions["code"] == view.scope.school].iloc[0]
    _page(store, view, about)


def _choose_school(view: View) -> None:
    """Which school? By typing a part of its name, or by its row."""
    html.lead("Изберете училище: всичко за него се показва на един екран.")
    known = view.institutions
    if view.scope.municipality:
        known = known[known["municipality"] == view.scope.municipality]
    if known.empty:
        html.notice("mind", "Няма зареден регистър на институциите за този период. Качете го от страница „Качване“.")
        return
    codes = known["code"].tolist()
    st.selectbox(
        "Търсене по име, населено място или код",
        codes,
        index=None,
        format_func=lambda code: label_of(view, code),
        placeholder="Пишете част от името",
        key="find-school",
        on_change=lambda: _choose(view, st.session_state["find-school"]),
    )
    kinds = dataset("schools")["kind"]
    table = known.assign(kind=[kinds.caption_of(code) for code in known["kind"]])
    table = table[["municipality", "name", "settlement", "kind", "code"]]
    table.columns = ["Община", "Училище", "Населено място", "Вид", "Код"]
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=620,
        key="schools",
        on_select=lambda: _choose(view, *(codes[n] for n in st.session_state["schools"].selection.rows)),
        selection_mode="single-row",
    )


def _choose(view: View, *codes: str) -> None:
    """The filter „Училище“ itself is set: it is what the address and the other pages know."""
    for code in codes:
        st.session_state["school"] = label_of(view, code)


def _page(store: Store, view: View, about: pd.Series) -> None:
    code, moment = str(about["code"]), view.scope.moment
    is_preschool = about["level"] == "kindergarten"
    ratio = "unexcused_days_per_child" if is_preschool else "unexcused_per_pupil"
    year = Period(view.period.start_year, "year")
    month = newest_month(store, min(view.period.last, moment.date()), moment)
    listed = _listed(store, month, code, view)
    over_id = "children_over_threshold" if is_preschool else "pupils_over_threshold"
    over = figure(store, over_id, view.period, view.scope)
    over_hidden = is_hidden(figure(store, over_id, view.period, view.scope.of_oblast), over, view.audience)
    day = as_of(store, view)
    made, found = checks_of(store, code, day, moment)
    said, back = st.columns([3.1, 1], vertical_alignment="center")
    with said:
        _sentence(about, made, view)
    with back:
        back_buttons()
    html.show(
        tiles(
            _size_tile(listed, about, view),
            _ratio_tile(*(figure(store, ratio, view.period, scope) for scope in (view.scope, view.scope.of_oblast))),
            _over_tile(over, over_hidden),
            *([] if is_preschool else _check_tiles(made, found, day, view)),
        )
    )
    left, middle, right = st.columns([1.1, 1, 1.25], gap="large")
    with left:
        _absences(figure(store, ratio, year, view.scope.of_oblast), code, is_preschool)
        _submissions(store, view)
        _suspicious(store, month, code, view)
    with middle:
        if not is_preschool:
            _grades(listed, view)
            _results(store, code, view)
        _cases(store, code, view)
    with right:
        if about["level"] == "school":
            _checks(made, found, day)
            _next(store, code, view)


def _listed(store: Store, month: date | None, code: str, view: View) -> pd.DataFrame:
    """The school's list at the newest month: a row a child, without who it is."""
    if month is None:
        return pd.DataFrame(columns=["grade", "class_name"])
    measured = measures(store, month, view.scope.moment)
    return measured.loc[measured["school"].eq(code) & measured["is_listed"], ["grade", "class_name"]]


def _sentence(about: pd.Series, made: pd.DataFrame, view: View) -> None:
    if about["level"] != "school":
        html.lead(bold(view.name_of(about["code"])), f", община {about['municipality']}")
        return
    n = len(within(made, view.period))
    checked = f"проверено {_times(n)}" if n else "без проверка"
    html.lead(bold(view.name_of(about["code"])), " – ", bold(checked), f" през {view.period.short}")


def _times(n: int) -> str:
    return "веднъж" if n == 1 else f"{number(n)} пъти"


def _tile(title: str, figure_: Safe, note: str, under: str = "", *, act: bool = False) -> Safe:
    return tag(
        "section",
        tag("h2", title),
        figure_,
        tag("div", note, css="change") if note else "",
        tag("div", under, css="from") if under else "",
        css="tile act" if act else "tile",
    )


def _figure(*inside: object) -> Safe:
    return tag("div", *inside, css="figure")


_NONE = tag("div", NO_DATA, css="figure none")
_HIDDEN = tag("div", HIDDEN, css="figure none")


def _size_tile(listed: pd.DataFrame, about: pd.Series, view: View) -> Safe:
    under = f"{dataset('schools')['kind'].caption_of(about['kind'])}, община {about['municipality']}"
    if listed.empty:
        return _tile("По списък", _NONE, "няма качен списък", under)
    few = view.audience != "internal" and len(listed) < SMALLEST_SHOWN
    classes = int(listed["class_name"].nunique())
    one, many = ("група", "групи") if about["level"] == "kindergarten" else ("паралелка", "паралелки")
    said = f"в {number(classes)} {one if classes == 1 else many}"
    return _tile("По списък", _HIDDEN if few else _figure(number(len(listed))), said, under)


def _ratio_tile(of_school: Figure, of_oblast: Figure) -> Safe:
    title = of_school.metric.name
    if of_school.value is None:
        return _tile(title, _NONE, "", f"за {of_school.period_words}")
    usual = "" if of_oblast.value is None else f"в областта {number(of_oblast.value, 2)}"
    return _tile(title, _figure(number(of_school.value, 2)), usual, of_school.period_words)


def _over_tile(over: Figure, hidden: bool) -> Safe:
    title = f"С {over.metric.rule_words} без причина"
    if over.n is None:
        return _tile(title, _NONE, "", over.period_words)
    of = tag("small", f" от {number(over.d)}") if over.d is not None else ""
    return _tile(title, _HIDDEN if hidden else _figure(number(over.n), of), over.period_words)


def _check_tiles(made: pd.DataFrame, found: pd.DataFrame, day: date, view: View) -> list[Safe]:
    n = number(len(within(made, view.period)))
    last = made["date"].max()
    when = f"последна на {last:%d.%m.%Y} г." if len(made) else "няма нито една"
    since = f"преди {counted((day - last.date()).days, 'ден')}" if len(made) else ""
    undone, late = found["state"].isin(UNDONE), found["state"] == "overdue"
    return [
        _tile("Проверки през периода", _figure(n), when, since),
        _tile(
            "Отворени констатации",
            _figure(number(int(undone.sum()))),
            f"{number(int(late.sum()))} с изтекъл срок" if late.any() else "без изтекъл срок" if undone.any() else "",
            f"от всичките, към {words_of_day(day)}",
            act=bool(late.any()),
        ),
    ]


def _checks(made: pd.DataFrame, found: pd.DataFrame, day: date) -> None:
    """What was checked and what became of it, the newest first."""
    html.part("Проверки и констатации", f"всички, към {words_of_day(day)}")
    if made.empty:
        html.notice("act", "Училището не е проверявано.")
        return
    rows = timeline(made, found)
    html.show(html.table(["Дата", "Вид", "Констатация и препоръка", "Докъде е"], rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        with st.expander(f"И {counted(len(rows) - _SHOWN, 'проверка')} по-рано", type="compact"):
            html.show(html.table(["Дата", "Вид", "Констатация и препоръка", "Докъде е"], rows[_SHOWN:]))


def _next(store: Store, code: str, view: View) -> None:
    """How soon it should be checked, and whether somebody has planned to."""
    ranked = ranking(store, visit_plan.planning_day(store, view), view.scope.moment)
    row = ranked[ranked["school"] == code]
    html.part("Следваща проверка")
    said: list[object] = []
    if len(row):
        place = f"{number(row.iloc[0]['place'])} от {number(len(ranked))}"
        said.append(joined([bold(f"По ред: {place}. "), row.iloc[0]["reason"]]))
    planned = planned_against_done(store, Period(view.period.start_year, "year"), view.scope.moment)
    for visit in each(planned[planned["school"] == code]):
        state = visit_plan.STATES[visit.state]
        when = f" на {visit.done_on:%d.%m.%Y} г." if visit.state == "done" else ""
        said.append(joined([bold(f"В плана за {week_words(visit.week)}: "), state, when]))
    if len(said) < 2:
        said.append("Не е в запазен план за тази учебна година.")
    html.show(html.bullets(said))


def _absences(of_oblast: Figure, code: str, is_preschool: bool) -> None:
    unit = "дни на дете" if is_preschool else "часа на ученик"
    html.part("Неизвинени по месеци", f"{unit}; в ивицата са 8 от 10 в областта, с точки – средното")
    months = against_others(of_oblast, code)
    if months["value"].isna().all():
        html.show(tag("p", "Няма качени отсъствия или списък за това училище.", css="quiet"))
        return
    table = months.assign(month=months["month"].dt.strftime("%m.%Y"))
    table.columns = ["Месец", "Тук", "Обичайно от", "Обичайно до", "В областта"]
    said = (
        f"{month} – {NO_DATA if pd.isna(here) else number(here, 2)} (обичайно {number(low, 2)} до {number(high, 2)})"
        for month, here, low, high, _ in table.itertuples(index=False, name=None)
    )
    says = f"Неизвинени {unit} по месеци: {', '.join(said)}"
    picture(against_range(months), f"range-{code}", says, table.round(2))


def _submissions(store: Store, view: View) -> None:
    """Who sent what, month by month, as on the page „Данни“."""
    html.part("Подаване по месеци")
    states = submission_months(store, view.period, view.scope)
    if states.empty:
        html.show(tag("p", "Тази институция не подава отсъствия.", css="quiet"))
        return
    head = tag("tr", *(tag("th", SHORT_MONTH_NAMES[m.month], scope="col") for m in states["month"]))
    cells = [_SENT[state] for state in states["state"]]
    body = tag("tr", *(tag("td", tag("span", shown, css=css, title=means)) for shown, css, means in cells))
    html.show(tag("div", tag("table", tag("thead", head), tag("tbody", body)), css="matrix strip"))


def _grades(listed: pd.DataFrame, view: View) -> None:
    html.part("Ученици по класове", "по списъка на училището")
    if listed.empty:
        html.show(tag("p", "Няма качен списък на училището.", css="quiet"))
        return
    names, numbers = by_grade(listed, view.audience)
    if set(numbers) == {SHORT_HIDDEN}:
        html.show(tag("p", "Числата са скрити: от малко число може да се познае дете.", css="quiet"))
        return
    html.show(html.table(names, [numbers], numbers=range(len(names))))


def _results(store: Store, code: str, view: View) -> None:
    html.part("Успех", "среден тук / среден в областта")
    results = school_results(store, code, view.period, view.scope)
    if results.empty:
        html.show(tag("p", "Няма качени оценки или изпити.", css="quiet"))
        return
    captions, rows = results_table(results, view.audience)
    html.show(html.table(captions, rows, numbers=range(1, len(captions))))


def _suspicious(store: Store, month: date | None, code: str, view: View) -> None:
    found = suspicious(store, month, view.scope.moment) if month else pd.DataFrame(columns=["school"])
    found = found[found["school"] == code]
    if found.empty:
        html.part("Няма съмнителни записи")
        return
    html.part("Съмнителни записи", "повод за проверка, не присъда")
    html.show(
        html.bullets(
            tag("span", bold(WHAT[row.what]), f": {reason(row.what, row.amount, row.usual, row.about)}")
            for row in found.itertuples(index=False)
        )
    )


def _cases(store: Store, code: str, view: View) -> None:
    html.part("Случаи", "на деца, учили последно тук")
    total = figure(store, "cases_total", view.period, view.scope)
    if total.n is None:
        html.show(tag("p", "Няма качен регистър на случаите.", css="quiet"))
        return
    if is_hidden(figure(store, "cases_total", view.period, view.scope.of_oblast), total, view.audience):
        html.show(tag("p", "Броят е скрит: от малко число може да се познае дете.", css="quiet"))
        return
    if not total.n:
        html.show(tag("p", "Няма случаи през периода.", css="quiet"))
        return
    said = [bold(counted(int(total.n), "случай"))]
    if view.audience == "internal":
        said.append(f", {number(figure(store, 'cases_in_work', view.period, view.scope).n)} в работа")
    html.show(tag("p", *said))
    if view.audience == "internal":
        day = as_of_day(store, view.period, view.scope.moment)
        rows = of_period(cases(store, day, view.scope.moment), view.period)
        rows = rows[rows["school"] == code]
        words = dataset("cases")["status"]
        html.show(
            html.table(
                ["Случай", "Открит", "Статус"],
                [(r.number, f"{r.opened_on:%d.%m.%Y}", words.caption_of(r.status)) for r in rows.itertuples()],
            )
        )


store = open_store()
if is_empty(store):
    offer_start(store)
else:
    main(store)
