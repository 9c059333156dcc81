"""A slide: one thing in one sentence with a number, then shown. What every slide is called, and slides as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from obhvat.texts import NO_DATA, trimmed

# The slides built from figures, in the order of an agenda nobody changed.
TITLES = {
    "since_last": "Промени след предходното заседание",
    "decisions_last": "Изпълнение на решенията",
    "cases": "Случаи в работа",
    "overdue": "Стъпки с изтекъл срок",
    "work": "Свършена работа",
    "inspections": "Проверки в училищата",
    "findings": "Препоръки от проверките",
    "risk": "Ученици, достигнали месечния праг",
    "submissions": "Подаване на отсъствията",
    "clock": "Предстоящи срокове",
    "proposals": "Предложения и решения",
    "closing": "Кой какво прави до кога",
}
KEYS = tuple(TITLES)
TEXT = "text"
"""The key of a slide that a person wrote."""
MOST_ROWS = 8


@dataclass(frozen=True)
class Slide:
    """What a slide says and shows. Everything is words as they are shown, but for the numbers of the picture.

    `picture` is '', 'parts' (of a whole, in their order), 'share' (two parts: what is and what is missing), 'trend'
    (by month), 'ranking' (largest first) or 'list' (only the rows); `data` are its labels and numbers, a number that
    is hidden or not known is None.
    """

    key: str
    title: str
    sentence: str
    figure: str = ""
    figure_note: str = ""
    change: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""
    data: tuple[tuple[str, float | None], ...] = ()
    source: str = ""
    is_late: bool = False
    """Whether what is drawn is what somebody is late with."""

    @property
    def bars(self) -> tuple[tuple[str, float | None, str], ...]:
        """What is drawn as bars: label, number (None when hidden or not known), and the words beside it, as in rows."""
        if self.picture not in ("parts", "trend", "ranking"):
            return ()
        told = {row[0]: row[1] for row in self.rows if len(row) > 1}
        return tuple(
            (label, value, told.get(label, NO_DATA if value is None else trimmed(value))) for label, value in self.data
        )


def text_slide(title: str, sentence: str) -> Slide:
    """A slide that a person wrote."""
    return Slide(TEXT, title.strip(), sentence.strip())


def to_json(slide: Slide) -> str:
    return json.dumps(asdict(slide), ensure_ascii=False)


def from_json(text: str) -> Slide:
    """The slide that `to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    fields |= {name: tuple(map(tuple, fields[name])) for name in ("rows", "data")}
    fields["columns"] = tuple(fields["columns"])
    return Slide(**fields)
