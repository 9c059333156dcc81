"""Pages of the served application as messages: a websocket that signs in, asks for addresses and hears all that is
told, without a browser to keep it from asking for what no page of ours would."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

from obhvat.ui.session import SIGNED_IN

SECONDS = 60


def sign_in(address: str, name: str, password: str) -> str:
    """The token of who signs in."""
    form = {"name": name, "password": password}
    answer = httpx.post(f"{address}/sign-in", data=form, headers={"origin": address})
    assert answer.status_code == 303, answer.text
    return answer.cookies[SIGNED_IN].strip('"')


@dataclass
class Told:
    """What a page was told until it was drawn."""

    messages: list[ForwardMsg] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        return b"\n".join(message.SerializeToString() for message in self.messages)

    @property
    def elements(self) -> list:
        return [m.delta.new_element for m in self.messages if m.WhichOneof("type") == "delta"]

    @property
    def html(self) -> str:
        return " ".join(e.html.body for e in self.elements if e.HasField("html"))

    def of(self, kind: str) -> list:
        """The elements of a kind: `download_button`, `selectbox`."""
        return [getattr(e, kind) for e in self.elements if e.WhichOneof("type") == kind]

    @property
    def files(self) -> list[str]:
        """Where the files are that a page gives away at once; and by what those are asked for that are made then."""
        # Those that an earlier drawing gave are there no more.
        begun = max((n for n, m in enumerate(self.messages) if m.WhichOneof("type") == "new_session"), default=0)
        buttons = Told(self.messages[begun:]).of("download_button")
        return [name for button in buttons for name in (button.url, button.deferred_file_id) if name]

    @property
    def fragments(self) -> set[str]:
        return {m.delta.fragment_id for m in self.messages if m.WhichOneof("type") == "delta"} - {""}


@contextmanager
def opened(address: str, token: str, session: str = "") -> Generator[Tab]:
    """A page of who holds a token; with `session` one that says that it was open before."""
    with connect(
        f"ws{address.removeprefix('http')}/_stcore/stream",
        subprotocols=[Subprotocol(name) for name in ("streamlit", "-", *([session] if session else []))],
        additional_headers={"cookie": f"{SIGNED_IN}={token}"},
        max_size=None,
        ping_interval=None,
    ) as socket:
        yield Tab(socket)


class Tab:
    """An open page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.session = ""
        self.scripts: dict[str, str] = {}
        """The pages that Streamlit tells of: url path → hash."""

    def ask(
        self,
        page: str = "",
        address: Mapping[str, str] = {},
        *,
        script: str = "",
        widgets: Mapping[str, object] = {},
    ) -> Told:
        """Have a page drawn at an address, with what its widgets say by their ids: a link of the menu says by what hash
        Streamlit knows its script, an address that one comes by its name."""
        script = script or self.scripts.get(page, "")
        wish = wish_to_draw(page_name="" if script else page, page_script_hash=script, query_string=urlencode(address))
        wish.rerun_script.widget_states.widgets.extend(_states(widgets))
        return self.send(wish)

    def make(self, file: str) -> str:
        """Have a file made; returns its address."""
        return self.send(wish_for(file, self.session)).messages[-1].backend_operation_response.deferred_file.url

    def place(self, name: str) -> str:
        """Ask for a place to put a file; returns its address."""
        wish = BackMsg()
        wish.file_urls_request.request_id = name
        wish.file_urls_request.file_names.append(name)
        [urls] = self.send(wish).messages[-1].file_urls_response.file_urls
        return urls.upload_url

    def send(self, *wishes: BackMsg) -> Told:
        """Say all that is wished, and hear until something is answered."""
        for wish in wishes:
            self._socket.send(wish.SerializeToString())
        return Told([*self._heard()])

    def _heard(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg.FromString(self._socket.recv(SECONDS))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            elif kind == "navigation":
                self.scripts = {p.url_pathname: p.page_script_hash for p in message.navigation.app_pages}
            yield message
            over = kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if over or kind in ("auth_redirect", "backend_operation_response", "file_urls_response"):
                return


def wish_for(file: str, session: str) -> BackMsg:
    """That a file be made for a page."""
    wish = BackMsg()
    wish.backend_operation_request.session_id = session
    wish.backend_operation_request.request_id = file
    wish.backend_operation_request.deferred_file.file_id = file
    return wish


def wish_to_draw(**what: str) -> BackMsg:
    """That a page be drawn: page_name, page_script_hash, query_string, fragment_id."""
    wish = BackMsg()
    for name, value in what.items():
        setattr(wish.rerun_script, name, value)
    return wish


def _states(widgets: Mapping[str, object]) -> Iterator[WidgetState]:
    for name, value in widgets.items():
        state = WidgetState(id=name)
        match value:
            case bool():
                state.trigger_value = value
            case str():
                state.string_value = value
            case int():
                state.int_value = value
            case list():
                state.string_array_value.data.extend(value)
        yield state
