"""Commands that show the application: its server."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import Annotated, Literal

import typer

from obhvat import door
from obhvat.cli.options import BrowserOption, DemoOption, PortOption, StoreOption, VersionOption
from obhvat.cli.terminal import messages
from obhvat.errors import ObhvatError
from obhvat.folders import store_path
from obhvat.ui.starting import PORT, begin


def start(
    context: typer.Context,
    store: StoreOption = None,
    demo: DemoOption = False,
    port: PortOption = PORT,
    browser: BrowserOption = True,
    _version: VersionOption = False,
) -> None:
    """Стартира приложението в браузъра, когато няма друга команда."""
    if context.invoked_subcommand is None:
        serve(store, demo, port, browser)


def serve(
    store: StoreOption = None,
    demo: DemoOption = False,
    port: PortOption = PORT,
    browser: BrowserOption = True,
    together: Annotated[
        bool, typer.Option("--together", help="За много хора: всеки влиза и вижда каквото ролята му дава.")
    ] = False,
    provider: Annotated[
        Path | None,
        typer.Option(
            "--provider",
            envvar="OBHVAT_PROVIDER",
            help="Заедно с --together: файл с доставчика на акаунти (OpenID Connect).",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            help="Име на сървъра в мрежата, когато пред него стои друг; може повече от едно, и с OBHVAT_HOSTS.",
            show_default=False,
        ),
    ] = None,
    copies: Annotated[
        Path | None,
        typer.Option(
            "--copies",
            envvar="OBHVAT_COPIES",
            help="Всеки ден прави копие на базата в тази папка.",
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        Literal["text", "json"],
        typer.Option("--log", envvar="OBHVAT_LOG", help="Дневникът: за четене или по един ред JSON на събитие."),
    ] = "text",
) -> None:
    """Стартира приложението в браузъра."""
    path = store_path(store, "demo" if demo else "obhvat")
    running = door.running_at(path)
    if running:
        messages.print(f"обхват вече работи с тази база на {running}.")
        if browser:
            webbrowser.open(running)
        return
    if provider:
        _let_sign_in_with(provider, together=together)
    begin(
        path,
        port,
        open_browser=browser,
        together=together,
        names=name or os.environ.get("OBHVAT_HOSTS", "").split(),
        copies_in=copies.resolve() if copies else None,
        demo=demo,
        log=log,
    )


def _let_sign_in_with(file: Path, *, together: bool) -> None:
    """Tell the server of the provider. Raises ObhvatError for one that nobody could sign in with."""
    from obhvat.ui.signing import provider

    if not together:
        raise ObhvatError("Доставчикът на акаунти е за вход на много хора: добавете --together.")
    provider.declared(file)
    os.environ[provider.FILE] = str(file.resolve())
