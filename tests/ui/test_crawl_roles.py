"""The served application, crawled as every role: no address, download or hand-made message tells of a child that is
not of the role's, or does what it may not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest
from crawled_oblast import BY, PLACES, fill, own_numbers, person_of, words_of_others
from passwords import give_password
from serving import start, stop
from streamlit.web.server.starlette import (
    starlette_agent_routes,
    starlette_auth_routes,
    starlette_routes,
    starlette_websocket,
)
from tabs_of_people import Tab, Told, opened, sign_in, wish_for, wish_to_draw

from obhvat.people import ROLES, Role, register, secret
from obhvat.store import Store
from obhvat.ui.filters import INSIDE
from obhvat.ui.session import SIGNED_IN
from obhvat.ui.shell import PAGES

PASSWORD = "три сини коня"
NAMES = [path for path, *_rest in PAGES]
REFUSED, BROKEN = "няма тази страница", "В програмата има грешка"


@dataclass(frozen=True)
class Served:
    address: str
    client: httpx.Client
    tokens: Mapping[str, str]
    """role → of who is signed in in it."""
    others: Mapping[str, re.Pattern[bytes]]
    """role → what it may not be told."""
    own: Mapping[str, re.Pattern[bytes]]
    """role → the cases that it is told of."""

    def tab(self, role: Role, session: str = "") -> AbstractContextManager[Tab]:
        return opened(self.address, self.tokens[role.id], session)

    def get(self, path: str, token: str | None, method: str = "GET", **how) -> httpx.Response:
        # What a browser would remember of one person is not the next one's.
        self.client.cookies.clear()
        cookie = {"cookie": f"{SIGNED_IN}={token}"} if token else {}
        return self.client.request(method, f"{self.address}{path}", headers=cookie, **how)

    def leaked(self, role: Role, said: bytes) -> set[str]:
        """What of others' is said, also inside of a workbook."""
        return {found.decode() for found in self.others[role.id].findall(b"\n".join(_unpacked(said)))}


def _unpacked(said: bytes) -> Iterator[bytes]:
    yield said
    if said[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(said)) as packed:
            for name in packed.namelist():
                yield from _unpacked(packed.read(name))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("crawled")
    with pytest.MonkeyPatch.context() as patch, Store(folder / "obhvat.duckdb") as store:
        patch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
        fill(store)
        for role in ROLES.values():
            register.give(store, person_of(role), BY)
            give_password(store, person_of(role).person, PASSWORD)
        words = {role.id: words_of_others(store, person_of(role)) for role in ROLES.values()}
        own = {role.id: own_numbers(store, person_of(role)) for role in ROLES.values()}
        before = everything(store)
    process, at = start(folder, folder / "obhvat.duckdb", "--together")
    tokens = {role.id: sign_in(at.address, person_of(role).person, PASSWORD) for role in ROLES.values()}
    patterns = ({role: _any_of(said) for role, said in each.items()} for each in (words, own))
    with httpx.Client() as client:
        yield Served(at.address, client, tokens, *patterns)
    stop(process)
    with Store(folder / "obhvat.duckdb") as store:
        assert everything(store) == before


def everything(store: Store) -> list[tuple[object, ...]]:
    """How many rows each table has, and what they add up to; but for what the application remembers of
    itself and of who came."""
    tables = store.rows(
        "select table_name from duckdb_tables() where table_name not in ('meta', 'people_seen') order by all"
    )
    each = (f"select '{name}', count(*), bit_xor(hash({name})) from {name}" for (name,) in tables)
    return store.rows(" union all ".join(each))


def _any_of(words: frozenset[str]) -> re.Pattern[bytes]:
    """As UTF-8, and as JSON that has no other letters than English ones."""
    if not words:
        return re.compile(rb"(?!)")
    ways = {way for word in words for way in (word.encode(), word.encode("unicode_escape"))}
    return re.compile(rb"(?<![\w-])(?:%s)(?![\w])" % b"|".join(map(re.escape, sorted(ways))))


def turned_inside(tab: Tab, page: str, address: Mapping[str, str] = {}) -> Told:
    """A page turned to the internal view by messages, as a person's two clicks would; as it is, where it has none to
    turn to."""
    told = tab.ask(page, address)
    if not (chosen := _inside(told)):
        return told
    told = tab.ask(page, address, widgets=chosen)
    not_seen = {w.id: True for w in told.of("button") if w.id.endswith("-screen-is-not-seen")}
    return tab.ask(page, address, widgets=chosen | not_seen) if not_seen else told


ADDRESSES = [
    {"municipality": PLACES[1], "part": "Списък и случай", "period": "Цялата година", "year": "2023/2024"},
    {"school": "СУ „9000102“, гр. Каменград · 9000102", "part": "Етапи и срокове", "day": "2024-03-20"},
    {"school": "СУ „9000201“, гр. Ведрово · 9000201", "municipality": PLACES[1], "lang": "en", "part": "List and case"},
    {"municipality": PLACES[2], "audience": "За пресата", "part": "Записи за проверка"},
]


INDEX = {role: n for n, role in enumerate(ROLES)}
BY_ROLE = pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)


def own_pages(role: Role) -> list[str]:
    """All that a role has but the room, which does not let one out."""
    return [page for page in NAMES if page in role.pages and page != "room"]


def parts(tab: Tab, page: str, told: Told, *only: str) -> Iterator[Told]:
    """Each part of a page that was drawn, or only some."""
    for group in told.of("button_group"):
        if group.id.endswith("-part"):
            for option in group.options:
                if not only or option.content in only:
                    yield tab.ask(page, widgets=_inside(told) | {group.id: [option.content]})


