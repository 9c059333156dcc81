"""Under which names the server answers, and how it knows browsers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from streamlit import config

from obhvat.ui import room
from obhvat.ui.doorkeeper import LOOPBACK, Doorkeeper

HOST = "127.0.0.1:8501"
COOKIE = f"{room.BROWSER}=a-browser"


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """What answers when the doorkeeper lets one in."""
    if scope["type"] == "http":
        await PlainTextResponse(f"{scope['path']} with a case")(scope, receive, send)
    else:
        await send({"type": "websocket.accept"})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def sent(path: str, kind: str, headers: dict[str, str]) -> list[Message]:
    """Every message to who asks."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    asked, _, query = path.partition("?")
    scope = {
        "type": kind,
        "method": "GET",
        "scheme": "http" if kind == "http" else "ws",
        "path": asked,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    # Nothing here waits for anything, so it needs no event loop: the tests of the browser have one running.
    with contextlib.suppress(StopIteration):
        Doorkeeper(behind)(scope, receive, send).send(None)
    return messages


def get(path: str, host: str = HOST, accept: str = "text/html", cookie: str = "") -> Answer:
    start, body = sent(path, "http", {"host": host, "accept": accept, "cookie": cookie})
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, body["body"].decode())


def opens(host: str) -> bool:
    """Whether a websocket is opened."""
    return [message["type"] for message in sent("/_stcore/stream", "websocket", {"host": host})] == ["websocket.accept"]


@pytest.fixture(autouse=True)
def _told_of_one_more_name() -> Iterator[None]:
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", [*LOOPBACK, "okc.example"])
    yield
    config.set_option("server.allowedHosts", before)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0:8501", "x.localhost", "", "[::"])
def test_a_foreign_name_gets_nothing(host: str):
    answer = get("/cases", host)
    assert (answer.status, "case" in answer.text) == (421, False)
    assert not opens(host)


@pytest.mark.parametrize("host", ["127.0.0.1", HOST, "okc.example", "OKC.example:80"])
def test_its_own_names_are_answered(host: str):
    assert get("/cases", host).text == "/cases with a case"
    assert opens(host)


@pytest.mark.parametrize("host", ["localhost:8501", "[::1]:8501"])
def test_a_page_by_another_name_of_this_machine_is_asked_by_the_one_that_cookies_know(host: str):
    answer = get("/cases?part=1", host)
    assert (answer.status, answer.headers["location"]) == (307, "http://127.0.0.1:8501/cases?part=1")
    assert get("/static/a.js", host, accept="*/*").status == 200


def test_a_browser_is_given_one_cookie_that_scripts_do_not_see():
    cookie = get("/").headers["set-cookie"]
    assert cookie.startswith(f"{room.BROWSER}=")
    assert "HttpOnly" in cookie
    assert "set-cookie" not in get("/", cookie=COOKIE).headers


def test_in_the_room_every_page_leads_there_and_no_file_is_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "_in_room", {"a-browser"})
    for path in ("/", "/overview?audience=Вътрешен", "/cases", "/nothing/at/all"):
        answer = get(path, cookie=COOKIE)
        assert (answer.status, answer.headers["location"]) == (307, "/room")
    assert get("/room?slide=3", cookie=COOKIE).status == 200
    assert get("/media/abc.xlsx", accept="*/*", cookie=COOKIE).status == 403
    assert get("/cases").status == get("/media/abc.xlsx").status == 200


def test_who_was_locked_goes_back_to_the_same_place_of_ours():
    here = "/cases?municipality=%D0%93%D0%BE%D1%80%D1%83%D0%BD&day=2024-02-01"
    assert get(f"/lock?then={quote(here, safe='')}", cookie=COOKIE).headers["location"] == here
    for elsewhere in ("//evil.example", "\\\\evil.example", "https://evil.example", "%2F%2Fevil.example"):
        back = get(f"/lock?then={quote(elsewhere, safe='')}", cookie=COOKIE).headers["location"]
        assert urlsplit(urljoin(f"http://{HOST}/lock", back)).netloc == HOST
