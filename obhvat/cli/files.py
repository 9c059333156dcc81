"""Commands that read files: to check them, to record them, to show one as it was understood, to measure reading."""

from __future__ import annotations

import codecs
import contextlib
import csv
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from obhvat.cli.options import StoreOption, store_path
from obhvat.cli.terminal import messages, progress, say_clock
from obhvat.errors import StoreBusy, UnknownName, UnreadableFile
from obhvat.texts import counted, number

if TYPE_CHECKING:
    from obhvat.ingest import FileAnswers, FileReport, Source, Upload
    from obhvat.store import Store

Files = Annotated[list[Path], typer.Argument(help="Файлове или папки с файлове.", show_default=False)]
Oblast = Annotated[str | None, typer.Option(help="От регистър на няколко области – коя.", show_default=False)]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d", "%d.%m.%Y"], help="Дата на регистър без дата.", show_default=False),
]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", help="Каквото файлът не казва: school=1400842, school_year=2023, exam=nvo7, term=term1."),
]
Encoding = Annotated[str | None, typer.Option(help="Кодиране на текста, ако познатото е грешно.", show_default=False)]
Delimiter = Annotated[str | None, typer.Option(help="Разделител, ако познатият е грешен.", show_default=False)]
HeaderLine = Annotated[int | None, typer.Option(min=1, help="Редът със заглавията.", show_default=False)]
_REJECTED_SHOWN = 20


def check(
    files: Files,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Отчет за машина.")] = False,
    oblast: Oblast = None,
    as_of: AsOf = None,
    given: Given = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    header_line: HeaderLine = None,
) -> None:
    """Чете и проверява файлове, без да записва нищо."""
    from obhvat.store import Store

    path = store_path(store)
    opened = None
    if path.exists():
        try:
            opened = Store(path)
        except StoreBusy:
            messages.print("Базата е отворена в приложението: кодовете не се сверяват с регистъра.")
    told = _what_is_told(as_of, given, encoding, delimiter, header_line)
    with opened or contextlib.nullcontext(), contextlib.closing(_read(files, opened, oblast, told)) as upload:
        if as_json:
            print(json.dumps([_report(upload, f) for f in upload.files], ensure_ascii=False, indent=1))
        else:
            _print_upload(upload)
        refused, in_doubt = any(f.refused for f in upload.files), any(f.doubts for f in upload.files)
        raise typer.Exit(_exit_code(upload, refused, in_doubt))


def import_(
    files: Files,
    store: StoreOption = None,
    confirm: Annotated[bool, typer.Option("--yes", help="Потвърждава забележките, които иначе спират файла.")] = False,
    rejected: Annotated[Path | None, typer.Option("--rejected", help="Папка за файловете с върнати редове.")] = None,
    oblast: Oblast = None,
    as_of: AsOf = None,
    given: Given = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    header_line: HeaderLine = None,
) -> None:
    """Чете, проверява и записва файлове; лошите редове се връщат с причина."""
    from obhvat.ingest import commit
    from obhvat.store import Store

    told = _what_is_told(as_of, given, encoding, delimiter, header_line)
    with (
        Store(store_path(store)) as opened,
        contextlib.closing(_read(files, opened, oblast, told)) as upload,
    ):
        say_clock(opened)
        _print_upload(upload)
        waiting = [f for f in upload.files if f.can_be_committed and f.doubts and not confirm]
        ready = [f.file_no for f in upload.files if f.can_be_committed and f not in waiting]
        if rejected:
            _write_rejected(upload, rejected)
        for f in waiting:
            print(f"{f.title}: не е записан, чака потвърждение (--yes).")
        if ready:
            with progress("Запис") as bar:
                committed = commit(upload, opened, ready, progress=bar)
            print(f"Записани: {counted(len(committed.batch_ids), 'файл')}, {counted(committed.rows, 'ред')}.")
            if committed.already:
                print(f"Вече записани със същото съдържание: {counted(committed.already, 'файл')}.")
        some_left = bool(waiting) or any(f.refused for f in upload.files)
        raise typer.Exit(_exit_code(upload, not ready and not waiting, some_left))


def read(
    file: Annotated[Path, typer.Argument(help="Файл.", show_default=False)],
    sheet: Annotated[str | None, typer.Option(help="Лист на книгата.", show_default=False)] = None,
    table: Annotated[int, typer.Option(help="Коя от таблиците една под друга.")] = 1,
) -> None:
    """Отпечатва таблицата, както е разбрана, като CSV; ЕГН, имената и колоните с лични данни са скрити."""
    from obhvat.ingest import Source
    from obhvat.ingest.knowing.plain_table import read_table

    header, rows = read_table(Source.of_path(file), sheet, table)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)


