"""Slides of figures: each says one number in a sentence, then shows it. Numbers of few children are hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from obhvat.cases.ladder import owed
from obhvat.cases.terms import heading_of
from obhvat.disclosure import FEW, SMALLEST_SHOWN, WHY, Audience, Disclosure
from obhvat.inspections.coverage import coverage, missing
from obhvat.meeting.days import cases_on, checks_on, meeting_figure
from obhvat.meeting.decisions import for_the_press
from obhvat.meeting.meetings import Meeting, previous_meeting_day
from obhvat.meeting.since import Change, compared
from obhvat.meeting.slide import MORE, MOST_ROWS, TITLES, Slide
from obhvat.metrics import (
    Figure,
    doubled_note,
    source_words,
    typical_findings,
    why_no_cases,
)
from obhvat.metrics.accounts import accounts
from obhvat.scope import Scope, names_of
from obhvat.store import Store
from obhvat.texts import capitalized, counted, day, ended, listed, lowered, noun, number, out_of, was, was_inside

# What the teams do, as it is counted in a sentence; what came of it stands under it.
_DONE = {
    "calls": "разговор",
    "meetings": "среща",
    "visits": "посещение",
    "rounds": "обход",
}
_WORK = (*_DONE, "addresses_visited", "rounds_found", "rounds_returned")
_MOST_NAMED = 3


@dataclass(frozen=True)
class About:
    """What slides are of: a meeting, for an audience, as known at a moment."""

    store: Store
    meeting: Meeting
    audience: Audience
    known_at: datetime

    @property
    def scope(self) -> Scope:
        return Scope(known_at=self.known_at)

    @property
    def is_press(self) -> bool:
        return self.disclosure.is_press

    @cached_property
    def disclosure(self) -> Disclosure:
        return Disclosure(self.store, self.audience)

    @cached_property
    def previous(self) -> date | None:
        """The day of the meeting before."""
        return previous_meeting_day(self.store, self.meeting.held_on, self.known_at)

    def figure(self, metric_id: str) -> Figure:
        """Of the whole oblast."""
        return meeting_figure(self.store, metric_id, self.meeting, self.known_at)

    def since(self, now: Figure) -> str:
        """How a figure changed since the meeting before, in words."""
        return self.compared(now).words

    def compared(self, now: Figure) -> Change:
        """How a figure changed since the meeting before."""
        if self.previous is None:
            return Change()
        return compared(self.store, now, self.previous, self.disclosure, self.meeting.held_on)

    def who(self, named: str) -> str:
        """Who proposed or answers for something, as this audience is told."""
        return for_the_press(named) if self.is_press else named

    def is_small(self, of_metric: Figure) -> bool:
        return self.disclosure.figure(of_metric).is_hidden

    @property
    def few(self) -> str:
        """What a number of the oblast that is hidden is said to be. From members it is hidden for its parts."""
        return FEW if self.is_press else f"скрити: {WHY}"


def source(of_metric: Figure) -> str:
    """What a figure is for and from how many places it comes."""
    # A slide may be the press's: what may stand twice is said without whose file it is.
    words = [of_metric.period_words, of_metric.day_words, source_words(of_metric), doubled_note(of_metric, named=False)]
    return "; ".join(filter(None, words))


def shown_words(about: About, of_metric: Figure) -> str:
    """„14“, „38 от 40“, „3,45“, „няма данни“, or that it is small."""
    shown = about.disclosure.figure(of_metric)
    return FEW if shown.is_hidden and about.is_press else shown.text


def at_most(rows: Sequence[tuple[str, ...]], most: int = MOST_ROWS) -> tuple[tuple[str, ...], ...]:
    """As many rows as a slide holds; the last says how many more there are."""
    if len(rows) <= most:
        return tuple(rows)
    more = f"{MORE} {len(rows) - most + 1}"
    return (*rows[: most - 1], (more, *[""] * (len(rows[0]) - 1)))


def new_slide(key: str, sentence: str, source: str = "", **shown: Any) -> Slide:
    """A slide under its title. What its sentence says of the period does not stand at its foot again."""
    rest = [words for words in source.split("; ") if words not in sentence]
    return Slide(key, TITLES[key], sentence, source="; ".join(rest), **shown)


def cases_slide(about: About) -> Slide:
    """How the cases add up; parts of few are put together for the press."""
    on_day = cases_on(about.store, about.meeting, about.known_at)
    account = accounts(about.store, about.meeting.period, about.scope, on_day)
    in_work = about.figure("cases_in_work")
    if account is None:
        return new_slide("cases", ended(capitalized(why_no_cases(in_work))))
    as_of = f"{account.label}; {in_work.day_words}"
    if about.is_small(in_work):
        return new_slide("cases", f"Случаите в работа са {about.few}.", source=as_of)
    parts = {part.name: part.n for part in account.by_group()}
    n = parts[in_work.metric.name]
    children = about.disclosure.on_children(in_work, about.figure("children_in_work"))
    told = new_slide(
        "cases",
        f"Работи се по {counted(n, 'случай')}{children}." if n else "Няма случаи в работа.",
        figure=number(n),
        figure_note=f"{noun(n, 'случай')} в работа",
        change=about.since(in_work),
        source=as_of,
    )
    together = about.disclosure.outcomes_together(about.figure("cases_total"))
    if together is None:
        return told
    shown = [(part.name, part.n) for part in account.by_group() if part.n and part.key not in together]
    if together:
        shown.append(("Други изходи", sum(part.n for part in account.by_group() if part.key in together)))
    rows = [(name, number(of)) for name, of in shown]
    return replace(
        told,
        sentence=f"Работи се по {out_of(n, account.total, 'случай')}{',' if children else ''}{children}."
        if n
        else told.sentence,
        columns=("Изход", "Случаи"),
        rows=(*at_most(rows, MOST_ROWS - 1), ("Всички", number(account.total))),
        picture="waterfall",
        data=tuple((name, float(of), float(name == in_work.metric.name)) for name, of in shown),
    )


def overdue_slide(about: About) -> Slide:
    """Whose next steps are late. The press sees no institutions."""
    overdue = about.figure("cases_overdue")
    if overdue.n is None:
        return new_slide("overdue", ended(capitalized(why_no_cases(overdue))))
    looked = cases_on(about.store, about.meeting, about.known_at)
    owners = owed(about.store, looked, about.known_at)
    late, of = int(overdue.n), int(overdue.d or 0)
    as_of = overdue.day_words
    if about.is_press and about.disclosure.hides(late, of, of - late):
        many = f"Случаите в работа са {number(of) if of >= SMALLEST_SHOWN else FEW}"
        return new_slide("overdue", f"{many}; по колко от тях срокът на стъпката е изтекъл, е скрито.", source=as_of)
    if not about.is_press and about.is_small(overdue):
        return new_slide("overdue", f"Стъпките с изтекъл срок са {about.few}.", source=as_of)
    by = out_of(late, of, "случай") if late else f"нито един от {counted(of, 'случай')}"
    told = new_slide(
        "overdue",
        f"По {by} срокът на следващата стъпка {'' if late else 'не '}е изтекъл.",
        figure=out_of(late, of),
        figure_note=f"{noun(of, 'случай')} със стъпка с изтекъл срок",
        source=as_of,
    )
    if about.is_press or not late:
        return told
    rows = [(heading_of(row["owner"]), int(row["worst"]), int(row["overdue"])) for _, row in owners.iterrows()]
    rows.sort(key=lambda row: -row[1])
    return replace(
        told,
        columns=("Отговорник", "Най-голямо закъснение", "Случаи"),
        rows=at_most(
            [(name, counted(worst, "работен ден") if n else "без закъснение", number(n)) for name, worst, n in rows]
        ),
        picture="late",
        data=tuple((name, float(worst)) for name, worst, _ in rows),
        is_late=True,
    )


def changes(about: About, figures: Sequence[Figure]) -> dict[str, Any]:
    """The table of figures with how each has changed; what is so of all of them is said once, beside it."""
    words = [about.since(of) for of in figures]
    told = [(of.metric.name, shown_words(about, of)) for of in figures]
    if len(set(words)) == 1:
        return {"columns": ("Вид", "Брой"), "rows": at_most(told), "change": words[0]}
    rows = [(*row, change) for row, change in zip(told, words, strict=True)]
    return {"columns": ("Вид", "Брой", "Промяна"), "rows": at_most(rows)}


def work_slide(about: About) -> Slide:
    """What the teams did and what came of it: steps, addresses and children are never added up."""
    figures = [about.figure(name) for name in _WORK if about.disclosure.tells_alone(name)]
    if not any(of.has_data for of in figures):
        return new_slide("work", "За работата на екипите няма качени данни.")
    done = [of for of in figures if of.n and of.metric.id in _DONE]
    words = [counted(int(of.n or 0), _DONE[of.metric.id]) for of in done]
    told = [(of, about.disclosure.figure(of)) for of in figures if of.has_data]
    return new_slide(
        "work",
        f"Екипите са провели {listed(words)}." if words else "Екипите за обхват нямат записана работа.",
        **changes(about, [of for of, _ in told]),
        picture="work",
        data=tuple((of.metric.name, given(shown.value)) for of, shown in told),
        source=_sources([of for of, _ in told]),
    )


def _sources(figures: Sequence[Figure]) -> str:
    """Where they come from: what is of all is said once, and what comes from elsewhere is named."""
    names: dict[str, list[str]] = {}
    for of in figures:
        for words in filter(None, source(of).split("; ")):
            names.setdefault(words, []).append(lowered(of.metric.name))
    first = source(figures[0]).split("; ")
    return "; ".join(words if words in first else f"{listed(of)}: {words}" for words, of in names.items())


def inspections_slide(about: About) -> Slide:
    """How many schools were checked, and for members which were not."""
    schools, made = about.figure("schools_inspected"), about.figure("inspections")
    if schools.n is None:
        return new_slide("inspections", "За проверките няма качени данни.")
    n, of = int(schools.n), int(schools.d or 0)
    covered = coverage(
        about.store, about.meeting.period, about.scope, min(about.meeting.held_on, about.known_at.date())
    )
    names, left = names_of(covered), missing(covered)
    places = schools.by("municipality").set_index("municipality")
    rows = [
        (
            str(place),
            out_of(int(row["n"]), int(row["d"])),
            _unchecked_words(names, left[left["municipality"] == place]),
        )
        # Those that lack most stand first, then the largest.
        for place, row in places.assign(left=places["d"] - places["n"])
        .sort_values(["left", "d"], ascending=False, kind="stable")
        .iterrows()
    ]
    named = not about.is_press
    return new_slide(
        "inspections",
        f"{was('Проверен', n, 'училище')} {out_of(n, of, 'училище')} с общо {counted(int(made.n or 0), 'проверка')}."
        if n
        else f"Не е проверено нито едно от {counted(of, 'училище')}.",
        figure=out_of(n, of),
        figure_note=f"{noun(of, 'училище')} с проверка",
        change=about.since(schools),
        columns=("Община", "Проверени", "Без проверка") if named else (),
        rows=at_most(rows) if named else (),
        picture="squares" if named else "share",
        data=tuple((str(place), float(row["n"]), float(row["d"])) for place, row in places.iterrows())
        if named
        else (("с проверка", float(n)), ("без проверка", float(of - n))),
        source=source(schools),
    )


def _unchecked_words(names: Mapping[str, str], left: pd.DataFrame) -> str:
    """„ОУ „Росица“, с. Бистрата (последна: 25.05.2023)“."""
    last = left["last_ever"].map(lambda day: "без проверка досега" if pd.isna(day) else f"последна {day:%d.%m.%Y}")
    words = [f"{names[code]} ({when})" for code, when in zip(left["code"], last, strict=True)]
    return "; ".join([*words[:_MOST_NAMED], *([f"още {len(words) - _MOST_NAMED}"] if len(words) > _MOST_NAMED else [])])


def findings_slide(about: About) -> Slide:
    """What checks found, and how much of it is not done."""
    looked = checks_on(about.store, about.meeting, about.known_at)
    whole, undone, overdue = map(about.figure, ("findings", "findings_open", "findings_overdue"))
    if whole.n is None:
        return new_slide("findings", "За проверките няма качени данни.")
    as_of = f"{about.meeting.period.label}; към {day(looked)}"
    if not whole.n:
        return new_slide("findings", "При проверките няма направени констатации.", figure="0", source=as_of)
    n, left = int(whole.n), int(undone.n or 0)
    typical = typical_findings(about.store, about.meeting.period, about.scope, looked)
    kinds = [(capitalized(str(row["name"])), int(row["n"]), int(row["open"])) for _, row in typical.iterrows()]
    return new_slide(
        "findings",
        _undone_words(n, left, int(overdue.n or 0)),
        figure=out_of(left, n),
        figure_note=f"{noun(n, 'препоръка')} без изпълнение",
        columns=("Констатация", "Брой", "Неизпълнени"),
        rows=at_most([(name, number(of_kind), number(undone_of)) for name, of_kind, undone_of in kinds]),
        picture="ranking",
        data=tuple((name, float(of_kind), float(undone_of)) for name, of_kind, undone_of in kinds),
        source=as_of,
    )


def _undone_words(n: int, left: int, overdue: int) -> str:
    if not left:
        return f"Изпълнени са всички препоръки от проверките – {number(n)}." if n > 1 else "Препоръката е изпълнена."
    if n == 1:
        return f"Препоръката още не е изпълнена{', а срокът ѝ е изтекъл' if overdue else '; срокът ѝ не е изтекъл'}."
    words = f"От {counted(n, 'препоръка')} още не {was_inside('изпълнен', left, 'препоръка')} {number(left)}"
    if left == n:
        words = f"Още не е изпълнена нито една от {counted(n, 'препоръка')}"
    return f"{words}, с изтекъл срок – {number(overdue)}." if overdue else f"{words}; няма с изтекъл срок."


def given(n: float | None) -> float | None:
    return None if n is None or pd.isna(n) else float(n)
