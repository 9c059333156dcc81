"""However the application is started: from its wheel, away from the checkout, or by Streamlit's own command."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest_browser import settled
from places import ROOT
from playwright.sync_api import Page, expect
from serving import answering, stop

from obhvat import __version__


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install .` would install."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_everything_that_runs(wheel: Path):
    assert wheel.name == f"obhvat-{__version__}-py3-none-any.whl"
    held = set(zipfile.ZipFile(wheel).namelist())
    outside = [ROOT / "app.py", ROOT / ".streamlit" / "config.toml", *(ROOT / "pages").glob("*.py")]
    outside += (ROOT / "data" / "templates").iterdir()
    within = {f"obhvat/app/{path.relative_to(ROOT).as_posix().removeprefix('data/')}" for path in outside}
    assert within - held == set()
    assert [name for name in held if "__pycache__" in name or name.startswith("tests")] == []


def test_the_installed_application_opens_its_pages_away_from_the_checkout(wheel: Path, tmp_path: Path, page: Page):
    venv.create(tmp_path / "venv", with_pip=False)
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    [packages] = (tmp_path / "venv" / "lib").rglob("site-packages")
    # What the wheel depends on is in this environment; the checkout is not on the list.
    (packages / "others.pth").write_text("\n".join(p for p in sys.path if p.endswith("site-packages")), "utf-8")

    users = tmp_path / ".local" / "share" / "obhvat"
    process, served = answering(tmp_path, [programs / "obhvat", "serve", "--no-browser"], users / "obhvat.duckdb")
    try:
        page.goto(served.address)
        expect(settled(page).locator(".lead")).to_contain_text("Още няма данни")
        page.goto(f"{served.address}/help")
        expect(settled(page).locator(".lead")).to_contain_text("Как се работи")
        # Where the checkout keeps its stores is a folder of its own; an installed program keeps them with the user.
        assert {file.suffix for file in users.iterdir()} >= {".key", ".running"}
    finally:
        stop(process)
    assert "Traceback" not in served.log.read_text("utf-8")


def test_streamlit_run_says_how_to_start_instead(tmp_path: Path, page: Page):
    command = [sys.executable, "-m", "streamlit", "run", ROOT / "app.py"]
    process, served = answering(tmp_path, command, tmp_path / "none.duckdb", "--server.port")
    try:
        for path in ("", "/upload"):
            page.goto(f"{served.address}{path}")
            expect(page.get_by_role("heading")).to_have_text(
                "Спрете тази програма и стартирайте обхват с командата „python -m obhvat“."
            )
            # Nothing else is drawn: no file can be given to a server that would write it to the disk.
            expect(page.locator("[data-testid=stMain] :is(input, button)")).to_have_count(0)
    finally:
        stop(process)
