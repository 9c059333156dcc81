"""An upload: the files of one drop, read and checked together, and what a person needs to decide about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from obhvat.datasets import NAMES, Dataset, Field, dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest.archive import unpacked
from obhvat.ingest.changes import add_changes
from obhvat.ingest.doubts import add_doubts
from obhvat.ingest.messages import sentence
from obhvat.ingest.opening import Found, open_file, without_sums
from obhvat.ingest.part_reader import FoundSchool
from obhvat.ingest.parts import Reading
from obhvat.ingest.reference import Reference
from obhvat.ingest.report import NOTHING_TOLD, FileReport, Question, Told, note_columns
from obhvat.ingest.said import said_of_all
from obhvat.ingest.schools import place_form
from obhvat.ingest.source import Source
from obhvat.ingest.staging import Staging
from obhvat.ingest.statements import StagedTable
from obhvat.ingest.table import Table
from obhvat.periods import next_month
from obhvat.store import Store
from obhvat.store.history import SlicePart
from obhvat.store.pseudonyms import throwaway_key
from obhvat.texts import counted, day, listed


class Upload:
    """The files of one drop, staged. Close it when done: what it holds is in memory only."""

    def __init__(
        self, sources: Sequence[Source], reference: Reference, staging: Staging, files: list[FileReport]
    ) -> None:
        self.sources = sources
        self.said_schools: Mapping[str, str] = {}
        """What a person said of unclear institutions, in this upload."""
        self.reference = reference
        self.staging = staging
        self.files = files

    def close(self) -> None:
        self.staging.close()

    def datasets_of(self, file_nos: Iterable[int]) -> list[Dataset]:
        """Datasets of the chosen files, in the order they are committed."""
        wanted = set(file_nos)
        chosen = {f.dataset.name for f in self.files if f.dataset and f.file_no in wanted}
        return [dataset(name) for name in NAMES if name in chosen]

    def rejected(self, file_no: int, limit: int | None = None) -> pd.DataFrame:
        """Rows that were not accepted: columns line, column, value, rule, reason; one row a fault."""
        report = self.files[file_no]
        if report.dataset is None or not report.rows_rejected:
            return pd.DataFrame(columns=["line", "column", "value", "rule", "reason"])
        faults = self.staging.read(
            f"""
            select line, fault.field, fault.rule, fault.value, fault."limit"
            from (select line, unnest(faults) as fault from bad_rows where file_no = $file_no)
            order by line
            {"" if limit is None else f"limit {int(limit)}"}
            """,
            {"file_no": file_no},
        )
        return fault_reasons(report.dataset, faults)

    def rejected_rows(self, file_no: int) -> pd.DataFrame:
        """The same rows for the school: line, the cells under their captions, and the reasons in the last column."""
        report = self.files[file_no]
        reasons = self.rejected(file_no).groupby("line", sort=True)["reason"].agg(" ".join).to_dict()
        rows = self.staging.read(
            "select line, cells from bad_rows where file_no = $file_no order by line", {"file_no": file_no}
        )
        return rejected_table([c.caption for c in report.columns], rows, reasons)

    def preview(self, file_no: int, limit: int = 20) -> pd.DataFrame:
        """The first accepted rows as they will be stored, under Bulgarian captions; pseudonyms are left out."""
        report = self.files[file_no]
        if report.dataset is None:
            return pd.DataFrame()
        shown = [f for f in report.dataset.fields if f.stored and f.type != "pupil"]
        rows = self.staging.read(
            f"""
            select line, {", ".join(f.name for f in shown)}
            from staged_{report.dataset.name}
            where file_no = $file_no and faults is null
            order by line
            limit {int(limit)}
            """,
            {"file_no": file_no},
        )
        for f in shown:
            if f.type == "enum":
                rows[f.name] = [f.caption_of(v) if isinstance(v, str) else v for v in rows[f.name]]
            elif f.type == "set":
                rows[f.name] = [
                    ", ".join(map(f.caption_of, v)) if isinstance(v, Iterable) else None for v in rows[f.name]
                ]
        return rows.rename(columns={"line": "Ред", **{f.name: f.caption for f in shown}})


def fault_reasons(dataset_: Dataset, faults: pd.DataFrame) -> pd.DataFrame:
    """Faults (line, field, rule, value, limit) as captions and sentences: line, column, value, rule, reason."""
    key = ", ".join(dataset_[name].caption for name in dataset_.key if name in dataset_)
    rows = []
    for line, field_, rule, value, limit in faults.itertuples(index=False):
        name, _, part = field_.partition("|")
        caption = key if rule == "key" else dataset_[name].caption if name in dataset_ else ""
        rows.append(
            (
                line,
                f"{caption} · {part}" if part else caption,
                f"ред {_text(value)}" if rule == "key" else _text(value),
                rule,
                sentence(dataset_, rule, name, _text(value), _text(limit)),
            )
        )
    return pd.DataFrame(rows, columns=["line", "column", "value", "rule", "reason"])


def rejected_table(captions: Sequence[str], rows: pd.DataFrame, reasons: Mapping[int, str]) -> pd.DataFrame:
    """Masked cells under unique captions, the file line first and the reasons last."""
    # A returned file that comes back has our own two columns already.
    line_caption, reason_caption = "Ред във файла", "Какво да се поправи"
    taken, unique = {line_caption, reason_caption}, []
    for n, caption in enumerate(captions, start=1):
        name = caption or f"колона {n}"
        while name in taken:
            name = f"{name} ({n})"
        taken.add(name)
        unique.append(name)
    table = pd.DataFrame([list(cells) for cells in rows["cells"]], columns=unique, dtype="str")
    table.insert(0, line_caption, rows["line"])
    table[reason_caption] = [reasons.get(line, "") for line in rows["line"]]
    return table


def _text(value: Any) -> str | None:
    return None if value is None or value is pd.NA or value != value else str(value)


def read_files(
    sources: Sequence[Source],
    store: Store | None,
    *,
    today: date | None = None,
    oblast: str | None = None,
    told: Mapping[str, Told] | None = None,
    schools: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Upload:
    """Read, recognise and check files; nothing is committed.

    `oblast` chooses from a register of several; `told` is what a person said of files, by title, or by "" of all;
    `schools` which institutions are meant where it is unclear (FoundSchool.said → code); `progress` is told (files
    read, of how many). A file that cannot be read is refused in its report, the others go on.
    """
    today = today or date.today()
    told = told or {}
    reference = Reference.of(store)
    staging = Staging(store.key if store else throwaway_key(), today)
    reports: list[FileReport] = []
    found: list[Found] = []
    sources = unpacked(sources)
    upload = Upload(sources, reference, staging, reports)
    upload.said_schools = schools or {}
    for n, source in enumerate(sources, start=1):
        for one in open_file(source, len(reports), reference.profiles, told):
            reports.append(one if isinstance(one, FileReport) else one.report)
            if isinstance(one, Found):
                found.append(one)
        if progress:
            progress(n, len(sources))
    for report in reports:
        if report.dataset:
            staging.prepare(report.dataset)
    by_dataset: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_dataset[one.recognition.dataset.name].append(one)
    staging.set_reference(reference)
    for name in (n for n in NAMES if n in by_dataset):
        _stage(upload, by_dataset[name], told, today)
        if name == "schools":
            _keep_oblast(upload, [one.report for one in by_dataset[name]], oblast)
        if name in ("schools", "cases"):
            upload.reference = _with_staged(upload.reference, staging, name)
            staging.set_reference(upload.reference)
        _count(upload, dataset(name), [one.report for one in by_dataset[name]], upload.reference)
    add_changes(upload.files, staging, upload.reference)
    add_doubts(upload.files, staging, upload.reference, today)
    return upload


def _stage(upload: Upload, found: Sequence[Found], told: Mapping[str, Told], today: date) -> None:
    """Read and check the tables of one dataset, those of one form together."""
    groups: dict[object, list[StagedTable]] = defaultdict(list)
    for one in found:
        given = _given(one, told, upload.reference, today)
        ours = _ours(one, upload.reference)
        if given is None or not _of_our_oblast(one, ours):
            one.report.rows_read = len(one.table.rows)
            continue
        known = one.recognition
        readings = (Reading(one.report.file_no, one.table, keep, ours) for keep in _later(one, ours))
        staged = StagedTable(*readings, known, given)
        # A long file can turn out unreadable halfway, so it is read apart from the others.
        alone = one.report.file_no if one.table.further else None
        groups[(known.columns, known.layout, tuple(sorted(given)), alone)].append(staged)
    by_no = {one.report.file_no: one.report for one in found}
    for tables in groups.values():
        try:
            schools = upload.staging.add(tables, upload.said_schools)
        except UnreadableFile as error:
            for t in tables:
                by_no[t.file_no].refused = str(error)
                upload.staging.forget(t.recognition.dataset, t.file_no)
            continue
        for school in schools:
            _add_school(by_no[school.file_no], school, upload.reference)
        for t in tables:
            report, silent = by_no[t.file_no], upload.staging.lines_without_rows.get(t.file_no, [])
            report.left_out = tuple(sorted((*report.left_out, *((line, "no_results") for line in silent))))


# The column of the oblast, and whether a text in it is of another one.
_Others = tuple[int, Callable[[str], bool]] | None


def _later(one: Found, ours: _Others) -> tuple[Callable[[Table], Table], Callable[[Table], Table]]:
    """What of later pieces of the file is kept: told to the report the first time through, and silently."""

    def silently(piece: Table) -> Table:
        return _without_others(without_sums(piece, one.recognition), ours)

    def told(piece: Table) -> Table:
        kept = silently(piece)
        one.report.left_out = tuple(sorted((*one.report.left_out, *kept.left_out)))
        return kept

    return told, silently


def _add_school(report: FileReport, school: FoundSchool, reference: Reference) -> None:
    if school.match.code is None:
        report.unclear_schools.append(school)
    elif school.match.by_name:
        name = reference.schools.loc[reference.schools["code"] == school.match.code, "name"].iloc[0]
        report.matched_schools.append(f"„{school.words}“ е {name} ({school.match.code})")


def _ours(one: Found, reference: Reference) -> _Others:
    """How to know the rows of other oblasts: published tables are of the whole country."""
    column, town = one.recognition.index_of("school_oblast"), one.recognition.index_of("school_municipality")
    if column is None or reference.schools.empty:
        return None
    rows = [one.table.grid.row(n) for n in one.table.rows]
    ours = reference.oblasts() or _oblasts_with(
        reference, ((r[column], r[town]) for r in rows if town is not None and max(column, town) < len(r))
    )
    return column, lambda text: bool(text.strip()) and place_form(text) not in ours


def _without_others(table: Table, ours: _Others) -> Table:
    if ours is None:
        return table
    column, is_other = ours
    rows = ((n, table.grid.row(n)) for n in table.rows)
    others = {n for n, row in rows if column < len(row) and is_other(row[column])}
    return table.without(others, "other_oblast") if others else table


def _of_our_oblast(one: Found, ours: _Others) -> bool:
    """Leave out the rows of other oblasts. False when none is ours."""
    kept = _without_others(one.table, ours)
    if not kept.rows and not one.table.further:
        one.report.refused = "Файлът е за други области: в него няма нито един ред за областта на регистъра."
        return False
    one.table, one.report.left_out = kept, kept.left_out
    return True


def _oblasts_with(reference: Reference, places: Iterable[tuple[str, str]]) -> set[str]:
    """The oblast in which most of the register's municipalities are, when the register itself does not name it."""
    ours = {place_form(name) for name in reference.municipalities().values()}
    matched: dict[str, set[str]] = defaultdict(set)
    for oblast, municipality in set(places):
        if place_form(municipality) in ours:
            matched[place_form(oblast)].add(place_form(municipality))
    most = max(map(len, matched.values()), default=0)
    return {oblast for oblast, found in matched.items() if len(found) == most}


