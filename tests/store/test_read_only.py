"""A store that may be read only: what every command says of it, and that the application starts to say it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import environment
from serving import answering, stop
from store_files import copy_store

SETPRIV = shutil.which("setpriv")
IS_ROOT = sys.platform != "win32" and os.geteuid() == 0
# Root writes everywhere, unless this is taken from it.
_CAPS = "-dac_override,-dac_read_search"
AS_OTHERS = [str(SETPRIV), f"--bounding-set={_CAPS}", f"--inh-caps={_CAPS}"] if IS_ROOT else []
ONE_BY_ONE = """
import json, sys
from pathlib import Path
from program import command
folder, store, *tried = sys.argv[1:]
done = [command(*one.split(), "--store", store, folder=Path(folder)) for one in tried]
print(json.dumps([(one.returncode, one.stderr) for one in done]))
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or (IS_ROOT and SETPRIV is None), reason="root пише навсякъде, а Windows няма такива права"
)


@pytest.fixture
def kept_from_writing(blank_path: Path, tmp_path: Path) -> Iterator[Path]:
    """A store whose file and folder nobody may change."""
    path = copy_store(blank_path, tmp_path / "store")
    path.chmod(0o400)
    path.parent.chmod(0o500)
    yield path
    path.parent.chmod(0o700)


def test_commands_say_in_one_sentence_that_nothing_can_be_written(kept_from_writing: Path, tmp_path: Path) -> None:
    # One process for all: to start it takes longer than all that they say.
    given = [tmp_path, kept_from_writing, "figure calls", "backup .", "undo 1"]
    done = subprocess.run(
        [*AS_OTHERS, sys.executable, "-c", ONE_BY_ONE, *map(str, given)],
        env=environment(PYTHONPATH=os.pathsep.join(sys.path)),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    told = json.loads(done.stdout)
    assert [exit_code for exit_code, _ in told] == [5, 5, 5]
    for _, errors in told:
        [line] = errors.splitlines()
        assert line.startswith("В базата „obhvat.duckdb“ не може да се пише.")


def test_the_application_starts_to_say_it(kept_from_writing: Path, tmp_path: Path) -> None:
    serve = [*AS_OTHERS, sys.executable, "-m", "obhvat", "serve", "--no-browser", "--store", kept_from_writing]
    program, served = answering(tmp_path, serve, kept_from_writing)
    try:
        assert urllib.request.urlopen(f"{served.address}/_stcore/health", timeout=5).read() == b"ok"
    finally:
        stop(program)
