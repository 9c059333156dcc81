"""The open pages of each who is signed in: led elsewhere when that ends, and the files they were told of."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from obhvat.people import signed_in

SIGN_IN = "/sign-in"


@dataclass(eq=False)
class _Tab:
    token: str
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    leads: str = SIGN_IN

    def end(self, leads: str, seconds: float) -> None:
        """Let it be over at once, and led elsewhere after so many seconds, from whatever thread."""
        self.leads, self.is_over = leads, True
        self.loop.call_soon_threadsafe(self.loop.call_later, seconds, self.told.set)


_open: dict[str, set[_Tab]] = defaultdict(set)
_told: dict[str, set[str]] = defaultdict(set)


def are_of() -> list[str]:
    """The tokens that have pages open, or were told of files."""
    return list(_open.keys() | _told.keys())


def is_file_of(token: str | None, path: str) -> bool:
    """Whether a file of Streamlit's, to get or to put, or one that is still to be made, is one that a page of this
    token was told of."""
    return path in _told.get(token or "", ())


def end(token: str, leads: str = SIGN_IN, seconds: float = 0) -> None:
    """Close what is open and, after so many seconds, lead it elsewhere; the files are given no more."""
    _told.pop(token, None)
    for tab in _open.pop(token, ()):
        tab.end(leads, seconds)


def led(url: str) -> Message:
    """What sends a page of Streamlit's to another address."""
    message = ForwardMsg()
    message.auth_redirect.url = url
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def _told_by(content: bytes) -> Iterator[str]:
    """The files that a message of Streamlit's tells of: where there is a file to get or to put, not wherever a text
    looks like one: what a browser says, as by what it calls its wish, Streamlit says again."""
    said = ForwardMsg.FromString(content)
    kind = said.WhichOneof("type")
    if kind == "delta":
        element = said.delta.new_element
        if element.HasField("download_button"):
            yield element.download_button.url
            yield element.download_button.deferred_file_id
        elif element.HasField("imgs"):
            yield from (image.url for image in element.imgs.imgs)
    elif kind == "backend_operation_response":
        yield said.backend_operation_response.deferred_file.url
    elif kind == "file_urls_response":
        for urls in said.file_urls_response.file_urls:
            yield from (urls.upload_url, urls.delete_url)
    elif kind == "logo":
        yield from (said.logo.image, said.logo.icon_image)
    elif kind == "page_config_changed":
        yield said.page_config_changed.favicon


def _asks_for(content: bytes) -> str:
    """The file that a page asks to be made; empty for anything else."""
    try:
        said = BackMsg.FromString(content)
    except DecodeError:
        # Streamlit says so.
        return ""
    return said.backend_operation_request.deferred_file.file_id


class Watched:
    """A websocket of who is signed in: it ends when that does, remembers which files it told of, and passes no wish
    for another."""

    def __init__(self, token: str, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._tab = _Tab(token)
        self._closed = False
        _open[token].add(self._tab)

    async def receive(self) -> Message:
        while True:
            message = await self._heard()
            # Streamlit makes it for whoever names it, as who its page was drawn for.
            if not (wanted := _asks_for(message.get("bytes") or b"")) or is_file_of(self._tab.token, wanted):
                return message

    async def _heard(self) -> Message:
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
            _told[self._tab.token].update(filter(None, _told_by(content)))
        await self._send(message)

    def forget(self) -> None:
        there = _open.get(self._tab.token, set())
        there.discard(self._tab)
        if not there:
            _open.pop(self._tab.token, None)
