"""A process that others are forked from."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def nursery() -> Iterator[Any]:
    """A process that has everything imported, and of which children are forked quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.set_forkserver_preload(["crasher"])
        forkserver.ensure_running()
        # A child runs the main module of its parent again, and AppTest leaves a page of the application in its place.
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        yield multiprocessing.get_context("forkserver")
