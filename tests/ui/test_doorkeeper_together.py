"""Where people sign in: what is answered to who has not, and to who is signed in for what is not theirs."""

from __future__ import annotations

import asyncio
import contextlib
import html
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

import pytest
import small_oblast
from passwords import give_password
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect
from store_files import copy_store
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from obhvat.ingest import commit, read_files
from obhvat.people import ROLES, Viewer, register, secret, signed_in
from obhvat.people.log import log_of
from obhvat.people.signing_in import one_time_password
from obhvat.store import Store
from obhvat.ui import room
from obhvat.ui.doorkeeper import LOOPBACK, STAY, Doorkeeper
from obhvat.ui.session import SIGNED_IN, close_store, open_store
from obhvat.ui.signing.routes import ROUTES

HOST, PASSWORD = "okc.example", "три сини коня"
ANA, OF_PEOPLE = Viewer("Ана Петрова", ROLES["expert"]), Viewer("Ана Петрова", ROLES["administrator"])
GUEST = Viewer("Гост", ROLES["press"])
BY = Viewer("Администратор", ROLES["administrator"])


async def _page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.url.path} with a case")


async def _stream(websocket: WebSocket) -> None:
    """As Streamlit's: it tells who it takes one for, and of a file."""
    await websocket.accept()
    await websocket.send_bytes(_text(websocket.headers.get(STAY, "")))
    button, put = ForwardMsg(), ForwardMsg()
    button.delta.new_element.download_button.url = "/media/abc.csv"
    put.file_urls_response.file_urls.add(upload_url="/_stcore/upload_file/s-1/f-2")
    for message in (button, put):
        await websocket.send_bytes(message.SerializeToString())
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await websocket.send_bytes(_text(f"heard {(await websocket.receive_bytes()).decode()}"))


def _text(said: str) -> bytes:
    """What Streamlit answers to an address that it does not know: it says it again."""
    message = ForwardMsg()
    message.page_not_found.page_name = said
    return message.SerializeToString()


def text_of(message: Message) -> str:
    return ForwardMsg.FromString(message["bytes"]).page_not_found.page_name


APP = Starlette(
    routes=[
        *ROUTES,
        WebSocketRoute("/_stcore/stream", _stream),
        Route("/{path:path}", _page, methods=["GET", "PUT", "POST"]),
    ],
    middleware=[Middleware(Doorkeeper)],
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def token(self) -> str | None:
        name, _, value = self.headers.get("set-cookie", "").partition("=")
        return value.split(";")[0].strip('"') if name == SIGNED_IN else None


def ask(
    path: str,
    method: str = "GET",
    *,
    token: str | None = None,
    form: dict[str, str] | None = None,
    accept: str = "text/html",
    **headers: str,
) -> Answer:
    """What is answered over HTTP. A form comes from our own page unless `origin` says otherwise."""
    asked, _, query = path.partition("?")
    body = urlencode(form).encode() if form is not None else b""
    if form is not None:
        method = "POST"
        headers = {"origin": f"http://{HOST}", "content-length": str(len(body))} | headers
    scope = _scope("http", asked, query, token, {"accept": accept} | headers) | {"method": method}
    sent = _talk(scope, [{"type": "http.request", "body": body}])
    start, *rest = sent
    got = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], got, b"".join(part.get("body", b"") for part in rest).decode())


def socket(token: str | None, *said: bytes, **headers: str) -> list[Message]:
    """What a websocket is told that says something and goes."""
    heard = [{"type": "websocket.receive", "bytes": text} for text in said]
    scope = _scope("websocket", "/_stcore/stream", "", token, headers)
    return _talk(scope, [{"type": "websocket.connect"}, *heard, {"type": "websocket.disconnect", "code": 1000}])


