"""Children with several cases at the same time: a person says whether each is one of its own, or tells of another."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from obhvat.cases.children import dropped_cases_for, same_child_for
from obhvat.cases.same_child import Word, say_of_child, take_back
from obhvat.language import _
from obhvat.texts import counted, listed, moment
from obhvat.ui.cases.tables import Looked, date_words, each, text, words
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import do
from obhvat.ui.widgets.html import tag


def show(looked: Looked) -> None:
    """What is asked, a child after another; then the cases that no longer count, each with a way back."""
    cases = same_child_for(looked.store, looked.viewer, looked.day, looked.known_at)
    if looked.view.scope.municipality:
        mine = cases.loc[cases["municipality"] == looked.view.scope.municipality, "child"]
        cases = cases[cases["child"].isin(mine)]
    looked.saw(cases["number"])
    n = cases["child"].nunique()
    if n:
        html.part(
            _("{n} в няколко случая").format(n=counted(n, "дете")),
            _("по едно и също време, в един регистър или в два; всеки случай се брои, детето – веднъж"),
        )
    for _unused, same in cases.groupby("child"):
        _ask(looked, same)
    _dropped(looked)


def _ask(looked: Looked, same: pd.DataFrame) -> None:
    with st.container(border=True):
        html.show(tag("h3", _("Едно дете: случаи {number}").format(number=listed(same["number"])), css="conflict"))
        rows = [
            (
                *(case.number, case.municipality),
                looked.view.name_of(case.school) if text(case.school) else "–",
                date_words(case.opened_on),
                _("{words} от {date_words}").format(
                    words=words("cases", "status", case.status), date_words=date_words(case.status_on)
                ),
            )
            for case in each(same)
        ]
        html.show(html.table([_("Случай"), _("Община"), _("Училище"), _("Сигнал"), _("Статус")], rows))
        bar = st.container(horizontal=True, gap="small")
        first = same.iloc[0]
        if bar.button(_("Отделни случаи са, на едно дете"), key=f"apart-{first['number']}-{first['municipality']}"):
            do(_answered(looked, first, "apart"), _("Отделни случаи: {number}.").format(number=listed(same["number"])))
        for _unused, case in same.iterrows():
            caption = _("{number} е повторение, да отпадне").format(number=case["number"])
            if bar.button(caption, key=f"dropped-{case['number']}-{case['municipality']}"):
                do(
                    _answered(looked, case, "dropped"),
                    _("Случай {number} вече не се брои; стъпките му – да.").format(number=case["number"]),
                )


def _answered(looked: Looked, case: pd.Series, word: Word) -> Callable[[], int]:
    return lambda: say_of_child(looked.store, case["number"], case["municipality"], word, viewer(), day=looked.day)


def _dropped(looked: Looked) -> None:
    dropped = dropped_cases_for(looked.store, looked.viewer, looked.known_at)
    if looked.view.scope.municipality:
        dropped = dropped[dropped["municipality"] == looked.view.scope.municipality]
    if dropped.empty:
        return
    looked.saw(dropped["number"])
    html.part(
        _("Отпаднали повторения"), _("случаи, за които е решено, че повтарят друг случай на същото дете; не се броят")
    )
    for case in each(dropped):
        bar = st.container(horizontal=True, gap="small", vertical_alignment="center")
        with bar:
            html.show(
                _("{number}, {municipality} – решено от {entered_by} на {entered_at}").format(
                    number=case.number,
                    municipality=case.municipality,
                    entered_by=case.entered_by,
                    entered_at=moment(case.entered_at),
                )
            )
        if bar.button(_("Да се брои отново"), key=f"back-{case.entry_id}"):
            do(_taken_back(looked, int(case.entry_id)), _("Случай {number} се брои отново.").format(number=case.number))


def _taken_back(looked: Looked, entry_id: int) -> Callable[[], None]:
    return lambda: take_back(looked.store, entry_id, viewer())
