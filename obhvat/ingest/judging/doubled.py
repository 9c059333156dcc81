"""Classes whose absences look entered twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import pandas as pd

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.knowing.reference import LiveSlice, Reference
from obhvat.language import _, ngettext
from obhvat.texts import listed

_FEW = 5
_DOUBLE = (1.7, 2.4)
_LISTED = 5
# Beside its own, by which what is usual for a class is known.
_MONTHS = 2
_REPEATED = """
select
    file_no,
    class_name,
    count(*) as pupils,
    count(*) filter (copies > 1) as repeated
from (
    select file_no, pupil, any_value(class_name) as class_name, count(*) as copies
    from staged_absences
    where
        excused + unexcused > 0
        and file_no in (select unnest($file_nos::integer[]))
    group by file_no, pupil, excused, unexcused
) as absent
group by file_no, class_name
"""

_CLASS_TOTALS = """
select
    file_no,
    any_value(school) as school,
    any_value(month) as month,
    class_name,
    sum(excused + unexcused) as total,
    count(*) as pupils,
    count(*) filter (excused <> floor(excused) or unexcused <> floor(unexcused)) as with_half,
    count(*) filter (excused % 2 = 0 and unexcused % 2 = 0) as even
from staged_absences
where excused + unexcused > 0
group by file_no, class_name
"""


def doubled_classes(
    tables: Sequence[Checked], staging: Staging, reference: Reference, live: Sequence[LiveSlice]
) -> dict[int, set[str | None]]:
    """By file of absences: classes whose absences look entered twice. `live` are the slices of the store.

    Either pupils stand in the file twice with the same hours (subgroups, НЕИСПУО guide absence.md), or every
    figure is even and the class has about twice its usual total.
    """
    doubled: dict[int, set[str | None]] = defaultdict(set)
    known = Counter(part.school for parts in (live, *(table.slices for table in tables)) for part in parts)
    # Of a school with fewer nothing is usual, and then nothing is added up.
    of_others = max(known.values(), default=0) > _MONTHS
    twice = _twice_the_usual(staging, reference) if of_others else []
    for file_no, class_name in (*_repeated(staging), *twice):
        doubled[file_no].add(class_name)
    return doubled


def _repeated(staging: Staging) -> list[tuple[int, str | None]]:
    """Files and classes at least half of whose pupils stand twice with the same hours."""
    file_nos = staging.with_repeated_pupils["absences"]
    if not file_nos:
        return []
    classes = staging.read(_REPEATED, {"file_nos": file_nos})
    return [
        (file_no, class_name)
        for file_no, class_name, pupils, twice in classes.itertuples(index=False, name=None)
        if twice >= _FEW and twice * 2 >= pupils
    ]


def _twice_the_usual(staging: Staging, reference: Reference) -> list[tuple[int, str | None]]:
    """Files and classes whose figures are all even and add up to about twice the usual total."""
    totals = staging.read(_CLASS_TOTALS)
    suspects = totals[
        (totals["pupils"] >= _FEW) & (totals["with_half"] == 0) & (totals["even"] >= 0.9 * totals["pupils"])
    ]
    if suspects.empty:
        return []
    usual = reference.class_totals(sorted(suspects["school"].unique()))
    together = pd.concat([usual, totals[["school", "month", "class_name", "total"]]], ignore_index=True).astype(
        {"total": "float"}
    )
    twice = []
    for row in suspects.itertuples(index=False):
        others = together[
            (together["school"] == row.school)
            & (together["class_name"] == row.class_name)
            & (together["month"] != row.month)
        ]["total"]
        if (
            len(others) >= _MONTHS
            and _DOUBLE[0] * others.median() <= float(row.total) <= 2 * _DOUBLE[1] * others.median()
        ):
            twice.append((row.file_no, row.class_name))
    return twice


def doubled_words(classes: Collection[str | None]) -> str:
    """What is said of them."""
    names = sorted(c if isinstance(c, str) else _("без наименование") for c in classes)
    return ngettext(
        "Отсъствията на паралелка {names} изглеждат удвоени (подгрупи). Поискайте нов файл от училището или "
        "потвърдете.",
        "Отсъствията на паралелките {names} изглеждат удвоени (подгрупи). Поискайте нов файл от училището или "
        "потвърдете.",
        len(names),
    ).format(names=listed(names[:_LISTED]))
