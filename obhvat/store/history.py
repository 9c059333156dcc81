"""Batches: recording a committed file, what became of it, undoing it, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pandas as pd
import pyarrow as pa

from obhvat.datasets import Dataset, dataset
from obhvat.errors import UnknownName
from obhvat.language import B_, BULGARIAN, N_, _, ngettext, speaking
from obhvat.periods import month_label
from obhvat.store.store import Store
from obhvat.texts import counted, day, listed, number

STATES = {
    "current": N_("в сила"),
    "partly": N_("отчасти заменен"),
    "replaced": N_("заменен от по-нов"),
    "undone": N_("отменен"),
}
"""The states of a batch, as they are called."""
# The one period of registers that have none.
_FOREVER = 1900


@dataclass(frozen=True)
class SlicePart:
    """A part of the store that a file replaces; empty texts where the dataset's slice has no such part."""

    school: str
    municipality: str
    period: date
    label: str
    n_rows: int


@dataclass(frozen=True)
class Batch:
    """A file as it enters the store."""

    dataset: str
    layout: str
    file_name: str
    file_hash: str
    encoding: str
    columns: Sequence[str]
    rows_read: int
    rows_good: int
    doubts: Sequence[str]
    doubt_codes: Sequence[str]
    slices: Sequence[SlicePart]
    mark: str
    at: datetime
    who: str


