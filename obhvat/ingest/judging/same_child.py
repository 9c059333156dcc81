"""Cases of one child at the same time, in the registers of a drop and beside those of other municipalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.knowing.reference import Reference
from obhvat.language import _
from obhvat.texts import listed

_LISTED = 5

# What people said of cases of one child.
_WORDS = """
-- Of one that was said twice „dropped“ goes before „apart“.
select case_number as number, municipality, pupil, max(word) as word
from child_words($known_at)
group by all
"""
_CASE = [("number", pa.string()), ("municipality", pa.string()), ("pupil", pa.uint64())]
_DATES = [("opened_on", pa.date32()), ("status_on", pa.date32()), ("status_group", pa.string())]
_NO_CASES, _NO_WORDS = pa.schema([*_CASE, *_DATES]), pa.schema([*_CASE, ("word", pa.string())])

# One row is a case of a child with several at once and a file that has it: of several registers in a drop the newest.
# Pseudonyms are compared here and stay here.
_AT_ONCE = """
with dropped as (
    select file_no, number, municipality, opened_on, status_on, status_group, pupil
    from staged_cases
    where pupil is not null
    qualify row_number() over (partition by number, municipality order by as_of desc, file_no desc) = 1
),
beside as (
    select null::integer as file_no, number, municipality, opened_on, status_on, status_group, pupil
    from live_cases
),
of_children as materialized (
    select
        cases.*,
        if(status_group = 'in_work', date '9999-12-31', coalesce(status_on, date '9999-12-31')) as ended_on,
        words.word is not null as is_apart
    from (from dropped union all from beside) as cases
    left join child_words as words
        on words.number = cases.number
        and words.municipality = cases.municipality
        and words.pupil = cases.pupil
    where words.word is distinct from 'dropped'
),
at_once as (
    select cases.pupil, cases.file_no, cases.number, cases.municipality, cases.is_apart
    from of_children as cases
    where exists (
        select 1
        from of_children as other
        where
            other.pupil = cases.pupil
            and (other.number, other.municipality) <> (cases.number, cases.municipality)
            and other.ended_on > cases.opened_on
            and cases.ended_on > other.opened_on
    )
)
select
    min(number) over (partition by pupil) as first_number,
    dense_rank() over (order by pupil) as child,
    file_no,
    number,
    municipality
from at_once
qualify not bool_and(is_apart) over (partition by pupil)
order by first_number, child, number, municipality
"""


def cases_of_one_child(tables: Sequence[Checked], staging: Staging, reference: Reference) -> dict[int, list[list[str]]]:
    """By file: the cases, as they are named together, of each child who has several at the same time, one of them in
    the file. The child is never named."""
    if not staging.says("cases", "pupil"):
        return {}
    live, words = _NO_CASES.empty_table(), _NO_WORDS.empty_table()
    if reference.store:
        replaced = sorted({part.municipality for table in tables for part in table.slices})
        live = _beside(reference.stored_cases(), replaced)
        words = reference.store.arrow(_WORDS, {"known_at": reference.known_at})
    staging.register("live_cases", live)
    staging.register("child_words", words)
    of_file: dict[int, list[list[str]]] = defaultdict(list)
    for _unused, cases in staging.read(_AT_ONCE).groupby(["first_number", "child"]):
        is_several = cases["municipality"].nunique() > 1
        names = [
            f"{number} ({municipality})" if is_several else number
            for number, municipality in zip(cases["number"], cases["municipality"], strict=True)
        ]
        for file_no in sorted(set(cases["file_no"].dropna())):
            of_file[int(file_no)].append(names)
    return dict(of_file)


def _beside(cases: pa.Table, replaced: Sequence[str]) -> pa.Table:
    """Of the cases of the store those of known children that stay beside the files of the drop."""
    stays = (
        pc.field("pupil").is_valid()
        & ~pc.field("is_dropped")
        & ~pc.field("municipality").isin(pa.array(replaced, pa.string()))
    )
    return cases.filter(stays).select(_NO_CASES.names)


def several_cases_words(children: Sequence[Sequence[str]]) -> str:
    """What asks about children each of whom has several cases at the same time."""
    cases = "; ".join(map(listed, children[:_LISTED]))
    more = _("; и още {n}").format(n=len(children) - _LISTED) if len(children) > _LISTED else ""
    return _(
        "Едно и също дете е в няколко случая едновременно: {cases}{more}. Проверете дали са отделни "
        "случаи; след записа се решава в „Случаи“, „Разминавания“."
    ).format(cases=cases, more=more)
