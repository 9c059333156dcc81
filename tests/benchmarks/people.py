"""What many people at once cost, who click every 5 to 15 seconds through the pages, with the filters changing.

    python tests/benchmarks/people.py [--people 20 50] [--seconds 120] [--store FILE | --millions 10] [--together]

A person is a websocket that says what a browser would: where it goes, what it chooses and what it has kept. Each row of
the table has a server of its own, with nothing kept, on a copy of the store: the demonstration unless another is named.
With --together people of several roles sign in, and each is answered for themselves. Not a test: the budget is DESIGN
§5; „заето от други“ says whether the machine was quiet enough for it. Linux, as memory and CPU are read from /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from served import Server, asked, busy, copy_of, serving
from tabs import PATIENCE, Tab, chosen_at_first, key_of, opened

from obhvat.demo import load_demo
from obhvat.people import ROLES, Viewer, register
from obhvat.people.places import places_of
from obhvat.people.signing_in import change_password, one_time_password
from obhvat.store import Store
from obhvat.texts import number

# How often each page is gone to, and each filter chosen, among those that are there. The rest of a page's own: 1.
PAGES = {
    "overview": 4,
    "risk": 4,
    "cases": 4,
    "inspections": 3,
    "school": 2,
    "meeting": 2,
    "data_status": 1,
    "backtest": 1,
    "help": 1,
}
FILTERS = {"municipality": 4, "school": 3, "period": 3, "year": 1, "audience": 2, "day": 0.3}
GOES = 0.3
THINKS = 5, 15
NOT_SEEN = "screen-is-not-seen"
PASSWORD = "три сини коня"


@dataclass
class Click:
    page: str
    what: str
    seconds: float
    is_new: bool
    """Whether nobody had looked at this page with these filters before."""


@dataclass
class Crowd:
    """What all people together saw."""

    clicks: list[Click] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    looked: set[tuple[object, ...]] = field(default_factory=set)


class Person:
    """Somebody who looks, thinks and clicks."""

    def __init__(self, n: int, tab: Tab, crowd: Crowd) -> None:
        self.random = random.Random(n)
        self.tab, self.crowd = tab, crowd

    async def work(self, until: float) -> None:
        """Until a moment of the clock that is monotonic."""
        await asyncio.sleep(self.random.uniform(0, THINKS[1]))
        await self._note("влиза", self.tab.open(""))
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, self.random.uniform(*THINKS)))
            if time.monotonic() < until:
                await self._click()

    async def _click(self) -> None:
        tab, choices = self.tab, self._choices()
        there = {page: weight for page, weight in PAGES.items() if page in tab.pages and page != tab.page}
        if there and (not choices or self.random.random() < GOES):
            [page] = self.random.choices([*there], [*there.values()])
            await self._note(f"→ {page}", tab.go(page))
            return
        [name] = self.random.choices([*choices], [FILTERS.get(key_of(name), 1) for name in choices])
        value = self.random.choice(choices[name])
        await self._note(f"{key_of(name)} = {value}", tab.choose(name, value))
        if unseen := next((name for name in tab.widgets if name.endswith(NOT_SEEN)), None):
            await self._note("екранът не се вижда", tab.choose(unseen, True))

    def _choices(self) -> dict[str, list[Any]]:
        """What can be chosen on the page: by widget what it is not now."""
        choices: dict[str, list[Any]] = {}
        for name, widget in self.tab.widgets.items():
            says = widget.says
            if widget.kind in ("selectbox", "radio", "button_group"):
                options = [getattr(option, "content", option) for option in says.options]
                now = self.tab.chosen.get(name)
                first = [options[n] for n in chosen_at_first(says)]
                said = [now.string_value, *now.string_array_value.data] if now else first
                choices[name] = [option for option in options if option not in said]
            elif widget.kind == "slider" and says.type == says.SLIDER and len(says.default) == 1:
                steps = np.arange(says.min, says.max, says.step or 1).tolist()
                choices[name] = self.random.sample(steps, min(5, len(steps)))
            elif widget.kind == "date_input" and key_of(name) == "day":
                first = date.fromisoformat(says.min.replace("/", "-"))
                choices[name] = [f"{first.year + 1}/{month:02}/28" for month in range(1, 7)]
        return {name: values for name, values in choices.items() if values}

    async def _note(self, what: str, click: Any) -> None:
        tab = self.tab
        try:
            seconds = await click
        except TimeoutError:
            self.crowd.errors.append(f"{tab.page}, {what}: без отговор {PATIENCE} s")
            raise
        finally:
            self.crowd.errors += tab.problems
            tab.problems = []
        values = tuple(sorted((key_of(n), s.string_value, *s.string_array_value.data) for n, s in tab.chosen.items()))
        looked = tab.page, values
        self.crowd.clicks.append(Click(tab.page, what, seconds, looked not in self.crowd.looked))
        self.crowd.looked.add(looked)


def given_rights(path: Path) -> list[str]:
    """Put people of every role that looks into a store. Returns their names."""
    by = Viewer("Администратор", ROLES["administrator"])
    wanted = {"expert": 3, "secretary": 1, "governor": 1, "press": 1, "coordinator": 3, "institution": 2, "school": 3}
    names = []
    with Store(path) as store:
        for role, many in wanted.items():
            places = [*places_of(store, ROLES[role])]
            for n in range(many):
                # A name in the register is two words.
                name = f"Роля {role}-{'абв'[n]}"
                register.give(store, Viewer(name, ROLES[role], places[n * len(places) // many] if places else ""), by)
                change_password(store, name, one_time_password(store, name, by), PASSWORD, PASSWORD)
                names.append(name)
    return names


def signed_in(port: int, names: Sequence[str]) -> list[str]:
    """A cookie for each of the people."""
    cookies = []
    for name in names:
        answer = asked(port, "POST", "/sign-in", {"name": name, "password": PASSWORD})
        cookies.append((answer.getheader("set-cookie") or "").split(";")[0])
        assert answer.status == 303, answer.read().decode()
    return cookies


@contextmanager
def _looked_at(server: Server, crowd: Crowd) -> Generator[dict[str, float]]:
    """What is done inside: seconds, CPU seconds of the server, and how many cores others took of the machine."""
    of: dict[str, float] = {}
    begun, cpu, all_cpu, own = time.monotonic(), server.cpu(), busy(), time.process_time()
    yield of
    of["seconds"] = time.monotonic() - begun
    of["cpu"] = server.cpu() - cpu
    others = busy() - all_cpu - of["cpu"] - (time.process_time() - own)
    of["others"] = max(0.0, others / of["seconds"])
    of["clicks"] = len(crowd.clicks)


async def crowded(
    server: Server, people: int, seconds: float, cookies: Sequence[str]
) -> tuple[Crowd, dict[str, float]]:
    """Have so many people work for a time."""
    crowd = Crowd()
    until = time.monotonic() + seconds

    async def one(n: int) -> None:
        try:
            async with opened(server.port, cookies[n % len(cookies)] if cookies else "") as socket:
                await Person(n, Tab(socket), crowd).work(until)
        except Exception as error:
            crowd.errors.append(f"{type(error).__name__}: {error}"[:300])

    async def look() -> None:
        while True:
            server.most_memory()
            await asyncio.sleep(5)

    with _looked_at(server, crowd) as of:
        looking = asyncio.create_task(look())
        await asyncio.gather(*(one(n) for n in range(people)))
        looking.cancel()
    return crowd, of


async def alone(server: Server, again: int = 10) -> list[tuple[str, float, float]]:
    """CPU seconds of each page for one person: the first time, and with its answers kept."""
    found = []
    async with opened(server.port) as socket:
        tab = Tab(socket)
        await tab.open("")
        # The first brings what every page needs, and the room has no filters and no way out.
        for page in ("help", *(page for page in tab.pages if page not in ("help", "", "root", "room"))):
            begun = server.cpu()
            await tab.open("" if page == "overview" else page)
            first = server.cpu()
            for _ in range(again):
                await tab.open("" if page == "overview" else page)
            found.append((page, first - begun, (server.cpu() - first) / again))
    return found


def _share(seconds: list[float], of: float) -> str:
    return number(float(np.percentile(seconds, of)), 2) if seconds else "–"


def _row(people: int, server: Server, crowd: Crowd, of: dict[str, float]) -> list[str]:
    every = [click.seconds for click in crowd.clicks]
    new = [click.seconds for click in crowd.clicks if click.is_new]
    return [
        str(people),
        str(len(every)),
        number(len(every) / of["seconds"], 1),
        *(_share(every, p) for p in (50, 95, 100)),
        f"{len(new)}",
        _share(new, 95),
        str(len(crowd.errors)),
        number(of["cpu"] / max(1, len(every)), 3),
        number(of["cpu"] / of["seconds"], 2),
        number(of["others"], 2),
        number(server.most_memory() / 2**20),
    ]


def _demo(path: Path, millions: int) -> None:
    with Store(path) as store:
        load_demo(store)
        if millions:
            from stores import grow

            grow(store, millions)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, nargs="+", default=[20, 50])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--store", type=Path, help="a store that is closed; its copy is looked at")
    parser.add_argument("--millions", type=int, default=0, help="absence rows of a country beside the demonstration")
    parser.add_argument("--together", action="store_true", help="people of several roles sign in")
    parser.add_argument("--slowest", type=int, default=5, help="how many of the slowest clicks are told")
    told = parser.parse_args()
    say = Console(width=150).print
    pages = Table("Страница, един човек", "първи път, CPU s", "пак, CPU s", box=None)
    crowds = Table(
        *("Хора", "кликвания", "в секунда", "p50 s", "p95 s", "най-дълго s", "нови", "p95 на новите", "грешки"),
        *("CPU s на кликване", "ядра", "заето от други, ядра", "памет, MB"),
        box=None,
    )
    with tempfile.TemporaryDirectory(prefix="obhvat-people-") as folder:
        store = Path(folder) / "obhvat.duckdb"
        if told.store:
            copy_of(told.store, store)
        else:
            _demo(store, told.millions)
        names = given_rights(store) if told.together else []
        if not told.together:
            with serving(store, together=False) as server:
                for page, first, again in asyncio.run(alone(server)):
                    pages.add_row(page, number(first, 2), number(again, 3))
            say(pages)
        for people in told.people:
            with serving(store, together=told.together) as server:
                cookies = signed_in(server.port, names)
                crowd, of = asyncio.run(crowded(server, people, told.seconds, cookies))
                crowds.add_row(*_row(people, server, crowd, of))
            for click in sorted(crowd.clicks, key=lambda click: -click.seconds)[: told.slowest]:
                say(f"{people}: {click.seconds:.2f} s {click.page}, {click.what}", style="dim", highlight=False)
            for error in sorted({*crowd.errors})[:10]:
                say(f"{people}: {crowd.errors.count(error)} × {error}", style="red", highlight=False, markup=False)
    say(crowds)


if __name__ == "__main__":
    main()
