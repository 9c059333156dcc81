"""The server: Streamlit on 127.0.0.1, its own texts in Bulgarian, and a door for the command line.

The door answers only on this machine and only to who can read the store's folder: a token in a file beside the
store, readable by its owner.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import logging
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import webbrowser
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

import anyio
import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette import starlette_server

from obhvat import __version__, door
from obhvat.door.wishes import answer
from obhvat.events import happened
from obhvat.folders import app_folder
from obhvat.people.account import alone
from obhvat.store import Store, copies
from obhvat.store.sound import answers
from obhvat.ui import ahead
from obhvat.ui.doorkeeper import ADDRESS, DOOR, HEALTH, LOOPBACK, STAY, Doorkeeper
from obhvat.ui.logs import Answered, told
from obhvat.ui.session import (
    await_demo,
    close_store,
    daily_copies,
    demo_work,
    is_together,
    open_store,
    start_demo,
    store_path,
)
from obhvat.ui.signing import routes
from obhvat.ui.words import WORDS, replaced

STATIC = Path(streamlit.__file__).parent / "static"
# Seconds between two looks for what refers to itself.
_TIDY_AFTER = 10
_HEALTHY = 5
"""Seconds in which a store answers that can be worked with."""
_SCRIPT = re.compile(r"^/static/js/(?P<name>\w+)\.[\w-]+\.js$")

# Streamlit puts styles into the page, and we the scripts of the room and the lock, each with what it is about in it:
# without „unsafe-inline“ neither works. What is written in a page is escaped or cleaned before; nothing is loaded from
# elsewhere or sent there, and nothing evaluates a text.
_ALLOWED = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_bound = starlette_server._bind_socket


def _bound_at_once(address: str, port: int, backlog: int) -> socket.socket:
    """The socket of the server, of which connections send what they are given. Streamlit makes one that does not say
    that it speaks TCP, so asyncio leaves out what it does to those: the second of two small answers then waits for the
    other side to confirm the first, which it does after 40 milliseconds."""
    made = _bound(address, port, backlog)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


vars(starlette_server)["_bind_socket"] = _bound_at_once

# A file that is being uploaded must stay in memory: pupils' identifiers may not touch a temporary file.
MultiPartParser.spool_max_size = 1 << 31
# A filter that comes from another page has a default too; Streamlit warns of that, and the value wins as we mean.
logging.getLogger("streamlit.elements.lib.policies").setLevel(logging.ERROR)
# „pages“ is a folder the user fixed; without this Streamlit also looks for pages there by itself.
PagesManager.uses_pages_directory = False


@lru_cache
def translated(path: str, name: str) -> tuple[bytes, str]:
    """A script of Streamlit with its texts in Bulgarian, and a tag of its content."""
    script = replaced((STATIC / path[1:]).read_text("utf-8"), WORDS[name])[0]
    if name == "index":
        # Before it writes the first address: drawn with the page, it came too late for one that leads on at once.
        script = (Path(__file__).parent / "history.js").read_text("utf-8") + script
    body = script.encode()
    return body, f'"{hashlib.sha256(body).hexdigest()}"'


class Bulgarian:
    """Middleware that serves the scripts that speak, translated, and adds headers against framing and sniffing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        script = _SCRIPT.match(path)
        if script and script["name"] in WORDS and (STATIC / path[1:]).is_file():
            # The originals are cached for a year under the same name; of ours it is asked whether they changed.
            body, tag = translated(path, script["name"])
            headers = {"cache-control": "no-cache", "etag": tag}
            if Headers(scope=scope).get("if-none-match") == tag:
                await Response(status_code=304, headers=headers)(scope, receive, send)
            else:
                await Response(body, media_type="text/javascript", headers=headers)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("x-content-type-options", "nosniff")
                headers.setdefault("x-frame-options", "DENY")
                headers.setdefault("content-security-policy", _ALLOWED)
                headers.setdefault("referrer-policy", "same-origin")
            await send(message)

        await self.app(scope, receive, guarded)


def _shared_store(create: bool) -> AbstractContextManager[Store]:
    return contextlib.nullcontext(open_store(create=create))


