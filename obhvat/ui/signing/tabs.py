"""The open pages of each who is signed in: led elsewhere when that ends, and the files they were told of."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from obhvat.people import signed_in

SIGN_IN = "/sign-in"
_ADDRESS = re.compile(rb"/(?:media/[\w.-]+|_stcore/upload_file/[\w-]+/[\w-]+)")


@dataclass(eq=False)
class _Tab:
    token: str
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    leads: str = SIGN_IN

    def end(self, leads: str) -> None:
        """Let it be over, from whatever thread."""
        self.leads, self.is_over = leads, True
        self.loop.call_soon_threadsafe(self.told.set)


_open: dict[str, set[_Tab]] = defaultdict(set)
_told: dict[str, set[str]] = defaultdict(set)


def are_of() -> list[str]:
    """The tokens that have pages open, or were told of files."""
    return list(_open.keys() | _told.keys())


def is_file_of(token: str | None, path: str) -> bool:
    """Whether a file of Streamlit's, to get or to put, is one that a page of this token was told of."""
    return path in _told.get(token or "", ())


def end(token: str, leads: str = SIGN_IN) -> None:
    """Close what is open and lead it elsewhere; the files are given no more."""
    _told.pop(token, None)
    for tab in _open.pop(token, ()):
        tab.end(leads)


def led(url: str) -> Message:
    """What sends a page of Streamlit's to another address."""
    message = ForwardMsg()
    message.auth_redirect.url = url
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


class Watched:
    """A websocket of who is signed in: it ends when that does, and remembers which files it told of."""

    def __init__(self, token: str, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._tab = _Tab(token)
        self._closed = False
        _open[token].add(self._tab)

    async def receive(self) -> Message:
        heard, ended = asyncio.ensure_future(self._receive()), asyncio.ensure_future(self._tab.told.wait())
        await asyncio.wait({heard, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        # Over is over, though nobody came by yet to say so.
        if not self._tab.is_over and signed_in.person(self._tab.token):
            return heard.result()
        heard.cancel()
        if not self._closed:
            self._closed = True
            self._tab.is_over = True
            await self._send(led(self._tab.leads))
            await self._send({"type": "websocket.close", "code": 1008})
        return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: Message) -> None:
        if self._tab.is_over:
            return
        if content := message.get("bytes"):
            _told[self._tab.token].update(found.decode() for found in _ADDRESS.findall(content))
        await self._send(message)

    def forget(self) -> None:
        there = _open.get(self._tab.token, set())
        there.discard(self._tab)
        if not there:
            _open.pop(self._tab.token, None)
