"""Proposals, good practices and decisions: entered in a meeting or uploaded with its file, followed until done.

Each is known by the day of its meeting and its number. Nothing is overwritten: a change is one more row.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import N_, _
from obhvat.meeting.meetings import meetings, opened, previous_meeting_day
from obhvat.meeting.said import plain, without_cases
from obhvat.meeting.slide import TEXT, Slide
from obhvat.people import Viewer
from obhvat.privacy.names import WRITTEN_OVER
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.entries import add_confirmed, add_entry, add_row, ask_about
from obhvat.texts import counted, day, with_word
from obhvat.workdays import workdays_between

Kind = Literal["proposal", "good_practice", "decision"]

KINDS: dict[Kind, str] = {"proposal": "предложение", "good_practice": "добра практика", "decision": "решение"}
STATES: dict[str, str] = {value.code: value.caption for value in dataset("proposals")["state"].values}
"""proposed, accepted, in_progress, done, dropped, with their captions."""

# What is still to be done: only this can be late.
TO_DO = ("accepted", "in_progress")
_WORDING = ("kind", "text", "proposed_by", "addressed_to", "item")
_TEXTS = {
    "text": N_("Текст"),
    "proposed_by": N_("Вносител"),
    "addressed_to": N_("Отговорник"),
    "outcome": N_("Изпълнение"),
}
_WORDS = ["kind", "text", "proposed_by", "addressed_to", "due", "state", "outcome", "item"]
_BY = ["from_file", "said_at", "said_by"]


def decisions(store: Store, day: date, known_at: datetime | None = None) -> pd.DataFrame:
    """Everything proposed and decided in meetings up to a day, as it was last said here or in a file, by meeting and n.

    Columns decision_id (text), meeting, n, kind, text, proposed_by, addressed_to, due, state, outcome, item (of the
    agenda, as `item_of` a slide; '' when nobody said), late (working days after the term until `day`; 0 for what is
    not to be done or not late), from_file, said_at, said_by. What is in a file and was entered here under the same
    meeting and number counts once; the later word counts. The frame is shared: do not change it.
    """
    known_at = known_at or datetime.max

    def answer() -> pd.DataFrame:
        rows = _entered(store, known_at)
        rows = rows[(rows["nth"] == 1) & (rows["meeting"] <= pd.Timestamp(day))]
        late = [
            workdays_between(due.date(), day) if state in TO_DO and not pd.isna(due) else 0
            for due, state in zip(rows["due"], rows["state"], strict=True)
        ]
        rows = rows.assign(late=pd.Series(late, index=rows.index, dtype="int64"))
        return rows[["decision_id", "meeting", "n", *_WORDS, "late", *_BY]].reset_index(drop=True)

    return store.kept(("decisions", day), known_at, answer)


def history(store: Store, decision_id: str) -> pd.DataFrame:
    """Everything that was said of one, the newest first: kind, text, proposed_by, addressed_to, due, state, outcome,
    item, from_file, said_at, said_by, file_name. Raises UnknownName."""
    rows = _entered(store, datetime.max)
    rows = rows[rows["decision_id"] == decision_id].sort_values("nth", ignore_index=True)
    if rows.empty:
        raise UnknownName(_("Няма решение „{decision_id}“.").format(decision_id=decision_id))
    return rows[[*_WORDS, *_BY, "file_name"]]


def _entered(store: Store, known_at: datetime) -> pd.DataFrame:
    """Everything that was ever said of each, the newest first (nth = 1), with no case in its words: a file may have
    named one, and decisions are read on the projector, in the protocol and by the press. The frame is shared: do not
    change it."""
    sql = read_sql("meeting/sql/decisions.sql")

    def answer() -> pd.DataFrame:
        rows = store.read(sql, {"known_at": known_at})
        return rows.assign(**{name: [without_cases(store, text) for text in rows[name]] for name in _TEXTS})

    return store.kept("all decisions", known_at, answer)


def item_of(slide: Slide) -> str:
    """What of the agenda a slide is: its key, or the title of one that a person wrote."""
    return slide.title if slide.key == TEXT else slide.key


def add(
    store: Store,
    meeting_id: int,
    kind: Kind,
    text: str,
    proposed_by: str = "",
    addressed_to: str = "",
    due: date | None = None,
    *,
    item: str = "",
    confirmed: Collection[str] = (),
    viewer: Viewer,
    at: datetime | None = None,
) -> str:
    """Enter a proposal, a good practice or a decision in the open meeting; a decision counts as accepted. Returns its
    decision_id.

    `item` is that of the agenda it is taken under, as `item_of` its slide. `confirmed` is what looks like a name in the
    text and is nobody's, as the person says. Raises ObhvatError for a closed meeting, an empty text, a term before the
    meeting, an ЕГН or a case in a text; LooksLikeName for what may be a name.
    """
    viewer.must("meeting")
    row: dict[str, Any] = {
        "kind": kind,
        "text": text,
        "proposed_by": proposed_by,
        "addressed_to": addressed_to,
        "due": due,
        "state": "accepted" if kind == "decision" else "proposed",
        "outcome": "",
        "item": item,
    }
    with store.transaction() as cursor:
        # Writers wait for one another: two who enter at once get two numbers.
        meeting = opened(store, meeting_id).held_on
        row = _checked(store, meeting, row)
        names = ask_about(store, [row[name] for name in _TEXTS], confirmed)
        [(last,)] = cursor.execute(
            """
            select coalesce(max(n), 0)
            from (
                select decisions.n
                from decisions
                join live_entries($now) as live on live.entry_id = decisions.entry_id
                where decisions.meeting = $meeting
                union all
                select n from proposals where meeting = $meeting
            )
            """,
            {"meeting": meeting, "now": datetime.max},
        ).fetchall()
        key = {"entry_id": add_entry(cursor, "decision", viewer.person, at), "meeting": meeting, "n": last + 1}
        add_row(cursor, "decisions", {**key, **row})
        add_confirmed(cursor, key["entry_id"], names)
    return f"{meeting:%Y-%m-%d}-{last + 1}"


def change(
    store: Store,
    decision_id: str,
    *,
    kind: Kind | None = None,
    text: str | None = None,
    proposed_by: str | None = None,
    addressed_to: str | None = None,
    due: date | None = None,
    state: str | None = None,
    outcome: str | None = None,
    item: str | None = None,
    confirmed: Collection[str] = (),
    viewer: Viewer,
    at: datetime | None = None,
) -> None:
    """Say more of one; what is not given stays. A proposal made a decision is accepted, without another state.

    Its wording, kind and item may change while its meeting is open; its state, term and outcome always. Raises
    UnknownName, and ObhvatError as `add`.
    """
    viewer.must("meeting")
    given = {
        "kind": kind,
        "text": text,
        "proposed_by": proposed_by,
        "addressed_to": addressed_to,
        "due": due,
        "state": state,
        "outcome": outcome,
        "item": item,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    with store.transaction() as cursor:
        rows = _entered(store, datetime.max)
        rows = rows[(rows["decision_id"] == decision_id) & (rows["nth"] == 1)]
        if rows.empty:
            raise UnknownName(_("Няма решение „{decision_id}“.").format(decision_id=decision_id))
        was = rows.iloc[0]
        meeting = was["meeting"].date()
        if not _is_open(store, meeting) and any(name in changed and changed[name] != was[name] for name in _WORDING):
            raise ObhvatError(
                _(
                    "Заседанието от {meeting} е закрито: текстът на решението не се променя. Отбележете състоянието, "
                    "срока или изпълнението."
                ).format(meeting=day(meeting))
            )
        if changed.get("kind") == "decision" and was["state"] == "proposed":
            changed.setdefault("state", "accepted")
        before = {name: was[name] for name in _WORDS} | {"due": None if pd.isna(was["due"]) else was["due"].date()}
        row = _checked(store, meeting, {**before, **changed})
        # Of what stays as it was, it was asked when it came.
        names = ask_about(store, [row[name] for name in _TEXTS if row[name] != was[name]], confirmed)
        key = {"entry_id": add_entry(cursor, "decision", viewer.person, at), "meeting": meeting, "n": int(was["n"])}
        add_row(cursor, "decisions", {**key, **row})
        add_confirmed(cursor, key["entry_id"], names)


def withdraw(store: Store, decision_id: str, viewer: Viewer, at: datetime | None = None) -> None:
    """Take back what was entered by mistake in an open meeting: it stands nowhere, and its number is free again.

    What was decided and is not to be done any more is `change`d to dropped. Raises UnknownName for what was not entered
    here, ObhvatError when its meeting is closed, NotAllowed for who neither entered it nor undoes what others did.
    """
    viewer.must("meeting")
    with store.transaction() as cursor:
        rows = cursor.execute(
            """
            select decisions.entry_id, decisions.meeting, entries.entered_by
            from decisions
            join entries on entries.entry_id = decisions.entry_id
            join live_entries($now) as live on live.entry_id = decisions.entry_id
            where strftime(decisions.meeting, '%Y-%m-%d') || '-' || decisions.n = $decision_id
            order by decisions.entry_id
            """,
            {"now": datetime.max, "decision_id": decision_id},
        ).fetchall()
        if not rows:
            raise UnknownName(_("Няма решение „{decision_id}“.").format(decision_id=decision_id))
        if not _is_open(store, rows[0][1]):
            raise ObhvatError(_("Заседанието от {day} е закрито: решението не се отменя.").format(day=day(rows[0][1])))
        viewer.must_withdraw(rows[0][2])
        # A word about a decision changes no figure: they stay worked out.
        mark = add_entry(cursor, "decision", viewer.person, at)
        for entry_id, *_unused in rows:
            add_row(cursor, "entry_marks", {"entry_id": mark, "marked_entry": entry_id, "mark": "withdrawn"})


def standing(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `decisions` of a meeting without the decisions that were dropped in it; a proposal that was not accepted
    was made all the same."""
    return rows[(rows["kind"] != "decision") | (rows["state"] != "dropped")]


