"""The protocol of a meeting as Word, from the slides that were shown and the decisions that were taken."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from obhvat.disclosure import SMALLEST_SHOWN
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import Slide
from obhvat.reports import word
from obhvat.texts import MECHANISM, capitalized, day, ended, moment

_KINDS = (
    ("decision", "Решения", "Няма взети решения."),
    ("proposal", "Предложения", "Няма внесени предложения."),
    ("good_practice", "Добри практики", "Не са представени добри практики."),
)


def protocol(
    meeting: Meeting,
    oblast: str | None,
    attendance: pd.DataFrame,
    slides: Sequence[Slide],
    decisions: pd.DataFrame,
    followed: pd.DataFrame,
) -> bytes:
    """A .docx: header, present, agenda, what was reported, what became of earlier decisions, decisions with deadlines,
    signatures.

    `attendance`, `decisions` and `followed` (obhvat.meeting.decisions.to_follow) are those of this meeting; a decision
    without a deadline says so.
    """
    made = word.new_document(f"Протокол от заседание на {day(meeting.held_on)}")
    where = f" – ОБЛАСТ {oblast.upper()}" if oblast else ""
    word.centred(made, f"ОБЛАСТЕН КООРДИНАЦИОНЕН ЦЕНТЪР{where}", bold=True, size=13)
    word.centred(made, f"по {MECHANISM} (ПМС № 100/2018 г., чл. 5, ал. 3, т. 3)")
    word.centred(made, "П Р О Т О К О Л", bold=True, size=16)
    word.centred(made, f"№ ………… / {day(meeting.held_on)}")
    word.heading(made, "Присъстват")
    word.paragraph(made, f"Председател: {meeting.chair or '………………………………'}")
    present, absent = attendance[attendance["present"]], attendance[attendance["said"] & ~attendance["present"]]
    word.points(made, (_represented(row) for _, row in present.iterrows()))
    if len(absent):
        word.paragraph(made, "Отсъстват: " + ", ".join(absent["institution"]) + ".")
    word.heading(made, "Дневен ред")
    word.points(made, (slide.title for slide in slides))
    word.heading(made, f"Доклади и констатации – {meeting.period.label}")
    for n, slide in enumerate(slides, start=1):
        word.heading(made, f"По точка {n}: {slide.title}")
        for line in _said(slide):
            word.paragraph(made, line)
        if slide.rows:
            word.table(made, slide.columns, slide.rows)
    if len(followed):
        word.heading(made, "Изпълнение на решенията от предходните заседания")
        earlier = [
            (f"{row['n']} от {row['meeting']:%d.%m.%Y}", row["text"], row["addressed_to"] or "", row["words"])
            for _, row in followed.iterrows()
        ]
        word.table(made, ("№", "Текст", "Отговорник", "Изпълнение"), earlier)
    for kind, title, none in _KINDS:
        word.heading(made, title)
        rows = decisions[decisions["kind"] == kind]
        if rows.empty:
            word.paragraph(made, none)
        else:
            word.table(
                made, ("№", "Текст", "Вносител", "Отговорник", "Срок"), [_decided(row) for _, row in rows.iterrows()]
            )
    closed = f" Числата са към {moment(meeting.closed_at)} и са записани с протокола." if meeting.closed_at else ""
    word.paragraph(made, f"Броят на децата не се посочва, когато е под {SMALLEST_SHOWN}.{closed}")
    word.signatures(made, ("Председател", "Протоколирал"))
    return word.as_bytes(made)


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


def _decided(row: pd.Series) -> tuple[str, ...]:
    due = "без срок" if pd.isna(row["due"]) else day(row["due"])
    return (str(row["n"]), row["text"], row["proposed_by"] or "", row["addressed_to"] or "", due)
