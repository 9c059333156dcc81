"""Where what was entered here and the uploaded registers disagree: both versions, until a person settles it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, get_args

import pandas as pd

from obhvat.cases.entered import worded
from obhvat.cases.entries import mark
from obhvat.cases.words import WORDS
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.told import cases_ever
from obhvat.texts import day as day_words

Keep = Literal["entered", "uploaded", "both"]

_COLUMNS = (
    *("entry_id", "what", "case_number", "municipality", "entered", "uploaded", "file", "line"),
    *("entered_at", "entered_by"),
)


def conflicts(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """Entries that the registers of a day contradict and nobody has settled.

    Columns entry_id, what, case_number, municipality, entered and uploaded (the two versions, in words), file and
    line (missing where no line says it), entered_at, entered_by. `what` is
    - `action`: a register has the same step (case, day, kind, number) with other content; it counts once, as uploaded;
    - `status`: a register sent after the entry, as of its day or later, says another status from that day or before;
      the later one counts;
    - `case`: a register describes a case opened here otherwise; it counts as uploaded;
    - `missing_case`: a step or a status of a case that is on no register, or a case opened here that a later register
      of its municipality does not have. Steps and cases still count.

    The frame is shared: do not change it.
    """
    return store.kept_of_data(("conflicts", day), known_at, lambda: _in_words(store, day, known_at))


def _in_words(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    rows = _found(store, day, known_at)
    lines = rows[rows["line"].notna()]
    register_lines = store.read(
        read_sql("cases/sql/register_lines.sql"),
        {"slices": lines["slice_id"].astype(int).tolist(), "lines": lines["line"].astype(int).tolist()},
    )
    by_line = {(row["slice_id"], row["line"]): row for row in register_lines.to_dict("records")}
    entered = worded(store, entries=rows["entry_id"].tolist()).set_index("entry_id")["words"]
    uploaded = [_uploaded_words(row, by_line) for row in rows.to_dict("records")]
    return rows.assign(
        entered=rows["entry_id"].map(entered).astype("str"),
        uploaded=pd.Series(uploaded, index=rows.index, dtype="str"),
        line=rows["line"].astype("Int64"),
    )[list(_COLUMNS)]


def settle(
    store: Store, entry_id: int, keep: Keep, viewer: Viewer, at: datetime | None = None, *, day: date | None = None
) -> None:
    """End a conflict: what was `entered` counts, or what was `uploaded`, or `both` (two different steps).

    It holds as long as the register says the same; when a newer file says something else, there is a new conflict,
    and when the file is undone, the entry counts again. A step or a status whose case is missing has no register to
    give way to: `uploaded` withdraws it. `day` is the one the conflict was seen on, without it the moment's. Raises
    UnknownName when there is no such conflict, ObhvatError for `both` of a status or a case.
    """
    viewer.must("settle")
    if keep not in get_args(Keep):
        raise UnknownName(_("„{keep}“ не е начин да се реши разминаване.").format(keep=keep))
    with store.transaction() as cursor:
        now = at or store.now()
        rows = _found(store, day or now.date(), now)
        rows = rows[rows["entry_id"] == entry_id]
        if rows.empty:
            raise UnknownName(_("Това разминаване вече е решено или регистърът е сменен. Опреснете страницата."))
        conflict = rows.iloc[0]
        if keep == "both" and conflict["what"] != "action":
            raise ObhvatError(_("И двете могат да останат само при действия. Изберете въведеното или каченото."))
        is_withdrawn = keep == "uploaded" and pd.isna(conflict["slice_id"])
        mark(cursor, entry_id, "withdrawn" if is_withdrawn else keep, viewer.person, now, conflict["about"])


def _found(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    told = {"cases_ever": cases_ever(store, day, known_at)}
    return store.read(read_sql("cases/sql/conflicts.sql"), {"day": day, "known_at": known_at}, told)


def _uploaded_words(row: dict[str, Any], by_line: dict[tuple[Any, Any], dict[str, Any]]) -> str:
    if row["what"] != "missing_case":
        return WORDS[row["what"]](by_line[row["slice_id"], row["line"]])
    if pd.isna(row["register_on"]):
        return _("няма такъв случай в действащ регистър")
    return _("няма го в регистъра към {day_words}").format(day_words=day_words(row["register_on"]))
