"""Options that several commands have. Each may stand before the command as well as after it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from obhvat import __version__


def _here_or_before_the_command(context: typer.Context, option: typer.CallbackParam, value: Any) -> Any:
    """The value that was given to the command, else the one that stands before it."""
    source = context.get_parameter_source(option.name)
    if context.parent is None or (source and source.name == "COMMANDLINE"):
        return value
    return context.find_root().params.get(option.name, value)


StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="OBHVAT_STORE",
        help="Файлът на базата.",
        show_default=False,
        callback=_here_or_before_the_command,
    ),
]
DemoOption = Annotated[
    bool,
    typer.Option("--demo", help="Покажи измислена област вместо своите данни.", callback=_here_or_before_the_command),
]
PortOption = Annotated[int, typer.Option(help="Порт на 127.0.0.1.", callback=_here_or_before_the_command)]


def _say_version(asked: bool) -> None:
    if asked:
        print(f"обхват {__version__}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="Казва версията на програмата.", callback=_say_version, is_eager=True)
]
BrowserOption = Annotated[bool, typer.Option(help="Отвори браузъра.", callback=_here_or_before_the_command)]