def _scope(kind: str, path: str, query: str, token: str | None, headers: dict[str, str]) -> dict[str, object]:
    all_headers = {"host": HOST, **({"cookie": f"{SIGNED_IN}={token}"} if token else {}), **headers}
    return {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "scheme": "http" if kind == "http" else "ws",
        "server": (HOST, 80),
        "client": ("127.0.0.1", 50000),
        "subprotocols": [],
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in all_headers.items()],
    }


def _talk(scope: dict[str, object], messages: list[Message]) -> list[Message]:
    sent: list[Message] = []

    async def talk() -> None:
        coming = iter(messages)

        async def receive() -> Message:
            return next(coming)

        async def send(message: Message) -> None:
            sent.append(message)

        await APP(scope, receive, send)

    # In a thread of its own: the tests of the browser have an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, talk()).result(30)
    return sent


def led_to(messages: list[Message]) -> str:
    """Where a page is sent that may not be open."""
    kinds = [message["type"] for message in messages]
    assert kinds == ["websocket.accept", "websocket.send", "websocket.close"]
    return ForwardMsg.FromString(messages[1]["bytes"]).auth_redirect.url


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two people, one of them in two roles, who both have a password."""
    path = tmp_path_factory.mktemp("people") / "store.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
        with Store(path) as store:
            for right in (ANA, OF_PEOPLE, GUEST):
                register.give(store, right, BY)
            for person in (ANA.person, GUEST.person):
                give_password(store, person, PASSWORD)
    return path


@pytest.fixture(autouse=True)
def store(people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
    monkeypatch.setattr("obhvat.ui.signing.routes._limiter", [])
    monkeypatch.setenv("OBHVAT_TOGETHER", "1")
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(people, tmp_path)))
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", [*LOOPBACK, HOST])
    yield open_store()
    config.set_option("server.allowedHosts", before)
    close_store()


@pytest.fixture
def guest(store: Store) -> str:
    return signed_in.let_in(store, GUEST.person)


def sign_in(name: str = GUEST.person, password: str = PASSWORD, then: str = "", **more: str) -> Answer:
    return ask(f"/sign-in?{urlencode({'then': then})}", form={"name": name, "password": password}, **more)


STRANGERS = (None, "", "x" * 43)


@pytest.mark.parametrize("token", STRANGERS)
def test_who_is_not_signed_in_gets_nothing(token: str | None) -> None:
    for path in ("/", "/cases?municipality=x", "/room", "/nothing", "/lock", "/role", "/sign-out"):
        answer = ask(path, token=token)
        assert (answer.status, "case" in answer.text) == (303, False)
        assert answer.headers["location"].startswith("/sign-in")
    for path in ("/media/abc.csv", "/static/js/index.js", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/active"):
        for accept in ("*/*", "application/json"):
            answer = ask(path, token=token, accept=accept)
            assert (answer.status, "case" in answer.text) == (401, False)
    for method in ("PUT", "POST", "DELETE", "OPTIONS", "HEAD"):
        assert ask("/_stcore/upload_file/s/f", method, token=token).status == 401


@pytest.mark.parametrize("token", STRANGERS)
def test_a_websocket_of_a_stranger_is_told_where_to_sign_in_and_nothing_else(token: str | None) -> None:
    assert led_to(socket(token, b"run", **{STAY: "mine"})) == "/sign-in"


def test_who_signs_in_comes_where_they_wanted_with_a_token_that_scripts_do_not_see() -> None:
    wanted = ask("/cases?municipality=%D0%93%D0%BE%D1%80%D1%83%D0%BD").headers["location"]
    then = parse_qs(urlsplit(wanted).query)["then"][0]
    answer = sign_in(then=then)
    assert (answer.status, answer.headers["location"]) == (303, "/cases?municipality=%D0%93%D0%BE%D1%80%D1%83%D0%BD")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
    assert ask("/cases", token=answer.token).text == "/cases with a case"
    assert signed_in.viewer(open_store(), answer.token) == GUEST


def test_a_token_from_before_is_not_the_one_after(guest: str) -> None:
    answer = sign_in(cookie=f"{SIGNED_IN}={guest}")
    assert answer.token
    assert answer.token != guest
    assert signed_in.person(guest) is None
    # One that somebody else put into the browser is not taken up.
    assert sign_in(cookie=f"{SIGNED_IN}=chosen-by-another").token != "chosen-by-another"


@pytest.mark.parametrize("name", [GUEST.person, "Никой"])
def test_a_wrong_password_is_said_and_logged_without_it(store: Store, name: str) -> None:
    answer = sign_in(name, "съвсем друга парола")
    assert (answer.status, answer.token) == (403, None)
    assert "Грешно име или парола." in answer.text
    assert "друга" not in answer.text
    assert [look.what for look in log_of(store).looks()] == ["refused"]
    assert "друга" not in log_of(store).path.read_text("utf-8")


def test_a_one_time_password_is_no_wrong_one(store: Store) -> None:
    answer = sign_in(GUEST.person, one_time_password(store, GUEST.person, BY))
    assert "Тази парола е еднократна." in answer.text
    assert answer.token is None
    assert [look.what for look in log_of(store).looks()] == ["right"]


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "\\\\evil.example", "https://evil.example", "/\t/evil.example"]
)
def test_after_signing_in_one_stays_here(elsewhere: str) -> None:
    for then in (elsewhere, quote(elsewhere, safe="")):
        location = sign_in(then=then).headers["location"]
        assert urlsplit(urljoin(f"http://{HOST}/sign-in", location)).netloc == HOST


@pytest.mark.parametrize("origin", ["http://evil.example", f"http://{HOST}.evil.example", "null", ""])
def test_a_form_of_another_site_does_nothing(guest: str, origin: str) -> None:
    assert sign_in(origin=origin).status == 403
    assert ask("/sign-out", form={}, token=guest, origin=origin).status == 403
    assert ask("/role", form={"right": "expert"}, token=guest, origin=origin).status == 403
    assert signed_in.person(guest) == GUEST.person


def test_a_link_does_not_sign_out(guest: str) -> None:
    ask("/sign-out", token=guest)
    assert signed_in.person(guest) == GUEST.person


def test_signing_out_ends_the_session_not_the_cookie_alone(guest: str) -> None:
    assert ask("/sign-out", form={}, token=guest).headers["location"] == "/sign-in"
    assert ask("/cases", token=guest).status == 303
    assert led_to(socket(guest, b"run")) == "/sign-in"


def test_a_form_that_is_too_long_is_not_read() -> None:
    assert sign_in(password="а" * 5000).status == 503
    assert sign_in(**{"content-length": "-1"}).status == 503


def test_who_has_two_roles_sees_nothing_before_choosing_one() -> None:
    token = sign_in(ANA.person).token
    assert ask("/cases", token=token).headers["location"] == "/role?then=%2Fcases"
    assert ask("/static/js/index.js", token=token, accept="*/*").status == 401
    assert led_to(socket(token, b"run")) == "/role"
    choice = ask("/role?then=%2Fcases", token=token).text
    assert "Експерт от РУО" in choice
    assert "Администратор на хората" in choice
    assert "Гост" not in choice
    assert "В коя роля работите?" in choice
    assert ask("/role", form={"right": "governor"}, token=token).status == 200
    assert signed_in.stay(token) == ""
    assert ask("/role?then=%2Fcases", form={"right": "expert"}, token=token).headers["location"] == "/cases"
    assert signed_in.viewer(open_store(), token) == ANA


def test_who_is_left_with_one_role_goes_on_in_it(guest: str) -> None:
    only = ask("/role", token=guest).text
    assert "Продължете в ролята, която имате сега" in only
    assert "В коя роля" not in only


def test_a_school_is_called_by_its_name_where_one_chooses(store: Store) -> None:
    commit(read_files([small_oblast.register()], store), store, ANA)
    register.give(store, Viewer(GUEST.person, ROLES["school"], "9000101"), BY)
    choice = html.unescape(ask("/role", token=sign_in().token).text)
    assert "Училище или детска градина – СУ „9000101“, гр. Каменград" in choice


def test_a_file_is_given_to_whom_it_was_told(store: Store, guest: str) -> None:
    other = sign_in(ANA.person).token
    assert ask("/role", form={"right": "expert"}, token=other).status == 303
    told = socket(other, b"run")
    assert text_of(told[-1]) == "heard run"
    for path, method in (("/media/abc.csv", "GET"), ("/_stcore/upload_file/s-1/f-2", "PUT")):
        assert ask(path, method, token=other, accept="*/*").status == 200
        assert ask(path, method, token=guest, accept="*/*").status == 403
        assert ask(path, method, token=guest).status == 403
    # Another role is another person.
    assert ask("/role", form={"right": "administrator"}, token=other).status == 303
    assert ask("/media/abc.csv", token=other, accept="*/*").status == 403
    socket(other, b"run")
    ask("/sign-out", form={}, token=other)
    assert ask("/media/abc.csv", token=other, accept="*/*").status == 401


def test_streamlit_is_told_by_us_whose_session_it_is(guest: str) -> None:
    told = socket(guest, **{STAY: "of-another"})
    assert text_of(told[1]) == signed_in.stay(guest)


def test_an_open_page_is_led_out_when_its_session_is_over(guest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [signed_in.time()]
    monkeypatch.setattr(signed_in, "time", lambda: at[0])

    async def talk() -> list[Message]:
        sent: list[Message] = []
        coming: asyncio.Queue[Message] = asyncio.Queue()

        async def send(message: Message) -> None:
            sent.append(message)

        opened = asyncio.create_task(APP(_scope("websocket", "/_stcore/stream", "", guest, {}), coming.get, send))
        for message in ({"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": b"run"}):
            coming.put_nowait(message)
        while len(sent) < 5:
            await asyncio.sleep(0.01)
        at[0] += signed_in.QUIET
        coming.put_nowait({"type": "websocket.receive", "bytes": b"run"})
        await asyncio.wait_for(opened, 5)
        return sent

    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(lambda: asyncio.run(talk())).result(30)
    assert [message["type"] for message in sent[5:]] == ["websocket.send", "websocket.close"]
    assert ForwardMsg.FromString(sent[5]["bytes"]).auth_redirect.url == "/sign-in"


def test_the_room_is_the_persons_in_every_browser(guest: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_in_room", {GUEST.person})
    other = signed_in.let_in(store, GUEST.person)
    for token in (guest, other):
        assert ask("/cases", token=token).headers["location"] == "/room"
        assert ask("/sign-in", token=token).status == 303
    assert ask("/sign-out", form={}, token=other).headers["location"] == "/sign-in"


def test_the_door_of_the_command_line_is_here_only(guest: str) -> None:
    assert ask("/door", "POST", token=guest).status == 403
    assert ask("/door", "POST", host="127.0.0.1:8501").status == 200


def test_work_is_heard_and_looking_is_not_work(guest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [signed_in.time()]
    monkeypatch.setattr(signed_in, "time", lambda: at[0])
    at[0] += signed_in.QUIET - 1
    assert ask("/active", "POST", token=guest, accept="*/*").status == 204
    at[0] += signed_in.QUIET - 1
    ask("/media/abc.csv", token=guest, accept="*/*")
    at[0] += 1
    assert ask("/cases", token=guest).status == 303


def test_the_page_of_signing_in_speaks_english_too() -> None:
    page = ask("/sign-in?lang=en&then=%2Fcases").text
    assert "Password" in page
    assert ask("/cases?lang=en").headers["location"] == "/sign-in?then=%2Fcases%3Flang%3Den"
    assert "Password" in ask("/sign-in?then=%2Fcases%3Flang%3Den").text
