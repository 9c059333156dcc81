"""Риск: who is slipping, why, and for whom has nobody done anything?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from obhvat.charts import funnel, heat_map, trend_with_threshold
from obhvat.indicators import Operator, Rule
from obhvat.indicators.flags import (
    BURGAS_BANDS,
    SCHOOL_BANDS,
    bands,
    by_place,
    flagged,
    is_over,
    month_before,
    nobody_acted,
    sentence,
    whole,
)
from obhvat.indicators.measures import cases_as_of, class_months, file_of, measures, newest_month
from obhvat.indicators.suspicious import WHAT, reason, suspicious
from obhvat.indicators.thresholds import RuleSet, rules_of, set_rules
from obhvat.ingest import current_user
from obhvat.metrics import figure, series
from obhvat.periods import Period, month_label, school_year_of
from obhvat.reports.tables import write_workbook
from obhvat.store import Store
from obhvat.texts import NO_DATA, counted, day, number, percent
from obhvat.ui.filters import WHOLE_OBLAST, View, choose
from obhvat.ui.risk.tables import (
    hidden_in,
    hours_by_class,
    hours_by_place,
    is_hidden,
    is_month_hidden,
    owed_table,
    place_table,
    pupils_table,
    shown_parts,
    stamp_notes,
    total_words,
    what_if,
)
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.picture import picture
from obhvat.ui.widgets.tile import HIDDEN, tiles

_LISTED = 300
_DAYS = 14
_WITH_LESSONS = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)
_SMALL = "Малките числа са скрити: от тях може да се познае дете."


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    known_at = view.scope.moment
    month = newest_month(store, min(view.period.last, known_at.date()), known_at)
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
    measured = _inside(of_oblast, view)
    over = is_over(measured, chosen)
    until = cases_as_of(store, month, known_at)
    waiting = nobody_acted(measured, over, until, days)
    hidden = is_hidden(of_oblast, chosen, view)
    _sentence(measured, waiting, chosen, month, hidden, view)
    if view.audience == "press":
        html.notice("mind", "За пресата се показват само числата за областта. Подробностите са за членовете.")
        return
    flags = flagged(measured, rules.on)
    _tiles(of_oblast, measured, rules, chosen, view)
    since = f"{counted(days, 'ден')} към {day(until)}"
    linked = bool(of_oblast["earlier_cases"].notna().any())
    _act(store, flags, measured, waiting, rules, chosen, month, since, linked, view)
    left, middle, right = st.columns([1, 1.35, 1.15], gap="large")
    with left:
        _trend(store, chosen, view)
    with middle:
        _funnel(of_oblast, chosen, view)
    with right:
        _heat(store, of_oblast, chosen, month, view)
    _places(store, of_oblast, chosen, month, view, hidden)
    left, right = st.columns(2, gap="large")
    with left:
        _what_if(store, measured, chosen, rules, view)
    with right:
        _bands(measured, view)
    _suspicious(store, month, view)
    html.show(
        tag(
            "p",
            f"{view.place[0].upper()}{view.place[1:]} · към {month_label(month)} · прагове: версия {rules.version} · "
            "часовете на учениците и дните на децата в предучилищна група никога не се събират.",
            css="stamp",
        )
    )


def _choose_rule(rules: RuleSet, view: View) -> tuple[Rule, int]:
    names = {rule.id: f"{rule.name} – {rule.words}" if rule.unit != "times" else rule.name for rule in rules.on}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    # The address holds the id: a caption changes with its threshold.
    asked = [*names].index(st.query_params["rule"]) if st.query_params.get("rule") in names else 0
    chosen = left.selectbox("Правило", [*names], asked, format_func=lambda name: names.get(name, name), key="rule")
    if chosen and (asked or chosen != next(iter(names))):
        st.query_params["rule"] = chosen
    days = right.number_input(
        "Без действие от повече дни", 1, 365, _DAYS, key="days", disabled=view.audience == "press"
    )
    return rules[chosen or next(iter(names))], int(days)


def _inside(measured: pd.DataFrame, view: View) -> pd.DataFrame:
    if view.scope.school:
        return measured[measured["school"] == view.scope.school]
    if view.scope.municipality:
        return measured[measured["municipality"] == view.scope.municipality]
    return measured


def _noun(rule: Rule) -> str:
    return "дете" if rule.of_unit == "days" else "ученик"


def _sentence(measured: pd.DataFrame, waiting: pd.DataFrame, rule: Rule, month: date, hidden: bool, view: View) -> None:
    n, d = whole(measured, rule)
    if n is None:
        html.lead(f"За „{rule.name}“ няма данни: {view.place}, {month_label(month)}")
        return
    if hidden:
        html.lead("Броят ", bold("е скрит"), f", за да не се познае дете – {view.place}, {month_label(month)}")
        return
    words = f" ({rule.words})" if rule.unit != "times" else ""
    parts: list[object] = [bold(counted(n, _noun(rule))), f" по правилото „{rule.name}“{words}"]
    if n and view.audience == "internal":
        left = len(waiting)
        alone = "за никого от тях няма действие" if left == n else f"за {number(left)} от тях никой не е действал"
        parts += ["; ", bold(alone)] if left else ["; по всички се работи"]
    html.lead(*parts, f" – {view.place}, {month_label(month)}: {percent(n, d, 1)} от {number(d)}")


def _tiles(of_oblast: pd.DataFrame, measured: pd.DataFrame, rules: RuleSet, chosen: Rule, view: View) -> None:
    wanted = [chosen.id, "chronic_absence", "rising", "vanished", "earlier_case"]
    shown = []
    for name in dict.fromkeys(wanted):
        rule = rules[name]
        n, d = whole(measured, rule)
        figure_ = (
            tag("div", NO_DATA, css="figure none")
            if n is None
            else tag("div", HIDDEN, css="figure none")
            if is_hidden(of_oblast, rule, view)
            else tag("div", number(n), tag("small", f" от {number(d)}"), css="figure")
        )
        words = rule.words if rule.unit != "times" else rule.short
        shown.append(
            tag(
                "section",
                tag("h2", rule.name),
                figure_,
                tag("div", words, css="change"),
                tag(
                    "details",
                    tag("summary", "какво означава"),
                    tag("p", f"Праг: {words}; точки: {rule.points}."),
                    tag("p", f"Източник: {rule.source}."),
                ),
                css="tile act" if name == "vanished" and n else "tile",
            )
        )
    html.show(tiles(*shown))


def _act(
    store: Store,
    flags: pd.DataFrame,
    measured: pd.DataFrame,
    waiting: pd.DataFrame,
    rules: RuleSet,
    chosen: Rule,
    month: date,
    since: str,
    cases_have_pupils: bool,
    view: View,
) -> None:
    """The first list: for whom nobody has done anything."""
    html.part("Никой не е действал", f"над прага, без действие в регистъра на случаите от повече от {since}")
    if _only_inside(view):
        return
    if not len(waiting):
        html.notice("good", "За всеки над прага има действие.")
        return
    table = owed_table(waiting, int(is_over(measured, chosen).sum()), view.audience)
    columns = list(table.columns)
    html.show(html.table(columns, table.itertuples(index=False, name=None), numbers=range(1, len(columns))))
    if not cases_have_pupils:
        html.show(
            tag(
                "p",
                "В регистъра на случаите няма колона „ЕГН/ЛНЧ“, затова никой случай не може да се свърже с дете.",
                css="quiet",
            )
        )
    if view.audience != "internal":
        return
    pupils = pupils_table(flags, measured, waiting, rules.on, chosen, view)
    chosen_rows = st.dataframe(
        pupils.head(_LISTED),
        hide_index=True,
        width="stretch",
        height=330,
        placeholder="–",
        key=f"pupils-{chosen.id}-{view.scope.municipality}-{view.scope.school}-{since}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Последно действие": st.column_config.DateColumn(format="DD.MM.YYYY"),
            "Стойност": st.column_config.NumberColumn(format="localized"),
        },
    )
    if len(pupils) > _LISTED:
        html.show(
            tag("p", f"Показани са първите {number(_LISTED)} от {number(len(pupils))}; всички са в Excel.", css="quiet")
        )
    st.download_button(
        "Свали списъка като Excel",
        lambda: write_workbook({"Списък": pupils}, stamp_notes(view, chosen, month, rules.version, view.scope.moment)),
        f"риск-{month:%Y-%m}.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )
    picked = chosen_rows.selection.rows if chosen_rows else []
    if picked:
        _pupil(store, measured.loc[pupils.index[picked[0]]], flags.loc[pupils.index[picked[0]]], rules, month, view)


def _only_inside(view: View) -> bool:
    """Say that a table is not for others: beside the oblast's own it would give small numbers away."""
    if view.audience == "internal" or not (view.scope.municipality or view.scope.school):
        return False
    html.show(tag("p", "По общини и училища се показва само във вътрешния изглед.", css="quiet"))
    return True


