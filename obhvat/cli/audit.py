"""Commands that say who looked at what, and whether that is written as it was."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import messages
from obhvat.folders import store_path
from obhvat.texts import counted, listed, number, out_of

_SHOWN = 100
_LINES_NAMED = 10
_CAPTIONS = ("Кога", "Кой", "В каква роля", "Какво", "Къде", "Деца или редове")
_DAYS = ["%Y-%m-%d", "%d.%m.%Y"]

app = typer.Typer(help="Кой какво е гледал.", rich_markup_mode=None, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def audit(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(help="Номер на случай.", show_default=False)] = None,
    person: Annotated[str | None, typer.Option(help="Кой е гледал.", show_default=False)] = None,
    since: Annotated[datetime | None, typer.Option(formats=_DAYS, help="От този ден.", show_default=False)] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAYS, help="До този ден.", show_default=False)] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Всички редове като CSV.")] = False,
    store: StoreOption = None,
) -> None:
    """Кой какво е гледал, изтеглил, качил и отменил, най-новото отгоре, и докато приложението работи."""
    if context.invoked_subcommand:
        return
    wish = {
        "do": "audit",
        "case": case,
        "person": person,
        "since": since and since.date().isoformat(),
        "until": until and until.date().isoformat(),
    }
    looks = door.have(store_path(store), wish)["looks"]
    rows = [_row(look) for look in looks]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(_CAPTIONS)
        writer.writerows(rows)
        return
    if not rows:
        print("Няма запис за такова гледане.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for caption in _CAPTIONS:
        table.add_column(caption, justify="right" if caption == _CAPTIONS[-1] else "left")
    for row in rows[:_SHOWN]:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)
    if len(rows) > _SHOWN:
        messages.print(f"Показани са последните {out_of(_SHOWN, len(rows), 'ред')}; всички са в --csv.")


def _row(look: dict[str, Any]) -> tuple[str, ...]:
    at = datetime.fromisoformat(look["at"])
    n = "" if look["n"] is None else str(look["n"])
    return f"{at:%d.%m.%Y %H:%M:%S}", look["person"], look["role"], look["what"], look["place"], n


@app.command("verify")
def verify(store: StoreOption = None) -> None:
    """Проверява дали записът е цял: дали няма променен, добавен или премахнат ред."""
    path = store_path(store)
    found = door.have(path, {"do": "audit-verify"})
    lines = counted(found["lines"], "ред")
    if not found["remembered"]:
        messages.print("Базата не се отваря, затова не се знае дали в края не липсват редове.")
    if found["cut"]:
        messages.print(f"По-старите редове, {number(found['cut'])}, са премахнати с изтекъл срок, с протокол.")
    if found["whole"]:
        print(f"Записът кой какво е гледал е цял: {lines}.")
        return
    print(f"Записът кой какво е гледал НЕ е какъвто е бил: {lines}.")
    if broken := found["broken"]:
        which = listed([number(n) for n in broken], most=_LINES_NAMED)
        print(f"Променени, добавени или с липсващ ред пред тях: {which}.")
    if found["missing"]:
        print(f"Липсващи в края: поне {counted(found['missing'], 'ред')}; базата помни, че ги е имало.")
    if found["exchanged"]:
        print("Записът не е този, който базата помни: подменен е или е променено запомненото за него.")
    print("Сравнете с файла „.looks“ до последното копие и съобщете на длъжностното лице по защита на данните.")
    raise typer.Exit(1)
