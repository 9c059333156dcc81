"""Commands that start the application without a terminal and stop it: what a double click does."""

from __future__ import annotations

from obhvat.cli.options import DemoOption, StoreOption
from obhvat.door import double_click
from obhvat.folders import store_path


def launch(store: StoreOption = None, demo: DemoOption = False) -> None:
    """Стартира приложението без прозорец, отваря го в браузъра и приключва."""
    double_click.launch(store_path(store, "demo" if demo else "obhvat"), demo=demo)


def stop(store: StoreOption = None, demo: DemoOption = False) -> None:
    """Спира приложението, което работи с базата."""
    double_click.stop(store_path(store, "demo" if demo else "obhvat"))