def _pupil(store: Store, row: pd.Series, flags: pd.Series, rules: RuleSet, month: date, view: View) -> None:
    """Why one child is on the list: a sentence a rule, and the line it comes from."""
    html.part(
        f"Паралелка {row['class_name'] or 'без наименование'}, {view.name_of(row['school'])}",
        f"{number(flags['score'])} точки; без име и ЕГН – редът във файла го намира",
    )
    from_month = _line(store, row["month_slice"], row["month_line"])
    from_list = _line(store, row["list_slice"], row["list_line"])
    said = []
    for rule in rules.on:
        if flags[rule.id]:
            where = from_month if rule.reads == "absences" else from_list if rule.reads == "pupils" else ""
            points = f"{rule.points} т." if rule.points else "без точки"
            said.append(tag("span", bold(rule.name), f": {sentence(rule, row, month)} ({points}{where})"))
    html.show(html.bullets(said))


def _line(store: Store, slice_id: Any, line: Any) -> str:
    if pd.isna(slice_id) or pd.isna(line):
        return ""
    return f"; {file_of(store, int(slice_id))}, ред {int(line)}"


def _trend(store: Store, rule: Rule, view: View) -> None:
    metric_id = "children_over_threshold" if rule.of_unit == "days" else "pupils_over_threshold"
    year = Period(view.period.start_year, "year")
    now, before = (figure(store, metric_id, one, view.scope) for one in (year, year.year_before))
    of_oblast, before_of_oblast = (
        figure(store, metric_id, one, view.scope.of_oblast).rows for one in (year, year.year_before)
    )
    html.part("По месеци", "ученици над месечния праг" if rule.of_unit != "days" else "деца над месечния праг")
    if is_month_hidden(of_oblast, view):
        html.show(tag("p", _SMALL, css="quiet"))
        return
    months, earlier = (one[one["month"].dt.month.isin(_WITH_LESSONS)] for one in (series(now), series(before)))
    if is_month_hidden(before_of_oblast, view):
        earlier = earlier.iloc[:0]
    table = months.assign(month=months["month"].dt.strftime("%m.%Y"))[["month", "n", "d", "reporting", "places"]]
    table.columns = ["Месец", "Над прага", "От", "Подали", "От училища"]
    says = "Над месечния праг по месеци: " + ", ".join(
        f"{m} – {NO_DATA if pd.isna(n) else number(n)}" for m, n in zip(table["Месец"], table["Над прага"], strict=True)
    )
    threshold = now.metric.rule_words
    picture(trend_with_threshold(months, threshold, earlier), f"trend-{metric_id}", says, table)


