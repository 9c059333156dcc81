"""Преглед: what the governor projects first. How many cases are in work, and how many schools were checked?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.charts import Patch, schematic_map, two_years, waterfall
from obhvat.meeting.meetings import previous_meeting_day
from obhvat.meeting.since import since_last
from obhvat.metrics import Figure, Reconciliation, figure, metric, reconciliation, series, year_before
from obhvat.metrics.suppression import hidden_parts
from obhvat.store import Store
from obhvat.texts import NO_DATA, counted, listed, moment, noun, number
from obhvat.ui.audience import hidden_municipalities, is_hidden
from obhvat.ui.filters import WHOLE_OBLAST, View, choose
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.clock import clock_day, show_clock
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.picture import picture
from obhvat.ui.widgets.tile import HIDDEN, tile, tiles

MAP_METRICS = (
    "cases_in_work",
    "schools_inspected",
    "pupils_over_threshold",
    "unexcused_per_pupil",
    "submissions",
)
TILES = {
    "cases_in_work": "Случаи в работа",
    "schools_inspected": "Проверени училища",
    "pupils_over_threshold": "Ученици над месечния праг",
    "submissions": "Подали отсъствия",
}
_LISTED = 12


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    found = {name: figure(store, name, view.period, view.scope) for name in TILES}
    before = {name: year_before(store, found[name]) for name in TILES}
    whole = {name: figure(store, name, view.period, view.scope.of_oblast) for name in TILES}
    hidden = {name: is_hidden(whole[name], found[name], view.audience) for name in TILES}
    _sentence(found, hidden, view)
    _tiles(store, found, before, hidden, view)
    press = view.audience == "press"
    left, *middle, right = st.columns([1, 1] if press else [1.12, 1, 1.12], gap="large")
    with left:
        _cases(reconciliation(store, view.period, view.scope), hidden["cases_in_work"], view)
    for column in middle:
        with column:
            _map(store, view)
    with right:
        over = found["pupils_over_threshold"]
        earlier = figure(store, over.metric.id, view.period.year_before, view.scope)
        _trend(over, earlier, view, hidden["pupils_over_threshold"])
    if not press and not view.scope.school:
        unchecked, silent = st.columns(2, gap="large")
        with unchecked:
            _missing(found["schools_inspected"], view, "без проверка през периода", "Всички училища са проверени.")
        with silent:
            month = found["submissions"].period_words
            what = f"без подадени отсъствия за {month}"
            none = f"Всички училища са подали отсъствията за {month}"
            _missing(found["submissions"], view, what, none)
        _by_municipality(whole, view)
    show_clock(store, clock_day(view.period, view.scope.moment.date()), view.period, most=6)
    html.show(
        tag(
            "p",
            f"{view.place[0].upper()}{view.place[1:]} · {view.period.label} · "
            f"данните са към {moment(view.scope.moment)}. "
            "Нула, няма данни и скрито малко число са три различни неща.",
            css="stamp",
        )
    )


def _sentence(found: dict[str, Figure], hidden: dict[str, bool], view: View) -> None:
    """The first line, to be read aloud."""
    cases, checks = found["cases_in_work"], found["schools_inspected"]
    parts: list[object] = []
    if cases.n is None:
        parts.append("За случаите няма качен регистър")
    elif hidden["cases_in_work"]:
        parts += ["Броят на случаите ", bold("е скрит"), ", за да не се познае дете"]
    else:
        n = int(cases.n)
        parts += ["Работи се по ", bold(counted(n, "случай")), " на деца, отпаднали или необхванати"]
    if checks.n is not None:
        verb = "проверено\u00a0е" if checks.n == 1 else "проверени\u00a0са"
        parts += [f"; {verb} ", bold(f"{number(checks.n)} от {counted(int(checks.d or 0), 'училище')}")]
    parts.append(f" – {view.place}, {view.period.label}")
    html.lead(*parts)


def _tiles(
    store: Store, found: dict[str, Figure], before: dict[str, Figure], hidden: dict[str, bool], view: View
) -> None:
    met_on = previous_meeting_day(store, view.scope.moment.date(), view.scope.moment)
    titles = dict(TILES)
    over, sent = found["pupils_over_threshold"], found["submissions"]
    if over.month:
        titles["pupils_over_threshold"] = f"Ученици с {over.metric.rule_words} без причина, {over.period_words}"
    if sent.month:
        titles["submissions"] = f"Училища, подали отсъствия за {sent.period_words}"
    act = {
        "submissions": bool(sent.d and sent.n is not None and sent.n < sent.d),
        "schools_inspected": bool(
            found["schools_inspected"].d and (found["schools_inspected"].n or 0) < (found["schools_inspected"].d or 0)
        ),
    }
    html.show(
        tiles(
            *(
                tile(
                    found[name],
                    before[name],
                    view,
                    titles[name],
                    hidden=hidden[name],
                    act=act.get(name, False),
                    since=since_last(store, found[name], met_on, view.audience) if met_on else "",
                )
                for name in TILES
            )
        )
    )


def _cases(adds_up: Reconciliation, hidden: bool, view: View) -> None:
    total = adds_up.total
    if not total.has_data:
        html.part("Случаите", f"{view.place}, {view.period.label}")
        html.show(tag("p", "Няма качен регистър на случаите за този период.", css="quiet"))
        return
    whole = int(total.n or 0)
    if hidden or (view.audience != "internal" and (view.scope.municipality or view.scope.school)):
        html.part("Случаите", f"{view.place}, {view.period.label}")
        html.show(tag("p", "Малките числа са скрити: от тях може да се познае дете.", css="quiet"))
        return
    if not whole:
        html.part("Случаите", f"{view.place}, {view.period.label}")
        html.show(tag("p", "Няма нито един случай в регистъра за този период.", css="quiet"))
        return
    numbers = {part.metric.id: int(part.n or 0) for part in adds_up.parts}
    # The press is told of the small ones together.
    together = hidden_parts(numbers) if view.audience == "press" else frozenset()
    names = {part.metric.id: part.metric.name for part in adds_up.parts}
    shown = [(name, names[name], n) for name, n in numbers.items() if n and name not in together]
    if together:
        shown.append(("cases_other", "Други изходи", sum(numbers[name] for name in together)))
    words = " + ".join(f"{number(n)} {name.lower().removeprefix('случаи ')}" for _, name, n in shown)
    html.part(f"Равносметка на {counted(whole, 'случай')}", f"{number(whole)} = {words}")
    if adds_up.difference:
        html.notice("act", f"Не се равняват: {counted(abs(adds_up.difference), 'случай')} са без статус.")
    figure_ = waterfall(("Всички", whole), shown)
    rows = [(name, n) for _, name, n in shown] + [("Всички", whole)]
    table = pd.DataFrame(rows, columns=["Част", "Случаи"])
    picture(figure_, "cases", f"Водопад: {number(whole)} случая = {words}.", table)


def _map(store: Store, view: View) -> None:
    chosen = st.selectbox(
        "Карта по общини",
        MAP_METRICS,
        format_func=lambda name: metric(name).name,
        key="map",
        bind="query-params",
    )
    whole = figure(store, chosen or MAP_METRICS[0], view.period, view.scope.of_oblast)
    parts = whole.by("municipality").set_index("municipality")
    hidden = hidden_municipalities(whole, view.audience)
    patches = [_patch(name, whole, parts, name in hidden, view) for name in view.municipalities if name in parts.index]
    if not patches:
        html.show(tag("p", "Няма зареден регистър на институциите.", css="quiet"))
        return
    key = f"map-{view.scope.municipality}-{whole.metric.id}"

    def go_to() -> None:
        points = st.session_state[key].selection.points
        if points:
            name = (
                points[0]["customdata"]["0"]
                if isinstance(points[0]["customdata"], dict)
                else points[0]["customdata"][0]
            )
            st.session_state["municipality"] = WHOLE_OBLAST if name == view.scope.municipality else name

    table = pd.DataFrame([(p.name, p.label) for p in patches], columns=["Община", whole.metric.name])
    says = f"Карта на общините, {whole.metric.name.lower()}: " + ", ".join(f"{p.name} {p.label}" for p in patches)
    picture(schematic_map(patches, height=330), key, says, table, on_select=go_to)


def _patch(name: str, whole: Figure, parts: pd.DataFrame, hidden: bool, view: View) -> Patch:
    row = parts.loc[name]
    chosen = name == view.scope.municipality
    if not row["reports"]:
        return Patch(name, NO_DATA, None, chosen)
    if hidden:
        return Patch(name, HIDDEN, None, chosen)
    if whole.metric.kind == "share":
        share = float(row["n"]) / float(row["d"]) if row["d"] else 0.0
        return Patch(name, f"{number(row['n'])} от {number(row['d'])}", _scaled(share, whole, parts), chosen)
    value = float(row["value"])
    label = number(value, 2 if whole.metric.kind == "ratio" else 0)
    top = float(parts["value"].max()) or 1.0
    return Patch(name, label, value / top * 0.999, chosen)


def _scaled(share: float, whole: Figure, parts: pd.DataFrame) -> float:
    """Shares that are goals are coloured as they are; shares of pupils against the largest of them."""
    if not whole.metric.children:
        return min(share, 0.999)
    top = float((parts["n"] / parts["d"]).max()) or 1.0
    return share / top * 0.999


def _trend(found: Figure, before: Figure, view: View, hidden: bool) -> None:
    rule = found.metric.rule
    assert rule is not None
    html.part("Ученици над месечния праг", f"с {rule.words} неизвинени отсъствия, по месеци")
    if not found.has_data:
        html.show(tag("p", "Няма качени отсъствия за този период.", css="quiet"))
        return
    if hidden or (view.audience != "internal" and (view.scope.school or _few(found))):
        html.show(tag("p", "Малките числа са скрити: от тях може да се познае дете.", css="quiet"))
        return
    now, then = _school_months(series(found)), _school_months(series(before))
    table = now.assign(Месец=[f"{m:%m.%Y}" for m in now["month"]]).rename(
        columns={
            "n": "Ученици над прага",
            "d": "От ученици",
            "reporting": "Подали училища",
            "places": "От училища",
        }
    )[["Месец", "Ученици над прага", "От ученици", "Подали училища", "От училища"]]
    says = "Ученици над прага по месеци: " + ", ".join(
        f"{m:%m.%Y} – {NO_DATA if pd.isna(n) else number(n)}" for m, n in zip(now["month"], now["n"], strict=True)
    )
    drawn = two_years(now, then, view.period.short, before.period.short)
    picture(drawn, "trend", says, table)


def _school_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the months of the summer nobody sent anything for."""
    summer = rows["month"].dt.month.isin((7, 8))
    return rows[~summer | (rows["reporting"] > 0)]


