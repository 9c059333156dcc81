"""The command line: the same engine and the same report as the pages.

Exit codes: 0 done; 2 nothing could be read, or an unknown name; 3 done, but some rows were handed back or some
files wait for confirmation; 4 the store is open elsewhere; 5 the store or a backup cannot be used; 6 no room on
the disk; 1 anything else.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
import webbrowser
from collections.abc import Generator
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from obhvat import door
from obhvat.errors import ObhvatError, StoreBusy, StoreUnusable, UnknownName, UnreadableFile
from obhvat.folders import store_folder
from obhvat.texts import counted, number

DEFAULT_STORE = store_folder() / "obhvat.duckdb"
DEMO_STORE = store_folder() / "demo.duckdb"
PORT = 8501

app = typer.Typer(
    help="обхват: таблото на областния координационен център по Механизма за обхващане и задържане.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
told = Console(stderr=True, highlight=False)

StoreOption = Annotated[
    Path | None,
    typer.Option("--store", envvar="OBHVAT_STORE", help="Файлът на базата.", show_default=False),
]
Files = Annotated[list[Path], typer.Argument(help="Файлове или папки с файлове.", show_default=False)]


def _store_path(store: Path | None) -> Path:
    return (store or DEFAULT_STORE).resolve()


@contextlib.contextmanager
def _progress(label: str) -> Generator[Any]:
    """A bar on the error stream; gives a function to be told (done, of how many)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=told, transient=True, disable=not told.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _sources(files: list[Path]) -> list:
    from obhvat.ingest import Source

    paths = []
    for path in files:
        paths += sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    if not paths:
        raise UnreadableFile("Няма файлове за четене.")
    return [Source.of_path(p) for p in paths]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    store: StoreOption = None,
    demo: Annotated[bool, typer.Option("--demo", help="Покажи измислена област вместо своите данни.")] = False,
    port: Annotated[int, typer.Option(help="Порт на 127.0.0.1.")] = PORT,
    browser: Annotated[bool, typer.Option(help="Отвори браузъра.")] = True,
) -> None:
    """Стартира приложението в браузъра, когато няма друга команда."""
    if context.invoked_subcommand is None:
        _serve(DEMO_STORE.resolve() if demo and store is None else _store_path(store), demo, port, browser)


