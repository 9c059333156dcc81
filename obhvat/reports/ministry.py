"""The report of the oblast to the ministry, due on 30 November and 30 April (РУО, domain.md §1.1), as Word."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.decisions import KINDS
from obhvat.meeting.meetings import Meeting
from obhvat.metrics import Figure
from obhvat.reports import word
from obhvat.reports.figures import figures_of, municipalities_of, notes_of, stamp_of, table_of
from obhvat.reports.forms import written
from obhvat.reports.forms.filling import Value
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.texts import NO_DATA, day, ended, number


@speaking(BULGARIAN)
def ministry_report(
    store: Store, meeting: Meeting, known_at: datetime, decisions: pd.DataFrame, sentences: list[str]
) -> bytes:
    """A .docx in the oblast's form: what was done, in `sentences`; every figure with what it was a year ago and by
    municipality; the decisions.

    The numbers are those of the metric layer; of children by municipality the small ones are hidden.
    """
    groups = figures_of(store, meeting, known_at)
    values: dict[str, Value] = {
        "област": oblast_name(store, known_at) or "",
        "дата": day(meeting.held_on),
        "период": meeting.period.label,
        "обобщение": [{"номер": str(n), "изречение": ended(one)} for n, one in enumerate(sentences, start=1)],
        "раздели": [
            {"номер": str(n), "раздел": title, **_section(store, meeting, figures)}
            for n, (title, figures) in enumerate(groups.items(), start=2)
        ],
        "номер на решенията": str(len(groups) + 2),
        "решения": [
            {
                "вид": KINDS[row["kind"]],
                "текст": row["text"],
                "отговорник": row["addressed_to"] or "",
                "срок": "без срок" if pd.isna(row["due"]) else day(row["due"]),
            }
            for _, row in decisions.iterrows()
        ],
        "за данните": [{"изречение": line} for line in stamp_of(store, meeting, known_at).splitlines()],
    }
    return written(store, "ministry", values, f"Отчет по Механизма – {meeting.period.label}")


def _section(store: Store, meeting: Meeting, figures: list[Figure]) -> dict[str, Value]:
    """The figures of a part of the report, what to mind in them, and the same by municipality."""
    whole, parts = table_of(store, figures), municipalities_of(store, figures)
    notes = notes_of(figures)
    rows = [
        [
            row["Показател"],
            _cell(row["Стойност"]),
            "–" if answer.metric.kind != "share" else _cell(row["От общо"]),
            _cell(row["Преди година"]),
            answer.day_words
            or ("през срока" if answer.period == meeting.period and not answer.month else answer.period_words),
        ]
        for (_, row), answer in zip(whole.iterrows(), figures, strict=True)
    ]
    captions = ["Показател", "Стойност", "От общо", "Преди година", "За кога"]
    before = captions.index("Преди година")
    if all(row[before] == NO_DATA for row in rows):
        # A column of nothing else is a sentence.
        captions, rows = (
            [c for c in captions if c != "Преди година"],
            [row[:before] + row[before + 1 :] for row in rows],
        )
        notes.append("За същия период на предходната учебна година няма данни.")
    n_figures = len(parts.columns) - 1
    n_tables = -(-n_figures // _BESIDE)
    shares = [range(1 + n * n_figures // n_tables, 1 + (n + 1) * n_figures // n_tables) for n in range(n_tables)]
    return {
        "показатели": word.Table(captions, rows),
        "бележки": [{"бележка": note} for note in notes],
        # The last row is the oblast.
        "по общини": [{"таблица": _table(parts.iloc[:, [0, *columns]])} for columns in shares if len(parts) > 1],
    }


_BESIDE = 4
"""So many figures at most stand beside one another on an upright page."""


def _table(frame: pd.DataFrame) -> word.Table:
    return word.Table([*frame.columns], [[_cell(cell) for cell in row] for row in frame.itertuples(index=False)])


def _cell(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return NO_DATA
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 2)
    return number(value) if isinstance(value, int) else str(value)
