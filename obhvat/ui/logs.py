"""The log of a server: a line of JSON an event, on the standard error. And what any log says of a mistake of ours.

A line holds when, what (`obhvat.events`), numbers, and of an error its kind and where in the programs it arose. Words
do not come into it, neither an error's nor a library's: they may quote a file, an address or a person.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import sys
import threading
import traceback
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

import streamlit.logger
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import LOGGING_CONFIG

from obhvat.events import FIELDS, happened
from obhvat.language import _

_log = logging.getLogger(__name__)
_SLOW = 2.0
# Before them a server only hands a request on.
_STEPS = 12


class Line(logging.Formatter):
    """One line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        own = getattr(record, FIELDS, None)
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower()}
        if own is None:
            line |= {"event": "library", "of": record.name, "line": f"{_short(record.pathname)}:{record.lineno}"}
        else:
            line |= {"event": record.msg} | own
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line |= {"error": type(error).__name__, "where": where(error)[-_STEPS:]}
        return json.dumps(line, ensure_ascii=False)


def _short(file: str) -> str:
    """The file of a program, without where programs are on this machine."""
    return "/".join(Path(file).parts[-3:])


def where(error: BaseException) -> list[str]:
    """The steps that led to an error, the first one first."""
    steps = traceback.extract_tb(error.__traceback__)
    return [f"{_short(step.filename)}:{step.lineno} in {step.name}" for step in steps]


def write_lines() -> None:
    """Write lines from here on, whoever logs: we, Streamlit, its server, any other library, an error nobody expects."""
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("obhvat").setLevel(logging.INFO)
    logging.captureWarnings(True)
    # Streamlit gives each of its loggers a handler of its own, and its server's to the server's.
    vars(streamlit.logger)["setup_formatter"] = _as_all_others
    streamlit.logger.update_formatter()
    for logger in LOGGING_CONFIG["loggers"].values():
        logger |= {"handlers": [], "level": "WARNING", "propagate": True}
    sys.excepthook = _unexpected
    threading.excepthook = lambda thread: _unexpected(thread.exc_type, thread.exc_value, thread.exc_traceback)


def _as_all_others(logger: logging.Logger) -> None:
    for handler in [*logger.handlers]:
        logger.removeHandler(handler)
    logger.propagate = True


def _unexpected(_kind: type[BaseException], error: BaseException | None, _at: TracebackType | None) -> None:
    if error:
        broken(error)


def broken(error: BaseException) -> str:
    """Log a mistake of ours; returns by what a person can name it. Its message may quote a file: only where it happened
    is logged."""
    trace = secrets.token_hex(4)
    if any(isinstance(handler.formatter, Line) for handler in logging.root.handlers):
        _log.error("broken", exc_info=error, extra={FIELDS: {"trace": trace}})
    else:
        lines = [f"{type(error).__name__} at {step} [{trace}]" for step in where(error)]
        print(*lines, sep="\n", file=sys.stderr)
    return trace


def told(error: BaseException) -> str:
    """The same in a sentence for who asked."""
    words = _("В програмата има грешка. Записаните данни са цели. Ако се повтори, съобщете: {trace}.")
    return words.format(trace=broken(error))


@contextlib.contextmanager
def slow(page: str) -> Generator[None]:
    """Whose drawing takes so long that people notice, however it ends."""
    begun = monotonic()
    try:
        yield
    finally:
        if (seconds := monotonic() - begun) > _SLOW:
            happened("slow page", page, seconds=round(seconds, 3))


class Answered:
    """Middleware: what breaks an answer is logged, and who asked is told by what to name it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await PlainTextResponse(told(error), 500)(scope, receive, send)
