"""Случаи: by how many cases is work done, how the number adds up, and who owes the next step?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from obhvat.cases.ladder import never_contacted, quiet
from obhvat.cases.register import as_of_day
from obhvat.meeting.meetings import previous_meeting_day
from obhvat.meeting.since import since_last, since_words
from obhvat.metrics import Figure, figure, year_before
from obhvat.metrics.audience import is_small_for_press
from obhvat.store import Store
from obhvat.texts import NO_DATA, change, counted, day, number
from obhvat.ui.audience import is_hidden
from obhvat.ui.cases import accounts, ladder, one_case, proposals, work
from obhvat.ui.cases.tables import Looked
from obhvat.ui.filters import View, choose
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, bold, tag
from obhvat.ui.widgets.tile import HIDDEN, change_words, tile, tiles

Part = Callable[[Looked], None]
PARTS: dict[str, Part] = {
    "Равносметка": accounts.show,
    "Стълбица и срокове": ladder.show,
    "Свършена работа": work.show_done,
    "Върнати и останали": work.show_stayed,
    "Сигнали": work.show_signals,
}
INSIDE: dict[str, Part] = {
    "Списък и случай": one_case.show,
    "Предложения от риска": proposals.show_proposals,
    "Разминавания": proposals.show_conflicts,
}
FIRST = "Равносметка"


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    in_work = figure(store, "cases_in_work", view.period, view.scope)
    if not in_work.has_data:
        html.lead(f"За случаите няма качен регистър – {view.place}, {view.period.label}")
        html.notice(
            "mind",
            "Качете регистъра на случаите и регистъра на действията от страница „Качване“; образците им са в „Помощ“.",
        )
        return
    looked = Looked(store, view, as_of_day(store, view.period, view.scope.moment))
    whole = figure(store, "cases_in_work", view.period, view.scope.of_oblast)
    hidden = is_hidden(whole, in_work, view.audience) or is_small_for_press(True, in_work.n, view.audience)
    # Below the oblast only the cases in work are said outside: what else is few would follow from it.
    only_total = looked.is_narrow and not looked.is_inside
    _sentence(looked, in_work, hidden, only_total)
    parts = PARTS | INSIDE if looked.is_inside else PARTS if view.audience == "members" else {FIRST: PARTS[FIRST]}
    looked = replace(looked, quiet_days=ladder.asked_days())
    _tiles(looked, in_work, hidden, only_total)
    chosen = st.segmented_control("Част", [*parts], default=FIRST, key="part", bind="query-params", required=True)
    parts.get(str(chosen), PARTS[FIRST])(looked)
    html.show(
        tag(
            "p",
            f"{view.place[0].upper()}{view.place[1:]} · {view.period.label} · случаите са към {day(looked.day)} · "
            "обход, посещение, случай и дете са четири различни неща и никога не се събират.",
            css="stamp",
        )
    )


def _sentence(looked: Looked, in_work: Figure, hidden: bool, only_total: bool) -> None:
    """The first line, to be read aloud."""
    view = looked.view
    where = f" – {view.place}, {view.period.label}"
    if hidden:
        html.lead("Броят на случаите ", bold("е скрит"), ", за да не се познае дете", where)
        return
    parts: list[object] = ["Работи се по ", bold(counted(int(in_work.n or 0), "случай")), where]
    if not only_total and in_work.n:
        late = len(_late(looked.steps))
        verb = "е" if late == 1 else "са"
        parts += ["; ", bold(f"{counted(late, 'стъпка')} {verb} с изтекъл срок")] if late else ["; всичко е в срок"]
    html.lead(*parts)


def _tiles(looked: Looked, in_work: Figure, hidden: bool, only_total: bool) -> None:
    """What is in work and what is not moving, with the change since the last meeting, or where there was none since a
    year ago."""
    store, view = looked.store, looked.view
    met_on = previous_meeting_day(store, looked.day, looked.known_at)
    returned = figure(store, "cases_returned", view.period, view.scope)
    in_year = [year_before(store, one) for one in (in_work, returned)]
    since = [since_last(store, one, met_on, view.audience, looked.day) if met_on else "" for one in (in_work, returned)]
    shown = [tile(in_work, in_year[0], view, "Случаи в работа", hidden=hidden, since=since[0])]
    if only_total:
        html.show(tiles(*shown))
        return
    said = since[1] or change_words(returned, in_year[1])
    means = "от всички случаи в регистъра за периода"
    shown.append(_tile("Върнати", returned.n, returned.d, said, means, view))
    then = _then(looked, met_on)
    for title, noun, of, means in (
        ("Стъпки с изтекъл срок", "стъпка", _late, "по срока на следващата стъпка"),
        (
            f"Без действие {counted(looked.quiet_days, 'ден')} или повече",
            "случай",
            lambda steps: quiet(steps, looked.quiet_days),
            "от последното действие, а без него – от сигнала",
        ),
        ("Без осъществен контакт", "случай", never_contacted, "никое действие не е стигнало до семейството"),
    ):
        n = len(of(looked.steps))
        if then is None:
            said = "няма с какво да се сравни"
        elif met_on:
            said = since_words(n, len(of(then.steps)), noun, met_on, looked.day)
        else:
            said = change(n, len(of(then.steps)), noun, then.view.period.short)
        shown.append(_tile(title, n, len(looked.steps), said, means, view, act=n > 0))
    html.show(tiles(*shown))


def _then(looked: Looked, met_on: date | None) -> Looked | None:
    """The cases as they stood at the last meeting, or else a year ago; None when there were none."""
    if met_on:
        then = replace(looked, day=met_on)
    else:
        last_year = replace(looked.view, period=looked.view.period.year_before)
        then = replace(looked, view=last_year, day=as_of_day(looked.store, last_year.period, looked.known_at))
    return then if len(then.steps) else None


def _late(steps: pd.DataFrame) -> pd.DataFrame:
    return steps[steps["late"] > 0]


def _tile(
    title: str, n: float | None, d: float | None, said: str, means: str, view: View, *, act: bool = False
) -> Safe:
    """A tile of what is no figure of its own: n of d, its change, what it is."""
    if n is None or is_small_for_press(True, n, view.audience):
        shown, said = tag("div", NO_DATA if n is None else HIDDEN, css="figure none"), ""
    else:
        shown = tag("div", number(n), tag("small", f" от {number(d)}"), css="figure")
    parts = (tag("h2", title), shown, tag("div", said, css="change"), tag("div", means, css="from"))
    return tag("section", *parts, css="tile act" if act else "tile")


store = open_store()
if is_empty(store):
    offer_start(store)
else:
    main(store)
