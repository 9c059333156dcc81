"""The commands, from an oblast's store to the ministry's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from filling import begin
from small_oblast import absences, listing, put, register
from store_files import copy_store, throw_away
from typer.testing import CliRunner, Result

from obhvat.cli import app
from obhvat.store import Store


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def oblast(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small store that says it is invented, closed."""
    opened = begin(Store(copy_store(blank_path, tmp_path_factory.mktemp("oblast"))))
    put(opened, register(), listing("9000101", date(2023, 9, 15), 30), at=datetime(2023, 9, 20))
    put(opened, absences("9000101", 10, [6] * 9 + [0] * 21), at=datetime(2023, 11, 3))
    opened.remember("demo", "small")
    opened.close()
    yield opened.path
    throw_away(opened)


def test_a_file_goes_from_the_oblast_to_the_ministry(oblast: Path, tmp_path: Path) -> None:
    sent, key, ministry = tmp_path / "числа.jsonl", tmp_path / "ключ.pem", tmp_path / "country.duckdb"
    made = run("figures", "export", sent, "--period", "2023-10", "--store", oblast)
    shown = run("figures", "key", key, "--store", oblast)
    enrolled = run("country", "trust", "Каменград", key, "--store", ministry)
    fingerprint = made.stdout.rstrip(".\n").rpartition("Ключ: ")[2]
    assert len(fingerprint.split()) == 6
    assert fingerprint in shown.output
    assert fingerprint in enrolled.stdout
    taken = run("country", "import", sent, "--store", ministry)
    assert (taken.exit_code, "област Каменград, октомври 2023 г. – " in taken.stdout) == (0, True)
    changed = tmp_path / "друго.jsonl"
    changed.write_bytes(sent.read_bytes().replace(b'"n":9', b'"n":8'))
    refused = run("country", "import", changed, "--store", ministry)
    assert (refused.exit_code, "променен след подписването" in refused.output) == (2, True)
    both = run("country", "import", sent, changed, "--store", ministry)
    assert (both.exit_code, "вече е записан" in both.stdout) == (3, True)
    assert (
        f"Каменград: последно за октомври 2023 г.; ключ {fingerprint}"
        in run("country", "list", "--store", ministry).stdout
    )
    assert "Числа на област" in run("undo", "--store", ministry).stdout


def test_an_invented_country_is_gathered_from_its_stores(oblast: Path, tmp_path: Path) -> None:
    made = run("country", "demo", oblast.parent, "--store", tmp_path / "country.duckdb")
    assert "Готово: 1 област" in made.stdout
    with Store(tmp_path / "country.duckdb") as country:
        assert country.rows("select distinct oblast, month from country_files") == [("Каменград", date(2023, 10, 1))]
        assert country.remembered("demo") is not None


def test_an_invented_country_does_not_join_a_real_one(oblast: Path, tmp_path: Path) -> None:
    ministry, key = tmp_path / "country.duckdb", tmp_path / "key.pem"
    run("figures", "key", key, "--store", oblast)
    run("country", "trust", "Истинска", key, "--store", ministry)
    refused = run("country", "demo", oblast.parent, "--store", ministry)
    assert refused.exit_code == 1
    assert "вписани истински области" in refused.output
    assert "Каменград" not in run("country", "list", "--store", ministry).stdout


def test_stores_that_are_not_invented_are_not_gathered(blank_path: Path, tmp_path: Path) -> None:
    folder = copy_store(blank_path, tmp_path / "real").parent
    refused = run("country", "demo", folder, "--store", tmp_path / "country.duckdb")
    assert refused.exit_code == 1
    assert "не е измислена област" in refused.output


@pytest.mark.parametrize("period", ["2023-I", "2023"])
def test_figures_are_sent_of_a_month(oblast: Path, tmp_path: Path, period: str) -> None:
    assert run("figures", "export", tmp_path, "--period", period, "--store", oblast).exit_code == 2
