"""An upload: the files of one drop, read and checked together, and what a person needs to decide about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from obhvat.datasets import INSTRUCTIONS_SHEET, NAMES, Dataset, dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest.archive import members, unpacked
from obhvat.ingest.doubts import Doubt, add_doubts
from obhvat.ingest.fields import ColumnUse, Recognition, recognise
from obhvat.ingest.grid import Grid
from obhvat.ingest.messages import sentence
from obhvat.ingest.reference import Reference
from obhvat.ingest.source import Source, without_ids
from obhvat.ingest.staging import StagedTable, Staging
from obhvat.ingest.table import Table, find_tables
from obhvat.ingest.text import read_text
from obhvat.ingest.workbook import read_parquet, read_workbook
from obhvat.layouts import all_layouts, layout
from obhvat.periods import next_month
from obhvat.store import Store
from obhvat.store.history import SlicePart
from obhvat.store.pseudonyms import throwaway_key
from obhvat.texts import counted, day, listed, number

_NOT_DATA = {
    "title": "заглавие",
    "numbering": "номерация",
    "repeated": "повторено заглавие",
    "total": "сбор",
    "footnote": "бележка",
}
_LINES_NAMED = 12


@dataclass
class FileReport:
    """What became of one table: a file, or a sheet of a workbook."""

    file_no: int
    name: str
    sheet: str
    sha256: str
    size: int
    dataset: Dataset | None = None
    layout: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_lines: tuple[int, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    columns: tuple[ColumnUse, ...] = ()
    rows_read: int = 0
    rows_good: int = 0
    rows_rejected: int = 0
    slices: list[SlicePart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was understood or left out; nothing to decide."""
    doubts: list[Doubt] = field(default_factory=list)
    """What must be confirmed before a commit."""
    refused: str | None = None
    """Why nothing of the file can be committed."""
    choices: tuple[str, ...] = ()
    """Oblasts to choose from when a register holds several."""
    asks_date: bool = False
    """The register has no date of its own; `given_date` was assumed and can be changed."""
    given_date: date | None = None

    @property
    def title(self) -> str:
        """The file's name, with the sheet's when the workbook has several tables."""
        return f"{self.name} · {self.sheet}" if self.sheet else self.name

    @property
    def kind(self) -> str:
        """What the file is, in words."""
        if self.dataset is None:
            return "непознат"
        return self.dataset.title if self.layout == "template" else layout(self.layout).title

    @property
    def months(self) -> list[date]:
        """The months or dates of its slices, in order."""
        return sorted({part.period for part in self.slices})

    @property
    def school_codes(self) -> list[str]:
        return sorted({part.school for part in self.slices if part.school})

    @property
    def can_be_committed(self) -> bool:
        return self.refused is None


@dataclass
class _Found:
    report: FileReport
    table: Table
    recognition: Recognition


class Upload:
    """The files of one drop, staged. Close it when done: what it holds is in memory only."""

    def __init__(
        self, sources: Sequence[Source], reference: Reference, staging: Staging, files: list[FileReport]
    ) -> None:
        self.sources = sources
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
    rows = [
        (
            line,
            key if rule == "key" else dataset_[name].caption if name in dataset_ else "",
            f"ред {_text(value)}" if rule == "key" else _text(value),
            rule,
            sentence(dataset_, rule, name, _text(value), _text(limit)),
        )
        for line, name, rule, value, limit in faults.itertuples(index=False)
    ]
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
    dates: Mapping[str, date] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Upload:
    """Read, recognise and check files; nothing is committed.

    `oblast` chooses from a register of several; `dates` gives registers without a date theirs, by file title;
    `progress` is told (files read, of how many). A file that cannot be read is refused in its report, the
    others go on.
    """
    today = today or date.today()
    reference = Reference.of(store)
    staging = Staging(store.key if store else throwaway_key(), today)
    reports: list[FileReport] = []
    found: list[_Found] = []
    sources = unpacked(sources)
    for n, source in enumerate(sources, start=1):
        for one in _open(source, len(reports)):
            reports.append(one if isinstance(one, FileReport) else one.report)
            if isinstance(one, _Found):
                found.append(one)
        if progress:
            progress(n, len(sources))
    for report in reports:
        if report.dataset:
            staging.prepare(report.dataset)
    upload = Upload(sources, reference, staging, reports)
    by_dataset: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        by_dataset[one.recognition.dataset.name].append(one)
    staging.set_reference(reference)
    for name in (n for n in NAMES if n in by_dataset):
        groups: dict[object, list[StagedTable]] = defaultdict(list)
        for one in by_dataset[name]:
            given = _given(one, dates or {}, today)
            staged = StagedTable(one.report.file_no, one.table, one.recognition, given)
            groups[(one.recognition.columns, tuple(sorted(given)))].append(staged)
        for tables in groups.values():
            staging.add(tables)
        if name == "schools":
            _keep_oblast(upload, [one.report for one in by_dataset[name]], oblast)
        if name in ("schools", "cases"):
            reference = _with_staged(reference, staging, name)
            staging.set_reference(reference)
        _count(upload, dataset(name), [one.report for one in by_dataset[name]], reference)
    upload.reference = reference
    add_doubts(upload.files, staging, reference, today)
    return upload