def _few(found: Figure) -> bool:
    """Whether some month of the series is a small number."""
    months = series(found)["n"].dropna()
    return bool(((months > 0) & (months < 5)).any())


def _missing(found: Figure, view: View, what: str, none: str) -> None:
    """The places a share still lacks, by name."""
    if not found.has_data:
        return
    lacking = found.counted[(found.counted["n"] == 0) & found.counted["reports"]]
    n = len(lacking)
    if not n:
        html.notice("good", none)
        return
    names = sorted(view.name_of(code) for code in lacking["school"])
    more = [f"и още {n - _LISTED}"] if n > _LISTED else []
    html.notice("act", tag("b", f"{number(n)} {noun(n, 'училище')} {what}: "), listed([*names[:_LISTED], *more]))


def _by_municipality(whole: dict[str, Figure], view: View) -> None:
    html.part("По общини", f"{view.period.label}; сборът на редовете е числото за областта")
    names = list(TILES)
    parts = {name: whole[name].by("municipality").set_index("municipality") for name in names}
    hidden = {name: hidden_municipalities(whole[name], view.audience) for name in names}
    places = view.municipalities + sorted({p for name in names for p in parts[name].index} - set(view.municipalities))
    rows = []
    for place in places:
        row: list[object] = [place or "без община"]
        for name in names:
            row.append(_cell(parts[name], place, place in hidden[name], whole[name]))
        rows.append(row)
    total: list[object] = [WHOLE_OBLAST]
    for name in names:
        total.append(_number_words(whole[name].n, whole[name].d, whole[name]))
    captions = ["Община", *(metric(name).name for name in names)]
    html.show(html.table(captions, rows, numbers=range(1, len(captions)), total=total))


def _cell(parts: pd.DataFrame, place: str, hidden: bool, whole: Figure) -> str:
    if place not in parts.index or not parts.at[place, "reports"]:
        return NO_DATA
    return HIDDEN if hidden else _number_words(parts.at[place, "n"], parts.at[place, "d"], whole)


def _number_words(n: float | None, d: float | None, whole: Figure) -> str:
    if n is None:
        return NO_DATA
    if whole.metric.kind == "share" and d is not None and not pd.isna(d):
        return f"{number(n)} от {number(d)}"
    return number(n)


store = open_store()
if is_empty(store):
    offer_start(store)
else:
    main(store)