def _funnel(of_oblast: pd.DataFrame, rule: Rule, view: View) -> None:
    html.part("Повече от случайното?", "дял над прага според големината; извън ивиците не е случайност")
    whole_oblast = replace(view, scope=view.scope.of_oblast)
    if is_hidden(of_oblast, rule, whole_oblast):
        html.show(tag("p", _SMALL, css="quiet"))
        return
    hidden = hidden_in(of_oblast, rule, whole_oblast, "school")
    parts = by_place(of_oblast, rule, "school").dropna(subset="n")
    points = parts[~parts["school"].isin(hidden)]
    n, d = whole(of_oblast, rule)
    if not n or points.empty:
        html.show(tag("p", "Няма какво да се покаже: никой не е над прага или числата са скрити.", css="quiet"))
        return
    points = points.assign(
        # Without the settlement: there is no room for it beside a point.
        name=points["school"].map(view.institutions.set_index("code")["name"]).fillna(points["school"]),
        chosen=points["school"].isin(_chosen_schools(view)),
    )
    table = points[["name", "n", "d"]].rename(columns={"name": "Училище", "n": "Над прага", "d": "От"})
    says = f"Дял над прага по училища; за областта {percent(n, d, 1)}."
    picture(funnel(points, n / d), f"funnel-{rule.id}", says, table)