def _free_port(wanted: int) -> int:
    import socket

    for port in range(wanted, wanted + 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise ObhvatError(f"Портовете от {wanted} до {wanted + 19} са заети. Посочете друг с --port.")


def _serve(path: Path, demo: bool, port: int, browser: bool) -> None:
    running = door.running_at(path)
    if running:
        told.print(f"обхват вече работи с тази база на {running}.")
        if browser:
            webbrowser.open(running)
        return
    builder = None
    if demo and not path.exists():
        command = [sys.executable, "-m", "obhvat", "demo", "--tell", "--store", str(path)]
        builder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    from obhvat.ui import server

    chosen = _free_port(port)
    told.print(f"обхват работи на http://127.0.0.1:{chosen} (спиране: Ctrl+C)")
    try:
        server.serve(path, chosen, open_browser=browser, demo=demo, demo_builder=builder)
    finally:
        if builder:
            builder.terminate()


@app.command()
def serve(
    store: StoreOption = None,
    demo: Annotated[bool, typer.Option("--demo", help="Покажи измислена област.")] = False,
    port: Annotated[int, typer.Option(help="Порт на 127.0.0.1.")] = PORT,
    browser: Annotated[bool, typer.Option(help="Отвори браузъра.")] = True,
) -> None:
    """Стартира приложението в браузъра."""
    _serve(DEMO_STORE.resolve() if demo and store is None else _store_path(store), demo, port, browser)


@app.command()
def demo(
    store: StoreOption = None,
    files: Annotated[
        Path | None, typer.Option("--files", help="Само запиши файловете на измислената област в папка.")
    ] = None,
    tell: Annotated[bool, typer.Option("--tell", hidden=True)] = False,
) -> None:
    """Създава измислената област: в своя база, или като файлове в папка."""
    from obhvat.demo import load_demo
    from obhvat.demo.files import Demo
    from obhvat.store import Store

    if files is not None:
        written = Demo().files()
        files.mkdir(parents=True, exist_ok=True)
        for one in written:
            (files / one.source.name).write_bytes(one.source.data)
        told.print(f"Записани са {counted(len(written), 'файл')} в „{files}“.")
        return
    path = (store or DEMO_STORE).resolve()
    with Store(path) as opened:
        if opened.rows("select count(*) from batches") != [(0,)]:
            told.print(f"В „{path.name}“ вече има данни; нищо не е променено.")
            return
        if tell:
            load_demo(opened, lambda done, of: print(done, of, flush=True))
            return
        with _progress("Примерна област") as bar:
            committed = load_demo(opened, bar)
    told.print(f"Готово: {counted(len(committed.batch_ids), 'файл')}, {counted(committed.rows, 'ред')} в „{path}“.")


def _summary(upload: Any) -> Grid:
    grid = Grid(box=None, header_style="bold", pad_edge=False)
    for caption in ("Файл", "Какво е", "Редове", "Годни", "Върнати", "Забележки"):
        grid.add_column(caption, justify="right" if caption in ("Редове", "Годни", "Върнати") else "left")
    for f in upload.files:
        remarks = f.refused or " ".join(d.text for d in f.doubts)
        grid.add_row(f.title, f.kind, number(f.rows_read), number(f.rows_good), number(f.rows_rejected), remarks)
    return grid


def _report(upload: Any, report: Any) -> dict[str, Any]:
    """One file as the machine-readable report gives it."""
    return {
        "name": report.name,
        "sheet": report.sheet or None,
        "sha256": report.sha256,
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


def _outcome(upload: Any, refused: bool, waiting: bool) -> int:
    if refused:
        return 2
    return 3 if waiting or any(f.rows_rejected for f in upload.files) else 0


def _told(
    as_of: datetime | None, given: list[str] | None, encoding: str | None, delimiter: str | None, line: int | None
):
    """What a person says of every file of the command."""
    from obhvat.ingest import Told

    values = {}
    for one in given or ():
        field, equals, value = one.partition("=")
        if not equals or not re.fullmatch(r"[a-z0-9./_-]+", value):
            raise UnknownName(f"„{one}“ не е от вида поле=стойност, например school=1400842 или exam=nvo7.")
        values[field] = value
    if as_of:
        values["as_of"] = as_of.date().isoformat()
    with contextlib.suppress(LookupError):
        return Told(values, encoding=encoding and codecs.lookup(encoding).name, delimiter=delimiter, header_line=line)
    raise UnknownName(f"Няма кодиране „{encoding}“. Например: utf-8, windows-1251, utf-16.")


def _read_all(files: list[Path], store: Any, oblast: str | None, told: Any) -> Any:
    from obhvat.ingest import read_files

    with _progress("Четене") as tell:
        return read_files(_sources(files), store, oblast=oblast, told={"": told}, progress=tell)


_Oblast = Annotated[str | None, typer.Option(help="От регистър на няколко области – коя.", show_default=False)]
_AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d", "%d.%m.%Y"], help="Дата на регистър без дата.", show_default=False),
]

_Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="Каквото файлът не казва: school=1400842, school_year=2023, exam=nvo7, term=term1."),
]
_Encoding = Annotated[str | None, typer.Option(help="Кодиране на текста, ако познатото е грешно.", show_default=False)]
_Delimiter = Annotated[str | None, typer.Option(help="Разделител, ако познатият е грешен.", show_default=False)]
_HeaderLine = Annotated[int | None, typer.Option(min=1, help="Редът със заглавията.", show_default=False)]


@app.command()
def check(
    files: Files,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Отчет за машина.")] = False,
    oblast: _Oblast = None,
    as_of: _AsOf = None,
    given: _Set = None,
    encoding: _Encoding = None,
    delimiter: _Delimiter = None,
    header_line: _HeaderLine = None,
) -> None:
    """Чете и проверява файлове, без да записва нищо."""
    from obhvat.store import Store

    path = _store_path(store)
    opened = None
    if path.exists():
        try:
            opened = Store(path)
        except StoreBusy:
            told.print("Базата е отворена в приложението: кодовете не се сверяват с регистъра.")
    upload = _read_all(files, opened, oblast, _told(as_of, given, encoding, delimiter, header_line))
    if as_json:
        print(json.dumps([_report(upload, f) for f in upload.files], ensure_ascii=False, indent=1))
    else:
        _print_upload(upload)
    code = _outcome(upload, any(f.refused for f in upload.files), any(f.doubts for f in upload.files))
    upload.close()
    if opened:
        opened.close()
    raise typer.Exit(code)


