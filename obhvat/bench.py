"""How fast files are read, beside what others do with the same file: rows a second, peak memory, and the ratio.

Each contender runs in a process of its own. Everything written is invented and removed afterwards.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.table import Table

from obhvat.datasets import dataset
from obhvat.texts import number

_BLOCK = 200_000
_SCHOOL = 9_000_101
_FIRST_ID = 1_000_000_000
_FEW = 20_000


@dataclass(frozen=True)
class Measured:
    """One contender on one file."""

    name: str
    form: str
    rows: int
    seconds: float
    peak_mb: float | None

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def write_national(path: Path, rows: int, encoding: str = "windows-1251") -> None:
    """Absences of one school's month in the national layout (domain.md §4.1), as many pupils as `rows`."""
    chance = np.random.default_rng(1)
    with path.open("w", encoding=encoding, newline="") as out:
        for first in range(0, rows, _BLOCK):
            n = min(_BLOCK, rows - first)
            excused, unexcused = chance.integers(0, 40, n) / 2, chance.integers(0, 30, n) / 2
            out.writelines(
                f"{_SCHOOL}|2023|10||{_FIRST_ID + first + i}|Име|Презиме|Фамилия|{i % 12 + 1:02}|{i % 40}|1|"
                f"{i % 12 + 1}а|||{excused[i]:.2f}|{unexcused[i]:.2f}\r\n"
                for i in range(n)
            )


def write_csv(path: Path, rows: int) -> None:
    """The same as our template: UTF-8 with captions and semicolons."""
    captions = {f.name: f.caption for f in dataset("absences").fields}
    wanted = ("school", "school_year", "month", "pupil", "grade", "class_code", "class_name", "excused", "unexcused")
    chance = np.random.default_rng(1)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(";".join(captions[name] for name in wanted) + "\r\n")
        for first in range(0, rows, _BLOCK):
            n = min(_BLOCK, rows - first)
            excused, unexcused = chance.integers(0, 40, n) / 2, chance.integers(0, 30, n) / 2
            out.writelines(
                f"{_SCHOOL};2023/2024;10;{_FIRST_ID + first + i};{i % 12 + 1};{i % 40};{i % 12 + 1}а;"
                f"{excused[i]:g};{unexcused[i]:g}\r\n"
                for i in range(n)
            )


def _with_obhvat(path: Path) -> int:
    """Read, recognise, pseudonymise and check every row: `obhvat check`."""
    from obhvat.ingest import Source, read_files

    upload = read_files([Source.of_path(path)], None)
    good = upload.files[0].rows_good
    upload.close()
    return good


def _with_duckdb(path: Path) -> int:
    """Read into a table, no check at all. DuckDB reads no windows-1251: its file is a copy in UTF-8."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false").fetchall()
        read = f"read_csv('{path}', header={path.suffix == '.csv'}, delim='{';' if path.suffix == '.csv' else '|'}')"
        connection.execute(f"create table absences as from {read}").fetchall()
        return connection.execute("select count(*) from absences").fetchall()[0][0]


def _frame(path: Path) -> pd.DataFrame:
    """The file's columns as text, under the names the checks use."""
    national = path.suffix == ".txt"
    frame = pd.read_csv(
        path,
        sep="|" if national else ";",
        header=None if national else 0,
        encoding="windows-1251" if national else "utf-8",
        dtype=str,
        keep_default_na=False,
    )
    names = {0: "school", 1: "year", 2: "month", 4: "pupil", 8: "grade", 9: "code", 10: "group", 14: "ok", 15: "no"}
    if national:
        frame = frame.rename(columns=names)
    else:
        frame.columns = ["school", "year", "month", "pupil", "grade", "code", "name", "ok", "no"]
        frame["group"] = ""
    return frame


def _with_pandas(path: Path) -> int:
    """Read and make the same checks as columns of pandas."""
    import hashlib

    frame = _frame(path)
    excused = pd.to_numeric(frame["ok"].str.replace(",", "."), errors="coerce")
    unexcused = pd.to_numeric(frame["no"].str.replace(",", "."), errors="coerce")
    grade = pd.to_numeric(frame["grade"], errors="coerce")
    month = pd.to_numeric(frame["month"], errors="coerce")
    good = (
        frame["school"].str.fullmatch(r"\d{6,7}")
        & frame["year"].str.fullmatch(r"20\d\d(/20\d\d)?")
        & month.between(1, 12)
        & ~month.isin([7, 8])
        & grade.between(-10, 12)
        & frame["pupil"].str.fullmatch(r"\d{10}")
        & (excused >= 0)
        & (unexcused >= 0)
        & (excused % 0.5 == 0)
        & (unexcused % 0.5 == 0)
        & (excused + unexcused <= 8 * 23)
        & (frame["school"] == frame["school"].iloc[0])
    )
    frame["pupil"] = [hashlib.sha256(f"key:{p}".encode()).hexdigest()[:16] for p in frame["pupil"]]
    good &= ~frame.duplicated(["school", "pupil", "month", "code", "group"])
    return int(good.sum())


