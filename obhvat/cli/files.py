"""Commands that read files: to check them, to record them, to show one as it was understood, to measure reading."""

from __future__ import annotations

import codecs
import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import progress, say_clock
from obhvat.errors import UnknownName, UnreadableFile
from obhvat.folders import store_path
from obhvat.texts import counted, listed, number

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
Meaning = Annotated[
    list[str] | None,
    typer.Option("--word", help="Какво значи дума, която списъкът няма: „Тран=Трън“.", show_default=False),
]
_HISTORY_SHOWN = 20
_FILES_SHOWN = 100


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
    word: Meaning = None,
) -> None:
    """Чете и проверява файлове, без да записва нищо."""
    told = _what_is_told(as_of, given, encoding, delimiter, header_line)
    wish = {
        "do": "check",
        "files": _paths(files),
        "told": told,
        "oblast": oblast,
        "as_json": as_json,
        "words": _pairs(word),
    }
    answer = door.have(store_path(store), wish, progress)
    if as_json:
        print(json.dumps(answer["reports"], ensure_ascii=False, indent=1))
    else:
        _print_files(answer["files"])
    raise typer.Exit(answer["exit_code"])


def import_(
    files: Files,
    store: StoreOption = None,
    confirm: Annotated[bool, typer.Option("--yes", help="Потвърждава забележките, които иначе спират файла.")] = False,
    rejected: Annotated[
        Path | None, typer.Option("--rejected", help="Папка за файловете с редове за поправка.")
    ] = None,
    oblast: Oblast = None,
    as_of: AsOf = None,
    given: Given = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    header_line: HeaderLine = None,
    word: Meaning = None,
) -> None:
    """Чете, проверява и записва файлове; лошите редове се връщат с причина."""
    told = _what_is_told(as_of, given, encoding, delimiter, header_line)
    wish = {"do": "import", "files": _paths(files), "told": told, "oblast": oblast, "confirm": confirm}
    into = {"rejected": rejected and str(rejected.resolve()), "words": _pairs(word)}
    answer = door.have(store_path(store), wish | into, progress)
    say_clock(answer)
    _print_files(answer["files"])
    for title in answer["waiting"]:
        print(f"{title}: не е записан, чака потвърждение (--yes).")
    if recorded := answer.get("recorded"):
        print(f"Записани: {counted(recorded['files'], 'файл')}, {counted(recorded['rows'], 'ред')}.")
        if recorded["already"]:
            print(f"Вече записани със същото съдържание: {counted(recorded['already'], 'файл')}.")
    raise typer.Exit(answer["exit_code"])


def undo(
    batches: Annotated[
        list[int] | None, typer.Argument(help="Номера на файлове; без тях – последните файлове.", show_default=False)
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Върни отменените файлове в сила.")] = False,
    store: StoreOption = None,
) -> None:
    """Отменя записани файлове: редовете им спират да се броят, нищо не се изтрива."""
    path = store_path(store)
    if not batches:
        _print_history(door.have(path, {"do": "history", "limit": _HISTORY_SHOWN})["files"])
        return
    answer = door.have(path, {"do": "redo" if back else "undo", "batches": batches})
    say_clock(answer)
    names = listed(f"„{name}“" for name in answer["names"])
    one, many = ("Върнат е в сила", "Върнати са в сила") if back else ("Отменен е", "Отменени са")
    print(f"{one if len(answer['names']) == 1 else many}: {names}. Нищо не е изтрито.")


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


def _paths(files: Sequence[Path]) -> list[str]:
    """Every file that is meant, a folder for those in it. Raises UnreadableFile when one cannot be opened."""
    from obhvat.ingest import Source

    paths: list[Path] = []
    for path in files:
        paths += _files_in(path) if path.is_dir() else [path]
    if not paths:
        raise UnreadableFile("Няма файлове за четене.")
    for path in paths:
        Source.of_path(path)
    return [str(path.resolve()) for path in paths]


def _files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder, and of folders in it that are tables in parts: „отсъствия.parquet“, „Випуск=6“."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif "=" in path.name or path.suffix.lower() in (".parquet", ".csv"):
            yield from _files_in(path)


def _what_is_told(
    as_of: datetime | None,
    given: Sequence[str] | None,
    encoding: str | None,
    delimiter: str | None,
    header_line: int | None,
) -> dict[str, Any]:
    """What a person says of every file of the command, as FileAnswers has it. Raises UnknownName."""
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
    return {"given": values, "encoding": codec, "delimiter": delimiter, "header_line": header_line}


def _pairs(words: Sequence[str] | None) -> dict[str, str]:
    """What words mean, by the word. Raises UnknownName."""
    pairs = {}
    for pair in words or ():
        word, _, means = pair.partition("=")
        if not (word.strip() and means.strip()):
            raise UnknownName(f"„{pair}“ не е от вида дума=значение, например Тран=Трън.")
        pairs[word.strip()] = means.strip()
    return pairs


def _print_files(files: Sequence[Mapping[str, Any]]) -> None:
    """A line a file; of many only those about which there is something to say."""
    shown = [f for f in files if len(files) <= _FILES_SHOWN or f["remarks"] or f["read"] != f["good"]]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for caption in ("Файл", "Какво е", "Редове", "Годни", "Върнати", "Забележки"):
        table.add_column(caption, justify="right" if caption in ("Редове", "Годни", "Върнати") else "left")
    for f in shown:
        table.add_row(f["title"], f["kind"], *(number(f[n]) for n in ("read", "good", "rejected")), f["remarks"])
    if shown:
        Console(highlight=False).print(table)
    if silent := len(files) - len(shown):
        n_rows = sum(f["read"] for f in files) - sum(f["read"] for f in shown)
        print(f"Без забележки: {counted(silent, 'файл')}, {counted(n_rows, 'ред')}.")
    for f in files:
        for reason in f["reasons"]:
            print(f"{f['title']}: {reason}")
        if f["more_reasons"]:
            print(f"{f['title']}: и още {counted(f['more_reasons'], 'вид')} грешки")
        if f["waiting"]:
            print(f"{f['title']}: {f['waiting']}")
        for w in f["words"]:
            rows = counted(w["rows"], "ред")
            print(f"{f['title']}: „{w['word']}“ в „{w['column']}“ ({rows}) – може би {w['may_be']}.")
            print(f'    Потвърждава се с --word "{w["word"]}={w["likely"][0]}".')


def _print_history(files: Sequence[Mapping[str, Any]]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for caption in ("№", "Качен на", "Файл", "Какво е", "Състояние"):
        table.add_column(caption, justify="right" if caption == "№" else "left")
    for f in files:
        at = datetime.fromisoformat(f["at"])
        table.add_row(str(f["batch"]), f"{at:%d.%m.%Y %H:%M}", f["name"], f["what"], f["state"])
    Console(highlight=False).print(table)
