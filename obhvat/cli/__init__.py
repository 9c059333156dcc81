"""The command line: the same engine and the same report as the pages.

Exit codes: 0 done; 2 nothing could be read, or an unknown name; 3 done, but some rows were handed back or some
files wait for confirmation; 4 the store is open elsewhere; 5 the store or a backup cannot be used; 6 no room on
the disk; 1 anything else.
"""

from __future__ import annotations

import os
from typing import Any

import typer
from typer.core import TyperGroup

from obhvat.cli import (
    audit,
    background,
    bundle,
    copies,
    country,
    demo,
    disclosure,
    figures,
    files,
    forget,
    people,
    pin,
    serving,
)
from obhvat.cli.terminal import messages
from obhvat.errors import ObhvatError
from obhvat.folders import prepare_process


class Commands(TyperGroup):
    """A failure the user can act on is one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except Exception as error:
            from obhvat.store.trouble import in_one_sentence

            refused = in_one_sentence(error)
            if refused is None or (os.environ.get("OBHVAT_DEBUG") and not isinstance(error, ObhvatError)):
                raise
            sentence, code = refused
        messages.print(sentence, markup=False, soft_wrap=True)
        raise typer.Exit(code)


app = typer.Typer(
    cls=Commands,
    help="обхват: таблото на областния координационен център по Механизма за обхващане и задържане.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.callback(invoke_without_command=True)(serving.start)
for command in (
    serving.serve,
    demo.demo,
    background.launch,
    background.stop,
    files.check,
    files.import_,
    files.undo,
    files.read,
    files.bench,
    figures.figure,
    disclosure.disclosure,
    copies.backup,
    copies.restore,
    copies.check_store,
    forget.forget,
):
    app.command(command.__name__.rstrip("_").replace("_", "-"))(command)
app.add_typer(audit.app, name="audit")
app.add_typer(bundle.app, name="bundle")
app.add_typer(country.country, name="country")
app.add_typer(country.figures, name="figures")
app.add_typer(people.app, name="people")
app.add_typer(pin.app, name="pin")


def main() -> None:
    prepare_process()
    app()


__all__ = ["app", "main"]
