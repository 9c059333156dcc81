"""What is forgotten and what is erased are tried on the same small oblast, filled once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from forgotten_oblast import fill
from store_files import copy_store, throw_away

from obhvat.store import Store


@pytest.fixture(scope="session")
def filled_path(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("filled"))) as store:
        fill(store)
    return store.path


@pytest.fixture
def filled(filled_path: Path, tmp_path: Path) -> Iterator[Store]:
    opened = Store(copy_store(filled_path, tmp_path / "store"))
    yield opened
    throw_away(opened)
