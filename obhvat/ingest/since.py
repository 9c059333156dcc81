"""What others recorded between the reading of an upload and its commit.

It is asked inside the commit's transaction: what a file was compared with must still stand, and what is recorded
already is not recorded again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from obhvat.errors import StoreChanged
from obhvat.ingest.judging.doubts import forgotten_years
from obhvat.ingest.judging.erased import erased_again
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.report import FileReport
from obhvat.ingest.upload import Upload
from obhvat.language import N_, _
from obhvat.people.child_requests import erased_marks
from obhvat.people.keeping import forgotten_through
from obhvat.periods import Period
from obhvat.store import Store
from obhvat.texts import counted, listed, moment

# One row is a part of the store that somebody changed since.
_CHANGED = """
with newer as (
    select batch_id, committed_at as at, committed_by as who, 'recorded' as word
    from batches
    where batch_id > $batch_id
    union all
    select batch_id, marked_at, marked_by, mark
    from batch_marks
    where mark_id > $mark_id
)
select
    slices.dataset,
    slices.school,
    slices.municipality,
    slices.period,
    slices.label,
    batches.file_name,
    newer.at,
    newer.who,
    newer.word
from newer
join batches on batches.batch_id = newer.batch_id
join slices on slices.batch_id = newer.batch_id
order by newer.at
"""
# Whether the last that was seen is not there any more: a copy was put in the place of the store.
_REPLACED = """
select
    ($batch_id > 0 and not exists (select 1 from batches where batch_id = $batch_id and committed_at = $committed_at))
    or ($mark_id > 0 and not exists (select 1 from batch_marks where mark_id = $mark_id and marked_at = $marked_at))
"""
# One row is a part of a file with one of these hashes that stands as it was recorded, whole.
_SAME = """
with of_hash as (
    select batch_id, file_hash, dataset, layout, rows_good, rows_rejected, doubt_codes
    from batches
    where
        file_hash in (select unnest($hashes::varchar[]))
        and batch_id not in (select batch_id from undone_batches('infinity'::timestamp))
),
current as (
    select max(slices.slice_id) as slice_id
    from slices
    where
        slices.dataset in (select dataset from of_hash)
        and slices.batch_id not in (select batch_id from undone_batches('infinity'::timestamp))
    group by slices.dataset, slices.school, slices.municipality, slices.period, slices.label
)
select
    of_hash.*,
    list((school, municipality, period, label, n_rows)) as parts
from of_hash
join slices on slices.batch_id = of_hash.batch_id
group by all
having bool_and(slices.slice_id in (select slice_id from current))
"""
_WORDS = {
    "recorded": N_(
        "Докато „{title}“ чакаше, {who} записа „{name}“ ({at}) и това, с което файлът е сравнен, вече е друго."
    ),
    "undo": N_("Докато „{title}“ чакаше, {who} отмени „{name}“ ({at}) и това, с което файлът е сравнен, вече е друго."),
    "redo": N_(
        "Докато „{title}“ чакаше, {who} върна в сила „{name}“ ({at}) и това, с което файлът е сравнен, вече е друго."
    ),
}
_ERASED = N_("Докато „{title}“ чакаше, данните на {children} от него са изтрити по искане и записът би ги върнал.")
_FORGOTTEN = N_("Докато „{title}“ чакаше, данните за {years} са заличени с изтекъл срок и записът би ги върнал.")
_NOTHING_RECORDED = N_("Нищо не е записано. Прочетете файловете отново и вижте какво ще се промени.")


def recorded_already(
    cursor: duckdb.DuckDBPyConnection, reports: Sequence[FileReport], reference: Reference
) -> list[FileReport]:
    """The files whose same bytes stand in the store and say the same there."""
    asked = {"hashes": [report.file_hash for report in reports]}
    same = cursor.execute(_SAME, asked).fetchall()
    return [r for r in reports if any(_says_the_same(r, batch, reference) for batch in same)]


def _says_the_same(report: FileReport, batch: tuple, reference: Reference) -> bool:
    batch_id, file_hash, dataset, layout, rows_good, rows_rejected, codes, parts = batch
    assert report.dataset is not None
    of_report = (report.file_hash, report.dataset.name, report.layout, report.rows_good, report.rows_rejected)
    if of_report != (file_hash, dataset, layout, rows_good, rows_rejected):
        return False
    here = {(p.school, p.municipality, p.period, p.label, p.n_rows) for p in report.slices}
    if here != set(parts) or not {d.code for d in report.settled} <= set(codes):
        return False
    # Read after that was recorded, it was compared with it row by row.
    return batch_id > reference.seen.batch_id or not (report.changes and report.changes.differs)


def stop_if_changed(cursor: duckdb.DuckDBPyConnection, reports: Sequence[FileReport], reference: Reference) -> None:
    """Raises StoreChanged when what one of the files was compared with is not what stands in the store now."""
    seen = reference.seen
    if cursor.execute(_REPLACED, seen._asdict()).fetchone() == (True,):
        raise StoreChanged(
            _(
                "Докато „{title}“ чакаше, на мястото на базата е върнато копие или записано в нея е изтрито, и това, "
                "с което файлът е сравнен, вече е друго. Нищо не е записано. Прочетете файловете отново."
            ).format(title=reports[0].title)
        )
    changed = cursor.execute(_CHANGED, {"batch_id": seen.batch_id, "mark_id": seen.mark_id}).fetchall()
    for report in reports:
        for dataset, school, municipality, period, label, file_name, at, who, word in changed:
            if _concerns(report, dataset, (school, municipality, period, label)):
                raise StoreChanged(_words(report, file_name, who, at, word))


def stop_if_brings_back(reports: Sequence[FileReport], upload: Upload, store: Store) -> None:
    """Raises StoreChanged when one of the files tells of what was erased or forgotten since it was read: nobody was
    asked whether it comes back."""
    reference = upload.reference
    datasets = upload.datasets_of(report.file_no for report in reports)
    erased = erased_again(datasets, upload.staging, store.key, erased_marks(store) - reference.erased)
    forgotten = forgotten_through(store)
    for report in reports:
        assert report.dataset is not None
        if report.file_no in erased:
            said = _(_ERASED).format(title=report.title, children=counted(erased[report.file_no], "дете"))
            raise StoreChanged(f"{said} {_(_NOTHING_RECORDED)}")
        then, now = (
            forgotten_years(report.dataset.name, report.slices, through) for through in (reference.forgotten, forgotten)
        )
        if gone := [year for year in now if year not in then]:
            years = listed(Period(year, "year").label for year in gone)
            raise StoreChanged(f"{_(_FORGOTTEN).format(title=report.title, years=years)} {_(_NOTHING_RECORDED)}")


def _concerns(report: FileReport, dataset: str, changed: tuple) -> bool:
    """Whether a file was compared with a part of the store: the one it replaces, of registers and lists another day's
    of the same place, or what its rows name."""
    assert report.dataset is not None
    school, municipality, period, label = changed
    if dataset == "schools":
        return True
    if dataset == "cases" and report.dataset.name == "actions":
        return any(part.municipality == municipality for part in report.slices)
    by_date = report.dataset.slice.register or dataset == "pupils"
    return report.dataset.name == dataset and any(
        (part.school, part.municipality, part.label) == (school, municipality, label)
        and (part.period == period or by_date)
        for part in report.slices
    )


def _words(report: FileReport, file_name: str, who: str, at: datetime, word: str) -> str:
    changed = _(_WORDS[word]).format(title=report.title, who=who, name=file_name, at=moment(at))
    return f"{changed} {_(_NOTHING_RECORDED)}"
