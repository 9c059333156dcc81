"""Corrected rows join the file they were handed back from: what was accepted of it before stays beside them.

The table becomes that file as it is after the correction, rows on the lines they stood on there: a batch goes on
replacing a slice, undoing it brings back the file as it was, and a figure still leads to a line of the file it came in.
Rows that were handed back and are not here go on waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from obhvat.datasets import Dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.reading.returned import ADDED, Returned
from obhvat.language import _, ngettext
from obhvat.periods import month_label
from obhvat.store.history import SlicePart
from obhvat.texts import counted, listed, moment, number

# One row is a part of the store that a file with the mark, or one that corrected it, has rows of or emptied, and the
# slice that stands for it now.
_PARTS = """
with ours as (
    select batch_id, file_name
    from batches
    where
        dataset = $dataset
        and (mark = $mark or batch_id = $batch_id)
        and batch_id not in (select batch_id from undone_batches($known_at))
),
parts as (
    select distinct school, municipality, period, label
    from slices
    where batch_id in (select batch_id from ours)
)
select
    live.school,
    live.municipality,
    live.period,
    live.label,
    live.slice_id,
    newest.n_rows,
    newest.batch_id,
    newest.batch_id in (select batch_id from ours) as is_ours,
    batches.file_name,
    batches.committed_at,
    batches.committed_by,
    (select arg_min(file_name, batch_id) from ours) as sent_first
from parts
join live_slices($dataset, $known_at) as live
    on live.school = parts.school
    and live.municipality = parts.municipality
    and live.period = parts.period
    and live.label = parts.label
join slices as newest on newest.slice_id = live.slice_id
join batches on batches.batch_id = newest.batch_id
order by live.slice_id
"""
# For who deleted the line with the mark, or has a workbook from before there were marks: the newest file that handed
# back these lines and is of a part that these rows are of.
_BY_LINES = """
select rejected_rows.batch_id
from rejected_rows
join batches on batches.batch_id = rejected_rows.batch_id
join slices on slices.batch_id = batches.batch_id
join live_slices($dataset, $known_at) as live on live.slice_id = slices.slice_id
where
    batches.dataset = $dataset
    and rejected_rows.line in (select unnest($lines::integer[]))
    and concat_ws('|', slices.school, slices.municipality, slices.period, slices.label)
        in (select unnest($parts::varchar[]))
group by rejected_rows.batch_id
having count(distinct rejected_rows.line) = len($lines)
order by rejected_rows.batch_id desc
limit 1
"""
# Here and in `_carry` rows that were added before make room for those that are added now: they have no line in the
# file.
_WAITING = """
select
    if(rejected_rows.line >= $first_added, rejected_rows.line + $n_added, rejected_rows.line) as line,
    batches.columns,
    rejected_rows.cells,
    rejected_rows.faults
from rejected_rows
join batches on batches.batch_id = rejected_rows.batch_id
where
    rejected_rows.batch_id in (select unnest($batches::integer[]))
    and rejected_rows.line not in (select unnest($lines::integer[]))
