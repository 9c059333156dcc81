"""The program as people start it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
