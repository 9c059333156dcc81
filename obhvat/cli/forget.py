"""The command that forgets what is kept beyond its term, while the application runs, too."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated, Any

import typer

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import messages, say_clock
from obhvat.folders import store_path
from obhvat.texts import counted, day


def forget(
    due: Annotated[bool, typer.Option("--due", help="Заличава каквото е с изтекъл срок за пазене.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Само казва какво би се заличило.")] = False,
    confirm: Annotated[bool, typer.Option("--yes", help="Не пита.")] = False,
    store: StoreOption = None,
) -> None:
    """Данните с изтекъл срок за пазене: кои са, кои ще бъдат до година, и заличаването им с протокол."""
    path = store_path(store)
    answer = door.have(path, {"do": "due"})
    say_clock(answer)
    if answer["due"]:
        print("С изтекъл срок за пазене:")
        _table(answer["due"])
    else:
        print("Няма данни с изтекъл срок за пазене.")
    if answer["next"]:
        print("До една година срокът изтича за:")
        _table(answer["next"])
    if not due or dry_run or not answer["due"]:
        return
    if answer["copies"]:
        print("В тези копия заличеното остава:", *answer["copies"], sep="\n  ")
    if not confirm:
        if not sys.stdin.isatty():
            messages.print("Нищо не е заличено: заличаването не може да се отмени, затова се потвърждава с --yes.")
            raise typer.Exit(1)
        if input("Заличаването не може да се отмени. Напишете „заличи“: ").strip().lower() != "заличи":
            print("Нищо не е заличено.")
            raise typer.Exit(1)
    done = door.have(path, {"do": "forget"})
    if done["protocol"]:
        print(done["protocol"])
    if done["left"]:
        messages.print(
            "Файлът на базата още не е записан наново (няма място или някой я чете): става при следващото отваряне.",
            soft_wrap=True,
        )


def _table(things: list[dict[str, Any]]) -> None:
    for thing in things:
        since = f"; изтича на {day(date.fromisoformat(thing['since']))}" if thing["since"] else ""
        print(f"  {thing['kind']}, {thing['of']}: {counted(thing['rows'], 'ред')} ({thing['term']}{since})")
