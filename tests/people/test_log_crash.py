"""No look without its line: processes that look at cases are killed at random moments, and the log is read after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from program import environment

from obhvat.people import ALONE
from obhvat.people.log import Log

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="няма SIGKILL и fork")
KILLS = 100


def test_no_look_without_its_line(tmp_path: Path) -> None:
    path = tmp_path / "obhvat.duckdb"
    command = [sys.executable, str(Path(__file__).with_name("looker.py")), str(path), str(KILLS)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(PYTHONPATH=str(ROOT)), capture_output=True, encoding="utf-8", check=True
    )
    seen = done.stdout.split()
    log = Log(path, "ключ")
    log.write(ALONE, "export_cases")
    assert log.verify().is_whole
    written = [look.place for look in log.looks(what="case")]
    assert len(seen) > KILLS // 4
    assert set(seen) <= set(written)
    # Of each process that was killed one line at most tells of what it had no time to show.
    unseen = set(written) - set(seen)
    assert len({look.split("-")[0] for look in unseen}) == len(unseen)
