"""The protocol of a meeting as Word, from the slides that were shown and the decisions that were taken."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from obhvat.disclosure import SMALLEST_SHOWN
from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import Slide
from obhvat.reports import word
from obhvat.reports.forms import written
from obhvat.reports.forms.filling import Value
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.texts import capitalized, day, ended, moment


@speaking(BULGARIAN)
def protocol(
    store: Store,
    meeting: Meeting,
    attendance: pd.DataFrame,
    slides: Sequence[Slide],
    decisions: pd.DataFrame,
    followed: pd.DataFrame,
) -> bytes:
    """A .docx in the oblast's form: who was present, the agenda, what was reported, what became of earlier decisions,
    decisions with deadlines, signatures.

    `attendance`, `decisions` and `followed` (obhvat.meeting.decisions.to_follow) are those of this meeting; a decision
    without a deadline says so.
    """
    present, absent = attendance[attendance["present"]], attendance[attendance["said"] & ~attendance["present"]]
    decided = {kind: [_decided(row) for _, row in rows.iterrows()] for kind, rows in decisions.groupby("kind")}
    closed = f" Числата са към {moment(meeting.closed_at)} и са записани с протокола." if meeting.closed_at else ""
    values: dict[str, Value] = {
        "област": oblast_name(store) or "",
        "дата": day(meeting.held_on),
        "период": meeting.period.label,
        "председател": meeting.chair or "………………………………",
        "присъстват": [
            {"номер": str(n), "институция": _represented(row)} for n, (_, row) in enumerate(present.iterrows(), start=1)
        ],
        "отсъстват": ", ".join(absent["institution"]),
        "точки": [
            {
                "номер": str(n),
                "точка": slide.title,
                "доклад": " ".join(_said(slide)),
                "таблица": word.Table(slide.columns, () if slide.key in _IN_FULL else [*map(_row, slide.rows)]),
            }
            for n, slide in enumerate(slides, start=1)
        ],
        "предишни решения": [
            {
                "номер": f"{row['n']} от {row['meeting']:%d.%m.%Y}",
                "текст": row["text"],
                "отговорник": row["addressed_to"] or "",
                "изпълнение": row["words"],
            }
            for _, row in followed.iterrows()
        ],
        "решения": decided.get("decision", []),
        "брой решения": str(len(decided.get("decision", [])) or ""),
        "предложения": decided.get("proposal", []),
        "добри практики": decided.get("good_practice", []),
        "бележка": f"Броят на децата не се посочва, когато е под {SMALLEST_SHOWN}.{closed}",
    }
    return written(store, "protocol", values, f"Протокол от заседание на {day(meeting.held_on)}")


_IN_FULL = ("decisions_last", "proposals", "closing")
"""Slides whose rows, and those they had no room for, stand in the protocol's own tables."""


def _row(cells: Sequence[str]) -> Sequence[str]:
    """A row without empty cells, but for the one that counts those left out."""
    return [cell or "–" for cell in cells] if any(cells[1:]) else cells


def _said(slide: Slide) -> list[str]:
    """The sentence of a slide with how its figure changed: the sentence of the first one has it already."""
    if not slide.change or slide.key == "since_last":
        return [ended(slide.sentence)]
    if slide.change.split(" ")[0] in ("с", "със", "без"):
        sentence = slide.sentence if slide.sentence.endswith("г.") else slide.sentence.removesuffix(".")
        return [ended(f"{sentence} – {slide.change}")]
    return [ended(slide.sentence), ended(capitalized(slide.change))]


def _represented(row: pd.Series) -> str:
    by, name = row["represented_by"], capitalized(row["institution"])
    return f"{name} – {by}" if by else name


def _decided(row: pd.Series) -> dict[str, Value]:
    return {
        "номер": str(row["n"]),
        "текст": row["text"],
        "вносител": row["proposed_by"] or "",
        "отговорник": row["addressed_to"] or "",
        "срок": "без срок" if pd.isna(row["due"]) else day(row["due"]),
    }
