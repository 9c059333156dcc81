"""What a command says of more files than anyone reads lines about."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from obhvat.cli import app


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Of the register and a hundred and one schools' months, one of them with a row that goes back."""
    folder = tmp_path_factory.mktemp("months")
    head = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38"
    schools = (f"{9001001 + n};ОУ „Изгрев“ {n};Каменград;Община {n};с. Ново;основно училище" for n in range(101))
    (folder / "институции.csv").write_text("\n".join([head, *schools]), "utf-8")
    for n in range(101):
        row = f"{9001001 + n}|2023|10||{1_299_000_000 + n}|А|Б|В|05|50||5а|1||1.00|{'-2' if n == 7 else '2'}.00"
        second = f"{9001001 + n}|2023|10||{1_299_500_000 + n}|А|Б|В|05|50||5а|1||1.00|2.00"
        path = folder / f"{9001001 + n}_2023_10_File.txt"
        path.write_bytes(f"{row}\r\n{second}\r\n".encode("windows-1251"))
    told = CliRunner().invoke(app, ["check", str(folder), "--store", str(folder.parent / "none.duckdb")])
    assert told.exit_code == 3, told.output
    return told.output.splitlines()


def test_only_those_are_named_about_which_there_is_something_to_say(said: list[str]) -> None:
    assert {line[:7] for line in said if line.startswith("90")} == {"9001008"}


def test_the_others_are_counted_with_their_rows(said: list[str]) -> None:
    assert "Без забележки: 101 файла, 301 реда." in said