def _given(one: Found, told: Mapping[str, Told], reference: Reference, today: date) -> dict[str, str] | None:
    """Values from outside the cells, for fields that have no column; None when a person must say one first."""
    known, report = one.recognition, one.report
    given = dict(known.given)
    answers = {**told.get("", NOTHING_TOLD).given, **told.get(report.title, NOTHING_TOLD).given}
    said, concluded = said_of_all(known.dataset, one.table.titles, report.name, report.sheet, reference)
    missing: list[str] = []
    for f in known.dataset.fields:
        if not f.file_wide or f.name in given or known.index_of(f.name) is not None:
            continue
        if f.type == "school" and known.index_of("school_name") is not None:
            continue
        answer = answers.get(f.name) or said.get(f.name)
        by_person = f.name in answers
        if answer is None and f.type == "date":
            answer = today.isoformat()
            report.notes.append(f"Файлът не казва към коя дата е; приета е днешната ({day(today)}). Може да я смените.")
        elif f.name in concluded and not by_person:
            report.notes.append(f"{f.caption} е приета по датата на справката: {_answer_words(f, answer)}.")
        report.questions.append(Question(f, answer, by_person or f.name in said))
        if answer is None and f.required:
            missing.append(f"„{f.caption}“")
        elif answer is not None:
            given[f.name] = answer
    if missing:
        them = "го" if len(missing) == 1 else "ги"
        report.refused = f"Файлът не казва {listed(missing)}. Изберете {them} и файлът ще бъде проверен."
        return None
    return given


