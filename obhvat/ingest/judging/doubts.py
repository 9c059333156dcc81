"""What stops for confirmation: a file that is probably not what its sender meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.before import Live, before, by_part
from obhvat.ingest.judging.same_child import cases_of_one_child
from obhvat.ingest.knowing.reference import Reference
from obhvat.layouts import layout, layout_title
from obhvat.periods import month_label, month_of, next_month
from obhvat.texts import counted, day, listed, moment, number

_SHRINK = 0.9
_FEW = 5
_DOUBLE = (1.7, 2.4)
_LISTED = 5


@dataclass(frozen=True)
class Doubt:
    """One reason to stop: its code, and the sentence to confirm."""

    code: str
    text: str


def doubts_of(
    tables: Sequence[Checked],
    staging: Staging,
    reference: Reference,
    live: Mapping[str, pd.DataFrame],
    today: date,
) -> dict[int, tuple[Doubt, ...]]:
    """By file: what must be confirmed before it is committed (DESIGN §2 «Batches»).

    `live` is what stands in the store, by dataset.
    """
    loaded = reference.loaded_at([_hash(t) for t in tables])
    rows_of = {name: by_part(slices, "n_rows") for name, slices in live.items()}
    absences = [t for t in tables if t.dataset.name == "absences"]
    expected = _expected_months(absences, live.get("absences"))
    same_slice = _same_slice(tables)
    # A class of fewer is never said to be doubled.
    is_long = any(t.rows_stored >= _FEW for t in absences)
    doubled = _doubled(absences, staging, reference) if is_long else {}
    registers = [t for t in tables if t.dataset.name == "cases"]
    same_child = cases_of_one_child(registers, staging, reference) if registers else {}
    dropped_months = Counter(t.months[0] for t in absences if len(t.months) == 1)
    doubts = {}
    for table in tables:
        of_table = [
            *_declared_empty(table),
            *_loaded_before(table, loaded),
            *_without_register(table, reference),
            *_against_name(table),
            *_known_by_name(table),
            *_of_returned(table, reference),
            *_against_live(table, rows_of[table.dataset.name]),
        ]
        if table.dataset.name == "absences":
            of_table += _against_expected(table, expected, today)
            if not any(d.code == "other_month" for d in of_table):
                of_table += _against_drop(table, dropped_months)
        if table.file_no in same_child:
            of_table.append(Doubt("same_child", same_child[table.file_no]))
        of_table += same_slice.get(table.file_no, ())
        doubts[table.file_no] = (*of_table, *doubled.get(table.file_no, ()))
    return doubts


def _hash(table: Checked) -> str:
    return table.known.recognised.opened.file.file_hash


def _declared_empty(table: Checked) -> list[Doubt]:
    if not table.known.recognised.declared:
        return []
    text = "Файлът е празен. Ако училището е подписало декларация „Липсват отсъствия“, потвърдете го."
    return [Doubt("empty", text)]


def _loaded_before(table: Checked, loaded: Mapping[str, datetime]) -> list[Doubt]:
    at = loaded.get(_hash(table))
    return [Doubt("same_file", f"Същият файл вече е качен на {moment(at)}.")] if at else []


def _without_register(table: Checked, reference: Reference) -> list[Doubt]:
    if table.dataset.name == "schools" or not reference.schools.empty:
        return []
    text = "Няма качен регистър на институциите и кодовете не са проверени. Качете първо регистъра."
    return [Doubt("no_register", text)]


def _known_by_name(table: Checked) -> list[Doubt]:
    if not table.matched_schools:
        return []
    more = len(table.matched_schools) - _LISTED
    return [
        Doubt(
            "schools_by_name",
            f"Институции без код са познати по име и място: {listed(table.matched_schools[:_LISTED])}"
            f"{f' и още {more}' if more > 0 else ''}. Потвърдете, че са същите.",
        )
    ]


def _of_returned(table: Checked, reference: Reference) -> list[Doubt]:
    returned, joined = table.known.recognised.opened.returned, table.joined
    if returned is None or reference.store is None:
        return []
    if joined is None and not returned.is_whole:
        text = (
            "Това са поправени редове, но първият ред със знака на файла липсва и не се познава към кой файл са. "
            "Потвърдете само ако тук са всички редове: другите за същото ще отпаднат."
        )
        return [Doubt("returned_alone", text)]
    if joined and joined.n_same_key:
        text = f"Поправените редове заменят и {counted(joined.n_same_key, 'ред')} от приетите, които са със същия ключ."
        return [Doubt("returned_same_key", text)]
    return []


def _against_name(table: Checked) -> list[Doubt]:
    """The national file's name says school and month; a content of another school is somebody's mistake."""
    form = table.known.recognition.layout
    if layout_title(form) is None:
        return []
    in_name = layout(form).from_file_name(table.known.recognised.opened.file.name)
    if not in_name or not table.school_codes:
        return []
    doubts = []
    if in_name["school"].lstrip("0") not in table.school_codes:
        doubts.append(
            Doubt(
                "other_school",
                f"Името на файла е за институция {in_name['school']}, а редовете са за {listed(table.school_codes)}.",
            )
        )
    month = date(int(in_name["school_year"]) + (int(in_name["month"]) < 9), int(in_name["month"]), 1)
    if month not in table.months:
        doubts.append(
            Doubt(
                "other_month",
                f"Името на файла е за {month_label(month)}, а редовете са за {listed(map(month_label, table.months))}",
            )
        )
    return doubts


def _against_live(table: Checked, live: Live) -> list[Doubt]:
    """A slice that shrinks by more than a tenth; for registers and lists, against the newest before it."""
    shrunk: list[str] = []
    for row in table.slices:
        was = before(table, row, live) or 0
        if was >= _FEW and row.n_rows < _SHRINK * was:
            where = row.municipality or (row.school and f"институция {row.school}") or _period_words(row.period)
            shrunk.append(f"{where}: {number(was)} → {number(row.n_rows)}")
    if not shrunk:
        return []
    more = f" и още {len(shrunk) - _LISTED}" if len(shrunk) > _LISTED else ""
    return [
        Doubt(
            "shrinks",
            f"Редовете намаляват с повече от една десета спрямо качените ({listed(shrunk[:_LISTED])}{more}). "
            "Проверете дали файлът е пълен.",
        )
    ]


def _period_words(period: date) -> str:
    if period.year == 1900:
        return "целият регистър"
    return month_label(period) if period.day == 1 else day(period)


def _expected_months(tables: Sequence[Checked], live: pd.DataFrame | None) -> dict[str, date]:
    """Of each school the first month after its newest one that the drop does not bring, too; of new schools the month
    most files of the drop are for."""
    expected: dict[str, date] = {}
    if live is not None and len(live):
        expected = {s: _after(p.date()) for s, p in live.groupby("school")["period"].max().items()}
    brought = {(part.school, part.period) for t in tables for part in t.slices}
    for school, month in expected.items():
        while (school, month) in brought:
            month = _after(month)
        expected[school] = month
    singles = [t for t in tables if len(t.months) == 1]
    months = Counter(t.months[0] for t in singles)
    if len(singles) >= 3:
        most, count = months.most_common(1)[0]
        if count >= 2 / 3 * len(singles):
            for table in singles:
                for code in table.school_codes:
                    expected.setdefault(code, most)
    return expected


def _after(month: date) -> date:
    """The next month with lessons."""
    following = next_month(month)
    return following.replace(month=9) if following.month in (7, 8) else following


def _against_expected(table: Checked, expected: Mapping[str, date], today: date) -> list[Doubt]:
    doubts = []
    for row in table.slices:
        month = row.period
        if month == month_of(today):
            doubts.append(Doubt("unfinished_month", f"{month_label(month).capitalize()} още не е приключил."))
        wanted = expected.get(row.school)
        if wanted and month > wanted:
            doubts.append(
                Doubt(
                    "unexpected_month",
                    f"Файлът е за {month_label(month)}, а от институция {row.school} се очаква {month_label(wanted)}",
                )
            )
    return doubts


def _against_drop(table: Checked, months: Counter[date]) -> list[Doubt]:
    """A month of another year among files of one month: somebody sent an old file. `months` of the whole drop."""
    most, count = months.most_common(1)[0] if months else (None, 0)
    if most is None or count < _FEW or count < 2 / 3 * months.total() or len(table.months) != 1:
        return []
    month = table.months[0]
    if month.month != most.month or month.year == most.year:
        return []
    return [Doubt("other_year", f"Останалите файлове са за {month_label(most)}, а този е за {month_label(month)}")]


def _same_slice(tables: Sequence[Checked]) -> dict[int, list[Doubt]]:
    """Two files of one drop for the same part of the store: the later would silently win."""
    first: dict[tuple[object, ...], Checked] = {}
    doubts: dict[int, list[Doubt]] = {}
    for table in tables:
        for row in table.slices:
            key = (table.dataset.name, row.school, row.municipality, row.period, row.label)
            other = first.setdefault(key, table)
            if other is not table and table.file_no not in doubts:
                title = other.known.recognised.opened.title
                text = f"За същото има и друг файл: „{title}“. Ще остане последният."
                doubts[table.file_no] = [Doubt("same_slice", text)]
    return doubts


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


def _doubled(absences: Sequence[Checked], staging: Staging, reference: Reference) -> dict[int, list[Doubt]]:
    """Classes whose absences look entered twice.

    Either pupils stand in the file twice with the same hours (subgroups, НЕИСПУО guide absence.md), or every
    figure is even and the class has about twice its usual total.
    """
    doubled: dict[int, set[str | None]] = defaultdict(set)
    for file_no, class_name in (*_repeated(staging), *_twice_the_usual(staging, reference)):
        doubled[file_no].add(class_name)
    return {t.file_no: [_doubled_classes(doubled[t.file_no])] for t in absences if t.file_no in doubled}


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
        if len(others) >= 2 and _DOUBLE[0] * others.median() <= float(row.total) <= 2 * _DOUBLE[1] * others.median():
            twice.append((row.file_no, row.class_name))
    return twice


def _doubled_classes(classes: set[str | None]) -> Doubt:
    names = sorted(c if isinstance(c, str) else "без наименование" for c in classes)
    return Doubt(
        "doubled",
        f"Отсъствията на {'паралелка' if len(names) == 1 else 'паралелките'} {listed(names[:_LISTED])} "
        "изглеждат удвоени (подгрупи). Поискайте нов файл от училището или потвърдете.",
    )
