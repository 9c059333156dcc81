"""What breaks an answer of the server, wherever it is: who asked is told by what to name it, and no more."""

from __future__ import annotations

import asyncio
import re

import pytest
from starlette.types import Message, Receive, Scope, Send

from obhvat.ui.logs import Answered


async def _breaks(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise TypeError("Иван Иванов")


async def _nothing() -> Message:
    return {"type": "http.request"}


def test_who_asked_is_told_a_number_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Answered(_breaks)({"type": "http", "method": "GET", "path": "/", "headers": []}, _nothing, send))
    assert sent[0]["status"] == 500
    said = re.fullmatch(r".* съобщете: (?P<trace>\w{8})\.", sent[1]["body"].decode())
    assert said
    logged = capsys.readouterr().err
    assert f"[{said['trace']}]" in logged
    assert "Иванов" not in logged
