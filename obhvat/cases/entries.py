"""What people enter about cases here: steps, statuses, new cases. Everything is added, nothing is overwritten."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from obhvat.datasets import dataset
from obhvat.errors import NotAllowed, ObhvatError, UnknownName
from obhvat.people import Viewer
from obhvat.privacy import refuse_numbers
from obhvat.store import Store
from obhvat.store.entries import add_confirmed, add_entry, add_row, ask_about
from obhvat.texts import day as day_words
from obhvat.texts import listed, printable

KINDS = ("case", "status", "action")
"""What an entry about a case may be."""

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_LONGEST = 500
_OF_ANOTHER = "Записът е на {who}: оттегля го който го е въвел или експерт от РУО."


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
    note_of: str | None = None,
    confirmed: Collection[str] = (),
    who: str,
    at: datetime | None = None,
) -> int:
    """Add a step to a case; codes are those of the dataset `actions`. Returns the entry's number.

    `confirmed` is what looks like a name in the texts and is nobody's, as the person says. `note_of` keeps the result
    to one institution (`Viewer.institution`); without it all are told.

    A second step of the same kind on the same day gets the next number, whoever enters it. Raises UnknownName for an
    unknown case or code, ObhvatError for a day in the future or before the signal, a due date before the step, an
    hour that is none, and personal data in a text; LooksLikeName for what may be a name.
    """
    fields = {
        "kind": _code("actions", "kind", kind),
        "institutions": _codes("actions", "institutions", institutions),
        "contact": _code("actions", "contact", contact),
        "time": _hour(time),
        "team": _text("actions", "team", team),
        "result": _text("actions", "result", result),
        "next_step": _text("actions", "next_step", next_step),
        "next_due": next_due,
    }
    fields["note_of"] = note_of if fields["result"] else None
    names = ask_about(store, (str(fields[name] or "") for name in ("team", "result", "next_step")), confirmed)
    if next_due and next_due < day:
        raise ObhvatError(
            f"Срокът {day_words(next_due)} е преди действието от {day_words(day)} Поправете една от двете дати."
        )
    with store.transaction() as cursor:
        now = at or store.now()
        case = _case(cursor, case_number, now)
        _check_day(day, case.opened_on, now, "Действието")
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
        entry_id = _add(cursor, "action", "entered_actions", about | fields, who, now)
        add_confirmed(cursor, entry_id, names)
        return entry_id


def change_status(
    store: Store,
    case_number: str,
    status: str,
    status_on: date,
    *,
    confidence: str | None = None,
    who: str,
    at: datetime | None = None,
) -> int:
    """Say a case's status from a day on; codes are those of the dataset `cases`. Returns the entry's number.

    Raises UnknownName for an unknown case or code, ObhvatError for a day in the future, before the signal or before
    the current status.
    """
    fields = {"status": _code("cases", "status", status), "confidence": _code("cases", "confidence", confidence)}
    [group] = (value.group for value in dataset("cases")["status"].values if value.code == status)
    with store.transaction() as cursor:
        now = at or store.now()
        case = _case(cursor, case_number, now)
        _check_day(status_on, case.opened_on, now, "Статусът")
        if case.status_on and status_on < case.status_on:
            raise ObhvatError(
                f"Случаят е „{dataset('cases')['status'].caption_of(case.status)}“ от {day_words(case.status_on)} "
                "Новият статус не може да е от по-ранна дата. Поправете датата или оттеглете погрешния статус."
            )
        about = {"case_number": case_number, "municipality": case.municipality, "status_on": status_on}
        return _add(cursor, "status", "entered_statuses", about | fields | {"status_group": group}, who, now)


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
    who: str,
    at: datetime | None = None,
) -> str:
    """Open a case by a signal; codes are those of the dataset `cases`. Returns its new number, „ОКЦ-2024-001“.

    Raises UnknownName for an unknown municipality, school or code, ObhvatError for a day in the future or a
    dropping out after the signal.
    """
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
            who=who,
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
    who: str,
    at: datetime,
) -> str:
    """As `open_case`, inside a transaction; `pupil`, `rule` and `rule_month` are of a proposal that was confirmed."""
    fields = {
        "category": _code("cases", "category", category),
        "reason": _code("cases", "reason", reason),
        "source": _code("cases", "source", source),
    }
    _check_day(opened_on, None, at, "Сигналът")
    if dropped_on and dropped_on > opened_on:
        raise ObhvatError(
            f"Отпадането на {day_words(dropped_on)} е след сигнала от {day_words(opened_on)} "
            "Поправете една от двете дати."
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
            f"Община „{municipality}“ няма в регистъра на институциите. "
            + (f"Изберете от: {names}." if names else "Качете регистъра.")
        )
    if school and school not in schools:
        raise UnknownName(f"Институция с код „{school}“ няма в регистъра. Проверете кода или качете новия регистър.")
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
    _add(cursor, "case", "entered_cases", about | fields, who, at)
    return number


def withdraw(store: Store, entry_id: int, viewer: Viewer, at: datetime | None = None) -> None:
    """Take an entry about a case back, as its author or an expert: it stays in the history and no longer counts.

    What was entered about a withdrawn case is kept, and listed by `conflicts` as about a case that is missing.
    Raises UnknownName when there is no such entry, ObhvatError when it is withdrawn already, NotAllowed for others.
    """
    with store.transaction() as cursor:
        now = at or store.now()
        rows = cursor.execute(
            """
            select entries.what, coalesce(words.mark, ''), entries.entered_by
            from entries
            left join entry_words($now) as words on words.marked_entry = entries.entry_id
            where entries.entry_id = $id
            """,
            {"id": int(entry_id), "now": now},
        ).fetchall()
        if not rows or rows[0][0] not in (*KINDS, "declined", "child"):
            raise UnknownName(f"Няма въведено за случай с номер {entry_id}.")
        if rows[0][1] == "withdrawn":
            raise ObhvatError("Това вече е оттеглено.")
        if not viewer.may_withdraw(rows[0][2]):
            raise NotAllowed(_OF_ANOTHER.format(who=rows[0][2]))
        mark(cursor, entry_id, "withdrawn", viewer.person, now)


def mark(
    cursor: duckdb.DuckDBPyConnection, entry_id: int, word: str, who: str, at: datetime, about: str | None = None
) -> None:
    """Say a later word about an entry, inside a transaction."""
    row = {"marked_entry": int(entry_id), "mark": word, "about": about}
    _add(cursor, "mark", "entry_marks", row, who, at)


def _add(cursor: duckdb.DuckDBPyConnection, what: str, table: str, row: dict[str, Any], who: str, at: datetime) -> int:
    if not who.strip():
        raise ObhvatError("Не е ясно кой въвежда. Влезте с името си и опитайте отново.")
    entry_id = add_entry(cursor, what, who, at)
    add_row(cursor, table, {"entry_id": entry_id} | row)
    return entry_id


def _case(cursor: duckdb.DuckDBPyConnection, number: str, now: datetime) -> _Case:
    rows = cursor.execute(
        """
        select municipality, opened_on, status, status_on
        from case_rows($now, $today)
        where number = $number
        """,
        {"now": now, "today": now.date(), "number": number},
    ).fetchall()
    if not rows:
        raise UnknownName(f"Случай „{number}“ няма в действащите регистри. Проверете номера или качете регистъра.")
    if len(rows) > 1:
        places = listed(sorted(municipality for municipality, *_ in rows))
        raise ObhvatError(
            f"Номер „{number}“ стои на повече от един случай ({places}). Поправете номерата в регистрите и ги качете."
        )
    return _Case(*rows[0])


def _check_day(day: date, opened_on: date | None, now: datetime, what: str) -> None:
    if day > now.date():
        raise ObhvatError(f"{what} не може да е с бъдеща дата: {day_words(day)} Поправете датата.")
    if opened_on and day < opened_on:
        raise ObhvatError(
            f"{what} от {day_words(day)} е преди сигнала по случая от {day_words(opened_on)} Поправете датата."
        )


def _new_number(cursor: duckdb.DuckDBPyConnection, opened_on: date) -> str:
    # Of our own form, so that no municipality gives the same one.
    prefix = f"ОКЦ-{opened_on.year}-"
    [(last,)] = cursor.execute(
        """
        with numbers as (
            select number from cases
            union all
            select number from entered_cases
        )
        select coalesce(max(try_cast(substr(number, length($prefix) + 1) as integer)), 0)
        from numbers
        where starts_with(number, $prefix)
        """,
        {"prefix": prefix},
    ).fetchall()
    return f"{prefix}{last + 1:03}"


def _code(of: str, field: str, code: str | None) -> str | None:
    """A code of an enumeration, or None. Raises UnknownName for another."""
    asked = dataset(of)[field]
    if code is None or any(value.code == code for value in asked.values):
        return code
    captions = ", ".join(value.caption for value in asked.values)
    raise UnknownName(f"„{code}“ не е от списъка „{asked.caption}“. Изберете от: {captions}.")


def _codes(of: str, field: str, codes: Collection[str]) -> list[str] | None:
    """Codes of a set in the order they are declared; None when there are none."""
    asked = {_code(of, field, code) for code in codes}
    return [value.code for value in dataset(of)[field].values if value.code in asked] or None


def _text(of: str, field: str, text: str | None) -> str | None:
    """A text in one line, or None. Raises ObhvatError for an identifier, a phone, or one that is too long."""
    # What begins like a formula would come back from a spreadsheet with an apostrophe before it.
    plain = " ".join(printable(text or "").split()).lstrip("=+-@ ")
    caption = dataset(of)[field].caption
    if len(plain) > _LONGEST:
        raise ObhvatError(f"„{caption}“ е дълго {len(plain)} знака. Съкратете го до {_LONGEST}.")
    refuse_numbers(plain, caption)
    return plain or None


def _hour(time: str | None) -> str | None:
    if time is None or not time.strip():
        return None
    match = _CLOCK.fullmatch(time.strip())
    if not match:
        raise ObhvatError(f"„{time}“ не е час. Напишете го като 10:30.")
    return f"{int(match[1]):02}:{match[2]}"
