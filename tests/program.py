"""The command line as people use it: a process of its own, or in this one, which is quicker."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from obhvat.cli import app

ENCODING = {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}


def environment(**more: str) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("OBHVAT")}
    return own | ENCODING | more


def obhvat(*arguments: object, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and wait for it; `more` are environment variables."""
    return subprocess.run(
        [sys.executable, "-m", "obhvat", *map(str, arguments)],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
    )


def command(*arguments: object, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and wait for it, in this process: the same but the start and the encoding."""
    others = {name: None for name in os.environ if name.startswith("OBHVAT")}
    with contextlib.chdir(folder):
        result = CliRunner(env=others | ENCODING | more).invoke(app, [*map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess([*map(str, arguments)], result.exit_code, result.stdout, result.stderr)
