"""`obhvat audit`: who looked at what, as a table and as CSV, and whether it was changed."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest
from filling import put
from program import command
from store_files import copy_store

from obhvat.ingest import Source
from obhvat.people import ALONE, ROLES, Viewer
from obhvat.people.log import looked
from obhvat.store import Store
from obhvat.store.files import looks_of
from obhvat.store.history import history

REGISTER = """Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
9000101;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище
"""
ANNA = Viewer("Анна", ROLES["expert"])
BORIS = Viewer("Борис", ROLES["coordinator"], "Горун")


@pytest.fixture
def looked_at(blank_path: Path, tmp_path: Path) -> Path:
    """A closed store that two people looked at."""
    path = copy_store(blank_path, tmp_path)
    with Store(path) as store:
        put(store, [Source("институции.csv", REGISTER.encode())])
        looked(store, ANNA, "cases", cases=["ГР-1", "ГР-2"], place="областта")
        looked(store, ANNA, "case", cases=["ГР-1"])
        looked(store, BORIS, "case", cases=["ГР-2"])
        looked(store, BORIS, "upload", place="Отсъствия", n=12)
    return path


def told(path: Path, *arguments: str) -> list[list[str]]:
    done = command("audit", *arguments, "--csv", "--store", path, folder=path.parent)
    assert done.returncode == 0
    return [row[1:] for row in csv.reader(done.stdout.splitlines())][1:]


def test_lines_are_told_the_newest_first(looked_at: Path) -> None:
    expert, coordinator = ROLES["expert"].name, ROLES["coordinator"].name
    assert told(looked_at) == [
        ["Борис", coordinator, "качва файлове", "Отсъствия", "12"],
        ["Борис", coordinator, "отваря случай", "", "1"],
        ["Анна", expert, "отваря случай", "", "1"],
        ["Анна", expert, "вижда списък със случаи", "областта", "2"],
    ]


def test_a_case_and_a_person_are_asked_about(looked_at: Path) -> None:
    assert [row[0] for row in told(looked_at, "--case", "ГР-2")] == ["Борис", "Анна"]
    assert [row[2] for row in told(looked_at, "--case", "ГР-2", "--person", "Анна")] == ["вижда списък със случаи"]
    assert told(looked_at, "--case", "ГР-3") == []
    assert told(looked_at, "--until", "2020-01-01") == []
    assert len(told(looked_at, "--since", f"{datetime.now():%d.%m.%Y}")) == 4


def test_a_table_is_printed_without_csv(looked_at: Path) -> None:
    printed = command("audit", "--case", "ГР-1", "--store", looked_at, folder=looked_at.parent).stdout
    assert "отваря случай" in printed
    assert "Борис" not in printed
    none = command("audit", "--case", "ГР-9", "--store", looked_at, folder=looked_at.parent)
    assert none.stdout == "Няма запис за такова гледане.\n"


def test_a_whole_log_is_called_whole(looked_at: Path) -> None:
    done = command("audit", "verify", "--store", looked_at, folder=looked_at.parent)
    assert (done.returncode, done.stdout) == (0, "Записът кой какво е гледал е цял: 4 реда.\n")


def test_a_changed_and_a_missing_line_are_named(looked_at: Path) -> None:
    lines = looks_of(looked_at).read_text("utf-8").splitlines(keepends=True)
    looks_of(looked_at).write_text("".join([lines[0], lines[1].replace("Анна", "Вера"), lines[2]]), "utf-8")
    done = command("audit", "verify", "--store", looked_at, folder=looked_at.parent)
    assert done.returncode == 1
    assert "Променени, добавени или с липсващ ред пред тях: 2." in done.stdout
    assert "Липсващи в края: поне 1 ред;" in done.stdout


def test_it_is_read_when_the_store_cannot_be_opened(looked_at: Path) -> None:
    looked_at.write_bytes(b"\0" * 20_000)
    assert len(told(looked_at)) == 4
    done = command("audit", "verify", "--store", looked_at, folder=looked_at.parent)
    assert (done.returncode, done.stdout) == (0, "Записът кой какво е гледал е цял: 4 реда.\n")
    assert "не се знае дали в края не липсват редове" in done.stderr


def test_without_the_key_it_says_what_to_do(tmp_path: Path) -> None:
    done = command("audit", "--store", tmp_path / "none.duckdb", folder=tmp_path)
    assert (done.returncode, "няма ключ „none.key“" in done.stderr) == (5, True)


def test_commands_that_change_or_copy_the_store_are_in_it(looked_at: Path, tmp_path: Path) -> None:
    with Store(looked_at) as store:
        batch = int(history(store)["batch_id"].iloc[0])
    for arguments in (["undo", batch], ["undo", "--back", batch], ["backup", tmp_path / "copy.duckdb"]):
        assert command(*arguments, "--store", looked_at, folder=tmp_path).returncode == 0
    rows = told(looked_at)[:3]
    assert [row[2:4] for row in rows] == [
        ["прави копие на базата", ""],
        ["връща файлове в сила", f"файл № {batch}"],
        ["отменя файлове", f"файл № {batch}"],
    ]
    assert {row[1] for row in rows} == {ALONE.role.name}