def _is_open(store: Store, meeting: date) -> bool:
    return any(held.held_on == meeting and not held.is_closed for held in meetings(store))


def _checked(store: Store, meeting: date, row: dict[str, Any]) -> dict[str, Any]:
    """A row as it may be stored. Raises ObhvatError."""
    if row["kind"] not in KINDS or row["state"] not in STATES:
        raise UnknownName(
            _("Няма такъв вид „{kind}“ или състояние „{state}“.").format(kind=row["kind"], state=row["state"])
        )
    texts = {name: plain(store, row[name], _(caption)) for name, caption in _TEXTS.items()}
    if not texts["text"]:
        raise ObhvatError(_("Напишете текста на предложението или решението."))
    if row["due"] is not None and row["due"] < meeting:
        raise ObhvatError(
            _("Срокът {due} е преди заседанието на {meeting} Проверете датата.").format(
                due=day(row["due"]), meeting=day(meeting)
            )
        )
    return {**row, **texts}


def to_follow(store: Store, held_on: date, known_at: datetime | None = None) -> pd.DataFrame:
    """What a meeting asks about: everything of the meeting before it, and of all older ones what had to be done and had
    not ended by then, however many meetings were held since. The columns of `decisions`, and words (what became of
    it); by meeting and n. Empty when there was no meeting before.
    """
    rows = decisions(store, held_on, known_at)
    previous = previous_meeting_day(store, held_on, known_at)
    if previous is None:
        return rows.iloc[:0].assign(words=[])
    ended = _ended(store, known_at or datetime.max)
    waits = [
        state in TO_DO or (key in ended and ended[key].date() > previous)
        for key, state in zip(rows["decision_id"], rows["state"], strict=True)
    ]
    last = rows["meeting"] == pd.Timestamp(previous)
    rows = rows[last | (pd.Series(waits, index=rows.index, dtype=bool) & (rows["meeting"] < pd.Timestamp(previous)))]
    return rows.assign(words=[what_happened(row) for _unused, row in rows.iterrows()]).reset_index(drop=True)