def _print_upload(upload: Any) -> None:
    Console(highlight=False).print(_summary(upload))
    for f in upload.files:
        for _, row in upload.rejected(f.file_no, 20).iterrows():
            print(f"{f.title}, ред {row['line']}: {row['reason']}")
        if f.rows_rejected > 20:
            print(f"{f.title}: и още {counted(f.rows_rejected - 20, 'ред')}")


@app.command("import")
def import_(
    files: Files,
    store: StoreOption = None,
    confirm: Annotated[bool, typer.Option("--yes", help="Потвърждава забележките, които иначе спират файла.")] = False,
    rejected: Annotated[Path | None, typer.Option("--rejected", help="Папка за файловете с върнати редове.")] = None,
    oblast: _Oblast = None,
    as_of: _AsOf = None,
    given: _Set = None,
    encoding: _Encoding = None,
    delimiter: _Delimiter = None,
    header_line: _HeaderLine = None,
) -> None:
    """Чете, проверява и записва файлове; лошите редове се връщат с причина."""
    from obhvat.ingest import commit
    from obhvat.reports.tables import write_workbook
    from obhvat.store import Store

    with Store(_store_path(store)) as opened:
        upload = _read_all(files, opened, oblast, _told(as_of, given, encoding, delimiter, header_line))
        _print_upload(upload)
        waiting = [f for f in upload.files if f.can_be_committed and f.doubts and not confirm]
        ready = [f.file_no for f in upload.files if f.can_be_committed and f not in waiting]
        if rejected:
            rejected.mkdir(parents=True, exist_ok=True)
            for f in upload.files:
                if f.rows_rejected:
                    name = f"{Path(f.name).stem}-върнати.xlsx"
                    (rejected / name).write_bytes(write_workbook({"Върнати редове": upload.rejected_rows(f.file_no)}))
        for f in waiting:
            print(f"{f.title}: не е записан, чака потвърждение (--yes).")
        if ready:
            with _progress("Запис") as tell:
                done = commit(upload, opened, ready, progress=tell)
            print(f"Записани: {counted(len(done.batch_ids), 'файл')}, {counted(done.rows, 'ред')}.")
        code = _outcome(upload, not ready and not waiting, bool(waiting) or any(f.refused for f in upload.files))
        upload.close()
    raise typer.Exit(code)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="Файл.", show_default=False)],
    sheet: Annotated[str | None, typer.Option(help="Лист на книгата.", show_default=False)] = None,
    table: Annotated[int, typer.Option(help="Коя от таблиците една под друга.")] = 1,
) -> None:
    """Отпечатва таблицата, както е разбрана, като CSV: заглавие и клетки. Личните данни са скрити."""
    from obhvat.ingest import Source
    from obhvat.ingest.plain_table import read_table

    header, rows = read_table(Source.of_path(file), sheet, table)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)


@app.command()
def bench(rows: Annotated[int, typer.Option(min=1000, help="Колко реда.")] = 1_000_000) -> None:
    """Мери колко бързо се четат и проверяват файлове, до DuckDB и pandas на същите файлове."""
    from obhvat.bench import as_table, measure

    with _progress("Мерене") as tell:
        done = measure(rows, tell)
    Console(highlight=False).print(f"{number(rows)} реда", as_table(done))


