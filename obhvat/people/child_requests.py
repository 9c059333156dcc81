"""Requests about one child's data (Regulation (EU) 2016/679, art. 15 to 18): their grounds, their protocols, and which
children's rows are kept and shown to nobody while one is decided.

What the store holds about a child, and its erasure: obhvat/cases/one_child.py, obhvat/cases/child_answers.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb

from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import N_, _
from obhvat.people.log import looked
from obhvat.people.viewer import Viewer
from obhvat.privacy import refuse_numbers
from obhvat.store import Store
from obhvat.store.entries import add_confirmed, add_entry, add_row, ask_about
from obhvat.store.pseudonyms import keyed_hash

Answer = Literal["shown", "corrected", "restricted", "lifted", "erased", "refused"]
ANSWERS: dict[Answer, str] = {
    "shown": N_("Достъп до данните"),
    "corrected": N_("Коригиране"),
    "restricted": N_("Ограничаване на обработването"),
    "lifted": N_("Отмяна на ограничението"),
    "erased": N_("Изтриване"),
    "refused": N_("Отказ"),
}
"""How a request was answered, as people read it."""
GROUNDS: dict[Answer, tuple[str, ...]] = {
    "shown": (N_("чл. 15 от ОРЗД: искане за достъп"),),
    "corrected": (N_("чл. 16 от ОРЗД: данните са неточни или непълни"),),
    "restricted": (
        N_("чл. 18, пар. 1, б. „а“ от ОРЗД: точността им се оспорва и се проверява"),
        N_("чл. 18, пар. 1, б. „б“ от ОРЗД: обработването е неправомерно, но се иска ограничаване, а не изтриване"),
        N_("чл. 18, пар. 1, б. „в“ от ОРЗД: нужни са само на лицето, за правна претенция"),
        N_("чл. 18, пар. 1, б. „г“ от ОРЗД: подадено е възражение и се преценява"),
    ),
    "lifted": (N_("чл. 18, пар. 3 от ОРЗД: причината отпадна и лицето е уведомено преди това"),),
    "erased": (
        N_("чл. 17, пар. 1, б. „а“ от ОРЗД: вече не са нужни за целта"),
        N_("чл. 17, пар. 1, б. „в“ от ОРЗД: възражението е уважено"),
        N_("чл. 17, пар. 1, б. „г“ от ОРЗД: обработвани са неправомерно"),
        N_("чл. 17, пар. 1, б. „д“ от ОРЗД: закон задължава да бъдат изтрити"),
    ),
    "refused": (
        N_("чл. 17, пар. 3, б. „б“ от ОРЗД: нужни са за законово задължение или задача в обществен интерес"),
        N_("чл. 17, пар. 3, б. „г“ от ОРЗД: нужни са за статистика и изтриването би ѝ попречило сериозно"),
        N_("чл. 17, пар. 3, б. „д“ от ОРЗД: нужни са за правна претенция"),
        N_("чл. 12, пар. 6 от ОРЗД: самоличността на искащия не е доказана"),
        N_("чл. 12, пар. 5 от ОРЗД: искането е явно неоснователно или прекомерно"),
    ),
}
"""On what ground a request is answered so: one of these is chosen, and the reason is written."""


@dataclass(frozen=True)
class Request:
    """The protocol of a request, without the child: how it was answered, on what ground and why, when, by whom, how
    many rows it is about, and which copies hold what was erased."""

    entry_id: int
    at: datetime
    who: str
    what: Answer
    ground: str
    reason: str
    n_rows: int
    copies: tuple[str, ...]


def must_answer(viewer: Viewer) -> None:
    """Raises NotAllowed for who may not answer requests about all children of the oblast."""
    viewer.must("forget")
    assert viewer.reach().is_all


def checked_reason(
    store: Store, what: Answer, ground: str, reason: str, confirmed: Collection[str] = ()
) -> tuple[str, list[str]]:
    """The reason as it is kept, and what in it looks like a name and is nobody's. Raises ObhvatError for a ground that
    is none or a reason that is missing or holds a number; LooksLikeName."""
    if ground not in GROUNDS[what]:
        raise UnknownName(_("Изберете основанието."))
    plain = " ".join(reason.split())
    if not plain:
        raise ObhvatError(_("Напишете причината: тя остава в протокола."))
    refuse_numbers(plain, _("Причина"))
    return plain, ask_about(store, [plain], confirmed)


def add_request(
    cursor: duckdb.DuckDBPyConnection,
    what: Answer,
    ground: str,
    reason: tuple[str, list[str]],
    n_rows: int,
    viewer: Viewer,
    at: datetime | None = None,
    *,
    copies: Collection[str] = (),
) -> int:
    """Write a protocol inside a transaction; `reason` as it was checked. Returns its number."""
    entry_id = add_entry(cursor, "request", viewer.person, at)
    row = {"what": what, "ground": ground, "reason": reason[0], "n_rows": n_rows, "copies": list(copies)}
    add_row(cursor, "child_requests", {"entry_id": entry_id} | row)
    add_confirmed(cursor, entry_id, reason[1])
    return entry_id


def answer(
    store: Store,
    viewer: Viewer,
    child: int,
    what: Answer,
    ground: str,
    reason: str,
    n_rows: int,
    *,
    confirmed: Collection[str] = (),
    at: datetime | None = None,
) -> Request:
    """Write how a request about a child, by pseudonym, was answered, and from then on restrict it or no more.

    `n_rows` is how many rows the answer is about. Raises as `checked_reason`; NotAllowed.
    """
    must_answer(viewer)
    assert what not in ("erased", "corrected")
    checked = checked_reason(store, what, ground, reason, confirmed)
    looked(store, viewer, "request", children=[child], place=ANSWERS[what])
    with store.transaction() as cursor:
        entry_id = add_request(cursor, what, ground, checked, n_rows, viewer, at)
        if what == "restricted":
            cursor.execute(
                "insert or replace into restricted_children values ($child, $entry_id)",
                {"child": child, "entry_id": entry_id},
            ).fetchall()
        elif what == "lifted":
            cursor.execute("delete from restricted_children where pupil = $child", {"child": child}).fetchall()
    return request_of(store, entry_id)


def requests(store: Store) -> list[Request]:
    """Every protocol of a request, the newest first."""
    rows = store.rows(
        """
        select
            child_requests.entry_id,
            entries.entered_at,
            entries.entered_by,
            child_requests.what,
            child_requests.ground,
            child_requests.reason,
            child_requests.n_rows,
            child_requests.copies
        from child_requests
        join entries on entries.entry_id = child_requests.entry_id
        order by child_requests.entry_id desc
        """
    )
    return [Request(*row[:-1], tuple(row[-1])) for row in rows]


def request_of(store: Store, entry_id: int) -> Request:
    return next(request for request in requests(store) if request.entry_id == entry_id)


def restricted(store: Store) -> frozenset[int]:
    """The children, by pseudonym, whose rows are told to nobody but who answers their request."""

    def asked() -> frozenset[int]:
        return frozenset(pupil for (pupil,) in store.rows("select pupil from restricted_children"))

    return store.kept("restricted children", datetime.max, asked, daily=False)


def mark_of_erased(key: str, child: int) -> str:
    """By what a child is known again whose rows were erased."""
    return keyed_hash(key, "erased child", str(child))


def erased_marks(store: Store) -> frozenset[str]:
    """By which marks the children are known whose rows were erased."""
    return frozenset(mark for (mark,) in store.rows("select mark from erased_children"))
