"""Every figure of a period as a table: what the report to the ministry, the workbook and the protocol's annex write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from obhvat.disclosure import SMALLEST_SHOWN, Disclosure, Shown
from obhvat.indicators.thresholds import rules_of
from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.decisions import KINDS, STATES
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import Slide
from obhvat.metrics import Figure, comparable, doubled_note, metrics_in_use, year_before
from obhvat.reports.tables import write_workbook
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.texts import NO_DATA, day, moment


def figures_of(store: Store, meeting: Meeting, known_at: datetime) -> dict[str, list[Figure]]:
    """Every metric that is reported, as a meeting tells it of the oblast, by the part of the report it belongs to."""
    groups: dict[str, list[Figure]] = {}
    for of in metrics_in_use(store, known_at):
        if of.reported:
            groups.setdefault(of.section, []).append(meeting_figure(store, of.id, meeting, known_at))
    return groups


def table_of(store: Store, answers: list[Figure]) -> pd.DataFrame:
    """One row a figure, as members may see it. Numbers are numbers; what is not known is empty."""
    disclosure, rows = Disclosure(store, "members"), []
    for answer in answers:
        before = year_before(store, answer)
        shown, shown_before = disclosure.figure(answer), disclosure.figure(before)
        told = shown_before.text if shown_before.is_hidden else _rounded(before)
        rows.append(
            (
                answer.metric.name,
                shown.text if shown.is_hidden else _rounded(answer),
                answer.d if answer.metric.kind == "share" and not shown.is_hidden else None,
                round(100 * answer.share, 1) if answer.share is not None and not shown.is_hidden else None,
                told if comparable(answer, before) else "не се сравнява",
                "; ".join(filter(None, (answer.period_words, answer.day_words))),
                answer.metric.unit,
            )
        )
    captions = ["Показател", "Стойност", "От общо", "Дял, %", "Преди година", "Период", "Мерна единица"]
    return pd.DataFrame(rows, columns=captions, dtype=object)


def notes_of(answers: list[Figure]) -> list[str]:
    """What to mind in the figures: which of them hold hours that may stand twice, by whose word."""
    return [f"{answer.metric.name}: {doubled_note(answer)}." for answer in answers if len(answer.doubled)]


def _rounded(answer: Figure) -> float | None:
    return round(answer.value, 2) if answer.value is not None and answer.metric.kind == "ratio" else answer.value


def municipalities_of(store: Store, answers: list[Figure]) -> pd.DataFrame:
    """One row a municipality and the oblast: counts, as members may see them. What they are told of the oblast alone is
    in the other tables."""
    disclosure = Disclosure(store, "members")
    counted = [a for a in answers if a.metric.kind != "ratio" and a.metric.is_told_outside(below_oblast=True)]
    names = sorted({name for answer in counted for name in answer.by("municipality")["municipality"]})
    table = pd.DataFrame({"Община": [*(name or "без община" for name in names), "Общо за областта"]}, dtype=object)
    for answer in counted:
        shown = disclosure.counts(answer)
        cells = [_cell(shown[name]) if name in shown else NO_DATA for name in names]
        whole = disclosure.figure(answer)
        table[answer.metric.name] = pd.Series([*cells, whole.text if whole.is_hidden else answer.n], dtype=object)
    return table


def _cell(shown: Shown) -> object:
    """A number as a number, what is no number in words."""
    return shown.text if shown.value is None else shown.value


def slide_tables(slides: Sequence[Slide]) -> dict[str, pd.DataFrame]:
    """The tables the slides showed, a sheet each; what is a whole number is a number."""
    return {
        _sheet_name(slide): pd.DataFrame(
            [[int(cell) if cell.isdecimal() else cell for cell in row] for row in slide.rows],
            columns=list(slide.columns),
            dtype=object,
        )
        for slide in slides
        if slide.rows
    }


_SHORT = {"since_last": "Промени", "risk": "Месечен праг"}
_MOST_LETTERS = 31


def _sheet_name(slide: Slide) -> str:
    """A slide's title in as many letters as a sheet may have, in whole words."""
    name = f"Слайд – {_SHORT.get(slide.key, slide.title)}"
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS + 1].rsplit(" ", 1)[0]


def stamp_of(store: Store, meeting: Meeting, known_at: datetime) -> str:
    """What the numbers are of: the place, the period, the day, the moment, the thresholds."""
    where = oblast_name(store, known_at)
    return "\n".join(
        [
            f"Област: {where or NO_DATA}",
            f"Период: {meeting.period.label}",
            f"Състоянията са към заседанието на {day(meeting.held_on)} или към последния известен ден преди него.",
            f"Данните са към: {moment(known_at)}",
            f"Прагове: {rules_of(store, known_at).words}",
            f"По общини през цялата учебна година не се показва брой деца под {SMALLEST_SHOWN}, нито числата, от които "
            "той може да се изчисли; казва се порядъкът им, например „под 10“.",
            f"0 значи, че е броено и няма; „{NO_DATA}“ – че не са подадени; „–“ – че показателят няма от какво общо.",
        ]
    )


@speaking(BULGARIAN)
def figures_workbook(store: Store, meeting: Meeting, known_at: datetime, more: dict[str, pd.DataFrame]) -> bytes:
    """An .xlsx: first the filters, the stamp and the definitions, then every figure, by municipality, and `more`."""
    groups = figures_of(store, meeting, known_at)
    every = [answer for answers in groups.values() for answer in answers]
    definitions = [
        f"{answer.metric.name}: {answer.metric.definition} Източник: {answer.metric.source}."
        + (f" Праг: {answer.metric.rule_words}." if answer.metric.rule else "")
        for answer in every
    ]
    definitions += notes_of(every)
    notes = "\n".join([stamp_of(store, meeting, known_at), "", "Определения", *definitions])
    sheets = {title: table_of(store, answers) for title, answers in groups.items()}
    sheets["По общини"] = municipalities_of(store, every)
    return write_workbook({**sheets, **more}, notes, notes_first=True, spaced=True)


@speaking(BULGARIAN)
def decisions_table(every: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of `decisions` as a sheet, by its name."""
    return {
        "Решения": pd.DataFrame(
            {
                "Заседание": every["meeting"].dt.date,
                "№": every["n"],
                "Вид": every["kind"].map(KINDS),
                "Текст": every["text"],
                "Вносител": every["proposed_by"],
                "Отговорник": every["addressed_to"],
                "Срок": [None if pd.isna(due) else due.date() for due in every["due"]],
                "Състояние": every["state"].map(STATES),
                "Изпълнение": every["outcome"],
            }
        )
    }
