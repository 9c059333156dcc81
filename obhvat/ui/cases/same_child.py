"""Children with several cases at the same time: a person says whether each is one of its own, or tells of another."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from obhvat.cases.same_child import Word, dropped_cases, same_child, say_of_child, take_back
from obhvat.ingest import current_user
from obhvat.texts import counted, listed, moment
from obhvat.ui.cases.tables import Looked, date_words, each, text, words
from obhvat.ui.widgets import html
from obhvat.ui.widgets.form import do
from obhvat.ui.widgets.html import tag


def show(looked: Looked) -> None:
    """What is asked, a child after another; then the cases that no longer count, each with a way back."""
    cases = same_child(looked.store, looked.day, looked.known_at)
    if looked.view.scope.municipality:
        mine = cases.loc[cases["municipality"] == looked.view.scope.municipality, "child"]
        cases = cases[cases["child"].isin(mine)]
    n = cases["child"].nunique()
    if n:
        html.part(
            f"{counted(n, 'дете')} в няколко случая",
            "по едно и също време, в един регистър или в два; всеки случай се брои, детето – веднъж",
        )
    for _, same in cases.groupby("child"):
        _ask(looked, same)
    _dropped(looked)


def _ask(looked: Looked, same: pd.DataFrame) -> None:
    with st.container(border=True):
        html.show(tag("h3", f"Едно дете: случаи {listed(same['number'])}", css="conflict"))
        rows = [
            (
                *(case.number, case.municipality),
                looked.view.name_of(case.school) if text(case.school) else "–",
                date_words(case.opened_on),
                f"{words('cases', 'status', case.status)} от {date_words(case.status_on)}",
            )
            for case in each(same)
        ]
        html.show(html.table(["Случай", "Община", "Училище", "Сигнал", "Статус"], rows))
        bar = st.container(horizontal=True, gap="small")
        first = same.iloc[0]
        if bar.button("Отделни случаи са, на едно дете", key=f"apart-{first['number']}-{first['municipality']}"):
            do(_answered(looked, first, "apart"), f"Отделни случаи: {listed(same['number'])}.")
        for _, case in same.iterrows():
            caption = f"{case['number']} е повторение, да отпадне"
            if bar.button(caption, key=f"dropped-{case['number']}-{case['municipality']}"):
                do(
                    _answered(looked, case, "dropped"),
                    f"Случай {case['number']} вече не се брои; стъпките му – да.",
                )


def _answered(looked: Looked, case: pd.Series, word: Word) -> Callable[[], int]:
    return lambda: say_of_child(
        looked.store, case["number"], case["municipality"], word, current_user(), day=looked.day
    )


def _dropped(looked: Looked) -> None:
    dropped = dropped_cases(looked.store, looked.known_at)
    if looked.view.scope.municipality:
        dropped = dropped[dropped["municipality"] == looked.view.scope.municipality]
    if dropped.empty:
        return
    html.part("Отпаднали повторения", "случаи, за които е решено, че повтарят друг случай на същото дете; не се броят")
    for case in each(dropped):
        bar = st.container(horizontal=True, gap="small", vertical_alignment="center")
        with bar:
            html.show(f"{case.number}, {case.municipality} – решено от {case.entered_by} на {moment(case.entered_at)}")
        if bar.button("Да се брои отново", key=f"back-{case.entry_id}"):
            do(_taken_back(looked, int(case.entry_id)), f"Случай {case.number} се брои отново.")


def _taken_back(looked: Looked, entry_id: int) -> Callable[[], None]:
    return lambda: take_back(looked.store, entry_id, current_user())
