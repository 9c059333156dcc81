"""A slide: one thing in one sentence with a number, then shown. What every slide is called, and slides as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from obhvat.language import B_, N_

# The slides built from figures, in the order of an agenda nobody changed.
TITLES = {
    "since_last": N_("Промени след предходното заседание"),
    "decisions_last": N_("Изпълнение на решенията"),
    "cases": N_("Случаи в работа"),
    "places": N_("Случаи по общини"),
    "overdue": N_("Стъпки с изтекъл срок"),
    "work": N_("Свършена работа"),
    "reasons": N_("Причини"),
    "stayed": N_("Върнати и останали"),
    "inspections": N_("Проверки в училищата"),
    "findings": N_("Препоръки от проверките"),
    "risk": N_("Ученици, достигнали месечния праг"),
    "submissions": N_("Подаване на отсъствията"),
    "sanctions": N_("Санкции и спрени помощи"),
    "clock": N_("Предстоящи срокове"),
    "proposals": N_("Предложения и решения"),
    "closing": N_("Кой какво прави до кога"),
}
KEYS = tuple(TITLES)
TEXT = "text"
"""The key of a slide that a person wrote."""
MOST_ROWS = 8
MORE = B_("и още")
"""How the last row begins that says how many more there are."""


@dataclass(frozen=True)
class Slide:
    """What a slide says and shows. Everything is words as they are shown, but for the numbers of the picture.

    `picture` is how `rows` and `data` are drawn (obhvat/charts/slides), '' where the sentence says it all. `data` are
    labels and their numbers, as many as the picture asks for; a number that is hidden or not known is None:
    change (now, before), waterfall (cases), decisions (working days late, whether it is done; None where nothing is to
    be done), late (working days), ranking (n, of it not done), squares (checked, schools), share and trend (n), ranges
    (n, of how many), dates (days left), sent (n, of how many), work (n).
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
    data: tuple[tuple[str, *tuple[float | None, ...]], ...] = ()
    source: str = ""
    is_late: bool = False
    """Whether what is drawn is what somebody is late with."""
    whole: tuple[float | None, float | None] = (None, None)
    """n and of how many, of all that `data` are parts of."""
    trend: tuple[tuple[str, float | None, float | None], ...] = ()
    """Of all by month („01.2024“), n and of how many, beside the picture."""


def text_slide(title: str, sentence: str) -> Slide:
    """A slide that a person wrote."""
    return Slide(TEXT, title.strip(), sentence.strip())


def to_json(slide: Slide) -> str:
    return json.dumps(asdict(slide), ensure_ascii=False)


def from_json(text: str) -> Slide:
    """The slide that `to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    # What was kept before a field was there has none of it.
    fields |= {name: tuple(map(tuple, fields[name])) for name in ("rows", "data", "trend") if name in fields}
    fields |= {name: tuple(fields[name]) for name in ("columns", "whole") if name in fields}
    return Slide(**fields)
