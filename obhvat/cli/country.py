"""Commands of figures that oblasts send: signing a month's, the key, and the store of the country."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import messages, progress, say_clock
from obhvat.errors import ObhvatError
from obhvat.folders import store_path
from obhvat.texts import counted

figures = typer.Typer(
    help="Числата на областта за министерството: само за областта, както за пресата, без ред за дете; един подписан "
    "файл на месец."
)
country = typer.Typer(
    help="База на страната: само числа, които областите са подписали. Отваря се с „obhvat --store country.duckdb“."
)
_USUAL, _DONE_IN_PART, _NOTHING_DONE = "country", 3, 2


@figures.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="Файл или папка; във файла може да се прочете какво се изпраща.", show_default=False)
    ],
    period: Annotated[str | None, typer.Option(help="Месец, 2024-01.", show_default="последният с отсъствия")] = None,
    store: StoreOption = None,
) -> None:
    """Записва подписан файл с числата за един месец. Първия път прави ключ за подписване до базата."""
    answer = door.have(store_path(store), {"do": "figures", "act": "export", "month": _month(period)})
    say_clock(answer)
    path = file / answer["name"] if file.is_dir() else file
    path.write_bytes(base64.b64decode(answer["data"]))
    print(f"Числата са записани и подписани в „{path}“. Ключ: {answer['fingerprint']}.")


@figures.command()
def key(
    file: Annotated[Path | None, typer.Argument(help="Файл; без него ключът се изписва.", show_default=False)] = None,
    store: StoreOption = None,
) -> None:
    """Ключът, с който министерството проверява подписа. Не е тайна; отпечатъкът му се сверява по телефона."""
    answer = door.have(store_path(store), {"do": "figures", "act": "key"})
    if file:
        file.write_text(answer["key"], "ascii")
        print(f"Ключът е записан в „{file}“.")
    else:
        print(answer["key"], end="")
    messages.print(f"Област {answer['oblast'] or '(няма регистър)'}, отпечатък: {answer['fingerprint']}")


@country.command()
def trust(
    oblast: Annotated[str, typer.Argument(help="Област, както е в регистъра ѝ.", show_default=False)],
    key_file: Annotated[Path, typer.Argument(metavar="КЛЮЧ", help="Файл от „obhvat figures key“.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Вписва област с ключа ѝ. Нов ключ замества стария: файл, подписан с него, вече не се приема."""
    wish = {"act": "trust", "oblast": oblast, "key": _sent(key_file)}
    kept = door.have(store_path(store, _USUAL), {"do": "country", **wish})
    print(f"Област {kept['oblast']} е вписана. Сверете отпечатъка с нея по телефона: {kept['fingerprint']}")


@country.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Файлове от областите.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Записва файлове на области. По-нов файл за същия месец замества по-стария; „obhvat undo“ отменя."""
    wish = {"act": "import", "files": [(file.name, _sent(file)) for file in files]}
    answer = door.have(store_path(store, _USUAL), {"do": "country", **wish})
    say_clock(answer)
    for done in answer["files"]:
        print(_what_became(done))
    refused = sum(bool(done["refused"]) for done in answer["files"])
    if refused:
        raise typer.Exit(_NOTHING_DONE if refused == len(files) else _DONE_IN_PART)


def _what_became(done: dict[str, Any]) -> str:
    if done["refused"]:
        return done["refused"]
    where = f"„{done['name']}“: област {done['oblast']}, {done['month']}"
    if done["is_known"]:
        return f"{where} – вече е записан."
    replaced = "; замества предишния файл" if done["is_replaced"] else ""
    return f"{where} – {counted(done['figures'], 'показател')}{replaced}."


@country.command()
def demo(
    folder: Annotated[
        Path, typer.Argument(help="Папка с базите от „obhvat demo --country ПАПКА“.", show_default=False)
    ],
    store: StoreOption = None,
) -> None:
    """Прави база на измислената страна: всяка област в папката подписва последния си месец и той се записва."""
    from obhvat.demo.gathered import gather
    from obhvat.store import Store

    path = store_path(store, _USUAL)
    stores = sorted(one for one in folder.glob("*.duckdb") if one.resolve() != path)
    if not stores:
        raise ObhvatError(f"В „{folder}“ няма бази. Направете ги с „obhvat demo --country {folder}“.")
    with Store(path) as opened, progress("Области") as bar:
        names = gather(opened, stores, bar)
    print(f"Готово: {counted(len(names), 'област')} в „{path}“. Отваря се с „obhvat --store {path}“.")


@country.command("list")
def list_(store: StoreOption = None) -> None:
    """Вписаните области, ключът на всяка и последният месец, който е изпратила."""
    answer = door.have(store_path(store, _USUAL), {"do": "country", "act": "list"})
    print("\n".join(_in_words(answer["oblasts"])))


def _in_words(oblasts: Sequence[dict[str, Any]]) -> list[str]:
    if not oblasts:
        return ["Още няма вписана област. Впишете с „obhvat country trust“."]
    lines = []
    for one in oblasts:
        last = f"последно за {_in_month(one['last_month'])}" if one["last_month"] else "няма файл"
        lines.append(f"{one['oblast']}: {last}; ключ {one['fingerprint']}")
    return lines


def _in_month(iso: str) -> str:
    from obhvat.periods import month_label

    return month_label(date.fromisoformat(iso))


def _sent(file: Path) -> str:
    try:
        return base64.b64encode(file.read_bytes()).decode("ascii")
    except OSError:
        raise ObhvatError(f"Файлът „{file}“ не може да се прочете. Проверете името и правата.") from None


def _month(text: str | None) -> str | None:
    from obhvat.periods import parse_period

    if text is None:
        return None
    period = parse_period(text)
    if period.kind != "month":
        raise typer.BadParameter("Числата се изпращат за месец, например 2024-01.")
    return period.months[0].isoformat()