@app.command()
def figure(
    metric: Annotated[str | None, typer.Argument(help="Показател; без него – списък.", show_default=False)] = None,
    municipality: Annotated[str | None, typer.Option(help="Община.", show_default=False)] = None,
    school: Annotated[str | None, typer.Option(help="Код на институция.", show_default=False)] = None,
    period: Annotated[str | None, typer.Option(help="2023, 2023-I, 2023-10.", show_default=False)] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S"],
            help="Както се е знаело на тази дата.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="За машина.")] = False,
    store: StoreOption = None,
) -> None:
    """Всеки показател на приложението с неговите n, N и определение."""
    from obhvat.metrics import Scope, all_metrics, answer_as_json
    from obhvat.periods import parse_period
    from obhvat.store import Store

    if metric is None:
        if as_json:
            known = [{"metric": m.id, "name": m.name, "definition": m.definition} for m in all_metrics()]
            print(json.dumps(known, ensure_ascii=False, indent=1))
            return
        for m in all_metrics():
            print(f"{m.id:28} {m.name}")
        return
    # A day means what was known when it ended.
    known_at = datetime.combine(as_of, time.max) if as_of and as_of.time() == time.min else as_of
    path = _store_path(store)
    try:
        with Store(path, create=False) as opened:
            asked = parse_period(period) if period else None
            found = answer_as_json(opened, metric, asked, Scope(municipality, school, known_at))
    except StoreBusy as busy:
        asked_for = {
            "do": "figure",
            "metric": metric,
            "period": period,
            "municipality": municipality,
            "school": school,
            "known_at": known_at.isoformat() if known_at else None,
        }
        found = door.ask(path, busy, asked_for)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(_figure_words(found))


def _figure_words(found: dict[str, Any]) -> str:
    place = found["municipality"] or found["school"] or "областта"
    decimals = 2 if found["kind"] == "ratio" else 0
    value = number(found["value"], decimals)
    if found["kind"] == "share" and found["N"] is not None:
        value = f"{value} от {number(found['N'])}"
    lines = [f"{found['name']}, {place}, {found['period_label']}: {value}", found["definition"]]
    if found["threshold"]:
        lines.append(f"Праг: {found['threshold']}.")
    lines.append(f"Данни от {found['reporting']} от {found['places']}. Източник: {found['source']}.")
    return "\n".join(lines)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="Файл или папка.", show_default=False)] = Path(),
    store: StoreOption = None,
) -> None:
    """Прави копие на базата, и докато приложението работи. Ключът се пази отделно."""
    from obhvat.store import Store
    from obhvat.store.backup import backup as make

    path = _store_path(store)
    try:
        with Store(path, create=False) as opened:
            made = make(opened, target.resolve())
    except StoreBusy as busy:
        made = Path(door.ask(path, busy, {"do": "backup", "path": str(target.resolve())})["path"])
    print(f"Копието е в „{made}“.")
    told.print(f"Ключът „{path.with_suffix('.key').name}“ не е в него: пазете го на друго място.")


@app.command()
def restore(
    copy: Annotated[Path, typer.Argument(help="Копие, направено с backup.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Връща копие на мястото на базата, и докато приложението работи. Сегашната база остава до нея."""
    from obhvat.store import Store
    from obhvat.store.backup import restore as put_back
    from obhvat.store.backup import restore_closed

    path = _store_path(store)
    try:
        with Store(path, create=False) as opened:
            kept = put_back(opened, copy.resolve())
    except StoreUnusable:
        # There is no store, or it is damaged: that is what backups are for.
        kept = restore_closed(path, copy.resolve())
    except StoreBusy as busy:
        answer = door.ask(path, busy, {"do": "restore", "path": str(copy.resolve())})
        kept = Path(answer["kept"]) if answer["kept"] else None
    print(f"Базата е върната от „{copy}“.")
    if kept:
        print(f"Предишната е запазена в „{kept}“.")


def main() -> None:
    """Run a command; a failure the user can act on is one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except ObhvatError as error:
        told.print(str(error), markup=False, soft_wrap=True)
        raise SystemExit(error.exit_code) from None
    except ValueError as error:
        if os.environ.get("OBHVAT_DEBUG"):
            raise
        told.print(str(error), markup=False, soft_wrap=True)
        raise SystemExit(2) from None
    except OSError as error:
        if os.environ.get("OBHVAT_DEBUG"):
            raise
        told.print(f"Няма достъп до „{error.filename}“: {error.strerror}.", markup=False, soft_wrap=True)
        raise SystemExit(1) from None


__all__ = ["UnknownName", "main"]
