"""Commands that copy the store and put a copy back, while the application runs, too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import messages, say_clock
from obhvat.folders import store_path
from obhvat.texts import counted


def backup(
    target: Annotated[Path, typer.Argument(help="Файл или папка.", show_default=False)] = Path(),
    store: StoreOption = None,
) -> None:
    """Прави копие на базата, и докато приложението работи. Ключът се пази отделно."""
    from obhvat.store import backup as copying
    from obhvat.store.owner import is_private

    path = store_path(store)
    copy = Path(door.have(path, {"do": "backup", "path": str(target.resolve())})["path"])
    print(f"Копието е в „{copy}“ и е прочетено цяло.")
    messages.print(copying.what_a_copy_is(path.with_suffix(".key").name))
    if not is_private(copy):
        messages.print("Тази папка не пази права: копието може да се прочете от всеки, който има достъп до нея.")


def restore(
    copy: Annotated[Path, typer.Argument(help="Копие, направено с backup.", show_default=False)],
    confirm: Annotated[bool, typer.Option("--yes", help="Не пита за онова, което излиза от изглед.")] = False,
    store: StoreOption = None,
) -> None:
    """Връща копие на мястото на базата, и докато приложението работи. Сегашната база остава до нея."""
    from obhvat.store.pseudonyms import key_path

    path = store_path(store)
    # Said before it is done; somebody who sits there may still think better of it.
    if words := door.have(path, {"do": "since-copy", "path": str(copy.resolve())})["words"]:
        print(words)
        if sys.stdin.isatty() and not confirm and input("Да се върне ли копието (да/не)? ").strip().lower() != "да":
            print("Копието не е върнато; нищо не е променено.")
            raise typer.Exit(1)
    kept = door.have(path, {"do": "restore", "path": str(copy.resolve())})["kept"]
    print(f"Базата е върната от „{copy}“.")
    if kept:
        print(f"Предишната е запазена в „{kept}“.")
    if not key_path(path).exists():
        messages.print(f"До нея липсва ключът „{key_path(path).name}“: върнете го, за да може да се отвори.")


def check_store(store: StoreOption = None) -> None:
    """Чете цялата база – всяка таблица и всеки ред – и казва дали е здрава, и докато приложението работи."""
    path = store_path(store)
    answer = door.have(path, {"do": "check-store"})
    say_clock(answer)
    rows = answer["rows"]
    tables, lines = counted(len(rows), "таблица"), counted(sum(rows.values()), "ред")
    print(f"„{path.name}“ е прочетена цяла: {tables}, {lines}. Здрава е.")
