"""What the program cannot know by itself: whose register it is, and as of which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from obhvat.datasets import Field
from obhvat.ingest import FileAnswers, FileReport, Question
from obhvat.language import _
from obhvat.store import Store
from obhvat.ui.upload import drop
from obhvat.ui.upload.drop import Drop
from obhvat.ui.widgets import html

_ASKED_IN_A_ROW = 3


def show(store: Store, dropped: Drop) -> None:
    """What the program cannot know by itself: whose register it is, and as of which day."""
    for report in dropped.files:
        if report.choices:
            oblasts = list(report.choices)
            chosen = st.selectbox(
                _("Коя област да се качи от „{plain}“?").format(plain=html.plain(report.title)),
                oblasts,
                index=oblasts.index(dropped.oblast) if dropped.oblast in oblasts else None,
                placeholder=_("Изберете област"),
                key=f"oblast-{report.file_no}",
            )
            if chosen and chosen != dropped.oblast:
                drop.read(store, dropped.upload.sources, chosen, dropped.told, dropped.aliases)
                st.rerun()
    asking = [(f, q) for f in dropped.files for q in f.questions if not q.said]
    for n in range(0, len(asking), _ASKED_IN_A_ROW):
        for place, (report, question) in zip(
            st.columns(_ASKED_IN_A_ROW), asking[n : n + _ASKED_IN_A_ROW], strict=False
        ):
            with place:
                ask(store, dropped, report, question)


def ask(store: Store, dropped: Drop, report: FileReport, question: Question) -> None:
    """A value for all rows of a file that the file itself does not say, or says only in its title."""
    f = question.field
    words = _("{caption} за „{plain}“").format(caption=f.caption, plain=html.plain(report.title))
    key = f"ask-{dropped.no}-{report.file_no}-{f.name}"
    if f.type == "date":
        assumed = date.fromisoformat(question.answer) if question.answer else None
        chosen_day = st.date_input(words, assumed, format="DD.MM.YYYY", max_value=date.today(), key=key)
        answer = chosen_day.isoformat() if isinstance(chosen_day, date) else None
    elif f.type == "integer":
        lowest, highest = int(f.min or 0), int(f.max or 0) or None
        answered = int(question.answer) if question.answer else None
        number = st.number_input(words, lowest, highest, answered, step=1, placeholder=_("Впишете"), key=key)
        answer = None if number is None else str(number)
    else:
        options = _options(dropped, f)
        answer = st.selectbox(
            words,
            list(options),
            index=list(options).index(question.answer) if question.answer in options else None,
            format_func=lambda code: options[code],
            placeholder=_("Изберете"),
            key=key,
        )
    if answer and answer != question.answer:
        told = dropped.told.get(report.title, FileAnswers())
        given = {**told.given, f.name: answer}
        drop.read_again(store, dropped, report.title, replace(told, given=given))
        st.rerun()


def _options(dropped: Drop, f: Field) -> dict[str, str]:
    """Code → words of what may be answered."""
    if f.type == "school":
        return dropped.school_labels
    if f.type == "school_year":
        this = date.today().year
        return {str(year): f"{year}/{year + 1}" for year in range(this, this - 15, -1)}
    return {v.code: v.caption for v in f.values}
