"""Files that lie beside the code: queries, declarations, texts, each read once. A path is written from obhvat/ on."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


@cache
def read_text(path: str) -> str:
    """The text of a file: read_text("changelog.md"). Raises FileNotFoundError."""
    return files("obhvat").joinpath(path).read_text("utf-8")


def read_sql(path: str) -> str:
    """The text of an SQL file: read_sql("cases/sql/spans.sql"). Raises FileNotFoundError."""
    return read_text(path)


@cache
def read_toml(path: str) -> dict[str, Any]:
    """What a TOML file declares: read_toml("cases/terms.toml"). Raises FileNotFoundError.

    The dictionary is shared: do not change it.
    """
    return tomllib.loads(read_text(path))


def read_toml_at(path: Path) -> dict[str, Any]:
    """What a TOML file of the user's declares. Raises OSError, and ValueError for one that is no TOML."""
    return tomllib.loads(path.read_text("utf-8"))
