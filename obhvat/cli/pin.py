"""The command for a PIN that was forgotten."""

from __future__ import annotations

import typer

from obhvat.cli.options import StoreOption
from obhvat.folders import store_path

app = typer.Typer(help="ПИН на програмата. Командният ред е на потребителя на компютъра и не пита за ПИН.")


@app.callback()
def _pin() -> None:
    """Makes `clear` a command of its own name."""


@app.command()
def clear(store: StoreOption = None) -> None:
    """Премахва ПИН, когато е забравен, и докато приложението работи. Нов се задава в „Настройки“."""
    from obhvat.people.pin import clear_pin

    had = clear_pin(store_path(store))
    print("ПИН е премахнат. Нов се задава в „Настройки“, „ПИН и заключване“." if had else "ПИН не е зададен.")
