"""What stops for confirmation: a file that is probably not what its sender meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from obhvat.ingest.reference import Reference
from obhvat.ingest.staging import Staging
from obhvat.layouts import layout, layout_title
from obhvat.periods import month_label, month_of, next_month
from obhvat.texts import day, listed, moment, number

if TYPE_CHECKING:
    from obhvat.ingest.report import FileReport

_SHRINK = 0.9
_FEW = 5
_DOUBLE = (1.7, 2.4)
_LISTED = 5
# (school, municipality, label) → period → rows
_Live = dict[tuple[str, str, str], dict[date, int]]


@dataclass(frozen=True)
class Doubt:
    """One reason to stop: its code, and the sentence to confirm."""

    code: str
    text: str


def add_doubts(files: Sequence[FileReport], staging: Staging, reference: Reference, today: date) -> None:
    """Add to each report what must be confirmed before it is committed (DESIGN §2 «Batches»)."""
    usable = [f for f in files if f.refused is None and f.dataset]
    loaded = reference.loaded_at([f.sha256 for f in usable])
    live = {name: reference.live_slices(name) for name in {f.dataset.name for f in usable if f.dataset}}
    by_part = {name: _by_part(slices) for name, slices in live.items()}
    expected = _expected_months(usable, live.get("absences"))
    for report in usable:
        assert report.dataset is not None
        if report.sha256 in loaded:
            report.doubts.append(Doubt("same_file", f"Същият файл вече е зареден на {moment(loaded[report.sha256])}."))
        if report.dataset.name != "schools" and reference.schools.empty:
            report.doubts.append(
                Doubt(
                    "no_register",
                    "Няма зареден регистър на институциите и кодовете не са проверени. Качете първо регистъра.",
                )
            )
        _compare_with_name(report)
        if report.matched_schools:
            more = len(report.matched_schools) - _LISTED
            report.doubts.append(
                Doubt(
                    "schools_by_name",
                    f"Институции без код са познати по име и място: {listed(report.matched_schools[:_LISTED])}"
                    f"{f' и още {more}' if more > 0 else ''}. Потвърдете, че са същите.",
                )
            )
        _compare_with_live(report, by_part[report.dataset.name])
        if report.dataset.name == "absences":
            _compare_with_expected(report, expected, today)
            _compare_with_drop(report, usable)
    _add_same_slice(usable)
    if any(f.dataset and f.dataset.name == "absences" for f in usable):
        _add_doubled([f for f in usable if f.dataset and f.dataset.name == "absences"], staging, reference)


def _compare_with_name(report: FileReport) -> None:
    """The national file's name says school and month; a content of another school is somebody's mistake."""
    if layout_title(report.layout) is None:
        return
    said = layout(report.layout).from_file_name(report.name)
    if not said or not report.school_codes:
        return
    if said["school"].lstrip("0") not in report.school_codes:
        report.doubts.append(
            Doubt(
                "other_school",
                f"Името на файла е за институция {said['school']}, а редовете са за {listed(report.school_codes)}.",
            )
        )
    month = date(int(said["school_year"]) + (int(said["month"]) < 9), int(said["month"]), 1)
    if month not in report.months:
        report.doubts.append(
            Doubt(
                "other_month",
                f"Името на файла е за {month_label(month)}, а редовете са за {listed(map(month_label, report.months))}",
            )
        )


def _by_part(live: pd.DataFrame) -> _Live:
    parts: _Live = defaultdict(dict)
    columns = live[["school", "municipality", "label", "period", "n_rows"]]
    for school, municipality, label, period, n_rows in columns.itertuples(index=False, name=None):
        parts[(school, municipality, label)][period.date()] = int(n_rows)
    return parts


def _compare_with_live(report: FileReport, live: _Live) -> None:
    """A slice that shrinks by more than a tenth; for registers and lists, against the newest before it."""
    assert report.dataset is not None
    as_register = report.dataset.slice.register or report.dataset.name == "pupils"
    shrunk: list[str] = []
    for row in report.slices:
        before = live.get((row.school, row.municipality, row.label), {})
        period = row.period
        compared = period if period in before else None
        if as_register and compared is None:
            compared = max((p for p in before if p < period), default=None)
        was = before[compared] if compared is not None else 0
        if was >= _FEW and row.n_rows < _SHRINK * was:
            where = row.municipality or (row.school and f"институция {row.school}") or _period_words(period)
            shrunk.append(f"{where}: {number(was)} → {number(row.n_rows)}")
    if shrunk:
        more = f" и още {len(shrunk) - _LISTED}" if len(shrunk) > _LISTED else ""
        report.doubts.append(
            Doubt(
                "shrinks",
                f"Редовете намаляват с повече от една десета спрямо заредените ({listed(shrunk[:_LISTED])}{more}). "
                "Проверете дали файлът е пълен.",
            )
        )


def _period_words(period: date) -> str:
    if period.year == 1900:
        return "целият регистър"
    return month_label(period) if period.day == 1 else day(period)


def _expected_months(files: Sequence[FileReport], live: pd.DataFrame | None) -> dict[str, date]:
    """Of each school the month after its newest one; of new schools the month most files of the drop are for."""
    expected: dict[str, date] = {}
    if live is not None and len(live):
        expected = {s: _after(p.date()) for s, p in live.groupby("school")["period"].max().items()}
    singles = [f for f in files if f.dataset and f.dataset.name == "absences" and len(f.months) == 1]
    months = Counter(f.months[0] for f in singles)
    if len(singles) >= 3:
        most, count = months.most_common(1)[0]
        if count >= 2 / 3 * len(singles):
            for f in singles:
                for code in f.school_codes:
                    expected.setdefault(code, most)
    return expected


def _after(month: date) -> date:
    """The next month with lessons."""
    following = next_month(month)
    return following.replace(month=9) if following.month in (7, 8) else following


def _compare_with_expected(report: FileReport, expected: dict[str, date], today: date) -> None:
    for row in report.slices:
        month = row.period
        if month == month_of(today):
            report.doubts.append(Doubt("unfinished_month", f"{month_label(month).capitalize()} още не е приключил."))
        wanted = expected.get(row.school)
        if wanted and month > wanted:
            report.doubts.append(
                Doubt(
                    "unexpected_month",
                    f"Файлът е за {month_label(month)}, а от институция {row.school} се очаква {month_label(wanted)}",
                )
            )


def _compare_with_drop(report: FileReport, files: Sequence[FileReport]) -> None:
    """A month of another year among files of one month: somebody sent an old file."""
    months = Counter(f.months[0] for f in files if f.dataset and f.dataset.name == "absences" and len(f.months) == 1)
    most, count = months.most_common(1)[0] if months else (None, 0)
    if most is None or count < _FEW or count < 2 / 3 * months.total() or len(report.months) != 1:
        return
    month = report.months[0]
    if (
        month.month == most.month
        and month.year != most.year
        and not any(d.code == "other_month" for d in report.doubts)
    ):
        report.doubts.append(
            Doubt("other_year", f"Останалите файлове са за {month_label(most)}, а този е за {month_label(month)}")
        )


def _add_same_slice(files: Sequence[FileReport]) -> None:
    """Two files of one drop for the same part of the store: the later would silently win."""
    seen: dict[tuple[object, ...], FileReport] = {}
    for report in files:
        assert report.dataset is not None
        for row in report.slices:
            key = (report.dataset.name, row.school, row.municipality, row.period, row.label)
            other = seen.setdefault(key, report)
            if other is not report and not any(d.code == "same_slice" for d in report.doubts):
                report.doubts.append(
                    Doubt("same_slice", f"За същото има и друг файл: „{other.title}“. Ще остане последният.")
                )


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
        faults is null
        and excused + unexcused > 0
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
where faults is null and excused + unexcused > 0
group by file_no, class_name
"""


