"""Forgetting that is killed at a random moment: all is still there, or all is gone and its protocol is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from program import environment
from store_files import copy_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="няма SIGKILL и fork")
KILLS = 5


def test_nothing_is_ever_half_forgotten(filled_path: Path, tmp_path: Path) -> None:
    copy_store(filled_path, tmp_path / "first")
    here = Path(__file__)
    paths = ":".join(map(str, (ROOT, here.parent, here.parents[1])))
    done = subprocess.run(
        [sys.executable, str(here.with_name("forgetter.py")), str(tmp_path), str(KILLS)],
        cwd=ROOT,
        env=environment(PYTHONPATH=paths),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = done.stdout.splitlines()
    assert len(found) == 2 * KILLS
    assert [line for line in found if line not in ("whole", "gone")] == []
    assert {"whole", "gone"} <= set(found)