def _with_pandera(path: Path) -> int:
    """The same rules declared to pandera; no pseudonyms."""
    import pandera.pandas as pa

    frame = _frame(path)
    for name in ("grade", "month", "ok", "no"):
        frame[name] = frame[name].str.replace(",", ".").astype(float)
    amount = [pa.Check.ge(0), pa.Check(lambda s: s % 0.5 == 0)]
    schema = pa.DataFrameSchema(
        {
            "school": pa.Column(str, [pa.Check.str_matches(r"^\d{6,7}$"), pa.Check(lambda s: s == s.iloc[0])]),
            "year": pa.Column(str, pa.Check.str_matches(r"^20\d\d(/20\d\d)?$")),
            "month": pa.Column(float, [pa.Check.in_range(1, 12), pa.Check.notin([7, 8])]),
            "pupil": pa.Column(str, pa.Check.str_matches(r"^\d{10}$")),
            "grade": pa.Column(float, pa.Check.in_range(-10, 12)),
            "ok": pa.Column(float, amount),
            "no": pa.Column(float, amount),
        },
        checks=pa.Check(lambda f: f["ok"] + f["no"] <= 8 * 23),
        unique=["school", "pupil", "month", "code", "group"],
    )
    return len(schema.validate(frame, lazy=True))


def _with_frictionless(path: Path) -> int:
    """The same rules declared to frictionless, on the file's beginning: it reads row by row in Python."""
    from frictionless import Dialect, Resource, Schema, formats

    national = path.suffix == ".txt"
    names = (
        ["school", "year", "month", "type", "pupil", "n1", "n2", "n3", "grade", "code", "group", "name", "r", "left"]
        if national
        else ["school", "year", "month", "pupil", "grade", "code", "name"]
    )
    rules: dict[str, dict[str, object]] = {
        "school": {"pattern": r"\d{6,7}"},
        "year": {"pattern": r"20\d\d(/20\d\d)?"},
        "month": {"pattern": "0?[1-69]|1[0-2]"},
        "pupil": {"pattern": r"\d{10}"},
    }
    fields = [{"name": name, "type": "string", "constraints": rules.get(name, {})} for name in names]
    fields += [{"name": name, "type": "number", "constraints": {"minimum": 0}} for name in ("ok", "no")]
    with path.open("rb") as file:
        some = file.read(_FEW * 80).rpartition(b"\n")[0]
    with tempfile.TemporaryDirectory(prefix="obhvat-bench-") as folder:
        part = Path(folder) / "part.csv"
        part.write_bytes(some)
        dialect = Dialect(header=not national, controls=[formats.CsvControl(delimiter="|" if national else ";")])
        schema = Schema.from_descriptor({"fields": fields, "primaryKey": ["school", "month", "pupil", "code"]})
        resource = Resource(
            path=part.name,
            basepath=folder,
            dialect=dialect,
            schema=schema,
            encoding="windows-1251" if national else "utf-8",
        )
        report = resource.validate()
    return int(report.tasks[0].stats["rows"] or 0)


_CONTENDERS: dict[str, Callable[[Path], int]] = {
    "DuckDB, без проверки": _with_duckdb,
    "обхват, с всички проверки": _with_obhvat,
    "pandas, със същите проверки": _with_pandas,
    "pandera": _with_pandera,
    "frictionless (началото)": _with_frictionless,
}
# What is only there for comparison is measured where it is installed (pip install -e ".[bench]").
_OPTIONAL = {"pandera": "pandera", "frictionless (началото)": "frictionless"}
_NEEDED = _OPTIONAL | {"обхват, с всички проверки": "obhvat.ingest"}


def _peak_mb() -> float | None:
    try:
        import resource
    except ImportError:
        # Windows does not tell.
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(name: str, path: Path) -> tuple[int, float, float | None]:
    # What is measured is the reading, not the starting of Python.
    for module in filter(None, ["duckdb", _NEEDED.get(name)]):
        importlib.import_module(module)
    before, begun = _peak_mb(), time.perf_counter()
    rows = _CONTENDERS[name](path)
    seconds, peak = time.perf_counter() - begun, _peak_mb()
    return rows, seconds, None if peak is None or before is None else peak - before


def as_table(done: Sequence[Measured]) -> Table:
    """What was measured, in words, each beside DuckDB on the same file."""
    table = Table("Файл", "Кой", "Секунди", "Реда в секунда", "Памет, MB", "Спрямо DuckDB", box=None)
    for one in done:
        base = next(d for d in done if d.form == one.form)
        memory = "–" if one.peak_mb is None else number(one.peak_mb)
        ratio = number(one.rows_per_second / base.rows_per_second, 2)
        table.add_row(one.form, one.name, number(one.seconds, 2), number(one.rows_per_second), memory, ratio)
    return table


def _contenders() -> list[str]:
    return [n for n in _CONTENDERS if n not in _OPTIONAL or importlib.util.find_spec(_OPTIONAL[n])]


def measure(rows: int, tell: Callable[[int, int], None]) -> list[Measured]:
    """Every contender on the national layout and on CSV of `rows` rows; `tell` hears how many are done, of how many."""
    done: list[Measured] = []
    contenders = _contenders()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="obhvat-bench-") as folder:
        national, csv = Path(folder) / "9000101_2023_10_File.txt", Path(folder) / "absences.csv"
        utf8 = Path(folder) / "utf8.txt"
        write_national(national, rows)
        write_national(utf8, rows, "utf-8")
        write_csv(csv, rows)
        for form, path in (("национален файл", national), ("CSV", csv)):
            for name in contenders:
                own = utf8 if path is national and name.startswith("DuckDB") else path
                with ProcessPoolExecutor(1, context) as process:
                    found, seconds, peak = process.submit(_run, name, own).result()
                if found != rows and not (name.startswith("frictionless") and 0 < found < rows):
                    raise AssertionError(f"{name}: {found} rows of {rows}")
                done.append(Measured(name, form, found, seconds, peak))
                tell(len(done), 2 * len(contenders))
    return done
