"""Преглед: what the governor projects first. How many cases are in work, and how many schools were checked?"""

from __future__ import annotations

import streamlit as st

from obhvat.disclosure import Shown
from obhvat.language import N_, _
from obhvat.meeting.meetings import previous_meeting_day
from obhvat.meeting.since import since_last
from obhvat.metrics import Figure, figure, reconciliation, why_no_cases, year_before
from obhvat.scope.days import clock_day
from obhvat.store import Store
from obhvat.texts import capitalized, counted, moment, out_of, was
from obhvat.ui.filters import View, choose
from obhvat.ui.overview import accounts, oblast_map, places, trend
from obhvat.ui.shell import draw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.clock import show_first
from obhvat.ui.widgets.html import bold
from obhvat.ui.widgets.tile import figure_tile, tiles

TILES = {
    "cases_in_work": N_("Случаи в работа"),
    "schools_inspected": N_("Проверени училища"),
    "pupils_over_threshold": N_("Ученици над месечния праг"),
    "submissions": N_("Подали отсъствия"),
}


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    figures = {name: figure(store, name, view.period, view.scope, view.day) for name in TILES}
    cases = view.disclosure.figure(figures["cases_in_work"])
    _sentence(store, figures["cases_in_work"], cases, figures["schools_inspected"], view)
    stands, due = st.columns([1.7, 1], gap="medium")
    with stands:
        _tiles(store, figures, view)
    with due:
        on_day = view.day or clock_day(view.period, view.today)
        show_first(store, on_day, view)
    left, *middle, right = st.columns([1, 1] if view.is_press else [1.12, 1, 1.12], gap="large")
    with left:
        accounts.show(reconciliation(store, view.period, view.scope, view.day), cases.is_hidden, view)
    for column in middle:
        with column:
            oblast_map.show(store, view)
    with right:
        over = figures["pupils_over_threshold"]
        trend.show(store, over.metric.id, view)
    if not view.is_press and not view.scope.school:
        _places(store, figures, view)
    html.stamp(
        view.heading,
        view.period.label,
        _("данните са към {moment}. Нула, няма данни и скрито малко число са три различни неща.").format(
            moment=moment(view.scope.moment)
        ),
    )


def _sentence(store: Store, cases: Figure, shown: Shown, checks: Figure, view: View) -> None:
    """The first line, to be read aloud."""
    parts: list[object] = [f"{view.opening} "]
    if cases.n is None:
        parts = [f"{capitalized(why_no_cases(cases))} – {view.place}, {view.period.label}"]
    elif shown.is_band:
        parts += [_("случаите в работа са "), bold(shown.text)]
    elif shown.is_hidden:
        parts += [_("броят на случаите "), bold(_("е скрит")), _(", за да не се познае дете")]
    else:
        children = view.disclosure.on_children(
            cases, figure(store, "children_in_work", view.period, view.scope, view.day)
        )
        if cases.n:
            parts += [_("се работи по "), bold(counted(int(cases.n), "случай") + children)]
            is_one = cases.n == 1 or children == _(" на {part}").format(part=counted(1, "дете"))
            whom = "" if children else _(" на дете") if is_one else _(" на деца")
            parts.append(f"{whom}, {_('отпаднало или необхванато') if is_one else _('отпаднали или необхванати')}")
        else:
            parts.append(bold(_("няма случаи в работа")))
    if checks.n is not None and checks.d == 1:
        parts += [_("; училището "), bold(_("е проверено") if checks.n else _("не е проверено"))]
    elif checks.n:
        verb = was("проверен", checks.n, "училище").replace(" ", "\u00a0")
        parts += [f"; {verb} ", bold(out_of(checks.n, checks.d or 0, "училище"))]
    elif checks.n is not None and checks.d:
        parts += [_("; не е проверено "), bold(_("нито едно от {d}").format(d=counted(checks.d, "училище")))]
    html.lead(*parts)


def _tiles(store: Store, figures: dict[str, Figure], view: View) -> None:
    met_on = previous_meeting_day(store, view.today, view.scope.moment)
    titles = {name: _(title) for name, title in TILES.items()}
    over, sent = figures["pupils_over_threshold"], figures["submissions"]
    if over.month:
        titles["pupils_over_threshold"] = _("Ученици с {unexcused_words}, {period_words}").format(
            unexcused_words=over.metric.unexcused_words, period_words=over.period_words
        )
    if sent.month:
        titles["submissions"] = _("Училища, подали отсъствия за {period_words}").format(period_words=sent.period_words)
    act = {
        "submissions": sent.n is not None and sent.n < (sent.d or 0),
        "schools_inspected": (figures["schools_inspected"].n or 0) < (figures["schools_inspected"].d or 0),
    }
    html.show(
        tiles(
            *(
                figure_tile(
                    of,
                    year_before(store, of),
                    view.disclosure,
                    titles[name],
                    act=act.get(name, False),
                    since=since_last(store, of, met_on, view.disclosure) if met_on else "",
                )
                for name, of in figures.items()
            ),
            css="tiles pairs",
        )
    )


def _places(store: Store, figures: dict[str, Figure], view: View) -> None:
    unchecked, silent = st.columns(2, gap="large")
    with unchecked:
        none = _("Всички училища са проверени.")
        places.missing(figures["schools_inspected"], view, _("без проверка през периода"), none)
    with silent:
        sent = figures["submissions"]
        none = _("Всички училища са подали отсъствията за {period_words}").format(period_words=sent.period_words)
        places.missing(
            sent, view, _("без подадени отсъствия за {period_words}").format(period_words=sent.period_words), none
        )
    whole = {name: figure(store, name, view.period, view.scope.of_oblast, view.day) for name in TILES}
    places.by_municipality(whole, view)


draw(main)
