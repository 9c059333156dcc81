"""Cases of one child that are open at the same time: two cases, or one that is told twice, as a person says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args

import pandas as pd

from obhvat.cases.entries import withdraw
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.entries import add_entry
from obhvat.store.told import cases_ever

Word = Literal["apart", "dropped"]
_SAME_CHILD = read_sql("cases/sql/same_child.sql")
# Whose the cases are stays in the store.
_ADD = """
insert into child_cases
select $entry_id, cases.number, cases.municipality, cases.pupil, $word
from case_rows($known_at, $day) as cases
join (select unnest($numbers) as number, unnest($municipalities) as municipality) as asked
    on asked.number = cases.number
    and asked.municipality = cases.municipality
where cases.pupil is not null
"""


def same_child(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """One row a case that is open on a day or was at the same time as another of its child, until somebody says what
    they are: child (the same number for cases of one child), number, municipality, school, opened_on, status,
    status_on.

    The frame is shared between sessions: do not change it.
    """
    return store.kept_of_data(("cases of one child", day), known_at, lambda: _asked_about(store, day, known_at))


def _asked_about(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    return store.read(_SAME_CHILD, {"known_at": known_at}, {"cases_ever": cases_ever(store, day, known_at)})


def say_of_child(
    store: Store,
    case_number: str,
    municipality: str,
    word: Word,
    viewer: Viewer,
    at: datetime | None = None,
    *,
    day: date | None = None,
) -> int:
    """`apart`: all cases that are asked about with this one are cases of their own, of one child. `dropped`: this one
    only tells of another of them again and no longer counts; its steps do. Returns the entry's number.

    The next register does not ask again; a further case of the child does. `day` is the one it was seen on, without it
    the moment's. Raises UnknownName when nothing is asked about the case, ObhvatError when nobody says who decides.
    """
    viewer.must("settle")
    if word not in get_args(Word):
        raise UnknownName(_("„{word}“ не е начин да се реши.").format(word=word))
    if not viewer.person.strip():
        raise ObhvatError(_("Не е ясно кой решава. Влезте с името си и опитайте отново."))
    with store.transaction() as cursor:
        # Read where it is written, and as of when it is: of two people who drop the two cases of a child at once the
        # second is told.
        now = at or store.now()
        day = day or now.date()
        rows = _asked_about(store, day, now)
        asked = rows[(rows["number"] == case_number) & (rows["municipality"] == municipality)]
        if asked.empty:
            raise UnknownName(_("Това вече е решено или регистърът е сменен. Опреснете страницата."))
        if word == "apart":
            asked = rows[rows["child"] == asked.iloc[0]["child"]]
        entry_id = add_entry(cursor, "child", viewer.person, now)
        cases = {"numbers": asked["number"].tolist(), "municipalities": asked["municipality"].tolist()}
        cursor.execute(_ADD, {"entry_id": entry_id, "word": word, "known_at": now, "day": day, **cases}).fetchall()
    return entry_id


def dropped_cases(store: Store, known_at: datetime) -> pd.DataFrame:
    """One row a case that does not count because it tells of another again, newest first: entry_id, number,
    municipality, entered_at, entered_by."""
    sql = """
        select words.entry_id, words.case_number as number, words.municipality, words.entered_at, words.entered_by
        from child_words($known_at) as words
        join cases_ever as ever
            on ever.number = words.case_number
            and ever.municipality = words.municipality
            and ever.pupil = words.pupil
        where words.word = 'dropped' and ever.is_dropped
        order by words.entry_id desc
    """

    def answer() -> pd.DataFrame:
        return store.read(sql, {"known_at": known_at}, {"cases_ever": cases_ever(store, date.max, known_at)})

    return store.kept_of_data("dropped cases", known_at, answer)


def take_back(store: Store, entry_id: int, viewer: Viewer, at: datetime | None = None) -> None:
    """Let a dropped case count again: it is asked about anew. Raises as `withdraw`."""
    viewer.must("settle")
    withdraw(store, entry_id, viewer, at)
