"""Opening a file: its tables, what each is, and those that only a person can explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from obhvat.datasets import INSTRUCTIONS_SHEET, dataset
from obhvat.errors import UnknownTable, UnreadableFile
from obhvat.ingest.archive import members
from obhvat.ingest.doubts import Doubt
from obhvat.ingest.fields import Recognition, Said, recognise, signature
from obhvat.ingest.grid import Grid
from obhvat.ingest.report import NOTHING_TOLD, FileReport, Told
from obhvat.ingest.source import Source
from obhvat.ingest.table import Table, find_tables, grade_sums
from obhvat.ingest.text import read_text
from obhvat.ingest.workbook import read_parquet, read_workbook
from obhvat.layouts import all_layouts, layout, layout_title
from obhvat.privacy import without_ids
from obhvat.store.history import SlicePart
from obhvat.texts import listed


@dataclass
class Found:
    """A table whose columns are known."""

    report: FileReport
    table: Table
    recognition: Recognition


def open_file(
    source: Source, first_no: int, profiles: Mapping[str, Said], told: Mapping[str, Told]
) -> list[Found | FileReport]:
    """The tables of one file; refused ones as bare reports. Sheets that are nothing of ours are passed over."""
    report = FileReport(first_no, source.safe_name, "", source.sha256, source.size)
    how = told.get(source.safe_name, told.get("", NOTHING_TOLD))
    try:
        if source.kind == "archive":
            # Those that can be opened were; this one says why it cannot.
            members(source)
        if source.kind == "workbook":
            sheets: dict[str, Grid] = read_workbook(source.data)
        elif source.kind == "parquet":
            sheets = {"": read_parquet(source)}
        else:
            sheets = {"": read_text(source, how.encoding, how.delimiter)}
    except UnreadableFile as error:
        declared = _declared_empty(source, report)
        report.refused = None if declared else str(error)
        return [report]
    opened: list[Found | FileReport] = []
    unknown: list[FileReport] = []
    for sheet, grid in sheets.items():
        for one, table in _tables_of(report, sheet, grid, len(sheets) > 1, told):
            one.file_no = first_no + len(opened)
            person = told.get(one.title, NOTHING_TOLD)
            said = person.mapping
            sign = signature(table.header or ())
            remembered = profiles.get(sign) if table.header else None
            try:
                if person.dataset and not said:
                    raise UnknownTable(f"Посочете колоните за „{dataset(person.dataset).title}“.")
                known = recognise(table, source.name, sheet, said or remembered)
            except UnreadableFile as error:
                one.refused = str(error)
                one.table = table if isinstance(error, UnknownTable) and table.rows else None
                if sheet != INSTRUCTIONS_SHEET:
                    unknown.append(one)
                continue
            one.dataset, one.layout, one.columns = known.dataset, known.layout, known.columns
            if said:
                one.form = (sign, said)
            elif remembered:
                one.notes.append("Колоните са познати от запомнено съответствие.")
            if said or remembered:
                one.table = table
            if not table.rows:
                one.refused = "Под заглавието няма нито един ред с данни."
                opened.append(one)
                continue
            table = without_sums(table, known)
            one.left_out = table.left_out
            opened.append(Found(one, table, known))
    if not opened:
        for n, one in enumerate(unknown):
            one.file_no = first_no + n
        return list(unknown) or [report]
    explained = [one for one in unknown if one.table and len(sheets) == 1]
    for one in explained:
        one.file_no = first_no + len(opened)
        opened.append(one)
    passed_over = [one.sheet for one in unknown if one not in explained]
    if passed_over:
        first = opened[0]
        (first.report if isinstance(first, Found) else first).notes.append(
            f"Непознати таблици, които не са четени: {listed(passed_over)}."
        )
    return opened


def _tables_of(
    report: FileReport, sheet: str, grid: Grid, is_book: bool, told: Mapping[str, Told]
) -> Iterator[tuple[FileReport, Table]]:
    """The tables of a grid, each with a report that says how it was read."""
    page = without_ids(sheet) if is_book else ""
    how = told.get(f"{report.name} · {page}" if page else report.name, told.get("", NOTHING_TOLD))
    tables = find_tables(grid, how.header_line)
    for no, table in enumerate(tables, start=1):
        names = (page, f"таблица {no}" if len(tables) > 1 else "")
        one = replace(
            report,
            sheet=" · ".join(filter(None, names)),
            notes=[],
            doubts=[],
            questions=[],
            unclear_schools=[],
            matched_schools=[],
        )
        one.encoding, one.delimiter = grid.encoding, grid.delimiter
        one.header_lines, one.left_out = table.header_lines, table.left_out
        yield one, table


def without_sums(table: Table, known: Recognition) -> Table:
    """Without the rows that only the form itself knows to be no data."""
    form = layout(known.layout) if layout_title(known.layout) else None
    if form and form.trailer and len(table.rows) > 1 and table.grid.is_last:
        last = table.rows[-1]
        if len([cell for cell in table.grid.row(last) if cell.strip()]) <= 2:
            table = table.without({last}, "trailer")
    if form and form.grade_totals:
        table = table.without(grade_sums(table, known.index_of("class_name"), known.index_of("pupils")), "total")
    return table


def _declared_empty(source: Source, report: FileReport) -> bool:
    """An empty national file still says by its name which school declared that it has no absences."""
    for one in all_layouts():
        said = one.from_file_name(source.name)
        if said and source.is_empty:
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
