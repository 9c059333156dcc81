"""What a large store costs: a month's commit and every page's queries at 1, 10 and 100 million absence rows.

    python tests/benchmarks/stores.py [--millions 1 10 100] [--folder FOLDER]

Not a test: budgets are ratios between rows of the first table it prints (DESIGN §5), in seconds of all cores, which say
more than the clock on a busy machine. The second names the queries that take longer than a page may. 100 million rows
want 2 GB of disk and about ten minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from streamlit.testing.v1 import AppTest

from obhvat import marts
from obhvat.demo import load_demo
from obhvat.ingest import Source, commit, read_files
from obhvat.people import ALONE
from obhvat.store import Store
from obhvat.texts import number

ROOT = Path(__file__).parents[2]
# A country: institutions, and pupils of each who miss something in a month.
SCHOOLS, PUPILS = 4_000, 250
MONTHS = 10
FIRST_CODE = 8_000_000
AGAIN = 5
SLOW = 0.3
"""Seconds that no query of a page may take."""

_SCHOOLS = """
insert into schools
select
    ($first_code + n)::varchar,
    'Училище ' || n,
    'basic',
    'Голяма',
    'Община ' || (n % 265),
    'с. ' || (n % 1000),
    null,
    true,
    null,
    null,
    'school',
    $slice_id,
    n + 2
from range($schools) as numbers(n)
"""
_SLICES = """
insert into slices
select
    $first_slice + row_number() over (order by month, school),
    $batch_id,
    'absences',
    ($first_code + school)::varchar,
    '',
    month,
    '',
    $pupils
from range($schools) as schools(school), unnest($months::date[]) as months(month)
"""
_ABSENCES = """
insert into absences
select
    slices.school,
    slices.period,
    hash(slices.school, n),
    (n % 12 + 1)::tinyint,
    (n % 40)::varchar,
    null,
    (n % 12 + 1)::varchar || 'а',
    null,
    (hash(slices.slice_id, n) % 40) / 2,
    (hash(n, slices.slice_id) % 16) / 2,
    'hours',
    slices.slice_id,
    n + 1
from slices, range($pupils) as pupils(n)
where slices.batch_id = $batch_id
order by slices.slice_id, n
"""


def grow(store: Store, millions: int) -> None:
    """Put so many million absence rows into a store, a school year of a country at a time, and their marts."""
    for n in range(max(1, round(millions * 1e6 / (SCHOOLS * PUPILS * MONTHS)))):
        schools = min(SCHOOLS, round(millions * 1e6 / (PUPILS * MONTHS)))
        year = 2022 - n
        months = [f"{year + (m < 9)}-{m:02}-01" for m in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)]
        with store.transaction() as cursor:
            [(batch,)] = cursor.execute("select max(batch_id) + 1 from batches").fetchall()
            [(last,)] = cursor.execute("select max(slice_id) from slices").fetchall()
            cursor.execute(
                "insert into batches select $b, $b, 'absences', 'generated', 'x', $h, '', [], 0, 0, 0, [], [], "
                "timestamp '2023-07-01', 'bench', null",
                {"b": batch, "h": f"{batch:064}"},
            )
            known = {"batch_id": batch, "first_slice": last, "first_code": FIRST_CODE, "schools": schools}
            cursor.execute(_SLICES, known | {"months": months, "pupils": PUPILS})
            if n == 0:
                [(register,)] = cursor.execute("select max(slice_id) from slices where dataset = 'schools'").fetchall()
                cursor.execute(_SCHOOLS, {"first_code": FIRST_CODE, "schools": schools, "slice_id": register})
            cursor.execute(_ABSENCES, {"batch_id": batch, "pupils": PUPILS})
            marts.refresh(cursor, {"absences"}, last + 1, last + len(months) * schools)


def month_seconds(store: Store) -> dict[str, float]:
    """Of a school's month read and checked, and recorded: seconds of all cores, the median of some."""
    taken: dict[str, list[float]] = {"четене на месец": [], "запис на месец": []}
    for n in range(AGAIN):
        month = ("10", "11", "12", "01", "02")[n]
        rows = [
            f"{FIRST_CODE}|2023|{month}||{1_000_000_000 + i}|Име|Презиме|Фамилия|07|1||7а|||1,00|{i % 9}"
            for i in range(PUPILS)
        ]
        source = Source(f"{FIRST_CODE}_2023_{month}_File.txt", "\r\n".join(rows).encode("windows-1251"))
        begun = time.process_time()
        upload = read_files([source], store)
        read = time.process_time()
        commit(upload, store, ALONE)
        for of_step, seconds in zip(taken.values(), (read - begun, time.process_time() - read), strict=True):
            of_step.append(seconds)
        upload.close()
    return {what: statistics.median(of_step) for what, of_step in taken.items()}


