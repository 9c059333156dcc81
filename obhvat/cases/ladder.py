"""The ladder of every case in work: where it stands, how long, whose the next step is and when it is due.

signal → prior study → call or meeting → address visit by a team → measures → outcome, as the oblast's report of
13.03.2024 names them; whose the steps are and in how many working days is in `terms`. A case stands on the highest rung
that was tried: an attempt is work done, and what came of it is kept apart as the contact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.cases.register import actions, cases
from obhvat.cases.terms import OWNERS, Step, Terms, not_done_by, rungs, terms_of
from obhvat.language import _
from obhvat.people import EVERY, Reach
from obhvat.periods import Period, school_year_of
from obhvat.resources import read_sql
from obhvat.scope import Scope, inside, institutions
from obhvat.scope.days import last_day
from obhvat.store import Store
from obhvat.texts import capitalized, counted
from obhvat.workdays import add_workdays, workdays_between

CONTACTS = ("made", "refused", "moved", "abroad", "not_found")
"""What comes of an attempt, the best first."""
REACHED = ("made", "refused")
"""The family itself was reached; that it is abroad or moved is somebody's word."""

_COLUMNS = (
    *("number", "municipality", "school", "category", "opened_on"),
    *("step", "step_name", "since", "days"),
    *("next_step", "next_name", "owner", "owner_name", "due_from", "due", "late"),
    *("contact", "best_contact", "last_action", "quiet_days", "n_calls", "n_meetings", "n_visits"),
)
# Which case a step is of: a number may be given again in another year, and by another municipality.
CASE = ["case_number", "case_place", "turn_on"]
_OF_ACTION = ("case_number", "case_place", "turn_on", "date", "time", "kind", "n", "contact", "next_step", "next_due")
_DATES = ["opened_on", "since", "due_from", "due", "last_action"]
_CHECKS = read_sql("cases/sql/checks_without_round.sql")


@dataclass
class _Standing:
    """Where a case stands after some of its actions, and what comes next."""

    terms: Terms
    opened_on: date
    rung: str = "signal"
    since: date = field(init=False)
    """When it came to the rung."""
    following: Step = field(init=False)
    due_from: date = field(init=False)
    """When the following step became what it is."""
    has_talked: bool = False
    of_visit: str | None = None
    """What the latest visit found."""
    done: set[str] = field(default_factory=set)
    """Kinds of actions."""

    def __post_init__(self) -> None:
        self.since = self.due_from = self.opened_on
        self.following = self._following()

    def take(self, action: Any) -> None:
        """One action more, not before those taken already."""
        # A step taken before the signal is done, but nobody can be late with a case that is not open yet.
        day = max(action.date.date(), self.opened_on)
        self.done.add(action.kind)
        if action.kind == "visit":
            self.of_visit = action.contact
        if action.kind == "meeting" or (action.kind == "call" and action.contact not in (None, "not_found")):
            self.has_talked = True
        rung = self.terms.of_kind(action.kind).rung
        if place_of(rung) > place_of(self.rung):
            self.rung, self.since = rung, day
        following = self._following()
        if following != self.following:
            self.following, self.due_from = following, day

    def _following(self) -> Step:
        """The step of the first rung above, with three exceptions.

        What the latest visit found asks for a measure of its own, once; a call that reached nobody is tried again; a
        case in work with an outcome waits for the register to say so.
        """
        if self.rung == "outcome":
            return self.terms["register"]
        for step in self.terms.steps:
            if self.of_visit in step.after and not self.done.intersection(step.kinds):
                return step
        if self.rung == "talk" and not self.has_talked:
            return self.terms["talk"]
        above = [*rungs()][place_of(self.rung) + 1]
        return next(step for step in self.terms.steps if step.rung == above and not step.after)


def place_of(rung: str) -> int:
    """How high a rung is; the signal is 0."""
    return [*rungs()].index(rung)


def minute_of_day(time: str | None) -> int | None:
    """10:30, 9.05 or 10:30 ч. as minutes after midnight; None for what is no time."""
    match = re.match(r"\s*([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)", time or "")
    return int(match[1]) * 60 + int(match[2]) if match else None


