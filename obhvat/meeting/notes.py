"""Notes for who leads a meeting: what the figures on a slide mean, what they lack, and what was promised of it before.

The presenter's screen may be seen by all in the room: nothing is said here that they may not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from obhvat.language import _, ngettext
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.decisions import TO_DO, item_of, to_follow, what_happened
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.slide import Slide
from obhvat.metrics import Figure, source_words
from obhvat.scope import Scope, institutions, names_of
from obhvat.store import Store
from obhvat.texts import counted, day, listed, lowered

# The figures a slide is made of; whoever asks what a word on it means asks of these.
METRICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "since_last": ("cases_in_work", "cases_returned", "pupils_over_threshold"),
        "cases": ("cases_in_work", "cases_returned", "cases_not_found"),
        "places": ("cases_in_work",),
        "overdue": ("cases_overdue",),
        "work": ("visits", "rounds", "rounds_returned"),
        "reasons": ("cases_without_reason",),
        "stayed": ("returns_stayed_30", "returns_left_30"),
        "inspections": ("schools_inspected", "inspections"),
        "findings": ("findings", "findings_open", "findings_overdue"),
        "risk": ("pupils_over_threshold",),
        "sanctions": ("sanction_penalties", "allowances_stopped"),
        "submissions": ("submissions", "kindergarten_submissions", "submissions_unsigned"),
    }
)
# What an older decision is about, by the beginnings of its words, where nobody said under which item it was taken.
_WORDS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "inspections": re.compile("проверк"),
        "findings": re.compile("препорък|констатац"),
        "submissions": re.compile("подава|подад|неиспуо"),
        "overdue": re.compile("срок"),
        "work": re.compile("посещени|медиатор|обход|екип"),
        "risk": re.compile("отсъств|санкци|наблюдени"),
        "cases": re.compile("случа|регистър|чужбина"),
    }
)
_MOST_NAMED = 8


@dataclass(frozen=True)
class Promise:
    """A decision of an earlier meeting: what, who, by when, and what became of it."""

    text: str
    who: str
    due: str
    state: str
    is_done: bool
    is_late: bool
    held_on: str


@dataclass(frozen=True)
class Notes:
    """What who leads may say of a slide."""

    meaning: tuple[tuple[str, str], ...]
    """What each figure is called, and its definition."""
    lacking: tuple[str, ...]
    promised: tuple[Promise, ...]


def notes(store: Store, of: Meeting, slide: Slide, audience: Literal["members", "press"] = "members") -> Notes:
    """Notes for a slide of a meeting. Those of a slide without figures lack the first two."""

    def answer() -> Notes:
        known_at = of.closed_at or now
        figures = [meeting_figure(store, metric_id, of, known_at) for metric_id in METRICS.get(slide.key, ())]
        meaning = tuple((told.metric.name, told.metric.definition) for told in figures)
        lacking = dict.fromkeys(_lacking(store, figures, named=audience != "press"))
        return Notes(meaning, tuple(lacking), tuple(_promised(store, of, slide)))

    now = store.now()
    return store.kept(("notes", of, slide.key, slide.title, audience), now, answer)


def _lacking(store: Store, figures: list[Figure], *, named: bool) -> Iterator[str]:
    """What was not sent; the press is told of no place."""
    for told in figures:
        if not told.has_data:
            yield _("За „{name}“ няма данни.").format(name=lowered(told.metric.name))
            continue
        parts = told.parts(told.metric.place)
        without = [name for name, part in parts.items() if name and not part.has_data]
        if without:
            names = f": {_names(store, told, without)}" if named else ""
            yield ngettext("Без данни е {without}{names}.", "Без данни са {without}{names}.", len(without)).format(
                without=counted(len(without), told.place_noun), names=names
            )
        elif told.months_due and told.months_sent != told.months_due:
            yield f"{source_words(told)}."


def _names(store: Store, told: Figure, places: list[str]) -> str:
    if told.metric.place == "school":
        names = names_of(institutions(store, told.period, Scope(known_at=told.scope.moment)))
        places = [names.get(code, code) for code in places]
    return listed(sorted(places), most=_MOST_NAMED)


def _promised(store: Store, of: Meeting, slide: Slide) -> Iterator[Promise]:
    followed = to_follow(store, of.held_on, of.closed_at)
    for _unused, row in followed.iterrows():
        if (row["item"] or _item(row)) == item_of(slide):
            yield Promise(
                row["text"],
                row["addressed_to"],
                "" if pd.isna(row["due"]) else day(row["due"]),
                what_happened(row),
                row["state"] not in TO_DO,
                bool(row["late"]),
                day(row["meeting"]),
            )


def _item(row: pd.Series) -> str:
    """The item of the agenda that a decision is about by its words, '' when they do not tell."""
    text = row["text"].casefold()
    told = {first.start(): item for item, words in _WORDS.items() if (first := words.search(text))}
    return told[min(told)] if told else ""
