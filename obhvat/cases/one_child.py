"""All that the store holds about one child, whoever sent it: for who answers a request about its data.

The identifier that is typed becomes the pseudonym by which the store knows the child and is kept nowhere. What is asked
here is answered anew each time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from obhvat.cases.entered import worded
from obhvat.datasets import Dataset, Derived, Field, all_datasets, dataset
from obhvat.errors import ObhvatError
from obhvat.indicators import default_rules
from obhvat.ingest.checking.identifier import pseudonym_of
from obhvat.language import B_, N_, _
from obhvat.people import Viewer
from obhvat.people.child_requests import mark_of_erased, must_answer
from obhvat.people.log import log_of, looked
from obhvat.periods import month_label
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.history import STATES
from obhvat.texts import day, grade_words, trimmed

TURNS = read_sql("cases/sql/child_turns.sql")
ENTRIES = read_sql("cases/sql/child_entries.sql")
BY_PUPIL = tuple(d.name for d in all_datasets() if any(f.type == "pupil" for f in d.fields) and d.name != "cases")
"""The datasets whose rows name a child by its pseudonym alone."""
OF_CASES = {
    # A register without the identifiers tells of the child by its number and signal.
    "cases": """
        (
            cases.pupil = $child
            or (
                cases.pupil is null
                and exists (
                    select 1
                    from child_turns as turns
                    where
                        turns.number = cases.number
                        and turns.municipality = cases.municipality
                        and cases.opened_on >= turns.since
                        and cases.opened_on < turns.until
                )
            )
        )
    """,
    "actions": """
        $child is not null
        and exists (
            select 1
            from child_turns as turns
            where
                turns.number = actions.case_number
                and (not turns.is_shared or turns.municipality = actions.municipality)
                and least(actions.date, actions.as_of) >= turns.since
                and least(actions.date, actions.as_of) < turns.until
        )
    """,
}
"""Which rows of the registers are about a child, by its turns."""
HANDED_BACK = """
    $child is not null
    and exists (select 1 from child_turns as turns where list_contains(rejected_rows.cells, turns.number))
    and exists (
        select 1
        from batches
        where batches.batch_id = rejected_rows.batch_id and batches.dataset in ('cases', 'actions')
    )
