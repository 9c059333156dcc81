"""The rules of the house: linters, layers, sizes, and who may know what."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

MODULES = sorted((ROOT / "obhvat").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TOP = {"pyproject.toml", "README.md", "app.py", "pages", "obhvat", "data", "tests", "requirements.txt", "LICENSE"}
SQL = re.compile(
    r"\bselect\b.+\bfrom\b|\binsert\s+into\b|\bdelete\s+from\b|\bcreate\s+table\b|\bupdate\b.+\bset\b", re.S
)
SAYS_HIDDEN = re.compile(r'"скр(ито|\.)"')
STREAMLIT = re.compile(r"^\s*(import|from) streamlit\b", re.M)


def ran(name: str, *arguments: str) -> tuple[int, str]:
    """A tool of the same environment run on the house."""
    tool = shutil.which(name, path=str(Path(sys.executable).parent))
    assert tool, f"{name} is not installed"
    done = subprocess.run([tool, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8")
    return done.returncode, "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_linter_finds_nothing() -> None:
    assert ran("ruff", "check", "--no-cache") == (0, "")


def test_everything_is_formatted() -> None:
    assert ran("ruff", "format", "--check", "--no-cache") == (0, "")


def test_the_types_agree() -> None:
    assert ran("ty", "check", "obhvat", "pages", "tests", "app.py") == (0, "")


def test_imports_go_one_way() -> None:
    assert ran("lint-imports", "--no-cache") == (0, "")


@pytest.mark.parametrize(("files", "most"), [([*MODULES, *PAGES, *TESTS], 399), (PAGES, 199)], ids=["modules", "pages"])
def test_a_module_is_under_four_hundred_lines_and_a_page_under_two_hundred(files: list[Path], most: int) -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: n for name, n in lines.items() if n > most} == {}


def test_what_is_hidden_is_decided_and_said_in_disclosure_alone() -> None:
    others = [path for path in (*MODULES, *PAGES) if not path.is_relative_to(ROOT / "obhvat" / "disclosure")]
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in others}
    assert [n for n, text in texts.items() if re.search(r"\bShown\(|hidden_parts|disclosure\.suppression", text)] == []
    # The help page explains the word.
    assert [n for n, text in texts.items() if SAYS_HIDDEN.search(text) and Path(n).name != "steps.py"] == []


def test_a_page_speaks_no_sql() -> None:
    texts = {path.name: path.read_text("utf-8") for path in PAGES}
    assert [name for name, text in texts.items() if SQL.search(text)] == []
    assert [name for name, text in texts.items() if re.search(r"^\s*(import|from) duckdb\b", text, re.M)] == []


def test_only_ui_pages_and_app_know_streamlit() -> None:
    knowing = {p.relative_to(ROOT).parts[:2] for p in MODULES if STREAMLIT.search(p.read_text("utf-8"))}
    assert knowing == {("obhvat", "ui")}


def test_the_application_only_starts_the_shell() -> None:
    """app.py is no package, so import-linter does not see it."""
    text = (ROOT / "app.py").read_text("utf-8")
    assert re.findall(r"^\s*(?:from|import) (\S+)", text, re.M) == ["obhvat.ui.shell"]


def test_the_top_level_holds_only_what_belongs_there() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    tops = {line.strip('"').split("/")[0] for line in listed.splitlines()}
    assert {top for top in tops if not top.startswith(".")} <= TOP


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in TESTS if path.name != "conftest.py"]
    assert sorted(set(names)) == sorted(names)


def test_no_store_or_key_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert not re.search(r"\.(duckdb|key|wal)\"?$", listed, re.M)
    # Nor in an archive, but for the invented ones that released versions left.
    archives = [path for path in listed.splitlines() if re.search(r"\.(zip|gz|xz|bz2|7z|tar)\"?$", path)]
    assert [path for path in archives if not path.startswith("tests/store/released_stores/")] == []
