"""Names of people that an older program stored are replaced when this one opens the store, and told of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from older import older_store

from obhvat.store import Store
from obhvat.store.cleaning import replaced

OLD_SCHEMA = 9
"""The last that did not know names."""
NAMES = ("Ксенофонтина", "Пантелейкова", "Рангелова", "Спиридонка", "Рошманов")
SLIDE = {"key": "text", "title": "Училище „Христо Ботев“", "rows": [["майка Спиридонка Рангелова", "ОУ „Иван Вазов“"]]}


def row(connection: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    """A row of a table; columns that may not be empty and are not given are made up."""
    for name, data_type, is_nullable in connection.execute(
        "select column_name, data_type, is_nullable from duckdb_columns() where table_name = ?", [table]
    ).fetchall():
        if name not in values and not is_nullable:
            made_up = {"VARCHAR": "", "INTEGER": 1, "TIMESTAMP": "2024-03-01", "DATE": "2024-03-01"}
            values[name] = made_up.get(data_type, [])
    names = ", ".join(values)
    connection.execute(
        f"insert into {table} ({names}) values ({', '.join('$' + name for name in values)})", dict(values)
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which names stood, opened by this program: for reading only."""
    with Store(with_names(tmp_path_factory.mktemp("cleaned"))) as opened:
        yield opened


def with_names(folder: Path) -> Path:
    """A store in which a name stands everywhere it could come."""
    path = folder / "old" / "obhvat.duckdb"
    with older_store(path, OLD_SCHEMA) as old:
        row(old, "batches", file_name="Ксенофонтина Пантелейкова.csv", committed_by="Петър Стоянов")
        row(old, "batches", batch_id=2, file_name="СУ „Иван Вазов“.csv", columns=["Име", "майка Спиридонка Рангелова"])
        row(
            old, "rejected_rows", cells=["7а", "Спиридонка Рангелова", ""],
            faults=[{"field": "reason", "rule": "type", "value": "г-н Рошманов", "limit": "5"}],
        )  # fmt: skip
        for n in range(3):
            row(old, "absences", class_name=["Спиридонка Рангелова - ИФО", "7а", "7а"][n])
        row(old, "cases", number="КГ-1", reason_note="живее с майка си Спиридонка Рангелова")
        row(old, "schools", name="ОУ „Христо Ботев“", municipality="Елена")
        row(old, "decisions", text="Да се посети Спиридонка Рангелова в с. Бистрата", outcome="")
        row(old, "meetings", chair="Иван Петров", agenda=json.dumps(["risk", SLIDE], ensure_ascii=False))
        row(old, "frozen_slides", slide=json.dumps(SLIDE, ensure_ascii=False))
    return path


def test_names_are_replaced_in_every_text_that_was_stored(opened: Store) -> None:
    assert opened.rows("select file_name, columns[2] from batches order by batch_id") == [
        ("[име].csv", None),
        ("СУ „Иван Вазов“.csv", "майка [име]"),
    ]
    [(cells, [fault])] = opened.rows("select cells, faults from rejected_rows")
    assert cells == ["7а", "[име]", ""]
    assert fault == {"field": "reason", "rule": "type", "value": "г-н [име]", "limit": "5"}
    assert opened.rows("select class_name, count(*) from absences group by 1 order by 1") == [
        ("7а", 2),
        ("[име] - ИФО", 1),
    ]
    assert opened.rows("select reason_note from cases") == [("живее с майка си [име]",)]
    assert opened.rows("select text from decisions") == [("Да се посети [име] в с. Бистрата",)]
    [(agenda,)] = opened.rows("select agenda from meetings")
    cleaned = SLIDE | {"rows": [["майка [име]", "ОУ „Иван Вазов“"]]}
    assert json.loads(agenda) == ["risk", cleaned]
    assert [json.loads(slide) for (slide,) in opened.rows("select slide from frozen_slides")] == [cleaned]


def test_officials_schools_and_places_stay(opened: Store) -> None:
    assert opened.rows("select committed_by from batches where batch_id = 1") == [("Петър Стоянов",)]
    assert opened.rows("select chair from meetings") == [("Иван Петров",)]
    assert opened.rows("select name, municipality from schools") == [("ОУ „Христо Ботев“", "Елена")]


def test_no_byte_of_the_file_has_a_replaced_name(tmp_path: Path) -> None:
    old_path = with_names(tmp_path)
    before = b"".join(path.read_bytes() for path in old_path.parent.iterdir()).decode("utf-8", "ignore")
    assert all(name in before for name in NAMES)
    Store(old_path).close()
    # No copy of what may not stay is made before it is changed either.
    files = [path for path in old_path.parent.rglob("*") if path.is_file()]
    after = b"".join(path.read_bytes() for path in files).decode("utf-8", "ignore")
    assert [name for name in NAMES if name in after] == []


def test_what_was_replaced_is_told_once(opened: Store) -> None:
    told = replaced(opened)
    assert told is not None
    assert told.words == (
        "имена на паралелки – 1, имена на файлове – 1, решения и предложения – 1, "
        "бележки и други текстове – 2, редове за поправка – 2, слайдове – 2"
    )
    with opened.closed():
        pass
    assert replaced(opened) == told


def test_a_new_store_has_nothing_to_tell(store: Store) -> None:
    assert replaced(store) is None
