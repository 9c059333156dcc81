"""What is imported as soon as the server answers: the first page is drawn with it, and its reader's browser has yet to
come. On Windows, where each file is looked at before it is read, that is seconds."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pkgutil import iter_modules

from obhvat.workdays import public_holidays

_FIRST_PAGE = "obhvat.ui.overview"
# Streamlit imports the last when it first looks for a picture among letters that are not of ASCII.
_WITH_IT = ("obhvat.meeting.since", "obhvat.ui.widgets.clock", "streamlit.emojis")
_imported = threading.Event()
# Where no server was started, in a test, nothing is imported ahead.
_imported.set()


def begin(meanwhile: Callable[[], None]) -> None:
    """Import what draws the first page, in a thread beside this one; once the shell is there, `meanwhile` is begun."""
    _imported.clear()

    def work() -> None:
        try:
            # First of all: it is what a page begins with, and waits for there.
            import_module("obhvat.ui.shell")
            meanwhile()
            parts = [part.name for part in iter_modules(import_module(_FIRST_PAGE).__path__, f"{_FIRST_PAGE}.")]
            for name in (*parts, *_WITH_IT):
                import_module(name)
            public_holidays(date.today().year)
            # None of it goes again: to look through it for garbage takes a tenth of a second, while the page is drawn.
            gc.freeze()
        finally:
            _imported.set()

    threading.Thread(target=work, name="first page", daemon=True).start()


def wait() -> None:
    """Let a page wait for the rest. Two threads that come to the same modules by different ways may each hold what the
    other waits for; Python then gives one of them half a module."""
    _imported.wait()
