"""Queries and declarations are read in one place."""

from __future__ import annotations

import re

import pytest
from places import ROOT

from obhvat.resources import read_sql, read_toml

FILES = sorted((ROOT / "obhvat").rglob("*.py"))


def test_a_file_is_read_by_its_path() -> None:
    assert read_sql("cases/sql/spans.sql") == (ROOT / "obhvat/cases/sql/spans.sql").read_text("utf-8")
    assert read_toml("indicators/possible.toml")["lessons_a_day"]["days"] == 1


def test_a_path_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        read_sql("cases/sql/nothing.sql")


def test_nothing_else_reads_sql_or_toml() -> None:
    reading = {
        path.relative_to(ROOT / "obhvat").as_posix()
        for path in FILES
        if re.search(r"\btomllib\b|\.(?:sql|toml)\"\)?\)?\.read_text", path.read_text("utf-8"))
    }
    assert reading == {"resources.py"}