order by rejected_rows.line
"""


@dataclass(frozen=True)
class Joined:
    """What corrected rows were joined to."""

    sent_first: str
    """The name of the file whose rows they are."""
    mark: str | None
    n_lines: int
    """Lines of it that stay beside the corrected ones."""
    n_rows: int
    """The same in rows of the store."""
    n_same_key: int
    """Rows that the corrected ones replace by their key, though they stood on other lines."""
    silent: tuple[SlicePart, ...]
    """Parts that it emptied."""
    n_added: int
    """Rows that the sender added."""
    first_added: int
    """Their first line."""

    @property
    def words(self) -> str:
        """In a sentence or two, for whoever records them."""
        words = ngettext(
            "Поправени редове на „{title}“: добавят се към {kept}, приет от него преди, и нищо прието не се губи.",
            "Поправени редове на „{title}“: добавят се към {kept}, приети от него преди, и нищо прието не се губи.",
            self.n_lines,
        ).format(title=self.sent_first, kept=counted(self.n_lines, "ред"))
        if not self.n_added:
            return words
        added = ngettext(
            "{rows} без номер „Ред във файла“ е броен за нови, от номер {first} нататък.",
            "{rows} без номер „Ред във файла“ са броени за нови, от номер {first} нататък.",
            self.n_added,
        )
        return f"{words} {added.format(rows=counted(self.n_added, 'ред'), first=number(self.first_added))}"


def join(known: Known, parts_here: Sequence[SlicePart], staging: Staging, reference: Reference) -> Joined | None:
    """Put beside the corrected rows of a table, which are of `parts_here`, what was accepted of their file before; None
    for any other table, and where nothing was accepted before or it is not known which file it was.

    Raises UnreadableFile where the file is not recorded, or another has taken its place.
    """
    returned = known.recognised.opened.returned
    if returned is None or reference.store is None or known.recognised.declared:
        return None
    parts = _parts(known.dataset, returned, parts_here, reference)
    if parts.empty:
        if returned.mark and not returned.is_whole:
            raise UnreadableFile(
                _(
                    "Това са само поправените редове на файл, чиито приети редове не са записани, или записът им е "
                    "отменен. Запишете първо него и качете този отново; иначе приетите редове ще липсват."
                )
            )
        return None
    here = {(p.school, p.municipality, p.period, p.label) for p in parts_here}
    replaced = [p for p in parts[~parts["is_ours"]].itertuples() if _key(p) in here]
    live = parts[parts["is_ours"]]
    if replaced or live.empty:
        last = replaced[-1] if replaced else next(parts.iloc[-1:].itertuples())
        raise UnreadableFile(
            _(
                "Тези редове поправят „{sent_first}“, но вместо него вече е записан „{file_name}“ ({committed_by}, "
                "{committed_at}). Поправете ги в новия файл и качете него."
            ).format(
                sent_first=last.sent_first,
                file_name=last.file_name,
                committed_by=last.committed_by,
                committed_at=moment(last.committed_at),
            )
        )
    _refuse_strangers(known.dataset, parts_here, live)
    n_lines, n_rows, n_same_key = _carry(known, returned, live, staging, reference)
    _keep_waiting(known, returned, live, staging, reference)
    sent_first = str(live.iloc[0]["sent_first"])
    silent = [SlicePart(*_key(p), 0) for p in live.itertuples() if not p.n_rows and _key(p) not in here]
    added = returned.n_added, returned.first_added
    return Joined(sent_first, returned.mark, n_lines, n_rows, n_same_key, tuple(silent), *added)


def _refuse_strangers(dataset: Dataset, parts_here: Sequence[SlicePart], live: pd.DataFrame) -> None:
    """Of a file of one school and month rows of another are handed back; alone in a file they would pass."""
    schools, months = set(live["school"]), {period.date() for period in live["period"]}
    for part in parts_here:
        if dataset.one_school and part.school not in schools:
            of, is_of = (
                _("институция {school}").format(school=part.school),
                listed(_("институция {code}").format(code=code) for code in sorted(schools)),
            )
        elif dataset.one_month and part.period not in months:
            of, is_of = month_label(part.period), listed(map(month_label, sorted(months)))
        else:
            continue
        raise UnreadableFile(
            _("Тук има ред за {of}, а поправяният файл е за {is_of}. Изпратете го в отделен файл.").format(
                of=of, is_of=is_of
            )
        )


def _key(part) -> tuple:
    return part.school, part.municipality, part.period.date(), part.label


def _parts(dataset: Dataset, returned: Returned, parts_here: Sequence[SlicePart], reference: Reference) -> pd.DataFrame:
    assert reference.store is not None
    asked = {"dataset": dataset.name, "known_at": reference.known_at}
    batch_id = None
    if returned.mark is None and returned.lines:
        words = ["|".join((p.school, p.municipality, p.period.isoformat(), p.label)) for p in parts_here]
        found = reference.store.rows(_BY_LINES, {**asked, "lines": sorted(returned.lines), "parts": words})
        batch_id = found[0][0] if found else None
    return reference.store.read(_PARTS, {**asked, "mark": returned.mark, "batch_id": batch_id})


def _carry(
    known: Known, returned: Returned, live: pd.DataFrame, staging: Staging, reference: Reference
) -> tuple[int, int, int]:
    """Put the rows accepted before into the staging; gives their lines, their rows, and how many went out by key."""
    assert reference.store is not None
    dataset, file_no = known.dataset, int(known.file_no)
    columns = ", ".join(f.name for f in dataset.stored)
    rows = reference.store.arrow(
        f"""
        select
            {file_no}::integer as file_no,
            if(line >= $first_added, line + $n_added, line)::integer as line,
            {columns}
        from {dataset.name}
        where slice_id in (select unnest($slices::integer[]))
        order by slice_id, line
        """,
        {
            "slices": live["slice_id"].tolist(),
            "first_added": returned.first_added,
            "n_added": returned.n_added,
        },
    )
    staging.register("accepted_before", rows)
    of_file = f"from staged_{dataset.name} where file_no = {file_no}"
    same_key = " and ".join(f"corrected.{name} is not distinct from accepted_before.{name}" for name in dataset.key)
    is_corrected = f"line in (select line {of_file})"
    # Of rows without a key an added one that comes again is known by all that it says.
    same_row = " and ".join(f"corrected.{f.name} is not distinct from accepted_before.{f.name}" for f in dataset.stored)
    has_same_key = f"""
    (
        (({dataset.key_where})
        and exists (select 1 from (select * {of_file} and ({dataset.key_where})) as corrected where {same_key}))
        or (line >= {ADDED} and exists (select 1 from (select * {of_file}) as corrected where {same_row}))
    )
    """
    counts = staging.read(
        f"""
        select count(distinct line) filter (is_kept), count(*) filter (is_kept), count(*) filter (is_same_key)
        from (
            select
                line,
                not {is_corrected} and not ({has_same_key}) as is_kept,
                line < {ADDED} and not {is_corrected} and ({has_same_key}) as is_same_key
            from accepted_before
        )
        """
    )
    kept = staging.arrow_reader(
        f"select * from accepted_before where not {is_corrected} and not ({has_same_key})", dataset
    ).read_all()
    staging.execute("drop table accepted_before")
    staging.put_beside(dataset, kept)
    n_lines, n_rows, n_same_key = map(int, counts.iloc[0])
    return n_lines, n_rows, n_same_key


def _keep_waiting(known: Known, returned: Returned, live: pd.DataFrame, staging: Staging, reference: Reference) -> None:
    """Rows of the file that were handed back and are not among those that returned."""
    assert reference.store is not None
    asked = {
        "batches": sorted(set(live["batch_id"].tolist())),
        "lines": sorted(returned.lines),
        "first_added": returned.first_added,
        "n_added": returned.n_added,
    }
    waiting = reference.store.arrow(_WAITING, asked).to_pylist()
    captions = [column.caption for column in known.recognition.columns]
    for row in waiting:
        by_caption = dict(zip(row.pop("columns"), row["cells"], strict=False))
        if row["cells"]:
            row["cells"] = [by_caption.get(caption, "") for caption in captions]
    staging.put_waiting(known.file_no, waiting)
