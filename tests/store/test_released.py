"""Stores that the released versions made, with their keys and copies: today's program opens each, brings it up to date
and says of it what that version said. How they were made: `released.py`."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program import command
from released import STORES, TEMPLATES, WHO, figures_of, work_of
from viewers import expert

from obhvat import __version__
from obhvat.ingest.undoing import mark
from obhvat.metrics.figures import figure
from obhvat.periods import parse_period
from obhvat.resources import read_text
from obhvat.store import Store
from obhvat.store.backup import restore
from obhvat.store.history import history
from obhvat.store.schema import SCHEMA_VERSION

RELEASED = sorted(STORES.glob("*.zip"))


@pytest.fixture(scope="module", params=RELEASED, ids=lambda path: path.stem)
def unpacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def told(unpacked: Path) -> dict[str, list[Any]]:
    """What the version that made the store said of it."""
    return json.loads((unpacked / "said.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def store(unpacked: Path) -> Iterator[Store]:
    """The store, opened by today's program. Who changes it puts it back as it was."""
    with Store(unpacked / "obhvat.duckdb") as opened:
        yield opened


def test_every_released_version_left_a_store() -> None:
    versions = re.findall(r"^### (\S+) – ", read_text("changelog.md"), re.M)
    assert versions[0] == __version__
    assert {path.stem for path in RELEASED} >= set(versions[1:])


def test_all_in_it_is_invented(store: Store) -> None:
    files = history(store)
    assert set(files["committed_by"]) == {WHO.person}
    invented = {file.name for file in TEMPLATES.glob("*.csv")} | {"отсъствия-11.csv", "отсъствия-12.csv"}
    assert set(files["file_name"]) <= invented
    assert store.rows("select distinct entered_by from entries") == [(WHO.person,)]


def test_it_is_brought_up_to_date_and_read_whole(store: Store, unpacked: Path) -> None:
    assert store.remembered("schema") == str(SCHEMA_VERSION)
    with store.closed():
        checked = command("check-store", "--store", store.path, folder=unpacked)
    assert (checked.returncode, checked.stdout.splitlines()[-1][-9:]) == (0, "Здрава е.")


def test_what_was_said_of_it_is_said_today(store: Store, told: dict[str, list[Any]]) -> None:
    assert figures_of(store, (tuple(row[:4]) for row in told["figures"])) == told["figures"]
    assert len(told["figures"]) > 100


def test_its_meeting_decisions_and_cases_are_as_they_were_left(store: Store, told: dict[str, list[Any]]) -> None:
    assert work_of(store) == {what: rows for what, rows in told.items() if what != "figures"}
    assert all(told.values())


def test_what_was_uploaded_and_undone_then_is_undone_and_brought_back_today(store: Store) -> None:
    newest, before = history(store)["batch_id"].tolist()[:2]

    def missed(month: str) -> float | None:
        return figure(store, "unexcused_per_pupil", parse_period(month)).n

    assert (missed("2023-11"), missed("2023-12")) == (16, None)
    mark(store, expert(), [newest], "redo")
    mark(store, expert(), [before], "undo")
    assert (missed("2023-11"), missed("2023-12")) == (None, 9)
    mark(store, expert(), [newest], "undo")
    mark(store, expert(), [before], "redo")
    assert (missed("2023-11"), missed("2023-12")) == (16, None)


def test_a_copy_of_then_is_put_back_today(store: Store, unpacked: Path, told: dict[str, list[Any]]) -> None:
    files = len(history(store))
    kept = restore(store, unpacked / "copy.duckdb")
    assert kept is not None
    try:
        # Before its last file arrived and was taken back.
        assert len(history(store)) == files - 1
        assert {"figures": told["figures"]} | work_of(store) == told
    finally:
        restore(store, kept)
    assert len(history(store)) == files