def _door(token: str) -> Route:
    """What the command line asks while the application holds the store."""

    async def answered(request: Request) -> JSONResponse:
        if not secrets.compare_digest(request.headers.get("x-obhvat-token", ""), token):
            return JSONResponse({"error": "Отговарям само на този компютър и на този потребител."}, 403)
        try:
            wish = json.loads(await request.body())
            if wish.get("do") == "restore":
                # What is still being made would go into the store that was put back.
                await run_in_threadpool(demo_work.ended.wait)
            return JSONResponse(await run_in_threadpool(answer, store_path(), _shared_store, wish))
        except Exception as error:
            # Without an answer it would take us for nobody, and the store for free.
            return JSONResponse({"error": told(error)})

    return Route(DOOR, answered, methods=["POST"])


async def _tidy() -> None:
    """Free what refers to itself, now and then while anything is done, until this is cancelled. What is there at the
    start stays, and is not looked through."""
    gc.freeze()
    looked = 0
    while True:
        await anyio.sleep(_TIDY_AFTER)
        if (worked := gc.get_stats()[1]["collections"]) != looked:
            await run_in_threadpool(gc.collect)
            looked = worked


def health() -> Route:
    """Whether the store answers and can be written to, in a word: why not is in the log."""

    async def answered(_: Request) -> PlainTextResponse:
        try:
            with anyio.fail_after(_HEALTHY):
                await anyio.to_thread.run_sync(lambda: answers(open_store()), abandon_on_cancel=True)
        except Exception as error:
            happened("unhealthy", type(error).__name__)
            return PlainTextResponse("no", 503)
        return PlainTextResponse("ok")

    return Route(HEALTH, answered)


def keep_copies_in(folder: Path) -> None:
    """Raises StoreUnusable for a folder that cannot be written to."""
    store = open_store()
    if copies.folder_of(store) != folder:
        copies.choose_folder(store, str(folder))
    if not copies.is_daily(store):
        copies.choose_daily(store, True)


def _lifespan(store_path: Path, port: int, token: str, *, demo: bool):
    @contextlib.asynccontextmanager
    async def lifespan(_: streamlit.App) -> AsyncGenerator[None]:
        # Where nothing can be written every page says so, and no command has anything to do.
        with contextlib.suppress(OSError):
            door.announce(store_path, port, token)
        happened("started", __version__, port=port)
        ahead.begin((lambda: start_demo(alone())) if demo else (lambda: None))
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(daily_copies.keep)
                tasks.start_soon(_tidy)
                if is_together():
                    tasks.start_soon(routes.keep_watch)
                yield
                tasks.cancel_scope.cancel()
        finally:
            try:
                close_store()
            finally:
                door.withdraw(store_path)
            happened("stopped")

    return lifespan


def serve(
    store_path: Path,
    port: int,
    *,
    open_browser: bool,
    together: bool = False,
    names: Sequence[str] = (),
    copies_in: Path | None = None,
    demo: bool = False,
    demo_builder: subprocess.Popen[str] | None = None,
) -> None:
    """Start the application on 127.0.0.1 and block until it is stopped.

    `together` is for people who sign in; `names` are those by which a proxy in front of it asks. A copy of the store is
    made every day in `copies_in`. With `demo` an empty store gets the demonstration; `demo_builder` is a process that
    is already making it. Raises StoreBusy, StoreUnusable or DiskFull where nobody would be there to read it on a page.
    """
    os.environ["OBHVAT_STORE"] = str(store_path)
    os.environ["OBHVAT_TOGETHER"] = "1" if together else ""
    if demo_builder:
        await_demo(demo_builder)
    elif together:
        open_store()
    if copies_in:
        keep_copies_in(copies_in)
    token = secrets.token_urlsafe(24)
    script = app_folder() / "app.py"
    app = streamlit.App(
        script,
        routes=[_door(token), health(), *(routes.ROUTES if together else [])],
        middleware=[Middleware(Answered), Middleware(Doorkeeper), Middleware(Bulgarian)],
        lifespan=_lifespan(store_path, port, token, demo=demo and not demo_builder),
    )
    # Streamlit looks for .streamlit/config.toml beside the program that was started.
    sys.argv = [str(script)]
    if open_browser:
        threading.Timer(0.7, webbrowser.open, [f"http://{ADDRESS}:{port}"]).start()
    app.run(
        config={
            "server.address": ADDRESS,
            "server.port": port,
            "server.headless": True,
            "server.trustedUserHeaders": {STAY: "stay"},
            "server.allowedHosts": [*LOOPBACK, *names],
            # It is said by us, in Bulgarian.
            "logger.hideWelcomeMessage": True,
        }
    )