def ladder(store: Store, day: date, known_at: datetime, reach: Reach = EVERY) -> pd.DataFrame:
    """One row a case in work on a day, of a reach, in the order they were opened.

    number, municipality, school, category, opened_on; step and step_name: the rung it stands on, since when, and for
    how many calendar days; next_step, next_name, owner, owner_name: what comes next and whose it is; due_from: since
    when it comes next; due: the day it is due; late: working days after that day, 0 when it is not late; contact: what
    the latest attempt found, best_contact: the best that any found (codes of CONTACTS), both missing when nothing was
    said; last_action: its day or NaT; quiet_days: calendar days since it, or since the signal; n_calls, n_meetings,
    n_visits. Dates are datetimes.

    What the newest action itself says of the next step goes before the ladder. The frame is shared between sessions:
    do not change it.
    """

    def answer() -> pd.DataFrame:
        rows = cases(store, day, known_at, reach), actions(store, day, known_at, reach)
        return ladder_of(*rows, terms_of(store, known_at), day)

    return store.kept_of_data(("ladder", day, reach), known_at, answer, daily=False)


def owed(store: Store, day: date, known_at: datetime, scope: Scope = Scope()) -> pd.DataFrame:
    """The steps that the cases in work in a place wait for on a day, by institution, as `by_owner`: no row of a
    case."""
    return by_owner(inside(ladder(store, day, known_at), scope))