def _open(source: Source, first_no: int) -> list[_Found | FileReport]:
    """The tables of one file; refused ones as bare reports. Sheets that are nothing of ours are passed over."""
    report = FileReport(first_no, source.safe_name, "", source.sha256, len(source.data))
    try:
        if source.kind == "archive":
            # Those that can be opened were; this one says why it cannot.
            members(source)
        if source.kind == "workbook":
            sheets: dict[str, Grid] = read_workbook(source.data)
        else:
            sheets = {"": read_parquet(source.data) if source.kind == "parquet" else read_text(source.data)}
    except UnreadableFile as error:
        declared = _declared_empty(source, report)
        report.refused = None if declared else str(error)
        return [report]
    opened: list[_Found | FileReport] = []
    refusals: list[str] = []
    passed_over: list[str] = []
    for sheet, grid in sheets.items():
        tables = find_tables(grid)
        for no, table in enumerate(tables, start=1):
            parts = (without_ids(sheet) if len(sheets) > 1 else "", f"таблица {no}" if len(tables) > 1 else "")
            one = replace(
                report,
                file_no=first_no + len(opened),
                sheet=" · ".join(filter(None, parts)),
                notes=[],
                doubts=[],
            )
            try:
                known = recognise(table, source.name, sheet)
            except UnreadableFile as error:
                refusals.append(str(error))
                if sheet != INSTRUCTIONS_SHEET:
                    passed_over.append(one.sheet or without_ids(sheet))
                continue
            one.dataset, one.layout, one.columns = known.dataset, known.layout, known.columns
            one.encoding, one.delimiter = grid.encoding, grid.delimiter
            one.header_lines, one.left_out = table.header_lines, table.left_out
            if not table.rows:
                one.refused = "Под заглавието няма нито един ред с данни."
                opened.append(one)
                continue
            opened.append(_Found(one, table, known))
    if not opened:
        report.refused = refusals[0]
        return [report]
    if passed_over:
        first = opened[0]
        (first.report if isinstance(first, _Found) else first).notes.append(
            f"Непознати таблици, които не са четени: {listed(passed_over)}."
        )
    return opened


def _declared_empty(source: Source, report: FileReport) -> bool:
    """An empty national file still says by its name which school declared that it has no absences."""
    for one in all_layouts():
        said = one.from_file_name(source.name)
        if said and not source.data.strip(b" \t\r\n\x00\x1a\xef\xbb\xbf"):
            month = int(said["month"])
            period = date(int(said["school_year"]) + (month < 9), month, 1)
            report.dataset, report.layout = dataset(one.dataset), one.name
            report.slices = [SlicePart(said["school"].lstrip("0"), "", period, "", 0)]
            report.doubts.append(
                Doubt(
                    "empty",
                    "Файлът е празен. Ако училището е подписало декларация „Липсват отсъствия“, потвърдете го.",
                )
            )
            return True
    return False


def _given(one: _Found, dates: Mapping[str, date], today: date) -> dict[str, str]:
    """Values from outside the cells, for fields that have no column."""
    given = {}
    for f in one.recognition.dataset.fields:
        if f.file_date and one.recognition.index_of(f.name) is None:
            told = dates.get(one.report.title) or one.recognition.from_name.get(f.name)
            one.report.asks_date = True
            one.report.given_date = told if isinstance(told, date) else date.fromisoformat(told or today.isoformat())
            given[f.name] = one.report.given_date.isoformat()
            if told is None:
                one.report.notes.append(
                    f"Файлът не казва към коя дата е; приета е днешната ({day(today)}). Може да я смените."
                )
    return given


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
            upload.staging.execute("delete from staged_schools where file_no = $n", {"n": report.file_no})
        else:
            report.choices = tuple(found)
            report.notes.append(f"От {len(found)} области се зарежда {chosen}.")
            upload.staging.execute(
                "delete from staged_schools where file_no = $n and oblast is distinct from $oblast",
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
            select code, name, kind, municipality
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
    read = upload.staging.read(
        f"""
        select file_no, count(*) as n_read, count(*) filter (faults is null) as n_good
        from staged_{wanted.name}
        group by file_no
        """
    )
    counts = {no: (int(n), int(good)) for no, n, good in read.itertuples(index=False, name=None)}
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
        report.rows_read, report.rows_good = counts.get(report.file_no, (0, 0))
        report.rows_rejected = report.rows_read - report.rows_good
        if report.file_no in by_file:
            report.slices = _all_slices(wanted, by_file[report.file_no], reference)
        if report.rows_good == 0:
            report.refused = "Няма нито един годен ред. Вижте причините и върнете файла на подателя."
        _note(report)


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


def _note(report: FileReport) -> None:
    personal = [c.caption for c in report.columns if c.use == "personal" and c.caption]
    hidden_ids = [c.caption for c in report.columns if c.looks_like_id]
    unused = [c.caption for c in report.columns if c.use == "unused" and c.caption]
    if personal:
        report.notes.append(f"Лични данни, които не се записват: {listed(f'„{c}“' for c in personal)}.")
    if hidden_ids:
        report.notes.append(f"Прилича на ЕГН и не се записва: {listed(f'„{c}“' for c in hidden_ids)}.")
    if unused:
        report.notes.append(f"Колони, които не се ползват: {listed(f'„{c}“' for c in unused)}.")
    for what, word in _NOT_DATA.items():
        lines = [str(line) for line, found in report.left_out if found == what]
        if lines:
            more = f" и още {number(len(lines) - _LINES_NAMED)}" if len(lines) > _LINES_NAMED else ""
            named = f"{', '.join(lines[:_LINES_NAMED])}{more}" if more else listed(lines)
            report.notes.append(f"Не е данни ({word}): ред {named}.")
