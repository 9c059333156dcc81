"""What refers to itself is freed now and then, and not after every click."""

from __future__ import annotations

import gc
import tomllib
import weakref

import anyio
import pytest

from obhvat.folders import app_folder
from obhvat.ui import server


class _Knot:
    """Refers to itself: only a look for such things frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_refers_to_itself_is_freed_while_something_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_TIDY_AFTER", 0.01)

    async def freed() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server._tidy)
            await anyio.sleep(0.02)
            knot = _Knot()
            seen = weakref.ref(knot)
            gc.disable()
            try:
                # It is old by now, and something was done since the last look.
                gc.collect(1)
                del knot
                with anyio.fail_after(5):
                    while seen() is not None:
                        await anyio.sleep(0.01)
            finally:
                gc.enable()
            tasks.cancel_scope.cancel()

    anyio.run(freed)


def test_streamlit_does_not_look_after_every_click() -> None:
    settings = tomllib.loads((app_folder() / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["postScriptGC"] is False
