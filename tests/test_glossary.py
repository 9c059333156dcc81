"""Every text a person may read says a thing by its word of the glossary."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from obhvat.glossary import terms

ROOT = Path(__file__).parents[1]
# What others write in their files must be understood, however they say it.
READ_NOT_WRITTEN = {"synonyms", "said", "captions", "words", "beginnings"}
# Files whose words are patterns to look for, or invented files of others.
PATTERNS = ("obhvat/demo/", "obhvat/layouts/", "obhvat/privacy/", "obhvat/glossary.toml", "obhvat/ingest/knowing/")
# A quotation of the law, a folder or a form that is known by its name.
ALLOWED = {
    "obhvat/datasets/submissions.toml": ["подавания"],
}


def of_python(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def of_toml(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from of_toml(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in READ_NOT_WRITTEN:
                yield from of_toml(item)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the program as (file, text)."""
    for path in sorted([*ROOT.glob("obhvat/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]):
        for text in of_python(path):
            yield str(path.relative_to(ROOT)), text
    for path in sorted(ROOT.glob("obhvat/**/*.toml")):
        for text in of_toml(tomllib.loads(path.read_text("utf-8"))):
            yield str(path.relative_to(ROOT)), text
    # The changelog speaks of what pages were called then.
    readme = (ROOT / "README.md").read_text("utf-8")
    yield from (("README.md", line) for line in readme.splitlines())


@cache
def looked_through() -> list[tuple[str, str]]:
    return [(file, text) for file, text in texts() if re.search("[а-я]{2}", text) and not file.startswith(PATTERNS)]


FORBIDDEN = [(term.word, pattern) for term in terms() for pattern in term.forbidden]


@pytest.mark.parametrize(("word", "pattern"), FORBIDDEN, ids=[pattern for _, pattern in FORBIDDEN])
def test_no_text_says_it_otherwise(word: str, pattern: str) -> None:
    wrong = [
        (file, text)
        for file, text in looked_through()
        if re.search(pattern, text) and text not in ALLOWED.get(file, [])
    ]
    assert not wrong, f"„{word}“ is the word"


def test_the_texts_of_the_program_are_looked_through() -> None:
    files = {file for file, _ in looked_through()}
    assert {"pages/help.py", "obhvat/metrics/metrics.toml", "obhvat/texts.py", "README.md"} <= files
    assert len(looked_through()) > 2500


def test_every_term_is_explained_once() -> None:
    words = [term.word for term in terms()]
    assert len(words) == len(set(words)) >= 40
    assert all(term.meaning and term.english and term.avoid for term in terms())
