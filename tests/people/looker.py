"""Looks at cases in processes that are killed at random moments: run by test_log_crash.py, small enough to be forked
quickly. Prints what was shown, a look a line."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from random import Random

from obhvat.people import ALONE
from obhvat.people.log import Log

_MOST, _SECONDS = 1, 0.005
_LONG = 100


def look_until_killed(path: Path, child: int, shown: int) -> None:
    """Look at a long list and at a case in turn; what may be shown is said at once."""
    log = Log(path, "ключ")
    os.write(shown, b"begun\n")
    n = 0
    while True:
        cases = [f"{child}-{n}"] if n % 2 else [f"{child}-{n}-{case}" for case in range(_LONG)]
        log.write(ALONE, "case", cases=cases, place=f"{child}-{n}")
        os.write(shown, f"{child}-{n}\n".encode())
        n += 1


def kill(path: Path, kills: int) -> None:
    """Start and kill so many, one after another."""
    chance = Random(2024)
    for child in range(kills):
        said, shown = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                look_until_killed(path, child, shown)
            finally:
                os._exit(1)
        os.close(shown)
        with os.fdopen(said, encoding="utf-8") as pipe:
            shown_already = [pipe.readline() for _ in range(chance.randrange(1 + _MOST) + 1)][1:]
            time.sleep(chance.uniform(0, _SECONDS))
            os.kill(pid, signal.SIGKILL)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
            sys.stdout.write("".join([*shown_already, pipe.read()]))


if __name__ == "__main__":
    kill(Path(sys.argv[1]), int(sys.argv[2]))
