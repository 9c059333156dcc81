"""Commands that copy the store and put a copy back, while the application runs, too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from obhvat import door
from obhvat.cli.options import StoreOption, store_path
from obhvat.cli.terminal import messages, say_clock
from obhvat.errors import StoreBusy, StoreUnusable
from obhvat.texts import counted


def backup(
    target: Annotated[Path, typer.Argument(help="Файл или папка.", show_default=False)] = Path(),
    store: StoreOption = None,
) -> None:
    """Прави копие на базата, и докато приложението работи. Ключът се пази отделно."""
    from obhvat.store import Store
    from obhvat.store import backup as copying
    from obhvat.store.owner import is_private

    path = store_path(store)
    try:
        with Store(path, create=False) as opened:
            copy = copying.backup(opened, target.resolve())
    except StoreBusy as busy:
        copy = Path(door.ask(path, busy, {"do": "backup", "path": str(target.resolve())})["path"])
    print(f"Копието е в „{copy}“ и е прочетено цяло.")
    messages.print(copying.what_a_copy_is(path.with_suffix(".key").name))
    if not is_private(copy):
        messages.print("Тази папка не пази права: копието може да се прочете от всеки, който има достъп до нея.")


def restore(
    copy: Annotated[Path, typer.Argument(help="Копие, направено с backup.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Връща копие на мястото на базата, и докато приложението работи. Сегашната база остава до нея."""
    from obhvat.store import Store
    from obhvat.store import backup as copying
    from obhvat.store.pseudonyms import key_path

    path = store_path(store)
    try:
        opened = Store(path, create=False)
    except StoreUnusable:
        # There is no store, or it is damaged: that is what backups are for.
        former = copying.restore_closed(path, copy.resolve())
    except StoreBusy as busy:
        answer = door.ask(path, busy, {"do": "restore", "path": str(copy.resolve())})
        former = Path(answer["kept"]) if answer["kept"] else None
    else:
        with opened:
            former = copying.restore(opened, copy.resolve())
    print(f"Базата е върната от „{copy}“.")
    if former:
        print(f"Предишната е запазена в „{former}“.")
    if not key_path(path).exists():
        messages.print(f"До нея липсва ключът „{key_path(path).name}“: върнете го, за да може да се отвори.")


def check_store(store: StoreOption = None) -> None:
    """Чете цялата база – всяка таблица и всеки ред – и казва дали е здрава, и докато приложението работи."""
    from obhvat.store import Store
    from obhvat.store.sound import check

    path = store_path(store)
    try:
        with Store(path, create=False) as opened:
            rows = check(opened)
            say_clock(opened)
    except StoreBusy as busy:
        rows = door.ask(path, busy, {"do": "check-store"})["rows"]
    tables, lines = counted(len(rows), "таблица"), counted(sum(rows.values()), "ред")
    print(f"„{path.name}“ е прочетена цяла: {tables}, {lines}. Здрава е.")
