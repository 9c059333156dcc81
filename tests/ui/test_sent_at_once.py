"""A small answer does not wait until the other side has confirmed the one before it."""

from __future__ import annotations

import socket

from streamlit.web.server.starlette import starlette_server

import obhvat.ui.server  # noqa: F401


def test_connections_to_the_server_send_what_they_are_given() -> None:
    with starlette_server._bind_socket("127.0.0.1", 0, 1) as listens, socket.socket() as comes:
        comes.connect(listens.getsockname())
        listens.setblocking(True)
        connection, _from = listens.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
