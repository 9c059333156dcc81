"""Whatever writes into the store is given who does it, and the pages have no other way to write."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ROOT

# What writes without a viewer, and who calls it instead of a page.
BELOW = {
    "obhvat.demo.packed.unpack_into": "obhvat.demo.load_demo, where no person brings anything",
    "obhvat.people.forgetting.forget": "obhvat.metrics.forgetting, with the figures that stay",
    "obhvat.people.signing_in.change_password": "one's own password, by the old one",
    "obhvat.store.backup.backup": "the copies, by obhvat.people.copying",
    "obhvat.store.backup.restore": "the command line, for who has the machine",
    "obhvat.store.entries.mark_entry": "tests",
    "obhvat.store.history.mark": "obhvat.ingest.undoing",
    "obhvat.store.memory.forget_profile": "obhvat.ingest.undoing",
    "obhvat.store.store.remember": "the settings of the program itself",
    "obhvat.store.word_forms.keep_form": "obhvat.reports.forms",
}
OF_WHO_SIGNS_IN = {"obhvat.people.signing_in.change_password"}
PAGES = sorted([*(ROOT / "obhvat" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
OPENS = {"transaction", "writing"}
NOT_OF_PAGES = ("obhvat.ui", "obhvat.cli", "obhvat.door", "obhvat.bench")


def calls(tree: ast.AST) -> Iterator[str]:
    """The names of what is called somewhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id


def writers() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions that pages could call and that begin a transaction."""
    for path in sorted((ROOT / "obhvat").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text("utf-8")
        if any(way in text for way in OPENS) and not module.startswith(NOT_OF_PAGES):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and OPENS & {*calls(node)}:
                    yield f"{module}.{node.name}", node


WRITERS = dict(writers())


def test_there_are_writers() -> None:
    assert len(WRITERS) > 25


@pytest.mark.parametrize("name", WRITERS)
def test_what_writes_is_given_who_does_it_and_asks_whether_they_may(name: str) -> None:
    asked = WRITERS[name].args
    given = {arg.arg: ast.unparse(arg.annotation) for arg in (*asked.args, *asked.kwonlyargs) if arg.annotation}
    viewers = [arg for arg, annotation in given.items() if annotation == "Viewer" and arg in ("viewer", "by")]
    assert bool(viewers) is (name not in BELOW)
    if viewers:
        assert any(called == "must" or called.startswith("must_") for called in calls(WRITERS[name]))


def test_each_is_tried_in_every_role() -> None:
    tried = ast.parse((ROOT / "tests" / "people" / "test_who_writes.py").read_text("utf-8"))
    named = {alias.name for node in ast.walk(tried) if isinstance(node, ast.ImportFrom) for alias in node.names}
    named |= {*calls(tried)}
    assert {name.rpartition(".")[2] for name in WRITERS if name not in BELOW} <= named


def test_none_is_excused_that_is_not_there() -> None:
    assert set(BELOW) <= set(WRITERS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_writes_only_through_them(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    taken = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    assert not taken & (set(BELOW) - OF_WHO_SIGNS_IN)
    # Without a cursor nothing can be written.
    assert not {"transaction", "writing", "cursor", "execute"} & {*calls(tree)}
    assert path.name == "session.py" or "remember" not in {*calls(tree)}
