"""No text is missing in either language, and nothing shown is left out of the catalogue."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
from catalogue import CYRILLIC, ROOT, catalogue, extracted

from obhvat.texts import NOUNS

NOT_SHOWN = {
    # Files are read by these words, and documents are Bulgarian whoever looks.
    "obhvat/demo",
    "obhvat/layouts",
    "obhvat/datasets",
    "obhvat/ingest/checking/checks.py",
    "obhvat/ingest/checking/dates.py",
    "obhvat/ingest/knowing/schools.py",
    "obhvat/ingest/knowing/words.py",
    "obhvat/ingest/reading/returned.py",
    "obhvat/ingest/checking/texts.py",
    "obhvat/sums/numbers.py",
    "obhvat/sums/ratios.py",
    "obhvat/sums/sentence.py",
    # Said in the terminal, to who starts the server.
    "obhvat/ui/signing/provider.py",
    # What files beside the store are called.
    "obhvat/store/files.py",
    "obhvat/privacy/names.py",
    "obhvat/privacy/words.py",
    "obhvat/reports",
    # Slides are shown in the room and frozen with the meeting: Bulgarian whoever looks. So are letters.
    "obhvat/charts/slides",
    "obhvat/meeting/absence_slides.py",
    "obhvat/meeting/case_slides.py",
    "obhvat/meeting/figure_slides.py",
    "obhvat/meeting/letters.py",
    "obhvat/meeting/slides.py",
    # Of this machine's administrator, before anybody chose a language.
    "obhvat/attack",
    "obhvat/bench.py",
    "obhvat/cli",
    "obhvat/door",
    "obhvat/ui/doorkeeper.py",
    "obhvat/ui/server.py",
    # What people and addresses write; what is shown of it is translated.
    "obhvat/periods.py",
    # Both languages in one place.
    "obhvat/texts.py",
    "obhvat/ui/languages.py",
    "obhvat/ui/words.py",
}


def fields(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_every_text_is_in_the_catalogue_and_no_other() -> None:
    translated = {(*(m.id if isinstance(m.id, tuple) else (m.id, None)), m.context) for m in catalogue() if m.id}
    assert translated ^ extracted().keys() == set(), "run tests/language/catalogue.py and translate"


def test_every_text_is_translated() -> None:
    without = [m.id for m in catalogue() if m.id and not all(m.string if isinstance(m.string, tuple) else [m.string])]
    assert without == []


def test_a_translation_fills_in_the_same_places() -> None:
    differ = [
        (m.id, m.string)
        for m in catalogue()
        if m.id and isinstance(m.id, str) and isinstance(m.string, str) and m.string and "{" in m.id + m.string
        if fields(m.id) - _GRAMMAR != fields(m.string) - _GRAMMAR
    ]
    assert differ == []


_IN_FILES = r"\S+\.zip|\b\d{4}-лято|„[^“]*“|“[^”]*”|\([^)]*\)|\{\{.*?\}\}|\S*-\S*\{\S*|\S*\{\S*-\S*"
_EXAMPLES = "obhvat/ui/widgets/own_sums.py"
"""Sentences to be checked are Bulgarian."""
_GRAMMAR = {"by", "with_word"}
"""What only Bulgarian says."""


def test_no_translation_is_bulgarian() -> None:
    left = [
        m.string
        for m in catalogue()
        if m.id
        and _EXAMPLES not in (file for file, _line in m.locations)
        and CYRILLIC.search(str(m.string))
        and not _quotes(str(m.string))
    ]
    assert left == []


def _quotes(english: str) -> bool:
    """Whether Bulgarian stands only as what a person writes or reads in a file, or names one."""
    return not CYRILLIC.search(re.sub(_IN_FILES, "", english))


@cache
def unwrapped(path: Path) -> list[str]:
    """Cyrillic literals of a module that are neither translated, nor docstrings, patterns or nouns: those
    are translated where they are counted."""
    tree = ast.parse(path.read_text("utf-8"))
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            passed.update(map(id, ast.walk(node)) if isinstance(node.value, ast.Constant) else ())
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            is_pattern = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
            if is_pattern or name in ("_", "N_", "B_", "ngettext", "pgettext", *NOUN_TAKERS):
                passed.update(id(inside) for argument in node.args for inside in ast.walk(argument))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed
        if CYRILLIC.search(node.value) and node.value not in NOUNS
    ]


NOUN_TAKERS = ("counted", "noun", "out_of", "one_word", "was", "was_inside", "change")


def is_in(path: Path, places: set[str]) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name == place or name.startswith(f"{place}/") for place in places)


MODULES = [*sorted((ROOT / "obhvat").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if not is_in(path, NOT_SHOWN)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_text_that_is_shown_is_translated(path: Path) -> None:
    assert unwrapped(path) == []


def test_no_place_is_excused_that_has_nothing_left() -> None:
    left = {place for place in NOT_SHOWN if any(unwrapped(path) for path in MODULES if is_in(path, {place}))}
    assert left == NOT_SHOWN