def add_batches(cursor: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> tuple[list[int], pd.DataFrame]:
    """Record batches and their slices inside a transaction.

    Returns the batch ids, and the slices: columns batch_no (the batch's place in `batches`), slice_id, and the
    fields of SlicePart.
    """
    [(last_batch, last_upload, last_slice)] = cursor.execute(
        """
        select
            (select coalesce(max(batch_id), 0) from batches),
            (select coalesce(max(upload_id), 0) from batches),
            (select coalesce(max(slice_id), 0) from slices)
        """
    ).fetchall()
    ids = [last_batch + n for n in range(1, len(batches) + 1)]
    rows = pd.DataFrame(
        {
            "batch_id": ids,
            "upload_id": last_upload + 1,
            "dataset": [b.dataset for b in batches],
            "layout": [b.layout for b in batches],
            "file_name": [b.file_name for b in batches],
            "file_hash": [b.file_hash for b in batches],
            "encoding": [b.encoding for b in batches],
            "columns": [list(b.columns) for b in batches],
            "rows_read": [b.rows_read for b in batches],
            "rows_good": [b.rows_good for b in batches],
            "rows_rejected": [b.rows_read - b.rows_good for b in batches],
            "doubts": [list(b.doubts) for b in batches],
            "doubt_codes": [list(b.doubt_codes) for b in batches],
            "committed_at": [b.at for b in batches],
            "committed_by": [b.who for b in batches],
            "mark": [b.mark for b in batches],
        }
    )
    slices = pd.DataFrame(
        [
            (n, b.dataset, part.school, part.municipality, part.period, part.label, part.n_rows)
            for n, b in enumerate(batches)
            for part in b.slices
        ],
        columns=["batch_no", "dataset", "school", "municipality", "period", "label", "n_rows"],
    )
    slices["slice_id"] = range(last_slice + 1, last_slice + 1 + len(slices))
    slices["batch_id"] = [ids[n] for n in slices["batch_no"]]
    _insert(cursor, "batches", rows)
    _insert(
        cursor,
        "slices",
        slices[["slice_id", "batch_id", "dataset", "school", "municipality", "period", "label", "n_rows"]],
    )
    return ids, slices


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    cursor.register("incoming", pa.Table.from_pandas(rows, preserve_index=False))
    try:
        cursor.execute(f"insert into {table} by name select * from incoming").fetchall()
    finally:
        cursor.unregister("incoming")


_HISTORY = """
with marks as (
    select
        batch_id,
        arg_max(mark, mark_id) as mark,
        max(marked_at) as marked_at,
        arg_max(marked_by, mark_id) as marked_by
    from batch_marks
    group by batch_id
),
current as (
    select slices.batch_id, count(*) as n_current
    from slices
    join (
        select max(slices.slice_id) as slice_id
        from slices
        where slices.batch_id not in (select batch_id from undone_batches(now()::timestamp))
        group by slices.dataset, slices.school, slices.municipality, slices.period, slices.label
    ) as newest on newest.slice_id = slices.slice_id
    group by slices.batch_id
),
parts as (
    select
        batch_id,
        count(*) as n_slices,
        min(period) as first_period,
        max(period) as last_period,
        list(distinct label order by label) as labels,
        count(distinct school) filter (school <> '') as n_schools,
        any_value(school) filter (school <> '') as school
    from slices
    group by batch_id
)
select
    batches.batch_id,
    batches.upload_id,
    batches.dataset,
    batches.layout,
    batches.file_name,
    batches.rows_read,
    batches.rows_good,
    batches.rows_rejected,
    batches.doubts,
    batches.committed_at,
    batches.committed_by,
    batches.mark,
    parts.first_period,
    parts.last_period,
    parts.labels,
    parts.n_schools,
    parts.school,
    case
        when marks.mark = 'undo' then 'undone'
        when current.n_current is null then 'replaced'
        when current.n_current < parts.n_slices then 'partly'
        else 'current'
    end as state,
    marks.marked_at,
    marks.marked_by
from batches
join parts on parts.batch_id = batches.batch_id
left join current on current.batch_id = batches.batch_id
left join marks on marks.batch_id = batches.batch_id and marks.mark = 'undo'
order by batches.batch_id desc
"""


def history(store: Store) -> pd.DataFrame:
    """Every batch, the newest first. `state` is current, partly (newer files replaced some of its slices),
    replaced or undone. The frame is shared: do not change it."""
    return store.kept("history", datetime.max, lambda: store.read(_HISTORY))


@speaking(BULGARIAN)
def numbers_words(batch_ids: Sequence[int]) -> str:
    """„файл № 12 и 13“"""
    return B_("файл № {numbers}").format(numbers=listed(map(str, batch_ids)))


def parts_of(store: Store, batch_ids: Iterable[int]) -> dict[int, list[SlicePart]]:
    """By batch, the parts of the store that it replaced."""
    parts: dict[int, list[SlicePart]] = {int(batch_id): [] for batch_id in batch_ids}
    rows = store.rows(
        """
        select batch_id, school, municipality, period, label, n_rows
        from slices
        where batch_id in (select unnest($ids::integer[]))
        order by slice_id
        """,
        {"ids": [*parts]},
    )
    for batch_id, *part in rows:
        parts[batch_id].append(SlicePart(*part))
    return parts


def are_of(store: Store, batch_ids: Sequence[int], person: str) -> bool:
    """Whether batches were committed by a person and nobody else has undone any or taken that back."""
    [(n,)] = store.rows(
        """
        select count(*)
        from (
            select committed_by as person from batches where batch_id in (select unnest($ids::integer[]))
            union all
            select marked_by from batch_marks where batch_id in (select unnest($ids::integer[]))
        )
        where person <> $person
        """,
        {"ids": list(batch_ids), "person": person},
    )
    return n == 0


def mark(store: Store, batch_ids: Sequence[int], word: str, who: str, at: datetime | None = None) -> None:
    """Undo batches (`undo`) or take the undoing back (`redo`). Nothing is deleted.

    Raises UnknownName for a batch that does not exist.
    """
    with store.transaction() as cursor:
        batches = {row[0] for row in cursor.execute("select batch_id from batches").fetchall()}
        unknown = set(batch_ids) - batches
        if unknown:
            raise UnknownName(_("Няма качване с номер {batch_id}.").format(batch_id=min(unknown)))
        for batch_id in batch_ids:
            cursor.execute(
                """
                insert into batch_marks
                select coalesce(max(mark_id), 0) + 1, $batch_id, $word, $at, $who
                from batch_marks
                """,
                {"batch_id": batch_id, "word": word, "at": at or datetime.now(), "who": who},
            ).fetchall()


@dataclass(frozen=True)
class Changes:
    """What a batch changed against what was current before it. `first` is true when there was nothing before."""

    added: int
    gone: int
    changed: int
    same: int
    first: bool

    @property
    def differs(self) -> bool:
        return bool(self.added + self.gone + self.changed)

    @property
    def words(self) -> str:
        """In one sentence, for the person who commits or looks back."""
        if self.first:
            return _("Нови данни: {added}; преди него за същото няма файл.").format(added=counted(self.added, "ред"))
        if not self.differs:
            return _("Нищо не се променя: {same} като в предишния файл.").format(same=counted(self.same, "ред"))
        told = (
            (self.added, ngettext("{n} нов", "{n} нови", self.added)),
            (self.gone, ngettext("{n} изчезнал", "{n} изчезнали", self.gone)),
            (self.changed, ngettext("{n} променен", "{n} променени", self.changed)),
            (self.same, _("{n} без промяна")),
        )
        parts = [words.format(n=number(n)) for n, words in told if n]
        return _("Редове спрямо предишния файл за същото: {parts}.").format(parts=listed(parts))


def compare_rows(wanted: Dataset, new: str, old: str, *, by_file: bool = False) -> str:
    """SQL that counts rows added, gone, changed and the same between two queries of a dataset's rows, by key.

    Rows of one key are paired in the order of their content, where a dataset may have several. With `by_file` both
    queries have a column file_no, too, and it stands before the counts of each file that has rows.
    """
    keys = (*(["file_no"] if by_file else []), *wanted.key)
    key = ", ".join(keys)
    # A register is of another day than the one before it: that alone changes none of its rows.
    apart = (*wanted.key, wanted.slice.period)
    values = ", ".join(f.name for f in wanted.stored if f.name not in apart) or "1"
    numbered = f"row_number() over (partition by {key} order by hash({values})) as nth"
    alike = " and ".join(f"new_rows.{k} is not distinct from old_rows.{k}" for k in (*keys, "nth"))
    file_no = "coalesce(new_rows.file_no, old_rows.file_no) as file_no, " if by_file else ""
    return f"""
    with new_rows as (select {key}, hash({values}) as content, {numbered} from ({new})),
    old_rows as (select {key}, hash({values}) as content, {numbered} from ({old})),
    paired as (
        select {file_no}new_rows.content as new_content, old_rows.content as old_content
        from new_rows
        full join old_rows on {alike}
    )
    select
        {"file_no," if by_file else ""}
        count(*) filter (old_content is null) as added,
        count(*) filter (new_content is null) as gone,
        count(*) filter (new_content <> old_content) as changed,
        count(*) filter (new_content = old_content) as same
    from paired
    {"group by file_no" if by_file else ""}
    """


def changes(store: Store, batch_id: int) -> Changes:
    """Rows added, gone, changed and left the same by key, slice by slice. Raises UnknownName for no such batch."""
    batches = store.rows("select dataset from batches where batch_id = $id", {"id": batch_id})
    if not batches:
        raise UnknownName(_("Няма качване с номер {batch_id}.").format(batch_id=batch_id))
    wanted = dataset(batches[0][0])
    # Registers and lists are compared with the newest before them, the rest with the same slice.
    by_date = wanted.slice.register or wanted.name == "pupils"
    same_period = (
        "older.period < mine.period or older.period = mine.period" if by_date else "older.period = mine.period"
    )
    older = [
        row[0]
        for row in store.rows(
            f"""
            select arg_max(older.slice_id, (older.period, older.slice_id))
            from slices as mine
            join slices as older
                on older.dataset = mine.dataset
                and older.school = mine.school
                and older.municipality = mine.municipality
                and older.label = mine.label
                and ({same_period})
                and older.batch_id < mine.batch_id
            where
                mine.batch_id = $id
                and older.batch_id not in (select batch_id from undone_batches(now()::timestamp))
            group by mine.slice_id
            """,
            {"id": batch_id},
        )
    ]
    [row] = store.rows(
        compare_rows(
            wanted,
            f"from {wanted.name} where slice_id in (select slice_id from slices where batch_id = $id)",
            f"from {wanted.name} where slice_id in (select unnest($older::integer[]))",
        ),
        {"id": batch_id, "older": older},
    )
    return Changes(*row, first=not older)


def rejected_of(store: Store, batch_id: int) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
    """Captions of the file, its rejected rows (line, cells), and their faults (line, field, rule, value, limit)."""
    captions = store.rows("select columns from batches where batch_id = $id", {"id": batch_id})[0][0]
    rows = store.read("select line, cells from rejected_rows where batch_id = $id order by line", {"id": batch_id})
    faults = store.read(
        """
        select line, fault.field, fault.rule, fault.value, fault."limit"
        from (select line, unnest(faults) as fault from rejected_rows where batch_id = $id)
        order by line
        """,
        {"id": batch_id},
    )
    return list(captions), rows, faults


def label_words(wanted: Dataset, label: str) -> str:
    """A slice's label on screen: the term or the exam."""
    code, _blank, more = label.partition(" ")
    captions = (field.caption_of(code) for field in wanted.fields if any(v.code == code for v in field.values))
    return " ".join(filter(None, (_(next(captions, code)), more)))


def slice_words(wanted: Dataset, first: date, last: date, labels: Iterable[str]) -> str:
    """What a file is of, in words: a month, several, a day, or a school year with its terms or exam."""
    if last.year == _FOREVER:
        return "–"
    if wanted.by_school_year:
        named = [label_words(wanted, label) for label in labels if label]
        year = f"{first.year}/{first.year + 1}"
        return f"{year} · {listed(named)}" if named else year
    if last.day != 1 or first.day != 1:
        return _("към {day}").format(day=day(last))
    return month_label(last) if first == last else f"{month_label(first)} – {month_label(last)}"
