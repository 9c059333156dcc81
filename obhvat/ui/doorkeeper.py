"""Who is let in: by which name the server was asked, from which browser, whether that browser is in the room, and,
where people sign in, who it is."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import URL, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from obhvat.people import signed_in
from obhvat.ui import room
from obhvat.ui.people import lock
from obhvat.ui.session import SIGNED_IN, is_together
from obhvat.ui.signing import tabs
from obhvat.ui.signing.pages import ANSWER, PASSWORD, PROVIDER, ROLE, SIGN_OUT

ADDRESS = "127.0.0.1"
LOOPBACK = (ADDRESS, "localhost", "::1")
"""The names of this machine to itself."""
# What Streamlit keeps for the pages it has drawn: pictures and files to download.
_MEDIA = "/media/"
_UPLOAD = "/_stcore/upload_file/"
DOOR = "/door"
"""What the command line asks; it brings a token of its own."""
HEALTH = "/health"
"""What looks after the server asks: whether the store answers."""
# Who is not signed in gets these; the two of Streamlit's say that it runs, and how a page that is open reaches it.
_OPEN = (tabs.SIGN_IN, PROVIDER, ANSWER, PASSWORD, "/_stcore/health", "/_stcore/host-config")
_FOR_EVERYBODY_SIGNED_IN = (ROLE, SIGN_OUT)
STAY = "x-obhvat-stay"
"""By what Streamlit tells whose session a browser may go on with."""


class Doorkeeper:
    """Middleware: a foreign `Host` is refused, a browser gets the cookie it is known by, one that is in the room is
    led there from every address and gets no file, and one may lock itself. Where people sign in, who has not is led
    there and gets nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        host = asked.headers.get("host")
        if not is_host_allowed(host):
            # Another site's name that leads here would let that site's scripts read the pages.
            refused = PlainTextResponse("Този адрес не е на обхват.", 421)
            closed = {"type": "websocket.close", "code": 1008}
            await (refused(scope, receive, send) if scope["type"] == "http" else send(closed))
            return
        if scope["type"] == "websocket":
            await (self._watched(scope, asked, receive, send) if is_together() else self.app(scope, receive, send))
            return
        path = asked.url.path
        is_page = scope["method"] == "GET" and "text/html" in asked.headers.get("accept", "")
        if path in (DOOR, HEALTH):
            own = urlsplit(f"//{host}").hostname in LOOPBACK
            await (self.app if own else PlainTextResponse("Отговарям само на този компютър.", 403))(
                scope, receive, send
            )
            return
        if is_together() and (refused := _not_signed_in(asked, path, is_page=is_page)):
            await refused(scope, receive, send)
            return
        browser = room.whose(asked.cookies)
        if path == lock.LOCK:
            lock.shut_browser(browser)
            back = lock.way_back(asked.query_params.get("then", ""))
            await RedirectResponse(back, 303)(scope, receive, send)
            return
        if path == lock.ACTIVE and scope["method"] == "POST":
            lock.keep_open(browser)
            signed_in.work(asked.cookies.get(SIGNED_IN))
            await Response(status_code=204)(scope, receive, send)
            return
        is_ours = path in (*_OPEN, *_FOR_EVERYBODY_SIGNED_IN)
        if is_page and (elsewhere := _elsewhere(asked.url, host or "", in_room=room.holds(browser) and not is_ours)):
            await RedirectResponse(elsewhere, 307)(scope, receive, send)
        elif room.holds(browser) and path.startswith(_MEDIA):
            await PlainTextResponse("В режима за залата не се изтеглят файлове.", 403)(scope, receive, send)
        elif is_page and not asked.cookies.get(room.BROWSER):
            await self.app(scope, receive, _with_cookie(send, secure=asked.url.scheme == "https"))
        else:
            await self.app(scope, receive, send)

    async def _watched(self, scope: Scope, asked: HTTPConnection, receive: Receive, send: Send) -> None:
        token = asked.cookies.get(SIGNED_IN)
        stay = signed_in.stay(token)
        if not token or not stay:
            # A page that is still open does not read a refusal; told where to go, it goes.
            protocol = asked.headers.get("sec-websocket-protocol", "").split(",")[0].strip() or None
            await receive()
            await send({"type": "websocket.accept", "subprotocol": protocol})
            await send(tabs.led(ROLE if signed_in.person(token) else tabs.SIGN_IN))
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = [(name, value) for name, value in scope["headers"] if name != STAY.encode()]
        tab = tabs.Watched(token, receive, send)
        try:
            await self.app({**scope, "headers": [*headers, (STAY.encode(), stay.encode())]}, tab.receive, tab.send)
        finally:
            tab.forget()


def _not_signed_in(asked: HTTPConnection, path: str, *, is_page: bool) -> Response | None:
    """What is answered instead to who is not signed in, acts in no role, or asks for another's file."""
    token = asked.cookies.get(SIGNED_IN)
    if path in _OPEN:
        return None
    if not signed_in.person(token):
        return _led(asked, tabs.SIGN_IN) if is_page else PlainTextResponse("Първо влезте.", 401)
    if path in _FOR_EVERYBODY_SIGNED_IN:
        return None
    if not signed_in.stay(token):
        return _led(asked, ROLE) if is_page else PlainTextResponse("Изберете роля.", 401)
    if path.startswith((_MEDIA, _UPLOAD)) and not tabs.is_file_of(token, path):
        return PlainTextResponse("Този файл не е ваш.", 403)
    if is_page:
        signed_in.work(token)
    return None


def _led(asked: HTTPConnection, path: str) -> Response:
    wanted = asked.url.path + (f"?{asked.url.query}" if asked.url.query else "")
    return RedirectResponse(path if wanted == "/" else f"{path}?{urlencode({'then': wanted})}", 303)


def _elsewhere(url: URL, host: str, *, in_room: bool) -> str | None:
    """Where a page is to be asked instead: this machine by its one name, as cookies are by name, and in the room."""
    name = urlsplit(f"//{host}").hostname or ""
    if name in LOOPBACK and name != ADDRESS:
        return str(url.replace(hostname=ADDRESS))
    return room.PATH if in_room and url.path != room.PATH else None


def _with_cookie(send: Send, *, secure: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Lax: a link from another site must not make a new browser of one that is in the room.
            cookie = f"{room.BROWSER}={secrets.token_urlsafe(16)}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("set-cookie", cookie + ("; Secure" if secure else ""))
        await send(message)

    return sending
