"""The report of the oblast to the ministry, due on 30 November and 30 April (РУО, domain.md §1.1), as Word."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from obhvat.meeting.decisions import KINDS
from obhvat.meeting.meetings import Meeting
from obhvat.reports import word
from obhvat.reports.figures import figures_of, municipalities_of, notes_of, stamp_of, table_of
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.texts import MECHANISM, NO_DATA, day, number


def ministry_report(
    store: Store, meeting: Meeting, known_at: datetime, decisions: pd.DataFrame, sentences: list[str]
) -> bytes:
    """A .docx: what was done, in `sentences`, every figure with what it was a year ago, by municipality, the decisions.

    The numbers are those of the metric layer; of children by municipality the small ones are hidden.
    """
    where = oblast_name(store, known_at)
    made = word.new_document(f"Отчет по Механизма – {meeting.period.label}")
    word.paragraph(made, "ДО\nМИНИСТЕРСТВОТО НА ОБРАЗОВАНИЕТО И НАУКАТА")
    word.centred(made, "О Т Ч Е Т", bold=True, size=16)
    word.centred(made, f"на Областния координационен център{f' – област {where}' if where else ''}")
    word.centred(made, f"за изпълнението на {MECHANISM} (ПМС № 100/2018 г.)")
    word.centred(made, meeting.period.label, bold=True)
    word.heading(made, "1. Обобщение")
    word.points(made, sentences)
    groups = figures_of(store, meeting, known_at)
    for n, (title, figures) in enumerate(groups.items(), start=2):
        word.heading(made, f"{n}. {title}")
        table = table_of(store, figures)[["Показател", "Стойност", "От общо", "Преди година", "Период"]]
        word.table(made, list(table.columns), [[_cell(c) for c in row] for row in table.itertuples(index=False)])
        for note in notes_of(figures):
            word.paragraph(made, note)
        parts = municipalities_of(store, figures)
        for first in range(1, len(parts.columns), 4):
            some = parts.iloc[:, [0, *range(first, min(first + 4, len(parts.columns)))]]
            word.table(made, list(some.columns), [[_cell(c) for c in row] for row in some.itertuples(index=False)])
    word.heading(made, f"{len(groups) + 2}. Решения, предложения и добри практики")
    if decisions.empty:
        word.paragraph(made, "Няма записани решения за периода.")
    else:
        rows = [
            [
                KINDS[row["kind"]],
                row["text"],
                row["addressed_to"] or "",
                "без срок" if pd.isna(row["due"]) else day(row["due"]),
            ]
            for _, row in decisions.iterrows()
        ]
        word.table(made, ("Вид", "Текст", "Отговорник", "Срок"), rows)
    for line in stamp_of(store, meeting, known_at).splitlines():
        word.paragraph(made, line)
    word.signatures(made, ("Областен управител",))
    return word.as_bytes(made)


def _cell(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return NO_DATA
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 2)
    return number(value) if isinstance(value, int) else str(value)
