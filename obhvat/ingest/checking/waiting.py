"""Steps that were handed back because their case was: when it comes, they come with it, as if their sender sent the
workbook with them again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pandas as pd

from obhvat.datasets import dataset
from obhvat.ingest.checking.rejected import rejected_table
from obhvat.ingest.checking.used_words import folded
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.senders import is_limited
from obhvat.ingest.reading.returned import title_line
from obhvat.ingest.reading.source import Source
from obhvat.language import B_, BULGARIAN, _, ngettext, speaking
from obhvat.store import Store
from obhvat.store.history import SlicePart
from obhvat.texts import counted, listed

_LISTED = 8
# One row is a line of a file of steps in force that nothing is wrong with but its case, which nobody knew.
_WITHOUT_CASE = """
with in_force as (
    select
        slices.batch_id,
        max(slices.period) as period,
        list(concat_ws(' ', slices.municipality, slices.period)) as parts
    from slices
    join live_slices('actions', $known_at) as live on live.slice_id = slices.slice_id
    group by slices.batch_id
)
select
    batches.batch_id,
    batches.file_name,
    batches.mark,
    batches.rows_read,
    batches.columns,
    in_force.period,
    in_force.parts,
    rejected_rows.line,
    rejected_rows.cells,
    rejected_rows.faults[1].value as case_number
from rejected_rows
join in_force on in_force.batch_id = rejected_rows.batch_id
join batches on batches.batch_id = rejected_rows.batch_id
where
    len(list_filter(rejected_rows.faults, lambda fault: fault.rule <> 'case')) = 0
    and (
        $sent_by is null
        or (
            batches.committed_by = $sent_by
            and batches.batch_id not in (select batch_id from slices where municipality <> $place)
        )
    )
order by batches.batch_id, rejected_rows.line
"""


def steps_by_case(store: Store, known_at: datetime) -> pd.DataFrame:
    """Columns case_number, n: the steps that wait, of each case that nobody knows."""
    rows = store.read(_WITHOUT_CASE, {"known_at": known_at, "sent_by": None, "place": None})
    return rows.groupby("case_number", as_index=False).agg(n=("line", "size"))


def waiting_words(by_case: pd.DataFrame) -> str:
    """How many steps wait and for which cases, of columns case_number, n; empty where none does."""
    if by_case.empty:
        return ""
    n = int(by_case["n"].sum())
    rows = by_case.itertuples(index=False, name=None)
    cases = listed((f"{case_number} ({n_steps})" for case_number, n_steps in rows), most=_LISTED)
    if len(by_case) == 1:
        cases = by_case["case_number"].iloc[0]
    wait = (
        ngettext(
            "{n} чака случай {cases}: влиза в данните само, когато той дойде с регистъра на случаите.",
            "{n} чакат случай {cases}: влизат в данните сами, когато той дойде с регистъра на случаите.",
            n,
        )
        if len(by_case) == 1
        else _("{n} чакат случаите {cases}: влизат в данните сами, когато дойдат с регистъра на случаите.")
    )
    return wait.format(n=counted(n, "действие"), cases=cases)


@speaking(BULGARIAN)
def waiting_steps(numbers: Collection[str], reference: Reference, brought: Collection[SlicePart]) -> list[Source]:
    """A file for each that has steps of one of the cases waiting, unless what was `brought` takes its place."""
    if reference.store is None:
        return []
    replaced = {f"{part.municipality} {part.period}".strip() for part in brought}
    known = set(map(folded, numbers))
    # Who sends for one place is told neither what others sent nor what they themself did in another role.
    sender = reference.sender if is_limited(reference.sender) else None
    told = {"sent_by": sender and sender.person, "place": sender and sender.given}
    rows = reference.store.read(_WITHOUT_CASE, {"known_at": reference.known_at, **told})
    rows = rows[rows["case_number"].map(lambda number: folded(number or "") in known).astype("bool")]
    as_of = dataset("actions")["as_of"].caption
    sources = []
    for _unused, of_file in rows.groupby("batch_id"):
        first = of_file.iloc[0]
        if replaced.intersection(part.strip() for part in first["parts"]):
            continue
        mark = first["mark"] if isinstance(first["mark"], str) else None
        given = {as_of: f"{first['period']:%d.%m.%Y}"}
        title = title_line(mark, first["file_name"], len(of_file), int(first["rows_read"]), given)
        table = rejected_table(list(first["columns"]), of_file, {}).to_csv(sep=";", index=False)
        sources.append(Source(B_("действия, които чакаха своя случай.csv"), f"{title}\n{table}".encode("utf-8-sig")))
    return sources