def _chosen_schools(view: View) -> list[str]:
    if view.scope.school:
        return [view.scope.school]
    known = view.institutions
    return known.loc[known["municipality"].eq(view.scope.municipality or ""), "code"].tolist()


def _heat(store: Store, of_oblast: pd.DataFrame, rule: Rule, month: date, view: View) -> None:
    unit = rule.of_unit or "hours"
    words = "неизвинени дни на дете" if unit == "days" else "неизвинени часа на ученик"
    html.part("Къде и кога", words)
    if view.scope.school:
        if view.audience != "internal":
            html.show(tag("p", "По паралелки се показва само във вътрешния изглед.", css="quiet"))
            return
        inside = of_oblast[(of_oblast["school"] == view.scope.school) & of_oblast["is_listed"]]
        rows = class_months(store, view.scope.school, month, unit, view.scope.moment)
        table = hours_by_class(rows, inside.groupby("class_name").size())
    else:
        metric_id = "unexcused_days_per_child" if unit == "days" else "unexcused_per_pupil"
        found = figure(store, metric_id, Period(school_year_of(month), "year"), view.scope)
        rows = found.rows[found.rows["reports"] & (found.rows["month"] <= pd.Timestamp(month))]
        table = hours_by_place(rows, "school" if view.scope.municipality else "municipality", _names(view))
    if table["value"].notna().sum() == 0:
        html.show(tag("p", "Няма качени отсъствия или списъци, от които да се смята.", css="quiet"))
        return
    shown = table.assign(month=table["month"].dt.strftime("%m.%Y"))[["class", "month", "value"]]
    shown.columns = ["Място", "Месец", words.capitalize()]
    picture(
        heat_map(table),
        f"heat-{rule.id}-{view.scope.municipality}-{view.scope.school}",
        f"Топлинна карта: {words}.",
        shown,
    )


def _names(view: View) -> dict[str, str]:
    return {code: view.name_of(code) for code in view.institutions["code"]}


def _places(store: Store, of_oblast: pd.DataFrame, rule: Rule, month: date, view: View, hidden: bool) -> None:
    """The drill: municipalities, then a municipality's schools, then a school's classes."""
    place = "class_name" if view.scope.school else "school" if view.scope.municipality else "municipality"
    title = {"municipality": "По общини", "school": "По училища", "class_name": "По паралелки"}[place]
    total = total_words(_inside(of_oblast, view), rule, hidden)
    html.part(title, f"{total} над прага; броят и средното подреждат различно – натиснете ред")
    if view.scope.municipality or view.scope.school:
        back = "Назад към общината" if view.scope.school and view.scope.municipality else "Назад към областта"
        st.button(back, icon=":material/arrow_back:", on_click=_back)
    if place == "class_name" and view.audience != "internal":
        html.show(tag("p", "По паралелки се показва само във вътрешния изглед.", css="quiet"))
        return
    earlier = (month_before(month), month.replace(year=month.year - 1))
    frames = [of_oblast, *(measures(store, m, view.scope.moment) for m in earlier)]
    secret = [frozenset() if place == "class_name" else hidden_in(frame, rule, view, place) for frame in frames]
    noun = "деца" if rule.of_unit == "days" else "ученици"
    table = place_table([_inside(frame, view) for frame in frames], rule, place, view, secret, noun)
    shown = table.drop(columns="place")
    if place == "class_name":
        st.dataframe(shown, hide_index=True, width="stretch", placeholder="–", key="classes")
        return
    # Another table is another widget: what was chosen in the last one is not chosen in this.
    key = f"places-{rule.id}-{view.scope.municipality}"

    def go_to() -> None:
        rows = st.session_state[key].selection.rows
        code = table.loc[rows[0], "place"] if rows else ""
        if place == "municipality" and code:
            st.session_state["municipality"] = code
        known = view.institutions[view.institutions["code"] == code]
        if place == "school" and len(known):
            found = known.iloc[0]
            st.session_state["school"] = f"{found['name']}, {found['settlement']} · {code}"

    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        placeholder="–",
        key=key,
        on_select=go_to,
        selection_mode="single-row",
    )


