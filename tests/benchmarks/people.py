"""What many people at once cost: sessions that click every 5 to 15 seconds through the pages, with the filters changing.

    python tests/benchmarks/people.py [--people 20 50] [--seconds 120] [--store FILE | --millions 10] [--together]

A person is a websocket that says what a browser would: where it goes, what it chooses and what it has kept. Each row of
the table has a server of its own, with nothing kept, on a copy of the store: the demonstration unless another is named.
With --together people of several roles sign in, and each is answered for themselves. Not a test: the budget is DESIGN
§5; „заето от други“ says whether the machine was quiet enough for it. Linux, as memory and CPU are read from /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from obhvat.demo import load_demo
from obhvat.people import ROLES, Viewer, register
from obhvat.people.places import places_of
from obhvat.people.signing_in import change_password, one_time_password
from obhvat.store import Store
from obhvat.texts import number

HOST = "127.0.0.1"
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
PATIENCE = 120
OURS_FAILED = "В програмата има грешка"
NOT_SEEN = "screen-is-not-seen"
PASSWORD = "три сини коня"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Widget:
    """One that can be chosen in: its own message, which kind, and the fragment it is drawn in."""

    kind: str
    says: Any
    fragment: str


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


class Tab:
    """A tab of a browser: what is drawn in it, what is chosen, and what it says of that to the server."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.pages: dict[str, str] = {}
        self.page = "overview"
        self.widgets: dict[str, Widget] = {}
        self.chosen: dict[str, WidgetState] = {}
        self.query: dict[str, str] = {}
        self.problems: list[str] = []
        self._kept: dict[str, ForwardMsg] = {}

    async def open(self, page: str) -> float:
        """Go to a page by its address. Returns the seconds until it is drawn."""
        return await self._ask(page_name=page)

    async def go(self, page: str) -> float:
        """Follow a link of the menu."""
        self.chosen, self.query = {}, {}
        return await self._ask(page_script_hash=self.pages[page])

    async def choose(self, widget_id: str, value: Any) -> float:
        """Choose in a widget: a text, an array of them or of numbers, or True for a click."""
        widget = self.widgets[widget_id]
        state = WidgetState(id=widget_id)
        if value is True:
            state.trigger_value = True
        elif widget.kind == "slider":
            state.double_array_value.data.append(value)
        elif widget.kind in ("button_group", "date_input"):
            state.string_array_value.data.append(value)
        else:
            state.string_value = value
        if value is not True:
            self.chosen[widget_id] = state
        if key := getattr(widget.says, "query_param_key", ""):
            self.query[key] = str(value).replace("/", "-")
        seconds = await self._ask(
            page_script_hash=self.pages[self.page], fragment_id=widget.fragment, clicked=state if value is True else None
        )
        return seconds

    async def _ask(self, clicked: WidgetState | None = None, **where: str) -> float:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = urlencode(self.query)
        for name, value in where.items():
            setattr(asked, name, value)
        asked.widget_states.widgets.extend([*self.chosen.values(), *([clicked] if clicked else [])])
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.timezone, asked.context_info.locale = "Europe/Sofia", "bg"
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not self._is_drawn(await self.socket.recv()):
                pass
        return time.perf_counter() - begun

    def _is_drawn(self, sent: str | bytes) -> bool:
        """Hear a message; whether it is the last."""
        message = ForwardMsg.FromString(sent if isinstance(sent, bytes) else sent.encode())
        if message.HasField("ref_hash"):
            kept = self._kept[message.ref_hash]
            kept.metadata.CopyFrom(message.metadata)
            message = kept
        elif message.metadata.cacheable:
            self._kept[message.hash] = message
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self.widgets = {}
        elif kind == "navigation":
            told = message.navigation
            self.pages = {page.url_pathname: page.page_script_hash for page in told.app_pages}
            self.pages["overview"] = next(page.page_script_hash for page in told.app_pages if page.is_default)
            self.page = {a: path for path, a in self.pages.items()}.get(told.page_script_hash, self.page)
        elif kind == "page_info_changed":
            self.query = dict(parse_qsl(message.page_info_changed.query_string))
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._draw(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            if not message.script_finished:
                self.chosen = {name: state for name, state in self.chosen.items() if name in self.widgets}
            return message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            )
        return False

    def _draw(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        says = getattr(element, kind)
        if kind in ("selectbox", "radio", "button_group", "slider", "date_input", "button") and not says.disabled:
            self.widgets[says.id] = Widget(kind, says, fragment)
            if kind in ("selectbox", "radio", "button_group") and says.set_value:
                state = WidgetState(id=says.id)
                if kind == "button_group":
                    state.string_array_value.data.extend(says.raw_values)
                else:
                    state.string_value = says.raw_value
                self.chosen[says.id] = state
        elif kind == "exception" or (kind == "html" and OURS_FAILED in says.body):
            self.problems.append(f"{self.page}: {says.message if kind == 'exception' else says.body}"[:300])


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
        [name] = self.random.choices([*choices], [FILTERS.get(_key(name), 1) for name in choices])
        value = self.random.choice(choices[name])
        await self._note(f"{_key(name)} = {value}", tab.choose(name, value))
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
                said = [now.string_value, *now.string_array_value.data] if now else [options[n] for n in [*_default(says)]]
                choices[name] = [option for option in options if option not in said]
            elif widget.kind == "slider" and says.type == says.SLIDER and len(says.default) == 1:
                steps = np.arange(says.min, says.max, says.step or 1).tolist()
                choices[name] = self.random.sample(steps, min(5, len(steps)))
            elif widget.kind == "date_input" and _key(name) == "day":
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
        values = tuple(sorted((_key(n), s.string_value, *s.string_array_value.data) for n, s in tab.chosen.items()))
        looked = tab.page, values
        self.crowd.clicks.append(Click(tab.page, what, seconds, looked not in self.crowd.looked))
        self.crowd.looked.add(looked)


def _key(widget_id: str) -> str:
    """What a widget is called in our code: Streamlit writes it after a hash of what it says."""
    return re.sub(r"^\$\$ID-[0-9a-f]+-", "", widget_id)


def _default(says: Any) -> Sequence[int]:
    if says.DESCRIPTOR.name == "ButtonGroup":
        return says.default
    return [says.default] if says.HasField("default") else []


class Server:
    """The application in a process of its own, and what it takes of the machine."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._process = process
        self._most = 0

    def _processes(self) -> list[int]:
        """Its own and those it started, by their numbers."""
        found, parents = [self._process.pid], _parents()
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu(self) -> float:
        """Seconds of processor so far."""
        ticks = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def most_memory(self) -> int:
        """The most bytes it had at any look; what processes share is counted once."""
        now = 0
        for pid in self._processes():
            said = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            now += int(said[1]) * 1024 if said else 0
        self._most = max(self._most, now)
        return self._most


def _parents() -> dict[int, int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    return parents


def busy() -> float:
    """Seconds of processor that the whole machine has worked."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


@contextmanager
def serving(store: Path, *, together: bool) -> Iterator[Server]:
    """A server of a copy of a store, with nothing kept."""
    with tempfile.TemporaryDirectory(prefix="obhvat-people-") as folder, socket.socket() as free:
        copy = Path(folder) / store.name
        for file in store.parent.glob(f"{store.stem}.*"):
            shutil.copy(file, folder)
        free.bind((HOST, 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "obhvat", "serve", "--no-browser", "--store", str(copy), "--port", str(port)]
        with (Path(folder) / "said.log").open("w+") as said:
            process = subprocess.Popen(
                [*command, *(["--together"] if together else [])], stdout=said, stderr=said, text=True, cwd=folder
            )
            try:
                _await(process, port)
                yield Server(process, port)
            finally:
                process.terminate()
                process.wait(30)
                said.seek(0)
                if "Traceback" in (text := said.read()):
                    print(text[-4000:], file=sys.stderr)


def _await(process: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if _asked(port, "GET", "/_stcore/health").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Сървърът не тръгна.")


def _asked(port: int, method: str, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
    asking = http.client.HTTPConnection(HOST, port, timeout=30)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}:{port}"}
    asking.request(method, path, urlencode(form) if form else None, kind if form else {})
    return asking.getresponse()


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
        answer = _asked(port, "POST", "/sign-in", {"name": name, "password": PASSWORD})
        cookies.append((answer.getheader("set-cookie") or "").split(";")[0])
        assert answer.status == 303, answer.read().decode()
    return cookies


@contextmanager
def _looked_at(server: Server, crowd: Crowd) -> Iterator[dict[str, float]]:
    """What is done inside: seconds, CPU seconds of the server, and how many cores others took of the machine."""
    of: dict[str, float] = {}
    begun, cpu, all_cpu, own = time.monotonic(), server.cpu(), busy(), time.process_time()
    yield of
    of["seconds"] = time.monotonic() - begun
    of["cpu"] = server.cpu() - cpu
    others = busy() - all_cpu - of["cpu"] - (time.process_time() - own)
    of["others"] = max(0.0, others / of["seconds"])
    of["clicks"] = len(crowd.clicks)


def _opened(port: int, cookie: str = "") -> Any:
    return connect(
        f"ws://{HOST}:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # ty: ignore[invalid-argument-type]
        additional_headers={"Cookie": cookie} if cookie else {},
        max_size=None,
        # Browsers are offered none by Streamlit.
        compression=None,
    )


async def crowded(server: Server, people: int, seconds: float, cookies: Sequence[str]) -> tuple[Crowd, dict[str, float]]:
    """Have so many people work for a time."""
    crowd = Crowd()
    until = time.monotonic() + seconds

    async def one(n: int) -> None:
        try:
            async with _opened(server.port, cookies[n % len(cookies)] if cookies else "") as socket:
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
    async with _opened(server.port) as socket:
        tab = Tab(socket)
        await tab.open("")
        for page in ("help", *(page for page in tab.pages if page in PAGES and page != "help")):
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
            for file in told.store.parent.glob(f"{told.store.stem}.*"):
                shutil.copy(file, store.with_suffix(file.suffix))
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
