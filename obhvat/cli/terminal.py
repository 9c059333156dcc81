"""What a command says while it works, on the error stream: its output stays clean."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

messages = Console(stderr=True, highlight=False)


@contextlib.contextmanager
def progress(label: str) -> Generator[Callable[[int, int], None]]:
    """A bar; gives a function to be told (done, of how many)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def say_clock(answer: dict[str, Any]) -> None:
    """Say it when something was recorded by a clock that was ahead."""
    if clock := answer.pop("clock", None):
        messages.print(clock, soft_wrap=True)
