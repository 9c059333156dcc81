"""Случаи: by how many cases is work done, how the number adds up, and who owes the next step?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from obhvat.language import N_, _
from obhvat.meeting.meetings import previous_meeting_day
from obhvat.meeting.since import since_last, since_words
from obhvat.metrics import Figure, figure, why_no_cases, year_before
from obhvat.scope.days import cases_day
from obhvat.store import Store
from obhvat.texts import capitalized, change, counted
from obhvat.texts import day as words_of_day
from obhvat.ui.cases import accounts, ladder, one_case, proposals, work
from obhvat.ui.cases.tables import Looked
from obhvat.ui.filters import choose, read_in_either_language
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold
from obhvat.ui.widgets.tile import definition, figure_tile, tile, tiles

Part = Callable[[Looked], None]
PARTS: dict[str, Part] = {
    N_("Разпределение"): accounts.show,
    N_("Етапи и срокове"): ladder.show,
    N_("Свършена работа"): work.show_done,
    N_("Върнати и останали"): work.show_stayed,
    N_("Записи за проверка"): work.show_signals,
}
LIST = N_("Списък и случай")
INSIDE: dict[str, Part] = {
    LIST: one_case.show,
    N_("Предложени случаи"): proposals.show_proposals,
    N_("Разминавания"): proposals.show_conflicts,
}
FIRST = next(iter(PARTS))


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    in_work = figure(store, "cases_in_work", view.period, view.scope, view.day)
    if not in_work.has_data:
        html.lead(f"{capitalized(why_no_cases(in_work))} – {view.place}, {view.period.label}")
        missing = _(
            "Качете регистъра на случаите и регистъра на действията от страница „Качване“; образците са в „Помощ“."
        )
        other = _("Изберете друг период, дата или място, или качете по-стар регистър.")
        html.notice("mind", other if in_work.registers else missing)
        return
    looked = Looked(store, view, cases_day(store, view.period, view.scope.moment, view.day))
    _sentence(looked, in_work)
    decides = view.viewer.may("settle")
    own = {name: part for name, part in INSIDE.items() if decides or name == LIST}
    parts = PARTS | own if view.disclosure.shows_cases else {FIRST: PARTS[FIRST]} if view.is_press else PARTS
    looked = replace(looked, quiet_days=ladder.asked_days())
    _tiles(looked, in_work)
    read_in_either_language("part", parts)
    chosen = st.segmented_control(
        _("Част"), [*parts], default=FIRST, format_func=_, key="part", bind="query-params", required=True
    )
    parts.get(str(chosen), PARTS[FIRST])(looked)
    html.stamp(
        view.heading,
        view.period.label,
        _("случаите са {day_words}").format(day_words=in_work.day_words),
        _("обход, посещение, случай и дете са четири различни неща и никога не се събират."),
    )


def _sentence(looked: Looked, in_work: Figure) -> None:
    """The first line, to be read aloud."""
    view = looked.view
    shown = view.disclosure.figure(in_work)
    if shown.is_band:
        html.lead(_("{opening} случаите в работа са ").format(opening=view.opening), bold(shown.text))
        return
    if shown.is_hidden:
        many = _("{opening} броят на случаите ").format(opening=view.opening)
        html.lead(many, bold(_("е скрит")), _(", за да не се познае дете"))
        return
    children = view.disclosure.on_children(
        in_work, figure(looked.store, "children_in_work", view.period, view.scope, view.day)
    )
    if not in_work.n:
        html.lead(f"{view.opening} ", bold(_("няма случаи в работа")))
        return
    parts: list[object] = [
        _("{opening} се работи по ").format(opening=view.opening),
        bold(counted(int(in_work.n), "случай") + children),
    ]
    overdue = figure(looked.store, "cases_overdue", view.period, view.scope, view.day)
    if not looked.is_closed and not view.disclosure.figure(overdue).is_hidden:
        late = int(overdue.n or 0)
        verb = _("е") if late == 1 else _("са")
        parts += (
            ["; ", bold(_("{late} {verb} с изтекъл срок").format(late=counted(late, "стъпка"), verb=verb))]
            if late
            else [_("; всичко е в срок")]
        )
    html.lead(*parts)


def _tiles(looked: Looked, in_work: Figure) -> None:
    """What is in work and what is not moving, with the change since the last meeting, or where there was none since a
    year ago."""
    store, disclosure = looked.store, looked.view.disclosure
    met_on = previous_meeting_day(store, looked.day, looked.known_at)

    def since(of: Figure) -> str:
        return since_last(store, of, met_on, disclosure, looked.day) if met_on else ""

    shown = [figure_tile(in_work, year_before(store, in_work), disclosure, _("Случаи в работа"), since=since(in_work))]
    # Below the oblast only the cases in work are said outside: what else is few would follow from it.
    if not looked.is_closed:
        shown += [*_returned(looked, since), *_not_moving(looked, met_on)]
    html.show(tiles(*shown))


def _returned(looked: Looked, since: Callable[[Figure], str]) -> list[html.Safe]:
    returned, disclosure = looked.figure("cases_returned"), looked.view.disclosure
    if not disclosure.tells_alone(returned.metric.id):
        return []
    shown, under = disclosure.figure(returned), _("от всички случаи в регистъра за периода")
    if shown.is_hidden:
        return [tile(_("Върнати"), shown, under=under)]
    year_ago = disclosure.change(returned, year_before(looked.store, returned))
    change = since(returned) or ("" if year_ago.is_hidden else year_ago.text)
    total = disclosure.figure(looked.figure("cases_total"))
    of = "" if total.is_hidden else _("от {text}").format(text=total.text)
    return [tile(_("Върнати"), shown, change, small=of, under=under, folded=definition(returned))]


def _not_moving(looked: Looked, met_on: date | None) -> list[html.Safe]:
    """Steps that are late, cases nobody moves, families nobody has reached."""
    shown, before = [], _then(looked, met_on)
    for name, asked, means in (
        ("cases_overdue", {}, _("по срока на следващата стъпка")),
        ("cases_quiet", {"days": looked.quiet_days}, _("от последното действие, а без него – от сигнала")),
        ("cases_never_contacted", {}, _("при нито едно действие няма контакт със семейството")),
    ):
        now = looked.figure(name, **asked)
        if not looked.view.disclosure.tells_alone(now.metric.id):
            continue
        title, noun, n = now.metric.name, now.metric.unit, int(now.n or 0)
        number = looked.view.disclosure.figure(now)
        if number.is_hidden or looked.view.is_press:
            # What it was then could be few.
            words = ""
        elif before is None:
            words = _("няма с какво да се сравни")
        elif met_on:
            words = since_words(n, before.figure(name, **asked).n or 0, noun, met_on, looked.day)
        else:
            words = change(n, before.figure(name, **asked).n or 0, noun, before.view.period.short)
        folded = "" if number.is_hidden else definition(now)
        shown.append(
            tile(
                title,
                number,
                words,
                under=_("{means}; към {words_of_day}").format(means=means, words_of_day=words_of_day(looked.day)),
                folded=folded,
                act=bool(number.value),
            )
        )
    return shown


def _then(looked: Looked, met_on: date | None) -> Looked | None:
    """The cases as they stood at the last meeting, or else a year ago; None when there were none."""
    if met_on:
        then = replace(looked, view=replace(looked.view, day=met_on), day=met_on)
    else:
        a_year_ago = looked.view.day and looked.view.day - timedelta(days=365)
        last_year = replace(looked.view, period=looked.view.period.year_before, day=a_year_ago)
        day_then = cases_day(looked.store, last_year.period, looked.known_at, a_year_ago)
        then = replace(looked, view=last_year, day=day_then)
    return then if then.figure("cases_in_work").n else None


draw(main)