def _inside(told: Told) -> dict[str, object]:
    """What chooses the internal view, where it is offered, in either language."""
    groups = (group for group in told.of("button_group") if group.id.endswith("-audience"))
    return {group.id: [o.content] for group in groups for o in group.options if o.content in (INSIDE, "Internal")}


@BY_ROLE
def test_no_address_tells_of_others(served: Served, role: Role) -> None:
    with served.tab(role) as tab:
        said = [tab.ask(page, ADDRESSES[(n + INDEX[role.id]) % 4]) for n, page in enumerate(own_pages(role))]
    for page in {"risk", "cases", "school"}.intersection(role.pages):
        with served.tab(role) as tab:
            said.append(turned_inside(tab, page, ADDRESSES[0]))
            if page == "cases":
                said += parts(tab, page, said[-1])
    for told in said:
        assert BROKEN not in told.html
        assert served.leaked(role, told.raw) == set(), told.html
    shown = any(served.own[role.id].search(told.raw) for told in said)
    # What is theirs they are shown: else nothing was proved.
    assert shown == person_of(role).sees_children


@BY_ROLE
def test_no_other_page_is_drawn_by_its_name_or_its_script(served: Served, role: Role) -> None:
    with served.tab(role) as tab:
        tab.ask()
        for page in NAMES:
            if page not in {*role.pages, "help"}:
                told = tab.ask(page, ADDRESSES[0])
                assert REFUSED in told.html, page
                assert served.leaked(role, told.raw) == set(), page
        by_name = tab.send(wish_to_draw(page_name="settings", query_string=urlencode(ADDRESSES[0])))
        assert (REFUSED in by_name.html) == ("settings" not in role.pages)
        assert served.leaked(role, by_name.raw) == set()


@pytest.fixture(scope="module")
def buttons(served: Served) -> dict[str, object]:
    """What the expert and who gives rights may press, as if it were pressed."""
    found = {}
    for page in ("cases", "meeting", "data_status", "settings", "people"):
        with served.tab(ROLES["administrator" if page == "people" else "expert"]) as tab:
            told = turned_inside(tab, page)
            more = parts(tab, page, told, "Списък и случай", "Дневен ред", "Закриване")
            found |= {w.id: True for each in (told, *more) for w in each.of("button")}
    return found


@BY_ROLE
def test_no_message_does_what_the_role_may_not(served: Served, buttons: dict[str, object], role: Role) -> None:
    """What is not drawn is pressed all the same; that nothing was written is seen when the server has stopped."""
    page = own_pages(role)[-1]
    with served.tab(role) as tab:
        mine = {w.id for w in tab.ask(page).of("button")}
        told = tab.ask(page, widgets={name: value for name, value in buttons.items() if name not in mine})
    assert served.leaked(role, told.raw) == set()
    assert BROKEN not in told.html


def test_files_hold_what_is_of_the_role_and_are_nobody_else_s(served: Served) -> None:
    given = 0
    for role, page in (
        ("coordinator", "risk"),
        ("coordinator", "cases"),
        ("secretary", "meeting"),
        ("school", "school"),
    ):
        with served.tab(ROLES[role]) as tab, served.tab(ROLES["press"]) as other:
            other.ask()
            told = turned_inside(tab, page)
            for each in (told, *parts(tab, page, told, "Списък и случай", "Документи")):
                for file in each.files:
                    # Not the last, whose file is there no more.
                    address = file if file.startswith("/") else tab.make(file)
                    assert address, (role, page)
                    held = served.get(address, served.tokens[role])
                    assert held.status_code == 200
                    assert served.leaked(ROLES[role], held.content) == set(), (page, file)
                    given += 1
                    # Streamlit says again by what a wish is called.
                    other.place(address)
                    assert served.get(address, served.tokens["press"]).status_code == 403
                    assert served.get(address, None).status_code == 401
                    assert other.send(wish_for(file, other.session), wish_to_draw(page_name="help")).of("html")
    assert given >= 5


def test_a_session_and_its_parts_are_its_own(served: Served) -> None:
    with served.tab(ROLES["expert"]) as tab:
        [fragment, *_rest] = turned_inside(tab, "risk").fragments
        put = tab.place("a.csv")
        with served.tab(ROLES["governor"], tab.session) as other:
            other.ask("help")
            assert other.session not in ("", tab.session)
            told = other.send(wish_to_draw(fragment_id=fragment), wish_to_draw(page_name="help"))
            assert fragment not in told.fragments
        for method in ("PUT", "DELETE", "GET"):
            assert served.get(put, served.tokens["governor"], method).status_code == 403
            assert served.get(put, None, method).status_code == 401
        # Who it is of goes on.
        assert "не е ваш" not in served.get(put, served.tokens["expert"], "PUT").text
        assert tab.ask("help").of("html")


ROUTES = sorted(
    {
        f"/{value}"
        for module in (starlette_routes, starlette_agent_routes, starlette_auth_routes, starlette_websocket)
        for name, value in vars(module).items()
        if "ROUTE_" in name and isinstance(value, str)
    }
)


def test_no_other_address_of_the_server_tells_anything(served: Served) -> None:
    assert len(ROUTES) > 15
    own = ["/", "/door", "/role", "/lock", "/active", "/nothing", "/static/../obhvat.duckdb", "/media%3F/../room"]
    for path in (*ROUTES, *own):
        asked = path.replace("{path:path}", "x").replace("{file_id:path}", "x").replace("{session_id}/{file_id}", "a/b")
        for method in ("GET", "POST", "PUT"):
            nobody = served.get(asked, None, method)
            is_open = asked in ("/_stcore/health", "/_stcore/host-config", "/door")
            assert is_open or nobody.status_code == 401, (method, path)
            for role in ("press", "school"):
                answer = served.get(asked, served.tokens[role], method, json={})
                assert served.leaked(ROLES[role], answer.content) == set(), path