def bench(rows: Annotated[int, typer.Option(min=1000, help="Колко реда.")] = 1_000_000) -> None:
    """Мери колко бързо се четат и проверяват файлове, до DuckDB и pandas на същите файлове."""
    from obhvat.bench import as_table, measure

    with progress("Мерене") as bar:
        timings = measure(rows, bar)
    Console(highlight=False).print(f"{number(rows)} реда", as_table(timings))


def _what_is_told(
    as_of: datetime | None,
    given: Sequence[str] | None,
    encoding: str | None,
    delimiter: str | None,
    header_line: int | None,
) -> FileAnswers:
    """What a person says of every file of the command. Raises UnknownName."""
    from obhvat.ingest import FileAnswers

    values = {}
    for pair in given or ():
        field, equals, value = pair.partition("=")
        if not equals or not re.fullmatch(r"[a-z0-9./_-]+", value):
            raise UnknownName(f"„{pair}“ не е от вида поле=стойност, например school=1400842 или exam=nvo7.")
        values[field] = value
    if as_of:
        values["as_of"] = as_of.date().isoformat()
    try:
        codec = encoding and codecs.lookup(encoding).name
    except LookupError:
        raise UnknownName(f"Няма кодиране „{encoding}“. Например: utf-8, windows-1251, utf-16.") from None
    return FileAnswers(values, encoding=codec, delimiter=delimiter, header_line=header_line)


def _read(files: Sequence[Path], store: Store | None, oblast: str | None, told: FileAnswers) -> Upload:
    from obhvat.ingest import read_files

    with progress("Четене") as bar:
        return read_files(_sources(files), store, oblast=oblast, told={"": told}, progress=bar)


def _sources(files: Sequence[Path]) -> list[Source]:
    from obhvat.ingest import Source

    paths: list[Path] = []
    for path in files:
        paths += sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    if not paths:
        raise UnreadableFile("Няма файлове за четене.")
    return [Source.of_path(path) for path in paths]


def _exit_code(upload: Upload, nothing_read: bool, some_left: bool) -> int:
    if nothing_read:
        return 2
    return 3 if some_left or any(f.rows_rejected for f in upload.files) else 0


def _print_upload(upload: Upload) -> None:
    Console(highlight=False).print(_summary(upload))
    for f in upload.files:
        for _, row in upload.rejected(f.file_no, _REJECTED_SHOWN).iterrows():
            print(f"{f.title}, ред {row['line']}: {row['reason']}")
        if f.rows_rejected > _REJECTED_SHOWN:
            print(f"{f.title}: и още {counted(f.rows_rejected - _REJECTED_SHOWN, 'ред')}")


def _summary(upload: Upload) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for caption in ("Файл", "Какво е", "Редове", "Годни", "Върнати", "Забележки"):
        table.add_column(caption, justify="right" if caption in ("Редове", "Годни", "Върнати") else "left")
    for f in upload.files:
        joined = [f.joined.words] if f.joined else []
        remarks = f.refused or " ".join([*joined, *(d.text for d in f.doubts)])
        table.add_row(f.title, f.kind, number(f.rows_read), number(f.rows_good), number(f.rows_rejected), remarks)
    return table


def _write_rejected(upload: Upload, folder: Path) -> None:
    """The rows to hand back, a workbook a file."""
    from obhvat.reports.tables import write_workbook

    folder.mkdir(parents=True, exist_ok=True)
    for file_no, name in upload.names_of_rejected().items():
        rows, title = upload.rejected_rows(file_no), upload.title_of_rejected(file_no)
        (folder / f"{name}.xlsx").write_bytes(write_workbook({"За поправка": rows}, title=title))


def _report(upload: Upload, report: FileReport) -> dict[str, Any]:
    """One file as the machine-readable report gives it."""
    return {
        "name": report.name,
        "sheet": report.sheet or None,
        "layout": report.layout or None,
        "dataset": report.dataset.name if report.dataset else None,
        "encoding": report.encoding or None,
        "delimiter": report.delimiter or None,
        "header_lines": list(report.header_lines),
        "left_out": [{"line": line, "what": what} for line, what in report.left_out],
        "columns": [
            {"caption": c.caption, "became": c.field or c.use, "use": c.use, "field": c.field, "part": c.part or None}
            for c in report.columns
        ],
        "schools": report.school_codes,
        "periods": [p.isoformat() for p in report.months if p.year > 1900],
        "rows_read": report.rows_read,
        "rows_good": report.rows_good,
        "rows_rejected": report.rows_rejected,
        "rejected": upload.rejected(report.file_no).to_dict("records"),
        "changes": report.changes and {w: getattr(report.changes, w) for w in ("added", "gone", "changed", "same")},
        "questions": [{"field": q.field.name, "answer": q.answer, "said": q.said} for q in report.questions],
        "unclear_schools": [{"said": s.words, "candidates": s.match.candidates} for s in report.unclear_schools],
        "warnings": [{"code": d.code, "text": d.text} for d in report.doubts],
        "notes": report.notes,
        "refused": report.refused,
    }