def _back() -> None:
    if st.session_state.get("school") not in (None, "Всички училища"):
        st.session_state["school"] = "Всички училища"
    else:
        st.session_state["municipality"] = WHOLE_OBLAST


@st.fragment
def _what_if(store: Store, measured: pd.DataFrame, rule: Rule, rules: RuleSet, view: View) -> None:
    """Another threshold, before it is saved: what it makes of every team's work."""
    html.part("Ако прагът беше друг", f"сега: {rule.words or rule.name}")
    if rule.unit == "times":
        html.show(tag("p", "Това правило няма праг, който да се мести.", css="quiet"))
        return
    if _only_inside(view):
        return
    step = 0.5 if rule.unit in ("hours", "days", "mark") else 1.0
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    words: dict[Operator, str] = {"<": "под (<)"} if rule.operator == "<" else {">=": "и повече (≥)", ">": "над (>)"}
    operator = left.selectbox(
        "Условие",
        list(words),
        index=list(words).index(rule.operator),
        format_func=lambda name: words[name],
        key=f"operator-{rule.id}",
    )
    top = 40.0 if rule.unit in ("hours", "percent") else 6.0 if rule.unit == "mark" else 20.0
    least, most = min(0.5, float(rule.value)), max(top, float(rule.value))
    value = right.slider("Праг", least, most, float(rule.value), step, "%g", key=f"tried-{rule.id}")
    tried = replace(rule, operator=operator, value=value)
    *rows, total = what_if(measured, rule, tried, view)
    captions = ["Екипи в община", f"Сега ({rule.words})", f"При {tried.words}", "Разлика", "Без случай"]
    html.show(html.table(captions, rows, numbers=range(1, 5), total=total))
    if view.audience == "internal" and tried != rule:
        label = f"Запази „{tried.words}“ като праг"
        if st.button(label, icon=":material/save:"):
            set_rules(store, {rule.id: tried}, current_user())
            st.rerun()


def _bands(measured: pd.DataFrame, view: View) -> None:
    html.part("Колко часа", "ученици по неизвинени часове: училищната практика и скалата за глоби на Бургас")
    if _only_inside(view):
        return
    for title, measure, edges in (
        ("От началото на срока", "term_unexcused", SCHOOL_BANDS),
        ("За месеца", "month_unexcused", BURGAS_BANDS),
    ):
        found = bands(measured, measure, edges)
        words = [
            f"{number(low)} и повече часа" if high == float("inf") else f"от {number(low)} до под {number(high)} часа"
            for low, high in zip(found["low"], found["high"], strict=True)
        ]
        rows = list(zip(words, shown_parts(found["n"], view.audience), strict=True))
        html.show(html.table([title, "Ученици"], rows, numbers=[1]))


def _suspicious(store: Store, month: date, view: View) -> None:
    """Records that are a reason for an inspection."""
    found = suspicious(store, month, view.scope.moment)
    inside = view.institutions
    if view.scope.municipality:
        inside = inside[inside["municipality"] == view.scope.municipality]
    if view.scope.school:
        inside = inside[inside["code"] == view.scope.school]
    found = found[found["school"].isin(inside["code"])]
    html.part("Съмнителни записи", "повод за проверка, не присъда: училище без отсъствия може да не ги нанася")
    if not len(found):
        html.notice("good", "Нищо съмнително в изпратените отсъствия.")
        return
    rows = [
        (view.name_of(row.school), WHAT[row.what], reason(row.what, row.amount, row.usual, row.about))
        for row in found.itertuples(index=False)
    ]
    html.show(html.table(["Училище", "Какво", "Защо"], rows))


store = open_store()
if is_empty(store):
    offer_start(store)
else:
    main(store)
