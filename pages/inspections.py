"""Проверки: which schools were checked, was the repeat justified, what was found, and where to go next?"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from obhvat.charts import Patch, checks_matrix, findings_bars, schematic_map
from obhvat.charts import diary_gap as diary_gap_picture
from obhvat.inspections.checks import KINDS
from obhvat.inspections.coverage import (
    bands,
    by_kind,
    by_month,
    by_municipality,
    changes_sentence,
    coverage,
    matrix,
    missing,
)
from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import UNDONE, by_school, findings, typical
from obhvat.inspections.repeats import repeats, summary
from obhvat.metrics import figure, year_before
from obhvat.store import Store
from obhvat.texts import counted, day, listed, number
from obhvat.ui.filters import WHOLE_OBLAST, View, choose
from obhvat.ui.inspections import visit_plan
from obhvat.ui.inspections.tables import (
    as_of,
    band_rows,
    diary_table,
    diary_words,
    each,
    findings_table,
    kind_rows,
    month_rows,
    municipality_rows,
    repeat_rows,
    repeats_table,
    schools_table,
)
from obhvat.ui.school.parts import clicked_row, go_where_clicked, point_clicked, unique_names
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, bold, tag
from obhvat.ui.widgets.picture import picture
from obhvat.ui.widgets.tile import tile, tiles

COVERAGE, REPEATS, FINDINGS, DIARY, NEXT = "Покритие", "Повторни", "Констатации", "Дневник", "Къде после"
_NAMED = 6
# Heights in the matrix: of a school, and of what stands over them.
_ROW, _HEAD = 26, 110


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    go_where_clicked(view)
    rows = coverage(store, view.period, view.scope)
    if rows.empty:
        html.lead(f"Няма училища, които да се проверяват: {view.place}, {view.period.label}")
        html.notice("mind", "Качете регистъра на институциите или изберете друго място и период.")
        return
    today = as_of(store, view)
    found = findings(store, view.period, view.scope, today)
    known = figure(store, "schools_inspected", view.period, view.scope).has_data
    if known:
        _sentence(rows, view)
        _tiles(store, found, today, view)
    else:
        html.lead(f"Няма качени проверки: {view.place}, {view.period.label}")
        html.notice("mind", "Качете списъка на проверките от страница „Качване“. Без него „непроверено“ не се знае.")
    part = st.segmented_control(
        "Какво да се покаже",
        [COVERAGE, REPEATS, FINDINGS, DIARY, NEXT],
        default=COVERAGE,
        key="part",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    if part == NEXT:
        visit_plan.show(store, view)
    elif not known:
        return
    elif part == FINDINGS:
        _findings(found, today, view)
    elif part == REPEATS:
        _repeats(repeats(store, view.period, view.scope), view)
    elif part == DIARY:
        _diary(diary_gap(store, view.period, view.scope), view)
    else:
        _coverage(store, rows, today, view)
    html.show(
        tag(
            "p",
            f"{view.place[0].upper()}{view.place[1:]} · {view.period.label} · проверките са известни до {day(today)} · "
            "училищата са тези в регистъра, детските градини не се проверяват.",
            css="stamp",
        )
    )


def _sentence(rows: pd.DataFrame, view: View) -> None:
    """„Проверени са 38 от 40 училища“: the two that are missing are named first of all."""
    checked = int((rows["n_checks"] > 0).sum())
    n = int(rows["n_checks"].sum())
    if len(rows) == 1:
        times = "веднъж" if n == 1 else f"{number(n)} пъти" if n else "нито веднъж"
        html.lead(f"{rows.iloc[0]['name']}: проверено ", bold(times), f" – {view.period.label}")
        return
    verb = "Проверено е" if checked == 1 else "Проверени са"
    html.lead(
        f"{verb} ",
        bold(f"{number(checked)} от {counted(len(rows), 'училище')}"),
        f" с {counted(n, 'проверка')} – {view.place}, {view.period.label}",
    )
    if view.audience == "press":
        return
    left = missing(rows)
    if left.empty:
        html.notice("good", "Няма училище без проверка.")
    else:
        names = [view.name_of(code) for code in left["code"]]
        more = [f"още {counted(len(names) - _NAMED, 'училище')}"] if len(names) > _NAMED else []
        html.notice("act", bold("Без проверка: "), listed([*names[:_NAMED], *more]))
    if changed := changes_sentence(rows):
        html.notice("mind", changed)


def _tiles(store: Store, found: pd.DataFrame, today: date, view: View) -> None:
    titles = {
        "schools_inspected": "Проверени училища",
        "inspections": "Проверки",
        "schools_reinspected": "Училища с повече от една проверка",
    }
    shown = []
    for name, title in titles.items():
        one = figure(store, name, view.period, view.scope)
        lacking = name == "schools_inspected" and (one.n or 0) < (one.d or 0)
        shown.append(tile(one, year_before(store, one), view, title, act=lacking))
    undone, late = int(found["state"].isin(UNDONE).sum()), int((found["state"] == "overdue").sum())
    shown.append(
        _tile(
            "Отворени констатации",
            number(undone),
            f" от {number(len(found))}",
            f"{number(late)} с изтекъл срок" if late else "без изтекъл срок",
            f"към {day(today)}",
            act=late > 0,
        )
    )
    rounds = figure(store, "director_checks_with_round", view.period, view.scope)
    n, d = int(rounds.n or 0), int(rounds.d or 0)
    shown.append(
        _tile(
            "Проверки на директора без обход",
            number(d - n),
            f" от {number(d)}",
            "всяка се съпровожда с обход" if n == d else "всяка трябва да се съпроводи с обход",
            "",
            act=n < d,
        )
    )
    html.show(tiles(*shown))


def _tile(title: str, figure_: str, of: str, note: str, under: str, *, act: bool) -> Safe:
    return tag(
        "section",
        tag("h2", title),
        tag("div", figure_, tag("small", of), css="figure"),
        tag("div", note, css="change"),
        tag("div", under, css="from"),
        css="tile act" if act else "tile",
    )


def _coverage(store: Store, rows: pd.DataFrame, today: date, view: View) -> None:
    if view.audience == "press":
        for column, counts in zip(st.columns(3, gap="large"), (_times, _kinds, _months), strict=True):
            with column:
                counts(rows, today, view)
        html.show(tag("p", "За пресата се показват само числата за областта.", css="quiet"))
        return
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        _matrix(store, today, view)
        _months(rows, today, view)
    with right:
        _map(by_municipality(coverage(store, view.period, view.scope.of_oblast)), view)
        if not view.scope.municipality:
            parts, total = municipality_rows(by_municipality(rows))
            captions = ["Община", "Проверени", "Проверки", "Последна"]
            html.show(html.table(captions, parts, numbers=[1, 2, 3], total=total))
        _times(rows, today, view)
        _kinds(rows, today, view)
    html.part("Всички училища", "най-отдавна непроверените първи; натиснете ред, за да отворите училището")
    table = schools_table(rows, today, view)
    key = f"schools-{view.scope.municipality}"
    clicked_row(table.drop(columns="school"), table["school"].tolist(), key, 480)


def _times(rows: pd.DataFrame, today: date, view: View) -> None:
    html.part("Колко пъти", "училища по брой на проверките")
    *parts, total = band_rows(bands(rows))
    html.show(html.table(["Проверявано", "Училища", "Проверки"], parts, numbers=[1, 2], total=total))


def _kinds(rows: pd.DataFrame, today: date, view: View) -> None:
    html.part("Какво е проверявано", "трите вида проверки; обходът придружава проверката на директора")
    *parts, total = kind_rows(by_kind(rows))
    html.show(html.table(["Вид", "Проверки", "Училища", "Без обход"], parts, numbers=[1, 2, 3], total=total))


def _months(rows: pd.DataFrame, today: date, view: View) -> None:
    html.part("Кога", "новите училища са проверени за първи път през периода")
    *parts, total = month_rows(by_month(rows, view.period), today)
    html.show(html.table(["Месец", "Проверки", "Нови училища"], parts, numbers=[1, 2], total=total))


def _matrix(store: Store, today: date, view: View) -> None:
    html.part("Кое училище кога", "натиснете клетка, за да отворите училището")
    cells = matrix(store, view.period, view.scope)
    names = unique_names(view, cells["code"])
    cells = cells.assign(school=cells["code"].map(names))
    table = cells.loc[cells["n"] > 0, ["municipality", "school", "month", "text"]]
    table = table.assign(month=[f"{m:%m.%Y}" for m in table["month"]])
    table.columns = ["Община", "Училище", "Месец", "Проверки"]
    says = f"Училища по месеци: {counted(int(cells['n'].sum()), 'проверка')}; подробно в таблицата."
    key = f"matrix-{view.scope.municipality}-{view.period.key}"
    letters = ", ".join(f"{letter} – {name}" for name, letter in KINDS.values())
    months = sorted(month for month in set(cells["month"]) if month <= today)
    drawn = checks_matrix(cells, months, len(names) * _ROW + _HEAD, letters)
    picture(drawn, key, says, table, on_select=point_clicked(key, names))


def _map(found: pd.DataFrame, view: View) -> None:
    """The whole oblast, also when one municipality is looked at: a click goes to another, or back."""
    html.part("Покритие по общини", "проверени от всички училища; натиснете община")
    parts = found.set_index("municipality")
    patches = [
        Patch(
            str(name),
            f"{number(part['checked'])} от {number(part['schools'])}",
            min(part["checked"] / part["schools"], 0.999),
            name == view.scope.municipality,
        )
        for name, part in parts.iterrows()
    ]
    key = f"coverage-map-{view.scope.municipality}"

    def go_to() -> None:
        points = st.session_state[key].selection.points
        if points:
            name = points[0]["customdata"]
            name = name["0"] if isinstance(name, dict) else name[0]
            st.session_state["municipality"] = WHOLE_OBLAST if name == view.scope.municipality else name

    table = pd.DataFrame([(p.name, p.label) for p in patches], columns=["Община", "Проверени училища"])
    says = "Покритие по общини: " + ", ".join(f"{p.name} {p.label}" for p in patches)
    picture(schematic_map(patches, height=330), key, says, table, on_select=go_to)


def _findings(found: pd.DataFrame, today: date, view: View) -> None:
    if found.empty:
        html.notice("good", "Проверките през периода не са намерили нищо за поправяне.")
        return
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        html.part("Какво се намира", f"{counted(len(found), 'констатация')}, към {day(today)}")
        kinds = typical(found)
        table = kinds[["name", "n", "open"]]
        table.columns = ["Констатация", "Брой", "Отворени"]
        says = "Констатации: " + ", ".join(f"{r.name} – {number(r.n)}" for r in each(kinds))
        picture(findings_bars(kinds), "findings", says, table)
    if view.audience == "press":
        return
    with right:
        html.part("Кое училище какво дължи", "с изтекъл срок първи; натиснете ред, за да отворите училището")
        owed = by_school(found)
        owed = owed[owed["open"] > 0]
        if owed.empty:
            html.notice("good", "Всичко намерено е изпълнено или проверено повторно.")
        table = pd.DataFrame(
            {
                "Училище": [view.name_of(code) for code in owed["school"]],
                "Община": owed["municipality"],
                "Отворени": owed["open"],
                "С изтекъл срок": owed["overdue"],
                "Работни дни след срока": owed["late"],
            }
        )
        if len(owed):
            clicked_row(table, owed["school"].tolist(), f"owed-{view.scope.municipality}")
    html.part("Една по една", "най-просрочените първи")
    table = findings_table(found, view)
    clicked_row(table.drop(columns="school"), table["school"].tolist(), f"rows-{view.scope.municipality}", height=480)


def _repeats(rows: pd.DataFrame, view: View) -> None:
    html.part("Оправдана ли е повторната проверка", "по това, което се знаеше преди нея")
    if rows.empty:
        html.show(tag("p", "През периода няма повторни проверки.", css="quiet"))
        return
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        *parts, total = repeat_rows(summary(rows), rows)
        html.show(html.table(["Основание", "Повторни", "Училища"], parts, numbers=[1, 2], total=total))
    if view.audience == "press":
        return
    with right:
        idle = rows[rows["why"] == "neither"]
        if idle.empty:
            html.notice("good", "Всяка повторна проверка има основание.")
        else:
            said = (
                tag("span", bold(view.name_of(r.school)), f", {r.date:%d.%m.%Y}: {r.words}")
                for r in each(idle[:_NAMED])
            )
            html.notice("mind", bold("Без видимо основание"), html.bullets(said))
    html.part("Една по една", "без видимо основание първи; натиснете ред, за да отворите училището")
    table = repeats_table(rows, view)
    key = f"repeats-{view.scope.municipality}"
    clicked_row(table.drop(columns="school"), table["school"].tolist(), key, sentences=True)


def _diary(rows: pd.DataFrame, view: View) -> None:
    html.part("Преброени и вписани", "отсъстващи в клас при проверката, и колко от тях са вписани в дневника")
    if rows.empty:
        html.show(tag("p", "През периода няма проверка, при която учениците да са преброени.", css="quiet"))
        return
    html.show(tag("p", diary_words(rows, view), css="said"))
    if view.audience == "press":
        return
    names = unique_names(view, rows["school"])
    if view.audience == "internal":
        left, right = st.columns(2, gap="large")
        with left:
            html.part("Разлика на 100 записани", "с границите, в които е с 95 % сигурност")
            # The picture counts from the diary's side: fewer in class than it says is below zero.
            turned = {"gap": -rows["per_100"], "low": -rows["high"], "high": -rows["low"], "n": rows["n_checks"]}
            points = pd.DataFrame({"name": rows["school"].map(names), **turned, "flagged": rows["flagged"]})
            table = points.set_axis(["Училище", "Разлика", "От", "До", "Проверки", "Не вписва"], axis=1).round(1)
            says = "Разлика между преброените и вписаните по училища; подробно в таблицата."
            picture(diary_gap_picture(points), f"diary-{view.scope.municipality}", says, table)
        with right:
            _diary_rows(rows, view)
    else:
        html.show(tag("p", "Броят на децата по училища се показва само във вътрешния изглед.", css="quiet"))
        _diary_rows(rows, view)


def _diary_rows(rows: pd.DataFrame, view: View) -> None:
    html.part("По училища", "до съмнителните нули и подаването; натиснете ред, за да отворите училището")
    table = diary_table(rows, view)
    height = 600 if len(table) > 16 else None
    clicked_row(table.drop(columns="school"), table["school"].tolist(), f"diaries-{view.scope.municipality}", height)


store = open_store()
if is_empty(store):
    offer_start(store)
else:
    main(store)
