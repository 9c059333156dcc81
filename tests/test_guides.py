"""What is written for people: pointers lead somewhere, and what the program says of itself is so."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from places import ROOT

from obhvat import __version__

WRITTEN = sorted(
    path
    for folder in ("obhvat", "pages", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".toml", ".sql", ".typ", ".css", ".js"} and path != Path(__file__)
)
# „domain.md §1.4 (why) and §1.5“, over the ends of lines of a comment.
POINTER = re.compile(r"domain\.md\s((?:§\d(?:\.\d)?(?:\s\([^)]*\))?(?:,\s|;\s|\sand\s|\sto\s)?)+)")
SECTION = re.compile(r"§(\d(?:\.\d)?)")
HEADINGS = re.findall(r"^#{2,3} (\d(?:\.\d)?)\.? ", (ROOT / "obhvat" / "domain.md").read_text("utf-8"), re.M)


def pointing() -> list[tuple[str, str]]:
    """Every file that points to domain.md, with its text as one line."""
    texts = ((str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in WRITTEN)
    # What reads the text itself points nowhere in it.
    texts = ((name, text.replace('read_text("domain.md")', "")) for name, text in texts)
    return [(name, re.sub(r"\s*\n(?:\s*(?:#|--))?\s*", " ", text)) for name, text in texts if "domain.md" in text]


def test_a_section_of_the_domain_has_a_number_of_its_own():
    assert sorted(set(HEADINGS)) == sorted(HEADINGS)


@pytest.mark.parametrize(("name", "text"), pointing(), ids=[name for name, _ in pointing()])
def test_every_pointer_into_the_domain_leads_to_a_section(name: str, text: str):
    pointers = POINTER.findall(text)
    assert len(pointers) == text.count("domain.md"), "domain.md without a section"
    sections = {section for pointer in pointers for section in SECTION.findall(pointer)}
    assert sections - set(HEADINGS) == set()


def test_the_changelog_begins_with_this_version():
    changes = (ROOT / "obhvat" / "changelog.md").read_text("utf-8")
    assert changes.startswith(f"### {__version__} – ")


GUIDE = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")


def test_the_guide_names_what_is_there():
    written = re.findall(r"`([\w.]+(?:/[\w.]+)+/?|\w+\.(?:py|toml|md))`", GUIDE)
    named = [path for path in written if "NAME" not in path and not path.endswith("/")]
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_guide_draws_the_floors_as_they_are_checked():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["name"] == "Layers of the house"]
    floor_of = {name.strip(): floor for floor, names in enumerate(layers) for name in names.split("|")}
    drawn = [re.findall(r"`(\w[\w/]*)`", line.split("|")[1]) for line in GUIDE.splitlines() if line.startswith("| `")]
    floors = [sorted(floor_of[package.replace("/", ".")] for package in row) for row in drawn]
    assert all(above[-1] <= below[0] for above, below in pairwise(floors))
    folders = {name for name in floor_of if (ROOT / name.replace(".", "/")).is_dir()}
    assert {package.replace("/", ".") for row in drawn for package in row} == folders