@dataclass(frozen=True)
class Query:
    """A query of a page and what it took."""

    sql: str
    seconds: float
    of_cores: float

    @property
    def name(self) -> str:
        """What it reads, as far as its first words say it."""
        words = " ".join(re.sub(r"--[^\n]*", "", self.sql).split())
        return words if len(words) <= 150 else f"{words[:100]} … {words[-50:]}"


@contextmanager
def listening() -> Generator[list[Query]]:
    """The queries while a page is drawn."""
    heard: list[Query] = []
    ways: dict[str, Any] = {name: getattr(Store, name) for name in ("read", "rows", "arrow")}

    def timed(way: Any) -> Any:
        def call(store: Store, sql: str, *arguments: Any, **named: Any) -> Any:
            begun, of_cores = time.perf_counter(), time.process_time()
            try:
                return way(store, sql, *arguments, **named)
            finally:
                heard.append(Query(sql, time.perf_counter() - begun, time.process_time() - of_cores))

        return call

    for name, way in ways.items():
        setattr(Store, name, timed(way))
    try:
        yield heard
    finally:
        for name, way in ways.items():
            setattr(Store, name, way)


def page_queries(path: Path) -> tuple[dict[str, float], dict[str, list[Query]]]:
    """Of each page the seconds that all its queries take of all cores, the second time it is drawn, when answers are
    kept; and the queries of the first time, when none is."""
    from obhvat.ui.shell import PAGES

    os.environ["OBHVAT_STORE"] = str(path)
    seconds, queries = {}, {}
    app = AppTest.from_file(ROOT / "app.py", default_timeout=600)
    for page, *_ in PAGES:
        # The application opens on the first.
        with listening() as heard:
            (app.switch_page(f"pages/{page}.py") if queries else app).run()
        queries[page] = heard
        with listening() as again:
            app.run()
        seconds[page] = sum(query.of_cores for query in again)
    return seconds, queries


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    table = Table("Редове, млн.", "Какво", "ms на ядрата", "Спрямо първото", box=None)
    slow = Table("Редове, млн.", "Страница", "ms", "ms на ядрата", "Заявка", box=None)
    with tempfile.TemporaryDirectory(prefix="obhvat-bench-", dir=told.folder) as folder:
        first: dict[str, float] = {}
        with Store(Path(folder) / "0" / "obhvat.duckdb") as store:
            first |= month_seconds(store)
            for what, seconds in first.items():
                table.add_row("0", what, number(1000 * seconds, 1), "1,00")
        for millions in told.millions:
            path = Path(folder) / str(millions) / "obhvat.duckdb"
            with Store(path) as store:
                load_demo(store)
                grow(store, millions)
                found = month_seconds(store)
            seconds, queries = page_queries(path)
            found |= {f"страница {page}": s for page, s in seconds.items()}
            found |= {f"страница {page}, отначало": sum(q.of_cores for q in of) for page, of in queries.items()}
            for page, of_page in queries.items():
                for query in sorted(of_page, key=lambda query: -query.of_cores):
                    if min(query.seconds, query.of_cores) > SLOW:
                        took = (number(1000 * query.seconds), number(1000 * query.of_cores))
                        slow.add_row(str(millions), page, *took, query.name)
            for what, seconds in found.items():
                # A page all of whose answers are kept asks nothing.
                ratio = number(seconds / of_first, 2) if (of_first := first.setdefault(what, seconds)) else "–"
                table.add_row(str(millions), what, number(1000 * seconds, 1), ratio)
            Console().print(f"{millions} млн. реда са готови", style="dim")
    Console(width=240).print(table)
    Console(width=240).print(slow)


if __name__ == "__main__":
    main()
