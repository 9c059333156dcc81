"""Meetings of the coordination centre: opening one, its agenda, who came, and which was before it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

import duckdb
import pandas as pd

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import N_, _
from obhvat.meeting.said import plain
from obhvat.meeting.slide import KEYS, Slide, from_json, text_slide
from obhvat.people import Viewer
from obhvat.periods import Period, parse_period
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.entries import add_confirmed, add_entry, add_row, ask_about
from obhvat.texts import counted, day


@dataclass(frozen=True)
class Meeting:
    """A meeting. `agenda` is the order of its slides: keys of obhvat.meeting.slide.TITLES and slides a person wrote."""

    meeting_id: int
    held_on: date
    period: Period
    """What its figures are for."""
    chair: str
    agenda: tuple[str | Slide, ...]
    closed_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


def meetings(store: Store, known_at: datetime | None = None) -> list[Meeting]:
    """Every meeting held or opened here, the newest first."""
    known_at = known_at or datetime.max

    def answer() -> tuple[Meeting, ...]:
        rows = store.rows(read_sql("meeting/sql/meetings.sql"), {"known_at": known_at})
        return tuple(
            Meeting(meeting_id, held_on, parse_period(period), chair, _agenda(agenda), closed_at)
            for meeting_id, held_on, period, chair, agenda, closed_at in rows
        )

    return [*store.kept("meetings", known_at, answer)]


def meeting(store: Store, meeting_id: int) -> Meeting:
    """A meeting by its number. Raises UnknownName."""
    for held in meetings(store):
        if held.meeting_id == meeting_id:
            return held
    raise UnknownName(_("Няма заседание с номер {meeting_id}.").format(meeting_id=meeting_id))


def current(store: Store) -> Meeting | None:
    """The meeting that is open, or None."""
    return next((held for held in meetings(store) if not held.is_closed), None)


def open_meeting(
    store: Store, held_on: date, period: Period, chair: str = "", *, viewer: Viewer, at: datetime | None = None
) -> Meeting:
    """Open a meeting with the whole agenda. `chair` is an official, by post or name.

    Raises ObhvatError when another is open, or there was one on the same day.
    """
    viewer.must("meeting")
    chair = plain(store, chair, _("Председател"))
    with store.transaction() as cursor:
        # Writers wait for one another, so nothing comes between what is read here and what is written.
        if opened := current(store):
            raise ObhvatError(
                _("Заседанието от {held_on} е още отворено. Първо го закрийте.").format(held_on=day(opened.held_on))
            )
        if any(held.held_on == held_on for held in meetings(store)):
            raise ObhvatError(
                _("Вече има заседание на {held_on} Отворете него или изберете друга дата.").format(held_on=day(held_on))
            )
        [(last,)] = cursor.execute("select coalesce(max(meeting_id), 0) from meetings").fetchall()
        made = Meeting(last + 1, held_on, period, chair, KEYS)
        _add(cursor, made, viewer, at)
    return made


def withdraw_meeting(store: Store, meeting_id: int, viewer: Viewer, at: datetime | None = None) -> None:
    """Take back a meeting opened by mistake. Raises ObhvatError when it is closed or something was entered in it,
    NotAllowed for who neither opened it nor undoes what others entered."""
    viewer.must("meeting")
    with store.transaction() as cursor:
        held = opened(store, meeting_id)
        [(n,)] = cursor.execute(
            """
            select count(*)
            from decisions
            join live_entries($now) as live on live.entry_id = decisions.entry_id
            where decisions.meeting = $day
            """,
            {"now": datetime.max, "day": held.held_on},
        ).fetchall()
        if n:
            raise ObhvatError(
                _("В заседанието има {n} за предложения и решения и не може да се отмени. Закрийте го.").format(
                    n=counted(n, "запис")
                )
            )
        entered = cursor.execute(
            """
            select entries.entry_id, entries.entered_by
            from meetings
            join entries on entries.entry_id = meetings.entry_id
            where meetings.meeting_id = $id
            order by entries.entry_id
            """,
            {"id": meeting_id},
        ).fetchall()
        viewer.must_withdraw(entered[0][1])
        mark = add_entry(cursor, "mark", viewer.person, at)
        for entry_id, _unused in entered:
            add_row(cursor, "entry_marks", {"entry_id": mark, "marked_entry": entry_id, "mark": "withdrawn"})


def opened(store: Store, meeting_id: int) -> Meeting:
    """A meeting that may still be changed. Raises ObhvatError for a closed one, UnknownName for none."""
    held = meeting(store, meeting_id)
    if held.is_closed:
        raise ObhvatError(
            _("Заседанието от {held_on} е закрито и не се променя. По решенията му отбелязвайте изпълнението.").format(
                held_on=day(held.held_on)
            )
        )
    return held


def previous_meeting_day(store: Store, day: date, known_at: datetime | None = None) -> date | None:
    """The day of the last meeting before a day: of those held here and those in the uploaded proposals."""
    known_at = known_at or datetime.max

    def answer() -> date | None:
        [(held_on,)] = store.rows(
            """
            select max(held_on)
            from (
                select meetings.held_on
                from meetings
                join live_entries($known_at) as live on live.entry_id = meetings.entry_id
                union
                select period
                from live_slices('proposals', $known_at)
            )
            where held_on < $day
            """,
            {"known_at": known_at, "day": day},
        )
        return held_on

    return store.kept(("meeting before", day), known_at, answer)


def set_agenda(
    store: Store,
    meeting_id: int,
    slides: Sequence[str | Slide],
    viewer: Viewer,
    at: datetime | None = None,
    *,
    confirmed: Collection[str] = (),
) -> Meeting:
    """Put a meeting's slides in an order: keys of TITLES, each once at most, and slides a person wrote.

    `confirmed` is what looks like a name in a new slide and is nobody's, as the person says. Raises ObhvatError for a
    closed meeting, an empty agenda, an unknown slide or an identifier in a text; LooksLikeName for what may be a name.
    """
    viewer.must("meeting")
    keys = [item for item in slides if isinstance(item, str)]
    if unknown := set(keys) - set(KEYS):
        raise UnknownName(_("Няма слайд „{key}“.").format(key=min(unknown)))
    if len(set(keys)) < len(keys) or not slides:
        raise ObhvatError(_("В дневния ред трябва да има поне един слайд и никой не може да се повтаря."))
    for item in slides:
        if isinstance(item, Slide):
            if item != text_slide(item.title, item.sentence) or not (item.title and item.sentence):
                raise ObhvatError(_("Текстовият слайд има заглавие и изречение. Напишете и двете."))
            plain(store, f"{item.title} {item.sentence}", _("Текстов слайд"))
    with store.transaction() as cursor:
        held = opened(store, meeting_id)
        # Of a slide that is there already it was asked when it came.
        new = [
            f"{item.title}. {item.sentence}" for item in slides if isinstance(item, Slide) and item not in held.agenda
        ]
        names = ask_about(store, new, confirmed)
        changed = replace(held, agenda=tuple(slides))
        add_confirmed(cursor, _add(cursor, changed, viewer, at), names)
    return changed


def _add(cursor: duckdb.DuckDBPyConnection, held: Meeting, viewer: Viewer, at: datetime | None) -> int:
    entry_id = add_entry(cursor, "meeting", viewer.person, at)
    agenda = [asdict(item) if isinstance(item, Slide) else item for item in held.agenda]
    add_row(
        cursor,
        "meetings",
        {
            "entry_id": entry_id,
            "meeting_id": held.meeting_id,
            "held_on": held.held_on,
            "period": held.period.key,
            "chair": held.chair,
            "agenda": json.dumps(agenda, ensure_ascii=False),
        },
    )
    return entry_id


def _agenda(text: str) -> tuple[str | Slide, ...]:
    return tuple(item if isinstance(item, str) else from_json(json.dumps(item)) for item in json.loads(text))


def invited(store: Store, known_at: datetime | None = None) -> tuple[str, ...]:
    """Who has a place at the table: the institutions of the Mechanism (domain.md §1.3), municipalities by name. So they
    are stored, in Bulgarian; `place_words` is what is read."""
    municipalities = store.rows(
        """
        select distinct schools.municipality
        from schools
        join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
        order by schools.municipality
        """,
        {"known_at": known_at or datetime.max},
    )
    names: list[str] = []
    for value in dataset("actions")["institutions"].values:
        if value.code == "municipality" and municipalities:
            names += [f"{value.caption} {name}" for (name,) in municipalities]
        else:
            names.append(value.caption)
    return tuple(names)


_MUNICIPALITY = dataset("actions")["institutions"].caption_of("municipality")
GROUPS = (N_("общини"), N_("училища"))
"""Whom a decision may be for beside the institutions of `invited`."""


def place_words(name: str) -> str:
    """An institution of `invited` or of GROUPS in the language of who is looking; what else was written as it is."""
    if not name:
        return _("не е посочен")
    before, of, municipality = name.partition(f"{_MUNICIPALITY} ")
    return _("община {name}").format(name=municipality) if of and not before else _(name)


def set_attendance(
    store: Store,
    meeting_id: int,
    institution: str,
    present: bool,
    represented_by: str = "",
    *,
    viewer: Viewer,
    at: datetime | None = None,
) -> None:
    """Say whether an institution of `invited` came, and by which official, by post or name, it was represented.

    Raises UnknownName for another institution, ObhvatError for an identifier or a closed meeting.
    """
    viewer.must("meeting")
    if institution not in invited(store):
        raise UnknownName(
            _("„{institution}“ не е сред институциите на координационния център.").format(institution=institution)
        )
    by = plain(store, represented_by, _("Представител"))
    with store.transaction() as cursor:
        opened(store, meeting_id)
        add_row(
            cursor,
            "attendance",
            {
                "entry_id": add_entry(cursor, "attendance", viewer.person, at),
                "meeting_id": meeting_id,
                "institution": institution,
                "present": present,
                "represented_by": by,
            },
        )


def attendance(store: Store, meeting_id: int, known_at: datetime | None = None) -> pd.DataFrame:
    """One row an institution: institution, present, represented_by, said (whether anything was said of it; present is
    False when not).

    All that are invited, then those of which something was said and that are invited no more.
    """
    known_at = known_at or datetime.max
    entered = {
        name: (present, by)
        for name, present, by in store.rows(
            read_sql("meeting/sql/attendance.sql"), {"known_at": known_at, "meeting_id": meeting_id}
        )
    }
    names = dict.fromkeys((*invited(store, known_at), *sorted(entered)))
    rows = [(name, *entered.get(name, (False, "")), name in entered) for name in names]
    return pd.DataFrame(rows, columns=["institution", "present", "represented_by", "said"])
