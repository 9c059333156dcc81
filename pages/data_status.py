"""Данни: who sent what and when, the history of files, what each changed, and undoing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.demo import clear_demo
from obhvat.language import _
from obhvat.metrics import TO_DO, doubled_files, doubled_words, figure, submission_months
from obhvat.periods import month_label
from obhvat.store import Store
from obhvat.texts import capitalized, counted, listed, out_of, within
from obhvat.ui.data_status import copies, files, looks
from obhvat.ui.data_status.matrix import CELLS, legend, matrix
from obhvat.ui.filters import View, choose
from obhvat.ui.session import viewer
from obhvat.ui.shell import draw, is_demo
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, joined

# The others are in the table under them.
_NAMED = 6


def main(store: Store) -> None:
    """The page: the matrix first, then the files it is made of."""
    view = choose(store)
    states = submission_months(store, view.period, view.scope)
    if states.empty:
        html.lead(_("Няма качен регистър на институциите за този период."))
        html.notice("mind", _("Качете регистъра: по него се знае кой трябва да подава."))
    else:
        _sentence(store, states, view)
        if not view.is_press:
            legend(states)
            place = (view.scope.municipality, view.scope.school)
            html.show(store.kept(("matrix", view.period, *place), view.scope.moment, lambda: matrix(states)))
            _doubled(store, view)
    if not view.is_press:
        files.show(store, view)
        if view.viewer.may("settings"):
            copies.show(store)
        looks.show(store, view)
    if is_demo(store) and view.viewer.may("undo"):
        _demo(store)


def _sentence(store: Store, states: pd.DataFrame, view: View) -> None:
    due = states[states["state"] != "ahead"]
    if due.empty:
        html.lead(_("{opening} още никой не е подал отсъствия").format(opening=view.opening))
        return
    complete = figure(store, "submissions_every_month", view.period, view.scope)
    lacking = complete.n != complete.d
    if complete.n is None:
        html.lead(_("{opening} няма училище, от което се очакват отсъствия").format(opening=view.opening))
    else:
        have = _("е подало") if complete.n == 1 else _("са подали")
        html.lead(
            f"{capitalized(within(view.place))} ",
            bold(out_of(complete.n, complete.d, "училище")),
            _(" {have} отсъствията {which_months}").format(have=have, which_months=_which_months(states)),
        )
    if view.is_press:
        html.quiet(_("За пресата числата са само за областта."))
        return
    todo = [(s, due[due["state"] == s]) for s in TO_DO]
    lines: list[object] = []
    for state, rows in todo:
        if len(rows):
            lines.append(joined([bold(f"{_(CELLS[state][1]).capitalize()}: "), _places(rows, view)]))
    if lines:
        html.notice("act" if lacking else "mind", html.bullets(lines))
    else:
        html.notice("good", _("Няма липсващи и съмнителни месеци."))


def _which_months(states: pd.DataFrame) -> str:
    """„за всеки месец от септември 2023 г. до януари 2024 г.“: those that somebody has sent."""
    months = states.loc[states["state"] != "ahead", "month"]
    first, last = (month_label(month.date()) for month in (months.min(), months.max()))
    return (
        _("за {first}").format(first=first)
        if first == last
        else _("за всеки месец от {first} до {last}").format(first=first, last=last)
    )


def _doubled(store: Store, view: View) -> None:
    """By whose word hours that may stand twice are in the figures."""
    rows = doubled_files(store, view.period, view.scope)
    if len(rows):
        words = doubled_words(rows, _("часове и дни")).removeprefix(_("в това число "))
        html.notice(
            "mind", _("В числата влизат {words}. Остават отбелязани, докато дойде коригиран файл.").format(words=words)
        )


def _places(rows: pd.DataFrame, view: View) -> str:
    """„ОУ „Росица“, с. Извор (5 месеца), СУ „Пчелица“, гр. Самодол (октомври 2023 г.)“"""
    places = []
    for code, months in rows.groupby("school", sort=False)["month"]:
        when = month_label(months.iloc[0].date()) if len(months) == 1 else counted(len(months), "месец")
        places.append(f"{view.name_of(str(code))} ({when})")
    return f"{listed(places, most=_NAMED)}."


def _demo(store: Store) -> None:
    html.part(_("Примерната област"), _("измислени данни за проба; вашите файлове остават"))
    if st.button(_("Изчисти примерната област"), icon=":material/delete:"):
        n = clear_demo(store, viewer())
        st.session_state["cleared"] = _("Изчистени от примерната област: {n}.").format(n=counted(n, "файл"))
        st.rerun()


if "cleared" in st.session_state:
    html.notice("good", st.session_state.pop("cleared"))
draw(main)
