"""Who is let in: by which name the server was asked, from which browser, and whether that browser is in the room."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import URL, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from obhvat.ui import room
from obhvat.ui.people import lock

ADDRESS = "127.0.0.1"
LOOPBACK = (ADDRESS, "localhost", "::1")
"""The names of this machine to itself."""
# What Streamlit keeps for the pages it has drawn: pictures and files to download.
_MEDIA = "/media/"


class Doorkeeper:
    """Middleware: a foreign `Host` is refused, a browser gets the cookie it is known by, one that is in the room is
    led there from every address and gets no file, and one may lock itself."""

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
            await self.app(scope, receive, send)
            return
        browser = asked.cookies.get(room.BROWSER)
        if asked.url.path == lock.LOCK:
            lock.shut_browser(browser)
            back = lock.way_back(asked.query_params.get("then", ""))
            await RedirectResponse(back, 303)(scope, receive, send)
            return
        if asked.url.path == lock.ACTIVE and scope["method"] == "POST":
            lock.keep_open(browser)
            await Response(status_code=204)(scope, receive, send)
            return
        is_page = scope["method"] == "GET" and "text/html" in asked.headers.get("accept", "")
        if is_page and (elsewhere := _elsewhere(asked.url, host or "", in_room=room.holds(browser))):
            await RedirectResponse(elsewhere, 307)(scope, receive, send)
        elif room.holds(browser) and asked.url.path.startswith(_MEDIA):
            await PlainTextResponse("В режима за залата не се изтеглят файлове.", 403)(scope, receive, send)
        elif is_page and not browser:
            await self.app(scope, receive, _with_cookie(send))
        else:
            await self.app(scope, receive, send)


def _elsewhere(url: URL, host: str, *, in_room: bool) -> str | None:
    """Where a page is to be asked instead: this machine by its one name, as cookies are by name, and in the room."""
    name = urlsplit(f"//{host}").hostname or ""
    if name in LOOPBACK and name != ADDRESS:
        return str(url.replace(hostname=ADDRESS))
    return room.PATH if in_room and url.path != room.PATH else None


def _with_cookie(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Lax: a link from another site must not make a new browser of one that is in the room.
            cookie = f"{room.BROWSER}={secrets.token_urlsafe(16)}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return sending
