"""What a file would take out of the store: rows that stand in what it replaces and have no row of their key in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from obhvat.datasets import Dataset, Field
from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.before import Live, by_part
from obhvat.ingest.judging.doubts import Doubt
from obhvat.ingest.knowing.known import answer_words
from obhvat.ingest.knowing.reference import LiveSlice, Reference
from obhvat.language import _, ngettext
from obhvat.texts import counted, number

_LISTED = 5
# A child that moved to another class is not lost; the place and the time are those of the slice.
_NOT_NAMED = ("school", "month", "school_year", "exam", "term", "as_of", "meeting")
_CLASSES = ("class_code", "group_code", "class_name")


def losses_of(
    tables: Sequence[Checked], staging: Staging, reference: Reference, live_slices: Mapping[str, Sequence[LiveSlice]]
) -> dict[int, Doubt]:
    """By file: what is asked about rows that would be lost. `live_slices` is what stands in the store, by dataset."""
    doubts: dict[int, Doubt] = {}
    by_dataset: dict[str, list[Checked]] = defaultdict(list)
    for table in tables:
        by_dataset[table.dataset.name].append(table)
    for name, of_dataset in by_dataset.items():
        dataset = of_dataset[0].dataset
        if not live_slices[name] or dataset.key_where == "false":
            continue
        live = by_part(live_slices[name], lambda part: part.slice_id)
        pairs = [(t.file_no, slice_id) for t in of_dataset for slice_id in _replaced(t, live)]
        if pairs:
            doubts |= _lost(dataset, pairs, staging, reference)
    return doubts


def _replaced(table: Checked, live: Live) -> list[int]:
    """The slices whose rows would no longer stand: those of the same time. A register of a later day takes nothing out
    of the one before, and may be of open cases alone."""
    replaced = []
    for part in table.slices:
        same: Mapping[date, int] = live.get((part.school, part.municipality, part.label), {})
        slice_id = same.get(part.period)
        replaced += [] if slice_id is None else [slice_id]
    return replaced


def _lost(
    dataset: Dataset, pairs: Sequence[tuple[int, int]], staging: Staging, reference: Reference
) -> dict[int, Doubt]:
    assert reference.store is not None
    has_pupils = any(dataset[name].type == "pupil" for name in dataset.key if name in dataset)
    key = [name for name in dataset.key if not (has_pupils and name in _CLASSES)]
    # No child is named, nor what only the program counts by.
    named = [] if has_pupils else [dataset[name] for name in key if name in dataset and name not in _NOT_NAMED]
    # Who ended is left out of the next register; who is in work may not go without a word.
    which = "status_group = 'in_work'" if dataset.name == "cases" else "true"
    columns = ", ".join(key)
    older = reference.store.arrow(
        f"""
        select distinct slice_id, {columns}
        from {dataset.name}
        where slice_id in (select unnest($slices::integer[])) and ({dataset.key_where}) and {which}
        """,
        {"slices": sorted({slice_id for _unused, slice_id in pairs})},
    )
    staging.register("older_keys", older)
    alike = " and ".join(f"newer.{name} is not distinct from older.{name}" for name in key)
    values = ", ".join(f"{f.name}::varchar" for f in named)
    lost = staging.rows(
        f"""
        with older as (
            select distinct compared.file_no, {columns}
            from older_keys
            join (select unnest($file_nos::integer[]) as file_no, unnest($slices::integer[]) as slice_id) as compared
                on compared.slice_id = older_keys.slice_id
        ),
        newer as (
            select file_no, {columns}
            from staged_{dataset.name}
            where {dataset.key_where}
        ),
        lost as (
            select older.*, [{values}]::varchar[] as named
            from older
            where not exists (select 1 from newer where newer.file_no = older.file_no and {alike})
        )
        select
            file_no,
            count(*) as n,
            {"count(distinct pupil)" if has_pupils else "0"} as pupils,
            list(named order by named)[:{_LISTED}] as named
        from lost
        group by file_no
        """,
        {"file_nos": [no for no, _unused in pairs], "slices": [slice_id for _unused, slice_id in pairs]},
    )
    staging.execute("drop table older_keys")
    return {
        file_no: Doubt("loses", partial(_sentence, dataset, n, pupils, named, rows))
        for file_no, n, pupils, rows in lost
    }


def _words(fields: Sequence[Field], values: Sequence[str | None]) -> str:
    return " · ".join(answer_words(f, value) for f, value in zip(fields, values, strict=True) if value)


def _sentence(dataset: Dataset, n: int, pupils: int, fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> str:
    if dataset.name == "cases":
        what = _("{n} в работа от записания регистър").format(n=counted(n, "случай"))
    elif pupils:
        what = _("{n} от записаните за същото").format(n=counted(pupils, "дете"))
        what += f" ({counted(n, 'ред')})" if n > pupils else ""
    else:
        what = _("{n} от записаните за същото").format(n=counted(n, "ред"))
    if fields:
        named = ", ".join(_words(fields, row) for row in rows)
        what += (
            f": {_('{named} и още {more}').format(named=named, more=number(n - len(rows))) if n > len(rows) else named}"
        )
    return ngettext(
        "Ще отпадне {what}. Потвърдете само ако наистина не са за тук.",
        "Ще отпаднат {what}. Потвърдете само ако наистина не са за тук.",
        pupils or n,
    ).format(what=what)