def ladder_of(all_cases: pd.DataFrame, all_actions: pd.DataFrame, terms: Terms, day: date) -> pd.DataFrame:
    """The ladder of rows as the register gives them (`register.cases`, `register.actions`)."""
    in_work = all_cases[all_cases["status_group"] == "in_work"]
    of_them = all_actions[all_actions["case_number"].isin(in_work["number"])]
    taken: dict[tuple[str, str, int | None], list[Any]] = {}
    for action in _records(of_them, *_OF_ACTION):
        taken.setdefault((action.case_number, action.case_place, _year(action.turn_on)), []).append(action)
    rows = [
        _row(
            case,
            sorted(taken.get((case.number, case.municipality, _year(case.opened_on)), []), key=_order(terms)),
            terms,
            day,
        )
        for case in _records(in_work, "number", "municipality", "school", "category", "opened_on")
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(dict.fromkeys(_DATES, "datetime64[us]"))


def _year(opened_on: Any) -> int | None:
    """The school year a case was opened in: in another its number may have been given again."""
    return school_year_of(opened_on.date()) if opened_on else None


def _records(frame: pd.DataFrame, *columns: str) -> Iterable[Any]:
    """The rows, with None for what is missing."""
    chosen = frame[[*columns]].astype("object")
    return chosen.where(chosen.notna(), None).itertuples(index=False)


def _order(terms: Terms) -> Callable[[Any], tuple[Any, ...]]:
    """Actions of one day follow their hours; those without an hour come first, in the order of the ladder."""

    def key(action: Any) -> tuple[Any, ...]:
        minute = minute_of_day(action.time)
        rung = place_of(terms.of_kind(action.kind).rung)
        return (action.date, -1 if minute is None else minute, rung, action.n, action.kind)

    return key


def _row(case: Any, taken: Sequence[Any], terms: Terms, day: date) -> tuple[Any, ...]:
    standing = _Standing(terms, case.opened_on.date())
    for action in taken:
        standing.take(action)
    step, name, due_from, due = _due(standing, taken[-1] if taken else None)
    last = taken[-1].date.date() if taken else None
    contacts = [action.contact for action in taken if action.contact]
    kinds = [action.kind for action in taken]
    return (
        *(case.number, case.municipality, case.school, case.category, case.opened_on),
        *(standing.rung, rungs()[standing.rung], standing.since, (day - standing.since).days),
        *(step.code, name, step.owner, _(OWNERS[step.owner]), due_from, due, workdays_between(due, day)),
        *(contacts[-1] if contacts else None, min(contacts, key=CONTACTS.index, default=None)),
        *(last, (day - (last or case.opened_on.date())).days),
        *(kinds.count("call"), kinds.count("meeting"), kinds.count("visit")),
    )


def _due(standing: _Standing, newest: Any | None) -> tuple[Step, str, date, date]:
    """The next step, how it is named, since when it is the next one, and the day it is due.

    The newest action may name the step itself: whose it is then follows from its words when they name a step we know
    („повторно посещение“). Naming the same step again, without a date, does not put its due date off.
    """
    step, due_from = standing.following, standing.due_from
    if newest is None:
        return step, step.name, due_from, add_workdays(due_from, step.working_days)
    wording, day = newest.next_step, max(newest.date.date(), standing.opened_on)
    if wording and (named := standing.terms.named_in(wording)) and named != step:
        step, due_from = named, day
    if newest.next_due:
        return step, wording or step.name, day, newest.next_due.date()
    return step, wording or step.name, due_from, add_workdays(due_from, step.working_days)


def by_owner(ladder: pd.DataFrame) -> pd.DataFrame:
    """One row an institution that the next step of a case waits for, the most overdue first.

    owner, name, n (steps it owes), overdue (of them late), worst (working days, of the latest), due (the day the first
    of the overdue was due, or NaT), municipalities (a list, of the overdue steps, those with most first), sentence to
    be read aloud.
    """
    rows = []
    for owner, steps in ladder.groupby("owner"):
        late = steps[steps["late"] > 0]
        worst = int(late["late"].max()) if len(late) else 0
        counts = late["municipality"].value_counts()
        places = sorted(counts.index, key=lambda place: (-counts[place], place))
        sentence = _aloud(str(owner), len(late), worst, places)
        rows.append((owner, _(OWNERS[str(owner)]), len(steps), len(late), worst, late["due"].min(), places, sentence))
    columns = ["owner", "name", "n", "overdue", "worst", "due", "municipalities", "sentence"]
    order = sorted(rows, key=lambda row: (-row[3], -row[4], -row[2], row[1]))
    return pd.DataFrame(order, columns=columns)


def _aloud(owner: str, overdue: int, worst: int, places: Sequence[str]) -> str:
    """„РУО не е изпълнило в срок 3 стъпки; най-голямото закъснение е 12 работни дни (Каменград, Ведрово)“."""
    if not overdue:
        return _("{owner}: няма стъпка с изтекъл срок").format(owner=capitalized(_(OWNERS[owner])))
    head = not_done_by(owner, places)
    how_late = _("най-голямото закъснение") if overdue > 1 else _("закъснението")
    where = "" if places[0] in head else f" ({', '.join(places)})"
    return _("{head} в срок {overdue}; {how_late} е {worst}{where}").format(
        head=head,
        overdue=counted(overdue, "стъпка"),
        how_late=how_late,
        worst=counted(worst, "работен ден"),
        where=where,
    )


def quiet(ladder: pd.DataFrame, days: int) -> pd.DataFrame:
    """The cases without an action for that many calendar days or more, the longest first."""
    return ladder[ladder["quiet_days"] >= days].sort_values("quiet_days", ascending=False, kind="stable")


def never_contacted(ladder: pd.DataFrame) -> pd.DataFrame:
    """The cases in which no action is known to have reached the family, the oldest first."""
    return ladder[~ladder["best_contact"].isin(REACHED)].sort_values("opened_on", kind="stable")


def is_after_study(steps: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    """Of each step whether its case was studied on its day or before, by `every` step there is."""
    studied = every[every["kind"] == "study"].groupby(CASE, dropna=False)["date"].min().rename("studied_on")
    joined = steps.merge(studied.reset_index(), on=CASE, how="left").set_axis(steps.index)
    return joined["studied_on"] <= joined["date"]


def visits_without_study(
    store: Store, period: Period, known_at: datetime, day: date | None = None, reach: Reach = EVERY
) -> pd.DataFrame:
    """Address visits in the period, in cases of a reach, without a study of the case on or before their day: what the
    figure „Посещения след проучване“ does not count; with a `day`, those up to it.

    number, municipality, date, team, slice_id and line of a file or entry_id.
    """
    rows = actions(store, last_day(period, known_at, day), known_at, reach)
    visits = rows[(rows["kind"] == "visit") & (rows["date"] >= pd.Timestamp(period.first))]
    unstudied = visits[~is_after_study(visits, rows)].rename(columns={"case_number": "number"})
    wanted = ["number", "municipality", "date", "team", "slice_id", "line", "entry_id"]
    return unstudied[wanted].sort_values(["date", "number"], ignore_index=True)


def checks_without_round(store: Store, period: Period, known_at: datetime, day: date | None = None) -> pd.DataFrame:
    """Checks of directors' work in the period that are not said to have gone with a round: what the figure „Проверки
    на директора, съпроводени с обход“ does not count; with a `day`, those up to it.

    number, municipality, school, date, said (whether the register says no; missing when it says nothing), slice_id and
    line of a file.
    """
    last = last_day(period, known_at, day)
    rows = store.read(_CHECKS, {"known_at": known_at, "first": period.first, "last": last})
    registered = institutions(store, period, Scope(known_at=known_at))
    places = registered[registered["level"] == "school"].set_index("code")["municipality"]
    rows.insert(1, "municipality", rows["school"].map(places))
    return rows.dropna(subset="municipality", ignore_index=True)