"""
"""Which rows that were handed back name a case of the child: those of lists have only a part of an identifier."""
_REQUEST = B_("искане за дете")
_WHERE, _STATE = N_("Откъде е"), N_("Състояние")
_ENTERED = {
    "entered_cases": N_("случай"),
    "entered_statuses": N_("статус"),
    "entered_actions": N_("действие"),
    "declined_proposals": N_("отхвърлено предложение за случай"),
    "child_cases": N_("дали случаите на детето са отделни"),
}
_UNITS = {"hours": N_("учебни часове"), "days": N_("дни")}
_WORDS = {"apart": N_("отделни случаи са"), "dropped": N_("разказва за друг случай на детето")}


@dataclass(frozen=True)
class Held:
    """What one kind of data says of a child: a row each, captions as the columns."""

    name: str
    title: str
    rows: pd.DataFrame

    @property
    def is_entered(self) -> bool:
        """Whether it was entered here, and so is corrected here."""
        return self.name == "entries"


def find_child(store: Store, viewer: Viewer, typed: str) -> int:
    """The pseudonym of who is asked about. The log tells that somebody searched, not for whom.

    Raises NotAllowed, ObhvatError for what is no identifier.
    """
    must_answer(viewer)
    looked(store, viewer, "search", place=_REQUEST)
    child = pseudonym_of(store.key, typed)
    if child is None:
        raise ObhvatError(_("Това не е идентификатор. Напишете ЕГН, ЛНЧ или служебния номер, както е във файловете."))
    return child


def held_of(store: Store, viewer: Viewer, child: int) -> tuple[Held, ...]:
    """Everything, kind by kind; none where nothing is held. Texts that are kept to one institution are in it, too: they
    are about the child.

    Raises NotAllowed.
    """
    must_answer(viewer)
    turns = turns_of(store, child)
    looked(
        store,
        viewer,
        "child",
        cases=sorted(set(turns["number"].to_pylist())),
        children=[child],
        place=_("искане за дете"),
    )
    found = [_rows(store, dataset(name), f"{name}.pupil = $child", child, turns) for name in BY_PUPIL]
    found += [_rows(store, dataset(name), which, child, turns) for name, which in OF_CASES.items()]
    found += [_entries(store, child, turns), _handed_back(store, child, turns)]
    return tuple(held for held in found if len(held.rows))


def turns_of(store: Store, child: int) -> pa.Table:
    """The cases of a child: number, municipality, since, until, is_shared."""
    return store.arrow(TURNS, {"child": child})


def looks_at(store: Store, viewer: Viewer, child: int) -> dict[str, int]:
    """How many times a child was looked at, or stood in a list that was, by role. Raises NotAllowed."""
    must_answer(viewer)
    numbers = sorted(set(turns_of(store, child)["number"].to_pylist()))
    return Counter(look.role for look in log_of(store).looks(cases=numbers, children=[child]))


def erased_before(store: Store, viewer: Viewer, child: int) -> int | None:
    """The number of the protocol by which a child was erased before; None where it was not. Raises NotAllowed."""
    must_answer(viewer)
    sql = "select entry_id from erased_children where mark = $mark"
    return next((entry_id for (entry_id,) in store.rows(sql, {"mark": mark_of_erased(store.key, child)})), None)


def why_kept(store: Store, viewer: Viewer, child: int, today: date) -> tuple[str, ...]:
    """Why the law does not let a child be erased now, a sentence each. Raises NotAllowed."""
    must_answer(viewer)
    open_cases = store.rows(
        """
        select number
        from case_rows($known_at, $today)
        where pupil = $child and status_group = 'in_work'
        order by number
        """,
        {"known_at": store.now(), "today": today, "child": child},
    )
    return tuple(
        _(
            "Случай {number} е в работа: по чл. 17, пар. 3, б. „б“ от ОРЗД данните по него са нужни за задачата по ПМС "
            "№ 100/2018 г. и не се изтриват. Първо се записва изходът му."
        ).format(number=number)
        for (number,) in open_cases
    )


def _rows(store: Store, of: Dataset, which: str, child: int, turns: pa.Table) -> Held:
    rows = store.read(
        f"""
        select
            {of.name}.*,
            batches.file_name,
            case
                when slices.batch_id in (select batch_id from undone_batches($known_at)) then 'undone'
                when slices.slice_id in (select slice_id from live_slices('{of.name}', $known_at)) then 'current'
                else 'replaced'
            end as state
        from {of.name}
        join slices on slices.slice_id = {of.name}.slice_id
        join batches on batches.batch_id = slices.batch_id
        where {which}
        order by slices.period, slices.slice_id, {of.name}.line
        """,
        {"known_at": datetime.max, "child": child},
        {"child_turns": turns},
    )
    schools = _schools(store) if len(rows) else {}
    columns: dict[str, list[Any]] = {}
    for field in of.stored:
        if isinstance(field, Derived):
            if field.name == "unit":
                columns[_("Отсъствията са в")] = [_(_UNITS.get(unit, "")) for unit in rows["unit"]]
            continue
        if field.type == "pupil":
            continue
        cells = [_cell(field, value, schools) for value in rows[field.name]]
        if any(cell is not None for cell in cells):
            # Not the code alone, as in the files.
            columns[_("Училище") if field.type == "school" else _(field.caption)] = cells
    columns[_(_WHERE)] = [
        _("файл „{name}“, ред {line}").format(name=name, line=line) if name else _("ред {line}").format(line=line)
        for name, line in zip(rows["file_name"], rows["line"], strict=True)
    ]
    columns[_(_STATE)] = [_(STATES[state]) for state in rows["state"]]
    return Held(of.name, _(of.title), pd.DataFrame(columns, dtype=object))


def _schools(store: Store) -> dict[str, str]:
    rows = store.rows("select code, arg_max(concat_ws(', ', name, settlement), slice_id) from schools group by code")
    return {code: f"{name} ({code})" for code, name in rows}


def _cell(field: Field, value: Any, schools: dict[str, str]) -> Any:
    """A value as a parent reads it."""
    if pd.api.types.is_list_like(value):
        return "; ".join(_(field.caption_of(code)) for code in value) or None
    if pd.isna(value):
        return None
    match field.type:
        case "enum":
            return _(field.caption_of(value))
        case "school" | "school_code":
            return schools.get(value, value)
        case "month":
            return month_label(value)
        case "date":
            return day(value)
        case "school_year":
            return f"{int(value)}/{int(value) + 1}"
        case "grade":
            return grade_words(int(value)) if value > 0 else _("група")
        case "boolean":
            return _("да") if value else _("не")
        case "integer":
            return int(value)
        case "halves" | "decimal" | "mean":
            return trimmed(value)
    return str(value)


def entries_of_child(store: Store, viewer: Viewer, child: int) -> pd.DataFrame:
    """What was entered here about a child, the oldest first: entry_id, what, words, entered_at, entered_by, mark („“ or
    the last word about it). Raises NotAllowed."""
    must_answer(viewer)
    return _entered(store, child, turns_of(store, child))


def _entered(store: Store, child: int, turns: pa.Table) -> pd.DataFrame:
    rows = store.read(
        f"""
        select
            found.of_table,
            entries.entry_id,
            entries.entered_at,
            entries.entered_by,
            coalesce(words.mark, '') as mark,
            declined_proposals.rule,
            declined_proposals.why,
            child_cases.case_number,
            child_cases.word
        from ({ENTRIES}) as found
        join entries on entries.entry_id = found.entry_id
        left join entry_words($known_at) as words on words.marked_entry = entries.entry_id
        left join declined_proposals on declined_proposals.entry_id = found.entry_id
        left join child_cases on child_cases.entry_id = found.entry_id
        order by entries.entry_id
        """,
        {"known_at": datetime.max, "child": child},
        {"child_turns": turns},
    )
    said = worded(store, entries=[int(entry_id) for entry_id in rows["entry_id"]])
    words = dict(zip(said["entry_id"], said["words"], strict=True))
    rules = {rule.id: rule.name for rule in default_rules()}
    return pd.DataFrame(
        {
            "entry_id": rows["entry_id"],
            "what": [_(_ENTERED[table]) for table in rows["of_table"]],
            "words": [
                words.get(row["entry_id"])
                or (
                    f"{row['case_number']}: {_(_WORDS.get(row['word'], ''))}"
                    if row["of_table"] == "child_cases"
                    else f"{rules.get(row['rule'], row['rule'])}: {row['why']}"
                )
                for row in rows.to_dict("records")
            ],
            "entered_at": rows["entered_at"],
            "entered_by": rows["entered_by"],
            "mark": rows["mark"],
        }
    )


def _entries(store: Store, child: int, turns: pa.Table) -> Held:
    rows = _entered(store, child, turns)
    table = {
        _("Какво"): rows["what"],
        _("Запис"): rows["words"],
        _("Въведено на"): [day(at) for at in rows["entered_at"]],
        _(_WHERE): _("въведено в обхват"),
        _(_STATE): [_("оттеглено") if mark == "withdrawn" else _("в сила") for mark in rows["mark"]],
    }
    return Held("entries", _("Въведено тук"), pd.DataFrame(table, index=rows.index, dtype=object))


def _handed_back(store: Store, child: int, turns: pa.Table) -> Held:
    rows = store.read(
        f"""
        select rejected_rows.line, rejected_rows.cells, batches.file_name
        from rejected_rows
        join batches on batches.batch_id = rejected_rows.batch_id
        where {HANDED_BACK}
        order by rejected_rows.batch_id, rejected_rows.line
        """,
        {"child": child},
        {"child_turns": turns},
    )
    table = {
        _("Ред от файла"): ["; ".join(cell for cell in cells if cell) for cells in rows["cells"]],
        _(_WHERE): [
            _("файл „{name}“, ред {line}").format(name=row["file_name"], line=row["line"])
            for row in rows.to_dict("records")
        ],
        _(_STATE): _("неприет, за поправка"),
    }
    return Held("rejected_rows", _("Неприети редове"), pd.DataFrame(table, index=rows.index, dtype=object))
