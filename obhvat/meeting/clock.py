"""The statutory clock: what is due when, by law, by decision and by finding, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd

from obhvat.cases.ladder import by_owner, ladder
from obhvat.cases.register import as_of_day
from obhvat.inspections.checks import reported_until
from obhvat.inspections.findings import UNDONE, findings
from obhvat.meeting.decisions import TO_DO, decisions, what_happened
from obhvat.meeting.said import without_cases
from obhvat.meeting.since import day_words
from obhvat.metrics import Scope, submission_months
from obhvat.periods import Period, last_day, month_label, next_month, school_year_of, second_term_day
from obhvat.resources import read_toml
from obhvat.store import Store
from obhvat.texts import counted, listed
from obhvat.texts import day as day_text
from obhvat.workdays import is_workday

Of = Literal["law", "decision", "finding", "cases"]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Duty:
    due: date
    title: str
    who: str
    law: str
    of: Of
    note: str = ""
    done: bool | None = None
    """None when the program cannot know."""


def _declared() -> dict[str, Any]:
    return read_toml("meeting/clock.toml")


def duties(store: Store, day: date, known_at: datetime, period: Period) -> pd.DataFrame:
    """What is due within 60 days after a day, and what is past and not done, by the day it is due.

    Columns due (dates), title, who (institution), law (or another source), days_left (calendar days, negative when
    past), state (past, today, soon, later), note, of (law, decision, finding, cases). Findings are those of the
    period's school year, and cases stand as `as_of_day` of the period knows them; of both only numbers are said, and
    of findings their schools. A duty of which the program cannot know whether it is done is named two weeks more.
    """
    said = _declared()
    found = [
        *_yearly(day),
        *_campaigns(store, day, known_at),
        *_term_ends(day),
        *_decided(store, day, known_at),
        *_found(store, day, known_at, period),
        *_of_cases(store, known_at, period),
    ]
    rows = []
    for one in found:
        left = (one.due - day).days
        is_named = -said["named_after"] <= left if one.done is None else left >= 0 or not one.done
        if is_named and left <= said["ahead"]:
            rows.append((one.due, one.title, one.who, one.law, left, _state(left), one.note, one.of))
    columns = ["due", "title", "who", "law", "days_left", "state", "note", "of"]
    return pd.DataFrame(sorted(rows), columns=columns)


def _state(left: int) -> str:
    if left < 0:
        return "past"
    if left == 0:
        return "today"
    return "soon" if left <= _declared()["soon"] else "later"


def _rest(due: date) -> str:
    """That offices do not work on a day, and which is the last working day before it; '' when they do."""
    if is_workday(due):
        return ""
    before = due
    while not is_workday(before):
        before -= _DAY
    return f"неработен ден; последният работен ден преди него е {day_text(before)}"


def _years(day: date) -> tuple[int, int]:
    """The school year of a day and the next: in summer the clock looks into it."""
    return school_year_of(day), school_year_of(day) + 1


def _yearly(day: date) -> Iterator[_Duty]:
    for one in _declared()["yearly"]:
        for year in (day.year - 1, day.year, day.year + 1):
            due = date(year, one["month"], one["day"])
            yield _Duty(due, one["title"], one["who"], one["law"], "law", _rest(due))


def _campaigns(store: Store, day: date, known_at: datetime) -> Iterator[_Duty]:
    """The monthly absences, with who has sent them, and the lists of the social assistance agency.

    Of past months the newest is named, with how many before it are not complete either.
    """
    sent, confirmed = _declared()["absences"], _declared()["confirmations"]
    past: list[tuple[_Duty, bool]] = []
    for year in _years(day):
        states = submission_months(store, Period(year, "year"), Scope(known_at=known_at))
        for month in (m for m in Period(year, "year").months if m.month in sent["months"]):
            following = next_month(month)
            yield _monthly(confirmed, month, following.replace(day=confirmed["day"]), "")
            of_month = states[states["month"] == pd.Timestamp(month)]
            is_known = bool((of_month["state"] != "ahead").any())
            done = is_known and not of_month["state"].isin(("missing", "unsigned")).any()
            note = _sent_words(of_month) if is_known else ""
            duty = _monthly(sent, month, following.replace(day=sent["day"]), note, bool(done))
            if duty.due >= day:
                yield duty
            else:
                past.append((duty, is_known and not done))
    if past:
        newest, before = past[-1][0], sum(incomplete for _, incomplete in past[:-1])
        more = f"; непълни са и {counted(before, 'месец')} преди него" if before else ""
        yield replace(newest, note=newest.note + more, done=newest.done and not before)


def _monthly(said: dict[str, Any], month: date, due: date, note: str, done: bool | None = None) -> _Duty:
    window = f"от {said['from_day']} до {day_words(due)}"
    title = f"{said['title']} {month_label(month)}"
    return _Duty(due, title, said["who"], said["law"], "law", f"{window}; {note}" if note else window, done)


def _sent_words(states: pd.DataFrame) -> str:
    """„подадени от 39 от 40 училища и от 12 от 12 детски градини; неподписани: 2“."""
    parts = []
    for level, name in (("school", "училище"), ("kindergarten", "детска градина")):
        of_level = states.loc[states["level"] == level, "state"]
        if len(of_level):
            sent = int((~of_level.isin(("missing", "ahead"))).sum())
            parts.append(f"от {sent} от {counted(len(of_level), name)}")
    unsigned = int((states["state"] == "unsigned").sum())
    return f"подадени {listed(parts)}" + (f"; неподписани: {unsigned}" if unsigned else "")


def _term_ends(day: date) -> Iterator[_Duty]:
    said = _declared()["terms"]
    for year in _years(day):
        for title, due in ((said["first"], second_term_day(year) - _DAY), (said["year"], last_day(year))):
            yield _Duty(due, title, said["who"], said["law"], "law")


def _decided(store: Store, day: date, known_at: datetime) -> Iterator[_Duty]:
    found = decisions(store, day, known_at)
    for _, row in found[found["state"].isin(TO_DO) & found["due"].notna()].iterrows():
        text = _cut(without_cases(store, row["text"]))
        held_on = row["meeting"].date()
        law = f"заседание на {day_text(held_on)}, № {row['n']}"
        yield _Duty(row["due"].date(), text, row["addressed_to"], law, "decision", what_happened(row), done=False)


def _cut(text: str) -> str:
    longest = _declared()["decisions"]["longest"]
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]}…"


def _found(store: Store, day: date, known_at: datetime, period: Period) -> Iterator[_Duty]:
    """Deadlines of findings that are not done, those of one day together; all that are past together."""
    said = _declared()["findings"]
    looked = min(day, reported_until(store, known_at) or day)
    rows = findings(store, Period(period.start_year, "year"), Scope(known_at=known_at), looked)
    rows = rows[rows["state"].isin(UNDONE) & rows["due"].notna()]
    past = rows["due"] < pd.Timestamp(day)
    for _, of_day in rows.groupby(rows["due"].where(~past, rows.loc[past, "due"].min())):
        schools = list(dict.fromkeys(of_day.sort_values("due")["name"]))
        more = len(schools) - said["named"]
        names = listed([*schools[: said["named"]], *([f"още {more}"] if more > 0 else [])])
        title = f"{said['title']}: {counted(len(of_day), 'констатация')}"
        note = f"{names}; към {day_text(looked)}"
        yield _Duty(of_day["due"].min().date(), title, said["who"], said["law"], "finding", note, done=False)


def _of_cases(store: Store, known_at: datetime, period: Period) -> Iterator[_Duty]:
    said = _declared()["cases"]
    looked = as_of_day(store, period, known_at)
    steps = ladder(store, looked, known_at)
    late = steps[steps["late"] > 0]
    if len(late):
        owners = by_owner(late)["name"]
        title = f"{said['title']}: {counted(len(late), 'случай')}"
        note = f"най-много с {counted(int(late['late'].max()), 'работен ден')}; към {day_text(looked)}"
        yield _Duty(late["due"].min().date(), title, ", ".join(owners), said["law"], "cases", note, done=False)
