"""The table of budgets (DESIGN §5): what each costs here and now, beside the budget and what was measured before.

    PYTHONPATH=tests:tests/browser python tests/benchmarks/budgets.py [--only PART …] [--keep]

Not a test: seconds are this machine's, so that what must hold anywhere is a ratio of two things measured in one run.
`--keep` writes what was measured to `measured.csv`, beside which the next person sees what got slower. What takes
longer has a command of its own and is named in the last rows.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from conftest_browser import CHROMIUM, Served, inside, settled, start, stop
from playwright.sync_api import Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table
from streamlit.testing.v1 import AppTest

from obhvat.bench import measure
from obhvat.demo import load_demo
from obhvat.demo.files import PRACTICE_MONTH, Demo
from obhvat.inspections.repeats import repeats
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import number
from obhvat.ui.shell import PAGES

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).with_name("measured.csv")
EMPTIEST = "help"
# Not opened by an address: the room is entered from the meeting.
LOOKED_AT = [path for path, *_ in PAGES if path != "room"]
PLACES = ("Ведрово", "Яворец", "Горун", "Каменград")
AGAIN = 3


@dataclass(frozen=True)
class Row:
    """One thing measured: `value` in `unit`, good while it is below `budget` (or above it, of `more_is_better`)."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    more_is_better: bool = False

    @property
    def holds(self) -> bool | None:
        if self.budget is None:
            return None
        return self.value >= self.budget if self.more_is_better else self.value < self.budget


def _median(of: Callable[[], float], times: int = AGAIN) -> float:
    return statistics.median(of() for _ in range(times))


def _seconds(of: Callable[[], object]) -> float:
    begun = time.perf_counter()
    of()
    return time.perf_counter() - begun


@contextmanager
def _browser() -> Generator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="bg-BG", accept_downloads=True)
        yield context.new_page()
        browser.close()


@contextmanager
def _served(folder: Path, *more: str) -> Generator[Served]:
    folder.mkdir(parents=True, exist_ok=True)
    process, served = start(folder, folder / "obhvat.duckdb", *more)
    try:
        yield served
    finally:
        stop(process)


def _demo(folder: Path) -> None:
    with Store(folder / "obhvat.duckdb") as store:
        load_demo(store)


def first_figure(folder: Path) -> Generator[Row]:
    """From the command to the first figure of the demonstration that nobody has made yet."""
    with _browser() as page:
        begun = time.perf_counter()
        with _served(folder / "first", "--demo") as served:
            page.goto(served.address)
            expect(page.locator(".tile").first).to_be_visible(timeout=120_000)
            yield Row("първо пускане до първо число", time.perf_counter() - begun, "s", 5)


def monthly_job(folder: Path) -> Generator[Row]:
    """A month's files of every school dropped on «Качване» and recorded, in the browser."""
    own = folder / "month"
    own.mkdir()
    _demo(own)
    sources = [file.source for file in Demo().absence_files(PRACTICE_MONTH, datetime(2024, 3, 5, 12))]
    files = []
    for source in sources:
        file = own / source.name
        file.write_bytes(source.data)
        files.append(file)
    with _served(own) as served, _browser() as page:
        page.goto(f"{served.address}/upload")
        settled(page)
        begun = time.perf_counter()
        page.set_input_files("input[type=file]", files)
        page.get_by_role("button", name="Запиши").first.click(timeout=60_000)
        expect(page.get_by_text("Записани са").first).to_be_visible(timeout=60_000)
        yield Row(f"месечната работа: {len(files)} файла до записани", time.perf_counter() - begun, "s", 3)


def pages(folder: Path) -> Generator[Row]:
    """Each page's full load beside the emptiest one's, and a filter never asked beside one whose answers are kept."""
    own = folder / "pages"
    own.mkdir()
    _demo(own)
    with _served(own) as served, _browser() as page:

        def loaded(path: str) -> float:
            page.goto("about:blank")
            return _seconds(lambda: (page.goto(f"{served.address}/{path}"), settled(page)))

        for path in LOOKED_AT:
            loaded(path)
        emptiest = _median(lambda: loaded(EMPTIEST))
        yield Row(f"пълно отваряне: {EMPTIEST}", emptiest, "s")
        for path in LOOKED_AT:
            if path != EMPTIEST:
                yield Row(f"пълно отваряне: {path}", _median(lambda path=path: loaded(path)) / emptiest, "×", 2)
        for path in ("overview", "risk", "cases", "inspections"):
            page.goto(f"{served.address}/{path}")
            inside(page)
            asked = [_redrawn(page, place) for place in PLACES]
            kept = [_redrawn(page, place) for place in PLACES]
            yield Row(f"филтър за първи път: {path}", statistics.median(asked) / statistics.median(kept), "×", 1.5)
            yield Row(f"филтър до нарисувано: {path}", statistics.median(asked), "s")


