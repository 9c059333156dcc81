"""The command that makes the invented oblast, its awkward sister, or the whole country."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import messages, progress
from obhvat.errors import UnknownName
from obhvat.folders import store_path
from obhvat.texts import counted, listed

if TYPE_CHECKING:
    from obhvat.demo.country import Plan
    from obhvat.demo.writers import DemoFile


def demo(
    store: StoreOption = None,
    files: Annotated[
        Path | None, typer.Option("--files", help="Запиши файловете в папка; без --country – само тях.")
    ] = None,
    awkward: Annotated[
        bool,
        typer.Option(
            "--awkward",
            help="Неудобната ѝ сестра: регистри със закъснение и в средата на срока, закрити и слети училища, "
            "дете в две училища, поправени месеци. За проверка на числата.",
        ),
    ] = False,
    country: Annotated[
        Path | None,
        typer.Option(
            "--country",
            help="Цялата страна: по една база за област в папка – 28 области, 265 общини, 4100 измислени институции и "
            "700 000 измислени деца, десет месеца. Отнема минути и около 300 MB.",
            show_default=False,
        ),
    ] = None,
    oblast: Annotated[
        list[str] | None,
        typer.Option("--oblast", help="Заедно с --country: само тази област; може повече от една.", show_default=False),
    ] = None,
) -> None:
    """Създава измислена област или страна: в свои бази, или като файлове в папка."""
    from obhvat.demo import load_demo
    from obhvat.demo.awkward import Awkward
    from obhvat.demo.files import Demo
    from obhvat.store import Store

    if country is not None:
        _make_country(country, files, oblast or [])
        return
    if files is not None:
        # Before the second in which they are made.
        files.mkdir(parents=True, exist_ok=True)
        _write_demo_files(files, (Awkward() if awkward else Demo()).uploads())
        return
    sister = Awkward() if awkward else None
    path = store_path(store, "awkward" if awkward else "demo")
    with Store(path) as opened:
        if opened.rows("select count(*) from batches") != [(0,)]:
            messages.print(f"В „{path.name}“ вече има данни; нищо не е променено.")
            return
        with progress("Примерна област") as bar:
            committed = load_demo(opened, bar, sister)
    batches, rows = counted(len(committed.batch_ids), "файл"), counted(committed.rows, "ред")
    messages.print(f"Готово: {batches}, {rows} в „{path}“.")
    if awkward:
        messages.print(f"Отваря се с „obhvat --store {path}“.")


def _write_demo_files(folder: Path, uploads: Sequence[Sequence[DemoFile]]) -> None:
    """Several drops each in a folder of its own: a later one may bring a file of the same name."""
    for n, files in enumerate(uploads, start=1):
        drop = folder / f"{n}" if len(uploads) > 1 else folder
        drop.mkdir(parents=True, exist_ok=True)
        for file in files:
            (drop / file.source.name).write_bytes(file.source.data)
    messages.print(f"Записани са {counted(sum(map(len, uploads)), 'файл')} в „{folder}“.")


def _make_country(stores: Path, files: Path | None, names: Sequence[str]) -> None:
    """A process an oblast, as many at once as there are cores, the largest first. Oblasts that stand there already are
    left as they are; one that was broken off is made anew."""
    from obhvat.demo.country import largest_first, make_oblast

    wanted = [plan for plan in _chosen(names) if not (stores / f"{plan.name}.duckdb").exists()]
    stores.mkdir(parents=True, exist_ok=True)
    n_files = n_rows = 0
    with (
        progress("Области") as bar,
        ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), max_tasks_per_child=1) as pool,
    ):
        made = [pool.submit(make_oblast, plan, stores, files) for plan in largest_first(wanted)]
        for n, one in enumerate(made, start=1):
            committed = one.result()
            n_files, n_rows = n_files + len(committed.batch_ids), n_rows + committed.rows
            bar(n, len(made))
    batches, rows = counted(n_files, "файл"), counted(n_rows, "ред")
    messages.print(f"Готово: {counted(len(made), 'област')}, {batches}, {rows} в „{stores}“.")


def _chosen(names: Sequence[str]) -> list[Plan]:
    """Raises UnknownName."""
    from obhvat.demo.country import plans

    by_name = {plan.name: plan for plan in plans()}
    if unknown := [name for name in names if name not in by_name]:
        raise UnknownName(f"Няма област {listed(f'„{n}“' for n in unknown)}. Областите са {listed(by_name)}.")
    return [by_name[name] for name in names] or list(by_name.values())