def _answer_words(f: Field, answer: str | None) -> str:
    if f.type == "school_year" and answer:
        return f"{answer}/{int(answer) + 1}"
    return f.caption_of(answer)


def _keep_oblast(upload: Upload, reports: list[FileReport], oblast: str | None) -> None:
    """Of a register of several oblasts keep one; without a choice the register is refused until it is made."""
    for report in reports:
        found = upload.staging.read(
            "select distinct oblast from staged_schools where file_no = $n and oblast is not null order by 1",
            {"n": report.file_no},
        )["oblast"].tolist()
        if len(found) < 2:
            continue
        chosen = next((o for o in found if oblast and o.casefold() == oblast.casefold()), None)
        if chosen is None:
            report.choices = tuple(found)
            report.refused = f"Регистърът е за {counted(len(found), 'област')}. Изберете коя да се зареди."
            upload.staging.execute("delete from rows_schools where file_no = $n", {"n": report.file_no})
        else:
            report.choices = tuple(found)
            report.notes.append(f"От {len(found)} области се зарежда {chosen}.")
            upload.staging.execute(
                "delete from rows_schools where file_no = $n and oblast is distinct from $oblast",
                {"n": report.file_no, "oblast": chosen},
            )
        upload.staging.execute(
            "delete from bad_rows where file_no = $n "
            "and line not in (select line from staged_schools where file_no = $n)",
            {"n": report.file_no},
        )


