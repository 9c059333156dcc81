"""What people enter about cases here: steps, statuses, new cases. Everything is added, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from obhvat.cases.given import clock, known_code, known_codes, one_line
from obhvat.cases.reach import may_open_in, must_reach, places_reached
from obhvat.datasets import dataset
from obhvat.errors import NotAllowed, ObhvatError, UnknownName
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.entries import add_confirmed, add_entry, add_row, ask_about
from obhvat.texts import day as day_words
from obhvat.texts import listed

KINDS = ("case", "status", "action")
"""What an entry about a case may be."""


@dataclass(frozen=True)
class _Case:
    """What an entry about a case is checked against."""

    municipality: str
    opened_on: date
    status: str
    status_on: date | None


def add_action(
    store: Store,
    case_number: str,
    day: date,
    kind: str,
    *,
    institutions: Collection[str] = (),
    contact: str | None = None,
    time: str | None = None,
    team: str | None = None,
    result: str | None = None,
    next_step: str | None = None,
    next_due: date | None = None,
    is_own_note: bool = False,
    confirmed: Collection[str] = (),
    viewer: Viewer,
    at: datetime | None = None,
) -> int:
    """Add a step to a case; codes are those of the dataset `actions`. Returns the entry's number.

    `confirmed` is what looks like a name in the texts and is nobody's, as the person says. `is_own_note` keeps the
    result to the person's own institution; else all are told.

    A second step of the same kind on the same day gets the next number, whoever enters it. Raises NotAllowed for a case
    that the viewer is not told, UnknownName for an unknown case or code, ObhvatError for a day in the future or before
    the signal, a due date before the step, an hour that is none, and personal data in a text; LooksLikeName for what
    may be a name.
    """
    viewer.must("enter")
    fields = {
        "kind": known_code("actions", "kind", kind),
        "institutions": known_codes("actions", "institutions", institutions),
        "contact": known_code("actions", "contact", contact),
        "time": clock(time),
        "team": one_line("actions", "team", team),
        "result": one_line("actions", "result", result),
        "next_step": one_line("actions", "next_step", next_step),
        "next_due": next_due,
    }
    fields["note_of"] = viewer.institution if is_own_note and fields["result"] else None
    names = ask_about(store, (str(fields[name] or "") for name in ("team", "result", "next_step")), confirmed)
    if next_due and next_due < day:
        raise ObhvatError(
            _("Срокът {next_due} е преди действието от {day} Поправете една от двете дати.").format(
                next_due=day_words(next_due), day=day_words(day)
            )
        )
    with store.transaction() as cursor:
        now = at or store.now()
        case = _case(cursor, store, viewer, case_number, now)
        _check_day(day, case.opened_on, now, _("Действието"))
        [(n,)] = cursor.execute(
            """
            with same as (
                select n from actions where case_number = $number and date = $day and kind = $kind
                union all
                select n from entered_actions where case_number = $number and date = $day and kind = $kind
            )
            select coalesce(max(n), 0) + 1 from same
            """,
            {"number": case_number, "day": day, "kind": kind},
        ).fetchall()
        about = {"case_number": case_number, "municipality": case.municipality, "date": day, "n": n}
        entry_id = _add(cursor, "action", "entered_actions", about | fields, viewer.person, now)
        add_confirmed(cursor, entry_id, names)
        return entry_id


def change_status(
    store: Store,
    case_number: str,
    status: str,
    status_on: date,
    *,
    confidence: str | None = None,
    viewer: Viewer,
    at: datetime | None = None,
) -> int:
    """Say a case's status from a day on; codes are those of the dataset `cases`. Returns the entry's number.

    Raises NotAllowed for a case that the viewer is not told, UnknownName for an unknown case or code, ObhvatError for a
    day in the future, before the signal or before the current status.
    """
    viewer.must("enter")
    fields = {
        "status": known_code("cases", "status", status),
        "confidence": known_code("cases", "confidence", confidence),
    }
    [group] = (value.group for value in dataset("cases")["status"].values if value.code == status)
    with store.transaction() as cursor:
        now = at or store.now()
        case = _case(cursor, store, viewer, case_number, now)
        _check_day(status_on, case.opened_on, now, _("Статусът"))
        if case.status_on and status_on < case.status_on:
            raise ObhvatError(
                _(
                    "Случаят е „{status}“ от {day} Новият статус не може да е от по-ранна дата. Поправете "
                    "датата или оттеглете погрешния статус."
                ).format(status=_(dataset("cases")["status"].caption_of(case.status)), day=day_words(case.status_on))
            )
        about = {"case_number": case_number, "municipality": case.municipality, "status_on": status_on}
        return _add(cursor, "status", "entered_statuses", about | fields | {"status_group": group}, viewer.person, now)


def open_case(
    store: Store,
    *,
    municipality: str,
    category: str,
    opened_on: date,
    school: str | None = None,
    grade: int | None = None,
    dropped_on: date | None = None,
    reason: str | None = None,
    source: str | None = None,
    repeat: bool = False,
    viewer: Viewer,
    at: datetime | None = None,
) -> str:
    """Open a case by a signal; codes are those of the dataset `cases`. Returns its new number, „ОКЦ-2024-001“.

    Raises NotAllowed for a place whose cases the viewer is not told, UnknownName for an unknown municipality, school or
    code, ObhvatError for a day in the future or a dropping out after the signal.
    """
    viewer.must("enter")
    with store.transaction() as cursor:
        return add_case(
            cursor,
            municipality=municipality,
            category=category,
            opened_on=opened_on,
            school=school,
            grade=grade,
            dropped_on=dropped_on,
            reason=reason,
            source=source,
            repeat=repeat,
            viewer=viewer,
            at=at or store.now(),
        )


def add_case(
    cursor: duckdb.DuckDBPyConnection,
    *,
    municipality: str,
    category: str,
    opened_on: date,
    school: str | None,
    grade: int | None,
    dropped_on: date | None = None,
    reason: str | None,
    source: str | None,
    repeat: bool,
    pupil: int | None = None,
    rule: str | None = None,
    rule_month: date | None = None,
    viewer: Viewer,
    at: datetime,
) -> str:
    """As `open_case`, inside a transaction; `pupil`, `rule` and `rule_month` are of a proposal that was confirmed."""
    fields = {
        "category": known_code("cases", "category", category),
        "reason": known_code("cases", "reason", reason),
        "source": known_code("cases", "source", source),
    }
    _check_day(opened_on, None, at, _("Сигналът"))
    if dropped_on and dropped_on > opened_on:
        raise ObhvatError(
            _("Отпадането на {dropped_on} е след сигнала от {opened_on} Поправете една от двете дати.").format(
                dropped_on=day_words(dropped_on), opened_on=day_words(opened_on)
            )
        )
    schools = dict(
        cursor.execute(
            """
            select schools.code, schools.municipality
            from schools
            join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
            """,
            {"known_at": at},
        ).fetchall()
    )
    if municipality not in schools.values():
        names = listed(sorted(set(filter(None, schools.values()))))
        raise UnknownName(
            _("Община „{name}“ няма в регистъра на институциите. Изберете от: {names}.").format(
                name=municipality, names=names
            )
            if names
            else _("Община „{name}“ няма в регистъра на институциите. Качете регистъра.").format(name=municipality)
        )
    if school and school not in schools:
        raise UnknownName(
            _("Институция с код „{school}“ няма в регистъра. Проверете кода или качете новия регистър.").format(
                school=school
            )
        )
    if not may_open_in(viewer, municipality, school, schools.get(school or "")):
        raise NotAllowed(_("Случай се открива само за деца, чиито случаи виждате: изберете своята община или училище."))
    number = _new_number(cursor, opened_on)
    about = {
        "number": number,
        "pupil": pupil,
        "municipality": municipality,
        "school_municipality": schools.get(school or ""),
        "school": school,
        "grade": grade,
        "opened_on": opened_on,
        "dropped_on": dropped_on,
        "repeat": repeat,
        "rule": rule,
        "rule_month": rule_month,
    }
    _add(cursor, "case", "entered_cases", about | fields, viewer.person, at)
    return number


def withdraw(store: Store, entry_id: int, viewer: Viewer, at: datetime | None = None) -> None:
    """Take an entry about a case back, as its author or an expert: it stays in the history and no longer counts.

    What was entered about a withdrawn case is kept, and listed by `conflicts` as about a case that is missing.
    Raises UnknownName when there is no such entry, ObhvatError when it is withdrawn already, NotAllowed for others.
    """
    viewer.must("enter")
    with store.transaction() as cursor:
        now = at or store.now()
        rows = cursor.execute(
            """
            select
                entries.what,
                coalesce(words.mark, ''),
                entries.entered_by,
                coalesce(actions.case_number, statuses.case_number, cases.number),
                coalesce(actions.municipality, statuses.municipality, cases.municipality)
            from entries
            left join entry_words($now) as words on words.marked_entry = entries.entry_id
            left join entered_actions as actions on actions.entry_id = entries.entry_id
            left join entered_statuses as statuses on statuses.entry_id = entries.entry_id
            left join entered_cases as cases on cases.entry_id = entries.entry_id
            where entries.entry_id = $id
            """,
            {"id": int(entry_id), "now": now},
        ).fetchall()
        if not rows or rows[0][0] not in (*KINDS, "declined", "child"):
            raise UnknownName(_("Няма въведено за случай с номер {entry_id}.").format(entry_id=entry_id))
        what, word, author, number, municipality = rows[0]
        if what not in KINDS:
            viewer.must("settle")
        if number is not None:
            must_reach(store, viewer, number, municipality, now)
        if word == "withdrawn":
            raise ObhvatError(_("Това вече е оттеглено."))
        viewer.must_withdraw(author)
        mark(cursor, entry_id, "withdrawn", viewer.person, now)


def mark(
    cursor: duckdb.DuckDBPyConnection, entry_id: int, word: str, who: str, at: datetime, about: str | None = None
) -> None:
    """Say a later word about an entry, inside a transaction."""
    row = {"marked_entry": int(entry_id), "mark": word, "about": about}
    _add(cursor, "mark", "entry_marks", row, who, at)


def _add(cursor: duckdb.DuckDBPyConnection, what: str, table: str, row: dict[str, Any], who: str, at: datetime) -> int:
    if not who.strip():
        raise ObhvatError(_("Не е ясно кой въвежда. Влезте с името си и опитайте отново."))
    entry_id = add_entry(cursor, what, who, at)
    add_row(cursor, table, {"entry_id": entry_id} | row)
    return entry_id


def _case(cursor: duckdb.DuckDBPyConnection, store: Store, viewer: Viewer, number: str, now: datetime) -> _Case:
    reached = places_reached(store, viewer, number, now)
    rows = cursor.execute(
        """
        select municipality, opened_on, status, status_on
        from case_rows($now, $today)
        where number = $number
        """,
        {"now": now, "today": now.date(), "number": number},
    ).fetchall()
    if reached is not None:
        rows = [row for row in rows if row[0] in reached]
    if not rows:
        raise UnknownName(
            _("Случай „{number}“ няма в действащите регистри. Проверете номера или качете регистъра.").format(
                number=number
            )
        )
    if len(rows) > 1:
        places = listed(sorted(municipality for municipality, *_unused in rows))
        raise ObhvatError(
            _(
                "Номер „{number}“ стои на повече от един случай ({places}). Поправете номерата в регистрите и ги "
                "качете."
            ).format(number=number, places=places)
        )
    return _Case(*rows[0])


def _check_day(day: date, opened_on: date | None, now: datetime, what: str) -> None:
    if day > now.date():
        raise ObhvatError(
            _("{what} не може да е с бъдеща дата: {day} Поправете датата.").format(what=what, day=day_words(day))
        )
    if opened_on and day < opened_on:
        raise ObhvatError(
            _("{what} от {day} е преди сигнала по случая от {opened_on} Поправете датата.").format(
                what=what, day=day_words(day), opened_on=day_words(opened_on)
            )
        )


def _new_number(cursor: duckdb.DuckDBPyConnection, opened_on: date) -> str:
    [(number,)] = cursor.execute(read_sql("cases/sql/new_number.sql"), {"year": opened_on.year}).fetchall()
    return number
