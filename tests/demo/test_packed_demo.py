"""The demonstration made beforehand: whoever gets it in a moment gets what would be made, and a key of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_files import throw_away

from obhvat.demo import load_demo, packed
from obhvat.store import Store
from obhvat.store.pseudonyms import key_path

TABLES = "select table_name from duckdb_tables() where not internal order by table_name"


@pytest.fixture(scope="module")
def folder(demo_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a copy of the program carries."""
    folder = tmp_path_factory.mktemp("packed") / "made"
    packed.pack(demo_store, folder)
    return folder


@pytest.fixture
def carried(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packed, "packed_demo", lambda: folder)
    return folder


@pytest.fixture
def with_its_key(blank_path: Path, demo_store: Store, tmp_path: Path) -> Iterator[Store]:
    """An empty store that would make the same pseudonyms as the one of the demonstration."""
    path = tmp_path / "store" / blank_path.name
    path.parent.mkdir()
    shutil.copy2(key_path(demo_store.path), key_path(path))
    opened = Store(path)
    yield opened
    throw_away(opened)


@pytest.mark.usefixtures("carried")
def test_what_is_put_in_is_what_would_be_made(with_its_key: Store, demo_store: Store) -> None:
    done = load_demo(with_its_key)
    [of_files] = demo_store.rows("select list(batch_id), sum(rows_good), sum(rows_rejected) from batches")
    assert (done.batch_ids, done.rows, done.rejected) == of_files
    # Who looks at the store that tests share leaves how far its log of looks has come.
    for (table,) in demo_store.rows(TABLES):
        rows = f"from {table}" + (" where key <> 'looks'" if table == "meta" else "")
        assert with_its_key.arrow(rows).equals(demo_store.arrow(rows)), table


@pytest.mark.usefixtures("carried")
def test_every_store_has_a_key_and_pseudonyms_of_its_own(store: Store, demo_store: Store) -> None:
    load_demo(store)
    children = "select count(distinct pupil) from pupils"
    assert store.rows(children) == demo_store.rows(children)
    mine, others = (set(each.rows("select pupil from pupils")) for each in (store, demo_store))
    assert mine & others == set()
    hashes = "select file_hash from batches"
    assert set(store.rows(hashes)) & set(demo_store.rows(hashes)) == set()


def test_no_key_is_carried(folder: Path, demo_store: Store) -> None:
    assert {file.suffix for file in folder.iterdir()} == {".parquet", ".txt"}
    assert not any(demo_store.key.encode() in file.read_bytes() for file in folder.iterdir())


def test_what_another_program_made_is_not_used(carried: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert packed.is_packed()
    monkeypatch.setattr(packed, "_PROGRAM", "99.0.0, 1")
    assert not packed.is_packed()
