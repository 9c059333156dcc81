"""Write the lock of the Windows folder anew: every package that runs there, as requirements.txt pins it, with the hash
of its wheel. Run from the checkout, with the package index in reach: python tests/deploy/lock.py"""

from __future__ import annotations

import contextlib
import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from obhvat.cli.bundle import FOR_WINDOWS
from obhvat.cli.carried import LOCK, needs

ROOT = Path(__file__).resolve().parents[2]


def pinned() -> dict[str, str]:
    """The lines of requirements.txt without their markers, by normalised name."""
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    return {canonicalize_name(name): version for name, version in lines}


def needed_on_windows() -> set[str]:
    """The names of all packages that the program runs with on Windows, by what is installed here.

    One that only Windows needs is not installed elsewhere and is taken to need nothing more; the folder asks again.
    """
    waiting = [*needs(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])]
    asked = set()
    while waiting:
        requirement = waiting.pop()
        asking = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if asking in asked:
            continue
        asked.add(asking)
        with contextlib.suppress(PackageNotFoundError):
            waiting += needs(distribution(requirement.name).requires, requirement.extras)
    return {name for name, _ in asked}


def main() -> None:
    pins = pinned()
    wanted = sorted(f"{name}=={pins[name]}" for name in needed_on_windows())
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", *FOR_WINDOWS, "-d", folder, *wanted]
        subprocess.run(pip, check=True)
        wheels = {parse_wheel_filename(wheel.name)[:2]: wheel for wheel in Path(folder).iterdir()}
        lines = [
            f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
            for (name, version), wheel in sorted(wheels.items())
        ]
    (ROOT / "obhvat" / LOCK).write_text("\n".join([*HEAD, *lines, ""]), "utf-8")


HEAD = (
    "# What the Windows folder is made of: the packages of requirements.txt that run there, with the hash of each.",
    "# Written by tests/deploy/lock.py.",
)

if __name__ == "__main__":
    main()
