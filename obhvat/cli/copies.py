"""Commands that copy the store and put a copy back, while the application runs, too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from obhvat import door
from obhvat.cli.options import StoreOption, store_path
from obhvat.cli.terminal import messages
from obhvat.errors import StoreBusy, StoreUnusable


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
    print(f"Копието е в „{copy}“.")
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

    path = store_path(store)
    try:
        with Store(path, create=False) as opened:
            former = copying.restore(opened, copy.resolve())
    except StoreUnusable:
        # There is no store, or it is damaged: that is what backups are for.
        former = copying.restore_closed(path, copy.resolve())
    except StoreBusy as busy:
        answer = door.ask(path, busy, {"do": "restore", "path": str(copy.resolve())})
        former = Path(answer["kept"]) if answer["kept"] else None
    print(f"Базата е върната от „{copy}“.")
    if former:
        print(f"Предишната е запазена в „{former}“.")
