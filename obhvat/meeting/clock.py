"""The statutory clock: what is due when, by law, by decision and by finding, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd

from obhvat.cases.ladder import owed
from obhvat.inspections.findings import UNDONE, findings
from obhvat.language import _, ngettext
from obhvat.language import declared as declared_in
from obhvat.meeting.days import cases_on, checks_on
from obhvat.meeting.decisions import TO_DO, decisions, what_happened
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.since import day_words
from obhvat.metrics import Figure, figure
from obhvat.periods import Period, last_day, month_label, next_month, school_year_of, second_term_day
from obhvat.scope import Scope, institutions, names_of
from obhvat.scope.days import cases_day, checks_day
from obhvat.scope.days import last_day as period_end
from obhvat.store import Store
from obhvat.texts import counted, listed, number
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
    return declared_in("meeting/clock.toml")


def report_titles() -> frozenset[str]:
    """What the duties are called that are reports to the ministry."""
    return frozenset(duty["title"] for duty in _declared()["yearly"] if duty["key"].startswith("report"))


def for_press(due: pd.DataFrame) -> pd.DataFrame:
    """The duties that the press sees: those of the law that are ahead."""
    return due[(due["of"] == "law") & (due["days_left"] >= 0)]


def meeting_duties(store: Store, of: Meeting, known_at: datetime) -> pd.DataFrame:
    """`duties` of a meeting, on its day."""
    days = cases_on(store, of, known_at), checks_on(store, of, known_at)
    return duties(store, of.held_on, known_at, of.period, *days)


def duties(
    store: Store,
    day: date,
    known_at: datetime,
    period: Period,
    cases_stand_on: date | None = None,
    checks_stand_on: date | None = None,
) -> pd.DataFrame:
    """What is due within 60 days after a day, and what is past and not done, by the day it is due.

    Columns due (dates), title, who (institution), law (or another source), days_left (calendar days, negative when
    past), state (past, today, soon, later), note, of (law, decision, finding, cases). Findings are those of the
    period's school year. They and the cases stand as on a day that the note says: the given one, else the one that
    their figures of the period are told for; of both only numbers are said, and of findings their schools. A duty of
    which the program cannot know whether it is done is named two weeks more. The frame is shared: do not change it.
    """
    about = day, period, cases_stand_on, checks_stand_on

    def answer() -> pd.DataFrame:
        return _duties(store, day, known_at, period, cases_stand_on, checks_stand_on)

    return store.kept(("duties", *about), known_at, answer)


def _duties(
    store: Store,
    day: date,
    known_at: datetime,
    period: Period,
    cases_stand_on: date | None,
    checks_stand_on: date | None,
) -> pd.DataFrame:
    limits = _declared()
    every = [
        *_yearly(day),
        *_campaigns(store, day, known_at),
        *_term_ends(day),
        *_decided(store, day, known_at),
        *_of_findings(store, day, known_at, period, checks_stand_on),
        *_of_cases(store, known_at, period, cases_stand_on),
    ]
    rows = []
    for duty in every:
        left = (duty.due - day).days
        is_named = -limits["named_after"] <= left if duty.done is None else left >= 0 or not duty.done
        if is_named and left <= limits["ahead"]:
            rows.append((duty.due, duty.title, duty.who, duty.law, left, _state(left), duty.note, duty.of))
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
    return _("неработен ден; последният работен ден преди него е {before}").format(before=day_text(before))


def _years(day: date) -> tuple[int, int]:
    """The school year of a day and the next: in summer the clock looks into it."""
    return school_year_of(day), school_year_of(day) + 1


def _yearly(day: date) -> Iterator[_Duty]:
    for declared in _declared()["yearly"]:
        for year in (day.year - 1, day.year, day.year + 1):
            due = date(year, declared["month"], declared["day"])
            yield _Duty(due, declared["title"], declared["who"], declared["law"], "law", _rest(due))


def _campaigns(store: Store, day: date, known_at: datetime) -> Iterator[_Duty]:
    """The monthly absences, with who has sent them, and the lists of the social assistance agency.

    Of past months the newest is named, with how many before it are not complete either.
    """
    sent, confirmed = _declared()["absences"], _declared()["confirmations"]
    past: list[tuple[_Duty, bool]] = []
    for year in _years(day):
        of_year = [figure(store, name, Period(year, "year"), Scope(known_at=known_at)) for name in _SENT]
        for month in (m for m in Period(year, "year").months if m.month in sent["months"]):
            following = next_month(month)
            yield _monthly(confirmed, month, following.replace(day=confirmed["day"]), "")
            figures = [of_months.in_month(month) for of_months in of_year]
            is_known = any(of_month.has_data for of_month in figures)
            done = is_known and not any(_is_lacking(of_month) for of_month in figures)
            note = _sent_words(figures) if is_known else ""
            duty = _monthly(sent, month, following.replace(day=sent["day"]), note, bool(done))
            if duty.due >= day:
                yield duty
            else:
                past.append((duty, is_known and not done))
    if past:
        newest, before = past[-1][0], sum(incomplete for _unused, incomplete in past[:-1])
        more = ngettext("; непълен е и {before} преди него", "; непълни са и {before} преди него", before)
        more = more.format(before=counted(before, "месец")) if before else ""
        yield replace(newest, note=newest.note + more, done=newest.done and not before)


# Who has sent a month's absences, of each kind of institution, and who has not signed them.
_SENT = ("submissions", "kindergarten_submissions", "submissions_unsigned")


def _is_lacking(of_month: Figure) -> bool:
    """Whether somebody is left to send, or to sign."""
    return bool(of_month.n) if of_month.metric.id == "submissions_unsigned" else (of_month.n or 0) < (of_month.d or 0)


def _monthly(campaign: dict[str, Any], month: date, due: date, note: str, done: bool | None = None) -> _Duty:
    window = _("от {from_day} до {due}").format(from_day=campaign["from_day"], due=day_words(due))
    title = f"{campaign['title']} {month_label(month)}"
    return _Duty(due, title, campaign["who"], campaign["law"], "law", f"{window}; {note}" if note else window, done)


def _sent_words(figures: Sequence[Figure]) -> str:
    """„подадени от 39 от 40 училища и от 12 от 12 детски градини; неподписани: 2“."""
    *sent, unsigned = figures
    parts = [
        _("от {n} от {whole}").format(n=number(of_month.n), whole=counted(int(of_month.d or 0), of_month.place_noun))
        for of_month in sent
        if of_month.has_data
    ]
    return _("подадени {parts}").format(parts=listed(parts)) + (
        _("; неподписани: {n}").format(n=number(unsigned.n)) if unsigned.n else ""
    )


def _term_ends(day: date) -> Iterator[_Duty]:
    declared = _declared()["terms"]
    for year in _years(day):
        for title, due in ((declared["first"], second_term_day(year) - _DAY), (declared["year"], last_day(year))):
            yield _Duty(due, title, declared["who"], declared["law"], "law")


def _decided(store: Store, day: date, known_at: datetime) -> Iterator[_Duty]:
    decided = decisions(store, day, known_at)
    for _unused, row in decided[decided["state"].isin(TO_DO) & decided["due"].notna()].iterrows():
        text = _cut(row["text"])
        held_on = row["meeting"].date()
        law = _("заседание на {held_on}, № {n}").format(held_on=day_text(held_on), n=row["n"])
        yield _Duty(row["due"].date(), text, row["addressed_to"], law, "decision", what_happened(row), done=False)


def _cut(text: str) -> str:
    longest = _declared()["decisions"]["longest"]
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]}…"


def _of_findings(
    store: Store, day: date, known_at: datetime, period: Period, stands_on: date | None
) -> Iterator[_Duty]:
    """Deadlines of findings that are not done, those of one day together; together all that are overdue, and all whose
    deadline came after what is known of checks."""
    declared = _declared()["findings"]
    year = Period(period.start_year, "year")
    looked = stands_on or checks_day(store, period_end(period, known_at), known_at)
    rows = findings(store, year, Scope(known_at=known_at), looked)
    rows = rows[rows["state"].isin(UNDONE) & rows["due"].notna()]
    names_of_schools = names_of(institutions(store, year, Scope(known_at=known_at)))
    overdue, unknown = rows["state"] == "overdue", rows["due"].between(pd.Timestamp(looked), pd.Timestamp(day - _DAY))
    first = rows["due"].mask(overdue, rows.loc[overdue, "due"].min()).mask(unknown, rows.loc[unknown, "due"].min())
    for _unused, of_day in rows.groupby([~overdue, first]):
        schools = [names_of_schools[code] for code in dict.fromkeys(of_day.sort_values("due")["school"])]
        more = len(schools) - declared["named"]
        names = listed([*schools[: declared["named"]], *([_("още {more}").format(more=more)] if more > 0 else [])])
        is_late = bool(overdue[of_day.index[0]])
        title = _("{title} с изтекъл срок: {n}") if is_late else "{title}: {n}"
        title = title.format(title=declared["title"], n=number(len(of_day)))
        note = _("{names}; към {looked}").format(names=names, looked=day_text(looked))
        yield _Duty(of_day["due"].min().date(), title, declared["who"], declared["law"], "finding", note, done=False)


def _of_cases(store: Store, known_at: datetime, period: Period, stands_on: date | None) -> Iterator[_Duty]:
    declared = _declared()["cases"]
    looked = cases_day(store, period, known_at, stands_on)
    late = owed(store, looked, known_at).query("overdue > 0")
    if len(late):
        title = _("{title}: по {cases}").format(
            title=declared["title"], cases=counted(int(late["overdue"].sum()), "случай")
        )
        note = _("най-голямо закъснение: {days}; към {looked}").format(
            days=counted(int(late["worst"].max()), "работен ден"), looked=day_text(looked)
        )
        who = ", ".join(late["name"])
        yield _Duty(late["due"].min().date(), title, who, declared["law"], "cases", note, done=False)