def _with_staged(reference: Reference, staging: Staging, name: str) -> Reference:
    if name == "schools":
        # Of two registers in one drop the later file is the one that will be current.
        schools = staging.read(
            """
            select code, name, kind, oblast, municipality, settlement
            from staged_schools
            where faults is null
            qualify row_number() over (partition by code order by file_no desc) = 1
            """
        )
        return reference.with_schools(schools) if len(schools) else reference
    if name == "cases":
        cases = staging.read(
            "select number, any_value(municipality) as municipality from staged_cases where faults is null group by 1"
        )
        return reference.with_cases(cases)
    return reference


def _count(upload: Upload, wanted: Dataset, reports: list[FileReport], reference: Reference) -> None:
    """Rows and slices of each file of a dataset."""
    # A line of results becomes several rows; of other files a line is a row, and counting is quicker.
    lines = "count(distinct line)" if wanted.name in upload.staging.in_parts else "count(*)"
    read = upload.staging.read(
        f"""
        select
            file_no,
            {lines} as n_read,
            {lines} filter (faults is null) as n_good,
            count(*) filter (faults is null) as n_stored
        from staged_{wanted.name}
        group by file_no
        """
    )
    counts = {no: tuple(map(int, n)) for no, *n in read.itertuples(index=False, name=None)}
    parts = wanted.slice
    slices = upload.staging.read(
        f"""
        select
            file_no,
            coalesce(({parts.school})::varchar, '') as school,
            coalesce(({parts.municipality})::varchar, '') as municipality,
            ({parts.period})::date as period,
            coalesce(({parts.label})::varchar, '') as label,
            count(*) as n_rows
        from staged_{wanted.name}
        where faults is null
        group by all
        order by all
        """
    )
    by_file: dict[int, list[SlicePart]] = defaultdict(list)
    for file_no, school, municipality, period, label, n_rows in slices.itertuples(index=False, name=None):
        by_file[file_no].append(SlicePart(school, municipality, period.date(), label, int(n_rows)))
    for report in reports:
        if report.refused:
            continue
        report.rows_read, report.rows_good, report.rows_stored = counts.get(report.file_no, (0, 0, 0))
        report.rows_rejected = report.rows_read - report.rows_good
        if report.file_no in by_file:
            report.slices = _all_slices(wanted, by_file[report.file_no], reference)
        if report.rows_good == 0:
            report.refused = "Няма нито един годен ред. Вижте причините и върнете файла на подателя."
        others = sum(what == "other_oblast" for _, what in report.left_out)
        if others:
            report.notes.append(f"Не се зареждат {counted(others, 'ред')} за други области.")
        note_columns(report)


def _all_slices(wanted: Dataset, slices: list[SlicePart], reference: Reference) -> list[SlicePart]:
    """The slices a file replaces: those it has rows for, and those its silence empties (see datasets.Slice)."""
    silent: list[SlicePart] = []
    named = {part.municipality for part in slices}
    if wanted.slice.register and len(named) > 1:
        last = max(part.period for part in slices)
        missing = sorted(set(reference.municipalities().values()) - named)
        silent = [SlicePart("", m, last, "", 0) for m in missing]
    if wanted.slice.span:
        months = {part.period for part in slices}
        month = min(months)
        while month < max(months):
            month = next_month(month)
            if month not in months:
                silent.append(SlicePart("", "", month, "", 0))
    return slices + silent