def _redrawn(page: Page, municipality: str) -> float:
    chosen = page.get_by_role("combobox", name="Община")
    chosen.click()
    option = page.get_by_role("option", name=municipality)
    return _seconds(lambda: (option.click(), settled(page)))


def reruns(folder: Path) -> Generator[Row]:
    """Processor time of a page drawn again when all its answers are kept."""
    own = folder / "reruns"
    own.mkdir()
    _demo(own)
    os.environ["OBHVAT_STORE"] = str(own / "obhvat.duckdb")
    # A page that was run in-process leaves itself behind as `__main__`, which processes started later would run.
    main_module = sys.modules["__main__"]
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120).run()
    for path in LOOKED_AT:
        app.switch_page(f"pages/{path}.py").run()
        yield Row(f"процесор за ново рисуване: {path}", _median(lambda: _processor(app.run), 5), "s", 0.1)
    sys.modules["__main__"] = main_module


def _processor(of: Callable[[], object]) -> float:
    begun = time.process_time()
    of()
    return time.process_time() - begun


def queries(folder: Path) -> Generator[Row]:
    """Repeated checks of a year, asked for the first time."""
    own = folder / "queries"
    own.mkdir()
    _demo(own)
    with Store(own / "obhvat.duckdb") as store:
        asked = _seconds(lambda: repeats(store, Period(2023, "year"), Scope()))
    yield Row("повторни проверки за година", 1000 * asked, "ms", 300)


def reading(_folder: Path) -> Generator[Row]:
    """A file of a million rows with all checks beside what DuckDB alone and pandas with the same checks take."""
    done = {(m.form, m.name): m for m in measure(1_000_000, lambda _done, _of: None)}
    own, bare, frames = (
        done["CSV", name].rows_per_second
        for name in ("обхват, с всички проверки", "DuckDB, без проверки", "pandas, със същите проверки")
    )
    yield Row("четене на CSV спрямо само DuckDB", own / bare, "×", 0.35, more_is_better=True)
    yield Row("четене на CSV спрямо pandas", own / frames, "×", 1, more_is_better=True)
    if peak := done["CSV", "обхват, с всички проверки"].peak_mb:
        yield Row("памет при четене на милион реда", peak, "MB", 1000)


PARTS = {part.__name__: part for part in (first_figure, monthly_job, pages, reruns, queries, reading)}
LONGER = (
    ("50 души, които щракат всеки 5–15 s", "people.py"),
    ("запис и страници при 1, 10 и 100 млн. реда", "stores.py"),
    ("месец на страната, прочетен и записан с команда", "month.py"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Бюджетите за скорост и памет и колко е днес.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--keep", action="store_true", help="Запиши измереното в measured.csv.")
    told = parser.parse_args()
    before = _kept()
    done: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="obhvat-budgets-") as folder:
        for name in told.only:
            Console(stderr=True).print(name, style="dim")
            done += PARTS[name](Path(folder))
    Console().print(_table(done, before))
    for what, command in LONGER:
        Console().print(f"{what}: tests/benchmarks/{command}", style="dim")
    if told.keep:
        _keep(before | {row.what: (row.value, row.unit) for row in done})


def _kept() -> dict[str, tuple[float, str]]:
    if not KEPT.exists():
        return {}
    with KEPT.open(encoding="utf-8", newline="") as file:
        return {row["what"]: (float(row["value"]), row["unit"]) for row in csv.DictReader(file)}


def _keep(measured: dict[str, tuple[float, str]]) -> None:
    with KEPT.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("what", "value", "unit", "day"))
        out.writerows((what, f"{value:.3f}", unit, date.today()) for what, (value, unit) in measured.items())


def _table(done: Iterable[Row], before: dict[str, tuple[float, str]]) -> Table:
    table = Table("Какво", "Днес", "Бюджет", "Преди", "Спрямо преди", box=None)
    for row in done:
        decimals = 0 if row.unit in ("MB", "ms") else 2
        sign = {True: "", False: " !", None: ""}[row.holds]
        budget = "" if row.budget is None else f"{'≥' if row.more_is_better else '<'} {number(row.budget, 2)}"
        was, ratio = "", ""
        if row.what in before:
            was = number(before[row.what][0], decimals)
            ratio = number(row.value / before[row.what][0], 2)
        table.add_row(row.what, f"{number(row.value, decimals)} {row.unit}{sign}", budget, was, ratio)
    return table


if __name__ == "__main__":
    main()