def _ended(store: Store, known_at: datetime) -> dict[str, datetime]:
    """When we came to know that what had to be done was done or dropped, by decision_id."""
    ended: dict[str, datetime] = {}
    for key, words in _entered(store, known_at).groupby("decision_id", sort=False):
        to_do = words["state"].isin(TO_DO).to_numpy()
        if to_do.any() and not to_do[0]:
            ended[str(key)] = words["said_at"].iloc[to_do.argmax() - 1]
    return ended


def for_the_press(who: str) -> str:
    """Who proposed or answers for something, as a newspaper may be told: an institution, and nothing where a person
    stood."""
    return "" if WRITTEN_OVER in who else who


def tells_term(row: pd.Series) -> bool:
    """Whether `what_happened` says by when: of what is to be done and is not late."""
    return row["state"] in TO_DO and not row["late"] and not pd.isna(row["due"])


def what_happened(row: pd.Series) -> str:
    """What became of a row of `decisions`: „изпълнено“, „в изпълнение; закъснява с 12 работни дни“."""
    words = [_(STATES[row["state"]])]
    if row["late"]:
        words.append(
            _("закъснява {by} {late}").format(by=with_word(row["late"]), late=counted(int(row["late"]), "работен ден"))
        )
    elif tells_term(row):
        words.append(_("срок {due}").format(due=day(row["due"])))
    if row["outcome"]:
        words.append(row["outcome"])
    return "; ".join(words)
