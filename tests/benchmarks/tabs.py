"""A tab of a browser that draws nothing: what it says to the server, and what it is told."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

HOST = "127.0.0.1"
PATIENCE = 120
_OURS_FAILED = "В програмата има грешка"


@dataclass
class Widget:
    """One that can be chosen in: its own message, which kind, and the fragment it is drawn in."""

    kind: str
    says: Any
    fragment: str


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
        clicked = state if value is True else None
        return await self._ask(clicked, page_script_hash=self.pages[self.page], fragment_id=widget.fragment)

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
        elif kind == "exception" or (kind == "html" and _OURS_FAILED in says.body):
            self.problems.append(f"{self.page}: {says.message if kind == 'exception' else says.body}"[:300])


def key_of(widget_id: str) -> str:
    """What a widget is called in our code: Streamlit writes it after a hash of what it says."""
    return re.sub(r"^\$\$ID-[0-9a-f]+-", "", widget_id)


def chosen_at_first(says: Any) -> Sequence[int]:
    if says.DESCRIPTOR.name == "ButtonGroup":
        return says.default
    return [says.default] if says.HasField("default") else []


def opened(port: int, cookie: str = "") -> connect:
    """A connection for a tab, of a browser with a cookie."""
    return connect(
        f"ws://{HOST}:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # ty: ignore[invalid-argument-type]
        additional_headers={"Cookie": cookie} if cookie else {},
        max_size=None,
        # Browsers are offered none by Streamlit.
        compression=None,
    )
