"""Commands that show the application: its server."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Literal

import typer

from obhvat import door
from obhvat.cli.options import BrowserOption, DemoOption, PortOption, StoreOption, VersionOption, store_path
from obhvat.cli.terminal import messages
from obhvat.errors import ObhvatError
from obhvat.folders import packed_demo

_PORT = 8501
_HERE = "127.0.0.1"


def start(
    context: typer.Context,
    store: StoreOption = None,
    demo: DemoOption = False,
    port: PortOption = _PORT,
    browser: BrowserOption = True,
    _version: VersionOption = False,
) -> None:
    """Стартира приложението в браузъра, когато няма друга команда."""
    if context.invoked_subcommand is None:
        serve(store, demo, port, browser)


def serve(
    store: StoreOption = None,
    demo: DemoOption = False,
    port: PortOption = _PORT,
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
    builder = None
    # What is carried is there in a moment, and without another process; where copies are kept the store is told at the
    # start, when the other would still hold it.
    if demo and not copies and not path.exists() and not packed_demo().exists():
        command = [sys.executable, "-m", "obhvat.demo", str(path)]
        builder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    # Takes as long to import as the demonstration's first files to be made.
    from obhvat.ui import logs, server

    if log == "json":
        logs.write_lines()
    free = _free_port(port)
    if log == "text":
        messages.print(f"обхват работи на http://127.0.0.1:{free} (спиране: Ctrl+C)")
    try:
        server.serve(
            path,
            free,
            open_browser=browser,
            together=together,
            names=name or os.environ.get("OBHVAT_HOSTS", "").split(),
            copies_in=copies.resolve() if copies else None,
            demo=demo,
            demo_builder=builder,
        )
    finally:
        if builder:
            builder.terminate()


def _let_sign_in_with(file: Path, *, together: bool) -> None:
    """Tell the server of the provider. Raises ObhvatError for one that nobody could sign in with."""
    from obhvat.ui.signing import provider

    if not together:
        raise ObhvatError("Доставчикът на акаунти е за вход на много хора: добавете --together.")
    provider.declared(file)
    os.environ[provider.FILE] = str(file.resolve())


def _free_port(wanted: int) -> int:
    """A port on which nobody answers and one may: the wanted one, one of the next, or whichever the system gives.
    Windows keeps whole ranges for itself, on which nobody answers."""
    return next(filter(_is_free, range(wanted, wanted + 20)), None) or _given_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Windows asks three times, in two seconds, where nobody answers.
        probe.settimeout(0.2)
        if probe.connect_ex((_HERE, port)) == 0:
            return False
    with contextlib.suppress(OSError), socket.socket() as mine:
        if os.name != "nt":
            # As the server does: an application that has just stopped has left the port to us.
            mine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        mine.bind((_HERE, port))
        return True
    return False


def _given_port() -> int:
    with socket.socket() as mine:
        mine.bind((_HERE, 0))
        return mine.getsockname()[1]