def _add_doubled(files: Sequence[FileReport], staging: Staging, reference: Reference) -> None:
    """Classes whose absences look entered twice.

    Either pupils stand in the file twice with the same hours (subgroups, НЕИСПУО guide absence.md), or every
    figure is even and the class has about twice its usual total.
    """
    doubled: dict[int, set[str]] = {}
    repeated_in = {"file_nos": staging.with_repeated_pupils["absences"]}
    repeated = staging.read(_REPEATED, repeated_in)
    for file_no, class_name, pupils, twice in repeated.itertuples(index=False, name=None):
        if twice >= _FEW and twice * 2 >= pupils:
            doubled.setdefault(file_no, set()).add(class_name)
    totals = staging.read(_CLASS_TOTALS)
    usual = reference.class_totals(sorted(totals["school"].unique()))
    together = pd.concat([usual, totals[["school", "month", "class_name", "total"]]], ignore_index=True).astype(
        {"total": "float"}
    )
    suspects = totals[
        (totals["pupils"] >= _FEW) & (totals["with_half"] == 0) & (totals["even"] >= 0.9 * totals["pupils"])
    ]
    for row in suspects.itertuples(index=False):
        others = together[
            (together["school"] == row.school)
            & (together["class_name"] == row.class_name)
            & (together["month"] != row.month)
        ]["total"]
        if len(others) >= 2 and _DOUBLE[0] * others.median() <= float(row.total) <= 2 * _DOUBLE[1] * others.median():
            doubled.setdefault(row.file_no, set()).add(row.class_name)
    by_no = {f.file_no: f for f in files}
    for file_no, classes in doubled.items():
        if file_no in by_no:
            names = sorted(c if isinstance(c, str) else "без наименование" for c in classes)
            by_no[file_no].doubts.append(
                Doubt(
                    "doubled",
                    f"Отсъствията на {'паралелка' if len(names) == 1 else 'паралелките'} {listed(names[:_LISTED])} "
                    "изглеждат удвоени (подгрупи). Поискайте нов файл от училището или потвърдете.",
                )
            )
